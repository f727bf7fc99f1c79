"""The steps of one trip: its list for loading, loaded, on its way, back, or cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tools.kit.ask import Ask
from tools.kit.driver_pack import driver_pack
from tools.kit.purchases import packed
from tools.kit.reply import Button, Plan, Refused, Reply, Source
from tools.kit.rounds import wall_now
from tools.kit.rounds_buttons import button
from tools.kit.rounds_driver import mine, next_blocks, next_buttons, next_stop, next_words
from tools.kit.rounds_settings import travels_by
from tools.kit.rounds_trips import without_handed
from tools.kit.rounds_twice import not_back, trip_name
from tools.kit.rounds_words import (
    day_words,
    kilograms,
    loading_table,
    named_stop,
    stop_rows,
    trip_rows,
    vehicle_name,
    weight,
)
from tools.kit.trip_pictures import clock_words
from tools.kit.words import first_few, number, plural, sentences
from tools.maths.routing.travel import CYCLING
from tools.store import Applied
from tools.store.trip_changes import CancelTrips, EndTrip, LoadTrip, StartTrip
from tools.store.trip_facts import Trip

MOST_EVENTS = 40


def trips_seen(ask: Ask, day: date) -> list[Trip]:
    """The trips of a day of which this person may know."""
    return [trip for trip in ask.store.trips.trips(day) if mine(ask, trip)]


def trips_source(ask: Ask, trips: Sequence[Trip]) -> Source:
    """The steps that these trips have made."""
    rows = []
    for trip in trips:
        for event in ask.store.trips.history(trip.trip_no):
            at = event.at.astimezone(ask.now.tzinfo)
            what = f"{event.kind} {event.order_no}".strip()
            undone = ", taken back" if event.undone else ""
            rows.append(f"{trip.trip_no}: {what} at {at:%H:%M} by {event.actor}{undone}")
    numbers = ", ".join(trip.trip_no for trip in trips)
    return Source(f"Trips in the books: {numbers}", rows=tuple(rows[-MOST_EVENTS:]))


def next_step(ask: Ask, trip: Trip) -> Button:
    """What a trip waits for: to be loaded, to leave, to come back."""
    name = trip_name(ask, trip)
    if trip.status == "out":
        return button(f"{name} is back", do="back", trip=trip.trip_no)
    if trip.status == "loaded":
        return button(f"{name} leaves", "primary", do="leave", trip=trip.trip_no)
    return button(f"Load {name}", "primary", do="load", trip=trip.trip_no)


def the_trip(ask: Ask, wanted: Mapping[str, Any]) -> Trip | Refused:
    """The trip that a button is about, if this person may know of it."""
    trip = ask.store.trips.trip(str(wanted.get("trip", "")))
    if trip is None or not mine(ask, trip):
        return Refused("I find no such trip of yours.")
    return trip


def to_load(ask: Ask, trip: Trip) -> Reply | Refused:
    """What goes on the van, the last stop first."""
    if trip.status not in ("planned", "loaded"):
        return Refused(f"{vehicle_name(ask, trip.vehicle)} has left already.")
    name, stops = trip_name(ask, trip), trip.open_stops
    first = next_stop(trip)
    begins = f" First stop: {named_stop(first)}." if first else ""
    text = (
        f"To load on {name}: {plural(len(stops), 'order')}, {kilograms(weight(ask, stops))}; "
        f"last stop first. It leaves at {clock_words(trip.starts_at)}.{begins}"
    )
    data = {"trip": trip.trip_no, "kg": number(weight(ask, stops)), "rows": stop_rows([trip])}
    buttons = [button("Loaded, leave", "primary", do="leave", trip=trip.trip_no, seen=trip.events)]
    if trip.status == "planned":
        buttons.append(button("Loaded, leaves later", do="loaded", trip=trip.trip_no, seen=trip.events))
    buttons.append(button("Driver pack", do="pack", trip=trip.trip_no))
    return Reply(text, data, (loading_table(ask, trip),), tuple(buttons), (trips_source(ask, [trip]),))


def pack(ask: Ask, trip: Trip) -> Reply:
    """Sheet, links, GPX and code for the driver."""
    name = vehicle_name(ask, trip.vehicle)
    vehicle = next((one for one in ask.store.trips.vehicles(hidden=True) if one.code == trip.vehicle), None)
    cycling = vehicle is not None and travels_by(vehicle) == CYCLING
    blocks = driver_pack(trip, ask.catalogue, name, "bicycling" if cycling else "driving")
    text = f"The driver's pack of {name} ({trip.trip_no}): {plural(len(trip.open_stops), 'stop')} to make."
    return Reply(
        text, {"trip": trip.trip_no, "rows": stop_rows([trip])}, blocks, sources=(trips_source(ask, [trip]),)
    )


def loaded(ask: Ask, trip: Trip, wanted: Mapping[str, Any]) -> Plan | Refused:
    """The goods are on the van."""
    if trip.status != "planned":
        return Refused(f"{vehicle_name(ask, trip.vehicle)} is loaded already.")
    if (waits := not_back(ask, trip)) is not None:
        return waits
    name = trip_name(ask, trip)
    summary = f"Load {name} ({plural(len(trip.open_stops), 'order')})"
    said = f"{name} is loaded: its goods are on the road in the books."
    return _plan(ask, trip, _Step(LoadTrip(trip.trip_no, _seen(wanted)), summary, said, wanted))


def leave(ask: Ask, trip: Trip, wanted: Mapping[str, Any]) -> Plan | Refused:
    """The van leaves, loaded; its driver is told the first stop."""
    name = vehicle_name(ask, trip.vehicle)
    if trip.status not in ("planned", "loaded"):
        return Refused(f"{name} has left already.", next_buttons(trip))
    if (waits := not_back(ask, trip)) is not None:
        return waits
    change = StartTrip(trip.trip_no, wall_now(ask), seen=_seen(wanted))
    orders = plural(len(trip.open_stops), "order")
    step = _Step(change, f"{name} leaves with {orders}", f"{name} is on its way with {orders}.", wanted)
    return _plan(ask, trip, step)


def back(ask: Ask, trip: Trip, wanted: Mapping[str, Any]) -> Plan | Refused:
    """The van is back: what was not delivered returns to its places."""
    name = vehicle_name(ask, trip.vehicle)
    if trip.status != "out":
        return Refused(f"{name} is not out.")
    others = [one for one in ask.store.trips.trips(trip.day) if one.trip_no != trip.trip_no]
    own = without_handed([trip, *others])[0].stops
    left = [stop.order_no for stop in trip.open_stops]
    failed = [stop.order_no for stop in own if stop.status in ("failed", "skipped")]
    home = [*left, *failed]
    comes = f" What was not handed over comes back: {first_few(home)}." if home else ""
    doubts = (f"{plural(len(left), 'stop')} not made yet: {first_few(left)}.",) if left else ()
    change = EndTrip(trip.trip_no, wall_now(ask))
    said = f"{name} is back.{comes}"
    return _plan(ask, trip, _Step(change, said, said, wanted, doubts))


def cancel(ask: Ask, day: date, vehicle: str | None, trip_no: str = "") -> Plan | Refused:
    """The plan of a day is not wanted any more, or that of one vehicle, or one trip."""
    trips = [trip for trip in trips_seen(ask, day) if trip.status in ("planned", "loaded")]
    trips = [trip for trip in trips if vehicle in (None, trip.vehicle) and trip_no in ("", trip.trip_no)]
    if not trips:
        return Refused(f"{day_words(day, ask.today)}: no trip is left that has not left yet.")
    names = "; ".join(trip_name(ask, trip) for trip in trips)
    wanted = {"do": "cancel", "day": day.isoformat()} | ({"only": vehicle} if vehicle else {})
    wanted |= {"trip": trip_no} if trip_no else {}

    def tell(applied: Applied) -> Reply:
        text = f"Cancelled for {day_words(day, ask.today)}: {names}. The orders wait again."
        data = {"trips": trip_rows(ask, trips), "group": applied.group_id, "position": applied.position}
        return Reply(text, data, sources=(trips_source(ask, trips),))

    return Plan(
        summary=f"Cancel the plan of {day_words(day, ask.today)} for {names}",
        change=CancelTrips(tuple(trip.trip_no for trip in trips)),
        tell=tell,
        slots={"detail": packed(**wanted)},
        doubts=(f"{plural(sum(len(trip.open_stops) for trip in trips), 'stop')} would be on no trip.",),
        data={"trips": trip_rows(ask, trips)},
    )


def _seen(wanted: Mapping[str, Any]) -> int | None:
    return int(wanted["seen"]) if "seen" in wanted else None


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of one trip, the words for before and after, and the button that asked for it."""

    change: LoadTrip | StartTrip | EndTrip
    summary: str
    said: str
    wanted: Mapping[str, Any]
    doubts: tuple[str, ...] = ()


def _plan(ask: Ask, trip: Trip, step: _Step) -> Plan:
    def tell(applied: Applied) -> Reply:
        now = ask.store.trips.trip(trip.trip_no) or trip
        start = "That was done before: " if applied.repeated else ""
        more = next_words(ask, now) if now.status == "out" else ""
        data: dict[str, Any] = {"trip": now.trip_no, "status": now.status, "rows": stop_rows([now])}
        data |= {"group": applied.group_id, "position": applied.position}
        blocks = next_blocks(now) if now.status == "out" else ()
        waits = (next_step(ask, now),) if now.is_live else ()
        buttons = next_buttons(now) if now.status == "out" else waits
        return Reply(
            sentences(f"{start}{step.said}", more), data, blocks, buttons, (trips_source(ask, [now]),)
        )

    return Plan(
        summary=step.summary,
        change=step.change,
        tell=tell,
        slots={"detail": packed(**dict(step.wanted))},
        doubts=step.doubts,
        data={"trip": trip.trip_no, "status": trip.status},
    )
