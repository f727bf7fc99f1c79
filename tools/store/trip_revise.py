"""A running day planned anew: stops in another order, on another van, added or dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from tools.store.changes import BooksError
from tools.store.entry import Entry
from tools.store.trip_changes import PlannedStop, PlannedTrip, RevisedTrip, ReviseTrips
from tools.store.trip_events import Watch
from tools.store.trip_facts import LIVE_TRIPS
from tools.store.trip_goods import PACKED, promise, read_order, sent_by_itself, set_order
from tools.store.trip_make import add_stop, check_day, let_go, make_trip, rounded, unload
from tools.store.trip_now import (
    StopNow,
    TripNow,
    new_stop,
    planned_values,
    read_trip,
    set_stop,
    set_trip,
    stop_lines,
    wall,
    write_lines,
)
from tools.store.trip_reading import STOP, route_text

OFF_THE_PLAN = "off the plan"


def revise(entry: Entry, change: ReviseTrips) -> None:
    """Write the new plan of what is left.

    Raises:
        BooksError: it was made upon an older state, gives a stop to two trips, or one that is made.
    """
    if change.day is not None:
        check_day(entry, change.day, change.seen)
    trips = [read_trip(entry, each.trip_no) for each in change.trips]
    for trip, wanted in zip(trips, change.trips, strict=True):
        trip.check_seen(wanted.seen)
        if trip.status not in LIVE_TRIPS:
            raise BooksError(f"{trip.trip_no} {trip.state}, so it stays as it is")
    orders = _orders(change)
    watch = Watch(
        entry, [trip.id for trip in trips], {*orders, *(s.order_no for t in trips for s in t.stops)}
    )
    revision = _Revision(entry, trips)
    for trip, wanted in zip(trips, change.trips, strict=True):
        revision.write(trip, wanted)
    made = [revision.add_trip(change, new) for new in change.new]
    revision.drop(orders)
    detail = {"stops": len(orders), "new": len(made)}
    watch.note("revise", detail, about=[*(trip.id for trip in trips), *made], new=made)


def _orders(change: ReviseTrips) -> list[str]:
    plans: Iterable[RevisedTrip | PlannedTrip] = (*change.trips, *change.new)
    orders = [stop.order_no for plan in plans for stop in plan.stops]
    twice = next((order for order in orders if orders.count(order) > 1), None)
    if twice:
        raise BooksError(f"order {twice} would be on two trips")
    if not change.trips and not change.new:
        raise BooksError("there is nothing to plan anew")
    return orders


class _Revision:
    """The stops of all revised trips, each to be kept, given to another trip, or dropped."""

    def __init__(self, entry: Entry, trips: Sequence[TripNow]) -> None:
        self.entry = entry
        self.trips = {trip.id: trip for trip in trips}
        self.given: set[int] = set()

    def write(self, trip: TripNow, wanted: RevisedTrip) -> None:
        """The stops of one trip in their new order, after those that are made."""
        made = [stop.position for stop in trip.stops if not stop.is_open]
        own = {stop.order_no: stop for stop in trip.stops}
        for position, planned in enumerate(wanted.stops, max(made, default=0) + 1):
            stop = own.get(planned.order_no)
            if stop is not None and (stop.is_open or not self._elsewhere(trip.id, planned.order_no)):
                self._keep(stop, position, planned)
            else:
                self._place(self.entry, trip.id, position, planned)
        values = _trip_values(wanted)
        if values:
            set_trip(self.entry, trip.id, **values)
        self.entry.documents.append(trip.trip_no)

    def add_trip(self, change: ReviseTrips, new: PlannedTrip) -> int:
        """A further trip of the day; it may take over stops of the others."""
        day = change.day or next((trip.row["day"] for trip in self.trips.values()), None)
        if day is None:
            raise BooksError("a new trip needs a day")
        return make_trip(self.entry, day, new, partial(_Revision._place, self))

    def drop(self, orders: Iterable[str]) -> None:
        """Stops that are in no plan any more; what is loaded comes back with the van, if it has left."""
        kept = set(orders)
        for trip in self.trips.values():
            dropped = [
                stop
                for stop in trip.stops
                if stop.is_open and stop.order_no not in kept and stop.id not in self.given
            ]
            for stop in dropped:
                set_stop(self.entry, stop.id, status="skipped", note=OFF_THE_PLAN)
            if trip.status != "out":
                unload(self.entry, dropped)
            let_go(self.entry, [stop for stop in dropped if not stop.loaded_group])
            self._close_if_empty(trip)

    def _close_if_empty(self, trip: TripNow) -> None:
        query = select(STOP.c.status, STOP.c.loaded_group).where(STOP.c.trip_id == trip.id)
        left = [row for row in self.entry.connection.execute(query) if row.status in ("planned", "loaded")]
        if not left and trip.status != "out":
            set_trip(self.entry, trip.id, status="cancelled")

    def _keep(self, stop: StopNow, position: int, planned: PlannedStop) -> None:
        if stop.status == "delivered":
            raise BooksError(f"order {stop.order_no} {stop.done_words} meanwhile; look at the plan again")
        values: dict[str, Any] = {**planned_values(self.entry, position, planned)}
        if not stop.is_open:
            values |= self._revived(stop)
        set_stop(self.entry, stop.id, **values)
        if not stop.loaded_group:
            order = read_order(self.entry, stop.order_no)
            write_lines(self.entry, stop.id, stop_lines(self.entry, order, planned))
            promise(self.entry, order)

    def _revived(self, stop: StopNow) -> dict[str, Any]:
        """A stop that was given up is tried once more."""
        status = "loaded" if stop.loaded_group else "planned"
        order = read_order(self.entry, stop.order_no)
        if order.status in ("cancelled", "returned", "delivered"):
            raise BooksError(f"order {order.order_no} is {order.status} already")
        if sent_by_itself(self.entry.connection, order.order_no):
            raise BooksError(f"order {order.order_no} is on its way already, on no trip")
        if stop.loaded_group:
            set_order(self.entry, stop.order_no, "out_for_delivery")
        elif order.status == "failed":
            set_order(self.entry, stop.order_no, PACKED)
        return {"status": status, "done_at": None, "done_by": "", "note": ""}

    def _elsewhere(self, trip_id: int, order_no: str) -> tuple[TripNow, StopNow] | None:
        """The stop of an order on another of the revised trips, to be made or with its goods aboard."""
        for trip in self.trips.values():
            for stop in trip.stops:
                alive = stop.is_open or stop.loaded_group
                if trip.id != trip_id and stop.order_no == order_no and alive:
                    return trip, stop
        return None

    def _place(self, entry: Entry, trip_id: int, position: int, planned: PlannedStop) -> None:
        """A stop that this trip did not have to make: of another trip, or new."""
        found = self._elsewhere(trip_id, planned.order_no)
        if found is None:
            add_stop(entry, trip_id, position, planned)
            return
        giver, stop = found
        if stop.status == "delivered":
            raise BooksError(f"order {stop.order_no} {stop.done_words} meanwhile; look at the plan again")
        self.given.add(stop.id)
        taker = self._written(trip_id, position, planned, stop)
        if stop.loaded_group or not stop.is_open:
            set_stop(entry, taker, order_before=stop.order_before, loaded_group=stop.loaded_group)
            set_stop(entry, taker, **self._revived(stop))
        set_stop(entry, stop.id, status="skipped", loaded_group="", note="given to another van")
        entry.documents.append(giver.trip_no)

    def _written(self, trip_id: int, position: int, planned: PlannedStop, stop: StopNow) -> int:
        """The taking trip's row for the stop: the one that it has from before, or a new one."""
        entry = self.entry
        lines = stop.lines
        if not stop.loaded_group:
            lines = stop_lines(entry, read_order(entry, stop.order_no), planned)
        own = select(STOP.c.id).where(STOP.c.trip_id == trip_id, STOP.c.order_no == stop.order_no)
        key = entry.connection.execute(own).scalar()
        if key is None:
            new_stop(entry, trip_id, position, planned, lines)
            return int(entry.connection.execute(own).scalar_one())
        again = {"status": "planned", "done_at": None, "done_by": "", "note": "", "order_before": ""}
        set_stop(entry, key, **planned_values(entry, position, planned), **again)
        write_lines(entry, key, lines)
        return int(key)


def _trip_values(wanted: RevisedTrip) -> dict[str, Any]:
    values: dict[str, Any] = {
        "driver": wanted.driver,
        "starts_at": wall(wanted.starts_at),
        "ends_at": wall(wanted.ends_at),
        "planned_km": rounded(wanted.planned_km, "0.001"),
        "planned_cost": rounded(wanted.planned_cost, "0.0001"),
        "travel_source": wanted.travel_source,
        "travel_estimate": wanted.travel_estimate,
        "route": route_text(wanted.route) if wanted.route else None,
    }
    return {name: value for name, value in values.items() if value is not None}
