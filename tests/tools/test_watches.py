"""What the assistant sees by itself in a shop: few things, grouped, with what mends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from tests.shop import ANNA, APPLES, BIG_RED, BLUE, MILK, NOW, RED, TODAY
from tests.tools.test_reorder import forecast, forecasted, without_stock
from tools.kit import Ask
from tools.kit.watch import THE_SHOP, Sighting, Urgency, all_watches
from tools.kit.watching import gathered
from tools.store import Adjust, Count, Receive, Store
from tools.store.catalogue import bump
from tools.store.incidents import Incidents
from tools.store.incidents_facts import Found
from tools.store.tables import SensorReadingRow, SensorRow


def look(store: Store, rule: str, at: datetime = NOW) -> list[Sighting]:
    return list(all_watches()[rule].look(Ask(store, THE_SHOP, at, position=store.stock.position())))


def labels(sighting: Sighting) -> list[str]:
    return [button.label for button in sighting.reply.buttons]


def opened(store: Store, sighting: Sighting) -> None:
    found = Found(
        *(sighting.key, sighting.rule, sighting.subject, sighting.location, sighting.urgency.value),
        *(sighting.right.value, sighting.value, "{}"),
    )
    Incidents(store.database).record({sighting.rule: [found]}, NOW, lambda _situation: ())


# -- low and out ---------------------------------------------------------------------------------


def low_on_red(shop: Store) -> Store:
    """Four red mugs left, two wanted a day, ten days to a delivery, and nothing on order."""
    shop = without_stock(shop)
    shop.apply(Receive(RED, "HIGH", Decimal(6)), ANNA, request_id="six red mugs", at=NOW)
    return forecasted(shop, forecast(RED, 14))


def test_what_runs_out_before_a_delivery_is_told_with_days_lead_time_and_an_order(shop: Store) -> None:
    (seen,) = look(low_on_red(shop), "stock.low")
    assert seen.key == f"stock.low:{RED}:"
    assert seen.reply.text == (
        "Red Mug 350ml runs low: 4 left, about 2 days' worth. About 2 sell a day; "
        "Acme Ceramics takes 10 days. Nothing is on order."
    )
    assert seen.urgency is Urgency.TODAY
    assert labels(seen) == ["Order 48", "Why?"]
    order, why = (button.call for button in seen.reply.buttons)
    assert (order.intent, dict(order.slots)) == ("reorder.create", {"products": [RED], "quantity": 48.0})
    assert (why.intent, dict(why.slots)) == ("reorder.suggest", {"products": [RED]})
    assert seen.products == (RED,)


def test_without_a_forecast_the_pace_and_a_shops_own_reorder_point_count(shop: Store) -> None:
    assert look(shop, "stock.low") == []
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE product SET reorder_point = 200000 WHERE sku = 'MUG-BLU-350'")
        bump(connection)
    (seen,) = look(shop, "stock.low")
    assert seen.reply.text == (
        "Blue Mug 350ml runs low: 7 left. Acme Ceramics takes 10 days. PO-1043 waits for a yes."
    )
    assert labels(seen) == ["Approve PO-1043", "Why?"]


def test_what_comes_in_time_is_no_alert(shop: Store) -> None:
    forecasted(shop, forecast(RED, 7))
    assert look(shop, "stock.low") == []


def test_what_is_low_only_by_the_next_look_waits_for_the_digest_by_supplier(shop: Store) -> None:
    (seen,) = look(forecasted(shop, forecast(RED, 28)), "stock.low")
    assert (seen.subject, seen.urgency) == ("order:ACME", Urgency.DIGEST)
    assert seen.reply.text.startswith(
        "1 product from Acme Ceramics is due to be ordered: Red Mug 350ml (55 left"
    )
    assert labels(seen) == ["What to order"]


def test_many_of_one_supplier_are_one_message_with_one_action(shop: Store) -> None:
    skus = (RED, BIG_RED, BLUE)
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE purchase_order SET status = 'cancelled'")
    (seen,) = look(forecasted(shop, *(forecast(sku, 140) for sku in skus)), "stock.low")
    assert seen.subject == "supplier:ACME"
    assert seen.reply.text.startswith(
        "3 products from Acme Ceramics may run out before a delivery can be here: "
    )
    assert dict(seen.reply.buttons[-1].call.slots) == {"supplier": "ACME"}
    assert sorted(seen.products) == sorted(skus)


def test_what_was_told_by_itself_stays_so_when_others_join(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE purchase_order SET status = 'cancelled'")
    (first,) = look(forecasted(shop, forecast(RED, 140)), "stock.low")
    opened(shop, first)
    seen = look(forecasted(shop, *(forecast(sku, 140) for sku in (RED, BIG_RED, BLUE))), "stock.low")
    assert {one.subject for one in seen} == {RED, BIG_RED, BLUE}


def test_few_are_told_alone_and_many_together() -> None:
    def group(_one: str) -> str:
        return "all"

    few = gathered(["a", "b"], str, group, ())
    assert (few.alone, few.together) == (("a", "b"), {})
    many = gathered(["a", "b", "c"], str, group, ())
    assert (many.alone, many.together) == ((), {"all": ("a", "b", "c")})
    fewer = gathered(["a"], str, group, ("all",))
    assert (fewer.alone, fewer.together) == ((), {"all": ("a",)})


def test_a_product_that_sells_and_is_gone_is_out_of_stock(shop: Store) -> None:
    shop.apply(Adjust(APPLES, "HIGH", Decimal("-12.5"), "spoilt"), ANNA, request_id="no apples", at=NOW)
    (seen,) = look(shop, "stock.out")
    assert seen.key == f"stock.out:{APPLES}:"
    assert seen.reply.text.startswith("Gala Apples is out of stock. About 0.6 sell a day;")
    assert look(shop, "stock.low") == []


def test_more_promised_than_there_is_is_oversold(shop: Store) -> None:
    (seen,) = look(without_stock(shop), "stock.oversold")
    assert seen.reply.text.startswith("2 × Red Mug 350ml promised to customers, but none can be sold.")
    assert labels(seen) == ["What to order", "Count it"]
    assert RED not in {one.subject for one in look(shop, "stock.out")}


# -- dates ---------------------------------------------------------------------------------------


def test_lots_that_sell_in_time_are_no_alert(shop: Store) -> None:
    assert look(shop, "stock.expiring") == []


def test_a_lot_that_will_not_sell_before_its_date_is_told_with_how_much_stays(shop: Store) -> None:
    day = TODAY + timedelta(days=3)
    step = Receive(MILK, "HIGH", Decimal(60), lot="M9", expires_on=day)
    shop.apply(step, ANNA, request_id="too much milk", at=NOW)
    (seen,) = look(shop, "stock.expiring")
    assert (seen.subject, seen.location) == (MILK, "HIGH")
    assert seen.reply.text == (
        "About 46 × Whole Milk 1L (Thu 19 Mar) at High Street will not be sold before the date "
        "at the present pace."
    )
    assert seen.urgency is Urgency.TODAY


def test_what_is_past_its_date_is_told_by_place_and_written_off_by_a_button(shop: Store) -> None:
    (seen,) = look(shop, "stock.expired")
    assert (seen.location, labels(seen)) == ("FRIDGE", ["Write off 4 × Whole Milk 1L"])
    slots = dict(seen.reply.buttons[0].call.slots)
    assert (slots["quantity"], slots["location"]) == (-4.0, "FRIDGE")


# -- counts, orders, money that sleeps -----------------------------------------------------------


def test_a_count_far_from_the_books_is_told_until_it_is_counted_again(shop: Store) -> None:
    change = Count(RED, "WH", Decimal(4), shop.stock.position())
    shop.apply(change, ANNA, request_id="odd", at=NOW - timedelta(hours=1))
    (seen,) = look(shop, "stock.odd_count")
    assert seen.key == f"stock.odd_count:{RED}:WH"
    assert "Anna Bell counted 4 × Red Mug 350ml at Warehouse today, 36 fewer than the 40 expected." in (
        seen.reply.text
    )
    again = Count(RED, "WH", Decimal(4), shop.stock.position())
    shop.apply(again, ANNA, request_id="counted again", at=NOW)
    assert look(shop, "stock.odd_count") == []


def test_a_small_difference_is_no_odd_count(shop: Store) -> None:
    change = Count(RED, "WH", Decimal(38), shop.stock.position())
    shop.apply(change, ANNA, request_id="two fewer", at=NOW)
    assert look(shop, "stock.odd_count") == []


def test_a_late_order_offers_the_chasing_letter(shop: Store) -> None:
    assert look(shop, "po.late") == []
    with shop.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE purchase_order SET expected_on = '2026-03-13' WHERE po_no = 'PO-1042'"
        )
    (seen,) = look(shop, "po.late")
    assert seen.key == "po.late:PO-1042:WH"
    assert seen.reply.text.startswith("PO-1042 (Acme Ceramics) is 3 days late")
    assert labels(seen) == ["Chase Acme Ceramics (PO-1042)", "It has arrived"]


# -- sensors -------------------------------------------------------------------------------------


def readings(store: Store, *values: float, every: int = 10, until: datetime = NOW) -> None:
    """The fridge's readings, the last one just now."""
    last = until.replace(tzinfo=None)
    with store.database.writing() as connection, Session(connection) as session:
        sensor = session.exec(select(SensorRow).where(SensorRow.code == "FRG-T1")).one()
        for number, value in enumerate(reversed(values)):
            at = last - timedelta(minutes=every * number)
            session.add(SensorReadingRow(sensor_id=sensor.id or 0, read_at=at, value=value))
        session.flush()


def test_a_door_that_was_opened_for_a_while_is_no_alert(shop: Store) -> None:
    readings(shop, 4, 4, 4, 4, 6.5, 6.5)
    assert look(shop, "sensor.range") == []


def test_a_fridge_that_stays_too_warm_cannot_wait(shop: Store) -> None:
    readings(shop, 4, 6.5, 6.8, 7.1)
    (seen,) = look(shop, "sensor.range")
    assert seen.reply.text == (
        "Fridge temperature has been too high for 20 minutes: 7.1 °C at 09:00, should be 1 to 5 °C. "
        "Look at Back room fridge."
    )
    assert (seen.urgency, seen.location, seen.value) == (Urgency.NOW, "FRIDGE", Decimal("27.2"))


def test_far_too_warm_is_told_in_half_the_time(shop: Store) -> None:
    readings(shop, 4, 12, 14)
    assert len(look(shop, "sensor.range")) == 1


def test_a_sensor_that_falls_silent_is_told(shop: Store) -> None:
    readings(shop, *(4.0,) * 6)
    assert look(shop, "sensor.silent", NOW + timedelta(minutes=30)) == []
    (seen,) = look(shop, "sensor.silent", NOW + timedelta(minutes=90))
    assert seen.reply.text.startswith(
        "Fridge temperature has not been heard of since 09:00 (it read 4 °C then)."
    )
    assert look(shop, "sensor.range", NOW + timedelta(minutes=90)) == []
