"""What could travel together: rounds to customers and deliveries from suppliers, never later than promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.feeds.loading import load
from tools.kit import Ask, Reply, Right, all_tools
from tools.store import Actor, Store, User, open_store

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
WEEK = {"from": "2026-03-16", "to": "2026-03-22"}
SHOP = {
    "products.csv": "sku,name,unit,price,weight_kg,volume_l\nJAM,Plum Jam,each,4.00,0.5,0.4\nHAM,Ham,each,9,1,1\n",
    "locations.csv": "code,name,kind,latitude,longitude\nDEPOT,Depot,warehouse,51.4000,-2.5000\n"
    "COLD,Cold room,fridge,51.5000,-2.5000\n",
    "suppliers.csv": "code,name\nORCHARD,Orchard Foods\nFARM,Hill Farm\n",
    "customers.csv": "code,name,address,latitude,longitude\nC1,Mrs Green,1,51.4100,-2.5000\n"
    "C2,Blue Hotel,2,51.4110,-2.5000\nC3,Mr Far,3,51.3000,-2.5000\n",
    "stock.csv": "sku,location,quantity\nJAM,DEPOT,50\nHAM,COLD,5\n",
    "orders.csv": "order_no,customer,placed_at,due_from,due_to,status,sku,quantity\n"
    "701,C1,2026-03-14T10:00,2026-03-17T13:00,2026-03-17T15:00,open,JAM,3\n"
    "702,C2,2026-03-14T11:00,2026-03-17T09:00,2026-03-17T11:00,packed,JAM,1\n"
    "703,C3,2026-03-14T11:00,2026-03-17T13:00,2026-03-17T15:00,open,JAM,9\n"
    "704,C1,2026-03-14T11:00,2026-03-18T07:00,2026-03-18T08:00,open,HAM,1\n"
    "705,C1,2026-03-14T11:00,2026-04-18T07:00,2026-04-18T08:00,open,JAM,1\n",
    "purchase_orders.csv": "po_no,supplier,status,ordered_at,expected_on,location,sku,quantity\n"
    "PO-1,ORCHARD,ordered,2026-03-10,2026-03-18,DEPOT,JAM,12\n"
    "PO-2,ORCHARD,ordered,2026-03-11,2026-03-20,DEPOT,JAM,6\n"
    "PO-3,FARM,ordered,2026-03-08,2026-03-19,COLD,HAM,2\n",
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


def answer(shop: Store, places: frozenset[str] | None = None, *, costs: bool = True, **slots: Any) -> Reply:
    may = lambda right: costs or right is not Right.SEE_COSTS  # noqa: E731 - the shortest way to say it
    ask = Ask(shop, User(None, "ann", "manager", locations=places), NOW, may=may)
    result = all_tools()["shipment.consolidate"].call(ask, slots)
    assert isinstance(result, Reply), result
    return result


def shipments(found: Reply) -> list[tuple[str, ...]]:
    return [tuple(row["shipments"]) for row in found.data["rows"]]


def days(found: Reply) -> Mapping[str, str]:
    return {key: row["day"] for row in found.data["rows"] for key in row["shipments"]}


def test_orders_of_one_day_and_quarter_go_in_one_round_on_their_promised_day(shop: Store) -> None:
    found = answer(shop, period=WEEK)
    assert ("701", "702") in [tuple(sorted(keys)) for keys in shipments(found)]
    assert days(found)["701"] == "2026-03-17"
    assert days(found)["704"] == "2026-03-18"
    assert "705" not in days(found)
    assert found.data["km_after"] < found.data["km_before"]
    assert found.data["co2_kg_after"] < found.data["co2_kg_before"]


def test_a_supplier_who_comes_twice_is_asked_to_come_once_and_not_later(shop: Store) -> None:
    found = answer(shop, period=WEEK)
    assert (
        "Orchard Foods: PO-1 and PO-2 in one delivery Wed 18 Mar (ask for PO-2 2 days sooner)." in found.text
    )
    assert days(found)["PO-2 to Depot"] == "2026-03-18"
    assert days(found)["PO-3 to Cold room"] == "2026-03-19"


def test_one_supplier_alone_is_answered_about_alone(shop: Store) -> None:
    found = answer(shop, supplier="ORCHARD", period=WEEK)
    assert found.text.startswith("Yes: 2 shipments this week")
    assert "customer" not in found.text
    found = answer(shop, supplier="FARM", period=WEEK)
    assert found.text.startswith("No: of 1 shipment this week")


def test_deliveries_to_places_that_a_person_does_not_see_stay_unseen(shop: Store) -> None:
    assert "PO-3 to Cold room" not in days(answer(shop, frozenset({"DEPOT"}), period=WEEK))


def test_money_is_told_only_to_who_may_see_costs(shop: Store) -> None:
    assert "£" in answer(shop, period=WEEK).text
    hidden = answer(shop, period=WEEK, costs=False)
    assert "£" not in hidden.text
    assert "cost_before" not in hidden.data


def test_why_names_the_factor_of_carbon_dioxide_and_its_source(shop: Store) -> None:
    said = " ".join(source.what for source in answer(shop, period=WEEK).sources)
    assert "UK government greenhouse gas conversion factors" in said
    assert "2.51 kg CO2e a litre of diesel" in said


def test_when_nothing_is_due_it_says_so(shop: Store) -> None:
    found = answer(shop, period={"from": "2027-01-04", "to": "2027-01-10"})
    assert found.text.startswith("Nothing is still due")


def test_what_is_called_chilled_goes_with_chilled_goods_wherever_it_lies(shop: Store, tmp_path: Path) -> None:
    products = "sku,name,unit,price,weight_kg,volume_l,temperature\nJAM,Plum Jam,each,4.00,0.5,0.4,chilled\n"
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "products.csv").write_text(products, encoding="utf-8")
    assert load(shop, folder, actor=Actor("ann", "test"), at=NOW).state == "applied"
    found = answer(shop, period=WEEK)
    assert {row["group"] for row in found.data["rows"] if row["kind"] == "round"} == {
        "north, chilled",
        "south, chilled",
    }
