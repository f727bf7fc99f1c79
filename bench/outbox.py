"""Kill -9 between commit, send and mark: is an alert lost, and how often does one come twice?

Two processes at once watch and send over one shop's books; again and again one of them is killed at a
chosen point (inside the transaction, after the commit, before a message is sent, after it was sent and
before it is marked) or at any moment, and started anew.  A stand-in for a chat writes down what it took.

    python bench/outbox.py [--kills 100] [--alerts 1000] [--url postgresql://...]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.alerts import Alerts
from assistant.alerts_choose import Chooser
from assistant.app import start_logging
from assistant.outbox import Sender, Times
from assistant.outbox_pace import LIMITS, Limits
from connectors.chat.channel import Delivery, Sent
from connectors.chat.message import Answer
from tools.kit import Ask, Reply, Right
from tools.kit.manners import BRIEF_AT, CAP, QUIET
from tools.kit.watch import Sighting, Urgency, Watch
from tools.store import Store, open_store
from tools.store.incidents_facts import Letter, Situation

Progress = Synchronized  # how many things there are to see by now

PEOPLE = 50
RULE = "bench.low"
POINTS = ("in the transaction", "after the commit", "before a send", "after a send", "at any moment")
TIMES = Times(lead=0.6, claim=1.0, look=0.02)
LEASE = timedelta(seconds=1)
NOW = datetime(2026, 3, 16, 10, 0, tzinfo=UTC)
# A process that does not come by its point in so many seconds dies where it is.
PATIENCE = 20.0


@dataclass
class Plan:
    """At which point a process kills itself, and at how many passings of it."""

    point: str = ""
    after: int = 1

    def pass_by(self, point: str) -> None:
        """One passing of a point."""
        if point == self.point:
            self.after -= 1
            if self.after <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Paper:
    """A chat that writes down what it took, on a file that outlives the process."""

    name = "slack"

    def __init__(self, path: Path, plan: Plan) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._plan = plan

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to end."""

    async def send(self, to: str, answer: Answer) -> Delivery:
        """Take it."""
        self._plan.pass_by("before a send")
        os.write(self._file, f"{to}\t{answer.text}\n".encode())
        self._plan.pass_by("after a send")
        return Sent("taken")


class Watching(Alerts):
    """The engine, with the points at which it may die."""

    plan = Plan()

    def _chooser(self, at: datetime) -> Chooser:
        chosen, plan = super()._chooser(at), self.plan

        class Dying(Chooser):
            def letters(self, situation: Situation) -> Iterator[Letter]:
                yield from Chooser.letters(self, situation)
                plan.pass_by("in the transaction")

        return Dying(**{name: getattr(chosen, name) for name in chosen.__dataclass_fields__})


def a_watch(allowed: Progress) -> Watch:
    """What it sees grows as the killing goes on, so that there is always something to say."""

    def run(_ask: Ask) -> Iterator[Sighting]:
        for number in range(allowed.value):
            words = Reply(f"Thing {number} runs low.")
            who = f"Owner {number % PEOPLE:02}"
            yield Sighting(RULE, f"T{number}", "", words, Urgency.TODAY, Right.SEE_STOCK, Decimal(1), who=who)

    return Watch(RULE, "Things of a benchmark.", Right.SEE_STOCK, timedelta(minutes=15), run)


def live(url: str, paper: Path, allowed: Progress, plan: Plan) -> None:
    """One app process: it watches and sends until it is killed."""
    start_logging("ERROR")
    LIMITS["slack"] = Limits(one=0.0)
    store = open_store(url, clock=lambda: NOW)
    Watching.plan = plan
    alerts = Watching(store, ["slack"], {RULE: a_watch(allowed)}, lease=LEASE)
    asyncio.run(_live(store, alerts, Paper(paper, plan), plan))


async def _live(store: Store, alerts: Alerts, paper: Paper, plan: Plan) -> None:
    sender = Sender(store, [paper], TIMES)
    await sender.start()
    while True:
        alerts.hurry()
        if await asyncio.to_thread(alerts.check) is not None:
            plan.pass_by("after the commit")
        await asyncio.sleep(0.2)


def prepare(url: str) -> None:
    """A shop with fifty owners, each in the chat."""
    store = open_store(url, clock=lambda: NOW)
    for number in range(PEOPLE):
        store.people.add(f"Owner {number:02}", "owner", slack_id=f"U{number:02}")
    for key, value in ((CAP, "100"), (QUIET, "off"), (BRIEF_AT, "off")):
        store.settings.set(key, value)
    store.close()


@dataclass
class Torment:
    """Two processes that are kept alive and killed one after the other."""

    url: str
    paper: Path
    things: int
    wanted: int
    kills: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    running: list[tuple[BaseProcess, Plan, float]] = field(default_factory=list)

    def run(self) -> float:
        """Kill as often as wanted, then let what is left be sent; seconds that it took."""
        started, context = time.perf_counter(), multiprocessing.get_context("fork")
        allowed: Progress = context.Value("i", 0)
        while sum(self.kills.values()) < self.wanted:
            allowed.value = 1 + (self.things - 1) * sum(self.kills.values()) // self.wanted
            while len(self.running) < 2:
                self._begin(allowed, Plan(self.chance.choice(POINTS), self.chance.randint(1, 4)))
            time.sleep(self.chance.uniform(0.05, 0.3))
            self._look()
        allowed.value = self.things
        while len(self.running) < 2:
            self._begin(allowed, Plan())
        for _ in range(2):
            self._replace(allowed)
        _until_sent(self.paper, self.things)
        for process, _, _ in self.running:
            process.kill()
            process.join()
        return time.perf_counter() - started

    def _begin(self, allowed: Progress, plan: Plan) -> None:
        context = multiprocessing.get_context("fork")
        process = context.Process(target=live, args=(self.url, self.paper, allowed, plan), daemon=True)
        process.start()
        self.running.append((process, plan, time.monotonic()))

    def _look(self) -> None:
        """Bury a process that died at its point; one that lives for long dies now."""
        process, plan, since = self.running.pop(0)
        late = time.monotonic() - since > PATIENCE
        if process.is_alive() and not late and plan.point != POINTS[-1]:
            self.running.append((process, plan, since))
            return
        point = POINTS[-1] if process.is_alive() else plan.point
        process.kill()
        process.join()
        self.kills[point] += 1

    def _replace(self, allowed: Progress) -> None:
        """One more kill of what still has a plan; the last two live on."""
        process, _, _ = self.running.pop(0)
        process.kill()
        process.join()
        self.kills[POINTS[-1]] += 1
        self._begin(allowed, Plan())


def _until_sent(paper: Path, wanted: int, most: float = 240.0) -> None:
    """Wait for the last alert, and a while longer for what should not come."""
    ends = time.monotonic() + most
    while time.monotonic() < ends and len(set(_lines(paper))) < wanted:
        time.sleep(0.2)
    time.sleep(3)


def _lines(paper: Path) -> list[str]:
    return paper.read_text().splitlines() if paper.exists() else []


def out_of_order(lines: list[str], store: Store) -> int:
    """How many messages came before one that the same person should have got earlier."""
    place = {f"Thing {one.subject[1:]} runs low.": one.id for one in store.incidents.open(RULE)}
    latest: dict[str, int] = {}
    wrong = 0
    for line in dict.fromkeys(lines):
        to, _, text = line.partition("\t")
        wrong += place[text] < latest.get(to, 0)
        latest[to] = max(latest.get(to, 0), place[text])
    return wrong


def main() -> None:
    """Measure and say."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=100)
    words.add_argument("--alerts", type=int, default=1000)
    words.add_argument("--url", default="")
    said = words.parse_args()
    things = said.alerts
    with tempfile.TemporaryDirectory() as folder:
        url, paper = said.url or f"sqlite:///{folder}/books.db", Path(folder) / "taken.txt"
        maker = multiprocessing.get_context("fork").Process(target=prepare, args=(url,))
        maker.start()
        maker.join()
        torment = Torment(url, paper, things, said.kills)
        seconds = torment.run()
        lines, store = _lines(paper), open_store(url, clock=lambda: NOW)
        taken, kills = Counter(lines), sum(torment.kills.values())
        lost = things - len(taken)
        print(f"{kills} kills in {seconds:.0f} s: {dict(torment.kills)}")
        print(f"{things} alerts to {PEOPLE} people by two processes at once on {store.dialect}")
        print(f"lost: {lost}; repeated: {len(lines) - len(taken)}; any of them more than twice: "
              f"{sum(count > 2 for count in taken.values())}; out of order: {out_of_order(lines, store)}")  # fmt: skip
        waiting = sum(queue.waiting + queue.dead for queue in store.outbox.queues())
        print(f"incidents {len(store.incidents.open(RULE))} of {things}; left in the outbox: {waiting}")
        store.close()
        if lost or len(lines) - len(taken) > kills or waiting:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
