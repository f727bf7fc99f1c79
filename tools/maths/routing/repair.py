"""From an order of stops to sound routes: what does not fit where it stands is moved, or left for later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tools.maths.routing.insertion import insert, sound, trips_of
from tools.maths.routing.plan import Plan, Route
from tools.maths.routing.problem import Job, Problem, Shipment
from tools.maths.routing.schedule import Visit, scheduled

Trips = Sequence[Sequence[Visit]]


def repaired(problem: Problem, orders: Mapping[str, Trips]) -> Plan:
    """The routes of these orders; stops that keep one from being sound are served where else it costs least.

    A stop that fits nowhere is not served: whoever explains it tries again.
    """
    plan = Plan(())
    loose: list[Job | Shipment] = []
    for vehicle in problem.vehicles:
        trips = orders.get(vehicle.id, ())
        if not any(trips):
            continue
        route, out = _without_one(problem, vehicle.id, trips)
        plan = plan if route is None else Plan((*plan.routes, route))
        loose.extend(out)
    for thing in loose:
        more = insert(problem, plan, thing)
        plan = plan if more is None else more.plan
    return plan


def orders_of(problem: Problem, routes: Sequence[Route]) -> dict[str, list[list[Visit]]]:
    """The order of stops of each vehicle, trip by trip."""
    return {route.vehicle: trips_of(problem, route) for route in routes}


def names_of(orders: Mapping[str, Trips]) -> dict[str, list[list[str]]]:
    """The same by the stops' names, as a search begins from."""
    return {
        vehicle: [[visit.job.id for visit in trip] for trip in trips] for vehicle, trips in orders.items()
    }


def _without_one(
    problem: Problem, vehicle: str, trips: Trips
) -> tuple[Route | None, Sequence[Job | Shipment]]:
    """The route as it is, or without the stop whose leaving saves most, or none of it."""
    whole = _route(problem, vehicle, trips)
    if whole is not None:
        return whole, ()
    things = list(_things(problem, trips))
    best: tuple[Route, Job | Shipment] | None = None
    for thing in things:
        names = {thing.id} if isinstance(thing, Job) else {thing.pickup.id, thing.delivery.id}
        rest = [[visit for visit in trip if visit.job.id not in names] for trip in trips]
        route = _route(problem, vehicle, [trip for trip in rest if trip])
        if route is not None and (best is None or route.cost < best[0].cost):
            best = route, thing
    return (None, things) if best is None else (best[0], [best[1]])


def _route(problem: Problem, vehicle: str, trips: Trips) -> Route | None:
    if not trips:
        return None
    route = scheduled(problem, problem.vehicle(vehicle), trips)
    return route if route is not None and sound(problem, route) else None


def _things(problem: Problem, trips: Trips) -> Iterator[Job | Shipment]:
    pairs = {one.pickup.id: one for one in problem.shipments}
    for trip in trips:
        for visit in trip:
            if visit.kind == "job":
                yield visit.job
            elif visit.kind == "pickup":
                yield pairs[visit.job.id]
