"""Promises: what can still be promised, and what happens to what was."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.store.small_shop import ANN, NOW, TODAY, assert_sound, do, open_shop
from tools.store import Adjust, BooksError, Hold, NotEnough, Receive, Sell, Store


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    do(store, Receive("P1", "SHOP", Decimal(6)))
    do(store, Receive("P1", "STORE", Decimal(4)))
    return store


def reserve(shop: Store, ref: str, *holds: Hold, minutes: int | None = None) -> tuple[int, ...]:
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    return shop.reserve(holds, for_type="order", for_ref=ref, actor=ANN, at=NOW, expires_at=until)


def test_no_more_is_promised_than_there_is_anywhere(shop: Store) -> None:
    reserve(shop, "1", Hold("P1", Decimal(7)))
    with pytest.raises(NotEnough, match="only 3 of P1 at anywhere, not 4"):
        reserve(shop, "2", Hold("P1", Decimal(4)))
    reserve(shop, "3", Hold("P1", Decimal(3)))
    assert_sound(shop)


def test_no_more_is_promised_at_a_place_than_there_is(shop: Store) -> None:
    with pytest.raises(NotEnough, match="only 4 of P1 at STORE, not 5"):
        reserve(shop, "1", Hold("P1", Decimal(5), "STORE"))
    reserve(shop, "1", Hold("P1", Decimal(4), "STORE"))
    with pytest.raises(NotEnough):
        reserve(shop, "2", Hold("P1", Decimal(7)))


def test_two_lines_of_one_order_count_together(shop: Store) -> None:
    with pytest.raises(NotEnough, match="only 10 of P1 at anywhere, not 12"):
        reserve(shop, "1", Hold("P1", Decimal(6)), Hold("P1", Decimal(6)))
    assert len(reserve(shop, "1", Hold("P1", Decimal(5)), Hold("P1", Decimal(5)))) == 2


def test_expired_and_quarantined_goods_are_never_promised(shop: Store) -> None:
    do(shop, Receive("P2", "SHOP", Decimal(5), lot="OLD", expires_on=TODAY - timedelta(1)))
    with pytest.raises(NotEnough):
        reserve(shop, "1", Hold("P2", Decimal(1)))


def test_the_same_order_reserves_once(shop: Store) -> None:
    first = reserve(shop, "1", Hold("P1", Decimal(7)))
    assert reserve(shop, "1", Hold("P1", Decimal(7))) == first
    with pytest.raises(BooksError, match="something else is held"):
        reserve(shop, "1", Hold("P1", Decimal(6)))


def test_what_is_released_used_or_expired_is_held_no_longer(shop: Store) -> None:
    reserve(shop, "1", Hold("P1", Decimal(10)))
    assert shop.release("order", "1", actor=ANN, at=NOW) == 1
    reserve(shop, "2", Hold("P1", Decimal(10)))
    assert shop.release("order", "2", actor=ANN, at=NOW, used=True) == 1
    assert shop.release("order", "2", actor=ANN, at=NOW) == 0
    reserve(shop, "3", Hold("P1", Decimal(10)), minutes=5)
    later = NOW + timedelta(minutes=5)
    shop.reserve([Hold("P1", Decimal(9))], for_type="order", for_ref="4", actor=ANN, at=later)
    with shop.database.reading() as connection:
        states = connection.exec_driver_sql("SELECT for_ref, state FROM reservation ORDER BY for_ref").all()
    assert [tuple(row) for row in states] == [
        ("1", "released"),
        ("2", "used"),
        ("3", "expired"),
        ("4", "held"),
    ]
    assert shop.expire_reservations(later) == 0


def test_what_happened_is_booked_even_where_it_breaks_a_promise_and_it_is_told(shop: Store) -> None:
    reserve(shop, "1", Hold("P1", Decimal(9)))
    assert do(shop, Sell("P1", "SHOP", Decimal(1))).notes == ()
    broken = do(shop, Adjust("P1", "SHOP", Decimal(-2), "broken"))
    assert broken.notes == ("9 of Product 1 are promised to customers, and only 7 are there to give.",)
    assert do(shop, Adjust("P1", "SHOP", Decimal(-1), "broken")).notes == ()
    assert shop.doctor()[-1].what == "9 of P1 are promised, 6 are there"
    assert_sound(shop)
