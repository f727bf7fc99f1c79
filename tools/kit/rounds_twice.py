"""A vehicle that drives more than once on a day: which trip is which, and which has to wait for which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from tools.kit.ask import Ask
from tools.kit.reply import Button, Refused, listed
from tools.kit.rounds_buttons import button
from tools.kit.rounds_trips import stands_still
from tools.kit.rounds_words import vehicle_name
from tools.kit.words import near_day, sentences
from tools.store.trip_facts import Trip


def trip_name(ask: Ask, trip: Trip) -> str:
    """The vehicle's name; with the trip's number where it drives more than once: "Blue van, trip 2"."""
    name = vehicle_name(ask, trip.vehicle)
    numbers = [one.trip_no for one in _in_turn(ask, trip)]
    return f"{name}, trip {numbers.index(trip.trip_no) + 1}" if trip.trip_no in numbers[1:] else name


def _in_turn(ask: Ask, trip: Trip) -> list[Trip]:
    """The trips of its vehicle on its day, in the order in which they leave."""
    trips = ask.store.trips.trips(trip.day, vehicle=trip.vehicle)
    return sorted(trips, key=_leaves)


def _leaves(trip: Trip) -> tuple[datetime, str]:
    return trip.started_at or trip.starts_at or datetime.max, trip.trip_no  # noqa: DTZ901 - wall times


def waits_for(ask: Ask, trip: Trip) -> Trip | None:
    """The trip that its vehicle is loaded for or out on meanwhile; None where it can be loaded."""
    if trip.status != "planned":
        return None
    others = (one for one in _in_turn(ask, trip) if one.trip_no != trip.trip_no)
    return next((one for one in others if one.status in ("loaded", "out")), None)


def not_back(ask: Ask, trip: Trip) -> Refused | None:
    """That a trip can only be loaded when its vehicle is back."""
    other = waits_for(ask, trip)
    if other is None:
        return None
    name = vehicle_name(ask, trip.vehicle)
    doing = "still out" if other.status == "out" else "loaded for its trip before"
    return Refused(f"{name} is {doing} ({other.trip_no}): {trip.trip_no} is loaded when it is back.")


def driven_twice(ask: Ask, day: date) -> Refused | None:
    """That a running day is not planned again while a vehicle has two trips to make, and what to do."""
    trips = ask.store.trips.trips(day)
    live = sorted((trip for trip in trips if _drives(trip, trips)), key=_leaves)
    count = Counter(trip.vehicle for trip in live)
    firsts = {trip.vehicle: trip.trip_no for trip in reversed(live)}
    later = [trip for trip in live if count[trip.vehicle] > 1 and trip.trip_no != firsts[trip.vehicle]]
    if not later:
        return None
    names = listed([f"{vehicle_name(ask, trip.vehicle)} ({trip.trip_no})" for trip in later])
    text = sentences(
        f"Another trip is planned {near_day(day, ask.today)} for {names}.",
        "I plan a running day again only while every vehicle has one trip to make.",
        "Cancel the later trip (its orders wait again), change the day, then plan another trip for them.",
    )
    return Refused(text, tuple(_cancels(ask, trip) for trip in later[:3] if trip.status != "out"))


def _drives(trip: Trip, trips: Sequence[Trip]) -> bool:
    """Whether it is on or to come; one that was emptied or stands still is none."""
    return trip.is_live and bool(trip.open_stops or trip.status == "out") and not stands_still(trip, trips)


def _cancels(ask: Ask, trip: Trip) -> Button:
    label = f"Cancel {trip_name(ask, trip)}"
    return button(label, "danger", do="cancel", day=trip.day.isoformat(), trip=trip.trip_no)
