"""What is low and what sleeps, by the policy where there is a forecast."""

from __future__ import annotations

from tests.shop import BLUE, MILK, RED
from tests.tools.people import call, data, say
from tests.tools.test_reorder import forecast, forecasted, without_stock
from tools.kit import Reply
from tools.store import Store


def test_low_is_at_the_policys_reorder_point(shop: Store) -> None:
    forecasted(shop, forecast(RED, 28))
    row = next(row for row in data(shop, "stock.low")["rows"] if row["sku"] == RED)
    assert row["state"] == "low"
    assert row["reorder_point"] > row["available"] + 24
    assert row["days_of_cover"] == 13.8
    assert row["why"].startswith("position 79 ≤ reorder point ")
    assert row["order_quantity"] % 6 == 0


def test_what_lasts_beyond_a_delivery_and_the_next_look_is_not_low(shop: Store) -> None:
    forecasted(shop, forecast(RED, 7))
    assert RED not in {row["sku"] for row in data(shop, "stock.low")["rows"]}


def test_what_comes_in_time_counts_as_cover_and_what_comes_later_does_not(shop: Store) -> None:
    forecasted(without_stock(shop, RED), forecast(RED, 14))
    with shop.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE purchase_order SET status = 'sent', expected_on = '2026-08-01' WHERE po_no = 'PO-1042'"
        )
    row = next(row for row in data(shop, "stock.low")["rows"] if row["sku"] == RED)
    assert (row["state"], row["on_order"]) == ("out", 24)
    assert row["why"].startswith("position -2 ≤")


def test_low_goods_offer_what_to_order(shop: Store) -> None:
    forecasted(shop, forecast(RED, 28))
    result = call(shop, "stock.low", category="Mugs")
    assert isinstance(result, Reply)
    assert [(button.label, button.call.intent) for button in result.buttons] == [
        ("What to order", "reorder.suggest")
    ]
    assert result.buttons[0].call.slots == {"category": "Mugs"}


def test_why_shows_the_inequality(shop: Store) -> None:
    forecasted(shop, forecast(RED, 28))
    result = call(shop, "stock.low")
    assert isinstance(result, Reply)
    assert result.sources[0].what == "Reorder points of the policy"
    assert result.sources[0].rows[0].startswith("Red Mug 350ml: position 79 ≤ reorder point")


def test_money_that_sleeps_is_what_the_forecast_does_not_see_sold(shop: Store) -> None:
    forecasted(shop, forecast(BLUE, 0.1), forecast(MILK, 35))
    assert "of it is more than the forecast sees sold in 180 days: that money sleeps." in say(
        shop, "stock.slow"
    )
    found = data(shop, "stock.slow")
    assert 0 < found["asleep_value"] < found["value"]
    assert 0 < found["asleep"][BLUE] < 7
