"""A small shop and a small house over real books, to test the web door with."""

from __future__ import annotations

import asyncio
import csv
import secrets
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync

from connectors.chat.message import Answer, Hear, Message, OfferedAction, PastTurn
from connectors.feeds import load
from tools.kit import Ask, Call, Chart, Parse, Plan, Reply, Right, Series, Source, Table, all_tools
from tools.store import Actor, Store, StoredAction, User

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
STAFF_MAY_NOT = {Right.MANAGE, Right.SEE_COSTS, Right.BUY}


def open_shop(store: Store, folder: Path, *, products: int = 6) -> None:
    """Load mugs, milk and their history into empty books."""
    write_shop(folder, products=products)
    report = load(store, folder, actor=Actor("test", "test"), at=NOW)
    assert report.ok, report.summary()


def write_shop(folder: Path, *, products: int = 6) -> None:
    """A shop folder: two places, a supplier, products, stock, four weeks of sales."""
    folder.mkdir(parents=True, exist_ok=True)
    goods = [
        ("MUG-RED", "Red Mug 350ml", "Mugs", "9.50", "4.10"),
        ("MUG-BLUE", "Blue Mug 350ml", "Mugs", "9.50", "4.10"),
        ("MILK-1L", "Whole Milk 1l", "Dairy", "1.35", "0.80"),
        ("TEA-EG", "Earl Grey Tea 250g <b>& more</b>", "Tea", "6.25", "2.90"),
    ]
    goods += [(f"CUP-{n:05}", f"Cup number {n}", "Cups", "3.00", "1.00") for n in range(1, products - 3)]
    rows = [(sku, name, category, "each", price, cost, "ACME") for sku, name, category, price, cost in goods]
    _write(folder, "products.csv", "sku,name,category,unit,price,cost,supplier", rows)
    _write(
        folder,
        "locations.csv",
        "code,name,kind",
        [("HIGH", "High Street", "shop"), ("WH", "Warehouse", "warehouse")],
    )
    _write(folder, "suppliers.csv", "code,name", [("ACME", "Acme Pottery")])
    soon = (TODAY + timedelta(days=3)).isoformat()
    stock = [
        ("MUG-RED", "HIGH", 12, "", ""),
        ("MUG-RED", "WH", 30, "", ""),
        ("MILK-1L", "HIGH", 8, "M7", soon),
    ]
    _write(folder, "stock.csv", "sku,location,quantity,lot,expires_on", stock)
    sales = [
        (
            (TODAY - timedelta(days=day)).isoformat() + "T10:00:00",
            "MUG-RED",
            "HIGH",
            1 + day % 4,
            "9.50",
            f"t{day}",
        )
        for day in range(28)
    ]
    _write(folder, "sales.csv", "sold_at,sku,location,quantity,unit_price,order_ref", sales)
    late = [("PO-1042", "ACME", "ordered", "2026-03-01", "2026-03-10", "HIGH", "MUG-BLUE", 24, "4.10")]
    columns = "po_no,supplier,status,ordered_at,expected_on,location,sku,quantity,unit_cost"
    _write(folder, "purchase_orders.csv", columns, late)


def _write(folder: Path, name: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split(","))
        writer.writerows(rows)


class SmallHouse:
    """Answers a few fixed sentences over real books; everything else as the real house does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.turns: list[Message] = []
        self.failures = 0
        self.second_reply = threading.Event()
        self.second_reply.set()
        self._answers: dict[str, Answer] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def store(self) -> Store:
        return self._store

    def now(self) -> datetime:
        return NOW

    async def answer(self, message: Message, *, hear: Hear | None = None) -> Answer:
        loop = asyncio.get_running_loop()
        async with self._one_at_a_time:
            return await run_sync(
                self._answer_once, message, lambda reply: hear and loop.call_soon_threadsafe(hear, reply)
            )

    def _answer_once(self, message: Message, hear: Hear) -> Answer:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the house is on fire")
        if message.event_id in self._answers:
            return self._answers[message.event_id]
        self.turns.append(message)
        talk = self._store.talk
        talk.begin(
            message.conversation,
            message.event_id,
            user=message.user.name,
            channel="web",
            text=message.said,
            at=NOW,
        )
        answer = self._pressed(message) if message.action else self._said(message, hear)
        talk.end(message.conversation, message.event_id, "{}")
        self._answers[message.event_id] = answer
        return answer

    def _said(self, message: Message, hear: Hear) -> Answer:
        words = message.text.lower()
        if "broke" in words:
            return self._offer(message)
        if "chart" in words:
            return self._answer(message, self._chart())
        if "both" in words:
            return self._answer(message, *self._both(hear))
        if "mug" in words:
            return self._answer(message, self._count("MUG-RED"))
        return self._answer(message, Reply(f"I heard: {message.text}", {"heard": message.text}))

    def _both(self, hear: Hear) -> tuple[Reply, Reply]:
        """The first is told before the second is even looked for."""
        first = self._count("MUG-RED")
        hear(first)
        assert self.second_reply.wait(30)
        second = self._chart()
        hear(second)
        return first, second

    def _count(self, sku: str) -> Reply:
        levels = self._store.stock.levels((sku,), today=TODAY)
        total = sum((level.on_hand for level in levels), Decimal(0))
        name = self._store.catalogue().products[sku].name
        rows = tuple((str(level.location), level.on_hand) for level in levels)
        return Reply(
            f"{total.normalize():f} {name} left.",
            {"rows": [{"sku": sku, "location": None, "on_hand": total}]},
            blocks=(Table(("Place", "On hand"), rows, "By place"),),
            sources=(
                Source("Stock ledger, 2 balances", as_of="ledger position 3", rows=("High Street: 12",)),
            ),
        )

    def _chart(self) -> Reply:
        days = [(TODAY - timedelta(days=28 - n)).isoformat() for n in range(28)]
        series = Series("sold", tuple(float(n % 5) for n in range(28)))
        chart = Chart("Red mugs sold", "bar", tuple(days), (series,), "units")
        places = Chart(
            "Where they stand", "bar", ("High Street", "Warehouse"), (Series("on hand", (12.0, 30.0)),)
        )
        return Reply("56 red mugs sold in four weeks.", {"sold": 56}, blocks=(chart, places))

    def _answer(self, message: Message, *replies: Reply, actions: Sequence[OfferedAction] = ()) -> Answer:
        parse = Parse("stock.query", 0.98, {"products": ["MUG-RED"]})
        return Answer(message.conversation, replies, (parse,), tuple(actions))

    def _offer(self, message: Message) -> Answer:
        call = Call("stock.adjust", {"products": ["MUG-RED"], "quantity": -3, "location": "HIGH"})
        offer, actions = secrets.token_urlsafe(9), []
        for label, style in (("Yes, take 3 off", "primary"), ("No", "default")):
            actions.append(
                StoredAction(secrets.token_urlsafe(16), message.conversation, message.user.name, label, style,
                             call.intent, call.slots, 0, "offered", None, offer)
            )  # fmt: skip
        self._store.talk.offer(actions, NOW)
        shown = [OfferedAction(action.token, action.label, action.style) for action in actions]
        return self._answer(
            message, Reply("Take 3 Red Mug off High Street?", {"quantity": -3}), actions=shown
        )

    def _pressed(self, message: Message) -> Answer:
        token = message.action or ""
        action = self._store.talk.action(token)
        if action is None or not self._store.talk.claim(token, message.user.name, NOW):
            return self._answer(message, Reply("That was answered already.", {}))
        reply = Reply("Left as it was.", {}) if action.label == "No" else self._adjusted(message, action)
        self._store.talk.finish(token, {"text": reply.text})
        return self._answer(message, reply)

    def _adjusted(self, message: Message, action: StoredAction) -> Reply:
        result = all_tools()[action.intent].call(Ask(self._store, message.user, NOW), action.slots)
        assert isinstance(result, Plan), result
        actor = Actor(message.user.name, "web", conversation=message.conversation)
        return result.tell(self._store.apply(result.change, actor, request_id=action.token, at=NOW))

    def user_named(self, name: str) -> User:
        return self._store.people.find(name) or User(id=None, name=name or "owner", role="owner")

    def van_at(self, user: User, channel: str, place: tuple[float, float], event_id: str) -> str:
        return f"{user.name} is at {place[0]:.1f}, {place[1]:.1f} ({channel}, {event_id})."

    def may(self, user: User, right: str) -> bool:
        return user.active and (user.role in ("owner", "manager") or Right(right) not in STAFF_MAY_NOT)

    def suggestions(self, _user: User) -> Sequence[str]:
        return ("how many red mugs are left?", "show me the chart", "we broke 3 red mugs")

    def past(self, conversation: str, user: User, limit: int = 30) -> Sequence[PastTurn]:
        turns = [one for one in self.turns if (one.conversation, one.user.name) == (conversation, user.name)]
        return [PastTurn(one.said, self._answers.get(one.event_id), NOW) for one in turns[-limit:]]

    def search(self, words: str, limit: int = 50) -> Sequence[str]:
        wanted = words.casefold()
        products = self._store.catalogue().products.values()
        return [one.sku for one in products if wanted in f"{one.sku} {one.name}".casefold()][:limit]

    async def import_file(
        self,
        path: str,
        *,
        actor: User,
        dry_run: bool,
        mapping: Mapping[str, Any] | None = None,
        keep_good: bool = False,
        report_path: str | None = None,
        channel: str = "web",
    ) -> Mapping[str, Any]:
        report = load(
            self._store,
            Path(path),
            mapping=mapping,
            keep_good=keep_good,
            dry_run=dry_run,
            actor=Actor(actor.name, channel, actor.id),
            at=NOW,
            report_path=Path(report_path) if report_path else None,
        )
        return report.to_json()

    async def undo_import(self, import_id: int, *, actor: User, channel: str = "web") -> Mapping[str, Any]:
        from connectors.feeds import undo_import

        return undo_import(self._store, import_id, Actor(actor.name, channel, actor.id), NOW).to_json()
