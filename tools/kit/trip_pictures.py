"""The trips of a day as one map of routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from tools.kit.route_map import MapRoute, MapStop, RouteMap, Standing
from tools.store.trip_facts import Deliverable, RoutePoint, StopStatus, Trip, TripStop

ESTIMATED = "Times are straight-line estimates, not from roads."
_STANDINGS: Mapping[StopStatus, Standing] = {
    "planned": "planned",
    "loaded": "loaded",
    "delivered": "done",
    "failed": "failed",
    "skipped": "skipped",
}


def trips_map(
    title: str,
    trips: Sequence[Trip],
    vehicles: Mapping[str, str],
    loose: Iterable[Deliverable] = (),
) -> RouteMap:
    """All trips on one map.

    Args:
        title: What is said above it.
        trips: In the order of their colours; a cancelled one is left out.
        vehicles: Names of the vehicles by their codes.
        loose: Orders that no trip goes to; one without coordinates is not drawn.
    """
    shown = [trip for trip in trips if trip.status != "cancelled"]
    routes = tuple(MapRoute(_name(trip, shown, vehicles), tuple(_way(trip))) for trip in shown)
    estimated = any(trip.travel_estimate for trip in shown)
    return RouteMap(title, routes, tuple(_loose(loose)), ESTIMATED if estimated else "")


def clock_words(moment: datetime | None) -> str:
    """A time of day, "" where none is known."""
    return f"{moment:%H:%M}" if moment else ""


def window_words(due_from: datetime | None, due_to: datetime | None) -> str:
    """What was promised: "09:00-11:00", "by 11:00", "from 9:00", "" for nothing."""
    if due_from and due_to:
        return f"{clock_words(due_from)}–{clock_words(due_to)}"
    if due_to:
        return f"by {clock_words(due_to)}"
    return f"from {clock_words(due_from)}" if due_from else ""


def is_late(stop: TripStop) -> bool:
    """Whether it came, or is expected, after what was promised; a stop that is off is not late."""
    if stop.due_to is None or stop.status in ("failed", "skipped"):
        return False
    when = stop.done_at if stop.status == "delivered" else stop.expected
    return when is not None and when > stop.due_to


def _name(trip: Trip, trips: Sequence[Trip], vehicles: Mapping[str, str]) -> str:
    """The vehicle's name; with the trip's number where it goes more than once."""
    name = vehicles.get(trip.vehicle) or trip.vehicle
    again = sum(other.vehicle == trip.vehicle for other in trips) > 1
    return f"{name}, {trip.trip_no}" if again else name


def _way(trip: Trip) -> Iterable[MapStop]:
    """Where the vehicle goes in driving order; what is collected stands where its time puts it."""
    starts = [_depot(point) for point in trip.route if point.kind == "start"]
    ends = [_depot(point) for point in trip.route if point.kind == "end"]
    collects = [point for point in trip.route if point.kind == "collect"]
    timed = [
        *((_moment(point.time), _collect(point)) for point in collects),
        *((_moment(stop.planned_arrival), made) for stop in trip.stops if (made := _stop(stop)) is not None),
    ]
    between = _in_time(timed) if collects else [made for _, made in timed]
    return chain(starts[:1], between, ends[-1:])


def _in_time(timed: Sequence[tuple[datetime, MapStop]]) -> list[MapStop]:
    """Collects among the stops, whose own order stays."""
    stops = [one for one in timed if one[1].kind == "stop"]
    for when, collect in (one for one in timed if one[1].kind == "collect"):
        place = next((number for number, (at, _) in enumerate(stops) if at > when), len(stops))
        stops.insert(place, (when, collect))
    return [made for _, made in stops]


def _moment(when: datetime | None) -> datetime:
    return when or datetime.min  # noqa: DTZ901 - the shop's wall time has no zone


def _depot(point: RoutePoint) -> MapStop:
    return MapStop(point.latitude, point.longitude, point.label, time=clock_words(point.time), kind="depot")


def _collect(point: RoutePoint) -> MapStop:
    return MapStop(point.latitude, point.longitude, point.label, time=clock_words(point.time), kind="collect")


def _stop(stop: TripStop) -> MapStop | None:
    if stop.latitude is None or stop.longitude is None:
        return None
    return MapStop(
        stop.latitude,
        stop.longitude,
        f"{stop.order_no} {stop.name}".strip(),
        stop.position,
        clock_words(stop.done_at or stop.expected),
        window_words(stop.due_from, stop.due_to),
        _STANDINGS[stop.status],
        late=is_late(stop),
    )


def _loose(orders: Iterable[Deliverable]) -> Iterable[MapStop]:
    for order in orders:
        if order.latitude is not None and order.longitude is not None:
            name = f"{order.order_no} {order.name}".strip()
            window = window_words(order.due_from, order.due_to)
            yield MapStop(order.latitude, order.longitude, name, promised=window)
