"""The traffic of a day: the shop's own hours, else what its finished stops teach, and the day's weather.

Settings: ``traffic_hours`` ("7:1.3 8:1.5 17:1.4", hours that are not named are 1), ``traffic_weather``
("2026-03-16 snow", several with commas).  What is learned is kept in ``traffic_learned``, made anew by the
first plan of a day; hours that the shop set itself are not overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from tools.kit.roads import Roads
from tools.kit.rounds_settings import round_settings, travels_by
from tools.maths.routing.traffic import HOURS, LEAST, MOST, WEATHER, Leg, Profile, learned
from tools.maths.routing.travel import DRIVING
from tools.store import Store
from tools.store.trip_facts import StopDone, Trip

SET, LEARNED, WEATHER_OF = "traffic_hours", "traffic_learned", "traffic_weather"
LOOKS_BACK = 28
ENOUGH = 20
"""With fewer finished drives nothing is learned."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What finished drives taught on a day: a multiplier for each hour, from so many drives."""

    day: date
    hours: tuple[float, ...]
    drives: int


def traffic_for(store: Store, day: date) -> Profile:
    """The multipliers of driving time that hold on a day."""
    own = hours_set(store)
    lesson = None if own else lesson_of(store)
    hours = own or (lesson.hours if lesson and lesson.drives >= ENOUGH else (1.0,) * HOURS)
    return Profile(hours, weather_on(store, day))


def traffic_words(store: Store) -> str:
    """Where the hours come from, as the rest of a sentence."""
    if hours_set(store):
        return f"set by the shop ({SET})"
    lesson = lesson_of(store)
    if lesson and lesson.drives >= ENOUGH:
        return f"learned from {lesson.drives} finished drives, shrunk to 1"
    return "no hours are set or learned yet"


def hours_set(store: Store) -> tuple[float, ...] | None:
    """The shop's own hours; None where it set none that can be read."""
    return hours_in(store.settings.get(SET))


def hours_in(text: str) -> tuple[float, ...] | None:
    """The multipliers of the 24 hours out of "7:1.3 8:1.5"; None where it cannot be read."""
    found: dict[int, float] = {}
    for part in text.replace(",", " ").split():
        hour, _, factor = part.partition(":")
        try:
            found[int(hour)] = float(factor)
        except ValueError:
            return None
    if not found or not all(0 <= hour < HOURS and LEAST <= one <= MOST for hour, one in found.items()):
        return None
    return tuple(found.get(hour, 1.0) for hour in range(HOURS))


def weather_on(store: Store, day: date) -> float:
    """What the day's weather multiplies driving by."""
    return WEATHER.get((weather_in(store.settings.get(WEATHER_OF)) or {}).get(day, ""), 1.0)


def weather_in(text: str) -> dict[date, str] | None:
    """The weather by day out of "2026-03-16 snow, 2026-03-17 dry"; None where it cannot be read."""
    found: dict[date, str] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        when, _, name = part.partition(" ")
        try:
            found[date.fromisoformat(when)] = name.strip().lower()
        except ValueError:
            return None
    return found if set(found.values()) <= set(WEATHER) else None


def lesson_of(store: Store) -> Lesson | None:
    """What was learned last."""
    try:
        kept = json.loads(store.settings.get(LEARNED) or "{}")
        hours = tuple(float(one) for one in kept["hours"])
        lesson = Lesson(date.fromisoformat(kept["day"]), hours, int(kept["drives"]))
    except (ValueError, KeyError, TypeError):
        return None
    good = len(lesson.hours) == HOURS and all(LEAST <= one <= MOST for one in lesson.hours)
    return lesson if good else None


def learn(store: Store, roads: Roads, today: date) -> None:
    """Look at the drives of the last weeks, once a day."""
    known = lesson_of(store)
    if known is not None and known.day == today:
        return
    legs = list(_legs(store, roads, today))
    profile = learned(Profile(), legs)
    kept = {"day": today.isoformat(), "hours": profile.hours, "drives": len(legs)}
    store.settings.set(LEARNED, json.dumps(kept))


def _legs(store: Store, roads: Roads, today: date) -> Iterator[Leg]:
    """The drives between finished stops; who waited for a time window, or collected, teaches nothing."""
    done = store.trips.stops_done(today - timedelta(days=LOOKS_BACK), today - timedelta(days=1))
    if not done:
        return
    profiles = {one.code: travels_by(one) for one in store.trips.vehicles(hidden=True)}
    service = round_settings(store).service
    trips = {trip.trip_no: trip for day in {one.day for one in done} for trip in store.trips.trips(day)}
    for number, group in groupby(done, key=lambda one: one.trip_no):
        stops = [one for one in group if one.latitude is not None and one.longitude is not None]
        if len(stops) < 2:
            continue
        points = [(float(one.latitude or 0), float(one.longitude or 0)) for one in stops]
        durations = roads(points, profiles.get(stops[0].vehicle, DRIVING)).matrix.durations
        for at, (one, other) in enumerate(pairwise(stops)):
            leg = _leg(one, other, int(durations[at, at + 1]), service)
            if leg is not None and not _collected(trips, number, one, other):
                yield leg


def _leg(one: StopDone, other: StopDone, free: int, service: int) -> Leg | None:
    took = round((other.done_at - one.done_at).total_seconds()) - service
    early = one.done_at + timedelta(seconds=free)
    if free <= 0 or took <= 0 or (other.due_from is not None and early < other.due_from):
        return None
    leave = 3600 * one.done_at.hour + 60 * one.done_at.minute + one.done_at.second
    return Leg(leave, free, took)


def _collected(trips: Mapping[str, Trip], number: str, one: StopDone, other: StopDone) -> bool:
    """Whether goods were fetched between two stops."""
    route: Sequence[str] = [
        "+" if point.kind in ("collect", "break") else point.label
        for point in (trips[number].route if number in trips else ())
    ]
    if one.order_no not in route or other.order_no not in route:
        return False
    first, last = sorted((route.index(one.order_no), route.index(other.order_no)))
    return "+" in route[first:last]
