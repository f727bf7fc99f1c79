"""What happens to the books when goods come, go, move and are counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.store.small_shop import ANN, NOW, TODAY, allow_negative, assert_sound, do, lots, on_hand, open_shop
from tools.store import (
    Adjust,
    Batch,
    BooksError,
    Count,
    NotEnough,
    Receive,
    Sell,
    Store,
    Transfer,
    Undo,
)

SOON, LATER, PAST = TODAY + timedelta(2), TODAY + timedelta(9), TODAY - timedelta(1)


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    return store


def sales(shop: Store) -> list[tuple[str, Decimal, Decimal, str]]:
    with shop.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT kind, quantity, amount, note FROM sale_line ORDER BY id")
        return [(kind, Decimal(q).scaleb(-3), Decimal(a).scaleb(-4), note) for kind, q, a, note in rows]


def test_received_goods_are_there_and_the_supplier_owes_them(shop: Store) -> None:
    applied = do(shop, Receive("P1", "SHOP", Decimal(10), supplier="ACME", document="DN 7"))
    assert on_hand(shop, "P1", "SHOP") == 10
    assert on_hand(shop, "P1", "@supplier") == -10
    assert [(effect.before, effect.after) for effect in applied.effects] == [(0, 10)]
    assert applied.summary == "receive"
    assert applied.position == 1
    assert_sound(shop)


def test_a_sale_moves_stock_to_the_customer_and_writes_a_sale_line(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(10)))
    do(shop, Sell("P1", "SHOP", Decimal(3), unit_price=Decimal("9.50")))
    assert on_hand(shop, "P1", "SHOP") == 7
    assert on_hand(shop, "P1", "@customer") == 3
    assert sales(shop) == [("sale", 3, Decimal("28.50"), "")]
    assert_sound(shop)


def test_a_sale_without_a_price_is_at_the_list_price(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(10)))
    do(shop, Sell("P1", "SHOP", Decimal("1.5")))
    assert sales(shop) == [("sale", Decimal("1.5"), Decimal("3.75"), "")]


def test_more_than_is_there_cannot_be_sold_and_nothing_is_half_done(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(2)))
    with pytest.raises(NotEnough) as refused:
        do(shop, Sell("P1", "SHOP", Decimal(3)))
    assert (refused.value.have, refused.value.wanted) == (2, 3)
    assert str(refused.value) == "only 2 of P1 at SHOP, not 3"
    assert on_hand(shop, "P1", "SHOP") == 2
    assert sales(shop) == []
    assert_sound(shop)


def test_where_the_shop_allows_it_stock_goes_below_zero_and_says_so(shop: Store) -> None:
    allow_negative(shop)
    do(shop, Receive("P1", "SHOP", Decimal(2), lot="A"))
    applied = do(shop, Sell("P1", "SHOP", Decimal(5)))
    assert lots(shop, "P1", "SHOP") == {"": -3}
    assert applied.notes == ("Product 1 at Shop is oversold by 3: please count it.",)
    assert_sound(shop)


def test_found_goods_first_pay_what_the_place_owes(shop: Store) -> None:
    allow_negative(shop)
    do(shop, Receive("P1", "SHOP", Decimal(2), lot="A"))
    do(shop, Sell("P1", "SHOP", Decimal(5)))
    do(shop, Adjust("P1", "SHOP", Decimal(4), "found"))
    assert lots(shop, "P1", "SHOP") == {"A": 1}


def test_what_a_place_owes_is_taken_off_what_can_leave_it(shop: Store) -> None:
    allow_negative(shop)
    do(shop, Sell("P1", "SHOP", Decimal(3)))
    do(shop, Receive("P1", "SHOP", Decimal(5), lot="A"))
    with shop.database.writing() as connection:
        connection.execute(text("UPDATE setting SET value = '0' WHERE key = 'allow_negative'"))
    with pytest.raises(NotEnough, match="only 2 of P1"):
        do(shop, Sell("P1", "SHOP", Decimal(3)))


def test_the_lot_that_expires_first_leaves_first_and_stock_without_a_lot_last(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(1)))
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="NODATE"))
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="LATER", expires_on=LATER))
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="SOON", expires_on=SOON))
    gone = [do(shop, Sell("P1", "SHOP", Decimal(1))).effects[0].lots for _ in range(4)]
    assert gone == [("SOON",), ("LATER",), ("NODATE",), ()]


def test_lots_of_the_same_expiry_leave_in_the_order_they_came(shop: Store) -> None:
    for lot in ("B", "A"):
        do(shop, Receive("P1", "SHOP", Decimal(2), lot=lot, expires_on=SOON))
    assert do(shop, Sell("P1", "SHOP", Decimal(3))).effects[0].lots == ("B", "A")
    assert lots(shop, "P1", "SHOP") == {"A": 1}


def test_expired_goods_are_never_sold_or_sent_but_can_be_thrown_away(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(4), lot="OLD", expires_on=PAST))
    do(shop, Receive("P1", "SHOP", Decimal(1), lot="NEW", expires_on=SOON))
    with pytest.raises(NotEnough, match=r"only 1 of P1 at SHOP, not 2 \(4 more expired or in quarantine\)"):
        do(shop, Sell("P1", "SHOP", Decimal(2)))
    with pytest.raises(NotEnough):
        do(shop, Transfer("P1", "SHOP", "STORE", Decimal(2)))
    do(shop, Adjust("P1", "SHOP", Decimal(-4), "expired"))
    assert lots(shop, "P1", "SHOP") == {"NEW": 1}
    assert on_hand(shop, "P1", "@scrap") == 4


def test_goods_can_still_be_sold_on_their_last_day(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(4), lot="TODAY", expires_on=TODAY))
    do(shop, Sell("P1", "SHOP", Decimal(4)))
    assert on_hand(shop, "P1", "SHOP") == 0


def test_quarantined_goods_are_never_sold(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(4), lot="BAD"))
    with shop.database.writing() as connection:
        connection.execute(text("UPDATE lot SET status = 'quarantine'"))
    with pytest.raises(NotEnough):
        do(shop, Sell("P1", "SHOP", Decimal(1)))


def test_an_adjustment_can_name_its_lot(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(2), lot="A", expires_on=SOON))
    do(shop, Receive("P1", "SHOP", Decimal(2), lot="B", expires_on=LATER))
    do(shop, Adjust("P1", "SHOP", Decimal(-1), "dented", lot="B"))
    assert lots(shop, "P1", "SHOP") == {"A": 2, "B": 1}
    with pytest.raises(NotEnough, match="only 1 of P1"):
        do(shop, Adjust("P1", "SHOP", Decimal(-2), "dented", lot="B"))
    with pytest.raises(BooksError, match="there is no lot C of P1"):
        do(shop, Adjust("P1", "SHOP", Decimal(1), lot="C"))


def test_a_transfer_keeps_the_lots(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(3), lot="A", expires_on=SOON))
    do(shop, Receive("P1", "SHOP", Decimal(3), lot="B", expires_on=LATER))
    applied = do(shop, Transfer("P1", "SHOP", "STORE", Decimal(4)))
    assert lots(shop, "P1", "STORE") == {"A": 3, "B": 1}
    assert [(e.location, e.before, e.after) for e in applied.effects] == [("SHOP", 6, 2), ("STORE", 0, 4)]
    assert_sound(shop)


def test_what_is_sent_is_on_the_road_until_it_arrives_and_may_arrive_short(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(10), lot="A", expires_on=SOON))
    do(shop, Transfer("P1", "SHOP", "STORE", Decimal(6), in_transit=True))
    assert (on_hand(shop, "P1", "SHOP"), on_hand(shop, "P1", "STORE")) == (4, 0)
    do(shop, Transfer("P1", "@transit", "STORE", Decimal(5)))
    do(shop, Adjust("P1", "@transit", Decimal(-1), "lost on the way"))
    assert (on_hand(shop, "P1", "@transit"), on_hand(shop, "P1", "STORE")) == (0, 5)
    with pytest.raises(NotEnough):
        do(shop, Transfer("P1", "@transit", "STORE", Decimal(1)))
    assert_sound(shop)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Sell("NONE", "SHOP", Decimal(1)), "there is no product NONE"),
        (Sell("P1", "MOON", Decimal(1)), "there is no place MOON"),
        (Sell("P1", "@supplier", Decimal(1)), "there is no place @supplier"),
        (Receive("P1", "@transit", Decimal(1)), "there is no place @transit"),
        (Receive("P1", "SHOP", Decimal(0)), "above zero"),
        (Receive("P1", "SHOP", Decimal(-1)), "above zero"),
        (Receive("P1", "SHOP", Decimal("0.0005")), "more than 3 decimal places"),
        (Receive("P1", "SHOP", Decimal("1e13")), "more than the books can hold"),
        (Receive("P1", "SHOP", Decimal("NaN")), "more than the books can hold"),
        (Receive("P1", "SHOP", Decimal(1), supplier="NOBODY"), "there is no supplier NOBODY"),
        (Receive("P1", "SHOP", Decimal(1), lot="L" * 65), "at most 64 characters"),
        (Transfer("P1", "SHOP", "SHOP", Decimal(1)), "is at Shop already"),
        (Adjust("P1", "SHOP", Decimal(0)), "above zero"),
        (Count("P1", "SHOP", Decimal(-1), 0), "above zero"),
        (Count("P1", "SHOP", Decimal(1), 99), "no position 99"),
        (Undo("nothing"), "there is no such change"),
        (Batch(()), "there is nothing to do"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(shop: Store, change: object, reason: str) -> None:
    with pytest.raises(BooksError, match=reason):
        do(shop, change)
    assert shop.stock.position() == 0


def test_a_price_finer_than_the_books_is_refused(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(1)))
    with pytest.raises(BooksError, match="more than 4 decimal places"):
        do(shop, Sell("P1", "SHOP", Decimal(1), unit_price=Decimal("0.00001")))


def test_a_count_of_what_is_there_moves_nothing_and_is_remembered(shop: Store) -> None:
    position = do(shop, Receive("P1", "SHOP", Decimal(10))).position
    applied = do(shop, Count("P1", "SHOP", Decimal(10), position))
    assert [(effect.before, effect.after) for effect in applied.effects] == [(10, 10)]
    assert shop.stock.position() == position


def test_sales_after_the_count_are_not_shrinkage(shop: Store) -> None:
    position = do(shop, Receive("P1", "SHOP", Decimal(10))).position
    do(shop, Sell("P1", "SHOP", Decimal(3)))
    do(shop, Count("P1", "SHOP", Decimal(10), position))
    assert on_hand(shop, "P1", "SHOP") == 7
    do(shop, Count("P1", "SHOP", Decimal(9), position))
    assert on_hand(shop, "P1", "SHOP") == 6


def test_two_people_who_count_the_same_shelf_do_not_correct_it_twice(shop: Store) -> None:
    position = do(shop, Receive("P1", "SHOP", Decimal(10))).position
    do(shop, Count("P1", "SHOP", Decimal(7), position))
    do(shop, Count("P1", "SHOP", Decimal(7), position))
    assert on_hand(shop, "P1", "SHOP") == 7


def test_an_undo_after_the_count_was_known_to_the_shelf(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(10)))
    mistaken = do(shop, Sell("P1", "SHOP", Decimal(3)))
    do(shop, Undo(mistaken.group_id))
    do(shop, Count("P1", "SHOP", Decimal(10), mistaken.position))
    assert on_hand(shop, "P1", "SHOP") == 10


def test_a_count_can_name_its_lot(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(4), lot="A"))
    position = do(shop, Receive("P1", "SHOP", Decimal(4), lot="B")).position
    do(shop, Count("P1", "SHOP", Decimal(1), position, lot="A"))
    do(shop, Count("P1", "SHOP", Decimal(6), position, lot="B"))
    assert lots(shop, "P1", "SHOP") == {"A": 1, "B": 6}


def test_a_count_takes_what_is_missing_from_the_first_expired(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(4), lot="OLD", expires_on=PAST))
    position = do(shop, Receive("P1", "SHOP", Decimal(4), lot="NEW", expires_on=SOON)).position
    do(shop, Count("P1", "SHOP", Decimal(5), position))
    assert lots(shop, "P1", "SHOP") == {"OLD": 1, "NEW": 4}


def test_a_count_that_later_sales_contradict_asks_to_count_again(shop: Store) -> None:
    position = do(shop, Receive("P1", "SHOP", Decimal(10))).position
    do(shop, Sell("P1", "SHOP", Decimal(8)))
    with pytest.raises(
        BooksError, match="moved since that count, and only 2 are left: please count it again"
    ):
        do(shop, Count("P1", "SHOP", Decimal(0), position))


def test_a_batch_happens_together_or_not_at_all(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    with pytest.raises(NotEnough):
        do(shop, Batch((Sell("P1", "SHOP", Decimal(2)), Sell("P2", "SHOP", Decimal(1)))))
    assert on_hand(shop, "P1", "SHOP") == 5
    assert sales(shop) == []


def test_a_batch_needs_the_sum_of_its_steps(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    with pytest.raises(NotEnough, match="only 5 of P1 at SHOP, not 6"):
        do(shop, Batch((Sell("P1", "SHOP", Decimal(3)), Sell("P1", "SHOP", Decimal(3)))))
    applied = do(shop, Batch((Sell("P1", "SHOP", Decimal(3)), Sell("P1", "SHOP", Decimal(2)))))
    assert [(effect.before, effect.after) for effect in applied.effects] == [(5, 0)]
    assert applied.summary == "sell"
    assert_sound(shop)


def test_the_same_request_takes_effect_once(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    first = shop.apply(Sell("P1", "SHOP", Decimal(2)), ANN, request_id="press", at=NOW)
    again = shop.apply(Sell("P1", "SHOP", Decimal("2.000")), ANN, request_id="press", at=NOW)
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.group_id, again.effects) == (first.group_id, first.effects)
    assert on_hand(shop, "P1", "SHOP") == 3
    assert shop.outcome("press") == first
    assert shop.outcome("another") is None


def test_a_request_id_cannot_be_used_for_another_change(shop: Store) -> None:
    shop.apply(Receive("P1", "SHOP", Decimal(5)), ANN, request_id="press", at=NOW)
    with pytest.raises(BooksError, match="same request id"):
        shop.apply(Receive("P1", "SHOP", Decimal(6)), ANN, request_id="press", at=NOW)
    with pytest.raises(BooksError, match="same request id"):
        shop.apply(Sell("P1", "SHOP", Decimal(5)), ANN, request_id="press", at=NOW)


def test_a_request_id_may_be_long_and_a_text_may_hold_anything(shop: Store) -> None:
    change = Adjust("P1", "SHOP", Decimal(5), reason="found\0 behind the shelf " + "x" * 500)
    first = shop.apply(change, ANN, request_id="r" * 5000, at=NOW)
    assert shop.apply(change, ANN, request_id="r" * 5000, at=NOW).group_id == first.group_id
    with pytest.raises(BooksError, match="needs a request id"):
        shop.apply(change, ANN, request_id="", at=NOW)


def test_text_that_no_database_can_hold_is_kept_as_far_as_it_can_be(shop: Store) -> None:
    half = "\ud83d"
    do(shop, Receive("P1", "SHOP", Decimal(5), document=half))
    shop.apply(Adjust("P1", "SHOP", Decimal(1), reason=half), ANN, request_id=half, at=NOW)
    assert shop.outcome(half) is not None
    with pytest.raises(BooksError, match="on one line"):
        do(shop, Receive("P1", "SHOP", Decimal(5), lot=half))
    assert_sound(shop)


def test_more_money_than_the_books_can_hold_is_refused(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(10) ** 12))
    with pytest.raises(BooksError, match="more money than the books can hold"):
        do(shop, Sell("P1", "SHOP", Decimal(10) ** 12, unit_price=Decimal(10) ** 9))


def test_backdating_is_only_a_label(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)), day=date(2026, 3, 9))
    do(shop, Sell("P1", "SHOP", Decimal(1)), day=date(2026, 3, 1))
    assert on_hand(shop, "P1", "SHOP") == 4
    with shop.database.reading() as connection:
        days = connection.exec_driver_sql("SELECT sold_on FROM sale_line").scalars().all()
    assert [str(day) for day in days] == ["2026-03-01"]


def test_the_time_of_a_sale_is_kept_as_the_shops_clock_showed_it(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.execute(text("INSERT INTO setting (key, value) VALUES ('time_zone', 'Asia/Kolkata')"))
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    do(shop, Sell("P1", "SHOP", Decimal(1), sold_at=datetime(2026, 3, 9, 20, 0, tzinfo=UTC)))
    with shop.database.reading() as connection:
        sold_on, sold_at = connection.exec_driver_sql("SELECT sold_on, sold_at FROM sale_line").one()
    assert (str(sold_on), str(sold_at)[:16]) == ("2026-03-10", "2026-03-10 01:30")


@pytest.mark.parametrize("table", ["stock_move", "audit_event"])
@pytest.mark.parametrize("attack", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
def test_the_past_cannot_be_changed(shop: Store, table: str, attack: str) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    with pytest.raises(DatabaseError, match="append-only"), shop.database.writing() as connection:
        connection.exec_driver_sql(attack.format(table))


def test_the_past_cannot_be_replaced(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    attack = {
        "sqlite": "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
        "postgresql": "TRUNCATE audit_event",
    }[shop.dialect]
    with pytest.raises(DatabaseError, match="append-only"), shop.database.writing() as connection:
        connection.exec_driver_sql(attack)


def test_every_change_leaves_one_event_in_the_audit_log(shop: Store) -> None:
    do(shop, Receive("P1", "SHOP", Decimal(5)))
    do(shop, Sell("P1", "SHOP", Decimal(1)))
    events = list(shop.audit.rows(10))
    assert [(event.actor, event.action, event.subject) for event in events] == [
        ("ann", "sell", "P1"),
        ("ann", "receive", "P1"),
    ]
    assert shop.audit.verify() is None
