"""Writing new trips and their stops, and what happens to goods and promises when a van is emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select

from tools.store.changes import BooksError
from tools.store.entry import Entry
from tools.store.ledger import plain
from tools.store.trip_changes import PlannedStop, PlannedTrip
from tools.store.trip_goods import (
    PACKED,
    WAITING,
    OrderNow,
    bring_back,
    end_promise,
    promise,
    read_order,
    sent_by_itself,
    set_order,
)
from tools.store.trip_now import StopNow, live_stop, new_stop, set_stop, stop_lines, vehicle_row, wall
from tools.store.trip_reading import TRIP, day_events, route_text

PREFIX, FIRST_NUMBER = "T-", 1001
MOST_STOPS = 500

AddStop = Callable[[Entry, int, int, PlannedStop], None]
"""How a stop comes onto the trip with this number in the table, at this position."""


def check_day(entry: Entry, day: date, seen: int | None) -> None:
    """Refuse what was decided upon an older state of a day.

    Raises:
        BooksError: something has happened to its trips since.
    """
    if seen is not None and seen != day_events(entry.connection, day):
        raise BooksError(f"the trips of {day:%d %b} were changed since you saw them; look again")


def let_go(entry: Entry, stops: Iterable[StopNow]) -> None:
    """Orders that are on no trip any more, and hold goods only because they were: those are free again."""
    for stop in stops:
        if live_stop(entry, stop.order_no) is None and stop.order_no:
            order = read_order(entry, stop.order_no)
            if order.status not in WAITING:
                end_promise(entry, order.order_no, "released")


def make_trip(entry: Entry, day: date, new: PlannedTrip, add: AddStop | None = None) -> int:
    """Write a new trip with its stops; returns its number in the table.

    Raises:
        BooksError: a vehicle, order or place is not there, or an order is on a trip already.
    """
    if not new.stops:
        raise BooksError("a trip needs at least one stop")
    if len(new.stops) > MOST_STOPS:
        raise BooksError(f"a trip has at most {MOST_STOPS} stops, not {len(new.stops)}")
    vehicle = vehicle_row(entry.connection, code=new.vehicle)
    if not vehicle["active"]:
        raise BooksError(f"{vehicle['name']} is no longer in use")
    number = _next_number(entry)
    row = {
        "trip_no": number,
        "day": day,
        "vehicle_id": vehicle["id"],
        "driver": plain(new.driver or vehicle["driver"] or "", 120),
        "status": "planned",
        "starts_at": wall(new.starts_at),
        "ends_at": wall(new.ends_at),
        "planned_km": rounded(new.planned_km, "0.001"),
        "planned_cost": rounded(new.planned_cost, "0.0001"),
        "travel_source": plain(new.travel_source, 200),
        "travel_estimate": new.travel_estimate,
        "route": route_text(new.route),
    }
    key = int(entry.connection.execute(insert(TRIP).returning(TRIP.c.id), row).scalar_one())
    for position, stop in enumerate(new.stops, 1):
        (add or add_stop)(entry, key, position, stop)
    entry.documents.append(number)
    return key


def rounded(value: Decimal | None, step: str) -> Decimal | None:
    """A planned figure in the steps that the books keep: a plan is no exact quantity."""
    return None if value is None else value.quantize(Decimal(step))


def _next_number(entry: Entry) -> str:
    numbers = entry.connection.execute(select(TRIP.c.trip_no)).scalars()
    used = [int(number[len(PREFIX) :]) for number in numbers if number[len(PREFIX) :].isdecimal()]
    return f"{PREFIX}{max([FIRST_NUMBER - 1, *used]) + 1}"


def add_stop(entry: Entry, trip_id: int, position: int, wanted: PlannedStop) -> None:
    """Write a stop for an order that is on no trip, and hold its goods.

    Raises:
        BooksError: the order is over, or on a trip already.
    """
    order = read_order(entry, wanted.order_no)
    _check_free(entry, order)
    if order.status == "failed":
        set_order(entry, order.order_no, PACKED)
    new_stop(entry, trip_id, position, wanted, stop_lines(entry, order, wanted))
    promise(entry, order)


def _check_free(entry: Entry, order: OrderNow) -> None:
    if order.status not in (*WAITING, "out_for_delivery", "failed"):
        raise BooksError(f"order {order.order_no} is {order.status.replace('_', ' ')} already")
    sent = sent_by_itself(entry.connection, order.order_no)
    if sent:
        raise BooksError(f"order {order.order_no} is on its way since {sent.at:%H:%M}, by {sent.by}")
    found = live_stop(entry, order.order_no)
    if found and (found[1].is_open or found[1].loaded_group):
        raise BooksError(f"order {order.order_no} is on {found[0].trip_no} already")


def unload(entry: Entry, stops: Sequence[StopNow]) -> list[str]:
    """What is on the van goes back to its places; orders that were not tried wait again, and hold it."""
    back = [stop for stop in stops if stop.loaded_group]
    for stop in back:
        bring_back(entry, stop.loaded_group, stop.order_no)
        set_stop(entry, stop.id, loaded_group="")
        if stop.status == "failed":
            continue
        set_order(entry, stop.order_no, stop.order_before if stop.order_before in WAITING else PACKED)
        promise(entry, read_order(entry, stop.order_no))
    return [stop.order_no for stop in back]
