"""The door: a problem in, a checked plan out, each stop that is left out with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.maths.routing import pyvrp_solver
from tools.maths.routing.check import faults
from tools.maths.routing.explain import explained
from tools.maths.routing.insertion import insert
from tools.maths.routing.plan import Plan, Route
from tools.maths.routing.problem import Job, Problem, Shipment
from tools.maths.routing.pyvrp_solver import Wish

FEWER_VANS = 3.0
"""For the fewest vehicles, using one more costs as much as the dearest stop alone, so many times."""
WORTH = 3.0
"""A stop that has to be served is worth the dearest stop alone, so many times."""


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop looking: after seconds, or after iterations, which gives the same plan everywhere."""

    seconds: float = 1.0
    iterations: int | None = None


class UnsoundPlan(Exception):
    """A solver's plan breaks a rule: a fault of ours, never shown to anybody as a plan."""


def plan(problem: Problem, stop: Stop, seed: int = 0) -> Plan:
    """The best plan found; sound by the independent checker.

    Args:
        problem: What is to be done, with what.
        stop: When to stop.
        seed: Of the search.

    Raises:
        UnsoundPlan: what was found breaks a rule.
    """
    things: list[Job | Shipment] = [*problem.jobs, *problem.shipments]
    able = [thing for thing in things if insert(problem, Plan(()), thing) is not None]
    within = replace(
        problem,
        jobs=tuple(one for one in able if isinstance(one, Job)),
        shipments=tuple(one for one in able if isinstance(one, Shipment)),
    )
    found = Plan(tuple(_routes(within, stop, seed)), solver="PyVRP")
    served = {job for route in found.routes for job in route.jobs}
    names = [one.pickup.id if isinstance(one, Shipment) else one.id for one in things]
    whole = explained(problem, found, [name for name in names if name not in served])
    broken = faults(problem, whole)
    if broken:
        raise UnsoundPlan("; ".join(map(str, broken[:5])))
    return whole


def _routes(problem: Problem, stop: Stop, seed: int) -> Sequence[Route]:
    if not problem.jobs and not problem.shipments:
        return ()
    wish = Wish(stop.seconds, seed, stop.iterations)
    aimed = _aimed(problem)
    found = pyvrp_solver.solve(aimed, wish)
    if found is None:
        found = pyvrp_solver.solve(aimed, replace(wish, worth=WORTH * dearest(problem)))
    return [_in_truth(problem, route) for route in (_greedy(problem) if found is None else found)]


def dearest(problem: Problem) -> float:
    """The money that the dearest stop costs, served alone by the dearest vehicle."""
    costs = [0.0]
    for vehicle in problem.vehicles:
        matrix = problem.matrix(vehicle)
        for job in problem.jobs:
            metres = matrix.distances[vehicle.start, job.place] + matrix.distances[job.place, vehicle.start]
            seconds = matrix.durations[vehicle.start, job.place] + matrix.durations[job.place, vehicle.start]
            hours = vehicle.per_second * float(seconds + job.service)
            costs.append(vehicle.fixed + vehicle.per_metre * float(metres) + hours)
    return max(costs)


def _aimed(problem: Problem) -> Problem:
    """The problem with what the aim asks for in its costs."""
    if problem.aim != "fewest":
        return problem
    more = FEWER_VANS * dearest(problem)
    return replace(problem, vehicles=tuple(replace(one, fixed=one.fixed + more) for one in problem.vehicles))


def _in_truth(problem: Problem, route: Route) -> Route:
    """The route at the problem's own costs."""
    vehicle = problem.vehicle(route.vehicle)
    cost = vehicle.per_metre * route.distance + vehicle.per_second * route.duration
    return replace(route, cost=cost + vehicle.fixed * bool(route.jobs))


def _greedy(problem: Problem) -> Sequence[Route]:
    """Stop by stop where it costs least, what is hardest to place first."""
    found = Plan(())
    hardest = sorted(problem.jobs, key=lambda job: (min((w.last for w in job.windows), default=0), job.id))
    things: list[Job | Shipment] = [*hardest, *problem.shipments]
    for thing in things:
        more = insert(problem, found, thing)
        found = more.plan if more is not None else found
    return found.routes
