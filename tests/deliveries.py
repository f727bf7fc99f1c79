"""Deliveries made by hand: trips and maps for the drawings, orders and vans for a shop's books."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from connectors.feeds import load
from tests.web.shop import NOW, write_shop
from tools.kit import MapRoute, MapStop, RouteMap
from tools.store import Actor, Store
from tools.store.trip_changes import ConfirmTrips, PlannedStop, PlannedTrip
from tools.store.trip_facts import RoutePoint, StopLine, Trip, TripStop

DAY = date(2026, 3, 16)
DEPOT = (51.4408, -2.5678)
NAMES = ("Mrs Jones", "Mr Ashworth", 'Ms <b>"O\'Neill"</b> & Sons', "Dr Patel", "The Lido Cafe", "Mr Mensah")
OWNER = Actor("owner", "test")


def a_map(stops: int = 24, vans: int = 3, spread: float = 0.02) -> RouteMap:
    """Vans around one depot in a town; the tighter the spread, the more stops share a street."""
    dice = random.Random(7)
    routes = []
    for van in range(vans):
        way = [_depot("09:00")]
        for number in range(1, stops // vans + 1):
            where = DEPOT[0] + dice.gauss(0, spread), DEPOT[1] + dice.gauss(0, 1.6 * spread)
            way.append(_stop(where, f"{5500 + 30 * van + number} {NAMES[number % 6]}", number))
        routes.append(MapRoute(f"Van {van + 1}", (*way, _depot("13:00"))))
    far = MapStop(DEPOT[0] + 0.05, DEPOT[1], "5599 Mr Far")
    return RouteMap("Deliveries of Monday", tuple(routes), (far,), "Times are estimates.")


def _depot(at: str) -> MapStop:
    return MapStop(*DEPOT, "Warehouse", time=at, kind="depot")


def _stop(where: tuple[float, float], name: str, number: int) -> MapStop:
    standings = {1: "done", 2: "failed", 3: "skipped"}
    clock = f"{9 + number // 4:02}:{number % 4 * 15:02}"
    return MapStop(
        *where, name, number, clock, "09:00–11:00", standings.get(number, "planned"), late=number == 5
    )  # type: ignore[arg-type]


def a_trip(stops: int = 12, **changed: object) -> Trip:
    """A trip of a blue van with as many stops as wanted; the third is known by its address only."""
    start = datetime.combine(DAY, time(9))
    made = tuple(_trip_stop(number, start) for number in range(1, stops + 1))
    way = (
        RoutePoint(*DEPOT, "Warehouse", start, "start"),
        RoutePoint(51.4556, -2.5933, "High Street", start + timedelta(minutes=5), "collect"),
        RoutePoint(*DEPOT, "Warehouse", start + timedelta(hours=4), "end"),
    )
    given: dict[str, object] = {"driver": "Dan", "starts_at": start, "ends_at": start + timedelta(hours=4)}
    return Trip("T-1001", DAY, "VAN1", stops=made, route=way, **(given | changed))  # type: ignore[arg-type]


def _trip_stop(number: int, start: datetime) -> TripStop:
    turn = number * 0.9
    place = (DEPOT[0] + 0.02 * math.sin(turn), DEPOT[1] + 0.03 * math.cos(turn))
    latitude, longitude = (None, None) if number == 3 else place
    return TripStop(
        str(5500 + number),
        number,
        f"C{number:03}",
        NAMES[number % 6],
        f"{number} Mill Road, Bristol",
        latitude,
        longitude,
        "WH",
        start,
        start + timedelta(hours=2),
        start + timedelta(minutes=15 * number),
        start + timedelta(minutes=15 * number + 5),
        lines=(StopLine("MUG-RED", Decimal(3), "WH"), StopLine("GONE", Decimal("1.5"), "WH")),
    )


# -- books --------------------------------------------------------------------------------------------


def add_deliveries(store: Store, folder: Path, orders: int = 6) -> None:
    """Customers, orders of today and two vans into a small shop's books."""
    write_shop(folder)
    due = f"{DAY}T10:00", f"{DAY}T12:00"
    places = [(51.44 + 0.01 * number, -2.57 + 0.012 * (-1) ** number * number) for number in range(orders)]
    people = [
        (f"C{number}", NAMES[number % 6], f"{number + 1} Mill Road, Bristol", *place)
        for number, place in enumerate(places)
    ]
    _write(folder, "customers.csv", "code,name,address,latitude,longitude", people)
    wanted = [
        (str(5501 + number), f"C{number}", "2026-03-14T10:00", *due, "open", "MUG-RED", 2)
        for number in range(orders)
    ]
    _write(folder, "orders.csv", "order_no,customer,placed_at,due_from,due_to,status,sku,quantity", wanted)
    vans = [("VAN1", "Blue van", 800, 5000, "WH"), ("VAN2", "White van", 600, 3000, "WH")]
    _write(folder, "vehicles.csv", "code,name,capacity_kg,capacity_l,home", vans)
    report = load(store, folder, actor=OWNER, at=NOW)
    assert report.ok, report.summary()


def confirm(store: Store, orders: Sequence[str], vehicle: str = "VAN1", driver: str = "Dan") -> Trip:
    """Put these orders on a trip of today."""
    start = datetime.combine(DAY, time(9, 30))
    stops = tuple(
        PlannedStop(number, "WH", at := start + timedelta(minutes=20 * place + 15), at + timedelta(minutes=5))
        for place, number in enumerate(orders)
    )
    way = (RoutePoint(*DEPOT, "Warehouse", start, "start"), RoutePoint(*DEPOT, "Warehouse", start, "end"))
    trip = PlannedTrip(
        vehicle, stops, driver, start, start + timedelta(hours=3), Decimal("12.5"), Decimal(30), route=way
    )
    done = store.apply(ConfirmTrips(DAY, (trip,)), OWNER, request_id=f"confirm-{vehicle}", at=NOW)
    found = store.trips.trip(done.documents[0])
    assert found is not None
    return found


def _write(folder: Path, name: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split(","))
        writer.writerows(rows)
