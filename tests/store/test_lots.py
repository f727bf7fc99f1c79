"""Which lot goods belong to when they come in or turn up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.store.small_shop import TODAY, do, lots, open_shop
from tools.store import Adjust, NotEnough, Receive, Sell, Store, Undo

SOON, LATER, PAST = TODAY + timedelta(2), TODAY + timedelta(9), TODAY - timedelta(1)


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    return store


def test_goods_that_turn_up_belong_to_the_newest_lot_there(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(2), lot="A"))
    do(shop, Receive("P1", "SHOP", Decimal(2), lot="B"))
    do(shop, Adjust("P1", "SHOP", Decimal(3), "found"))
    do(shop, Adjust("P1", "STORE", Decimal(3), "found"))
    assert lots(shop, "P1", "SHOP") == {"A": 2, "B": 5}
    assert lots(shop, "P1", "STORE") == {"": 3}


def test_goods_that_turn_up_belong_to_no_lot_whose_receipt_was_undone(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(2), lot="A"))
    mistaken = do(shop, Receive("P1", "SHOP", Decimal(2), lot="B"))
    do(shop, Undo(mistaken.group_id))
    do(shop, Adjust("P1", "SHOP", Decimal(3), "found"))
    assert lots(shop, "P1", "SHOP") == {"A": 5}


def test_the_same_code_with_another_expiry_is_another_lot(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="A", expires_on=SOON))
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="A", expires_on=LATER))
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="A", expires_on=SOON))
    with shop.database.reading() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM lot").scalar_one()
    assert found == 2


def test_found_goods_do_not_join_a_lot_that_has_expired(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="A", expires_on=PAST))
    found = do(shop, Adjust("P1", "SHOP", Decimal(2), "found"))
    assert found.effects[0].lots == ()
    do(shop, Sell("P1", "SHOP", Decimal(2)))


def test_an_expiry_that_is_learned_later_belongs_to_the_lot(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="A"))
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="A", expires_on=PAST))
    with pytest.raises(NotEnough):
        do(shop, Sell("P1", "SHOP", Decimal(1)))
