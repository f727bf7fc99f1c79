"""From an order of stops to times, loads and cost: as late a start as costs least.

Each stop begins as soon as it may; then the start is moved as far back as waiting can be saved by it
(the forward slack of Savelsbergh, 1992).  A break is taken parked at a stop, before or after serving it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
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


Pace = Callable[[int, int], int]
"""Seconds on the road for a leg of so many free seconds that is begun at a time; who leaves later never
arrives sooner."""


@dataclass(frozen=True, slots=True)
class Drive:
    """How a route is driven: as the matrix says or at a pace; whether it may be late."""

    pace: Pace | None = None
    lenient: bool = False


PLAINLY = Drive()


@dataclass(frozen=True, slots=True)
class _Node:
    kind: StepKind
    place: int
    windows: tuple[Window, ...]
    service: int = 0
    job: str = ""
    load: Load = ()


def scheduled(
    problem: Problem, vehicle: Vehicle, trips: Sequence[Sequence[Visit]], drive: Drive = PLAINLY
) -> Route | None:
    """The route of these trips with its times, or None where no start makes it in time.

    Between two trips the vehicle is back at its start and loads.
    """
    nodes = list(_nodes(problem, vehicle, trips))
    times = _Clock(problem, vehicle, drive).with_breaks(nodes)
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
    waited: int
    slack: int
    late: int
    saved: int = 0

    @property
    def length(self) -> int:
        """Seconds from leaving to being back."""
        return self.begins[-1] - self.begins[0]


def needs(rest: Break, begin: int, end: int) -> bool:
    """Whether a day from ``begin`` to ``end`` has to hold this break."""
    return begin <= rest.window.last < end


class _Clock:
    """Works out when a vehicle is where."""

    def __init__(self, problem: Problem, vehicle: Vehicle, drive: Drive) -> None:
        self.travel = problem.matrix(vehicle).durations
        self.rests = sorted(vehicle.breaks, key=lambda one: one.window.first)
        self.pace, self.lenient = drive.pace, drive.lenient

    def with_breaks(self, nodes: Sequence[_Node]) -> _Begun | None:
        """The shortest day that holds every break that it needs, one break at a time."""
        best = self._timed(nodes)
        for rest in self.rests:
            if best is None or not needs(rest, best.begins[0], best.begins[-1]):
                continue
            ways = [(self._timed(longer), longer) for longer in _longer(best, nodes, rest)]
            found = [
                (way.late, way.length, way.begins[-1], at)
                for at, (way, _) in enumerate(ways)
                if way is not None
            ]
            if not found:
                return None
            best, nodes = ways[min(found)[-1]]
        return best

    def _timed(self, nodes: Sequence[_Node]) -> _Begun | None:
        """As early as it may be, begun as late as saves waiting."""
        begun = self._begun(nodes, nodes[0].windows[0].first)
        if begun is None:
            return None
        if self.pace is not None or self.lenient:
            return self._latest(begun)
        delay = min(begun.waited, begun.slack)
        later = self._begun(begun.nodes, begun.begins[0] + delay)
        return begun if later is None else replace(later, saved=delay)

    def _latest(self, begun: _Begun) -> _Begun:
        """The latest start that is back as early and no later anywhere; by halves, later is never sooner."""
        best, least, most = begun, 0, 2 * begun.waited
        while least < most:
            middle = (least + most + 1) // 2
            later = self._begun(begun.nodes, begun.begins[0] + middle)
            same = later is not None and later.begins[-1] == begun.begins[-1] and later.late <= begun.late
            if later is not None and same:
                best, least = replace(later, saved=middle), middle
            else:
                most = middle - 1
        return best

    def _begun(self, nodes: Sequence[_Node], start: int) -> _Begun | None:
        """Every node as early as it may be after ``start``; its windows are narrowed to the one it is in."""
        arrivals, begins, chosen = [], [], []
        clock, waited, slack, late = start, 0, FOREVER, 0
        for number, node in enumerate(nodes):
            if number:
                clock += self._leg(nodes[number - 1].place, node.place, clock)
            window = next((one for one in node.windows if one.last >= clock), None)
            if window is None:
                if not self.lenient or node.kind == "break":
                    return None
                late += clock - node.windows[-1].last
                window = node.windows[-1]
            begin = max(clock, window.first)
            waited += begin - clock if number else 0
            slack = min(slack, waited + window.last - begin)
            arrivals.append(clock if number else begin)
            begins.append(begin)
            chosen.append(replace(node, windows=(window,)))
            clock = begin + node.service
        return _Begun(chosen, arrivals, begins, waited, slack, late)

    def _leg(self, one: int, other: int, clock: int) -> int:
        free = int(self.travel[one, other])
        return free if self.pace is None else self.pace(free, clock)


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


def widened(load: Load, width: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A load with all its dimensions."""
    return np.array(load + (0,) * (width - len(load)), dtype=np.int64)
