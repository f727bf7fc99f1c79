"""The door: a problem in, a checked plan out, each stop that is left out with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.maths.routing.check import faults
from tools.maths.routing.explain import explained
from tools.maths.routing.insertion import insert
from tools.maths.routing.plan import Plan, Route
from tools.maths.routing.problem import Job, Problem, Shipment
from tools.maths.routing.search import Start, Stop, search

__all__ = ["Stop", "UnsoundPlan", "checked", "plan"]


class UnsoundPlan(Exception):
    """A solver's plan breaks a rule: a fault of ours, never shown to anybody as a plan."""


def plan(problem: Problem, stop: Stop, seed: int = 0, start: Start | None = None) -> Plan:
    """The best plan found; sound by the independent checker.

    Args:
        problem: What is to be done, with what.
        stop: When to stop.
        seed: Of the search.
        start: Routes to begin from.

    Raises:
        UnsoundPlan: what was found breaks a rule.
    """
    begun = stop.now()
    things: list[Job | Shipment] = [*problem.jobs, *problem.shipments]
    able = _able(problem, things)
    within = replace(
        problem,
        jobs=tuple(one for one in able if isinstance(one, Job)),
        shipments=tuple(one for one in able if isinstance(one, Shipment)),
    )
    found = search(within, stop.left(begun), seed, start)
    return checked(problem, replace(found, routes=tuple(_in_truth(problem, one) for one in found.routes)))


def _able(problem: Problem, things: Sequence[Job | Shipment]) -> list[Job | Shipment]:
    """What could be served if it were alone; locks tell vehicles apart that are alike."""
    locks = {(one.pickup if isinstance(one, Shipment) else one).vehicle for one in things}
    kinds = {replace(one, id=one.id if one.id in locks else ""): one for one in reversed(problem.vehicles)}
    few = replace(problem, vehicles=tuple(kinds.values()), jobs=(), shipments=())
    found: list[Job | Shipment] = []
    for thing in things:
        own = replace(few, jobs=(thing,)) if isinstance(thing, Job) else replace(few, shipments=(thing,))
        if insert(own, Plan(()), thing) is not None:
            found.append(thing)
    return found


def checked(problem: Problem, found: Plan) -> Plan:
    """The plan with everything served that still fits, and a reason for each stop that does not.

    Raises:
        UnsoundPlan: it breaks a rule.
    """
    served = {job for route in found.routes for job in route.jobs}
    heads = [*problem.jobs, *(one.pickup for one in problem.shipments)]
    whole = explained(problem, found, [one.id for one in heads if one.id not in served])
    _sure(problem, whole)
    return whole


def _sure(problem: Problem, found: Plan) -> None:
    broken: Sequence[object] = faults(problem, found)
    if broken:
        raise UnsoundPlan("; ".join(map(str, broken[:5])))


def _in_truth(problem: Problem, route: Route) -> Route:
    """The route at the problem's own costs."""
    vehicle = problem.vehicle(route.vehicle)
    cost = vehicle.per_metre * route.distance + vehicle.per_second * route.duration
    return replace(route, cost=cost + vehicle.fixed * bool(route.jobs))
