"""How suppliers do: on time, how fast, how full, how sound, at what cost, and against each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.feeds.loading import load
from tests.shop import RED
from tests.tools.people import call, no, say
from tools.kit import Ask, Reply, Right, all_tools
from tools.store import Actor, Store, User, open_store

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
HEAD = (
    "po_no,supplier,status,ordered_at,expected_on,received_at,location,sku,quantity,received_quantity,"
    "defective_quantity,unit_cost\n"
)
SHOP = {
    "products.csv": (
        "sku,name,unit,supplier,price,cost\n"
        "JAM-1,Plum Jam,each,ORCHARD,4.00,1.60\nJAM-2,Fig Jam,each,ORCHARD,4.50,1.80\n"
    ),
    "locations.csv": "code,name,kind\nSHOP,Corner shop,shop\n",
    "suppliers.csv": "code,name,lead_time_days\nORCHARD,Orchard Foods,7\nHEDGE,Hedgerow,5\nIDLE,Idle Ltd,3\n",
    "purchase_orders.csv": HEAD
    + "PO-1,ORCHARD,received,2026-01-05,2026-01-12,2026-01-12T09:00,SHOP,JAM-1,10,10,0,1.50\n"
    + "PO-2,ORCHARD,received,2026-01-19,2026-01-26,2026-01-30T09:00,SHOP,JAM-1,10,8,1,1.60\n"
    + "PO-3,ORCHARD,received,2026-02-02,2026-02-09,2026-02-09T09:00,SHOP,JAM-1,20,20,0,1.65\n"
    + "PO-4,HEDGE,received,2026-02-02,2026-02-07,2026-02-06T09:00,SHOP,JAM-1,5,5,0,1.40\n"
    + "PO-5,ORCHARD,sent,2026-03-02,2026-03-09,,SHOP,JAM-2,6,,,1.80\n",
}


@pytest.fixture
def orchard(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, text in SHOP.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = open_store(sqlite_url)
    assert load(store, folder, actor=Actor("ann", "test"), at=NOW).state == "applied"
    yield store
    store.close()


def asked(store: Store, intent: str, role: str = "owner", **slots: object) -> Reply:
    ask = Ask(
        store, User(None, "ann", role), NOW, may=lambda right: role == "owner" or right is not Right.SEE_COSTS
    )
    result = all_tools()[intent].call(ask, slots)
    assert isinstance(result, Reply), result
    return result


def test_a_record_tells_time_fill_defects_and_how_few_orders_it_rests_on(orchard: Store) -> None:
    reply = asked(orchard, "supplier.score", supplier="ORCHARD")
    assert reply.text.startswith(
        "Orchard Foods, 3 orders: 67% on time (late ones by 4 days), 8.3 ± 2.3 days from order to goods, "
        "7 stated, 95.0% of what was ordered came and 2.6% of it broken. That is few"
    )
    assert "Late right now is PO-5 (due Mon 9 Mar)." in reply.text
    assert "Unit costs went up by 10.0% over these orders." in reply.text
    assert "Nobody else ever supplied Fig Jam." in reply.text
    assert [button.label for button in reply.buttons] == ["Chase PO-5"]


def test_the_figures_stand_in_the_data(orchard: Store) -> None:
    found = asked(orchard, "supplier.score", supplier="ORCHARD").data
    assert (found["orders"], found["on_time"], found["fill_rate"], found["defects"]) == (
        3,
        0.667,
        0.95,
        0.026,
    )
    assert (found["lead_time"], found["lead_time_stated"], found["late_now"]) == (8.3, 7, ["PO-5"])
    assert found["observations"] == 3


def test_a_period_counts_only_its_orders(orchard: Store) -> None:
    reply = asked(
        orchard, "supplier.score", supplier="ORCHARD", period={"from": "2026-02-01", "to": "2026-02-28"}
    )
    assert reply.text.startswith("Orchard Foods in February, 1 order: 100% on time")


def test_why_lists_the_orders(orchard: Store) -> None:
    rows = asked(orchard, "supplier.score", supplier="ORCHARD").sources[0].rows
    assert "PO-2: 8 of 10 came, ordered Mon 19 Jan, promised Mon 26 Jan, here Fri 30 Jan" in rows


def test_a_supplier_that_never_delivered_is_not_judged(orchard: Store) -> None:
    text = asked(orchard, "supplier.score", supplier="IDLE").text
    assert text == "Nothing ordered from Idle Ltd has come, so there is nothing to judge it by."


def test_staff_hear_nothing_of_costs(orchard: Store) -> None:
    reply = asked(orchard, "supplier.score", "staff", supplier="ORCHARD")
    assert "cost" not in reply.text
    assert "price_trend" not in reply.data


def test_the_cheapest_is_named_with_what_others_ask(orchard: Store) -> None:
    reply = asked(orchard, "supplier.compare", products=["JAM-1"])
    assert reply.text.startswith(
        "Plum Jam is cheapest at Hedgerow: £1.40, paid Mon 2 Feb; Orchard Foods asks £1.65."
    )
    assert "Hedgerow is on time 100% of the time (1 order), Orchard Foods 67% (3 orders)." in reply.text
    assert "Fastest: Hedgerow, 4.0 days on average." in reply.text
    assert [row["supplier"] for row in reply.data["rows"]] == ["HEDGE", "ORCHARD"]


def test_a_single_source_is_named_as_such(orchard: Store) -> None:
    text = asked(orchard, "supplier.compare", products=["JAM-2"]).text
    assert text.startswith("Fig Jam: only Orchard Foods supplies it, at £1.80")


def test_all_suppliers_are_ranked_by_how_they_keep_their_word(orchard: Store) -> None:
    reply = asked(orchard, "supplier.compare")
    assert [row["supplier"] for row in reply.data["rows"]] == ["HEDGE", "ORCHARD"]
    assert "Few orders tell of Hedgerow and Orchard Foods." in reply.text


def test_an_unknown_supplier_is_refused_with_those_there_are(shop: Store) -> None:
    assert no(shop, "supplier.score", supplier="NOBODY").endswith(
        "There are: Acme Ceramics and Dairy Direct."
    )


def test_a_product_without_a_supplier_says_so(shop: Store) -> None:
    assert (
        say(shop, "supplier.compare", products=["APP-GALA"]) == "No supplier of Gala Apples is on the books."
    )


def test_the_list_cost_stands_in_where_nothing_was_paid_yet(shop: Store) -> None:
    result = call(shop, "supplier.compare", products=[RED])
    assert isinstance(result, Reply)
    assert "only Acme Ceramics supplies it, at £3.80" in result.text
