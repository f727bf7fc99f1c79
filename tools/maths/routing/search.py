"""Which solver looks for a plan, for how long, and with which aim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tools.maths.routing import ortools_solver, pyvrp_solver
from tools.maths.routing.insertion import insert
from tools.maths.routing.plan import Plan
from tools.maths.routing.problem import Job, Problem, Shipment, Vehicle
from tools.maths.routing.pyvrp_solver import HIGH_PENALTY, Wish
from tools.maths.routing.repair import names_of, orders_of, repaired

FEWER_VANS = 3.0
"""For the fewest vehicles, using one more costs as much as the dearest stop alone, so many times."""
WORTH = 3.0
"""A stop that has to be served is worth the dearest stop alone, so many times."""
EVEN_ROUNDS = 3
"""How often the longest route is asked to be shorter."""
_FIRST = 0.3
"""The part of the time in which PyVRP looks for what OR-Tools begins from."""

Start = Mapping[str, list[list[str]]]
"""Routes to begin from: for each vehicle its trips of stops' names."""


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop looking: after seconds, or after iterations, which gives the same plan everywhere.

    ``clock`` tells the seconds (of the processor, say); without one the solvers look at the wall.
    """

    seconds: float = 1.0
    iterations: int | None = None
    clock: Callable[[], float] | None = None

    def part(self, share: float) -> Stop:
        """A part of the time."""
        steps = None if self.iterations is None else max(1, round(self.iterations * share))
        return replace(self, seconds=self.seconds * share, iterations=steps)

    def left(self, begun: float) -> Stop:
        """What is left of the time since ``begun`` on the clock."""
        if self.clock is None:
            return self
        return replace(self, seconds=max(0.0, self.seconds - (self.clock() - begun)))

    def now(self) -> float:
        """The clock's seconds, 0 without one."""
        return 0.0 if self.clock is None else self.clock()

    def wish(self, seed: int, start: Start | None = None) -> Wish:
        """What a solver is told; its time begins now."""
        clock = self.clock
        halt = None
        if clock is not None and self.iterations is None:
            until = clock() + self.seconds
            halt = lambda: clock() >= until  # noqa: E731
        return Wish(self.seconds, seed, self.iterations, start=dict(start or {}), halt=halt)


def search(problem: Problem, stop: Stop, seed: int, start: Start | None = None) -> Plan:
    """The best plan found; it may leave stops out, and its costs are those of the problem's aim."""
    if problem.aim == "even":
        return _even(problem, stop, seed, start)
    return _search(aimed(problem), stop, seed, start)


def dearest(problem: Problem) -> float:
    """The money that the dearest stop costs, served alone by the dearest vehicle."""
    costs = [0.0]
    for vehicle in problem.vehicles:
        matrix = problem.matrix(vehicle)
        for job in _stops(problem):
            metres = matrix.distances[vehicle.start, job.place] + matrix.distances[job.place, vehicle.start]
            seconds = matrix.durations[vehicle.start, job.place] + matrix.durations[job.place, vehicle.start]
            hours = vehicle.per_second * float(seconds + job.service)
            costs.append(vehicle.fixed + vehicle.per_metre * float(metres) + hours)
    return max(costs)


def _stops(problem: Problem) -> Sequence[Job]:
    pairs = (job for one in problem.shipments for job in (one.pickup, one.delivery))
    return [*problem.jobs, *pairs]


def aimed(problem: Problem) -> Problem:
    """The problem with what the aim asks for in its costs."""
    if problem.aim != "fewest":
        return problem
    more = FEWER_VANS * dearest(problem)
    return replace(problem, vehicles=tuple(replace(one, fixed=one.fixed + more) for one in problem.vehicles))


def missing(problem: Problem, plan: Plan) -> float:
    """What the stops that a plan does not serve are worth."""
    worth = WORTH * max(dearest(problem), 1e-6)
    served = {job for route in plan.routes for job in route.jobs}
    heads = [*problem.jobs, *(one.pickup for one in problem.shipments)]
    return sum(worth if one.value is None else one.value for one in heads if one.id not in served)


def _even(problem: Problem, stop: Stop, seed: int, start: Start | None) -> Plan:
    """The cheapest plan; then the longest route is asked to be shorter, by halves, while all stays served."""
    part = stop.part(1 / (1 + EVEN_ROUNDS))
    best = _search(problem, part, seed, start)
    left = missing(problem, best)
    longest = max((route.duration for route in best.routes), default=0)
    least = sum(route.duration for route in best.routes) // max(1, len(problem.vehicles))
    for _ in range(EVEN_ROUNDS):
        middle = (longest + least) // 2
        if middle >= longest:
            break
        shorter = tuple(replace(one, longest=min(one.longest, middle)) for one in problem.vehicles)
        found = _search(replace(problem, vehicles=shorter), part, seed, None)
        if missing(problem, found) <= left:
            best, longest = found, max((route.duration for route in found.routes), default=0)
        else:
            least = middle
    return best


def _search(problem: Problem, stop: Stop, seed: int, start: Start | None) -> Plan:
    if not problem.jobs and not problem.shipments:
        return Plan(())
    rests = any(vehicle.breaks for vehicle in problem.vehicles)
    if not rests and pyvrp_solver.installed():
        wish = stop.wish(seed, start)
        routes = pyvrp_solver.solve(problem, wish)
        if routes is None:
            hard = replace(stop.wish(seed, start), penalty=HIGH_PENALTY)
            routes = pyvrp_solver.solve(problem, replace(hard, worth=WORTH * dearest(problem)))
        if routes is not None:
            return Plan(tuple(routes), solver="PyVRP")
    return _by_ortools(problem, stop, seed, start)


def _by_ortools(problem: Problem, stop: Stop, seed: int, start: Start | None) -> Plan:
    """OR-Tools from the best that is there: the start, or PyVRP's plan without breaks, or nothing."""
    first = None if start else _without_breaks(problem, stop.part(_FIRST), seed)
    begun = start if first is None else names_of(orders_of(problem, first.routes))
    rest = stop if first is None else stop.part(1 - _FIRST)
    wish = replace(rest.wish(seed, begun), worth=WORTH * max(dearest(problem), 1e-6))
    orders = ortools_solver.solve(problem, wish)
    found = [] if first is None else [replace(first, solver="PyVRP and insertion")]
    if orders is not None:
        found.append(replace(repaired(problem, orders), solver="OR-Tools"))
    if not found:
        return replace(_greedy(problem), solver="insertion")
    return min(found, key=lambda plan: missing(problem, plan) + plan.cost)


def _without_breaks(problem: Problem, stop: Stop, seed: int) -> Plan | None:
    """PyVRP's plan as if nobody rested, the shifts shorter by what the rests take; then the rests put in."""
    if not pyvrp_solver.installed():
        return None
    easy = tuple(_restless(vehicle) for vehicle in problem.vehicles)
    wish = replace(stop.wish(seed), worth=WORTH * dearest(problem))
    routes = pyvrp_solver.solve(replace(problem, vehicles=easy), wish)
    return None if routes is None else repaired(problem, orders_of(problem, routes))


def _restless(vehicle: Vehicle) -> Vehicle:
    rest = sum(one.length for one in vehicle.breaks)
    shift = replace(vehicle.shift, last=max(vehicle.shift.first, vehicle.shift.last - rest))
    return replace(vehicle, breaks=(), shift=shift, longest=max(0, vehicle.longest - rest))


def _greedy(problem: Problem) -> Plan:
    """Stop by stop where it costs least, what is hardest to place first."""
    found = Plan(())
    hardest = sorted(problem.jobs, key=lambda job: (min((w.last for w in job.windows), default=0), job.id))
    things: list[Job | Shipment] = [*hardest, *problem.shipments]
    for thing in things:
        more = insert(problem, found, thing)
        found = more.plan if more is not None else found
    return found
