"""The running day planned again: from where the vehicles are, without touching what is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tools.maths.routing.insertion import insert
from tools.maths.routing.plan import Plan
from tools.maths.routing.planner import checked, plan
from tools.maths.routing.problem import Job, Load, Problem, Shipment, Vehicle, Window
from tools.maths.routing.repair import names_of, orders_of, repaired
from tools.maths.routing.schedule import plain_visits
from tools.maths.routing.search import Stop, missing


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a vehicle is or will be next, when it is free to leave there, and how many breaks it has had."""

    place: int
    time: int
    breaks: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """How far the day is.

    Attributes:
        plan: The plan under way.
        now: The time; who has not left does not leave before.
        vehicles: Where each vehicle on the road is; who is missing has not left.
        served: Stops that are done, or given up.
        broken: Where vehicles that drive no more stand, with their goods.
        loaded: Whether the goods are on their vans already: then each stays on its van.
    """

    plan: Plan
    now: int
    vehicles: Mapping[str, Whereabouts] = field(default_factory=dict)
    served: frozenset[str] = frozenset()
    broken: Mapping[str, int] = field(default_factory=dict)
    loaded: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Replanned:
    """What is left of the day.

    ``problem`` is what is left to do, ``plan`` how; ``moved`` are the stops that stand in another order or
    on another van than before, ``changed`` those on another van.
    """

    problem: Problem
    plan: Plan
    moved: tuple[str, ...]
    changed: tuple[str, ...]


def replan(problem: Problem, running: Running, stop: Stop, seed: int = 0) -> Replanned:
    """The rest of the day, new stops among it; never dearer than the old order with them put in.

    A new order whose goods are still at the depot is a shipment from there; as a job it is one whose goods
    come on board anyway.

    Raises:
        UnsoundPlan: what was found breaks a rule.
    """
    begun = stop.now()
    rest = remaining(problem, running)
    kept = _kept(rest, running)
    start = names_of(orders_of(rest, kept.routes))
    found = plan(rest, stop.left(begun), seed, start)
    kept = checked(rest, replace(kept, solver="insertion"))
    best = min((kept, found), key=lambda one: (round(missing(rest, one) + one.cost, 6), one is found))
    changed = tuple(_changed(running.plan, best))
    return Replanned(rest, best, tuple(_moved(running.plan, best, set(changed))), changed)


def fetched(job: Job, depot: int, loading: int = 0) -> Shipment:
    """An order whose goods a van on the road has to fetch first."""
    away = Job(f"{job.id} (loading)", depot, service=loading, windows=(Window(job.release),))
    away = replace(away, skills=job.skills, value=job.value, vehicle=job.vehicle)
    return Shipment(away, replace(job, delivery=(), release=0), job.delivery)


def remaining(problem: Problem, running: Running) -> Problem:
    """What is left to do, with the vehicles as they stand."""
    on = {job: route.vehicle for route in running.plan.routes for job in route.jobs} if running.loaded else {}
    jobs: list[Job] = []
    shipments: list[Shipment] = []
    for thing in _left(problem, running):
        head = thing.pickup if isinstance(thing, Shipment) else thing
        van = on.get(head.id, "")
        if isinstance(thing, Shipment):
            shipments.append(thing)
        elif van in running.broken:
            shipments.append(_rescued(thing, van, running.broken[van]))
        else:
            jobs.append(replace(thing, vehicle=van or thing.vehicle, release=0 if van else thing.release))
    vehicles = tuple(_now(problem, one, running) for one in problem.vehicles if one.id not in running.broken)
    return replace(problem, vehicles=vehicles, jobs=tuple(jobs), shipments=tuple(shipments))


def _left(problem: Problem, running: Running) -> Iterator[Job | Shipment]:
    on = {job: route.vehicle for route in running.plan.routes for job in route.jobs}
    for job in problem.jobs:
        if job.id not in running.served:
            yield job
    for one in problem.shipments:
        if one.pickup.id not in running.served:
            yield one
        elif one.delivery.id not in running.served:
            # Its goods are on board: what is left is to bring them.
            yield replace(
                one.delivery,
                delivery=one.amount,
                vehicle=on.get(one.delivery.id, ""),
                skills=one.pickup.skills,
                value=one.pickup.value,
            )


def _rescued(job: Job, van: str, place: int) -> Shipment:
    """Goods on a van that stands still are fetched there by another."""
    there = Job(f"{job.id} (from {van})", place, skills=job.skills, value=job.value)
    return Shipment(there, replace(job, delivery=(), vehicle="", release=0), job.delivery)


def _now(problem: Problem, vehicle: Vehicle, running: Running) -> Vehicle:
    """The vehicle as it stands: on the road it costs nothing to use, and breaks that were had are over.

    What it took back on the way still takes room.
    """
    where = running.vehicles.get(vehicle.id)
    if where is None:
        first = max(vehicle.shift.first, running.now)
        return replace(vehicle, shift=Window(first, max(first, vehicle.shift.last)))
    gone = where.time - _left_at(vehicle, running.plan)
    breaks = sorted(vehicle.breaks, key=lambda one: one.window.first)[where.breaks :]
    return replace(
        vehicle,
        start=where.place,
        capacity=_room(problem, vehicle, running),
        shift=Window(where.time, max(where.time, vehicle.shift.last)),
        longest=max(0, vehicle.longest - max(0, gone)),
        breaks=tuple(breaks),
        fixed=0.0,
        reloads=vehicle.reloads if where.place == vehicle.start else 0,
    )


def _room(problem: Problem, vehicle: Vehicle, running: Running) -> Load:
    done = {job for one in running.plan.routes if one.vehicle == vehicle.id for job in one.jobs}
    taken = [job.pickup for job in problem.jobs if job.id in done & running.served]
    return tuple(
        max(0, most - sum(load[at] for load in taken if at < len(load)))
        for at, most in enumerate(vehicle.capacity)
    )


def _left_at(vehicle: Vehicle, old: Plan) -> int:
    return next((one.steps[0].begin for one in old.routes if one.vehicle == vehicle.id), vehicle.shift.first)


def _kept(rest: Problem, running: Running) -> Plan:
    """The old order of what is left, with the new stops put in where they cost least."""
    known = {job.id for job in rest.jobs}
    visits = {visit.job.id: visit for visit in plain_visits(rest.jobs)}
    orders = {
        route.vehicle: [[visits[job] for job in route.jobs if job in known]]
        for route in running.plan.routes
        if route.vehicle not in running.broken
    }
    found = repaired(rest, {van: trips for van, trips in orders.items() if any(trips)})
    served = {job for route in found.routes for job in route.jobs}
    things: list[Job | Shipment] = [*rest.jobs, *rest.shipments]
    for thing in things:
        head = thing.pickup if isinstance(thing, Shipment) else thing
        more = insert(rest, found, thing) if head.id not in served else None
        fits = more is not None and (head.value is None or more.cost <= head.value)
        found = more.plan if more is not None and fits else found
    return found


def _changed(old: Plan, new: Plan) -> Iterator[str]:
    before = {job: route.vehicle for route in old.routes for job in route.jobs}
    for route in new.routes:
        yield from (job for job in route.jobs if before.get(job, route.vehicle) != route.vehicle)


def _moved(old: Plan, new: Plan, changed: set[str]) -> Iterator[str]:
    """Those on another van, and on each van the fewest that were taken out of the old order."""
    before = {route.vehicle: route.jobs for route in old.routes}
    for route in new.routes:
        place = {job: at for at, job in enumerate(before.get(route.vehicle, ()))}
        same = [job for job in route.jobs if job in place]
        stay = _longest_rise([place[job] for job in same])
        yield from (job for job in route.jobs if job in changed)
        yield from (job for job in same if place[job] not in stay)


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """A longest rising part of a sequence (quadratic: a day of one van is short)."""
    best: list[list[int]] = []
    for number in numbers:
        before = [chain for chain in best if chain[-1] < number]
        best.append([*_longest(before), number])
    return set(_longest(best))


def _longest(chains: Sequence[list[int]]) -> list[int]:
    return max(chains, key=lambda chain: len(chain), default=[])
