"""Trips, their stops and the orders to bring, read from their tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from tools.store.among import LOCATION, PRODUCT, only, table_of
from tools.store.tables import (
    CustomerRow,
    SalesOrderLineRow,
    SalesOrderRow,
    TripEventRow,
    TripRow,
    TripStopLineRow,
    TripStopRow,
    VehicleRow,
)
from tools.store.trip_facts import (
    LIVE_TRIPS,
    OPEN_STOPS,
    Deliverable,
    LastWord,
    RoutePoint,
    StopLine,
    Trip,
    TripStop,
)

TRIP = table_of(TripRow)
STOP = table_of(TripStopRow)
LINE = table_of(TripStopLineRow)
EVENT = table_of(TripEventRow)
VEHICLE = table_of(VehicleRow)
ORDER = table_of(SalesOrderRow)
ORDER_LINE = table_of(SalesOrderLineRow)
CUSTOMER = table_of(CustomerRow)

UNCOUNTED = "etas"
"""The kind of event that no ``seen`` counts: estimates move with every stop that is made."""
_EARLIEST, _LATEST = datetime.min, datetime.max  # noqa: DTZ901 - wall times
WORDS = ("send", "delivered", "failed", "skipped")
"""Kinds of events that tell where one order stands."""


def read_trips(connection: Connection, conditions: Iterable[ColumnElement[bool]]) -> tuple[Trip, ...]:
    """The trips that the conditions fit, with their stops."""
    query = (
        select(TRIP, VEHICLE.c.code.label("vehicle"))
        .join(VEHICLE, VEHICLE.c.id == TRIP.c.vehicle_id)
        .where(*conditions)
        .order_by(TRIP.c.day, TRIP.c.id)
    )
    rows = sorted(connection.execute(query), key=lambda row: (row.day, row.starts_at or _EARLIEST, row.id))
    ids = [row.id for row in rows]
    stops, counts = _stops(connection, ids), event_counts(connection, ids)
    return tuple(_trip(row, stops.get(row.id, ()), counts.get(row.id, 0)) for row in rows)


def event_counts(connection: Connection, trips: Collection[int]) -> dict[int, int]:
    """How much has happened to each trip, what was taken back included."""
    query = select(EVENT.c.trip_id, func.count()).where(*only(EVENT.c.trip_id, trips))
    rows = connection.execute(query.where(EVENT.c.kind != UNCOUNTED).group_by(EVENT.c.trip_id))
    return {int(trip): int(count) for trip, count in rows}


def day_events(connection: Connection, day: date) -> int:
    """How much has happened to the trips of a day."""
    query = select(func.count()).select_from(EVENT.join(TRIP, TRIP.c.id == EVENT.c.trip_id))
    counted = query.where(TRIP.c.day == day, EVENT.c.kind != UNCOUNTED)
    return int(connection.execute(counted).scalar_one())


def last_word(connection: Connection, order_no: str) -> LastWord | None:
    """What was last said of an order, as far as it still stands."""
    query = (
        select(EVENT, TRIP.c.trip_no)
        .outerjoin(TRIP, TRIP.c.id == EVENT.c.trip_id)
        .where(EVENT.c.order_no == order_no, EVENT.c.undone_by == "", EVENT.c.kind.in_(WORDS))
        .order_by(EVENT.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    detail = json.loads(row.detail)
    when = datetime.fromisoformat(detail["at"])
    return LastWord(row.kind, when, row.actor, detail.get("note", ""), row.trip_no or "", row.group_id)


def _trip(row: Row[Any], stops: Sequence[TripStop], events: int) -> Trip:
    return Trip(
        trip_no=row.trip_no,
        day=row.day,
        vehicle=row.vehicle,
        driver=row.driver,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        planned_km=row.planned_km,
        planned_cost=row.planned_cost,
        travel_source=row.travel_source,
        travel_estimate=row.travel_estimate,
        stops=tuple(stops),
        events=events,
        started_at=row.started_at,
        ended_at=row.ended_at,
        odometer_start=row.odometer_start,
        odometer_end=row.odometer_end,
        route=route_from(row.route),
    )


def route_from(text: str) -> tuple[RoutePoint, ...]:
    """A way as it was kept."""
    return tuple(
        RoutePoint(latitude, longitude, label, datetime.fromisoformat(when) if when else None, kind)
        for latitude, longitude, label, when, kind in json.loads(text)
    )


def route_text(route: Iterable[RoutePoint]) -> str:
    """A way as it is kept."""
    return json.dumps(
        [
            [point.latitude, point.longitude, point.label, point.time and point.time.isoformat(), point.kind]
            for point in route
        ],
        ensure_ascii=False,
    )


def stops_joined() -> Any:
    """Stops beside their orders and customers, as far as those are known."""
    return STOP.outerjoin(ORDER, ORDER.c.order_no == STOP.c.order_no).outerjoin(
        CUSTOMER, CUSTOMER.c.code == ORDER.c.customer
    )


def _stops(connection: Connection, trips: Collection[int]) -> dict[int, list[TripStop]]:
    query = (
        select(
            STOP, ORDER.c.customer, ORDER.c.due_from, ORDER.c.due_to, CUSTOMER.c.name, CUSTOMER.c.address,
            CUSTOMER.c.latitude, CUSTOMER.c.longitude, LOCATION.c.code.label("source"),
        )
        .select_from(stops_joined().join(LOCATION, LOCATION.c.id == STOP.c.source_id))
        .where(*only(STOP.c.trip_id, trips))
        .order_by(STOP.c.trip_id, STOP.c.position, STOP.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    lines = _lines(connection, [row.id for row in rows])
    found: dict[int, list[TripStop]] = defaultdict(list)
    for row in rows:
        found[row.trip_id].append(_stop(row, lines.get(row.id, ())))
    return found


def _lines(connection: Connection, stops: Collection[int]) -> Mapping[int, list[StopLine]]:
    query = (
        select(LINE.c.stop_id, PRODUCT.c.sku, LINE.c.quantity, LOCATION.c.code)
        .join(PRODUCT, PRODUCT.c.id == LINE.c.product_id)
        .join(LOCATION, LOCATION.c.id == LINE.c.location_id)
        .where(*only(LINE.c.stop_id, stops))
        .order_by(LINE.c.stop_id, LINE.c.line)
    )
    found: dict[int, list[StopLine]] = defaultdict(list)
    for stop, *line in connection.execute(query):
        found[stop].append(StopLine(*line))
    return found


def _stop(row: Row[Any], lines: Iterable[StopLine]) -> TripStop:
    return TripStop(
        order_no=row.order_no,
        position=row.position,
        customer=row.customer or "",
        name=row.name or row.customer or "",
        address=row.address or "",
        latitude=row.latitude,
        longitude=row.longitude,
        source=row.source,
        due_from=row.due_from,
        due_to=row.due_to,
        planned_arrival=row.planned_arrival,
        planned_departure=row.planned_departure,
        eta=row.eta,
        status=row.status,
        done_at=row.done_at,
        done_by=row.done_by,
        note=row.note,
        lines=tuple(lines),
    )


def read_deliverable(
    connection: Connection, conditions: Iterable[ColumnElement[bool]]
) -> tuple[Deliverable, ...]:
    """Orders as far as delivering them goes, the earliest due first."""
    query = (
        select(ORDER, CUSTOMER.c.name, CUSTOMER.c.address, CUSTOMER.c.latitude, CUSTOMER.c.longitude)
        .outerjoin(CUSTOMER, CUSTOMER.c.code == ORDER.c.customer)
        .where(*conditions)
        .order_by(ORDER.c.order_no)
    )
    rows = sorted(connection.execute(query), key=lambda row: (row.due_from or _LATEST, row.order_no))
    lines = order_lines(connection, [row.id for row in rows])
    on_trips = {order_no: trip_no for order_no, trip_no in connection.execute(_open_on_trips())}  # noqa: C416
    return tuple(
        Deliverable(
            order_no=row.order_no,
            status=row.status,
            customer=row.customer,
            name=row.name or row.customer,
            address=row.address or "",
            latitude=row.latitude,
            longitude=row.longitude,
            placed_at=row.placed_at,
            due_from=row.due_from,
            due_to=row.due_to,
            lines=tuple(lines.get(row.id, ())),
            trip_no=on_trips.get(row.order_no, ""),
        )
        for row in rows
    )


def _open_on_trips() -> Select[Any]:
    query = select(STOP.c.order_no, TRIP.c.trip_no).join(TRIP, TRIP.c.id == STOP.c.trip_id)
    return query.where(TRIP.c.status.in_(LIVE_TRIPS), STOP.c.status.in_(OPEN_STOPS))


def order_lines(connection: Connection, orders: Collection[int]) -> dict[int, list[tuple[str, Any]]]:
    """(SKU, quantity) of each line, by the order's number in the table."""
    query = (
        select(ORDER_LINE.c.order_id, PRODUCT.c.sku, ORDER_LINE.c.quantity)
        .join(PRODUCT, PRODUCT.c.id == ORDER_LINE.c.product_id)
        .where(*only(ORDER_LINE.c.order_id, orders))
        .order_by(ORDER_LINE.c.order_id, ORDER_LINE.c.line)
    )
    found: dict[int, list[tuple[str, Any]]] = defaultdict(list)
    for order, sku, quantity in connection.execute(query):
        found[order].append((sku, quantity))
    return found
