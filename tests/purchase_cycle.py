"""The life of a purchase order as the issue tells it, walked through any door, with what has to hold at each step."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from assistant.house import AssistantHouse
from connectors.chat.message import Message
from intents.model_files import default_cache
from intents.parser import Parser
from tests.shop import NOW, TODAY
from tools.store import Store, User, open_store
from tools.store.planning_facts import PurchaseOrder

TEA, PLACE = "TEA-EGR-250", "WH"
DRAFT = "order 10 earl grey tea from Dairy Direct for the warehouse"
LOST = "That was done before"
CAME = "{number} arrived, 6 of 10, lot T7 best before 3 April 2027, 1 broken"


@dataclass(frozen=True)
class Told:
    """An answer as every door gives it: its text and its buttons (label -> token)."""

    text: str
    buttons: Mapping[str, str]

    def button(self, label: str) -> str:
        """The token of the button whose label begins so."""
        return next(token for name, token in self.buttons.items() if name.startswith(label))


class Door(Protocol):
    """A way to the shop for one person: words or a button in, an answer out, under an id of the event."""

    def send(self, event: str, *, text: str = "", action: str | None = None) -> Told: ...


@dataclass
class Chat:
    """Straight through the house, as a chat's connector does it."""

    house: AssistantHouse
    user: User
    conversation: str = "c1"

    def send(self, event: str, *, text: str = "", action: str | None = None) -> Told:
        """One turn of the conversation."""
        message = Message(self.conversation, self.user, "test", text, action, event)
        answer = self.house.answer_now(message)
        return Told(answer.text, {each.label: each.id for each in answer.actions})


@dataclass
class Http:
    """Through the interface, by any client that posts JSON."""

    client: Any
    user: str
    conversation: str = "c1"

    def send(self, event: str, *, text: str = "", action: str | None = None) -> Told:
        """One request."""
        body = {"conversation": self.conversation, "user": self.user, "id": event}
        body |= {"text": text} if action is None else {"action": action}
        answer = self.client.post("/api/v1/messages", json=body)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return Told(found["text"], {each["label"]: each["id"] for each in found["actions"]})


@dataclass
class Walk:
    """One walk through the life of an order; the same ``name`` has one effect however often it is walked.

    ``seen`` is told the name of each step once it is done, so that what has to hold can be looked at.
    """

    door: Door
    name: str
    seen: Callable[[str, str], None] = lambda _step, _number: None
    steps: int = field(default=0)
    number: str = ""

    def say(self, text: str) -> Told:
        """Say something."""
        self.steps += 1
        return self.door.send(f"{self.name}-{self.steps}", text=text.format(number=self.number))

    def press(self, told: Told, label: str, again: str) -> Told:
        """Press a button twice: the second press does nothing and says so with ``again``."""
        if LOST in told.text and not any(name.startswith(label) for name in told.buttons):
            return told  # the answer went down with its process: what only told is not offered again
        first = self._pressed(told, label)
        assert self._pressed(told, label).text.startswith(again), label
        return first

    def has(self, told: Told, words: str) -> None:
        """An answer tells this, unless it was lost and only says that it was done."""
        assert words in told.text or LOST in told.text, told.text

    def _pressed(self, told: Told, label: str) -> Told:
        self.steps += 1
        return self.door.send(f"{self.name}-{self.steps}", action=told.button(label))

    def all(self) -> str:
        """The whole life of one order that is closed short, and of one that is cancelled."""
        self.to_sent()
        self._in_parts()
        self._too_many()
        self._closed_short()
        closed = self.number
        self._cancelled()
        return closed

    def to_sent(self) -> None:
        """A draft, approved, taken back, approved again and sent; its number is ``number`` then."""
        drafted = self.say(DRAFT)
        self.number = re.findall(r"PO-\d+", drafted.text)[0]
        self.seen("draft", self.number)
        approved = self.press(drafted, "Approve", "Already done")
        self.seen("approved", self.number)
        again = self.say("approve {number}").text
        assert again.startswith(f"{self.number} is approved already."), again
        undone = self.press(approved, "Undo", "Already done")
        assert undone.text.endswith(f"{self.number} is a draft."), undone.text
        self.seen("draft", self.number)
        approved = self.say("approve {number}")
        self.press(approved, "Copy e-mail", "That was pressed already")
        self.press(approved, "Mark as sent", "Already done")
        self.seen("sent", self.number)

    def _in_parts(self) -> None:
        came = self.say(CAME)
        self.has(came, "6 × Earl Grey Tea 250g (lot T7 use by Sat 3 Apr 2027, 4 short, 1 broken)")
        self.seen("6 of 10", self.number)
        assert self.press(came, "Undo", "Already done").text.endswith(f"{self.number} has been sent.")
        self.seen("sent", self.number)
        came = self.say(CAME)
        self.press(came, "Keep the rest", "That was pressed already")
        self.seen("6 of 10", self.number)

    def _too_many(self) -> None:
        asked = self.say("{number} is here, 3 too many")
        assert "7 × Earl Grey Tea 250g came, 4 were still to come: take 3 too many?" in asked.text
        self.press(asked, "No", "")
        self.seen("6 of 10", self.number)
        asked = self.say("{number} is here, 3 too many")
        came = self.press(asked, "Yes", "Already done")
        self.seen("over", self.number)
        self.press(came, "Undo", "Already done")
        self.seen("6 of 10", self.number)

    def _closed_short(self) -> None:
        refused = self.say("cancel {number}")
        assert "can't be cancelled" in refused.text
        came = self.say("only 2 came on {number}")
        self.has(came, "(2 short)")
        self.seen("8 of 10", self.number)
        closed = self.press(came, "Close the rest short", "Already done")
        self.seen("closed", self.number)
        self.press(closed, "Undo", "Already done")
        self.seen("8 of 10", self.number)
        self.press(self.say("cancel {number}"), "Close the rest short", "Already done")
        self.seen("closed", self.number)

    def _cancelled(self) -> None:
        drafted = self.say(DRAFT)
        self.number = re.findall(r"PO-\d+", drafted.text)[0]
        gone = self.say("cancel {number}")
        self.seen("cancelled", self.number)
        assert "is cancelled already" in self.say("cancel {number}").text
        self.press(gone, "Undo", "Already done")
        self.seen("draft", self.number)
        self.say("cancel {number}")
        self.seen("cancelled", self.number)


# What the order and the books have to say after each step: state, received, broken, in the warehouse, lots.
STATES: Mapping[str, tuple[str, int, int, int]] = {
    "draft": ("draft", 0, 0, 0),
    "approved": ("approved", 0, 0, 0),
    "sent": ("sent", 0, 0, 0),
    "6 of 10": ("partial", 6, 1, 5),
    "over": ("received", 13, 1, 12),
    "8 of 10": ("partial", 8, 1, 7),
    "closed": ("closed", 8, 1, 7),
    "cancelled": ("cancelled", 0, 0, 0),
}


def found(store: Store, number: str, others: int = 0) -> tuple[str, int, int, int]:
    """How an order and the tea in the warehouse stand, less ``others`` that came on other orders."""
    order = the_order(store, number)
    came = sum((line.received_quantity for line in order.lines), Decimal(0))
    broken = sum((line.defective_quantity for line in order.lines), Decimal(0))
    return order.status, int(came), int(broken), on_hand(store) - others


def the_order(store: Store, number: str) -> PurchaseOrder:
    """The order with this number, which has to be there."""
    order = store.purchasing.order(number)
    assert order is not None, number
    return order


def on_hand(store: Store) -> int:
    """The tea in the warehouse, which has to be what the ledger says."""
    levels = store.stock.levels([TEA], locations=[PLACE], today=TODAY)
    balance = sum((level.on_hand for level in levels), Decimal(0))
    moves = store.stock.movements([TEA], limit=10_000)
    into = sum((move.quantity for move in moves if move.destination == PLACE), Decimal(0))
    out = sum((move.quantity for move in moves if move.source == PLACE), Decimal(0))
    assert balance == into - out
    return int(balance)


def main(url: str, what: str, who: str, conversation: str, words: str) -> None:
    """In a process of its own: "say" some words, or "walk" under a name."""
    store = open_store(url, clock=lambda: NOW)
    house = AssistantHouse(store, Parser.load(default_cache()), lambda: NOW)
    door = Chat(house, house.user_named(who), conversation)
    if what == "say":
        print(door.send(f"{conversation}-said", text=words).text)
    else:
        print("begun", flush=True)
        print(Walk(door, words, lambda step, _number: print(step, flush=True)).all())
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
