"""Which place sends an order: what there is to promise, how far it is, and who would run out."""

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
HEAD = "order_no,customer,placed_at,due_from,due_to,status,sku,quantity\n"
SHOP = {
    "products.csv": "sku,name,unit,price,cost\nJAM,Plum Jam,each,4.00,2.00\nTEA,Green Tea,each,6.00,2.50\n"
    "HAM,Smoked Ham,kg,18.00,9.00\n",
    "locations.csv": "code,name,kind,latitude,longitude\nTOWN,Town shop,shop,51.4500,-2.6000\n"
    "COLD,Cold room,fridge,51.4501,-2.6001\nDEPOT,Depot,warehouse,51.4000,-2.5000\n",
    "customers.csv": "code,name,address,latitude,longitude\nC1,Mrs Green,1 High Street,51.4510,-2.6010\n"
    "C2,Blue Hotel,2 Out Road,51.4010,-2.5010\n",
    "stock.csv": "sku,location,quantity\nJAM,TOWN,10\nJAM,DEPOT,50\nTEA,TOWN,1\nTEA,DEPOT,40\nHAM,COLD,2.5\n",
    "orders.csv": HEAD + "701,C1,2026-03-14T10:00,2026-03-17T13:00,2026-03-17T15:00,open,JAM,3\n"
    "701,C1,2026-03-14T10:00,2026-03-17T13:00,2026-03-17T15:00,open,HAM,0.5\n"
    "702,C2,2026-03-14T11:00,2026-03-17T07:00,2026-03-17T08:00,open,JAM,1\n"
    "703,C1,2026-03-14T11:00,2026-03-17T13:00,2026-03-17T15:00,open,TEA,99\n"
    "704,C1,2026-03-14T11:00,2026-03-16T07:00,2026-03-16T08:00,delivered,JAM,1\n",
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


def answer(shop: Store, places: frozenset[str] | None = None, **slots: Any) -> Reply | Refused:
    ask = Ask(shop, User(None, "ann", "manager", locations=places), NOW)
    result = all_tools()["order.route"].call(ask, slots)
    assert isinstance(result, Reply | Refused)
    return result


def data(result: Reply | Refused) -> Mapping[str, Any]:
    assert isinstance(result, Reply), result
    return result.data


def test_an_order_goes_from_the_shop_near_by_and_its_cold_room_is_under_the_same_roof(shop: Store) -> None:
    found = answer(shop, order="701")
    assert isinstance(found, Reply)
    assert found.text.startswith("Order 701 for Mrs Green: send all of it from Town shop. That costs about £")
    assert data(found)["places"] == ["TOWN"]
    assert data(found)["status"] == "optimal"


def test_an_order_of_somebody_near_the_depot_goes_from_there_with_the_other_way_and_its_cost(
    shop: Store,
) -> None:
    rows = data(answer(shop, order="702"))["rows"]
    assert [row["places"] for row in rows] == [["DEPOT"], ["TOWN"]]
    assert [row["chosen"] for row in rows] == [True, False]
    assert rows[0]["cost"] < rows[1]["cost"]


def test_what_nobody_has_is_said_and_what_there_is_goes_in_parts(shop: Store) -> None:
    found = answer(shop, order="703")
    assert isinstance(found, Reply)
    assert "58 × Green Tea cannot be sent now" in found.text
    assert sum(line["quantity"] for line in data(found)["lines"] if line.get("location")) == 41


def test_without_a_number_all_open_orders_are_placed_together(shop: Store) -> None:
    found = answer(shop)
    assert isinstance(found, Reply)
    assert found.text.startswith("3 open orders: 1 from")
    assert {row["order"] for row in data(found)["rows"]} == {"701", "702", "703"}


def test_only_places_that_the_person_sees_are_weighed(shop: Store) -> None:
    assert data(answer(shop, frozenset({"DEPOT"}), order="702"))["places"] == ["DEPOT"]
    assert data(answer(shop, frozenset({"TOWN"}), order="702"))["places"] == ["TOWN"]
    assert isinstance(answer(shop, frozenset(), order="702"), Refused)


def test_an_order_that_is_over_or_unknown_says_so(shop: Store) -> None:
    over = Refused("Order 704 has been delivered: nothing is left to choose.")
    assert answer(shop, order="704") == over
    assert answer(shop, order="999") == Refused("I find no order 999.")


def test_goods_packed_for_others_are_not_promised_again(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE sales_order SET status = 'packed' WHERE order_no = '702'")
    found = answer(shop, order="701")
    assert isinstance(found, Reply)
    assert any("1 packed for others set aside" in source.what for source in found.sources)


def test_an_order_that_is_packed_already_says_that_nobody_noted_where(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE sales_order SET status = 'packed' WHERE order_no = '703'")
    packed = answer(shop, order="703")
    assert isinstance(packed, Reply)
    assert "It is packed already: I can't see where." in packed.text


def test_why_names_the_costs_taken_the_estimate_of_ways_and_how_the_answer_was_found(shop: Store) -> None:
    found = answer(shop, order="701")
    assert isinstance(found, Reply)
    said = " ".join(source.what for source in found.sources)
    assert "settings send_*" in said
    assert "an estimate, not roads" in said
    assert "Answer: optimal" in said


def test_a_shop_may_set_its_own_costs(shop: Store) -> None:
    usual = data(answer(shop, order="702"))["cost"]
    shop.settings.set("send_parcel_cost", "12")
    assert data(answer(shop, order="702"))["cost"] == pytest.approx(usual + 10)
