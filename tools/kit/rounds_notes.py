"""What has to be said beside a plan: whose time is over, what was assumed, whom nobody reached before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from tools.kit.ask import Ask
from tools.kit.reply import Button
from tools.kit.rounds import due_day, due_on
from tools.kit.rounds_buttons import button
from tools.kit.rounds_facts import Round, Wish
from tools.kit.rounds_words import ESTIMATE, STATES
from tools.kit.words import day, first_few, near_day, sentences
from tools.store.trip_facts import TO_DELIVER, Deliverable, Trip

TRIED_DAYS = 7
"""Who was not reached longer ago has been dealt with in some other way."""
MOST_NAMED, MOST_TAKEN = 4, 30


def notes(ask: Ask, round_: Round, trips: Sequence[Trip]) -> str:
    """Overdue orders and those promised for another day, assumed sizes, vehicles at home, estimated times."""
    served = {stop.order_no for trip in trips for stop in trip.stops}
    away = "; ".join(f"{vehicle.name or vehicle.code} stays: {why}" for vehicle, why in round_.absent)
    return sentences(
        _overdue(ask, round_, served),
        _early(ask, round_, served),
        _sizes(round_),
        f"{away}." if away else "",
        ESTIMATE if round_.estimate and trips else "",
    )


def _overdue(ask: Ask, round_: Round, served: Collection[str]) -> str:
    late = [drop.order for drop in round_.drops.values() if drop.late and drop.number in served]
    tried = ask.store.trips.trips_of([order.order_no for order in late]) if late else {}
    names = [f"{one.order_no}{_since(ask, one, tried.get(one.order_no), round_.day)}" for one in late]
    return f"Their time is over already: {first_few(names)}." if names else ""


def _since(ask: Ask, order: Deliverable, trip: Trip | None, planned: date) -> str:
    """What happened to it before, or when it was due, if that was on another day."""
    before = _tried(ask, order, trip)
    due = due_day(order)
    if not before and due is not None and due != planned:
        before = f"due {near_day(due, ask.today)}"
    return f" ({before})" if before else ""


def _tried(ask: Ask, order: Deliverable, trip: Trip | None) -> str:
    stop = trip.stop(order.order_no) if trip else None
    if trip is None or stop is None or stop.status not in ("failed", "skipped"):
        return ""
    return f"{STATES[stop.status]} {near_day(trip.day, ask.today)}"


def _early(ask: Ask, round_: Round, served: Collection[str]) -> str:
    names = [
        f"{drop.number} for {near_day(due, ask.today)}"
        for drop in round_.drops.values()
        if drop.number in served and (due := promised_later(drop.order, round_.day))
    ]
    return f"Promised for another day: {first_few(names, 3)}; say so to the customer." if names else ""


def promised_later(order: Deliverable, when: date) -> date | None:
    """The day after ``when`` from which on it is promised; None where it may come on that day."""
    first = order.due_from or order.due_to
    return first.date() if first is not None and first.date() > when else None


def _sizes(round_: Round) -> str:
    guessed, usual = round_.sizes_assumed, round_.settings
    if not guessed:
        return ""
    took = f"I took {usual.kg:g} kg and {usual.litres:g} l each"
    return f"No weight or volume is known for {first_few(guessed, 3)}: {took}."


# -- not handed over before -----------------------------------------------------------------------------


def not_handed(ask: Ask, when: date, wish: Wish) -> list[Deliverable]:
    """Orders of the last days that nobody was handed, and that no plan brings by itself.

    Those that failed (whether they are to be brought again, the books do not say) and those without a day
    of their own that were skipped; what is still on a van is left out.
    """
    first = when - timedelta(days=TRIED_DAYS)
    known = wish.also | {order.order_no for order in due_on(ask, when, wish.replaces)}
    orders = [
        order
        for order in ask.store.trips.deliverable(first, when, statuses=("failed", *TO_DELIVER))
        if not order.trip_no and order.order_no not in known
        if order.status == "failed" or due_day(order) is None
    ]
    trips = ask.store.trips.trips_of([order.order_no for order in orders]) if orders else {}
    return [order for order in orders if _is_waiting(order, trips.get(order.order_no), first)]


def _is_waiting(order: Deliverable, trip: Trip | None, first: date) -> bool:
    """Whether it was tried not long ago, and its goods are off the van again."""
    if trip is None:
        return order.status == "failed" and due_day(order) is not None
    stop = trip.stop(order.order_no)
    return (
        not trip.is_live and trip.day >= first and stop is not None and stop.status in ("failed", "skipped")
    )


def not_handed_words(ask: Ask, orders: Sequence[Deliverable]) -> str:
    """Who was not reached, and how it is brought again."""
    if not orders:
        return ""
    trips = ask.store.trips.trips_of([order.order_no for order in orders])
    names = [_named(ask, order, trips.get(order.order_no)) for order in orders]
    it = "it" if len(orders) == 1 else "them"
    add = first_few([order.order_no for order in orders], MOST_NAMED)
    how = f"say “add order {add}” or press the button to take {it} along"
    return f"Not handed over before and not in this plan: {first_few(names, MOST_NAMED)}; {how}."


def _named(ask: Ask, order: Deliverable, trip: Trip | None) -> str:
    due = due_day(order)
    before = _tried(ask, order, trip) or (f"due {day(due, ask.today)}" if due else "")
    return f"{order.order_no} ({', '.join(filter(None, (order.name, before)))})"


def not_handed_buttons(orders: Sequence[Deliverable], wish: dict[str, Any]) -> tuple[Button, ...]:
    """Takes them along; ``wish`` is how the day is planned otherwise, as buttons carry it."""
    if not orders:
        return ()
    numbers = [order.order_no for order in orders[:MOST_TAKEN]]
    label = f"Take {numbers[0] if len(numbers) == 1 else f'these {len(numbers)}'} along"
    return (button(label, do="plan", **(wish | {"also": [*wish.get("also", ()), *numbers]})),)
