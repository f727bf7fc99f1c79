"""A driver tells where the van is: the arrivals ahead move, and the place itself is kept nowhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from tools.kit.ask import Ask, Right
from tools.kit.roads import Roads
from tools.kit.rounds import wall_now
from tools.kit.rounds_driver import next_stop
from tools.kit.rounds_eta import etas_after
from tools.kit.rounds_words import late_words, named_stop, vehicle_name
from tools.kit.trip_pictures import clock_words
from tools.maths.routing.travel import Legs, Point, Travel, straight_line, travel_between
from tools.store.trip_changes import MoveEtas
from tools.store.trip_facts import Trip

FARTHEST_METRES = 300_000
"""A place farther than this from every stop ahead is a mistake, or a phone that is made to lie."""
LEAST_MOVE = timedelta(minutes=2)
"""Arrivals that move by less are left as they are."""
NOT_OUT = "You have no round on the road, so I did nothing with your location and did not keep it."
NOWHERE = "That location can't be right, so I left the arrivals as they are."


@dataclass(frozen=True, slots=True)
class Moved:
    """What a place changes, if anything, and what to tell the driver."""

    change: MoveEtas | None
    text: str


def van_at(ask: Ask, place: Point) -> Moved:
    """What it changes that the person who asks is at a place (latitude, longitude in degrees).

    Only a round of their own that is on the road is looked at.  The place is used for this one sum: no
    travel service is asked about it, and neither the books nor the log get it.
    """
    trip = _own_round(ask)
    if trip is None:
        return Moved(None, NOT_OUT)
    if not _plausible(trip, place):
        return Moved(None, NOWHERE)
    etas = etas_after(ask.store, unasked(ask.roads), trip, wall_now(ask), where=place)
    change = MoveEtas(trip.trip_no, etas) if _moves(trip, etas) else None
    return Moved(change, f"Thank you, I know when you come. {_words(ask, trip, dict(etas))}")


def unasked(roads: Roads) -> Roads:
    """The same roads, but nobody is asked about the first place: the ways from and to it are estimates."""

    def asked(places: Sequence[Point], profile: str) -> Travel:
        if len(places) < 3:
            return straight_line(places, profile)
        inner = roads(places[1:], profile)
        legs = Legs.unknown(len(places))
        legs.seconds[1:, 1:] = np.asarray(inner.matrix.durations, dtype=float)
        legs.metres[1:, 1:] = np.asarray(inner.matrix.distances, dtype=float)
        return travel_between(places, legs, inner.source, profile)

    return asked


def _own_round(ask: Ask) -> Trip | None:
    if not ask.may(Right.DELIVER):
        return None
    trips = ask.store.trips.trips(statuses=("out",))
    mine = [trip for trip in trips if trip.driver and trip.driver == ask.user.name and trip.open_stops]
    return max(mine, key=lambda trip: trip.day, default=None)


def _plausible(trip: Trip, place: Point) -> bool:
    latitude, longitude = place
    on_earth = math.isfinite(latitude) and math.isfinite(longitude)
    if not on_earth or abs(latitude) > 90 or abs(longitude) > 180:
        return False
    ahead = [(stop.latitude, stop.longitude) for stop in trip.open_stops]
    known = [(south, west) for south, west in ahead if south is not None and west is not None]
    if not known:
        return False
    return bool(straight_line([place, *known]).matrix.distances[0, 1:].min() <= FARTHEST_METRES)


def _moves(trip: Trip, etas: Sequence[tuple[str, datetime]]) -> bool:
    known = {stop.order_no: stop.expected for stop in trip.stops}
    return any((was := known.get(number)) is None or abs(eta - was) >= LEAST_MOVE for number, eta in etas)


def _words(ask: Ask, trip: Trip, etas: dict[str, datetime]) -> str:
    stop = next_stop(trip)
    if stop is None:
        return ""
    when = f" about {clock_words(etas[stop.order_no])}" if stop.order_no in etas else ""
    ahead = [replace(one, eta=etas.get(one.order_no, one.eta)) for one in trip.open_stops]
    return f"Next for {vehicle_name(ask, trip.vehicle)}: {named_stop(stop)}{when}; {late_words(ahead)}."
