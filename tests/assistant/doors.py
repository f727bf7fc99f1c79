"""People who come through every door, and a complete call of every tool."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import func, insert, literal, select, union_all
from sqlmodel import SQLModel

from assistant.house import AssistantHouse
from connectors.chat.message import Answer, Message
from intents.parser import Parser
from tests.shop import BIG_RED, MILK, NOW, RED, tiny_shop
from tools.kit import Right, all_tools
from tools.store import Store, StoredAction, User
from tools.store.tables import SalesOrderRow

DOORS = ("web", "terminal", "slack", "telegram")
ROLES = ("owner", "manager", "staff", "driver")
# Written out by hand, so that a slip in the matrix shows.
ALLOWED = {
    Right.TALK: {"owner", "manager", "staff", "driver"},
    Right.SEE_STOCK: {"owner", "manager", "staff", "driver"},
    Right.SEE_SALES: {"owner", "manager", "staff"},
    Right.SEE_COSTS: {"owner", "manager"},
    Right.MOVE_STOCK: {"owner", "manager", "staff"},
    Right.RECORD_SALES: {"owner", "manager", "staff"},
    Right.BUY: {"owner", "manager"},
    Right.DELIVER: {"owner", "manager", "driver"},
    Right.PLAN_DELIVERIES: {"owner", "manager"},
    Right.SET_ALERTS: {"owner", "manager", "staff"},
    Right.MANAGE: {"owner"},
}
PO = "{po}"
TO_BRING = "{order}"
CALLS: dict[str, Mapping[str, Any]] = {
    "alert.create": {"products": [RED], "threshold": 20},
    "alert.list": {},
    "alert.mute": {"products": [RED]},
    "delivery.update": {"order": TO_BRING, "status": "delivered"},
    "feedback.add": {"text": "a customer asks for oat milk"},
    "feedback.requests": {},
    "feedback.summary": {"products": [RED]},
    "forecast.accuracy": {},
    "forecast.anomalies": {},
    "forecast.demand": {"products": [RED]},
    "forecast.stockout": {"products": [RED]},
    "meta.affirm": {},
    "meta.cancel": {},
    "meta.deny": {},
    "meta.greet": {},
    "meta.help": {},
    "meta.thanks": {},
    "meta.undo": {},
    "meta.unknown": {},
    "order.route": {"order": "5531"},
    "order.status": {"order": "5531"},
    "po.approve": {"po": PO},
    "po.cancel": {"po": PO},
    "po.receive": {"po": PO},
    "po.status": {"po": PO},
    "pricing.markdown": {},
    "pricing.suggest": {"products": [RED]},
    "product.info": {"products": [RED], "field": "price"},
    "product.search": {"category": "Mugs"},
    "quality.inspect": {},
    "reorder.create": {"products": [RED], "quantity": 6, "supplier": "ACME", "location": "HIGH"},
    "reorder.suggest": {"products": [RED]},
    "report.daily": {},
    "route.eta": {"order": "5531"},
    "route.plan": {},
    "sales.record": {"products": [RED], "quantity": 1, "location": "HIGH"},
    "sales.report": {"products": [RED]},
    "sales.top": {},
    "scenario.simulate": {"products": [RED], "days": 1},
    "sensor.status": {},
    "shipment.consolidate": {},
    "stock.adjust": {"products": [RED], "quantity": -1, "location": "HIGH", "reason": "broken"},
    "stock.count": {"products": [RED], "quantity": 12, "location": "HIGH"},
    "stock.expiring": {},
    "stock.history": {"products": [RED]},
    "stock.locate": {"products": [RED]},
    "stock.low": {},
    "stock.query": {"products": [RED, BIG_RED, MILK]},
    "stock.receive": {"products": [RED], "quantity": 6, "location": "HIGH", "supplier": "ACME"},
    "stock.slow": {},
    "stock.transfer": {"products": [RED], "quantity": 1, "source": "HIGH", "destination": "WH"},
    "stock.value": {},
    "supplier.compare": {"products": [RED]},
    "supplier.score": {"supplier": "ACME"},
    "vehicle.health": {},
}


@dataclass(frozen=True)
class Person:
    """Somebody at a door; ``at`` is where they are allowed, None everywhere."""

    door: str
    role: str
    at: str | None
    user: User


class Doors:
    """A house, and people of every role, with all places and with one, paired in both chats."""

    def __init__(self, store: Store, parser: Parser) -> None:
        tiny_shop(store)
        store.clock = lambda: NOW
        self.store = store
        self.house = AssistantHouse(store, parser, lambda: NOW)
        self._numbers, self._turns = count(1), count()
        for role in ROLES:
            for at in (None, "HIGH"):
                self._take_on(role, at)

    def _take_on(self, role: str, at: str | None) -> None:
        name = name_of(role, at)
        people = self.store.people
        user = people.add(name, role, locations=None if at is None else [at])
        for chat in ("slack", "telegram"):
            code = people.pairing.new_code(user.id or 0, at=NOW)
            assert isinstance(self.house.pair(chat, f"{chat}-{name}", code), User)

    def visits(self, roles: Iterable[str], doors: Sequence[str] = DOORS) -> Iterator[tuple[str, str]]:
        """Every role through every door; on PostgreSQL each role through one door, the next one each time.

        Who may what is decided before the books are asked, so that the second database need not repeat it all.
        """
        for role in roles:
            chosen = doors if self.store.dialect == "sqlite" else (doors[next(self._turns) % len(doors)],)
            yield from ((role, door) for door in chosen)

    def comes(self, door: str, role: str, at: str | None = None) -> Person:
        """Whom the house takes somebody for who comes through a door."""
        name = name_of(role, at)
        known = (
            self.house.person(door, f"{door}-{name}")
            if door in {"slack", "telegram"}
            else self.house.user_named(name)
        )
        assert known is not None
        return Person(door, role, at, known)

    def say(self, person: Person, text: str, conversation: str = "") -> Answer:
        """A message in words, through the person's door."""
        number = next(self._numbers)
        name = conversation or f"{person.door}:{person.user.name}:{number}"
        return self.house.answer_now(Message(name, person.user, person.door, text, event_id=f"e{number}"))

    def offer(self, intent: str, slots: Mapping[str, Any], to: User, conversation: str) -> str:
        """A button that stands in a conversation, offered to somebody; its token."""
        token = secrets.token_urlsafe(12)
        position = self.store.stock.position()
        action = StoredAction(
            token=token, conversation=conversation, user=to.name, label="Do it", style="default",
            intent=intent, slots=dict(slots), position=position, state="offered", offer=token,
        )  # fmt: skip
        self.store.talk.offer([action], NOW)
        return token

    def press(self, person: Person, token: str, conversation: str) -> Answer:
        """A press, through the person's door."""
        number = next(self._numbers)
        message = Message(conversation, person.user, person.door, action=token, event_id=f"e{number}")
        return self.house.answer_now(message)

    def call(
        self, person: Person, intent: str, slots: Mapping[str, Any] | None = None, to: User | None = None
    ) -> Answer:
        """A tool, called by a button of its own; offered to ``to``, else to whoever presses."""
        given = CALLS[intent] if slots is None else slots
        if intent == "alert.create":  # the same one again would be no change
            given = {**given, "threshold": next(self._numbers)}
        if PO in given.values():
            given = {**given, "po": self.new_order(approved=intent in {"po.receive", "po.status"})}
        if TO_BRING in given.values():
            given = {**given, "order": self.order_to_bring()}
        conversation = f"{person.door}:shared:{next(self._numbers)}"
        token = self.offer(intent, given, to or person.user, conversation)
        return self.press(person, token, conversation)

    def new_order(self, *, approved: bool) -> str:
        """The number of a new order of six red mugs for High Street, made by the owner."""
        owner = self.comes("web", "owner")
        slots = {"products": [RED], "quantity": 6, "supplier": "ACME", "location": "HIGH", "confirmed": True}
        drafted = self.call(owner, "reorder.create", slots)
        number = next(word.strip(":.,") for word in drafted.text.split() if word.startswith("PO-"))
        if approved:
            assert "group" in self.call(owner, "po.approve", {"po": number, "confirmed": True}).data
        return number

    def order_to_bring(self) -> str:
        """The number of a new customer's order, for a driver to finish."""
        number = f"9{next(self._numbers)}"
        with self.house.store.database.writing() as connection:
            connection.execute(
                insert(SalesOrderRow).values(order_no=number, customer="C001", status="packed")
            )
        return number

    def books(self) -> dict[str, Any]:
        """How much stands in every table, and the stock; talk is no change."""
        talk = {"message", "action", "conversation", "learned_name", "confirmed_reading"}
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in talk]
        orders = SQLModel.metadata.tables["purchase_order"]
        counts = [select(literal(table.name), func.count()).select_from(table) for table in tables]
        states = select(orders.c.po_no + " " + orders.c.status, literal(1))
        with self.store.database.reading() as connection:
            return {str(name): count for name, count in connection.execute(union_all(*counts, states))}


def name_of(role: str, at: str | None) -> str:
    """Everybody is called by role and place."""
    return f"{role.title()} {at or 'Everywhere'}"


def denied_for_role(answer: Answer) -> bool:
    """Whether the answer is that the role may not."""
    return answer.text.startswith("Your role (")


def named_places(answer: Answer) -> set[str]:
    """The places that an answer names, in words or in figures."""
    said = answer.text + json.dumps(answer.data, default=str)
    codes = {"Warehouse": "WH", "Harbour": "HARB", "fridge": "FRIDGE"}
    return {code for name, code in codes.items() if name in said or f'"{code}"' in said}


def tools_by(*, writes: bool) -> Sequence[str]:
    """The built tools that change something, or those that do not."""
    return [name for name, one in all_tools().items() if one.built and one.writes == writes]
