"""When a van on the road will be at its next stops, from where it was last known to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tools.kit.roads import Roads
from tools.kit.rounds_settings import round_settings, travels_by
from tools.kit.rounds_traffic import traffic_for
from tools.maths.routing.traffic import Profile
from tools.maths.routing.travel import DRIVING, Point
from tools.store import Store
from tools.store.trip_facts import LIVE_TRIPS, RoutePoint, Trip, TripStop

SURE_MINUTES, SHARE_OF_WAY = 10, 0.25
"""An arrival is told as a span: so many minutes, and this share of the time until then, to each side."""
MOST_MINUTES = 60
STEP_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Where:
    """Where a van is, and when it is free to go on."""

    point: Point
    at: datetime


def etas_after(
    store: Store, roads: Roads, trip: Trip, now: datetime, *, where: Point | None = None, done: str = ""
) -> tuple[tuple[str, datetime], ...]:
    """The arrival at each stop that is still to be made, in order, by order number.

    Args:
        store: The books.
        roads: Who knows the travel times.
        trip: The trip as the books have it.
        now: The shop's wall time.
        where: Where the van is now, if it told; else it is taken to be between its last stop and the next.
        done: The order that is being finished at this moment, not yet in the books as finished.
    """
    ahead = [stop for stop in trip.open_stops if stop.order_no != done]
    here = _whereabouts(store, roads, trip, now, where, done)
    return tuple(_along(store, roads, trip, ahead, here))


def whereabouts(store: Store, roads: Roads, trip: Trip, now: datetime) -> Where | None:
    """Where a van on the road is by now, between the stop it made last and the next; None where unknown."""
    return _whereabouts(store, roads, trip, now, None, "")


def span_of(eta: datetime, now: datetime) -> tuple[datetime, datetime]:
    """The span in which it comes, in steps of five minutes: wider for what is farther away."""
    minutes = max(0.0, (eta - now).total_seconds() / 60)
    around = min(MOST_MINUTES, max(SURE_MINUTES, SHARE_OF_WAY * minutes / 2))
    step = timedelta(minutes=STEP_MINUTES)
    first = max(eta - timedelta(minutes=around), now)
    begin = datetime.combine(first, time()) + step * (_minutes(first) // STEP_MINUTES)
    end = eta + timedelta(minutes=around)
    return begin, datetime.combine(end, time()) + step * -(-_minutes(end) // STEP_MINUTES)


def _minutes(moment: datetime) -> int:
    return 60 * moment.hour + moment.minute


def _whereabouts(
    store: Store, roads: Roads, trip: Trip, now: datetime, where: Point | None, done: str
) -> Where | None:
    if where is not None:
        return Where(where, now)
    finishing = trip.stop(done) if done else None
    if finishing is not None and (point := _point(finishing)) is not None:
        return Where(point, now)
    last = max(
        (stop for stop in trip.stops if stop.done_at is not None and stop.status != "skipped"),
        key=lambda stop: stop.done_at or now,
        default=None,
    )
    start = next((point for point in trip.route if point.kind == "start"), None)
    behind = _point(last) if last is not None else _place(start)
    left = (last.done_at if last is not None else trip.started_at) or trip.starts_at
    if behind is None or left is None:
        return None
    if trip.started_at is None and last is None:
        left = max(left, *_loaded_again(store, trip))
    return _between(store, roads, trip, Where(behind, left), now)


def _loaded_again(store: Store, trip: Trip) -> Iterator[datetime]:
    """When its vehicle is back from trips before it, each as late as it is by now, and loaded again."""
    loading = timedelta(seconds=round_settings(store).loading)
    leaves = trip.starts_at or datetime.min  # noqa: DTZ901 - wall times
    yield leaves
    for one in store.trips.trips(trip.day, vehicle=trip.vehicle, statuses=LIVE_TRIPS):
        if one.trip_no != trip.trip_no and one.starts_at and one.starts_at < leaves and one.ends_at:
            yield one.ends_at + _behind_plan(one) + loading


def _behind_plan(trip: Trip) -> timedelta:
    last = trip.open_stops[-1] if trip.open_stops else None
    if last is None or last.expected is None or last.planned_arrival is None:
        return timedelta()
    return max(timedelta(), last.expected - last.planned_arrival)


def _between(store: Store, roads: Roads, trip: Trip, behind: Where, now: datetime) -> Where:
    """On the straight line to the next stop, as far as the time since then brings one.

    Where it should have arrived long ago nobody pressed anything: it is there and busy.
    """
    following = next((point for stop in trip.open_stops if (point := _point(stop)) is not None), None)
    if trip.started_at is None:
        return Where(behind.point, max(now, behind.at))
    if following is None or now <= behind.at:
        return Where(behind.point, max(now, behind.at))
    (leg,) = _legs(store, roads, trip, [behind.point, following])
    share = min(1.0, (now - behind.at).total_seconds() / max(1, leg))
    (south, west), (north, east) = behind.point, following
    return Where((south + share * (north - south), west + share * (east - west)), now)


def _along(
    store: Store, roads: Roads, trip: Trip, ahead: Sequence[TripStop], here: Where | None
) -> list[tuple[str, datetime]]:
    if here is None or not ahead:
        return [(stop.order_no, stop.expected) for stop in ahead if stop.expected is not None]
    ways = _ways(trip, ahead, here.at)
    points, clock = [here.point], here.at
    for way in ways:
        there = _place(way) if isinstance(way, RoutePoint) else _point(way)
        points.append(there or points[-1])
    legs = _legs(store, roads, trip, points)
    traffic, settings = traffic_for(store, trip.day), round_settings(store)
    found = []
    for way, leg in zip(ways, legs, strict=True):
        clock += timedelta(seconds=_driven(traffic, leg, clock))
        if isinstance(way, RoutePoint):
            clock += timedelta(seconds=settings.collect)
            continue
        promised = way.due_from if way.due_from and way.due_from.date() == trip.day else None
        clock = max(clock, promised) if promised else clock
        found.append((way.order_no, clock.replace(second=0, microsecond=0)))
        clock += _at_the_door(way, settings.service)
    return found


def _ways(trip: Trip, ahead: Sequence[TripStop], now: datetime) -> list[TripStop | RoutePoint]:
    """The stops that are left, and before each what is still to be collected for it.

    Nobody presses a button where goods are collected: it is done once its time is over, or a later stop is.
    """
    left = {stop.order_no: stop for stop in ahead}
    ways: list[TripStop | RoutePoint] = []
    collects: list[RoutePoint] = []
    for point in trip.route:
        if point.kind == "collect" and (trip.started_at is None or point.time is None or point.time > now):
            collects.append(point)
        elif point.kind == "stop" and point.label in left:
            ways += [*collects, left.pop(point.label)]
            collects = []
    return [*ways, *left.values()]


def _driven(traffic: Profile, seconds: int, clock: datetime) -> int:
    return traffic.drive(seconds, 3600 * clock.hour + 60 * clock.minute + clock.second)


def _at_the_door(stop: TripStop, usual: int) -> timedelta:
    planned = stop.planned_arrival, stop.planned_departure
    if planned[0] is None or planned[1] is None or planned[1] <= planned[0]:
        return timedelta(seconds=usual)
    return planned[1] - planned[0]


def _legs(store: Store, roads: Roads, trip: Trip, points: Sequence[Point]) -> list[int]:
    """Free seconds from each point to the next."""
    vehicle = next((one for one in store.trips.vehicles(hidden=True) if one.code == trip.vehicle), None)
    matrix = roads(points, travels_by(vehicle) if vehicle else DRIVING).matrix
    return [int(matrix.durations[at, at + 1]) for at in range(len(points) - 1)]


def _point(stop: TripStop) -> Point | None:
    if stop.latitude is None or stop.longitude is None:
        return None
    return stop.latitude, stop.longitude


def _place(point: RoutePoint | None) -> Point | None:
    return None if point is None else (point.latitude, point.longitude)
