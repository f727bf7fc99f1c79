"""The life of a purchase order through chat and HTTP; ``bench/purchase_orders.py`` does the same at full size."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from fastapi.testclient import TestClient

from assistant.house import AssistantHouse
from connectors.chat.web import create_app
from intents.parser import Parser
from tests.purchase_cycle import STATES, Chat, Door, Http, Told, Walk, found, on_hand, the_order
from tests.shop import NOW, tiny_shop
from tests.store.small_shop import assert_sound
from tools.store import Store

ROOT = Path(__file__).parents[2]
TIMES = 3


@pytest.fixture
def house(store: Store, parser: Parser) -> Iterator[AssistantHouse]:
    tiny_shop(store)
    store.clock = lambda: NOW
    yield AssistantHouse(store, parser, lambda: NOW)


@pytest.fixture(params=["chat", "http"])
def door(request: pytest.FixtureRequest, house: AssistantHouse, tmp_path: Path) -> Callable[..., Door]:
    """A way to the shop for somebody: through the house, or through the web."""
    if request.param == "chat":
        return lambda who="Anna", conversation="c1": Chat(house, house.user_named(who), conversation)
    client = TestClient(create_app(house, files=tmp_path, bind_is_loopback=True), "http://localhost")
    return lambda who="Anna", conversation="c1": Http(client, who, conversation)


def test_an_order_lives_through_all_its_states_with_every_button_pressed_twice(
    door: Callable[..., Door], house: AssistantHouse
) -> None:
    store, before = house.store, {"closed": 0}

    def look(step: str, number: str) -> None:
        others = before["closed"] if number != before.get("number", number) else 0
        assert found(store, number, others) == STATES[step], step
        before.setdefault("number", number)
        before["closed"] = on_hand(store)
        assert_sound(store)

    closed = Walk(door(), "w", look).all()
    kinds = [step.kind for step in store.purchasing.history(closed) if not step.undone]
    assert kinds == ["draft", "approve", "send", "receive", "receive", "close"]


def test_the_same_walk_again_has_no_second_effect(door: Callable[..., Door], house: AssistantHouse) -> None:
    closed = Walk(door(), "w").all()
    position, events = house.store.stock.position(), the_order(house.store, closed).events
    assert Walk(door(), "w").all() == closed
    assert (house.store.stock.position(), the_order(house.store, closed).events) == (position, events)


def sent_order(door: Door) -> str:
    walk = Walk(door, "sent")
    walk.to_sent()
    return walk.number


def at_once(*work: Callable[[], Told]) -> list[Told]:
    """Several people at the same moment, each in a thread of their own."""
    gate = Barrier(len(work))

    def begin(one: Callable[[], Told]) -> Told:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(begin, work))


def test_two_people_at_once_book_a_delivery_in_once(door: Callable[..., Door], house: AssistantHouse) -> None:
    number = sent_order(door())
    told = at_once(
        lambda: door("Anna", "c1").send("a1", text=f"{number} arrived"),
        lambda: door("Ben", "c2").send("b1", text=f"{number} arrived"),
    )
    assert sorted("Booked in" in one.text for one in told) == [False, True]
    assert found(house.store, number) == ("received", 10, 0, 10)
    assert_sound(house.store)


def test_two_people_at_once_approve_an_order_once(door: Callable[..., Door], house: AssistantHouse) -> None:
    told = at_once(
        lambda: door("Anna", "c1").send("a1", text="approve PO 1043"),
        lambda: door("Ben", "c2").send("b1", text="approve PO 1043"),
    )
    assert sorted("is approved: 6" in one.text for one in told) == [False, True]
    kinds = [step.kind for step in house.store.purchasing.history("PO-1043")]
    assert kinds == ["approve"]


def test_one_cancels_while_another_books_in(door: Callable[..., Door], house: AssistantHouse) -> None:
    number = sent_order(door())
    asked = door("Anna", "c1").send("a1", text=f"cancel {number}")
    at_once(
        lambda: door("Anna", "c1").send("a2", action=asked.button("Yes")),
        lambda: door("Ben", "c2").send("b1", text=f"{number} arrived"),
    )
    assert found(house.store, number) in [("received", 10, 0, 10), ("cancelled", 0, 0, 0)]
    assert_sound(house.store)


def process(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.purchase_cycle", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def told_by(one: subprocess.Popen[str]) -> str:
    out, _ = one.communicate(timeout=240)
    assert one.returncode == 0, out
    return out


def test_two_processes_at_once_book_a_delivery_in_once(house: AssistantHouse) -> None:
    number = sent_order(Chat(house, house.user_named("Anna")))
    texts = [process(house.store.url, "say", who, f"c-{who}", f"{number} arrived") for who in ("Anna", "Ben")]
    told = [told_by(one) for one in texts]
    assert sorted("Booked in" in text for text in told) == [False, True], told
    assert found(house.store, number) == ("received", 10, 0, 10)
    assert_sound(house.store)


def test_a_process_that_is_killed_in_the_middle_is_gone_on_with(
    house: AssistantHouse, parser: Parser
) -> None:
    store = house.store
    # What the dead had begun is free for others after a while.
    later = AssistantHouse(store, parser, lambda: NOW + timedelta(hours=1))
    for run in range(TIMES):
        with process(store.url, "walk", "Anna", f"k{run}", f"k{run}") as walking:
            assert walking.stdout is not None
            walking.stdout.readline()
            time.sleep(0.4 + 0.35 * run)
            walking.send_signal(signal.SIGKILL)
        assert_sound(store)
        closed = Walk(Chat(later, later.user_named("Anna"), f"k{run}"), f"k{run}").all()
        order = the_order(store, closed)
        assert (order.status, order.lines[0].received_quantity) == ("closed", 8)
        assert on_hand(store) == 7 * (run + 1)
    assert_sound(store)
