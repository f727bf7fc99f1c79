"""A day of deliveries planned from nothing: shown with what is left out and why, confirmed by a button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from tools.kit import compute
from tools.kit.ask import Ask, Right
from tools.kit.purchases import packed
from tools.kit.reply import Button, Plan, Refused, Reply, Source
from tools.kit.rounds import gather
from tools.kit.rounds_buttons import button
from tools.kit.rounds_facts import COLLECT, LeftOut, Round, Wish
from tools.kit.rounds_notes import not_handed, not_handed_buttons, not_handed_words, notes
from tools.kit.rounds_solving import Effort, Solved, effort_for, retime, solve
from tools.kit.rounds_trips import as_planned, orders_of_plan, trips_of_plan
from tools.kit.rounds_words import (
    day_map,
    day_words,
    is_overdue,
    kilometres,
    late_words,
    left_rows,
    left_table,
    left_words,
    loading_table,
    minutes_late,
    stop_rows,
    totals_words,
    traffic_source,
    travel_source,
    trip_rows,
    trip_table,
    trip_words,
    vehicle_name,
)
from tools.kit.slots import Period
from tools.kit.trip_pictures import is_late
from tools.kit.words import near_day, number, plural, sentences, span
from tools.maths.routing.plan import Unserved
from tools.maths.routing.problem import Aim, Load
from tools.maths.routing.problem import Vehicle as Van
from tools.store import Applied
from tools.store.trip_changes import ConfirmTrips
from tools.store.trip_facts import Deliverable, Trip

FEW_WAYS = ((False, False), (True, False), (False, True))
MANY_WAYS = ((False, True), (True, False))
MANY = 25
"""With more orders than this there is time to look at them in two ways only (``near``, ``apart``)."""
WAIT_SECONDS = 20.0
LATER_SECONDS = 300
"""A plan that is confirmed when it is later than when it was shown by more than this is planned again."""
AIMS: Mapping[Aim, str] = {
    "cheapest": "Cheapest",
    "fewest": "Fewest vehicles",
    "even": "Share evenly",
}
TOO_LARGE = "it is too large for every vehicle"
AGAIN = ("capacity", "several")
"""Rules by which an order is left out that may come along once a vehicle is back."""
TODO: Mapping[str, str] = {
    "capacity": "Another trip once a van is back (confirm this plan first), or a larger van.",
    "window": "Let it come late, or ask for another time.",
    "shift": "A longer shift, or another day.",
    "distance": "Another day, or a parcel service.",
    "vehicles": "One more vehicle, or another day.",
    "skill": "Bring its goods together at one place, or name a vehicle that may carry it.",
    "several": "Another day, or a parcel service.",
}


@dataclass(frozen=True, eq=False)
class Proposal:
    """A plan of a day that nobody has confirmed: the trips, what is left out, and what it rests on."""

    round: Round
    solved: Solved
    trips: tuple[Trip, ...]
    left: tuple[LeftOut, ...]

    @property
    def day(self) -> date:
        """The day it is for."""
        return self.round.day

    @property
    def orders(self) -> int:
        """How many orders it looked at."""
        return len(self.left) + sum(len(trip.stops) for trip in self.trips)


def propose(ask: Ask, day: date, wish: Wish, effort: Effort | None = None) -> Proposal | Refused:
    """The best plan of a day, looked at in several ways: whence goods come, and who may fetch them."""
    first = gather(ask, day, wish)
    ways = MANY_WAYS if len(first.drops) > MANY else FEW_WAYS
    rounds = [first] if len(first.homes) < 2 else [gather(ask, day, wish, near=n, apart=a) for n, a in ways]
    effort = effort or effort_for(len(rounds[0].drops))
    problems = tuple(one.problem for one in rounds)
    try:
        solved = compute.run(solve, problems, rounds[0].traffic, effort, seconds=WAIT_SECONDS)
    except compute.ComputeFailed as error:
        return Refused(f"I could not work out the plan: {error}. Ask me again in a moment.")
    return proposal(rounds[solved.number], solved)


def proposal(round_: Round, solved: Solved) -> Proposal:
    """A solved day with a reason for every order that is in no round."""
    reasons = {one.job: one for one in solved.plan.unserved if not one.job.startswith(COLLECT)}
    left = (*round_.left, *(_left(round_, one) for one in reasons.values()))
    return Proposal(round_, solved, trips_of_plan(round_, solved.plan), left)


def _left(round_: Round, one: Unserved) -> LeftOut:
    drop = round_.drops[one.job]
    reason = one.reason
    if one.rule == "skill" and len(drop.sites) > 1:
        reason = "its goods lie at two places, and no vehicle that starts at one of them can take it"
    elif one.rule == "capacity" and not any(_holds(van, drop.load) for van in round_.problem.vehicles):
        reason = TOO_LARGE
    elif one.rule == "skill":
        reason = "no vehicle that may carry chilled goods can take it"
    return LeftOut(drop.order, reason, one.rule, TODO.get(one.rule, ""), one.cost)


def _holds(van: Van, load: Load) -> bool:
    return all(need <= most for need, most in zip(load, van.capacity, strict=False))


# -- shown ----------------------------------------------------------------------------------------------


def shown(ask: Ask, found: Proposal, note: str = "") -> Reply:
    """The plan in words, tables and a map, with what can be done with it."""
    text = sentences(note, headline(ask, found), _each(ask, found), left_words(found.left))
    missed = not_handed(ask, found.day, found.round.wish)
    text = sentences(text, not_handed_words(ask, missed), notes(ask, found.round, found.trips))
    title = f"Deliveries {span(Period(found.day, found.day), ask.today)}"
    blocks = [day_map(ask, title, found.trips, found.left)] if found.trips else []
    tables = [trip_table(ask, trip) for trip in found.trips]
    left = [left_table(ask, found.left)] if found.left else []
    return Reply(
        text,
        figures(ask, found) | {"planned": False, "not_handed": [order.order_no for order in missed]},
        (*blocks, *tables, *left),
        _buttons(found, missed),
        sources(ask, found),
    )


def headline(ask: Ask, found: Proposal) -> str:
    """The day in one sentence that stands alone."""
    day = day_words(found.day, ask.today)
    stops = [stop for trip in found.trips for stop in trip.stops]
    if not found.orders:
        return f"{day}: nothing is to be delivered."
    if not stops:
        return f"{day}: none of {plural(found.orders, 'order')} can be delivered."
    many = plural(found.orders, "order") if not found.left else f"{len(stops)} of {found.orders} orders"
    aim = {"fewest": " with the fewest vehicles", "even": " shared evenly"}.get(found.round.wish.aim, "")
    return f"{day}: {many}{aim}, {totals_words(ask, found.trips)}, {late_words(stops)}."


def _each(ask: Ask, found: Proposal) -> str:
    if not found.trips:
        return ""
    return f"{'; '.join(trip_words(ask, trip) for trip in found.trips)}."


def _served(found: Proposal) -> set[str]:
    return {stop.order_no for trip in found.trips for stop in trip.stops}


def figures(ask: Ask, found: Proposal) -> dict[str, Any]:
    """Every figure of a plan for ``data``."""
    stops = [stop for trip in found.trips for stop in trip.stops]
    late = [stop for stop in stops if is_late(stop) and not is_overdue(stop)]
    costs = {"cost": number(round(found.solved.plan.cost, 2))} if ask.may(Right.SEE_COSTS) else {}
    return {
        "day": found.day.isoformat(),
        "orders": found.orders,
        "stops": len(stops),
        "left_out_orders": len(found.left),
        "vehicles": len({trip.vehicle for trip in found.trips}),
        "km": number(kilometres(found.trips)),
        "late": len(late),
        "late_minutes": sum(minutes_late(stop) for stop in late),
        **costs,
        "aim": found.round.wish.aim,
        "estimate": found.round.estimate,
        "travel_source": found.round.travel_source,
        "solver": found.solved.plan.solver,
        "solver_seconds": round(found.solved.seconds, 2),
        "trips": trip_rows(ask, found.trips),
        "rows": stop_rows(found.trips),
        "left": left_rows(found.left),
        "assumed_sizes": list(found.round.sizes_assumed),
    }


def sources(ask: Ask, found: Proposal) -> tuple[Source, ...]:
    """What a plan rests on."""
    round_, settings = found.round, found.round.settings
    rows = tuple(
        f"{drop.number}: {drop.order.status}, from {' and '.join(drop.sites)}, {drop.load[0] / 1000:g} kg"
        for drop in round_.drops.values()
    )
    why = tuple(f"{one.order.order_no}: {one.reason}" for one in found.left)
    minutes = f"{settings.service // 60} min a stop, {settings.loading // 60} min to load"
    money = f"{settings.km:g} a km, {settings.hour:g} an hour where a vehicle has no figure of its own"
    return (
        Source(f"Customers' orders and stock, {plural(len(rows), 'order')} to bring", "", rows[:40]),
        travel_source(round_.travel_source, estimate=round_.estimate),
        traffic_source(ask, round_.traffic),
        Source(f"Taken (settings round_*): {minutes}; {money}"),
        Source(
            f"Plan by {found.solved.plan.solver or 'nobody: there is nothing to plan'} "
            f"({AIMS[round_.wish.aim].lower()}), looked for {found.solved.seconds:.1f} s; every rule checked "
            "by a second program; not proven the best",
            rows=why,
        ),
    )


# -- buttons --------------------------------------------------------------------------------------------


def _buttons(found: Proposal, missed: Sequence[Deliverable]) -> tuple[Button, ...]:
    along = not_handed_buttons(missed, wish_detail(found.day, found.round.wish))
    if not found.trips:
        return along
    kept = plan_detail(found)
    others = [
        button(label, do="plan", **(wish_detail(found.day, found.round.wish) | {"aim": aim}))
        for aim, label in AIMS.items()
        if aim != found.round.wish.aim
    ]
    confirm = button("Confirm", "primary", yes=True, do="confirm", **kept)
    late = [one.order.order_no for one in found.left if one.rule == "window"]
    more = []
    if late:
        wish = replace(found.round.wish, late=found.round.wish.late | set(late))
        label = f"Take {plural(len(late), 'late one')} too"
        more = [button(label, do="plan", **wish_detail(found.day, wish))]
    return confirm, *along, *others, button("Loading list", do="list", **kept), *more


def wish_detail(day: date, wish: Wish) -> dict[str, Any]:
    """How a day is to be planned, as a button carries it."""
    lists = {"without": wish.without, "late": wish.late, "replaces": wish.replaces, "also": wish.also}
    found: dict[str, Any] = {"day": day.isoformat(), "aim": wish.aim}
    found |= {"only": wish.only} if wish.only else {}
    return found | {name: sorted(codes) for name, codes in lists.items() if codes}


def plan_detail(found: Proposal) -> dict[str, Any]:
    """A plan as a button carries it: who serves what in which order, and what the books were then."""
    routes = orders_of_plan(found.solved.plan)
    return wish_detail(found.day, found.round.wish) | {
        "near": found.round.near,
        "apart": found.round.apart,
        "seen": found.round.seen,
        "routes": routes,
        "left": [
            (one.order.order_no, one.reason, one.rule)
            for one in found.left
            if one.order.order_no in found.round.drops
        ],
    }


def wish_of(wanted: Mapping[str, Any]) -> Wish:
    """The inverse of :func:`wish_detail`."""
    aim = wanted.get("aim")
    return Wish(
        aim=cast("Aim", aim) if aim in AIMS else "cheapest",
        only=str(wanted.get("only", "")),
        without=frozenset(map(str, wanted.get("without", ()))),
        late=frozenset(map(str, wanted.get("late", ()))),
        replaces=frozenset(map(str, wanted.get("replaces", ()))),
        also=frozenset(map(str, wanted.get("also", ()))),
    )


def recalled(ask: Ask, wanted: Mapping[str, Any]) -> Proposal | Refused:
    """The plan that a button carries, as the books stand now; refused where it no longer fits them."""
    day, wish = date.fromisoformat(str(wanted["day"])), wish_of(wanted)
    round_ = gather(ask, day, wish, near=bool(wanted.get("near")), apart=bool(wanted.get("apart")))
    routes: Mapping[str, Sequence[str]] = wanted.get("routes") or {}
    again = button("Plan it again", "primary", do="plan", **wish_detail(day, wish))
    if not _fits(round_, routes):
        return Refused("Orders, stock or vehicles have changed since that plan was made.", (again,))
    try:
        solved = compute.run(retime, round_.problem, round_.traffic, routes, seconds=WAIT_SECONDS)
    except compute.ComputeFailed as error:
        return Refused(f"I could not work out its times: {error}.", (again,))
    found = proposal(round_, solved)
    served = _served(found)
    why = {str(number): (str(reason), str(rule)) for number, reason, rule in wanted.get("left", ())}
    skipped = [
        LeftOut(drop.order, *why.get(drop.number, ("no vehicle goes there in this plan", "")))
        for drop in round_.drops.values()
        if drop.number not in served
    ]
    return replace(found, left=(*found.left, *skipped))


def _fits(round_: Round, routes: Mapping[str, Sequence[str]]) -> bool:
    """Whether every stop of a plan is one of the day still, with its goods where they were."""
    jobs = {job.id for job in round_.problem.jobs}
    pairs = {one.delivery.id: one.pickup.id for one in round_.problem.shipments}
    for van, names in routes.items():
        there = set(names)
        alone = {name for name in names if not name.startswith(COLLECT)}
        known = all(name in jobs or pairs.get(name) in there for name in alone)
        if van not in round_.vehicles or not known or len(there) != len(alone) + len(alone & pairs.keys()):
            return False
    return True


def loading(ask: Ask, wanted: Mapping[str, Any]) -> Reply | Refused:
    """The loading lists of a plan that is not confirmed yet."""
    found = recalled(ask, wanted)
    if isinstance(found, Refused):
        return found
    tables = tuple(loading_table(ask, trip) for trip in found.trips)
    each = "; ".join(table.title.partition(", ")[2] for table in tables)
    text = f"To load for {near_day(found.day, ask.today)}: {each}."
    again = button("Confirm", "primary", yes=True, do="confirm", **plan_detail(found))
    return Reply(text, figures(ask, found), tables, (again,), sources(ask, found))


# -- confirmed --------------------------------------------------------------------------------------------


def confirm(ask: Ask, wanted: Mapping[str, Any]) -> Plan | Refused:
    """The plan that was shown stands: its trips are in the books."""
    found = recalled(ask, wanted)
    if isinstance(found, Refused):
        return found
    again = button("Plan it again", "primary", do="plan", **wish_detail(found.day, found.round.wish))
    if found.solved.late > int(wanted.get("behind", 0)) + LATER_SECONDS:
        return Refused("It is too late for that plan: it would not be on time any more.", (again,))
    if not found.trips:
        return Refused("There is no stop on that plan.", (again,))
    change = ConfirmTrips(
        found.day,
        tuple(as_planned(trip) for trip in found.trips),
        seen=int(wanted.get("seen", -1)),
        replaces=tuple(sorted(found.round.wish.replaces)),
    )

    def tell(applied: Applied) -> Reply:
        return confirmed(ask, found, applied)

    return Plan(
        summary=f"Confirm {headline(ask, found)}",
        change=change,
        tell=tell,
        slots={"detail": packed(**dict(wanted))},
        data=figures(ask, found),
        sources=sources(ask, found),
    )


def confirmed(ask: Ask, found: Proposal, applied: Applied) -> Reply:
    """What stands now, with a loading list for each vehicle at hand."""
    trips = [trip for trip in ask.store.trips.trips(found.day) if trip.trip_no in applied.documents] or list(
        found.trips
    )
    start = "That was done before: " if applied.repeated else ""
    text = sentences(f"{start}Confirmed. {headline(ask, found)}", _each(ask, found), left_words(found.left))
    data = figures(ask, found) | {
        "planned": True,
        "trips": trip_rows(ask, trips),
        "rows": stop_rows(trips),
        "group": applied.group_id,
        "position": applied.position,
    }
    buttons = tuple(
        button(f"Load {vehicle_name(ask, trip.vehicle)}", "primary", do="load", trip=trip.trip_no)
        for trip in trips[:4]
    )
    if any(one.rule in AGAIN and one.reason != TOO_LARGE for one in found.left):
        buttons += (button("Plan another trip for the rest", do="plan", day=found.day.isoformat()),)
    return Reply(text, data, (), buttons, sources(ask, found))
