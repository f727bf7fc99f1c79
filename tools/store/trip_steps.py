"""Delivery trips in the books: what each step needs, changes and leaves behind.

A trip: planned -> loaded -> out -> done, or cancelled before it leaves.  A stop: planned -> loaded ->
delivered | failed | skipped.  Goods leave their place when they are loaded and the books when they are
delivered; in between they are on the road, and nobody is promised them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, assert_never

from sqlalchemy import select, update

from tools.store.changes import BooksError
from tools.store.entry import Entry
from tools.store.trip_changes import (
    CancelTrips,
    ConfirmTrips,
    EndTrip,
    FinishStop,
    LoadTrip,
    MoveEtas,
    ReviseTrips,
    SendOut,
    StartTrip,
    TripChange,
)
from tools.store.trip_events import Watch
from tools.store.trip_finish import finish, move_etas, send_out
from tools.store.trip_goods import end_promise, load, read_order, set_order
from tools.store.trip_make import check_day, let_go, make_trip, unload
from tools.store.trip_now import StopNow, TripNow, read_trip, set_stop, set_trip, vehicle_row, wall
from tools.store.trip_reading import TRIP, VEHICLE
from tools.store.trip_revise import revise

NOT_REACHED = "not reached"


def trip(entry: Entry, change: TripChange) -> None:  # noqa: C901 - one line for each kind
    """Write one step of delivery trips.

    Raises:
        BooksError: they are not in a state for it; the text says in which they are.
    """
    match change:
        case ConfirmTrips():
            _confirm(entry, change)
        case LoadTrip():
            _load(entry, change)
        case StartTrip():
            _start(entry, change)
        case SendOut():
            send_out(entry, change)
        case FinishStop():
            finish(entry, change)
        case ReviseTrips():
            revise(entry, change)
        case MoveEtas():
            move_etas(entry, change)
        case EndTrip():
            _end(entry, change)
        case CancelTrips():
            _cancel(entry, change)
        case _:
            assert_never(change)


# -- a plan stands -----------------------------------------------------------------------------------


def _confirm(entry: Entry, change: ConfirmTrips) -> None:
    if not change.trips:
        raise BooksError("there is no trip to confirm")
    check_day(entry, change.day, change.seen)
    old = [read_trip(entry, number) for number in change.replaces]
    for each in old:
        _check_replaceable(each, change)
    orders = [stop.order_no for new in change.trips for stop in new.stops]
    orders += [stop.order_no for each in old for stop in each.stops]
    watch = Watch(entry, [each.id for each in old], orders)
    for each in old:
        set_trip(entry, each.id, status="cancelled")
        entry.documents.append(each.trip_no)
    made = [make_trip(entry, change.day, new) for new in change.trips]
    for each in old:
        let_go(entry, each.stops)
    detail = {"trips": len(made), "replaces": list(change.replaces)}
    watch.note("confirm", detail, about=[*made, *(each.id for each in old)], new=made)


def _check_replaceable(each: TripNow, change: ConfirmTrips) -> None:
    if each.status != "planned":
        raise BooksError(f"{each.trip_no} {each.state} already, so it is not planned anew from the start")
    if each.row["day"] != change.day:
        raise BooksError(f"{each.trip_no} is a trip of another day")


# -- loading and leaving -----------------------------------------------------------------------------


def _load(entry: Entry, change: LoadTrip) -> None:
    found = read_trip(entry, change.trip_no)
    found.check_seen(change.seen)
    if found.status not in ("planned", "loaded", "out"):
        raise BooksError(f"{found.trip_no} {found.state}, so there is nothing to load")
    waiting = [stop for stop in found.stops if stop.status == "planned"]
    if not waiting:
        raise BooksError(f"everything of {found.trip_no} is loaded already")
    watch = Watch(entry, [found.id], [stop.order_no for stop in waiting])
    _load_stops(entry, waiting)
    if found.status == "planned":
        set_trip(entry, found.id, status="loaded")
    entry.documents.append(found.trip_no)
    watch.note("load", {"stops": len(waiting)}, about=[found.id])


def _load_stops(entry: Entry, stops: Iterable[StopNow]) -> None:
    for stop in stops:
        order = read_order(entry, stop.order_no)
        if order.status in ("cancelled", "returned", "delivered"):
            entry.notes.append(f"Order {order.order_no} is {order.status}, so it stays here.")
            set_stop(entry, stop.id, status="skipped", note=f"the order was {order.status}")
            continue
        end_promise(entry, order.order_no, "used")
        load(entry, stop.lines, order.order_no)
        set_stop(
            entry,
            stop.id,
            status="loaded",
            loaded_group=entry.header.group_id,
            order_before=order.status,
        )
        set_order(entry, order.order_no, "out_for_delivery")


def _start(entry: Entry, change: StartTrip) -> None:
    found = read_trip(entry, change.trip_no)
    found.check_seen(change.seen)
    if found.status not in ("planned", "loaded"):
        raise BooksError(f"{found.trip_no} {found.state} already")
    vehicle = vehicle_row(entry.connection, number=found.row["vehicle_id"])
    _check_not_out(entry, found, vehicle["name"])
    waiting = [stop for stop in found.stops if stop.status == "planned"]
    watch = Watch(entry, [found.id], [stop.order_no for stop in waiting])
    _load_stops(entry, waiting)
    odometer = _odometer(entry, vehicle, change.odometer_km)
    set_trip(entry, found.id, status="out", started_at=wall(change.at), odometer_start=odometer)
    entry.documents.append(found.trip_no)
    detail = {"at": change.at.isoformat(), "stops": len(waiting)}
    watch.note("start", detail, about=[found.id])


def _check_not_out(entry: Entry, found: TripNow, vehicle: str) -> None:
    query = select(TRIP.c.trip_no).where(
        TRIP.c.vehicle_id == found.row["vehicle_id"], TRIP.c.status == "out", TRIP.c.id != found.id
    )
    other = entry.connection.execute(query).scalar()
    if other:
        raise BooksError(f"{vehicle} is still out on {other}; end that trip first")


def _odometer(entry: Entry, vehicle: Any, said: Decimal | None) -> Decimal | None:
    """What the vehicle's odometer shows now; never less than before."""
    before: Decimal | None = vehicle["odometer_km"]
    if said is None:
        return before
    if said < 0 or (before is not None and said < before):
        shown = f"{before:,.0f} km" if before is not None else "0 km"
        raise BooksError(f"the odometer of {vehicle['name']} showed {shown} already, so not {said:,.0f} km")
    said = said.quantize(Decimal("0.001"))
    entry.connection.execute(update(VEHICLE).where(VEHICLE.c.id == vehicle["id"]).values(odometer_km=said))
    return said


# -- coming back -------------------------------------------------------------------------------------


def _end(entry: Entry, change: EndTrip) -> None:
    found = read_trip(entry, change.trip_no)
    found.check_seen(change.seen)
    if found.status not in ("loaded", "out"):
        extra = ": cancel it instead" if found.status == "planned" else " already"
        raise BooksError(f"{found.trip_no} {found.state}{extra}")
    vehicle = vehicle_row(entry.connection, number=found.row["vehicle_id"])
    watch = Watch(entry, [found.id], [stop.order_no for stop in found.stops])
    back = unload(entry, found.stops)
    for stop in found.stops:
        if stop.is_open:
            set_stop(entry, stop.id, status="skipped", note=NOT_REACHED)
    odometer = _odometer(entry, vehicle, change.odometer_km)
    set_trip(entry, found.id, status="done", ended_at=wall(change.at), odometer_end=odometer)
    entry.documents.append(found.trip_no)
    watch.note("end", {"at": change.at.isoformat(), "back": back}, about=[found.id])


def _cancel(entry: Entry, change: CancelTrips) -> None:
    found = [read_trip(entry, number) for number in dict.fromkeys(change.trips)]
    if not found:
        raise BooksError("there is no trip to cancel")
    for each in found:
        if len(found) == 1:
            each.check_seen(change.seen)
        if each.status not in ("planned", "loaded"):
            extra = ": end it instead" if each.status == "out" else " already"
            raise BooksError(f"{each.trip_no} {each.state}{extra}")
    stops = [stop for each in found for stop in each.stops]
    watch = Watch(entry, [each.id for each in found], [stop.order_no for stop in stops])
    back = unload(entry, stops)
    for each in found:
        set_trip(entry, each.id, status="cancelled")
        entry.documents.append(each.trip_no)
    let_go(entry, [stop for stop in stops if stop.order_no not in back])
    watch.note("cancel", {"reason": change.reason, "back": back}, about=[each.id for each in found])
