"""One more stop into a plan: where it fits and what that costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tools.maths.routing.check import faults
from tools.maths.routing.plan import Plan, Route
from tools.maths.routing.problem import Job, Problem, Shipment, Vehicle, serves
from tools.maths.routing.schedule import Visit, plain_visits, scheduled


@dataclass(frozen=True, slots=True)
class Inserted:
    """A plan with one stop (or shipment) more, and what that costs in money."""

    plan: Plan
    cost: float


def insert(problem: Problem, plan: Plan, what: Job | Shipment) -> Inserted | None:
    """The cheapest way to serve ``what`` too, the order of all others kept; None where none is sound.

    ``plan`` need not serve the whole problem: only what it serves and ``what`` are looked at.
    """
    head = what.pickup if isinstance(what, Shipment) else what
    best: tuple[float, Route] | None = None
    routes = {route.vehicle: route for route in plan.routes}
    seen: set[Vehicle] = set()
    for vehicle in problem.vehicles:
        route = routes.get(vehicle.id)
        alike = replace(vehicle, id="")
        if not serves(vehicle, head) or (route is None and alike in seen):
            continue
        if route is None:
            seen.add(alike)
        before = route.cost if route else 0.0
        for found in _ways(problem, vehicle, route, what):
            if best is None or found.cost - before < best[0] - 1e-9:
                best = (found.cost - before, found)
    if best is None:
        return None
    others = tuple(route for route in plan.routes if route.vehicle != best[1].vehicle)
    return Inserted(replace(plan, routes=(*others, best[1])), best[0])


def _ways(problem: Problem, vehicle: Vehicle, route: Route | None, what: Job | Shipment) -> Iterator[Route]:
    trips = trips_of(problem, route) if route else [[]]
    for number, trip in enumerate(trips):
        for longer in _longer(trip, what):
            found = scheduled(problem, vehicle, [*trips[:number], longer, *trips[number + 1 :]])
            if found is not None and sound(problem, found):
                yield found
    if trips[-1] and len(trips) - 1 < vehicle.reloads and not isinstance(what, Shipment):
        found = scheduled(problem, vehicle, [*trips, plain_visits([what])])
        if found is not None and sound(problem, found):
            yield found


def _longer(trip: Sequence[Visit], what: Job | Shipment) -> Iterator[list[Visit]]:
    places = range(len(trip) + 1)
    if isinstance(what, Job):
        (visit,) = plain_visits([what])
        for at in places:
            yield [*trip[:at], visit, *trip[at:]]
        return
    first = Visit("pickup", what.pickup, what.amount)
    last = Visit("delivery", what.delivery, tuple(-amount for amount in what.amount))
    for at in places:
        for later in range(at, len(trip) + 1):
            yield [*trip[:at], first, *trip[at:later], last, *trip[later:]]


def trips_of(problem: Problem, route: Route) -> list[list[Visit]]:
    """The visits of a route, trip by trip."""
    jobs = {visit.job.id: visit for visit in plain_visits(problem.jobs)}
    for one in problem.shipments:
        jobs[one.pickup.id] = Visit("pickup", one.pickup, one.amount)
        jobs[one.delivery.id] = Visit("delivery", one.delivery, tuple(-part for part in one.amount))
    trips: list[list[Visit]] = []
    for step in route.steps:
        if step.kind in ("start", "reload"):
            trips.append([])
        elif step.job:
            trips[-1].append(jobs[step.job])
    return trips


def sound(problem: Problem, route: Route) -> bool:
    """Whether a route alone keeps every rule."""
    there = set(route.jobs)
    alone = replace(
        problem,
        jobs=tuple(job for job in problem.jobs if job.id in there),
        shipments=tuple(one for one in problem.shipments if {one.pickup.id, one.delivery.id} & there),
    )
    return not faults(alone, Plan((route,)))
