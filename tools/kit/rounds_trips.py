"""A plan in the form of trips: as people are shown it before it stands, and as the books take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tools.kit.rounds_facts import Drop, Round, moment_of
from tools.maths.routing.plan import Plan, Route, Step
from tools.store.trip_changes import PlannedStop, PlannedTrip
from tools.store.trip_facts import PointKind, RoutePoint, Trip, TripStop

METRES = 1000
TENTH, PENNY = Decimal("0.1"), Decimal("0.01")
DELIVERS = ("job", "delivery")
NEW = "new"
"""The number of a trip that nobody has confirmed yet."""


def trips_of_plan(round_: Round, plan: Plan) -> tuple[Trip, ...]:
    """What each vehicle would do, in the order of the vehicles; those that stay at home are left out."""
    routes = {route.vehicle: route for route in plan.routes if route.jobs}
    return tuple(_trip(round_, routes[code]) for code in round_.vehicles if code in routes)


def orders_of_plan(plan: Plan) -> dict[str, list[str]]:
    """For each vehicle the names of its stops, goods that are picked up among them."""
    return {route.vehicle: list(route.jobs) for route in plan.routes if route.jobs}


def _trip(round_: Round, route: Route) -> Trip:
    day, first, last = round_.day, route.steps[0], route.steps[-1]
    handed = [step for step in route.steps if step.kind in DELIVERS]
    stops = tuple(
        stop_of(round_.drops[step.job], number, moment_of(step.begin, day), moment_of(step.leave, day))
        for number, step in enumerate(handed, 1)
    )
    return Trip(
        trip_no=NEW,
        day=day,
        vehicle=route.vehicle,
        driver=round_.vehicles[route.vehicle].driver,
        starts_at=moment_of(first.begin, day),
        ends_at=moment_of(last.leave, day),
        planned_km=(Decimal(route.distance) / METRES).quantize(TENTH),
        planned_cost=Decimal(str(route.cost)).quantize(PENNY),
        travel_source=round_.travel_source,
        travel_estimate=round_.estimate,
        stops=stops,
        route=tuple(way_of(round_, route)),
    )


def stop_of(drop: Drop, position: int, arrival: datetime, departure: datetime) -> TripStop:
    """An order as a stop; ``arrival`` is when the customer sees the van."""
    order = drop.order
    return TripStop(
        order_no=order.order_no,
        position=position,
        customer=order.customer,
        name=order.name,
        address=order.address,
        latitude=order.latitude,
        longitude=order.longitude,
        source=drop.lines[0].location if drop.lines else "",
        due_from=order.due_from,
        due_to=order.due_to,
        planned_arrival=arrival,
        planned_departure=departure,
        eta=arrival,
        lines=drop.lines,
    )


def way_of(round_: Round, route: Route) -> Iterator[RoutePoint]:
    """The depot, what is collected on the way, the stops, breaks and the way home.

    What is loaded where the vehicle stands already is no point of its own.
    """
    kinds: Mapping[str, PointKind] = {"start": "start", "end": "end", "break": "break"}
    before: Step | None = None
    for step in route.steps:
        kind: PointKind = "collect" if step.kind == "pickup" else kinds.get(step.kind, "stop")
        here = before is not None and before.place == step.place
        if kind == "collect" and here and before is not None and before.kind in ("start", "pickup"):
            before = step
            continue
        latitude, longitude = round_.points[step.place]
        label = round_.drops[step.job].order.order_no if kind == "stop" else round_.names[step.place]
        yield RoutePoint(latitude, longitude, label, moment_of(step.begin, round_.day), kind)
        before = step


def planned_stops(trip: Trip) -> tuple[PlannedStop, ...]:
    """The stops of a trip that are still to be made, as the books take them."""
    return tuple(
        PlannedStop(stop.order_no, stop.source, stop.expected, stop.planned_departure, stop.lines)
        for stop in trip.open_stops
    )


def as_planned(trip: Trip) -> PlannedTrip:
    """A trip as a new one for the books."""
    return PlannedTrip(
        vehicle=trip.vehicle,
        stops=planned_stops(trip),
        driver=trip.driver,
        starts_at=trip.starts_at,
        ends_at=trip.ends_at,
        planned_km=trip.planned_km,
        planned_cost=trip.planned_cost,
        travel_source=trip.travel_source,
        travel_estimate=trip.travel_estimate,
        route=trip.route,
    )


def collects(trip: Trip) -> list[RoutePoint]:
    """The places where it fetches goods on the way."""
    return [point for point in trip.route if point.kind == "collect"]


def without_handed(trips: Sequence[Trip]) -> list[Trip]:
    """The trips without stops that another of them has taken over."""
    takes = {stop.order_no: trip.trip_no for trip in trips for stop in trip.stops if stop.status != "skipped"}
    return [
        replace(
            trip,
            stops=tuple(
                stop
                for stop in trip.stops
                if stop.status != "skipped" or takes.get(stop.order_no, trip.trip_no) == trip.trip_no
            ),
        )
        for trip in trips
    ]


def stands_still(trip: Trip, trips: Sequence[Trip]) -> bool:
    """Whether a van on the road drives no more: it has no stop left, and another took over goods of it."""
    if trip.status != "out" or trip.open_stops:
        return False
    others = [one for one in trips if one.trip_no != trip.trip_no]
    return len(without_handed([trip, *others])[0].stops) < len(trip.stops)
