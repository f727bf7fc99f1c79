"""The brief of the morning: what needs somebody, what comes in, one thing to decide."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.shop import ANNA, BIG_RED, BLUE, MILK, NOW, RED, TODAY
from tests.tools.people import call, data, say
from tests.tools.test_reorder import forecast, forecasted
from tools.kit import Reply
from tools.store import Receive, Store


def test_what_will_not_be_sold_before_its_date_is_told_with_its_cost(shop: Store) -> None:
    for number, days in enumerate((1, 3)):
        step = Receive(MILK, "HIGH", Decimal(30), lot=f"L{number}", expires_on=TODAY + timedelta(days=days))
        shop.apply(step, ANNA, request_id=f"milk {number}", at=NOW)
    assert "not sold before the date at this pace: 46 × Whole Milk 1L, tomorrow" in say(shop, "report.daily")
    assert data(shop, "report.daily")["unsold"][0]["sku"] == MILK


def test_what_comes_in_today_is_told(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE purchase_order SET expected_on = '2026-03-16' WHERE po_no = 'PO-1042'"
        )
    assert "Due in today: PO-1042 (Acme Ceramics)." in say(shop, "report.daily").splitlines()
    assert data(shop, "report.daily")["due_today"] == ["PO-1042"]


def test_one_order_that_mends_many_is_what_is_decided(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE purchase_order SET status = 'cancelled'")
    forecasted(shop, *(forecast(sku, 140) for sku in (RED, BIG_RED, BLUE)))
    reply = call(shop, "report.daily")
    assert isinstance(reply, Reply)
    last = reply.text.splitlines()[-1]
    assert last == (
        "To decide: order from Acme Ceramics today? 3 of its products run out before a delivery comes."
    )
    assert [(one.label, dict(one.call.slots)) for one in reply.buttons] == [
        ("What to order from Acme Ceramics", {"supplier": "ACME"})
    ]
    assert len(reply.text.splitlines()) <= 12
