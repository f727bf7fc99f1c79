"""The life of a purchase order through chat and HTTP, under two people, two processes and sudden ends.

    python bench/purchase_orders.py [--kills 50] [--rounds 20] [--postgresql]

Each walk drafts, approves twice, receives 6 of 10 with 1 broken, takes back, is given too many, closes short and
cancels; every button is pressed twice, and after each step the order and the books are compared with what they have to
be.  On a fresh SQLite file, or with ``--postgresql`` on a PostgreSQL of its own (``TEST_PG_URL`` overrides).
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import structlog

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from books import database  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402

from assistant.house import AssistantHouse  # noqa: E402
from connectors.chat.web import create_app  # noqa: E402
from intents.model_files import default_cache  # noqa: E402
from intents.parser import Parser  # noqa: E402
from tests.purchase_cycle import STATES, Chat, Http, Walk, found, on_hand, the_order  # noqa: E402
from tests.shop import NOW, tiny_shop  # noqa: E402
from tests.store.small_shop import assert_sound  # noqa: E402
from tools.store import open_store  # noqa: E402

# Processes begin as copies of this one, so that none has to load the understanding again; each opens the books anew,
# and none touches the connections that it was copied with.
FORK = multiprocessing.get_context("fork")
PARSER = Parser.load(default_cache())
LEFT_OF_A_CLOSED_ORDER = 7


def house_of(url: str, later: timedelta = timedelta(0)) -> AssistantHouse:
    """A house over these books, its clock standing still."""
    store = open_store(url, clock=lambda: NOW + later)
    return AssistantHouse(store, PARSER, lambda: NOW + later)


def walks(house: AssistantHouse) -> None:
    """The whole life once by chat and once by HTTP, looked at after each step."""
    anna, seen = house.user_named("Anna"), Counter[str]()
    client = TestClient(
        create_app(house, files=Path(tempfile.mkdtemp()), bind_is_loopback=True), "http://localhost"
    )
    doors = {"chat": Chat(house, anna, "by chat"), "HTTP": Http(client, "Anna", "by HTTP")}
    for name, door in doors.items():
        others, first = [on_hand(house.store)], [""]

        def look(step: str, number: str, others: list[int] = others, first: list[str] = first) -> None:
            first[0] = first[0] or number
            less = others[0] if number == first[0] else on_hand(house.store)
            if found(house.store, number, less) != STATES[step]:
                sys.exit(f"{step}: {number} stands as {found(house.store, number, less)}, not {STATES[step]}")
            assert_sound(house.store)
            seen[step] += 1

        walk = Walk(door, f"by {name}", look)
        began = time.process_time()
        walk.all()
        used = time.process_time() - began
        print(
            f"  {name}: {walk.steps} messages and presses, {used:.1f} CPU-s, books and states right after each step"
        )
    print(f"  steps looked at: {', '.join(f'{step} {count}' for step, count in seen.items())}")


def sent(house: AssistantHouse, name: str) -> str:
    """An order of ten that has been sent."""
    walk = Walk(Chat(house, house.user_named("Anna"), name), name)
    walk.to_sent()
    return walk.number


def threads(house: AssistantHouse, rounds: int) -> None:
    """Two people book the same delivery in at the same moment, in two threads."""
    booked = Counter[int]()
    for number in range(rounds):
        order, gate = sent(house, f"t{number}"), Barrier(2)
        before = on_hand(house.store)

        def book(who: str, number: int = number, order: str = order, gate: Barrier = gate) -> str:
            gate.wait()
            door = Chat(house, house.user_named(who), f"t{number} {who}")
            return door.send("book", text=f"{order} arrived").text

        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(book, ("Anna", "Ben")))
        booked[sum("Booked in" in text for text in told)] += 1
        assert (the_order(house.store, order).status, on_hand(house.store)) == ("received", before + 10)
    assert_sound(house.store)
    print(
        f"  two people at once, {rounds} deliveries: booked in once {booked[1]}, twice {booked[2]}, never {booked[0]}"
    )


def processes(house: AssistantHouse, url: str, rounds: int) -> None:
    """The same in two processes."""
    once = 0
    for number in range(rounds):
        order, before = sent(house, f"p{number}"), on_hand(house.store)
        gate = FORK.Barrier(2)
        both = [
            FORK.Process(target=_book, args=(url, who, f"p{number} {who}", order, gate))
            for who in ("Anna", "Ben")
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert [one.exitcode for one in both] == [0, 0]
        came = on_hand(house.store) - before
        once += came == 10
        kinds = [step.kind for step in house.store.purchasing.history(order)]
        assert kinds.count("receive") == 1, kinds
    assert_sound(house.store)
    print(f"  two processes at once, {rounds} deliveries: booked in once {once}")


def _book(url: str, who: str, conversation: str, order: str, gate: Callable[[], int]) -> None:
    house = house_of(url)
    gate.wait()  # type: ignore[attr-defined]
    Chat(house, house.user_named(who), conversation).send("book", text=f"{order} arrived")
    house.store.close()


def kills(house: AssistantHouse, url: str, times: int) -> None:
    """A process is ended without warning somewhere in the walk, and somebody else goes on with it."""
    chance, before, caught = random.Random(1042), on_hand(house.store), Counter[str]()
    later = house_of(url, timedelta(hours=1))  # what the dead had begun is free for others after a while
    for name in (f"k{number}" for number in range(times)):
        steps = FORK.SimpleQueue()
        walking = FORK.Process(target=_walk, args=(url, name, steps))
        walking.start()
        steps.get()
        time.sleep(chance.uniform(0.02, 2.5))
        os.kill(walking.pid or 0, signal.SIGKILL)
        walking.join()
        last = "begun"
        while not steps.empty():
            last = steps.get()
        caught[last] += 1
        assert_sound(later.store)
        closed = Walk(Chat(later, later.user_named("Anna"), name), name).all()
        order = the_order(later.store, closed)
        assert (order.status, int(order.lines[0].received_quantity)) == ("closed", 8), (name, order)
        kinds = [step.kind for step in later.store.purchasing.history(closed) if not step.undone]
        assert kinds == ["draft", "approve", "send", "receive", "receive", "close"], (name, kinds)
    assert on_hand(later.store) == before + LEFT_OF_A_CLOSED_ORDER * times
    assert_sound(later.store)
    later.store.close()
    where = ", ".join(f"{step} {count}" for step, count in caught.items())
    print(
        f"  killed {times} times (after: {where}); gone on with, every step is there once and the books are sound"
    )


def _walk(url: str, name: str, steps: multiprocessing.SimpleQueue[str]) -> None:
    house = house_of(url)
    steps.put("begun")
    Walk(Chat(house, house.user_named("Anna"), name), name, lambda step, _number: steps.put(step)).all()
    steps.put("all")
    time.sleep(10)


def main() -> None:
    """Everything on one database."""
    began = time.perf_counter()
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=50)
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--postgresql", action="store_true")
    wanted = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with database(postgresql=wanted.postgresql) as url:
        print("PostgreSQL" if wanted.postgresql else "SQLite", flush=True)
        house = house_of(url)
        tiny_shop(house.store)
        walks(house)
        threads(house, wanted.rounds)
        processes(house, url, wanted.rounds)
        kills(house, url, wanted.kills)
        house.store.close()
        print(f"  {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
