"""The autonomy ladder: watching changes nothing, drafts wait, and only what is under the limit goes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.shop import ANNA, NOW, RED, TODAY
from tests.tools.test_reorder import forecast, forecasted, without_stock
from tools.kit.autonomy import Rung, autonomous_orders, past, put_on, rung, would_have
from tools.store import Store

DAY = timedelta(days=1)


@pytest.fixture
def needy(shop: Store) -> Store:
    return forecasted(without_stock(shop), forecast(RED, 14))


def climb(store: Store, level: str, limit: str = "0") -> None:
    assert put_on(store, Rung("ACME", level, Decimal(limit)), actor=ANNA, at=NOW) is None  # type: ignore[arg-type]


def drafts(store: Store) -> list[str]:
    return [order.po_no for order in store.purchasing.orders(statuses=["draft"])]


def test_watching_writes_nothing_and_remembers_what_it_would_have_done(needy: Store) -> None:
    (one,) = autonomous_orders(needy, NOW)
    assert (one.done, one.supplier, one.cost, one.po_no) == ("watched", "ACME", Decimal("205.20"), "")
    assert drafts(needy) == ["PO-1043"]
    assert past(needy, "ACME") == [one]


def test_a_draft_by_itself_waits_for_a_yes_and_names_its_rule(needy: Store) -> None:
    climb(needy, "draft")
    (one,) = autonomous_orders(needy, NOW)
    assert (one.done, one.why) == ("drafted", "it waits for a person's yes")
    order = needy.purchasing.order(one.po_no)
    assert order is not None
    assert [(line.sku, line.quantity) for line in order.lines] == [(RED, 54)]
    (step,) = needy.purchasing.history(one.po_no)
    assert (step.actor, step.channel, step.detail["note"]) == (
        "Quartermaster",
        "autonomy",
        "by itself, rule draft",
    )


def test_under_the_limit_it_approves_by_itself_and_above_it_only_drafts(needy: Store) -> None:
    climb(needy, "auto", "200")
    (one,) = autonomous_orders(needy, NOW)
    assert (one.done, one.why) == ("drafted", "it costs more than the limit of 200")
    needy.settings.set("autonomy_log:ACME", "")
    with needy.database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE purchase_order SET status = 'cancelled' WHERE po_no = '{one.po_no}'"
        )
    climb(needy, "auto", "250")
    (two,) = autonomous_orders(needy, NOW + DAY)
    assert two.done == "approved"
    order = needy.purchasing.order(two.po_no)
    assert order is not None
    assert (order.status, order.approved_by) == ("approved", "Quartermaster")


def test_a_day_is_done_once_however_often_it_is_asked_for(needy: Store) -> None:
    climb(needy, "draft")
    assert len(autonomous_orders(needy, NOW)) == 1
    assert autonomous_orders(needy, NOW) == []
    assert len(drafts(needy)) == 2


def test_what_it_drafted_counts_the_next_day(needy: Store) -> None:
    climb(needy, "draft")
    autonomous_orders(needy, NOW)
    assert autonomous_orders(needy, NOW + DAY) == []


def test_a_persons_draft_is_left_alone(needy: Store) -> None:
    climb(needy, "auto", "1000")
    (one,) = autonomous_orders(needy, NOW)
    assert one.po_no == "PO-1044"
    assert drafts(needy) == ["PO-1043"]


def test_the_report_counts_a_need_once_however_many_nights_it_was_seen(needy: Store) -> None:
    for days in range(3):
        autonomous_orders(needy, NOW + days * DAY)
    report = would_have(needy, "ACME", TODAY + 3 * DAY, level="auto", limit=Decimal(500))
    assert (report.looked, report.orders, report.approved) == (3, 1, 1)
    assert report.words("Acme", "GBP").startswith(
        "Over 28 days I would have ordered 1 order from Acme for £205.20."
    )


def test_nothing_watched_is_nothing_to_report(shop: Store) -> None:
    report = would_have(shop, "DAIRY", TODAY, level="draft")
    assert report.words("Dairy Direct", "GBP").startswith("Nothing was watched for Dairy Direct yet")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Rung("NOBODY", "draft"), "no supplier"),
        (Rung("ACME", "auto"), "needs a limit"),
        (Rung("ACME", "fly"), "watch, draft and auto"),  # type: ignore[arg-type]
        (Rung("ACME", "auto", Decimal("NaN")), "amount of money"),
        (Rung("ACME", "auto", Decimal(-1)), "amount of money"),
    ],
)
def test_a_rung_that_makes_no_sense_is_refused(shop: Store, wanted: Rung, said: str) -> None:
    assert said in str(put_on(shop, wanted, actor=ANNA, at=NOW))
    assert rung(shop, "ACME").level == "watch"


def test_a_rung_is_kept_and_audited(shop: Store) -> None:
    climb(shop, "auto", "300")
    assert rung(shop, "ACME") == Rung("ACME", "auto", Decimal(300))
    assert rung(shop, "DAIRY") == Rung("DAIRY")
    assert shop.audit.verify() is None
