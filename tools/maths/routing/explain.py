"""Why a stop is left out: one rule at a time is set aside, until one lets it in; the checker confirms it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from tools.maths.routing.insertion import insert
from tools.maths.routing.plan import Plan, Unserved
from tools.maths.routing.problem import FOREVER, Job, Problem, Shipment, Vehicle, Window, serves

Relaxed = tuple[Problem, Job | Shipment]


def explained(problem: Problem, plan: Plan, left: Iterable[str]) -> Plan:
    """The plan with a reason for each stop of ``left``; what fits after all is served.

    Shipments go by the name of their pickup; both their stops are told.
    """
    things: dict[str, Job | Shipment] = {job.id: job for job in problem.jobs}
    things.update({one.pickup.id: one for one in problem.shipments})
    plan, out = _filled(problem, plan, [things[name] for name in left if name in things])
    whys = [_left(problem, plan, thing) for thing in out]
    return replace(plan, unserved=(*plan.unserved, *(why for both in whys for why in both)))


def _filled(
    problem: Problem, plan: Plan, left: Sequence[Job | Shipment]
) -> tuple[Plan, list[Job | Shipment]]:
    """The plan with what fits after all; again while anything does, for each stop changes what is free."""
    while True:
        out: list[Job | Shipment] = []
        for thing in left:
            fitted = insert(problem, plan, thing)
            value = _head(thing).value
            if fitted is not None and (value is None or fitted.cost <= value):
                plan = fitted.plan
            else:
                out.append(thing)
        if len(out) == len(left):
            return plan, out
        left = out


def _left(problem: Problem, plan: Plan, thing: Job | Shipment) -> Iterator[Unserved]:
    fitted = insert(problem, plan, thing)
    head = _head(thing)
    why = _why(problem, plan, thing) if fitted is None else _worthless(head.id, head.value, fitted.cost)
    yield why
    if isinstance(thing, Shipment):
        yield replace(why, job=thing.delivery.id)


def _head(thing: Job | Shipment) -> Job:
    return thing.pickup if isinstance(thing, Shipment) else thing


def _worthless(name: str, value: float | None, cost: float) -> Unserved:
    reason = f"serving it costs {cost:,.2f} more and it is worth {value or 0.0:,.2f}"
    return Unserved(name, "value", reason, cost)


def _why(problem: Problem, plan: Plan, thing: Job | Shipment) -> Unserved:
    head = _head(thing)
    for rule, relax in RULES:
        wider, eased = relax(problem, thing)
        found = insert(wider, plan, eased)
        if found is not None:
            return Unserved(head.id, rule, _said(rule, problem, head), found.cost)
    return Unserved(head.id, "several", "more than one rule keeps it out", None)


# -- one rule set aside ------------------------------------------------------------------------------


def _eased(problem: Problem, thing: Job | Shipment, ease: Callable[[Job], Job]) -> Relaxed:
    """The thing without a rule of its own; the problem knows it so, too."""
    if isinstance(thing, Shipment):
        new = replace(thing, pickup=ease(thing.pickup), delivery=ease(thing.delivery))
        others = tuple(new if one is thing else one for one in problem.shipments)
        return replace(problem, shipments=others), new
    eased = ease(thing)
    return replace(problem, jobs=tuple(eased if one is thing else one for one in problem.jobs)), eased


def _fleet(problem: Problem, thing: Job | Shipment, ease: Callable[[Vehicle], Vehicle]) -> Relaxed:
    return replace(problem, vehicles=tuple(map(ease, problem.vehicles))), thing


def _no_skill(problem: Problem, thing: Job | Shipment) -> Relaxed:
    return _eased(problem, thing, lambda job: replace(job, skills=frozenset()))


def _no_lock(problem: Problem, thing: Job | Shipment) -> Relaxed:
    return _eased(problem, thing, lambda job: replace(job, vehicle=""))


def _no_window(problem: Problem, thing: Job | Shipment) -> Relaxed:
    return _eased(problem, thing, lambda job: replace(job, windows=(), release=0))


def _no_limit(problem: Problem, thing: Job | Shipment) -> Relaxed:
    return _fleet(problem, thing, lambda vehicle: replace(vehicle, capacity=()))


def _no_shift(problem: Problem, thing: Job | Shipment) -> Relaxed:
    return _fleet(
        problem,
        thing,
        lambda vehicle: replace(
            vehicle, shift=Window(vehicle.shift.first, FOREVER), longest=FOREVER, breaks=()
        ),
    )


def _no_distance(problem: Problem, thing: Job | Shipment) -> Relaxed:
    return _fleet(problem, thing, lambda vehicle: replace(vehicle, farthest=FOREVER))


def _one_more(problem: Problem, thing: Job | Shipment) -> Relaxed:
    head = _head(thing)
    more = tuple(replace(one, id=f"{one.id} (another)") for one in problem.vehicles if serves(one, head))
    return replace(problem, vehicles=(*problem.vehicles, *more)), thing


def _said(rule: str, problem: Problem, job: Job) -> str:
    """The rule in words."""
    match rule:
        case "skill":
            return f"no vehicle that could serve it has {' and '.join(sorted(job.skills))}"
        case "lock":
            return f"its goods are on {job.vehicle}, which cannot serve it any more"
        case "capacity":
            return (
                "it is too large for every vehicle" if _too_large(problem, job) else "the vehicles are full"
            )
        case "window":
            return "nobody can be there within its time window"
        case "shift":
            return "the shifts are too short for it"
        case "distance":
            return "it is farther than a vehicle may drive"
        case _:
            return "it would take one more vehicle"


def _too_large(problem: Problem, job: Job) -> bool:
    able = [vehicle for vehicle in problem.vehicles if serves(vehicle, job)]
    loads = (job.delivery, job.pickup)
    return all(
        any(need > have for load in loads for need, have in zip(load, vehicle.capacity, strict=False))
        for vehicle in able
    )


RULES: tuple[tuple[str, Callable[[Problem, Job | Shipment], Relaxed]], ...] = (
    ("skill", _no_skill),
    ("lock", _no_lock),
    ("capacity", _no_limit),
    ("window", _no_window),
    ("shift", _no_shift),
    ("distance", _no_distance),
    ("vehicles", _one_more),
)
"""In the order in which they are tried: the first that lets the stop in is the reason."""
