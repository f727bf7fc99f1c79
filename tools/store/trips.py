"""Vehicles and delivery trips, asked of the books."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, func, or_, select

from tools.store.among import only
from tools.store.engine import Database
from tools.store.trip_facts import (
    LIVE_TRIPS,
    TO_DELIVER,
    Deliverable,
    LastWord,
    StopDone,
    Trip,
    TripEvent,
    Vehicle,
)
from tools.store.trip_reading import (
    CUSTOMER,
    EVENT,
    ORDER,
    STOP,
    TRIP,
    UNCOUNTED,
    VEHICLE,
    day_events,
    last_word,
    read_deliverable,
    read_trips,
    stops_joined,
)

NOT_CANCELLED = (*LIVE_TRIPS, "done")


class Trips:
    """Vehicles and delivery trips, asked of the books."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vehicles(self, *, hidden: bool = False) -> tuple[Vehicle, ...]:
        """What delivers, by code; with ``hidden`` also what is no longer kept."""
        query = select(VEHICLE).order_by(VEHICLE.c.code)
        with self._database.reading() as connection:
            found = [_vehicle(row) for row in connection.execute(query)]
        return tuple(each for each in found if hidden or each.active)

    def trips(
        self,
        day: date | None = None,
        *,
        statuses: Collection[str] | None = None,
        vehicle: str | None = None,
        trip_no: str | None = None,
    ) -> tuple[Trip, ...]:
        """Trips by day and start; ``statuses`` None: all but cancelled ones (with ``trip_no`` all)."""
        wanted = statuses if statuses is not None or trip_no else NOT_CANCELLED
        conditions = only(TRIP.c.status, wanted)
        conditions += only(TRIP.c.trip_no, None if trip_no is None else [trip_no])
        conditions += only(VEHICLE.c.code, None if vehicle is None else [vehicle])
        conditions += () if day is None else (TRIP.c.day == day,)
        with self._database.reading() as connection:
            return read_trips(connection, conditions)

    def trip(self, trip_no: str) -> Trip | None:
        """The trip with this number."""
        return next(iter(self.trips(trip_no=trip_no)), None)

    def trip_of(self, order_no: str) -> Trip | None:
        """The trip that has this order: one on which it is still to come, else the last one that had it."""
        return self.trips_of([order_no]).get(order_no)

    def trips_of(self, orders: Collection[str]) -> dict[str, Trip]:
        """For each of these orders its trip, as :meth:`trip_of` tells it; those without are left out."""
        theirs = TRIP.c.id.in_(select(STOP.c.trip_id).where(*only(STOP.c.order_no, orders)))
        with self._database.reading() as connection:
            found = read_trips(connection, (theirs, TRIP.c.status.in_(NOT_CANCELLED)))
        having = {order: [trip for trip in found if trip.stop(order)] for order in orders}
        return {
            order: max(trips, key=lambda trip: _nearness(trip, order))
            for order, trips in having.items()
            if trips
        }

    def seen(self, day: date) -> int:
        """How much has happened to the trips of a day: what a plan of it carries as ``seen``."""
        with self._database.reading() as connection:
            return day_events(connection, day)

    def history(self, trip_no: str) -> tuple[TripEvent, ...]:
        """What happened to a trip, the oldest first, moved ETAs left out."""
        query = select(EVENT).join(TRIP, TRIP.c.id == EVENT.c.trip_id).where(TRIP.c.trip_no == trip_no)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(EVENT.c.kind != UNCOUNTED).order_by(EVENT.c.id)).all()
        return tuple(
            TripEvent(row.kind, row.order_no, row.at, row.actor, undone=bool(row.undone_by)) for row in rows
        )

    def last_word(self, order_no: str) -> LastWord | None:
        """What was last said of an order that goes out: that it left, arrived, failed or was skipped."""
        with self._database.reading() as connection:
            return last_word(connection, order_no)

    def stops_done(self, first: date, last: date) -> tuple[StopDone, ...]:
        """Stops delivered or failed on trips of the days first to last, by trip and time."""
        query = (
            select(
                TRIP.c.trip_no, VEHICLE.c.code, TRIP.c.day, STOP.c.order_no, STOP.c.status,
                CUSTOMER.c.latitude, CUSTOMER.c.longitude, ORDER.c.due_from, ORDER.c.due_to,
                STOP.c.planned_arrival, STOP.c.planned_departure, STOP.c.done_at, TRIP.c.started_at,
            )
            .select_from(stops_joined().join(TRIP, TRIP.c.id == STOP.c.trip_id))
            .join(VEHICLE, VEHICLE.c.id == TRIP.c.vehicle_id)
            .where(TRIP.c.day.between(first, last), TRIP.c.status.in_(NOT_CANCELLED))
            .where(STOP.c.status.in_(("delivered", "failed")), STOP.c.done_at.is_not(None))
            .order_by(TRIP.c.day, TRIP.c.id, STOP.c.done_at, STOP.c.position)
        )  # fmt: skip
        with self._database.reading() as connection:
            return tuple(StopDone(*tuple(row)) for row in connection.execute(query))

    def deliverable(
        self, first: date, last: date, *, statuses: Collection[str] = TO_DELIVER
    ) -> tuple[Deliverable, ...]:
        """Orders due on the days first to last (or on no day that is known), the earliest first."""
        due = func.coalesce(ORDER.c.due_to, ORDER.c.due_from)
        within = or_(
            due.is_(None),
            due.between(datetime.combine(first, time.min), datetime.combine(last, time.max)),
        )
        conditions = (within, *only(ORDER.c.status, statuses))
        with self._database.reading() as connection:
            return read_deliverable(connection, conditions)

    def order(self, order_no: str) -> Deliverable | None:
        """One order whatever its state, as far as delivering it goes."""
        with self._database.reading() as connection:
            return next(iter(read_deliverable(connection, (ORDER.c.order_no == order_no,))), None)


def _nearness(trip: Trip, order_no: str) -> tuple[bool, bool, date, str]:
    stop = trip.stop(order_no)
    to_come = trip.is_live and stop is not None and stop.is_open
    return (to_come, stop is not None and stop.status != "skipped", trip.day, trip.trip_no)


def _vehicle(row: Row[Any]) -> Vehicle:
    return Vehicle(
        code=row.code,
        name=row.name,
        capacity_kg=row.capacity_kg,
        capacity_l=row.capacity_l,
        home=row.home,
        shift_from=row.shift_from,
        shift_to=row.shift_to,
        odometer_km=row.odometer_km,
        active=bool(row.active),
        driver=row.driver or "",
        profile=row.profile or "",
        skills=tuple(filter(None, (row.skills or "").split(";"))),
        cost_fixed=row.cost_fixed,
        cost_per_km=row.cost_per_km,
        cost_per_hour=row.cost_per_hour,
        break_minutes=row.break_minutes,
        break_from=row.break_from or "",
        break_to=row.break_to or "",
    )
