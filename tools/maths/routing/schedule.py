"""From an order of stops to times, loads and cost: as late a start as costs least.

Each stop begins as soon as it may; then the start is moved as far back as waiting can be saved by it
(the forward slack of Savelsbergh, 1992).  A break is taken parked at a stop, before or after serving it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.maths.routing.plan import Route, Step, StepKind
from tools.maths.routing.problem import FOREVER, Break, Job, Load, Problem, Vehicle, Window


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop on its way into a route: what is done there and how that changes the load."""

    kind: StepKind
    job: Job
    change: Load = ()


@dataclass(frozen=True, slots=True)
class _Node:
    kind: StepKind
    place: int
    windows: tuple[Window, ...]
    service: int = 0
    job: str = ""
    load: Load = ()


def scheduled(problem: Problem, vehicle: Vehicle, trips: Sequence[Sequence[Visit]]) -> Route | None:
    """The route of these trips with its times, or None where no start makes it in time.

    Between two trips the vehicle is back at its start and loads.
    """
    nodes = list(_nodes(problem, vehicle, trips))
    times = _with_breaks(problem, vehicle, nodes)
    if times is None:
        return None
    steps = tuple(
        Step(node.kind, node.place, arrival, begin - arrival, node.service, node.load, node.job)
        for node, arrival, begin in zip(times.nodes, times.arrivals, times.begins, strict=True)
    )
    return priced(problem, vehicle, steps)


def priced(problem: Problem, vehicle: Vehicle, steps: tuple[Step, ...]) -> Route:
    """Steps with their metres and their cost."""
    distances = problem.matrix(vehicle).distances
    metres = sum(int(distances[one.place, other.place]) for one, other in itertools.pairwise(steps))
    seconds = steps[-1].leave - steps[0].begin
    used = any(step.job for step in steps)
    cost = vehicle.fixed * used + vehicle.per_metre * metres + vehicle.per_second * seconds
    return Route(vehicle.id, steps, metres, cost)


def plain_visits(jobs: Sequence[Job]) -> list[Visit]:
    """Stops without shipments, in this order."""
    return [Visit("job", job, _plus(job.pickup, job.delivery, -1)) for job in jobs]


def _plus(one: Load, other: Load, sign: int = 1) -> Load:
    width = max(len(one), len(other))
    left, right = one + (0,) * (width - len(one)), other + (0,) * (width - len(other))
    return tuple(a + sign * b for a, b in zip(left, right, strict=True))


def _nodes(problem: Problem, vehicle: Vehicle, trips: Sequence[Sequence[Visit]]) -> Iterator[_Node]:
    shift = vehicle.shift
    carried: Load = ()
    place = vehicle.start
    for number, trip in enumerate(trips):
        load: Load = ()
        for visit in trip:
            load = _plus(load, visit.job.delivery if visit.kind == "job" else ())
        release = max((visit.job.release for visit in trip), default=0)
        window = Window(max(shift.first, release), shift.last)
        loading = problem.load_seconds if trip else 0
        yield _Node("reload" if number else "start", vehicle.start, (window,), loading, load=load)
        for visit in trip:
            load = _plus(load, visit.change)
            place = visit.job.place
            windows = visit.job.windows or (Window(),)
            yield _Node(visit.kind, place, windows, visit.job.service, visit.job.id, load)
        carried = load
    end = place if vehicle.end is None else vehicle.end
    yield _Node("end", end, (Window(0, shift.last),), load=carried)


@dataclass(frozen=True, slots=True)
class _Begun:
    nodes: list[_Node]
    arrivals: list[int]
    begins: list[int]
    delay: int
    saved: int = 0

    @property
    def length(self) -> int:
        """Seconds from leaving to being back."""
        return self.begins[-1] - self.begins[0]


def _timed(problem: Problem, vehicle: Vehicle, nodes: Sequence[_Node]) -> _Begun | None:
    """As early as it may be, begun as late as saves waiting."""
    begun = _begun(problem, vehicle, nodes, nodes[0].windows[0].first)
    if begun is None:
        return None
    later = _begun(problem, vehicle, begun.nodes, begun.begins[0] + begun.delay)
    return begun if later is None else replace(later, saved=begun.delay)


def needs(rest: Break, begin: int, end: int) -> bool:
    """Whether a day from ``begin`` to ``end`` has to hold this break."""
    return begin <= rest.window.last < end


def _with_breaks(problem: Problem, vehicle: Vehicle, nodes: Sequence[_Node]) -> _Begun | None:
    """The shortest day that holds every break that it needs, one break at a time."""
    best = _timed(problem, vehicle, nodes)
    for rest in sorted(vehicle.breaks, key=lambda one: one.window.first):
        if best is None or not needs(rest, best.begins[0], best.begins[-1]):
            continue
        ways = [(_timed(problem, vehicle, longer), longer) for longer in _longer(best, nodes, rest)]
        found = [(way.length, way.begins[-1], at) for at, (way, _) in enumerate(ways) if way is not None]
        if not found:
            return None
        best, nodes = ways[min(found)[2]]
    return best


def _longer(begun: _Begun, nodes: Sequence[_Node], rest: Break) -> Iterator[list[_Node]]:
    """The break after each stop, where that one is and where the next one is.

    Where the next stop is over before the break may begin, it is better taken later.
    """
    for at, (node, after) in enumerate(itertools.pairwise(nodes)):
        early = begun.begins[at] - begun.saved + node.service
        if early > rest.window.last or begun.begins[at + 1] + after.service < rest.window.first:
            continue
        for place in dict.fromkeys((node.place, after.place)):
            taken = _Node("break", place, (rest.window,), rest.length, load=node.load)
            yield [*nodes[: at + 1], taken, *nodes[at + 1 :]]


def _begun(problem: Problem, vehicle: Vehicle, nodes: Sequence[_Node], start: int) -> _Begun | None:
    """Every node as early as it may be after ``start``; its windows are narrowed to the one it is in."""
    travel = problem.matrix(vehicle).durations
    arrivals, begins, chosen = [], [], []
    clock, waited, slack = start, 0, FOREVER
    for number, node in enumerate(nodes):
        if number:
            clock += int(travel[nodes[number - 1].place, node.place])
        window = next((one for one in node.windows if one.last >= clock), None)
        if window is None:
            return None
        begin = max(clock, window.first)
        waited += begin - clock if number else 0
        slack = min(slack, waited + window.last - begin)
        arrivals.append(clock if number else begin)
        begins.append(begin)
        chosen.append(replace(node, windows=(window,)))
        clock = begin + node.service
    return _Begun(chosen, arrivals, begins, min(waited, slack))


def widened(load: Load, width: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A load with all its dimensions."""
    return np.array(load + (0,) * (width - len(load)), dtype=np.int64)
