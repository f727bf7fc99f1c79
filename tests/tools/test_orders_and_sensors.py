"""What is on its way from suppliers, what customers wait for, and what the sensors read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.feeds.loading import load
from tools.kit import Ask, Refused, Reply, all_tools
from tools.store import Actor, Store, User, open_store

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
SHOP = {
    "products.csv": (
        "sku,name,unit,supplier,price\n"
        "JAM-1,Plum Jam,each,ORCHARD,4.00\nJAM-2,Fig Jam,each,ORCHARD,4.50\nHAM-1,Smoked Ham,kg,FARM,18.00\n"
    ),
    "locations.csv": "code,name,kind\nSHOP,Corner shop,shop\nDEPOT,Depot,warehouse\n",
    "suppliers.csv": "code,name\nORCHARD,Orchard Foods\nFARM,Hill Farm\n",
    "customers.csv": "code,name\nC1,Mrs Green\nC2,Blue Hotel\nC3,Mr Quiet\n",
    "orders.csv": (
        "order_no,customer,placed_at,due_from,due_to,status,sku,quantity\n"
        "701,C1,2026-03-14T10:00,2026-03-16T13:00,2026-03-16T15:00,packed,JAM-1,3\n"
        "701,C1,2026-03-14T10:00,2026-03-16T13:00,2026-03-16T15:00,packed,HAM-1,0.5\n"
        "702,C2,2026-03-14T11:00,2026-03-16T07:00,2026-03-16T08:00,open,JAM-2,1\n"
        "690,C3,2026-03-01T11:00,2026-03-02T07:00,2026-03-02T08:00,delivered,JAM-2,1\n"
    ),
    "purchase_orders.csv": (
        "po_no,supplier,status,ordered_at,expected_on,received_at,location,sku,quantity,received_quantity\n"
        "PO-1,ORCHARD,received,2026-02-20,2026-02-27,2026-02-27T09:00,DEPOT,JAM-1,24,22\n"
        "PO-2,ORCHARD,ordered,2026-03-10,2026-03-17,,DEPOT,JAM-2,12,\n"
        "PO-2,ORCHARD,ordered,2026-03-10,2026-03-17,,DEPOT,JAM-1,6,\n"
        "PO-3,FARM,ordered,2026-03-08,2026-03-13,,SHOP,HAM-1,2.5,\n"
        "PO-4,FARM,draft,,,,SHOP,HAM-1,4,\n"
    ),
    "sensors.csv": (
        "code,name,kind,location,low,high\n"
        "T1,Counter fridge,temperature,SHOP,1,5\nT2,Depot cold room,temperature,DEPOT,1,5\n"
        "H1,Depot air,humidity,DEPOT,,60\n"
    ),
    "sensor_readings.csv": (
        "read_at,sensor,value\n2026-03-16T08:00,T1,3.5\n2026-03-16T08:30,T1,6.2\n2026-03-15T20:00,T2,4\n"
    ),
}


@pytest.fixture
def shop(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, text in SHOP.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = open_store(sqlite_url)
    report = load(store, folder, actor=Actor("ann", "test"), at=NOW)
    assert report.state == "applied", report
    yield store
    store.close()


def answer(shop: Store, intent: str, places: frozenset[str] | None = None, **slots: Any) -> Reply | Refused:
    ask = Ask(shop, User(None, "ann", "staff", locations=places), NOW)
    result = all_tools()[intent].call(ask, slots)
    assert isinstance(result, Reply | Refused)
    return result


def said(shop: Store, intent: str, **slots: Any) -> str:
    result = answer(shop, intent, **slots)
    assert isinstance(result, Reply), result
    return result.text


def rows(result: Reply | Refused) -> list[Mapping[str, Any]]:
    assert isinstance(result, Reply), result
    return list(result.data["rows"])


def test_a_purchase_order_says_when_it_is_due_and_what_is_on_it(shop: Store) -> None:
    text = said(shop, "po.status", po="PO-2")
    assert text.startswith("PO-2 (Orchard Foods) is ordered, due tomorrow.")
    assert "12 × Fig Jam" in text
    assert "6 × Plum Jam" in text


def test_a_purchase_order_that_has_come_says_when_and_what_was_missing(shop: Store) -> None:
    text = said(shop, "po.status", po="PO-1")
    assert text == "PO-1 (Orchard Foods) has come. Received Fri 27 Feb, short of 2 × Plum Jam."


def test_an_unknown_purchase_order_is_refused_by_its_number(shop: Store) -> None:
    result = answer(shop, "po.status", po="PO-99")
    assert result == Refused("I find no purchase order PO-99.")


def test_what_is_on_order_names_the_overdue_one_first_and_the_drafts_apart(shop: Store) -> None:
    text = said(shop, "po.status")
    assert text.startswith(
        "2 purchase orders are open, 1 of them overdue: PO-3 (Hill Farm), was due Fri 13 Mar"
    )
    assert text.endswith("1 draft not sent yet: PO-4.")


def test_a_product_that_nobody_ordered_again_says_when_it_last_came(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE purchase_order SET status = 'cancelled' WHERE po_no = 'PO-2'")
    text = said(shop, "po.status", products=["JAM-1"])
    assert text == "Nothing is on order of Plum Jam. The last one to come was PO-1, Fri 27 Feb."


def test_purchase_orders_for_other_places_stay_unseen(shop: Store) -> None:
    result = answer(shop, "po.status", frozenset({"SHOP"}))
    assert {row["po"] for row in rows(result)} == {"PO-3", "PO-4"}


def test_every_figure_on_order_stands_in_the_data(shop: Store) -> None:
    result = answer(shop, "po.status", supplier="ORCHARD")
    assert [(row["sku"], row["outstanding"]) for row in rows(result)] == [("JAM-2", 12), ("JAM-1", 6)]


def test_an_order_says_its_state_its_time_and_its_goods(shop: Store) -> None:
    text = said(shop, "order.status", order="701")
    assert text == (
        "Order 701 for Mrs Green is packed and has not left yet, due today 13:00–15:00."
        " On it: 3 × Plum Jam and 0.5 kg of Smoked Ham."
    )


def test_the_open_orders_are_counted_by_state_and_a_late_one_is_late(shop: Store) -> None:
    text = said(shop, "order.status")
    assert text.startswith("2 orders are open: 1 not packed and 1 packed.")
    assert "702 for Blue Hotel, was due today 07:00–08:00" in text


def test_a_customer_without_an_open_order_hears_of_the_last_one(shop: Store) -> None:
    text = said(shop, "order.status", customer="C3")
    assert text.startswith(
        "Nothing is open for Mr Quiet; the last one: Order 690 for Mr Quiet has been delivered."
    )


def test_an_order_of_somebody_else_is_not_found_for_this_customer(shop: Store) -> None:
    assert answer(shop, "order.status", order="701", customer="C2") == Refused(
        "I find no order 701 for Blue Hotel."
    )


def test_a_sensor_out_of_range_says_what_it_should_be(shop: Store) -> None:
    text = said(shop, "sensor.status", location="SHOP")
    assert text == "Counter fridge 6.2 °C at 08:30, too high (should be 1 to 5 °C)."


def test_an_old_reading_says_that_nothing_newer_has_come(shop: Store) -> None:
    text = said(shop, "sensor.status", sensor="T2")
    assert (
        text
        == "Depot cold room 4 °C at 20:00 on Sun 15 Mar, in range (1 to 5 °C), nothing newer has come in."
    )


def test_of_all_sensors_the_wrong_and_the_silent_ones_are_named(shop: Store) -> None:
    text = said(shop, "sensor.status")
    assert text.startswith("1 of 2 sensors is out of range: Counter fridge 6.2 °C")
    assert text.endswith("No readings yet from Depot air.")


def test_a_sensor_in_a_place_of_others_is_not_shown(shop: Store) -> None:
    result = answer(shop, "sensor.status", frozenset({"SHOP"}), sensor="T2")
    assert isinstance(result, Refused)
    assert result.reason == "I know no sensor T2 at Corner shop. There are: Counter fridge."


def test_sensors_that_are_all_fine_are_told_in_one_sentence(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE sensor_reading SET value = 4.5")
    text = said(shop, "sensor.status")
    assert text.startswith("All 2 sensors are in range: Counter fridge 4.5 °C and Depot cold room 4.5 °C.")
    assert "No reading in the last two hours from Depot cold room." in text
