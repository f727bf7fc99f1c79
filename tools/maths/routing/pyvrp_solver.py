"""PyVRP behind our own door: iterated local search (Wouda, Lan and Kool, 2024).

Costs are handed over in whole units of which a plan has at most some tens of millions: with larger numbers
the solver's penalties cannot keep up and it finds nothing that is feasible.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tools.maths.routing.plan import Route
from tools.maths.routing.problem import FOREVER, Job, Problem, Shipment, Vehicle, Whole, Window, serves
from tools.maths.routing.schedule import Visit, plain_visits, scheduled, widened

TOTAL_UNITS = 30_000_000
"""What a plan may come to in the solver's units."""
MOST_UNITS = 100_000
USUAL_PENALTY, HIGH_PENALTY = 1e5, 1e7
"""What one unit of overload may cost the solver: its own limit, and where that leaves tight loads broken."""
LEAST_RATE = 20
"""Fewer units than this for a metre would round away what tells vehicles apart: then lengths are rounded."""
STOP_STEPS = 300_000
"""About so many steps of the search, divided by the number of stops, fit into a second."""
STEPS_PER_MEMORY, LEAST_MEMORY, MOST_MEMORY = 80, 20, 300
_UNREACHABLE = 10**9
_NO_LIMIT = 10**15


@dataclass(frozen=True, slots=True)
class Wish:
    """How long to look, and for what.

    ``iterations`` instead of seconds makes the answer the same on every machine; ``worth`` is what leaving
    out a stop that has to be served costs, in money (None: none may be left out); ``start`` are routes to
    begin from: for each vehicle its trips of stops' names; ``halt`` says when to stop instead of seconds;
    ``penalty`` is what a unit of overload may cost at most.
    """

    seconds: float = 1.0
    seed: int = 0
    iterations: int | None = None
    worth: float | None = None
    start: dict[str, list[list[str]]] = field(default_factory=dict)
    halt: Callable[[], bool] | None = None
    penalty: float = USUAL_PENALTY


def installed() -> bool:
    """Whether PyVRP is there."""
    try:
        import pyvrp  # noqa: F401
    except ImportError:
        return False
    return True


def solve(problem: Problem, wish: Wish) -> list[Route] | None:
    """The best routes found, or None where none of them keeps all rules."""
    import pyvrp

    model = _Model(problem, wish)
    data = model.data()
    start = model.solution(data, wish.start) if wish.start else None
    with warnings.catch_warnings():
        # Penalties at their limit are no news: what is then not feasible is looked for again.
        warnings.simplefilter("ignore")
        result = pyvrp.solve(
            data,
            _stop(wish),
            wish.seed,
            collect_stats=False,
            display=False,
            params=pyvrp.SolveParams(
                ils=pyvrp.IteratedLocalSearchParams(history_length=memory(problem, wish)),
                penalty=pyvrp.PenaltyParams(max_penalty=wish.penalty),
            ),
            initial_solution=start,
        )
    if not result.is_feasible():
        return None
    return model.routes(result.best)


def memory(problem: Problem, wish: Wish) -> int:
    """How many of its last plans the search compares a new one with (late acceptance, Burke and Bykov, 2017).

    A long memory wanders far and pays in a long search; the solver's own 300 leaves a search of seconds far
    from home.  An eightieth of the steps that fit into the time does as well as the best fixed length.
    """
    stops = max(1, len(problem.jobs) + 2 * len(problem.shipments))
    steps = wish.seconds * STOP_STEPS / stops if wish.iterations is None else wish.iterations
    return int(min(max(steps / STEPS_PER_MEMORY, LEAST_MEMORY), MOST_MEMORY))


def _stop(wish: Wish) -> Any:
    from pyvrp.stop import MaxIterations, MaxRuntime

    if wish.iterations is not None:
        return MaxIterations(wish.iterations)
    halt = wish.halt
    return MaxRuntime(wish.seconds) if halt is None else lambda _cost: halt()


def units(problem: Problem) -> float:
    """The solver's units for one of money: fine, but never so many that a plan comes to too much."""
    rates = [rate for one in problem.vehicles for rate in (one.fixed, one.per_metre, one.per_second)]
    whole = all(float(rate).is_integer() for rate in rates)
    if whole and _rough_cost(problem) <= TOTAL_UNITS:
        return 1.0
    return min(MOST_UNITS, TOTAL_UNITS / max(_rough_cost(problem), 1e-9))


def _rough_cost(problem: Problem) -> float:
    """Something like the cost of a plan: the nearest neighbour of every stop, twice, and every vehicle."""
    jobs = list(_stops(problem))
    total = sum(vehicle.fixed for vehicle in problem.vehicles)
    if not jobs or not problem.vehicles:
        return total
    total *= min(1.0, _needed(problem) / len(problem.vehicles))
    places = np.array([job.place for job in jobs] + [vehicle.start for vehicle in problem.vehicles])
    matrix = problem.matrix(problem.vehicles[0])
    dearest = max(problem.vehicles, key=lambda one: (one.per_second, one.per_metre))
    metres = matrix.distances[np.ix_(places, places)].astype(float)
    seconds = matrix.durations[np.ix_(places, places)].astype(float)
    legs = dearest.per_metre * metres + dearest.per_second * seconds
    np.fill_diagonal(legs, np.inf)
    near = np.where(np.isfinite(legs).any(axis=1), np.min(legs, axis=1, initial=np.inf), 0.0)
    service = sum(job.service for job in jobs) * dearest.per_second
    return float(total + 2 * near[np.isfinite(near)].sum() + service)


def _needed(problem: Problem) -> float:
    """Something like the vehicles that a plan uses: twice what the fullest dimension takes, and one."""
    most = 1.0
    width = max((len(job.delivery) for job in problem.jobs), default=0)
    for at in range(width):
        goods = sum(job.delivery[at] for job in problem.jobs if at < len(job.delivery))
        room = [one.capacity[at] for one in problem.vehicles if at < len(one.capacity)]
        if room and sum(room):
            most = max(most, goods * len(room) / sum(room))
    return 2 * most + 1


def _shrink(problem: Problem, by: float) -> float:
    """What lengths are multiplied by for the solver: 1 wherever a metre costs whole units enough."""
    rates = [one.per_metre * by for one in problem.vehicles if one.per_metre > 0]
    limited = any(one.farthest < FOREVER for one in problem.vehicles)
    if limited or not rates or min(rates) >= LEAST_RATE or all(rate.is_integer() for rate in rates):
        return 1.0
    return min(rates) / LEAST_RATE


def _stops(problem: Problem) -> Iterator[Job]:
    yield from problem.jobs
    for one in problem.shipments:
        yield one.pickup
        yield one.delivery


class _Model:
    """A problem in the solver's terms: each stop, window by window, is a client with a place of its own."""

    def __init__(self, problem: Problem, wish: Wish) -> None:
        self.problem, self.wish = problem, wish
        self.units = units(problem)
        self.shrink = _shrink(problem, self.units)
        self.width = max((len(load) for load in self._loads()), default=0)
        self.copies = [(job, window) for job in problem.jobs for window in job.windows or (Window(),)]
        self.depots = sorted(
            {place for one in problem.vehicles for place in (one.start, one.end) if place is not None}
        )
        self.open = any(vehicle.end is None for vehicle in problem.vehicles)
        kinds = [self._kind(vehicle) for vehicle in problem.vehicles]
        self.kinds = list(dict.fromkeys(kinds))
        # Vehicles that differ in nothing but their name are one to the solver: it looks at each of its own.
        self.alike: dict[tuple[Vehicle, int], list[Vehicle]] = {}
        for vehicle, kind in zip(problem.vehicles, kinds, strict=True):
            key = replace(vehicle, id=""), self.kinds.index(kind)
            self.alike.setdefault(key, []).append(vehicle)

    def _loads(self) -> Iterator[Sequence[int]]:
        for job in self.problem.jobs:
            yield job.delivery
            yield job.pickup
        for one in self.problem.shipments:
            yield one.amount
        for vehicle in self.problem.vehicles:
            yield vehicle.capacity

    def _kind(self, vehicle: Vehicle) -> tuple[str, frozenset[str]]:
        """What tells vehicles apart on the road: the matrix, and the stops that are not theirs."""
        heads = [*self.problem.jobs, *(one.pickup for one in self.problem.shipments)]
        return vehicle.profile, frozenset(job.id for job in heads if not serves(vehicle, job))

    # -- into the solver ---------------------------------------------------------------------------

    def data(self) -> Any:
        """The solver's own problem."""
        import pyvrp

        shipped = self.problem.shipments
        depots = len(self.depots) + self.open
        stops = depots + len(self.copies)
        rows = [*self.depots, *([-1] * self.open), *(job.place for job, _ in self.copies)]
        rows += [job.place for one in shipped for job in (one.pickup, one.delivery)]
        owners = [""] * depots + [job.id for job, _ in self.copies]
        owners += [one.pickup.id for one in shipped for _ in range(2)]
        matrices: list[tuple[Any, Any]] = [self._matrices(kind, rows, owners) for kind in self.kinds]
        groups, members = self._groups()
        return pyvrp.ProblemData(
            [pyvrp.Location(0, 0) for _ in rows],
            [
                self._client(number + depots, *copy, members.get(number))
                for number, copy in enumerate(self.copies)
            ],
            [pyvrp.Depot(at, service_duration=self._loading(at)) for at in range(depots)],
            [self._vehicle(*key, len(same)) for key, same in self.alike.items()],
            [metres for metres, _ in matrices],
            [seconds for _, seconds in matrices],
            groups,
            [self._shipment(stops + 2 * number, one) for number, one in enumerate(shipped)],
        )

    def _loading(self, at: int) -> int:
        starts = {vehicle.start for vehicle in self.problem.vehicles}
        return self.problem.load_seconds if at < len(self.depots) and self.depots[at] in starts else 0

    def _matrices(
        self, kind: tuple[str, frozenset[str]], rows: Sequence[int], owners: Sequence[str]
    ) -> tuple[Whole, Whole]:
        matrix = self.problem.matrices[kind[0]]
        places = np.array([max(row, 0) for row in rows])
        metres = np.rint(matrix.distances[np.ix_(places, places)] * self.shrink).astype(np.int64)
        seconds = matrix.durations[np.ix_(places, places)].astype(np.int64)
        nowhere = np.array([row < 0 for row in rows])
        metres[:, nowhere] = seconds[:, nowhere] = 0
        barred = np.array([owner in kind[1] for owner in owners])
        for table in (metres, seconds):
            table[:, barred] = table[barred, :] = _UNREACHABLE
            np.fill_diagonal(table, 0)
        return metres, seconds

    def _groups(self) -> tuple[list[Any], dict[int, int]]:
        """Copies of one stop, of which one is served."""
        import pyvrp

        groups: list[Any] = []
        members: dict[int, int] = {}
        numbers: dict[str, list[int]] = {}
        for number, (job, _) in enumerate(self.copies):
            numbers.setdefault(job.id, []).append(number)
        for job in self.problem.jobs:
            same = numbers[job.id]
            if len(same) > 1:
                members.update(dict.fromkeys(same, len(groups)))
                groups.append(pyvrp.ClientGroup(same, required=self._prize(job) is None))
        return groups, members

    def _prize(self, job: Job) -> int | None:
        worth = self.wish.worth if job.value is None else job.value
        return None if worth is None else max(1, round(worth * self.units))

    def _client(self, at: int, job: Job, window: Window, group: int | None) -> Any:
        import pyvrp

        prize = self._prize(job)
        return pyvrp.Client(
            at,
            delivery=widened(job.delivery, self.width).tolist(),
            pickup=widened(job.pickup, self.width).tolist(),
            service_duration=job.service,
            tw_early=window.first,
            tw_late=window.last,
            release_time=min(job.release, window.last),
            prize=prize or 0,
            required=prize is None and group is None,
            group=group,
        )

    def _shipment(self, at: int, one: Shipment) -> Any:
        import pyvrp

        prize = self._prize(one.pickup)
        first, last = (job.windows[0] if job.windows else Window() for job in (one.pickup, one.delivery))
        return pyvrp.Shipment(
            at,
            at + 1,
            first.first,
            first.last,
            one.pickup.service,
            last.first,
            last.last,
            one.delivery.service,
            amount=widened(one.amount, self.width).tolist(),
            prize=prize or 0,
            required=prize is None,
        )

    def _vehicle(self, vehicle: Vehicle, kind: int, count: int) -> Any:
        import pyvrp

        limits = [*vehicle.capacity, *([_NO_LIMIT] * (self.width - len(vehicle.capacity)))]
        start = self.depots.index(vehicle.start)
        return pyvrp.VehicleType(
            count,
            limits,
            start,
            len(self.depots) if vehicle.end is None else self.depots.index(vehicle.end),
            round(vehicle.fixed * self.units),
            vehicle.shift.first,
            vehicle.shift.last,
            min(vehicle.longest, FOREVER),
            min(vehicle.farthest, FOREVER),
            round(vehicle.per_metre * self.units / self.shrink),
            round(vehicle.per_second * self.units),
            kind,
            reload_depots=[start] if vehicle.reloads else [],
            max_reloads=vehicle.reloads,
        )

    # -- and back ----------------------------------------------------------------------------------

    def routes(self, best: Any) -> list[Route] | None:
        """The solver's routes in our terms, timed by our own rules; None where one breaks them."""
        free = [list(same) for same in self.alike.values()]
        routes = [self._route(one, free[one.vehicle_type()].pop(0)) for one in best.routes()]
        found = [route for route in routes if route is not None]
        return found if len(found) == len(routes) else None

    def _route(self, found: Any, vehicle: Vehicle) -> Route | None:
        trips: list[list[Visit]] = []
        for activity in found:
            if activity.is_depot():
                trips.append([])
            else:
                trips[-1].append(self._visit(activity))
        return scheduled(self.problem, vehicle, trips[:-1])

    def _visit(self, activity: Any) -> Visit:
        if activity.is_client():
            job, _window = self.copies[activity.idx]
            (visit,) = plain_visits([job])
            return visit
        one = self.problem.shipments[activity.idx]
        if activity.is_pickup():
            return Visit("pickup", one.pickup, one.amount)
        return Visit("delivery", one.delivery, tuple(-amount for amount in one.amount))

    def solution(self, data: Any, start: dict[str, list[list[str]]]) -> Any:
        """Routes to begin from, in the solver's terms; unknown names are left out."""
        import pyvrp

        numbers: dict[str, int] = {}
        for number, (job, _) in enumerate(self.copies):
            numbers.setdefault(job.id, number)
        routes = []
        for kind, same in enumerate(self.alike.values()):
            for vehicle in same:
                trips = start.get(vehicle.id, ())
                visits = [numbers[name] for trip in trips for name in trip if name in numbers]
                if visits:
                    routes.append(pyvrp.Route(data, visits, kind))
        return pyvrp.Solution(data, routes)
