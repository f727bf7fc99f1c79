"""What is where, as the tiny shop's books say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from tests.shop import ANNA, APPLES, BIG_RED, BLUE, MILK, NOW, RED, TEA, TODAY, tiny_shop
from tools.store import Adjust, Batch, Count, Level, Sell, Store, Transfer, Undo
from tools.store.tables import LotRow, PurchaseOrderLineRow, ReservationRow


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def by_place(levels: list[Level]) -> dict[tuple[str, str | None], tuple[int, int, int, int]]:
    return {
        (level.sku, level.location): (
            int(level.on_hand),
            int(level.reserved),
            int(level.unusable),
            int(level.on_order),
        )
        for level in levels
    }


def test_every_product_has_a_row_for_each_place_with_anything_non_zero(shop: Store) -> None:
    assert by_place(shop.stock.levels(today=TODAY)) == {
        (RED, "HIGH"): (12, 0, 0, 0),
        (RED, "HARB"): (5, 0, 0, 0),
        (RED, "WH"): (40, 0, 0, 24),
        (RED, None): (0, 2, 0, 0),
        (BIG_RED, "HIGH"): (3, 0, 0, 0),
        (BIG_RED, "WH"): (18, 0, 0, 8),
        (BLUE, "HIGH"): (7, 0, 0, 0),
        (MILK, "FRIDGE"): (34, 0, 4, 0),
        (MILK, "HIGH"): (6, 0, 0, 0),
        (MILK, None): (0, 3, 0, 0),
        (APPLES, "HIGH"): (12, 0, 0, 0),
    }


def test_levels_come_by_sku_and_are_exact(shop: Store) -> None:
    levels = shop.stock.levels(today=TODAY)
    assert [level.sku for level in levels] == sorted(level.sku for level in levels)
    (apples,) = shop.stock.levels([APPLES], today=TODAY)
    assert apples.on_hand == apples.available == Decimal("12.5")


def test_named_places_leave_out_what_is_promised_from_nowhere(shop: Store) -> None:
    assert by_place(shop.stock.levels([RED], locations=["HIGH", "WH"], today=TODAY)) == {
        (RED, "HIGH"): (12, 0, 0, 0),
        (RED, "WH"): (40, 0, 0, 24),
    }


def test_nothing_is_found_for_no_products_no_places_and_strangers(shop: Store) -> None:
    assert shop.stock.levels([], today=TODAY) == []
    assert shop.stock.levels([RED], locations=[], today=TODAY) == []
    assert shop.stock.levels(["NO-SUCH", TEA], today=TODAY) == []
    assert shop.stock.levels(locations=["@supplier", "NOWHERE"], today=TODAY) == []


def test_totals_are_the_levels_summed_over_the_places(shop: Store) -> None:
    assert by_place(shop.stock.totals(today=TODAY)) == {
        (RED, None): (57, 2, 0, 24),
        (BIG_RED, None): (21, 0, 0, 8),
        (BLUE, None): (7, 0, 0, 0),
        (MILK, None): (40, 3, 4, 0),
        (APPLES, None): (12, 0, 0, 0),
    }
    assert by_place(shop.stock.totals([MILK], locations=["FRIDGE"], today=TODAY)) == {
        (MILK, None): (34, 0, 4, 0)
    }


def test_milk_that_expires_today_can_still_be_sold_and_tomorrow_it_cannot(shop: Store) -> None:
    last_day = TODAY + timedelta(days=2)
    assert shop.stock.totals([MILK], today=last_day)[0].unusable == 4
    assert shop.stock.totals([MILK], today=last_day + timedelta(days=1))[0].unusable == 20


def test_a_quarantined_lot_is_on_hand_but_not_available(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.execute(update(LotRow).where(LotRow.code == "M2").values(status="quarantined"))
    (milk,) = shop.stock.totals([MILK], today=TODAY)
    assert (milk.on_hand, milk.unusable, milk.available) == (40, 24, 13)


def test_only_held_reservations_that_have_not_run_out_count(shop: Store) -> None:
    (product,) = (product.id for product in [shop.catalogue().products[BLUE]])
    held = {"product_id": product, "for_type": "order", "for_ref": "9", "created_at": NOW, "actor": "x"}
    with shop.database.writing() as connection:
        for quantity, state, expires_at in (
            (1, "held", NOW + timedelta(hours=1)),
            (2, "held", NOW - timedelta(days=1)),
            (4, "released", None),
        ):
            row = {**held, "quantity": quantity, "state": state, "expires_at": expires_at}
            connection.execute(insert(ReservationRow).values(**row))
    assert shop.stock.totals([BLUE], today=TODAY)[0].reserved == 1


def test_a_line_closed_short_is_not_on_order(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.execute(update(PurchaseOrderLineRow).values(closed_short=True))
    assert all(level.on_order == 0 for level in shop.stock.levels(today=TODAY))
    assert all(line.outstanding == 0 for line in shop.purchasing.lines())


def test_thousands_of_skus_are_one_question(shop: Store) -> None:
    many = [RED, *(f"NO-{number}" for number in range(20_000))]
    assert by_place(shop.stock.totals(many, today=TODAY)) == {(RED, None): (57, 2, 0, 24)}


def test_lots_come_first_expired_first_out(shop: Store) -> None:
    lots = [
        (lot.lot, lot.location, int(lot.quantity), lot.status) for lot in shop.stock.lots([MILK], today=TODAY)
    ]
    assert lots == [
        ("M0", "FRIDGE", 4, "expired"),
        ("M1", "FRIDGE", 10, "good"),
        ("M1", "HIGH", 6, "good"),
        ("M2", "FRIDGE", 20, "good"),
    ]
    assert shop.stock.lots(today=TODAY)[-1].expires_on is None


def test_lots_that_expire_by_a_day_and_at_a_place(shop: Store) -> None:
    soon = shop.stock.lots(locations=["HIGH"], expires_to=TODAY + timedelta(days=7), today=TODAY)
    assert [(lot.sku, lot.lot, lot.expires_on) for lot in soon] == [(MILK, "M1", date(2026, 3, 18))]


def test_movements_come_newest_first_and_name_their_ends(shop: Store) -> None:
    move = Transfer(RED, "WH", "HIGH", Decimal(10))
    applied = shop.apply(move, ANNA, request_id="move", at=NOW)
    newest = shop.stock.movements([RED], limit=1)[0]
    assert (newest.source, newest.destination, newest.quantity) == ("WH", "HIGH", Decimal(10))
    assert (newest.seq, newest.group_id, newest.actor) == (applied.position, applied.group_id, "Anna Bell")
    assert shop.stock.position() == applied.position
    assert [one.seq for one in shop.stock.group(applied.group_id)] == [newest.seq]


def test_movements_of_some_days_and_places(shop: Store) -> None:
    shop.apply(
        Adjust(RED, "HARB", Decimal(-1), "broken"), ANNA, request_id="a", at=NOW, day=date(2026, 3, 10)
    )
    assert [m.reason for m in shop.stock.movements(last=date(2026, 3, 12))] == ["broken"]
    assert {
        m.destination for m in shop.stock.movements([RED], first=date(2026, 3, 13), locations=["HARB"])
    } == {"HARB"}
    assert shop.stock.movements([RED], locations=["FRIDGE"]) == []


def test_movements_tell_the_lot(shop: Store) -> None:
    assert {m.lot for m in shop.stock.movements([MILK])} == {"M0", "M1", "M2"}
    assert {m.lot for m in shop.stock.movements([RED])} == {""}


def test_the_end_of_each_day_follows_business_days_not_the_order_of_writing(shop: Store) -> None:
    shop.apply(Sell(RED, "HIGH", Decimal(2)), ANNA, request_id="s", at=NOW)
    late = Adjust(RED, "HIGH", Decimal(-3), "found broken")
    shop.apply(late, ANNA, request_id="late", at=NOW, day=TODAY + timedelta(days=1))
    days = shop.stock.daily(
        [RED], locations=["HIGH"], first=TODAY - timedelta(days=1), last=TODAY + timedelta(days=1)
    )
    assert [int(quantity) for _, quantity in days] == [0, 10, 7]
    assert [day for day, _ in days] == [TODAY + timedelta(days=number) for number in (-1, 0, 1)]
    assert shop.stock.daily([RED], locations=["HIGH"], first=TODAY, last=TODAY) == [(TODAY, Decimal(10))]


def test_moving_between_two_places_changes_neither_sum_of_both(shop: Store) -> None:
    shop.apply(Transfer(RED, "WH", "HIGH", Decimal(10)), ANNA, request_id="move", at=NOW)
    assert shop.stock.daily([RED], first=TODAY, last=TODAY) == [(TODAY, Decimal(57))]
    assert shop.stock.daily([RED], locations=["WH"], first=TODAY, last=TODAY) == [(TODAY, Decimal(30))]


def test_the_last_count_of_each_product_and_place_is_known(shop: Store) -> None:
    counted = Batch(tuple(Count(RED, place, Decimal(9), shop.stock.position()) for place in ("HIGH", "WH")))
    shop.apply(counted, ANNA, request_id="count", at=NOW)
    assert shop.stock.last_counted([RED, BLUE]) == {(RED, "HIGH"): NOW, (RED, "WH"): NOW}
    assert shop.stock.last_counted(locations=["WH"]) == {(RED, "WH"): NOW}


def test_a_count_that_was_undone_is_no_count(shop: Store) -> None:
    count = Count(RED, "HIGH", Decimal(9), shop.stock.position())
    applied = shop.apply(count, ANNA, request_id="count", at=NOW)
    shop.apply(Undo(applied.group_id), ANNA, request_id="undo", at=NOW)
    assert shop.stock.last_counted([RED]) == {}


def test_the_latest_reading_says_that_the_fridge_is_too_warm(shop: Store) -> None:
    (reading,) = shop.stock.sensor_readings()
    assert (reading.sensor.code, reading.value, reading.read_at) == ("FRG-T1", 5.6, datetime(2026, 3, 16, 8))
    assert reading.too_high
    assert not reading.too_low


@pytest.mark.parametrize("strange", ["\0", "MUG\0", "\ud800", "'; DROP TABLE product; --", "%", "é" * 5_000])
def test_strange_codes_match_nothing_and_break_nothing(shop: Store, strange: str) -> None:
    assert shop.stock.levels([strange], today=TODAY) == []
    assert shop.stock.levels([RED], locations=[strange], today=TODAY) == []
    assert shop.stock.movements([strange]) == []
    assert shop.stock.group(strange) == []
    assert shop.sales.totals(first=TODAY, last=TODAY, skus=[strange])[0].lines == 0
    assert shop.sales.customer_orders(order_no=strange) == []
    assert shop.purchasing.lines(supplier=strange, po_no=strange) == []
    assert shop.people.of_slack(strange) is None
    assert shop.people.find(strange) is None
    assert shop.people.user_of_token(strange, "personal") is None
    assert shop.talk.action(strange) is None
    assert not shop.talk.claim(strange, strange, NOW)
