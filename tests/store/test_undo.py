"""Undo: what it brings back, and what stands in its way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.store.small_shop import ANN, NOW, TODAY, allow_negative, assert_sound, do, lots, on_hand, open_shop
from tools.store import Actor, Adjust, Batch, BooksError, Count, Receive, Sell, Store, Transfer, Undo

BOB = Actor("bob", "test", conversation="till")


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    do(store, Receive("P1", "SHOP", Decimal(10), lot="A", expires_on=TODAY + timedelta(5)))
    return store


def test_undoing_a_sale_brings_goods_and_money_back_on_the_day_of_the_sale(shop: Store) -> None:
    sold = do(shop, Sell("P1", "SHOP", Decimal(3)), day=TODAY - timedelta(1))
    undone = do(shop, Undo(sold.group_id))
    assert lots(shop, "P1", "SHOP") == {"A": 10}
    assert (undone.summary, undone.reversed_group) == ("undo", sold.group_id)
    assert [(effect.before, effect.after, effect.lots) for effect in undone.effects] == [(7, 10, ("A",))]
    with shop.database.reading() as connection:
        lines = connection.exec_driver_sql(
            "SELECT kind, sold_on, quantity, amount, note FROM sale_line"
        ).all()
    assert [(kind, str(day), note) for kind, day, _, _, note in lines] == [
        ("sale", "2026-03-09", ""),
        ("sale", "2026-03-09", "undone"),
    ]
    assert sum(line[2] for line in lines) == sum(line[3] for line in lines) == 0
    assert_sound(shop)


def test_nothing_is_deleted_by_an_undo(shop: Store) -> None:
    before = shop.stock.position()
    sold = do(shop, Sell("P1", "SHOP", Decimal(3)))
    do(shop, Undo(sold.group_id))
    assert shop.stock.position() == before + 2


def test_a_transfer_a_batch_and_an_adjustment_can_be_undone(shop: Store) -> None:
    steps = (Transfer("P1", "SHOP", "STORE", Decimal(4)), Sell("P1", "STORE", Decimal(1)))
    for change in (*steps[:1], Batch(steps), Adjust("P1", "SHOP", Decimal(-2), "broken")):
        applied = do(shop, change)
        do(shop, Undo(applied.group_id))
        assert (on_hand(shop, "P1", "SHOP"), on_hand(shop, "P1", "STORE")) == (10, 0)
    assert_sound(shop)


def test_nothing_is_undone_twice(shop: Store) -> None:
    sold = do(shop, Sell("P1", "SHOP", Decimal(3)))
    undone = do(shop, Undo(sold.group_id))
    with pytest.raises(BooksError, match="it was undone already"):
        do(shop, Undo(sold.group_id))
    with pytest.raises(BooksError, match="that was an undo itself"):
        do(shop, Undo(undone.group_id))


def test_a_receipt_whose_goods_have_left_cannot_be_undone(shop: Store) -> None:
    received = do(shop, Receive("P1", "SHOP", Decimal(5), lot="B", expires_on=TODAY + timedelta(1)))
    do(shop, Sell("P1", "SHOP", Decimal(3)))
    reason = "only 2 of Product 1 (lot B) are left at Shop, and 5 would have to go back"
    assert shop.undo_blocker(received.group_id) == reason
    with pytest.raises(BooksError) as refused:
        do(shop, Undo(received.group_id))
    assert str(refused.value) == reason
    assert_sound(shop)


def test_what_was_sent_and_has_arrived_cannot_be_called_back(shop: Store) -> None:
    sent = do(shop, Transfer("P1", "SHOP", "STORE", Decimal(4), in_transit=True))
    arrived = do(shop, Transfer("P1", "@transit", "STORE", Decimal(4)))
    assert "On the road" in str(shop.undo_blocker(sent.group_id))
    do(shop, Undo(arrived.group_id))
    do(shop, Undo(sent.group_id))
    assert on_hand(shop, "P1", "SHOP") == 10


def test_what_was_counted_since_cannot_be_undone(shop: Store) -> None:
    sold = do(shop, Sell("P1", "SHOP", Decimal(3)))
    counted = do(shop, Count("P1", "SHOP", Decimal(7), sold.position))
    assert shop.undo_blocker(sold.group_id) == "Product 1 at Shop was counted since, by ann on 10 Mar 2026"
    do(shop, Undo(counted.group_id))
    assert shop.undo_blocker(sold.group_id) is None


def test_a_count_elsewhere_or_of_another_lot_stands_in_no_way(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5), lot="B", expires_on=TODAY + timedelta(9)))
    sold = do(shop, Sell("P1", "SHOP", Decimal(3)))
    do(shop, Count("P1", "STORE", Decimal(0), sold.position))
    do(shop, Count("P1", "SHOP", Decimal(5), sold.position, lot="B"))
    assert shop.undo_blocker(sold.group_id) is None
    do(shop, Count("P1", "SHOP", Decimal(7), sold.position, lot="A"))
    assert shop.undo_blocker(sold.group_id) is not None


def test_a_sale_after_the_moment_of_the_count_can_still_be_undone(shop: Store) -> None:
    counted_at = shop.stock.position()
    sold = do(shop, Sell("P1", "SHOP", Decimal(3)))
    do(shop, Count("P1", "SHOP", Decimal(9), counted_at))
    do(shop, Undo(sold.group_id))
    assert on_hand(shop, "P1", "SHOP") == 9


def test_a_count_can_be_undone_once_and_not_under_a_later_count(shop: Store) -> None:
    first = do(shop, Count("P1", "SHOP", Decimal(8), shop.stock.position()))
    second = do(shop, Count("P1", "SHOP", Decimal(8), shop.stock.position()))
    assert shop.undo_blocker(first.group_id) is not None
    do(shop, Undo(second.group_id))
    assert shop.undo_blocker(second.group_id) == "it was undone already"
    do(shop, Undo(first.group_id))
    assert on_hand(shop, "P1", "SHOP") == 10
    assert_sound(shop)


def test_a_count_that_a_second_count_of_the_same_moment_confirmed_stands(shop: Store) -> None:
    moment = shop.stock.position()
    first = do(shop, Count("P1", "SHOP", Decimal(8), moment))
    do(shop, Count("P1", "SHOP", Decimal(8), moment))
    assert shop.undo_blocker(first.group_id) is not None


def test_where_stock_may_be_below_zero_an_undo_may_take_it_there_and_says_so(shop: Store) -> None:
    allow_negative(shop)
    found = do(shop, Adjust("P2", "SHOP", Decimal(5), "found"))
    do(shop, Sell("P2", "SHOP", Decimal(4)))
    undone = do(shop, Undo(found.group_id))
    assert on_hand(shop, "P2", "SHOP") == -4
    assert undone.notes == ("Product 2 at Shop is oversold by 4: please count it.",)


def test_the_latest_changes_of_a_person_in_a_conversation_can_be_undone(shop: Store) -> None:
    sold = do(shop, Sell("P1", "SHOP", Decimal(1)))
    do(shop, Sell("P1", "SHOP", Decimal(1)), actor=BOB)
    adjusted = do(shop, Adjust("P1", "SHOP", Decimal(-1), "broken"))
    newest = [change.group_id for change in shop.undoable("till", "ann")]
    assert newest[:2] == [adjusted.group_id, sold.group_id]
    do(shop, Undo(adjusted.group_id))
    after = shop.undoable("till", "ann", limit=1)
    assert [(change.group_id, change.applied.summary) for change in after] == [(sold.group_id, "sell")]
    assert shop.undoable("elsewhere", "ann") == []


def test_an_undo_asked_twice_under_one_id_is_done_once(shop: Store) -> None:
    sold = do(shop, Sell("P1", "SHOP", Decimal(1)))
    first = shop.apply(Undo(sold.group_id), ANN, request_id="undo", at=NOW)
    again = shop.apply(Undo(sold.group_id), ANN, request_id="undo", at=NOW)
    assert again.repeated
    assert again.effects == first.effects
