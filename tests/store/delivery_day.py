"""A small shop with two vans and orders to bring, and the words for a delivery day."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select

from tests.store.small_shop import NOW, TODAY, do, on_hand, open_shop
from tools.store import Actor, Applied, Receive, Store
from tools.store.facts import Level
from tools.store.tables import (
    CustomerRow,
    ReservationRow,
    SalesOrderLineRow,
    SalesOrderRow,
    VehicleRow,
)
from tools.store.trip_changes import ConfirmTrips, FinishStop, LoadTrip, PlannedStop, PlannedTrip, StartTrip
from tools.store.trip_facts import StopLine, Trip

DAN, GEMMA = Actor("Dan", "telegram", conversation="dan"), Actor("Gemma", "telegram", conversation="gemma")
AT = datetime(2026, 3, 10, 10, 42)
STOCK = 20


def open_deliveries(store: Store, *, orders: int = 4, status: str = "packed") -> None:
    """P1..P3 with 20 each at SHOP and STORE, VAN1 and VAN2 at STORE, orders 1.. of 2 × P1 and 1 × P2."""
    open_shop(store)
    for sku in ("P1", "P2", "P3"):
        for place in ("SHOP", "STORE"):
            do(store, Receive(sku, place, Decimal(STOCK)))
    with store.database.writing() as connection:
        vans = [{"code": f"VAN{n}", "name": f"Van {n}", "home": "STORE", "active": True} for n in (1, 2)]
        connection.execute(insert(VehicleRow), [{**van, "odometer_km": Decimal(1000)} for van in vans])
        homes = {"address": "1 High Street", "latitude": 51.5, "longitude": -2.6, "active": True}
        connection.execute(insert(CustomerRow), [{"code": "C1", "name": "Mrs Jones", **homes}])
    for number in range(1, orders + 1):
        add_order(store, str(number), status=status)


def add_order(store: Store, order_no: str, *, status: str = "packed", p1: int = 2, p2: int = 1) -> None:
    """An order due today, its goods held as an import does."""
    due = {"due_from": datetime(2026, 3, 10, 10), "due_to": datetime(2026, 3, 10, 12)}
    row = {"order_no": order_no, "customer": "C1", "placed_at": datetime(2026, 3, 9, 9), "status": status}
    with store.database.writing() as connection:
        key = connection.execute(insert(SalesOrderRow).values(**row, **due)).inserted_primary_key
        skus = connection.exec_driver_sql("SELECT sku, id FROM product").all()
        numbers = dict(tuple(each) for each in skus)
        lines = [("P1", p1), ("P2", p2)]
        assert key is not None
        connection.execute(
            insert(SalesOrderLineRow),
            [
                {"order_id": key[0], "line": n, "product_id": numbers[sku], "quantity": Decimal(quantity)}
                for n, (sku, quantity) in enumerate(lines, 1)
            ],
        )
        held = {
            "for_type": "sales_order",
            "for_ref": order_no,
            "state": "held",
            "created_at": NOW,
            "actor": "import",
        }
        if status in ("open", "packed"):
            connection.execute(
                insert(ReservationRow),
                [
                    {**held, "product_id": numbers[sku], "quantity": Decimal(quantity)}
                    for sku, quantity in lines
                ],
            )


def stop(order_no: str, source: str = "STORE", *lines: StopLine) -> PlannedStop:
    """An order to bring, planned for 10:30."""
    return PlannedStop(order_no, source, datetime(2026, 3, 10, 10, 30), datetime(2026, 3, 10, 10, 35), lines)


def confirm(store: Store, *orders: str, vehicle: str = "VAN1", driver: str = "Dan") -> Trip:
    """A confirmed trip of the day with these orders."""
    planned = PlannedTrip(vehicle, tuple(stop(order) for order in orders), driver)
    applied = do(store, ConfirmTrips(TODAY, (planned,)))
    found = store.trips.trip(applied.documents[0])
    assert found is not None
    return found


def load(store: Store, *orders: str, vehicle: str = "VAN1") -> Trip:
    """A loaded trip."""
    found = confirm(store, *orders, vehicle=vehicle)
    do(store, LoadTrip(found.trip_no))
    return now(store, found)


def out(store: Store, *orders: str, vehicle: str = "VAN1") -> Trip:
    """A trip that has left."""
    found = confirm(store, *orders, vehicle=vehicle)
    do(store, StartTrip(found.trip_no, datetime(2026, 3, 10, 9)))
    return now(store, found)


def now(store: Store, trip: Trip) -> Trip:
    """The trip as it stands."""
    found = store.trips.trip(trip.trip_no)
    assert found is not None
    return found


def finish(
    store: Store, order_no: str, outcome: str = "delivered", *, actor: Actor = DAN, **more: str
) -> Applied:
    """What became of an order, at 10:42."""
    return do(store, FinishStop(order_no, outcome, AT, **more), actor=actor)  # type: ignore[arg-type]


def order_status(store: Store, order_no: str) -> str:
    """Where the order stands."""
    return store.sales.customer_orders(statuses=None, order_no=order_no)[0].status


def at(store: Store, sku: str, place: str) -> int:
    """What the balance says is there, all lots together."""
    return int(on_hand(store, sku, place))


def held(store: Store, order_no: str) -> dict[str, int]:
    """What is held for an order, by SKU."""
    table = ReservationRow.__table__  # type: ignore[attr-defined]
    with store.database.reading() as connection:
        skus = connection.exec_driver_sql("SELECT id, sku FROM product").all()
        names = dict(tuple(each) for each in skus)
        rows = connection.execute(select(table).where(table.c.for_ref == order_no, table.c.state == "held"))
        return {names[row.product_id]: int(row.quantity) for row in rows}


def level(store: Store, sku: str) -> Level:
    """What there is of a product, everywhere."""
    levels = store.stock.levels([sku], today=TODAY)
    on_hand = sum((each.on_hand for each in levels), Decimal(0))
    reserved = sum((each.reserved for each in levels), Decimal(0))
    return Level(sku, None, on_hand, reserved)
