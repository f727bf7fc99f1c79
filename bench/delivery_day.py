"""Two days of deliveries through chat on the fixture shop, from the plan to the last van that is back.

    python bench/delivery_day.py [--told]

Anna plans, confirms, skips, adds and plans again; drivers load, leave and press at each stop, at the minute at
which they are expected there.  One customer is not at home, one stop is skipped, one order is added, one van breaks
down.  At the end every order is delivered or explained, and the books are compared with what the drivers did by
sums of their own over the ledger's rows.  Needs the fixture shop as data (not in this project); stops politely
without it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import structlog
from sqlalchemy import text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from answers import SHOP  # noqa: E402

from assistant.house import AssistantHouse  # noqa: E402
from connectors.chat.message import Answer, Message  # noqa: E402
from connectors.feeds.loading import load  # noqa: E402
from intents.model_files import default_cache  # noqa: E402
from intents.parser import Parser  # noqa: E402
from tools.kit import compute  # noqa: E402
from tools.store import Actor, open_store  # noqa: E402
from tools.store.trip_facts import Trip  # noqa: E402

PLANNER = "Anna Bauer"
DRIVERS = {"VAN1": "Yusuf Ali", "VAN2": "Gemma Price", "BIKE1": "Yusuf Ali"}
FIRST = date(2026, 3, 16)
STAY = timedelta(minutes=3)
IDLE_SECONDS = 5.0
"""So long nothing is asked: how long this machine holds the loop by itself."""


@dataclass
class Loop:
    """How long the event loop was held while others were answered."""

    gaps: list[float] = field(default_factory=list)
    idle: int = 0

    async def watch(self) -> None:
        """Look at the clock every 5 ms; a gap in which this process did not work is another program's."""
        while True:
            begun, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.005)
            late = time.perf_counter() - begun - 0.005
            self.gaps.append(max(0.0, min(late, time.process_time() - worked)))


@dataclass
class Turn:
    """One thing that was said or pressed, and how long it took."""

    said: str
    answer: Answer
    seconds: float
    cpu: float
    first: int = 0
    last: int = 0


class Day:
    """The shop, its clock, and everybody who talks."""

    def __init__(self, url: str, *, told: bool) -> None:
        self.now = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
        self.store = open_store(url, clock=lambda: self.now)
        self.told = told
        report = load(self.store, SHOP, actor=Actor("bench", "bench"), at=self.now)
        if report.state != "applied":
            sys.exit(f"the shop was not loaded: {report}")
        parser = Parser.load(default_cache())
        parser.index(self.store.catalogue())
        self.house = AssistantHouse(self.store, parser, lambda: self.now)
        self.turns: list[Turn] = []
        self.last: dict[str, Answer] = {}
        self.loop = Loop()
        self.numbers = 0
        self.before = self.levels()

    # -- talking ------------------------------------------------------------------------------------

    async def send(self, who: str, where: str, said: str = "", button: str = "") -> Answer:
        """Say something, or press the button whose label begins so; what is asked back gets a yes."""
        self.numbers += 1
        action = None
        if button:
            offered = self.last[where].actions
            action = next((one.id for one in offered if one.label.startswith(button)), None)
            if action is None:
                sys.exit(f"no button {button!r} in {[one.label for one in offered]}: {self.last[where].text}")
        user = self.house.user_named(who)
        message = Message(where, user, "test", said, action, f"e{self.numbers}")
        begun, worked, first = time.perf_counter(), cpu_seconds(), len(self.loop.gaps)
        answer = await self.house.answer(message)
        took, used = time.perf_counter() - begun, cpu_seconds() - worked
        await asyncio.sleep(0.01)
        self.turns.append(Turn(said or f"[{button}]", answer, took, used, first, len(self.loop.gaps)))
        self.last[where] = answer
        if self.told:
            print(f"\n{self.now:%H:%M} {who}: {said or f'[{button}]'}\n  {answer.text}")
        if any(one.label == "Yes, do it" for one in answer.actions):
            return await self.send(who, where, button="Yes, do it")
        return answer

    async def plan(self, said: str) -> Answer:
        """The planner says something."""
        return await self.send(PLANNER, "office", said)

    # -- driving ------------------------------------------------------------------------------------

    def live(self) -> list[Trip]:
        """The trips of the day that are on or to come."""
        return [trip for trip in self.store.trips.trips(self.now.date()) if trip.is_live]

    def due(self) -> tuple[datetime, Trip] | None:
        """What happens next: a van leaves, or is expected at its next stop."""
        events = []
        for trip in self.live():
            following = trip.open_stops
            if trip.status == "out" and following and following[0].expected:
                events.append((following[0].expected + STAY, trip))
            elif trip.status == "out" and not following:
                events.append((self.now.replace(tzinfo=None), trip))
            elif trip.status != "out" and trip.starts_at:
                events.append((trip.starts_at, trip))
        return min(events, key=lambda one: (one[0], one[1].trip_no), default=None)

    async def drive(self, until: Callable[[Trip], Awaitable[bool]] | None = None) -> None:
        """Everything in its time, until ``until`` says so or nobody has anything left."""
        while (event := self.due()) is not None:
            when, trip = event
            self.now = max(self.now, when.replace(tzinfo=UTC))
            if until is not None and await until(trip):
                return
            await self.step(trip)

    async def step(self, trip: Trip) -> None:
        """The next thing that a driver does."""
        who, where = DRIVERS[trip.vehicle], f"van {trip.vehicle}"
        name = next(one.name for one in self.store.trips.vehicles() if one.code == trip.vehicle)
        if trip.status != "out":
            await self.plan("today's deliveries")
            await self.send(
                PLANNER, "office", button=f"Load {name}" if trip.status == "planned" else f"{name} l"
            )
            if trip.status == "planned":
                await self.send(PLANNER, "office", button="Loaded, leave")
            return
        if not trip.open_stops:
            await self.plan("today's deliveries")
            await self.send(
                PLANNER, "office", button="Back home" if len(self.live()) == 1 else f"{name} is back"
            )
            return
        stop = trip.open_stops[0]
        offered = [one.label for one in self.last[where].actions] if where in self.last else []
        known = where in self.last and stop.order_no in self.last[where].text
        if known and "Delivered" in offered:
            await self.send(who, where, button="Delivered")
        else:
            await self.send(who, where, f"{stop.order_no} delivered")

    # -- the books ----------------------------------------------------------------------------------

    def levels(self) -> dict[str, Decimal]:
        """Units of each product in the shop's own places, summed from the ledger's rows alone."""
        query = text(
            "select p.sku, m.quantity, a.code, b.code from stock_move m join product p on p.id = m.product_id "
            "join location a on a.id = m.from_location_id join location b on b.id = m.to_location_id"
        )
        found: dict[str, Decimal] = defaultdict(Decimal)
        with self.store.database.reading() as connection:
            for sku, quantity, source, destination in connection.execute(query):
                amount = Decimal(str(quantity))
                found[sku] += amount * (not destination.startswith("@")) - amount * (
                    not source.startswith("@")
                )
        return found

    def on_the_road(self) -> Decimal:
        """Units that are between places at the end."""
        query = text(
            "select sum(case when b.code = '@transit' then m.quantity else 0 end) - "
            "sum(case when a.code = '@transit' then m.quantity else 0 end) from stock_move m "
            "join location a on a.id = m.from_location_id join location b on b.id = m.to_location_id"
        )
        with self.store.database.reading() as connection:
            return Decimal(str(connection.execute(query).scalar() or 0))


def cpu_seconds() -> float:
    """CPU of this process and of those that it started and that have ended or still run (Linux)."""
    total = time.process_time()
    for child in children():
        fields = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def children() -> list[int]:
    """The processes that this one started."""
    here = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return [int(one) for one in here.read_text().split()] if here.exists() else []


# -- the two days ---------------------------------------------------------------------------------------


class Trouble:
    """What goes wrong on the first van that has enough to do, one thing after the other."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.left = [self.nobody, self.skip, self.add, self.broken]

    async def now(self, trip: Trip) -> bool:
        """The next trouble, if this van is the one; whether there was one."""
        if not self.left or trip.status != "out" or len(trip.open_stops) < 2:
            return False
        await self.left.pop(0)(trip)
        return True

    def name(self, trip: Trip) -> str:
        """What people call the van."""
        return next(one.name for one in self.day.store.trips.vehicles() if one.code == trip.vehicle).lower()

    async def nobody(self, trip: Trip) -> None:
        """A customer is not at home."""
        order = trip.open_stops[0].order_no
        await self.day.send(DRIVERS[trip.vehicle], f"van {trip.vehicle}", f"nobody home at {order}")

    async def skip(self, trip: Trip) -> None:
        """A stop is not wanted any more."""
        await self.day.plan(f"skip stop {trip.open_stops[1].position} of the {self.name(trip)}")

    async def add(self, _trip: Trip) -> None:
        """A customer of Wednesday wants it today."""
        await self.day.plan("add order 5590 to the round")

    async def broken(self, trip: Trip) -> None:
        """The van stops on the road."""
        await self.day.plan(f"the {self.name(trip)} broke down")


async def first_day(day: Day) -> None:
    """16 March: all of it, with everything that goes wrong."""
    await day.plan("plan today's deliveries")
    await day.send(PLANNER, "office", button="Confirm")
    trouble = Trouble(day)
    while day.due() is not None:
        await day.drive(trouble.now)
    if trouble.left:
        sys.exit(f"not everything went wrong: {len(trouble.left)} left")


async def second_day(day: Day) -> None:
    """17 March: as planned."""
    day.now = datetime(2026, 3, 17, 7, 30, tzinfo=UTC)
    await day.plan("plan today's deliveries")
    await day.send(PLANNER, "office", button="Confirm")
    await day.drive()
    day.now = datetime(2026, 3, 18, 8, 0, tzinfo=UTC)
    await day.plan("how did yesterday's deliveries go")


# -- what came of it --------------------------------------------------------------------------------------


def judged(day: Day) -> list[str]:
    """What is wrong at the end; nothing is what is hoped for."""
    wrong = [f"doctor: {finding.what}" for finding in day.store.doctor() if not finding.ok]
    if day.on_the_road():
        wrong.append(f"{day.on_the_road()} units are still on the road")
    wrong += [f"{trip.trip_no} is {trip.status}" for trip in day.live()]
    wrong += [f"nobody explained {number}" for number in unexplained(day)]
    gone: dict[str, Decimal] = defaultdict(Decimal)
    for order in day.store.trips.deliverable(FIRST, FIRST + timedelta(days=1), statuses=("delivered",)):
        for sku, quantity in order.lines:
            gone[sku] += quantity
    added = day.store.trips.order("5590")
    for sku, quantity in added.lines if added and added.status == "delivered" else ():
        gone[sku] += quantity
    after, scale = day.levels(), Decimal(10) ** 3
    for sku in after:
        if after[sku] != day.before[sku] - gone[sku] * scale:
            wrong.append(
                f"{sku}: {day.before[sku] / scale} before, {gone[sku]} delivered, {after[sku] / scale} left"
            )
    return wrong


def unexplained(day: Day) -> list[str]:
    """Orders that were neither handed over nor tried, and of which no answer said why."""
    left = [turn.answer.text.partition("Left out: ")[2] for turn in day.turns]
    open_ = day.store.trips.deliverable(FIRST, FIRST + timedelta(days=1), statuses=ALL_STATES[:3])
    return [one.order_no for one in open_ if not any(f"{one.order_no}, " in text for text in left)]


def told_of(day: Day) -> list[str]:
    """Each order of the two days and what became of it."""
    rows = []
    for order in day.store.trips.deliverable(FIRST, FIRST + timedelta(days=1), statuses=ALL_STATES):
        trip = day.store.trips.trip_of(order.order_no)
        stop = trip.stop(order.order_no) if trip else None
        why = f"{trip.trip_no} {stop.status}" if trip and stop else "on no trip"
        late = ""
        if (
            stop
            and stop.done_at
            and stop.due_to
            and stop.done_at > stop.due_to
            and stop.due_to.date() == stop.done_at.date()
        ):
            late = f", {round((stop.done_at - stop.due_to).total_seconds() / 60)} min late"
        rows.append(f"{order.order_no} {order.status} ({why}{late})")
    return rows


ALL_STATES = ("open", "packed", "out_for_delivery", "delivered", "failed")


async def run(day: Day, loop: Loop) -> None:
    """Both days, the event loop watched meanwhile."""
    watching = asyncio.create_task(loop.watch())
    await asyncio.sleep(IDLE_SECONDS)
    loop.idle = len(loop.gaps)
    await first_day(day)
    await second_day(day)
    watching.cancel()


def main() -> None:
    """Run both days and print what came of them."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--told", action="store_true", help="print every turn")
    told = arguments.parse_args().told
    if not SHOP.exists():
        sys.exit(f"no fixture shop at {SHOP}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        day = Day(f"sqlite:///{folder}/shop.db", told=told)
        compute.start()
        compute.run(cpu_seconds)
        asyncio.run(run(day, day.loop))
        compute.stop()
        report(day, day.loop)


def report(day: Day, loop: Loop) -> None:
    """The figures."""
    plans = [turn for turn in day.turns if turn.said.startswith("plan")]
    again = [turn for turn in day.turns if turn.said.startswith(("skip", "add", "the "))]
    each = {"a plan shown": plans, "planned again": again, "any": day.turns}
    print(f"{len(day.turns)} turns; " + "; ".join(f"{name}: {worst(turns)}" for name, turns in each.items()))
    print(f"event loop with nothing to do held {held(loop.gaps[: loop.idle])}")
    for name, turns in each.items():
        print(f"  {name}: {held([gap for turn in turns for gap in loop.gaps[turn.first : turn.last]])}")
    longest = max(day.turns, key=lambda turn: max(loop.gaps[turn.first : turn.last], default=0))
    print(f"  the longest at {longest.said!r}")
    print("\n".join(told_of(day)))
    wrong = judged(day)
    print("the books are right" if not wrong else "\n".join(wrong))
    sys.exit(bool(wrong))


def held(gaps: list[float]) -> str:
    """The longest of some gaps, and what nearly all of them stay under."""
    ordered = sorted(gaps) or [0.0]
    return f"worst {1000 * ordered[-1]:.0f} ms, 99 % under {1000 * ordered[int(0.99 * len(ordered))]:.0f} ms"


def worst(turns: list[Turn]) -> str:
    """The longest of some turns."""
    if not turns:
        return "none"
    return f"{len(turns)} turns, at most {max(t.seconds for t in turns):.2f} s ({max(t.cpu for t in turns):.2f} s CPU)"


if __name__ == "__main__":
    main()
