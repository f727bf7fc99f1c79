"""What planning wants of vehicles and products comes by file, is optional, and goes back into one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from connectors.feeds import export_shop, undo_import
from tests.feeds.folders import ACTOR, AT, TODAY, bring, folder, only
from tools.store import Store
from tools.store.trip_changes import CancelTrips, ConfirmTrips, FinishStop, PlannedStop, PlannedTrip

WHOLE = (
    "code,name,home,driver,profile,skills,cost_fixed,cost_per_km,cost_per_hour,break_minutes,break_from,break_to\n"
    "VAN,Blue van,WH,Dan,van,Fridge; lift,25,0.45,14.50,30,12:00,13:30\n"
)


def test_a_vehicles_file_without_the_further_columns_is_as_good_as_ever(store: Store, tmp_path: Path) -> None:
    bring(store, folder(tmp_path / "shop"))
    (van,) = store.trips.vehicles()
    assert (van.name, van.capacity_kg, van.home, van.shift_from) == ("Blue van", Decimal(850), "WH", "08:00")
    assert (van.driver, van.skills, van.cost_per_km, van.break_minutes) == ("", (), None, None)
    export_shop(store, tmp_path / "out", TODAY)
    head = (tmp_path / "out" / "vehicles.csv").read_text().splitlines()[0]
    assert head == "code,name,capacity_kg,capacity_l,home,shift_from,shift_to,odometer_km"


def test_drivers_costs_skills_and_breaks_come_with_the_vehicle(store: Store, tmp_path: Path) -> None:
    bring(store, folder(tmp_path / "shop"))
    bring(store, only(tmp_path / "more", vehicles=WHOLE))
    (van,) = store.trips.vehicles()
    assert (van.driver, van.profile, van.skills) == ("Dan", "van", ("fridge", "lift"))
    assert (van.cost_fixed, van.cost_per_km, van.cost_per_hour) == (
        Decimal(25),
        Decimal("0.45"),
        Decimal("14.5"),
    )
    assert (van.break_minutes, van.break_from, van.break_to) == (30, "12:00", "13:30")
    assert van.capacity_kg == 850, "what the second file does not tell stays"
    export_shop(store, tmp_path / "out", TODAY)
    told = (tmp_path / "out" / "vehicles.csv").read_text()
    assert "fridge;lift,25.00,0.45,14.50,30,12:00,13:30" in told


def test_products_may_tell_how_they_are_kept(store: Store, tmp_path: Path) -> None:
    products = "sku,name,temperature\nICE,Ice cream,frozen\nMUG,Mug,\n"
    bring(store, only(tmp_path / "shop", products=products))
    assert store.catalogue().products["ICE"].temperature == "frozen"
    warm = "sku,name,temperature\nICE,Ice cream,lukewarm\n"
    assert bring(store, only(tmp_path / "wrong", products=warm)).state != "applied"


def test_an_import_made_before_the_columns_were_there_can_still_be_undone(
    store: Store, tmp_path: Path
) -> None:
    bring(store, folder(tmp_path / "shop"))
    second = bring(store, only(tmp_path / "more", vehicles="code,name,home\nVAN,Red van,WH\n"))
    with store.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE import_change SET before = REPLACE(before, '\"driver\": null, ', '')"
        )
    assert second.import_id is not None
    assert undo_import(store, second.import_id, ACTOR, AT).state == "undone"
    assert store.trips.vehicles()[0].name == "Blue van"


def test_an_import_whose_order_a_van_is_to_bring_stays(store: Store, tmp_path: Path) -> None:
    brought = bring(store, folder(tmp_path / "shop"))
    assert brought.import_id is not None
    plan = ConfirmTrips(TODAY, (PlannedTrip("VAN", (PlannedStop("5501", "WH"),)),))
    trip = store.apply(plan, ACTOR, request_id="plan", at=AT).documents[0]
    refused = undo_import(store, brought.import_id, ACTOR, AT)
    assert "order 5501 came with it, and T-1001 is to bring it" in refused.summary()
    store.apply(CancelTrips((trip,)), ACTOR, request_id="cancel", at=AT)
    assert undo_import(store, brought.import_id, ACTOR, AT).state == "undone"


def test_a_delivery_whose_sale_comes_by_export_is_no_second_sale(store: Store, tmp_path: Path) -> None:
    online = (
        "sold_at,sku,location,quantity,unit_price,channel,order_ref\n2026-03-10,MUG-R,WH,1,9.50,online,5502\n"
    )
    bring(store, folder(tmp_path / "shop", sales=online))
    store.apply(
        FinishStop("5501", "delivered", datetime(2026, 3, 17, 9, 30)), ACTOR, request_id="done", at=AT
    )
    assert store.sales.totals(first=TODAY, last=TODAY.replace(day=17))[0].sold == 0
    later = online + "2026-03-16,MUG-R,WH,2,9.50,online,5501\n"
    bring(store, only(tmp_path / "next", sales=later))
    assert store.sales.totals(first=TODAY, last=TODAY.replace(day=17))[0].sold == 2
