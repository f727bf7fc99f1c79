"""An order that is overdue is counted upon when its supplier's late orders came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.shop import ANNA, BIG_RED, NOW, RED, TODAY
from tests.tools.people import OWNER
from tools.kit import Ask
from tools.kit.planning import plans
from tools.kit.planning_words import overdue_words
from tools.store import Store
from tools.store.buying_changes import (
    ApproveOrder,
    Arrival,
    DraftOrder,
    OrderLine,
    ReceiveOrder,
    SendOrder,
)

LATE = TODAY + timedelta(days=6)


def came_late(shop: Store, days: int) -> None:
    """An order of Acme that came ``days`` after it was due."""
    line = (OrderLine(BIG_RED, Decimal(6), "WH", Decimal("4.90")),)
    due, name = TODAY - timedelta(days=40), f"late {days}"
    number = shop.apply(DraftOrder("ACME", line, due), ANNA, request_id=name, at=NOW).documents[0]
    sent = NOW - timedelta(days=50)
    shop.apply(ApproveOrder(number), ANNA, request_id=f"{name} a", at=sent, day=sent.date())
    shop.apply(SendOrder(number), ANNA, request_id=f"{name} s", at=sent, day=sent.date())
    came = NOW - timedelta(days=40 - days)
    arrival = ReceiveOrder(number, (Arrival(BIG_RED, Decimal(6), "WH"),))
    shop.apply(arrival, ANNA, request_id=f"{name} r", at=came, day=came.date())


def test_it_is_counted_upon_as_late_ones_came(shop: Store) -> None:
    for days in (1, 5, 7):
        came_late(shop, days)
    known = plans(shop, (shop.catalogue().products[RED],), LATE)
    assert [(one.line.po_no, one.late, one.like, one.days) for one in known.overdue] == [
        ("PO-1042", 2, 2, 4.0)
    ]
    assert known.items[0].on_order[0].due == 4.0
    ask = Ask(shop, OWNER, NOW + timedelta(days=6))
    assert overdue_words(ask, known.overdue) == (
        "PO-1042 is 2 days late: I count on it Thu 26 Mar (by 2 late orders of Acme Ceramics)."
    )


def test_without_a_late_order_before_it_is_counted_upon_tomorrow(shop: Store) -> None:
    known = plans(shop, (shop.catalogue().products[RED],), LATE)
    assert known.items[0].on_order[0].due == 1.0
    ask = Ask(shop, OWNER, NOW + timedelta(days=6))
    assert "I count on it tomorrow (no order of Acme Ceramics was late yet)" in overdue_words(
        ask, known.overdue
    )


def test_what_is_not_overdue_comes_on_its_day(shop: Store) -> None:
    known = plans(shop, (shop.catalogue().products[RED],), TODAY)
    assert known.overdue == ()
    assert known.items[0].on_order[0].due == 4.0
