"""The sums behind a round: plain functions of plain facts, which run in the process for solvers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tools.kit.rounds_facts import COLLECT
from tools.maths.routing.insertion import trips_of
from tools.maths.routing.on_time import driven, lateness, plan_in_traffic
from tools.maths.routing.plan import Plan, Route, Step
from tools.maths.routing.planner import checked, plan
from tools.maths.routing.problem import Job, Problem, Shipment
from tools.maths.routing.repair import repaired
from tools.maths.routing.replanning import Running, remaining
from tools.maths.routing.search import Stop, missing
from tools.maths.routing.traffic import Profile

Orders = Mapping[str, Sequence[str]]
"""For each vehicle the names of its stops, in order."""
LEAST_SECONDS, SECONDS_A_STOP, MOST_SECONDS = 0.2, 0.02, 1.2
AGAIN_SECONDS = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A plan in the times it is driven in; ``number`` is the problem it solves, ``late`` are seconds in all.

    ``moved`` are the stops that stand elsewhere than before, ``changed`` those on another vehicle.
    """

    plan: Plan
    problem: Problem
    number: int = 0
    late: int = 0
    seconds: float = 0.0
    moved: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look, in seconds of the clock on the wall; ``iterations`` instead makes it repeatable."""

    seconds: float = 1.0
    iterations: int | None = None
    seed: int = 0

    def stop(self, share: float = 1.0) -> Stop:
        """When a solver stops."""
        return Stop(self.seconds, self.iterations, clock=time.perf_counter).part(share)


def effort_for(stops: int, most: float = MOST_SECONDS) -> Effort:
    """As long as so many stops are worth: somebody waits."""
    return Effort(min(most, LEAST_SECONDS + SECONDS_A_STOP * stops))


def solve(problems: Sequence[Problem], traffic: Profile, effort: Effort) -> Solved:
    """The best plan of several ways to see the same day: the fewest stops left out, then the cheapest.

    Raises:
        UnsoundPlan: a solver's plan breaks a rule.
    """
    begun = time.perf_counter()
    found: list[tuple[tuple[float, int, float], int, Plan]] = []
    for number, problem in enumerate(problems):
        made, late = _planned(problem, traffic, effort.stop(1 / len(problems)), effort.seed)
        found.append(((round(missing(problem, made), 6), late, made.cost), number, made))
    (_, late, _), number, best = min(found, key=lambda one: one[0])
    return Solved(best, problems[number], number, late, time.perf_counter() - begun)


def _planned(problem: Problem, traffic: Profile, stop: Stop, seed: int) -> tuple[Plan, int]:
    if not problem.jobs and not problem.shipments:
        return Plan(()), 0
    if is_free(traffic):
        made = driven(problem, traffic, plan(problem, stop, seed))
        return made, lateness(problem, made)
    found = plan_in_traffic(problem, traffic, stop, seed)
    return found.plan, found.late


def retime(problem: Problem, traffic: Profile, orders: Orders) -> Solved:
    """The plan in which each vehicle serves these stops in this order, however late that is."""
    begun = time.perf_counter()
    routes = tuple(_route(problem, van, names) for van, names in orders.items() if names)
    made = driven(problem, traffic, Plan(routes, solver="as it was"))
    return Solved(made, problem, 0, lateness(problem, made), time.perf_counter() - begun)


def solve_again(
    problem: Problem,
    running: Running,
    orders: Orders,
    traffic: Profile,
    effort: Effort,
    fixed: Orders | None = None,
) -> Solved:
    """What is left of a running day; ``orders`` is how it stood, ``fixed`` how it is to be (None: look).

    Raises:
        UnsoundPlan: what was found breaks a rule.
    """
    begun = time.perf_counter()
    routes = tuple(_route(problem, van, names) for van, names in orders.items() if names)
    running = replace(running, plan=Plan(routes))
    if fixed is not None:
        return retime(remaining(problem, running), traffic, fixed)
    rest = remaining(problem, running)
    visits = {route.vehicle: trips_of(rest, route) for route in map(_within(rest), routes) if route.jobs}
    kept = checked(rest, replace(repaired(rest, visits), solver="insertion"))
    found = plan(rest, effort.stop(), effort.seed)
    best = min((kept, found), key=lambda one: (round(missing(rest, one) + one.cost, 6), one is found))
    made = driven(rest, traffic, best)
    changed = [job for job, van in _vans(made).items() if _vans(Plan(routes)).get(job, van) != van]
    moved = [*changed, *_out_of_order(routes, made)]
    seconds = time.perf_counter() - begun
    return Solved(
        made, rest, 0, lateness(rest, made), seconds, tuple(_handed(moved)), tuple(_handed(changed))
    )


def _within(rest: Problem) -> Callable[[Route], Route]:
    """A route without the stops and the vehicles that are no part of what is left."""
    known = {job.id for job in _jobs(rest)}
    vans = {van.id for van in rest.vehicles}

    def within(route: Route) -> Route:
        here = known if route.vehicle in vans else set()
        return replace(route, steps=tuple(one for one in route.steps if not one.job or one.job in here))

    return within


def _vans(made: Plan) -> dict[str, str]:
    return {job: route.vehicle for route in made.routes for job in route.jobs}


def _handed(names: Iterable[str]) -> Iterator[str]:
    """The stops at which something is handed over."""
    return (name for name in dict.fromkeys(names) if not name.startswith(COLLECT) and " (" not in name)


def _out_of_order(before: Sequence[Route], made: Plan) -> Iterator[str]:
    """On each vehicle the fewest stops that were taken out of the old order."""
    was = {route.vehicle: list(_handed(route.jobs)) for route in before}
    for route in made.routes:
        place = {job: at for at, job in enumerate(was.get(route.vehicle, ()))}
        same = [job for job in _handed(route.jobs) if job in place]
        stay = _longest_rise([place[job] for job in same])
        yield from (job for job in same if place[job] not in stay)


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """A longest rising part of a sequence."""
    best: list[list[int]] = []
    for number in numbers:
        before = [chain for chain in best if chain[-1] < number]
        best.append([*_longest(before), number])
    return set(_longest(best))


def _longest(chains: Sequence[list[int]]) -> list[int]:
    return max(chains, key=lambda chain: len(chain), default=[])


def complete(problem: Problem, made: Plan) -> Plan:
    """The plan with what still fits, and a reason for each stop that does not.

    Raises:
        UnsoundPlan: it breaks a rule.
    """
    return checked(problem, made)


def is_free(traffic: Profile) -> bool:
    """Whether no hour is slower than another."""
    return traffic.weather == 1.0 and set(traffic.hours) == {1.0}


def _route(problem: Problem, van: str, names: Sequence[str]) -> Route:
    """An order of stops in the form of a route, without its times."""
    rows = {job.id: job.place for job in _jobs(problem)}
    start = problem.vehicle(van).start
    steps = [Step("job", rows[name], 0, job=name) for name in names if name in rows]
    return Route(van, (Step("start", start, 0), *steps, Step("end", start, 0)), 0, 0.0)


def _jobs(problem: Problem) -> list[Job]:
    things: list[Job | Shipment] = [*problem.jobs, *problem.shipments]
    pairs = [(one.pickup, one.delivery) if isinstance(one, Shipment) else (one,) for one in things]
    return [job for pair in pairs for job in pair]
