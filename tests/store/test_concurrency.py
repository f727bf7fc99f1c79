"""Many writers at once; ``bench/books.py writers`` does the same at full size."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.small_shop import ANN, NOW, assert_sound, do, on_hand, open_shop
from tools.store import BooksError, Change, Count, Hold, NotEnough, Receive, Sell, Store, Transfer, Undo

ROOT = Path(__file__).parents[2]
PEOPLE, CHANGES = 12, 25

SELLER = """
import sys
sys.path.insert(0, sys.argv[3])
from decimal import Decimal
from tests.store.small_shop import ANN, NOW
from tools.store import NotEnough, Sell, open_store
store = open_store(sys.argv[1])
for number in range(60):
    try:
        store.apply(Sell("P1", "SHOP", Decimal(1)), ANN, request_id=f"{sys.argv[2]}-{number}", at=NOW)
    except NotEnough:
        print("short")
store.close()
"""


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    return store


def together(work: Callable[[int], object], people: int = PEOPLE) -> None:
    """Everybody at once; what one of them met is raised."""
    with ThreadPoolExecutor(people) as pool:
        list(pool.map(work, range(people)))


def random_change(chance: random.Random) -> Change:
    sku, place = f"P{chance.randint(1, 3)}", chance.choice(["SHOP", "STORE"])
    quantity = Decimal(chance.randint(1, 5))
    return chance.choice(
        [
            Receive(sku, place, quantity, lot=chance.choice(["", "A", "B"])),
            Sell(sku, place, quantity),
            Transfer(sku, place, "STORE" if place == "SHOP" else "SHOP", quantity),
        ]
    )


def test_what_many_people_do_at_once_adds_up(shop: Store) -> None:
    def work(person: int) -> None:
        chance = random.Random(person)
        for number in range(CHANGES):
            try:
                shop.apply(random_change(chance), ANN, request_id=f"{person}-{number}", at=NOW)
            except NotEnough:
                continue

    together(work)
    assert_sound(shop)


def test_the_last_ones_are_sold_once(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    sold: list[int] = []

    def work(person: int) -> None:
        try:
            shop.apply(Sell("P1", "SHOP", Decimal(1)), ANN, request_id=f"sale-{person}", at=NOW)
            sold.append(person)
        except NotEnough:
            pass

    together(work)
    assert len(sold) == 5
    assert on_hand(shop, "P1", "SHOP") == 0
    assert_sound(shop)


def test_a_request_that_arrives_many_times_at_once_takes_effect_once(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(50)))
    outcomes = []
    together(
        lambda _: outcomes.append(
            shop.apply(Sell("P1", "SHOP", Decimal(2)), ANN, request_id="button", at=NOW)
        )
    )
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * (PEOPLE - 1)
    assert on_hand(shop, "P1", "SHOP") == 48


def test_an_undo_pressed_by_many_at_once_is_done_once(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(50)))
    sold = do(shop, Sell("P1", "SHOP", Decimal(2)))
    refused: list[str] = []

    def work(person: int) -> None:
        try:
            shop.apply(Undo(sold.group_id), ANN, request_id=f"undo-{person}", at=NOW)
        except BooksError as error:
            refused.append(str(error))

    together(work)
    assert refused == ["it was undone already"] * (PEOPLE - 1)
    assert on_hand(shop, "P1", "SHOP") == 50


def test_a_count_during_sales_finds_no_shrinkage(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(1000)))

    def work(person: int) -> None:
        for number in range(CHANGES):
            if person == 0 and number % 5 == 0:
                position = shop.stock.position()
                before = [move for move in shop.stock.movements(["P1"], limit=10_000) if move.seq <= position]
                there = sum(
                    (move.quantity if move.destination == "SHOP" else -move.quantity for move in before),
                    Decimal(0),
                )
                change: Change = Count("P1", "SHOP", there, position)
            else:
                change = Sell("P1", "SHOP", Decimal(1))
            shop.apply(change, ANN, request_id=f"{person}-{number}", at=NOW)

    together(work)
    assert on_hand(shop, "P1", "@adjustment") == 0
    assert_sound(shop)


def test_no_more_is_promised_at_once_than_there_is(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(7)))
    held: list[int] = []

    def work(person: int) -> None:
        try:
            shop.reserve([Hold("P1", Decimal(2))], for_type="order", for_ref=str(person), actor=ANN, at=NOW)
            held.append(person)
        except NotEnough:
            pass

    together(work)
    assert len(held) == 3
    assert_sound(shop)


def test_a_write_inside_a_write_is_refused_at_once(shop: Store) -> None:
    with shop.database.writing(), pytest.raises(RuntimeError, match="inside another"):
        do(shop, Receive("P1", "SHOP", Decimal(1)))
    do(shop, Receive("P1", "SHOP", Decimal(1)))
    assert on_hand(shop, "P1", "SHOP") == 1


def test_processes_share_the_books(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(100)))
    command = [sys.executable, "-c", SELLER, shop.url]
    sellers = [
        subprocess.Popen([*command, str(number), str(ROOT)], stdout=subprocess.PIPE, text=True)
        for number in range(3)
    ]
    said = [seller.communicate(timeout=120)[0] for seller in sellers]
    assert [seller.returncode for seller in sellers] == [0, 0, 0]
    assert sum(text.count("short") for text in said) == 80
    assert on_hand(shop, "P1", "SHOP") == 0
    assert_sound(shop)
