"""A month of a shop whose owner has a chat: how often the assistant speaks up, and what comes of it.

The fixture shop's last four weeks of sales happen once more, day by day, against its real stock.  Deliveries come
(some late), shelves are filled, a fridge fails, a sensor falls silent, somebody miscounts, doors stand open for a
while.  The assistant's own engine looks every hour; a recording chat takes what it sends; the owner looks at
it three times a day and presses what mends it seven times out of ten, and a manager orders fresh goods each day and
the rest twice a week.

    python bench/alerts_month.py [--days 30] [--show]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from served import SHARED, need

from assistant.alerts import Alerts
from assistant.app import load_parser, start_logging
from assistant.house import AssistantHouse
from assistant.jobs import run as forecast
from assistant.outbox import Line, Times
from assistant.outbox_pace import LIMITS, Limits
from connectors.chat.channel import Delivery, Sent
from connectors.chat.message import Answer, Message
from connectors.feeds import load
from tools.store import Actor, Adjust, Batch, BooksError, Count, Sell, Store, Transfer, User, open_store
from tools.store.buying_changes import Arrival, ReceiveOrder
from tools.store.facts import ON_ORDER
from tools.store.incidents_facts import ALERT, Incident, Posted

SHOP = SHARED / "eval" / "shop"
FIRST = date(2026, 3, 16)
ZONE = ZoneInfo("Europe/London")
OWNER, MANAGER, CHAT = "Anna Bauer", "Ben Okafor", "telegram"
TILL, STAFF = Actor("till", "feed"), Actor("Chloe Davies", "web")
SHELVES, ROOMS = ("HIGHST", "HARBOUR"), ("FRIDGE", "WH")
STEP, OPENS, SHUTS = timedelta(hours=1), 9, 18
LOOKS_AT = (9, 13, 18)
ACTS = 0.7
BUYS_AT, BUYING_DAYS, FRESH = 10, (0, 3), 2
MENDS = ("Order", "Approve", "What to order", "Draft", "Mark as sent", "Write off", "Yes, do it", "Chase")
MOST_LINES, MOST_PUSHES = 12, 5


@dataclass
class Recorder:
    """A chat that takes everything and keeps it."""

    clock: list[datetime]
    taken: list[tuple[datetime, str, Answer]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As a real one."""
        return CHAT

    async def start(self) -> None:
        """Nothing to connect."""

    async def stop(self) -> None:
        """Nothing to leave."""

    async def send(self, to: str, answer: Answer) -> Delivery:
        """Keep it."""
        self.taken.append((self.clock[0], to, answer))
        return Sent(str(len(self.taken)))


class Month:
    """The shop, its people and its engine under one clock."""

    def __init__(self, store: Store, clock: list[datetime], days: int, *, show: bool) -> None:
        self.store, self.clock, self.days, self.show = store, clock, days, show
        self.chance = random.Random(11)
        self.recorder = Recorder(clock)
        self.engine = Alerts(store, (CHAT,))
        self.line = Line(store, self.recorder, "bench", Times())
        self.house = AssistantHouse(store, load_parser(store), lambda: clock[0])
        self.owner, self.manager = self.house.user_named(OWNER), self.house.user_named(MANAGER)
        self.number = 0
        self.seen = 0
        self.lateness: dict[str, int] = {}
        self.cpu = 0.0
        self.sales = _sales_by_weekday(store)

    @property
    def now(self) -> datetime:
        """The shop's time."""
        return self.clock[0]

    def live(self) -> None:
        """All days, hour by hour."""
        for number in range(self.days):
            day = FIRST + timedelta(days=number)
            self.clock[0] = datetime(day.year, day.month, day.day, 3, 30, tzinfo=ZONE)
            if number:
                forecast(self.store, quick=True)
            self.clock[0] = self.clock[0].replace(hour=6)
            while self.now.hour < 22:
                self.happens(number)
                if self.now.hour == BUYS_AT:
                    self.manager_buys()
                self.speaks()
                if self.now.hour in LOOKS_AT:
                    self.owner_looks()
                self.clock[0] += STEP
            if self.show:
                print(f"{day:%a %d %b}: {self.seen} messages so far")

    # -- what happens ------------------------------------------------------------------------------

    def happens(self, number: int) -> None:
        """The world's part of an hour."""
        hour = self.now.hour
        self.sensors(number)
        if hour == 7:
            self.shelves()
        if hour == 8:
            self.deliveries()
        if OPENS <= hour < SHUTS:
            self.tills(hour - OPENS)
        if hour == 11 and number == 5:
            self.miscount()
        if hour == 19 and self.now.weekday() == 6:
            self.clear_out()

    def do(self, steps: Sequence[Adjust | Sell | Transfer], actor: Actor) -> None:
        """Make what can be made of these; what the books refuse did not happen."""
        for start in range(0, len(steps), 200):
            part = tuple(steps[start : start + 200])
            if not self._apply(Batch(part), actor):
                for step in part:
                    self._apply(Batch((step,)), actor)

    def _apply(self, change: Batch | Count | ReceiveOrder, actor: Actor) -> bool:
        self.number += 1
        try:
            self.store.apply(
                change, actor, request_id=f"bench {self.number}", at=self.now, day=self.now.date()
            )
        except BooksError:
            return False
        return True

    def held(self) -> dict[tuple[str, str], Decimal]:
        """What can be sold by product and place."""
        levels = self.store.stock.levels(today=self.now.date())
        return {(one.sku, one.location): one.on_hand - one.unusable for one in levels if one.location}

    def tills(self, slot: int) -> None:
        """The sales of this hour: a share of those of the same weekday four weeks ago."""
        held, steps = self.held(), []
        slots = SHUTS - OPENS
        lines = self.sales[self.now.weekday(), ((self.now.date() - FIRST).days // 7) % 4]
        for index, (sku, place, quantity, price) in enumerate(lines):
            if index % slots != slot:
                continue
            here = next((where for where in (place, *ROOMS) if held.get((sku, where), 0) >= quantity), None)
            if here:
                held[sku, here] -= quantity
                steps.append(Sell(sku, here, quantity, price, self.now.replace(tzinfo=None)))
        self.do(steps, TILL)

    def shelves(self) -> None:
        """Staff fill the shelves from the rooms behind, for three days."""
        held, steps = self.held(), []
        wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for lines in self.sales.values():
            for sku, place, quantity, _ in lines:
                wanted[sku, place] += quantity
        for (sku, place), month in wanted.items():
            if place not in SHELVES:
                continue
            needed = (month * 3 / 28).to_integral_value() + 1 - held.get((sku, place), Decimal(0))
            for room in ROOMS:
                moved = min(needed, held.get((sku, room), Decimal(0)))
                if moved >= 1:
                    held[sku, room] -= moved
                    steps.append(Transfer(sku, room, place, moved.to_integral_value(rounding="ROUND_FLOOR")))
                    break
        self.do(steps, STAFF)

    def deliveries(self) -> None:
        """What is due comes, now and then a few days late; fresh goods with their date."""
        today = self.now.date()
        for order in self.store.purchasing.orders(statuses=ON_ORDER):
            if order.po_no not in self.lateness:
                self.lateness[order.po_no] = self.chance.choices((0, 1, 3, 5), (80, 10, 7, 3))[0]
            due = (order.expected_on or today) + timedelta(days=self.lateness[order.po_no])
            if due > today or not order.open:
                continue
            arrivals = tuple(
                Arrival(line.sku, line.outstanding, line.location or "WH", expires_on=self._use_by(line.sku))
                for line in order.open
            )
            self._apply(ReceiveOrder(order.po_no, arrivals), STAFF)

    def _use_by(self, sku: str) -> date | None:
        days = self.store.catalogue().products[sku].shelf_life_days
        return None if days is None else self.now.date() + timedelta(days=days)

    def clear_out(self) -> None:
        """On Sunday evening staff throw away what is past its date."""
        lots = self.store.stock.lots(expires_to=self.now.date() - timedelta(days=1), today=self.now.date())
        self.do(
            [Adjust(lot.sku, lot.location, -lot.quantity, "past the date", lot.lot or None) for lot in lots],
            STAFF,
        )

    def miscount(self) -> None:
        """Somebody counts packs as pieces."""
        held = self.held()
        sku, place = max((key for key in held if key[1] == "WH"), key=lambda key: held[key])
        position = self.store.stock.position()
        self._apply(Count(sku, place, (held[sku, place] / 6).to_integral_value(), position), STAFF)

    def sensors(self, number: int) -> None:
        """Two readings an hour; doors that stand open, a failed fridge, a silent sensor, damp days."""
        lines = "".join(
            self._readings(number, self.now - back) for back in (timedelta(minutes=30), timedelta())
        )
        with tempfile.TemporaryDirectory() as name:
            Path(name, "sensor_readings.csv").write_text(f"read_at,sensor,value\n{lines}")
            Path(name, "products.csv").write_text("sku,name\nMUG-RED-350,Red Mug 350ml\n")
            load(self.store, Path(name), actor=TILL, at=self.now)

    def _readings(self, number: int, at: datetime) -> str:
        hour = at.hour + at.minute / 60
        door = hour in (7.5, 13) or self.chance.random() < 0.02
        fridge = 9.5 + self.chance.random() if number == 9 and 10 <= hour < 13 else 3.4
        rows = [("FRG-T1", fridge + self.chance.gauss(0, 0.3) + (3.2 if door else 0))]
        if not (number == 17 and hour >= 8) and not (number == 18 and hour < 9):
            rows.append(("HST-T1", 4.0 + self.chance.gauss(0, 0.4)))
        damp = 64 if number in (13, 14) and 9 <= hour < 16 else 50
        rows.append(("WH-H1", damp + self.chance.gauss(0, 2)))
        return "".join(f"{at:%Y-%m-%dT%H:%M},{code},{value:.1f}\n" for code, value in rows)

    # -- the assistant, and its owner ----------------------------------------------------------------

    def speaks(self) -> None:
        """The engine looks, the outbox sends."""
        began = time.process_time()
        self.engine.check()
        self.cpu += time.process_time() - began
        asyncio.run(self._drain())

    async def _drain(self) -> None:
        while await self.line.step() == 0:
            pass

    def manager_buys(self) -> None:
        """The usual order of the day: fresh goods each day, on two days of the week all the rest."""
        fresh = {one.code for one in self.store.catalogue().suppliers if (one.lead_time_days or 7) <= FRESH}
        every = {one.code for one in self.store.catalogue().suppliers}
        for code in sorted(every if self.now.weekday() in BUYING_DAYS else fresh):
            name = next(one.name for one in self.store.catalogue().suppliers if one.code == code)
            talk = f"orders {self.now.date()} {code}"
            answer = self.house.answer_now(
                Message(talk, self.manager, "web", f"what should I order from {name}?")
            )
            self._press_on(answer, self.manager, talk)

    def owner_looks(self) -> None:
        """The owner reads what is new, and presses what mends it, most times."""
        new, self.seen = self.recorder.taken[self.seen :], len(self.recorder.taken)
        for _, _, answer in new:
            if self.chance.random() < ACTS:
                self._press_on(answer, self.owner, f"{CHAT}:{self.owner.telegram_id}")

    def _press_on(self, answer: Answer, person: User, talk: str) -> None:
        """Press the first button that mends something, then whatever completes it."""
        for _ in range(6):
            fitting = [one for one in answer.actions if one.label.startswith(MENDS)]
            if not fitting:
                return
            answer = self.house.answer_now(Message(talk, person, CHAT, action=fitting[0].id))


def _sales_by_weekday(store: Store) -> dict[tuple[int, int], list[tuple[str, str, Decimal, Decimal | None]]]:
    """The single sales of the last four weeks, by weekday and week."""
    found = defaultdict(list)
    first = FIRST - timedelta(days=28)
    for line in store.sales.lines(None, first, FIRST - timedelta(days=1), 1_000_000):
        if line.kind == "sale" and line.sku and line.location and line.quantity > 0:
            week = (line.sold_on - first).days // 7
            found[line.sold_on.weekday(), week].append(
                (line.sku, line.location, line.quantity, line.unit_price)
            )
    return found


# -- figures -----------------------------------------------------------------------------------------


def report(month: Month) -> bool:
    """Print what the month was like; whether it was as quiet as it should be."""
    store, start = month.store, datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE)
    pushes = [one for one in store.outbox.to(OWNER, kind=ALERT, since=start) if one.channel == CHAT]
    a_day = Counter(one.due_at.astimezone(ZONE).date() for one in pushes)
    each = [a_day.get(FIRST + timedelta(days=number), 0) for number in range(month.days)]
    incidents = _incidents(store, start)
    told = [one for one in incidents.values() if one.told_at is not None]
    settled = [one for one in told if one.state in ("resolved", "acted", "snoozed") or one.handled_by]
    acted = [one for one in told if one.handled_by]
    briefs = [len(text.splitlines()) for text in _briefs(month)]
    twice = _twice(pushes, incidents)
    print(
        f"messages a day: median {statistics.median(each):g}, most {max(each)} ({sum(each)} in {month.days} days)"
    )
    print(f"by rule: {dict(Counter(incidents[one.incident or 0].rule for one in pushes).most_common())}")
    print(
        f"incidents: {len(incidents)} opened, {len(told)} told of (the rest was over, or too small, before)"
    )
    share = len(settled) / max(len(told), 1)
    print(f"acted on {len(acted)}, over by themselves {len(settled) - len(acted)}: {share:.0%} of those told")
    print(f"told twice although nothing was new: {twice}")
    print(f"briefs: {len(briefs)}, lines median {statistics.median(briefs):g}, most {max(briefs)}")
    print(
        f"{len(month.recorder.taken)} messages sent; the engine used {month.cpu / month.days:.1f} s of CPU a day"
    )
    good = max(each) <= MOST_PUSHES and not twice and max(briefs) <= MOST_LINES and len(briefs) == month.days
    print(
        "reached" if good else "NOT reached",
        f"(≤ {MOST_PUSHES} messages a day, none twice, ≤ {MOST_LINES} lines)",
    )
    return good


def _incidents(store: Store, start: datetime) -> dict[int, Incident]:
    every = [*store.incidents.open(), *store.incidents.resolved(start, 100_000)]
    return {one.id: one for one in every}


def _briefs(month: Month) -> list[str]:
    return [
        reply.text
        for _, _, answer in month.recorder.taken
        for reply in answer.replies
        if "sales" in reply.data and "needs" in reply.data
    ]


def _twice(pushes: Sequence[Posted], incidents: dict[int, Incident]) -> int:
    """Messages about an incident beyond its tellings: it is told anew only when woken or more urgent."""
    counts = Counter(one.incident for one in pushes)
    return sum(max(count - incidents[number].tellings, 0) for number, count in counts.items() if number)


def main() -> None:
    """Make the shop, live the month, say what it was like."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--days", type=int, default=30)
    words.add_argument("--show", action="store_true", help="print every message")
    chosen = words.parse_args()
    need(SHOP)
    start_logging("ERROR")
    LIMITS[CHAT] = Limits(one=0.0)  # time is played here, so nobody has to be waited for
    with tempfile.TemporaryDirectory() as folder:
        clock = [datetime(FIRST.year, FIRST.month, FIRST.day, 3, tzinfo=ZONE)]
        store = open_store(f"sqlite:///{folder}/shop.db", clock=lambda: clock[0])
        load(store, SHOP, actor=Actor("bench", "bench"), at=clock[0])
        forecast(store, quick=True)
        month = Month(store, clock, chosen.days, show=chosen.show)
        month.live()
        if chosen.show:
            for at, _, answer in month.recorder.taken:
                labels = [one.label for one in answer.actions]
                print(f"\n{at:%a %d %b %H:%M}  " + "\n".join(reply.text for reply in answer.replies), labels)
        good = report(month)
        store.close()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
