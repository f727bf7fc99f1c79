"""What a change of a running day does, shown first; on a yes the books have the new way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tools.kit.ask import Ask
from tools.kit.purchases import packed
from tools.kit.reply import Block, Plan, Prose, Refused, Reply, Source, listed
from tools.kit.rounds_again import Revision, Turn, live_trips, revise
from tools.kit.rounds_buttons import button
from tools.kit.rounds_eta_words import eta_text
from tools.kit.rounds_facts import LeftOut
from tools.kit.rounds_trips import NEW, as_planned, orders_of_plan, planned_stops
from tools.kit.rounds_words import (
    ESTIMATE,
    day_map,
    left_rows,
    left_table,
    left_words,
    minutes_late,
    named_stop,
    stop_rows,
    traffic_source,
    travel_source,
    trip_rows,
    trip_table,
    vehicle_name,
)
from tools.kit.trip_pictures import clock_words, is_late
from tools.kit.words import capital, facts, first_few, near_day, plural, sentences
from tools.store import Applied
from tools.store.trip_changes import RevisedTrip, ReviseTrips
from tools.store.trip_facts import Trip, TripStop

FELT_MINUTES = 5
"""An arrival that moves by less is nobody's news."""
TEXT_MINUTES, MOST_TEXTS = 15, 5
"""Customers are written to from so many minutes on."""


def planned_again(ask: Ask, day: date, turn: Turn) -> Plan | Refused:
    """The best way on, shown for a yes."""
    found = revise(ask, day, turn)
    return found if isinstance(found, Refused) else _plan(ask, found)


def applied_again(ask: Ask, wanted: Mapping[str, Any]) -> Plan | Refused:
    """The way that a button carries, as long as nothing has happened to its trips since."""
    day, turn = date.fromisoformat(str(wanted["day"])), _turn_of(wanted)
    seen = wanted.get("seen") or {}
    now = {trip.trip_no: trip.events for trip in live_trips(ask, day).values()}
    if now != seen:
        again = button("Plan the rest again", "primary", do="again", **_turn_detail(day, turn))
        return Refused("Something has happened on the road since I showed you that.", (again,))
    found = revise(ask, day, turn, fixed=wanted.get("routes") or {})
    return found if isinstance(found, Refused) else _plan(ask, _as_shown(ask, found, wanted))


def _as_shown(ask: Ask, found: Revision, wanted: Mapping[str, Any]) -> Revision:
    """What was found out when it was shown and does not follow from the order of the stops."""
    moved, changed = tuple(wanted.get("moved", ())), tuple(wanted.get("changed", ()))
    solver = str(wanted.get("solver", found.solved.plan.solver))
    solved = replace(
        found.solved, moved=moved, changed=changed, plan=replace(found.solved.plan, solver=solver)
    )
    left = [
        LeftOut(order, str(reason), str(rule))
        for number, reason, rule in wanted.get("left", ())
        if (order := ask.store.trips.order(str(number))) is not None
    ]
    return replace(found, solved=solved, left=tuple(left))


def turned(ask: Ask, wanted: Mapping[str, Any]) -> Plan | Refused:
    """What a button asks to be looked for anew."""
    return planned_again(ask, date.fromisoformat(str(wanted["day"])), _turn_of(wanted))


def _turn_detail(day: date, turn: Turn) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "skip": sorted(turn.skip),
        "add": list(turn.add),
        "broken": sorted(turn.broken),
        "free": turn.free,
        "late": sorted(turn.late),
    }


def _turn_of(wanted: Mapping[str, Any]) -> Turn:
    return Turn(
        frozenset(map(str, wanted.get("skip", ()))),
        tuple(map(str, wanted.get("add", ()))),
        frozenset(map(str, wanted.get("broken", ()))),
        bool(wanted.get("free")),
        frozenset(map(str, wanted.get("late", ()))),
    )


# -- the plan ---------------------------------------------------------------------------------------------


def _plan(ask: Ask, found: Revision) -> Plan | Refused:
    added = [number for number in found.turn.add if number in found.stops]
    if found.turn.add and not added:
        why = left_words([one for one in found.left if one.order.order_no in found.turn.add])
        return Refused(sentences("That does not fit into the running day.", why))
    trips = found.before
    seen = {trip.trip_no: trip.events for trip in trips.values()}
    routes = orders_of_plan(found.solved.plan)
    mark = {
        "seen": seen,
        "routes": routes,
        "moved": found.moved,
        "changed": found.changed,
        "left": [(one.order.order_no, one.reason, one.rule) for one in found.left],
        "solver": found.solved.plan.solver,
    }
    slots = {"detail": packed(do="apply", **_turn_detail(found.day, found.turn), **mark)}

    def tell(applied: Applied) -> Reply:
        return _told(ask, found, applied)

    return Plan(
        summary=_summary(ask, found),
        change=_change(found),
        tell=tell,
        slots=slots,
        doubts=(_effects(ask, found),),
        data=_figures(ask, found),
        blocks=_blocks(ask, found),
        sources=_sources(ask, found),
    )


def _change(found: Revision) -> ReviseTrips:
    revised = tuple(
        RevisedTrip(
            trip_no=old.trip_no,
            stops=planned_stops(found.after[code]),
            seen=old.events,
            starts_at=found.after[code].starts_at,
            ends_at=found.after[code].ends_at,
            planned_km=found.after[code].planned_km,
            planned_cost=found.after[code].planned_cost,
            travel_source=found.after[code].travel_source,
            travel_estimate=found.after[code].travel_estimate,
            route=found.after[code].route,
        )
        for code, old in found.before.items()
    )
    new = tuple(as_planned(trip) for trip in found.after.values() if trip.trip_no == NEW)
    return ReviseTrips(revised, new, day=found.day)


# -- in words ---------------------------------------------------------------------------------------------


def _summary(ask: Ask, found: Revision) -> str:
    """What is to happen, as it is asked about."""
    parts = [f"skip {_stood(ask, found, number)}" for number in sorted(found.turn.skip)]
    for number in found.turn.add:
        if number in found.stops:
            trip, stop = found.stops[number]
            where = f"as stop {stop.position} of {vehicle_name(ask, trip.vehicle)}"
            due = f", promised for {near_day(later, ask.today)}," if (later := _later(found, stop)) else ""
            parts.append(f"add {named_stop(stop)}{due} {where}, about {clock_words(stop.expected)}")
    parts += [
        f"take {vehicle_name(ask, code)} off the road{_rescued(ask, found, code)}"
        for code in sorted(found.turn.broken)
    ]
    return capital(listed(parts)) if parts else "Drive the rest in the new order"


def _stood(ask: Ask, found: Revision, number: str) -> str:
    for trip in found.before.values():
        stop = trip.stop(number)
        if stop is not None:
            return f"stop {stop.position} of {vehicle_name(ask, trip.vehicle)}, {named_stop(stop)}"
    return number


def _rescued(ask: Ask, found: Revision, code: str) -> str:
    """Who takes over what a van that stands still had to do."""
    old = found.before.get(code)
    waiting = [stop.order_no for stop in old.open_stops] if old else []
    by: dict[str, list[str]] = {}
    for number in waiting:
        if number in found.stops:
            by.setdefault(found.stops[number][0].vehicle, []).append(number)
    taken = [f"{vehicle_name(ask, van)} takes over {first_few(orders, 4)}" for van, orders in by.items()]
    return f": {listed(taken)}" if taken else ""


def _effects(ask: Ask, found: Revision) -> str:
    """How many stops move, which arrivals change, who is late, who is left out."""
    kept = len([number for number in found.stops if number in found.expected])
    moved, changed = len(found.moved), len(found.changed)
    verb = "moves" if moved == 1 else "move"
    order = f"{moved} of {plural(kept, 'stop')} {verb}"
    vans = f"{changed} of them to another vehicle" if changed else "none to another vehicle"
    later = [f"{stop.order_no} {_from_to(found, stop)}" for stop in _felt(found)]
    etas = f"New times: {first_few(later, 4)}." if later else "No arrival changes by 5 minutes or more."
    late = [stop for _, stop in found.stops.values() if is_late(stop)]
    behind = (
        f"Late: {first_few([f'{stop.order_no} by {minutes_late(stop)} min' for stop in late], 3)}."
        if late
        else ""
    )
    roads = ESTIMATE if found.round.estimate else ""
    parts = (etas, behind, _over(ask, found), _early(ask, found), left_words(found.left), roads)
    return sentences(f"{order}, {vans}.", *parts)


def _early(ask: Ask, found: Revision) -> str:
    """That somebody gets it on another day than was promised."""
    added = [found.stops[number][1] for number in found.turn.add if number in found.stops]
    names = [
        f"{stop.order_no} for {near_day(later, ask.today)}"
        for stop in added
        if (later := _later(found, stop))
    ]
    return f"Promised for another day: {first_few(names, 3)}; say so to the customer." if names else ""


def _later(found: Revision, stop: TripStop) -> date | None:
    """The later day for which a stop was promised."""
    first = stop.due_from or stop.due_to
    return first.date() if first and first.date() > found.day else None


def _over(ask: Ask, found: Revision) -> str:
    """That somebody comes back after the shift."""
    parts = []
    for code, trip in found.after.items():
        vehicle = found.round.vehicles.get(code)
        if vehicle and vehicle.shift_to and trip.ends_at and f"{trip.ends_at:%H:%M}" > vehicle.shift_to:
            parts.append(f"{vehicle_name(ask, code)} is back at {clock_words(trip.ends_at)}, after its shift")
    return f"{listed(parts)}." if parts else ""


def _felt(found: Revision) -> list[TripStop]:
    """The stops whose arrival changes so that somebody notices."""
    return [stop for _, stop in found.stops.values() if abs(_minutes_moved(found, stop)) >= FELT_MINUTES]


def _minutes_moved(found: Revision, stop: TripStop) -> int:
    before = found.expected.get(stop.order_no)
    if before is None or stop.expected is None:
        return 0
    return round((stop.expected - before).total_seconds() / 60)


def _from_to(found: Revision, stop: TripStop) -> str:
    return f"{clock_words(found.expected.get(stop.order_no))} → {clock_words(stop.expected)}"


def _blocks(ask: Ask, found: Revision) -> tuple[Block, ...]:
    trips = [trip for trip in found.after.values() if trip.stops]
    tables = [trip_table(ask, trip) for trip in trips if trip.open_stops]
    left = [left_table(ask, found.left)] if found.left else []
    return (day_map(ask, "The rest of the day", trips, found.left), *tables, *left)


def _figures(ask: Ask, found: Revision) -> dict[str, Any]:
    trips = list(found.after.values())
    return {
        "day": found.day.isoformat(),
        "moved": len(found.moved),
        "moved_orders": found.moved,
        "changed_vehicle": len(found.changed),
        "changed_orders": found.changed,
        "skipped": sorted(found.turn.skip),
        "added": [number for number in found.turn.add if number in found.stops],
        "broken": sorted(found.turn.broken),
        "etas": [
            facts(
                order=stop.order_no,
                before=found.expected.get(stop.order_no),
                eta=stop.expected,
                minutes=_minutes_moved(found, stop),
            )
            for _, stop in found.stops.values()
        ],
        "late": sum(is_late(stop) for _, stop in found.stops.values()),
        "estimate": found.round.estimate,
        "solver": found.solved.plan.solver,
        "solver_seconds": round(found.solved.seconds, 2),
        "trips": trip_rows(ask, trips),
        "rows": stop_rows(trips),
        "left": left_rows(found.left),
    }


def _sources(ask: Ask, found: Revision) -> tuple[Source, ...]:
    loaded = sum(stop.status == "loaded" for trip in found.before.values() for stop in trip.open_stops)
    return (
        Source(
            f"The trips of the day as they stand, {plural(len(found.before), 'trip')}; "
            f"{plural(loaded, 'stop')} loaded, locked to the van that has the goods"
        ),
        travel_source(found.round.travel_source, estimate=found.round.estimate),
        traffic_source(ask, found.round.traffic),
        Source(
            f"The old order with the change put in, or better: {found.solved.plan.solver or 'nothing'}, "
            f"looked for {found.solved.seconds:.1f} s; every rule checked by a second program"
        ),
    )


def _told(ask: Ask, found: Revision, applied: Applied) -> Reply:
    start = "That was done before: " if applied.repeated else "Done: "
    done = _summary(ask, found)
    text = sentences(f"{start}{done[:1].lower()}{done[1:]}.", _effects(ask, found))
    data = _figures(ask, found) | {"group": applied.group_id, "position": applied.position}
    trips = [trip for trip in ask.store.trips.trips(found.day) if trip.is_live]
    blocks = (*_trip_blocks(ask, trips), *_letters(ask, found))
    return Reply(text, data, blocks, sources=_sources(ask, found))


def _trip_blocks(ask: Ask, trips: Sequence[Trip]) -> list[Block]:
    return [trip_table(ask, trip) for trip in trips if trip.open_stops]


def _letters(ask: Ask, found: Revision) -> list[Block]:
    """Texts for customers who have to wait longer, to copy."""
    moved = [stop for stop in _felt(found) if abs(_minutes_moved(found, stop)) >= TEXT_MINUTES]
    lines = [f"{named_stop(stop)}: {eta_text(ask, stop, changed=True)}" for stop in moved[:MOST_TEXTS]]
    return [Prose("Texts to send:\n" + "\n".join(lines))] if lines else []
