"""Plans that keep their promises in traffic.

No solver at hand knows travel times that change through the day.  So several fixed ones are planned with
(the mean of the day, its worst hour, and each leg as slow as it was when last driven), every plan is driven
exactly, the best is bettered by small moves, and the cheapest that is on time is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.maths.routing.check import faults
from tools.maths.routing.insertion import trips_of
from tools.maths.routing.plan import Plan, Route
from tools.maths.routing.planner import UnsoundPlan, plan
from tools.maths.routing.problem import Job, Matrix, Problem, Vehicle, Whole
from tools.maths.routing.schedule import Drive, Visit, scheduled
from tools.maths.routing.search import Stop, missing
from tools.maths.routing.traffic import HOUR, HOURS, Profile

ROUNDS = 3
"""How often each leg is made as slow as it was when last driven."""
MOVES_A_SECOND = 400
"""Small moves tried for each second of the search."""
_LATE = frozenset({"window", "shift"})
_MOVES_SHARE = 0.2

Trips = list[list[Visit]]
Rank = tuple[float, int, float]
"""What is left out, seconds late, money: less is better, in this order."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One way of planning: how late and how dear its plan was when driven."""

    way: str
    late: int
    cost: float
    unserved: int


@dataclass(frozen=True, slots=True, eq=False)
class InTraffic:
    """A plan with the times it is driven in, the seconds it is late in all, and what else was tried."""

    plan: Plan
    late: int
    tried: tuple[Tried, ...]


def plan_in_traffic(problem: Problem, profile: Profile, stop: Stop, seed: int = 0) -> InTraffic:
    """The cheapest plan found that is on time in traffic, or the one that is least late.

    Raises:
        UnsoundPlan: what was found breaks a rule other than being late.
    """
    part = stop.part((1 - _MOVES_SHARE) / (2 + ROUNDS))
    found: list[tuple[Rank, str, Plan]] = []
    for way, made in _candidates(problem, profile, part, seed):
        found.append((_rank(problem, made), way, made))
    _, way, best = min(found, key=lambda one: one[0])
    begun = stop.now()
    moved = _moved(problem, profile, best, stop.part(_MOVES_SHARE), begun)
    found.append((_rank(problem, moved), f"{way}, moved", moved))
    rank, _, best = min(found, key=lambda one: one[0])
    wrong = [one for one in faults(problem, best, profile.drive) if one.rule not in _LATE]
    if wrong:
        raise UnsoundPlan("; ".join(map(str, wrong[:5])))
    tried = tuple(Tried(way, late, cost, len(made.unserved)) for (_, late, cost), way, made in found)
    return InTraffic(best, rank[1], tried)


def driven(problem: Problem, profile: Profile, made: Plan) -> Plan:
    """The plan with the times it is driven in: the same stops in the same order, begun when it costs least.

    A route that cannot be driven with its breaks stands as it was.
    """
    routes = []
    for route in made.routes:
        found = _driven(problem, profile, problem.vehicle(route.vehicle), trips_of(problem, route))
        routes.append(route if found is None else found)
    return replace(made, routes=tuple(routes))


def lateness(problem: Problem, made: Plan) -> int:
    """Seconds in all by which stops begin after their windows and vehicles are back after their shifts."""
    return sum(_late(problem, route) for route in made.routes)


def _late(problem: Problem, route: Route) -> int:
    jobs = {job.id: job for job in _stops(problem)}
    late = max(0, route.steps[-1].leave - problem.vehicle(route.vehicle).shift.last)
    for step in route.steps:
        windows = jobs[step.job].windows if step.job else ()
        if windows and not any(one.first <= step.begin <= one.last for one in windows):
            late += min((step.begin - one.last for one in windows if one.last < step.begin), default=0)
    return late


def _stops(problem: Problem) -> Iterator[Job]:
    yield from problem.jobs
    for one in problem.shipments:
        yield one.pickup
        yield one.delivery


def _rank(problem: Problem, made: Plan) -> Rank:
    return round(missing(problem, made), 6), lateness(problem, made), made.cost


def _driven(problem: Problem, profile: Profile, vehicle: Vehicle, trips: Trips) -> Route | None:
    """The route begun when it costs least: as soon as it may, or at a later full hour."""
    drive = Drive(profile.drive, lenient=True)
    best: tuple[int, float, Route] | None = None
    shift = vehicle.shift
    last = min(shift.last, shift.first + HOURS * HOUR)
    for first in range(shift.first, last + 1, HOUR):
        later = replace(vehicle, shift=replace(shift, first=first))
        route = scheduled(problem, later, trips, drive)
        if route is None:
            continue
        late = _late(problem, route)
        if best is None or (late, route.cost) < best[:2]:
            best = late, route.cost, route
        elif late > best[0]:
            break
    return None if best is None else best[2]


# -- fixed travel times to plan with -----------------------------------------------------------------


def _candidates(problem: Problem, profile: Profile, part: Stop, seed: int) -> Iterator[tuple[str, Plan]]:
    first = min((vehicle.shift.first for vehicle in problem.vehicles), default=0)
    last = max((min(vehicle.shift.last, first + HOURS * HOUR) for vehicle in problem.vehicles), default=0)
    last = max(last, first + 1)
    mean = _slower(problem, profile.mean(first, last))
    made = driven(problem, profile, plan(mean, part, seed))
    yield "mean", made
    worst = _slower(problem, profile.worst(first, last))
    yield "worst", driven(problem, profile, plan(worst, part, seed))
    for number in range(ROUNDS):
        again = _as_driven(problem, profile, made, profile.mean(first, last))
        made = driven(problem, profile, plan(again, part, seed + number))
        yield f"as driven {number + 1}", made


def _slower(problem: Problem, factor: float) -> Problem:
    return replace(
        problem,
        matrices={
            name: Matrix(np.ceil(one.durations * factor - 1e-9).astype(np.int64), one.distances)
            for name, one in problem.matrices.items()
        },
    )


def _as_driven(problem: Problem, profile: Profile, made: Plan, usual: float) -> Problem:
    """Every leg as slow as it is at the time at which its beginning was last left."""
    left: dict[int, list[int]] = {}
    for route in made.routes:
        for step in route.steps[:-1]:
            left.setdefault(step.place, []).append(step.leave)
    return replace(
        problem,
        matrices={name: _timed(one, profile, left, usual) for name, one in problem.matrices.items()},
    )


def _timed(matrix: Matrix, profile: Profile, left: Mapping[int, Sequence[int]], usual: float) -> Matrix:
    durations: Whole = np.ceil(matrix.durations * usual - 1e-9).astype(np.int64)
    for place, times in left.items():
        for to, free in enumerate(matrix.durations[place].tolist()):
            durations[place, to] = round(sum(profile.drive(free, at) for at in times) / len(times))
    return Matrix(durations, matrix.distances)


# -- small moves -------------------------------------------------------------------------------------


class _Moves:
    """A plan under small moves: one stop elsewhere, two exchanged, a part turned round."""

    def __init__(self, problem: Problem, profile: Profile, made: Plan) -> None:
        self.problem, self.profile = problem, profile
        self.drive = Drive(profile.drive, lenient=True)
        self.routes = {route.vehicle: route for route in made.routes}
        self.trips = {route.vehicle: trips_of(problem, route) for route in made.routes}
        for vehicle in problem.vehicles:
            self.trips.setdefault(vehicle.id, [[]])

    def ways(self) -> Iterator[dict[str, Trips]]:
        """Every move, those of late routes first; what it changes."""
        vans = sorted(self.routes, key=lambda van: (-_late(self.problem, self.routes[van]), van))
        for van in vans:
            for trip, visits in enumerate(self.trips[van]):
                for at, visit in enumerate(visits):
                    if visit.kind == "job":
                        yield from self._relocated(van, trip, at)
                        yield from self._exchanged(van, trip, at)
                yield from self._turned(van, trip)

    def _with(self, trips: Trips, trip: int, visits: list[Visit]) -> Trips:
        return [*trips[:trip], visits, *trips[trip + 1 :]]

    def _relocated(self, van: str, trip: int, at: int) -> Iterator[dict[str, Trips]]:
        visits = self.trips[van][trip]
        rest = self._with(self.trips[van], trip, [*visits[:at], *visits[at + 1 :]])
        for other, trips in self.trips.items():
            into = rest if other == van else trips
            for number, row in enumerate(into):
                for place in range(len(row) + 1):
                    longer = self._with(into, number, [*row[:place], visits[at], *row[place:]])
                    same = other == van and number == trip and place == at
                    if not same:
                        yield {van: longer} if other == van else {van: rest, other: longer}

    def _exchanged(self, van: str, trip: int, at: int) -> Iterator[dict[str, Trips]]:
        visits = self.trips[van][trip]
        for other, trips in self.trips.items():
            for number, row in enumerate(trips):
                for place, visit in enumerate(row):
                    if other <= van or visit.kind != "job":
                        continue
                    mine = self._with(self.trips[van], trip, [*visits[:at], visit, *visits[at + 1 :]])
                    yield {
                        van: mine,
                        other: self._with(trips, number, [*row[:place], visits[at], *row[place + 1 :]]),
                    }

    def _turned(self, van: str, trip: int) -> Iterator[dict[str, Trips]]:
        visits = self.trips[van][trip]
        for first in range(len(visits) - 1):
            for last in range(first + 2, len(visits) + 1):
                turned = [*visits[:first], *reversed(visits[first:last]), *visits[last:]]
                yield {van: self._with(self.trips[van], trip, turned)}

    def better(self, change: Mapping[str, Trips]) -> bool:
        """Makes a change where it is sound and on the whole less late, or as late and cheaper."""
        new: dict[str, Route | None] = {}
        for van, trips in change.items():
            filled = [visits for visits in trips if visits]
            route = scheduled(self.problem, self.problem.vehicle(van), filled, self.drive) if filled else None
            if filled and (route is None or not self._sound(route)):
                return False
            new[van] = route
        before = self._sum([self.routes.get(van) for van in change])
        if self._sum(list(new.values())) >= (before[0], before[1] - 1e-6):
            return False
        for van, route in new.items():
            self.routes.pop(van, None)
            if route is not None:
                self.routes[van] = route
            self.trips[van] = [visits for visits in change[van] if visits] or [[]]
        return True

    def _sum(self, routes: Sequence[Route | None]) -> tuple[int, float]:
        there = [route for route in routes if route is not None]
        return sum(_late(self.problem, one) for one in there), sum(one.cost for one in there)

    def _sound(self, route: Route) -> bool:
        names = set(route.jobs)
        pairs = self.problem.shipments
        alone = replace(
            self.problem,
            jobs=tuple(job for job in self.problem.jobs if job.id in names),
            shipments=tuple(one for one in pairs if {one.pickup.id, one.delivery.id} & names),
        )
        found = faults(alone, Plan((route,)), self.profile.drive)
        return all(one.rule in _LATE for one in found)


def _moved(problem: Problem, profile: Profile, made: Plan, stop: Stop, begun: float) -> Plan:
    """The plan after small moves: the first that helps is made, until none does or the time is over."""
    moves = _Moves(problem, profile, made)
    left = stop.iterations if stop.iterations is not None else round(MOVES_A_SECOND * stop.seconds)
    timed = stop.clock is not None and stop.iterations is None
    helped = True
    while helped:
        helped = False
        for change in moves.ways():
            left -= 1
            if stop.left(begun).seconds <= 0 if timed else left < 0:
                break
            if moves.better(change):
                helped = True
                break
    routes = tuple(moves.routes[van] for van in sorted(moves.routes))
    return driven(problem, profile, replace(made, routes=routes))
