"""The independent checker: every plan passes it before anybody sees it, whoever made it.

It knows nothing of how plans are made: it walks along each route with the matrix in its hand.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tools.maths.routing.plan import Plan, Route, Step
from tools.maths.routing.problem import Job, Load, Problem, Shipment, Vehicle, serves

# Money is summed in floats; a thousandth of a penny is nobody's fault.
_EVEN = 1e-5

Pace = Callable[[int, int], int]


def _free(seconds: int, _leave: int) -> int:
    return seconds


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a plan breaks: where, and what was seen."""

    rule: str
    where: str
    seen: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.seen}"


def faults(problem: Problem, plan: Plan, pace: Pace | None = None) -> list[Fault]:
    """Every rule that the plan breaks; an empty list is a sound plan.

    ``pace`` tells the seconds of a leg of so many free seconds that is begun at a time: the traffic.
    """
    found = list(_each_once(problem, plan))
    counts = Counter(route.vehicle for route in plan.routes)
    known = {vehicle.id: vehicle for vehicle in problem.vehicles}
    for route in plan.routes:
        if route.vehicle not in known:
            found.append(Fault("vehicle", route.vehicle, "there is none of this name"))
        elif counts[route.vehicle] > 1:
            found.append(Fault("vehicle", route.vehicle, "has more than one route"))
        else:
            found.extend(_Walk(problem, known[route.vehicle], route, pace).faults())
    return found


def _each_once(problem: Problem, plan: Plan) -> Iterator[Fault]:
    wanted = _jobs(problem)
    done = Counter(job for route in plan.routes for job in route.jobs)
    out = Counter(one.job for one in plan.unserved)
    for name in wanted.keys() | done.keys() | out.keys():
        times = done[name] + out[name]
        if name not in wanted:
            yield Fault("stop", name, "there is none of this name")
        elif times != 1:
            yield Fault("stop", name, f"served {done[name]} times and left out {out[name]} times")


def _jobs(problem: Problem) -> dict[str, Job]:
    both = (job for one in problem.shipments for job in (one.pickup, one.delivery))
    return {job.id: job for job in (*problem.jobs, *both)}


class _Walk:
    """Along one route."""

    def __init__(self, problem: Problem, vehicle: Vehicle, route: Route, pace: Pace | None) -> None:
        self.problem, self.vehicle, self.route = problem, vehicle, route
        self.pace = pace or _free
        self.jobs: Mapping[str, Job] = _jobs(problem)
        self.shipments: dict[str, Shipment] = {one.pickup.id: one for one in problem.shipments}
        self.ends: dict[str, Shipment] = {one.delivery.id: one for one in problem.shipments}

    def faults(self) -> Iterator[Fault]:
        steps = self.route.steps
        if len(steps) < 2 or steps[0].kind != "start" or steps[-1].kind != "end":
            yield Fault("route", self.vehicle.id, "does not begin with its start and end with its end")
            return
        size = len(self.problem.matrix(self.vehicle).durations)
        if not all(0 <= step.place < size for step in steps):
            yield Fault("place", self.vehicle.id, "a place that nobody knows")
            return
        yield from self._ends()
        yield from self._times()
        for step in steps:
            if step.job in self.jobs:
                yield from self._stop(step, self.jobs[step.job])
        yield from self._loads()
        yield from self._pairs()
        yield from self._breaks()
        yield from self._sums()

    def _fault(self, rule: str, step: Step | None, seen: str) -> Fault:
        return Fault(rule, f"{self.vehicle.id}, {step.job or step.kind}" if step else self.vehicle.id, seen)

    def _ends(self) -> Iterator[Fault]:
        first, (before, last) = self.route.steps[0], self.route.steps[-2:]
        if first.place != self.vehicle.start:
            yield self._fault("route", first, "starts somewhere else")
        end = before.place if self.vehicle.end is None else self.vehicle.end
        if last.place != end:
            yield self._fault("route", last, "ends somewhere else")
        reloads = [step for step in self.route.steps if step.kind == "reload"]
        if len(reloads) > self.vehicle.reloads:
            yield self._fault("reloads", None, f"{len(reloads)} times")
        if any(step.place != self.vehicle.start for step in reloads):
            yield self._fault("reloads", None, "not at its start")

    def _times(self) -> Iterator[Fault]:
        travel = self.problem.matrix(self.vehicle).durations
        shift = self.vehicle.shift
        for one, other in zip(self.route.steps, self.route.steps[1:], strict=False):
            if one.waiting < 0 or one.service < 0:
                yield self._fault("time", one, "waits or works less than no time")
            # A break may lie on the way: then it stands where the leg before it ends.
            if other.arrival < one.leave + self.pace(int(travel[one.place, other.place]), one.leave):
                yield self._fault("travel", other, f"reached at {other.arrival}, sooner than one can be")
        first, last = self.route.steps[0], self.route.steps[-1]
        if first.begin < shift.first or last.leave > shift.last:
            yield self._fault("shift", None, f"from {first.begin} to {last.leave}")
        if self.route.duration > self.vehicle.longest:
            yield self._fault("longest", None, f"{self.route.duration} seconds")

    def _stop(self, step: Step, job: Job) -> Iterator[Fault]:
        if step.place != job.place:
            yield self._fault("place", step, "somewhere else")
        if job.windows and not any(one.first <= step.begin <= one.last for one in job.windows):
            yield self._fault("window", step, f"begins at {step.begin}")
        if step.service < job.service:
            yield self._fault("service", step, f"{step.service} seconds")
        if not serves(self.vehicle, job):
            yield self._fault(
                "skill" if not job.skills <= self.vehicle.skills else "lock", step, "wrong vehicle"
            )

    def _loads(self) -> Iterator[Fault]:
        for trip in self._trips():
            load = _total([self.jobs[step.job].delivery for step in trip if self._alone(step)])
            release = max((self.jobs[step.job].release for step in trip if step.job in self.jobs), default=0)
            if trip[0].begin < release:
                yield self._fault("release", trip[0], f"leaves at {trip[0].begin}")
            for step in trip:
                load = self._changed(load, step)
                if any(value < 0 for value in load.values()):
                    yield self._fault("load", step, "less than nothing on board")
                over = [at for at, value in load.items() if value > self._most(at)]
                if over:
                    yield self._fault("capacity", step, f"{load[over[0]]} of {self._most(over[0])}")

    def _alone(self, step: Step) -> bool:
        return step.job in self.jobs and step.job not in self.shipments and step.job not in self.ends

    def _trips(self) -> list[list[Step]]:
        trips: list[list[Step]] = []
        for step in self.route.steps:
            if step.kind in ("start", "reload"):
                trips.append([])
            trips[-1].append(step)
        return trips

    def _most(self, at: int) -> float:
        return self.vehicle.capacity[at] if at < len(self.vehicle.capacity) else float("inf")

    def _changed(self, load: dict[int, int], step: Step) -> dict[int, int]:
        changes: list[tuple[Load, int]] = []
        if step.job in self.shipments:
            changes = [(self.shipments[step.job].amount, 1)]
        elif step.job in self.ends:
            changes = [(self.ends[step.job].amount, -1)]
        elif step.job in self.jobs:
            changes = [(self.jobs[step.job].delivery, -1), (self.jobs[step.job].pickup, 1)]
        found = dict(load)
        for amounts, sign in changes:
            for at, amount in enumerate(amounts):
                found[at] = found.get(at, 0) + sign * amount
        return found

    def _pairs(self) -> Iterator[Fault]:
        place = {job: number for number, job in enumerate(self.route.jobs)}
        for one in self.problem.shipments:
            first, last = place.get(one.pickup.id), place.get(one.delivery.id)
            if (first is None) != (last is None) or (first is not None and last is not None and first > last):
                yield Fault(
                    "shipment", f"{self.vehicle.id}, {one.pickup.id}", "not picked up, then delivered"
                )

    def _breaks(self) -> Iterator[Fault]:
        taken = [step for step in self.route.steps if step.kind == "break"]
        begun, home = self.route.steps[0].begin, self.route.steps[-1].leave
        for rest in self.vehicle.breaks:
            fits = [
                step
                for step in taken
                if rest.window.first <= step.begin <= rest.window.last and step.service >= rest.length
            ]
            if fits:
                taken.remove(fits[0])
            elif begun <= rest.window.last < home:
                yield self._fault("break", None, f"none from {rest.window.first} to {rest.window.last}")

    def _sums(self) -> Iterator[Fault]:
        distances = self.problem.matrix(self.vehicle).distances
        places = [step.place for step in self.route.steps]
        metres = sum(int(distances[one, other]) for one, other in itertools.pairwise(places))
        vehicle, route = self.vehicle, self.route
        cost = vehicle.per_metre * metres + vehicle.per_second * route.duration
        cost += vehicle.fixed if route.jobs else 0.0
        if metres != route.distance or abs(cost - route.cost) > _EVEN * max(1.0, cost):
            yield self._fault(
                "sums", None, f"{route.distance} metres at {route.cost}, not {metres} at {cost}"
            )
        if metres > vehicle.farthest:
            yield self._fault("distance", None, f"{metres} metres")


def _total(loads: list[Load]) -> dict[int, int]:
    found: dict[int, int] = {}
    for load in loads:
        for at, amount in enumerate(load):
            found[at] = found.get(at, 0) + amount
    return found
