"""What became of a delivery: on a trip, or of an order that goes out by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tools.store.changes import BooksError
from tools.store.entry import LOCATIONS, Entry
from tools.store.trip_changes import FinishStop, MoveEtas, SendOut
from tools.store.trip_events import Watch
from tools.store.trip_facts import LastWord, StopLine
from tools.store.trip_goods import (
    OrderNow,
    bring_back,
    deliver,
    end_promise,
    find_goods,
    hand_over,
    load,
    read_order,
    sent_by_itself,
    set_order,
    sold_from,
)
from tools.store.trip_now import (
    StopNow,
    TripNow,
    done_values,
    live_stop,
    read_trip,
    set_stop,
    set_trip,
    wall,
)
from tools.store.trip_reading import VEHICLE, last_word

SAID = {
    "delivered": "was delivered",
    "failed": "could not be delivered",
    "send": "is on its way since",
}


def finish(entry: Entry, change: FinishStop) -> None:
    """Write what became of a delivery.

    Raises:
        BooksError: it has been told already; the text says when and by whom.
    """
    order = read_order(entry, change.order_no)
    found = live_stop(entry, change.order_no)
    if found is None or (change.outcome != "skipped" and _is_behind(entry, found[1])):
        _without_trip(entry, change, order)
    else:
        if not found[1].is_open:
            _check_not_over(entry, order)
        _on_trip(entry, change, *found)
    entry.documents.append(change.order_no)


def _is_behind(entry: Entry, stop: StopNow) -> bool:
    """Whether the stop was left out and has no goods aboard, or its order goes in another way."""
    off = stop.status == "skipped" and not stop.loaded_group
    return off or sent_by_itself(entry.connection, stop.order_no) is not None


# -- on a trip ---------------------------------------------------------------------------------------


def _on_trip(entry: Entry, change: FinishStop, trip: TripNow, stop: StopNow) -> None:
    if stop.status in ("delivered", change.outcome) or (stop.status, change.outcome) == ("failed", "skipped"):
        raise BooksError(f"order {stop.order_no} {stop.done_words} already")
    watch = Watch(entry, [trip.id], [stop.order_no])
    group = stop.loaded_group
    if change.outcome == "delivered":
        end_promise(entry, stop.order_no, "used")
        _to_customer(entry, change, stop)
        set_order(entry, stop.order_no, "delivered")
        group = ""
    elif change.outcome == "failed":
        end_promise(entry, stop.order_no, "released")
        set_order(entry, stop.order_no, "failed")
    values = done_values(entry, change.outcome, change.at, change.note)
    set_stop(entry, stop.id, **values, loaded_group=group)
    if trip.status != "out" and change.outcome != "skipped":
        set_trip(entry, trip.id, status="out", started_at=trip.row["started_at"] or wall(change.at))
    _set_etas(entry, trip, change.etas)
    entry.documents.append(trip.trip_no)
    watch.note(change.outcome, _detail(change), about=[trip.id], order_no=stop.order_no)


def _to_customer(entry: Entry, change: FinishStop, stop: StopNow) -> None:
    at = change.at
    if stop.loaded_group:
        hand_over(entry, stop.loaded_group, stop.order_no, at)
        return
    lines = stop.lines
    if change.place:
        lines = tuple(line._replace(location=change.place) for line in lines)
    deliver(entry, lines, stop.order_no, at)


def _detail(change: FinishStop) -> dict[str, Any]:
    wall(change.at)
    return {"at": change.at.isoformat(), "note": change.note.strip()}


def _set_etas(entry: Entry, trip: TripNow, etas: Iterable[tuple[str, datetime]]) -> None:
    by_order = {stop.order_no: stop for stop in trip.stops}
    for order_no, eta in etas:
        if order_no in by_order:
            set_stop(entry, by_order[order_no].id, eta=wall(eta))


def move_etas(entry: Entry, change: MoveEtas) -> None:
    """Write when the van will be at its next stops."""
    trip = read_trip(entry, change.trip_no)
    watch = Watch(entry, [trip.id])
    still = {stop.order_no for stop in trip.stops if stop.is_open}
    _set_etas(entry, trip, [pair for pair in change.etas if pair[0] in still])
    entry.documents.append(trip.trip_no)
    watch.note("etas", {}, about=[trip.id])


# -- without one -------------------------------------------------------------------------------------


def send_out(entry: Entry, change: SendOut) -> None:
    """An order that is on no trip leaves the house.

    Raises:
        BooksError: it is on a trip, has left already or is over.
    """
    order = read_order(entry, change.order_no)
    found = live_stop(entry, change.order_no)
    if found and found[1].is_open:
        raise BooksError(f"order {order.order_no} is on {found[0].trip_no}; start that trip")
    word = _check_not_over(entry, order)
    if word and word.kind == "send":
        raise BooksError(f"order {order.order_no} is on its way since {word.at:%H:%M}, by {word.by}")
    watch = Watch(entry, (), [order.order_no])
    end_promise(entry, order.order_no, "used")
    load(entry, _lines(entry, order, change.place), order.order_no)
    set_order(entry, order.order_no, "out_for_delivery")
    wall(change.at)
    entry.documents.append(order.order_no)
    detail = {"at": change.at.isoformat(), "note": ""}
    watch.note("send", detail, about=[None], order_no=order.order_no)


def _check_not_over(entry: Entry, order: OrderNow) -> LastWord | None:
    if order.status in ("cancelled", "returned"):
        raise BooksError(f"order {order.order_no} is {order.status}")
    word = last_word(entry.connection, order.order_no)
    if order.status == "delivered":
        how = f" at {word.at:%H:%M} by {word.by}" if word and word.kind == "delivered" else ""
        raise BooksError(f"order {order.order_no} was delivered{how} already")
    return word


def _without_trip(entry: Entry, change: FinishStop, order: OrderNow) -> None:
    word = _check_not_over(entry, order)
    if change.outcome == "skipped":
        raise BooksError(f"order {order.order_no} is on no trip, so there is no stop to skip")
    if change.outcome == "failed" == order.status:
        how = f" at {word.at:%H:%M} by {word.by}" if word and word.kind == "failed" else ""
        raise BooksError(f"order {order.order_no} was noted as not delivered{how} already")
    sent = word.group_id if word and word.kind == "send" else ""
    watch = Watch(entry, (), [order.order_no])
    if change.outcome == "delivered":
        end_promise(entry, order.order_no, "used")
        if sent:
            hand_over(entry, sent, order.order_no, change.at)
        else:
            deliver(entry, _lines(entry, order, change.place), order.order_no, change.at)
    else:
        end_promise(entry, order.order_no, "released")
        if sent:
            bring_back(entry, sent, order.order_no)
    set_order(entry, order.order_no, change.outcome)
    watch.note(change.outcome, _detail(change), about=[None], order_no=order.order_no)


def _lines(entry: Entry, order: OrderNow, place: str | None) -> tuple[StopLine, ...]:
    if place is not None:
        entry.place(place)
        return tuple(StopLine(sku, quantity, place) for sku, quantity in order.lines)
    return find_goods(entry, order, _likely_places(entry, order.order_no))


def _likely_places(entry: Entry, order_no: str) -> list[str]:
    """Where its sale was made, then where the vehicles are at home, then the warehouses."""
    sold = [entry.place_of(place).code for place in sold_from(entry.connection, order_no)]
    homes = entry.connection.execute(select(VEHICLE.c.home).order_by(VEHICLE.c.code)).scalars().all()
    stores = entry.connection.execute(
        select(LOCATIONS.c.code).where(LOCATIONS.c.kind == "warehouse").order_by(LOCATIONS.c.code)
    ).scalars()
    known = {place.code for place in entry.physical_places}
    return [code for code in (*sold, *homes, *stores) if code in known]
