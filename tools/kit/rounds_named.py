"""An order named for a day whose plan nobody has confirmed: in it, asked about, or told why not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tools.kit.ask import Ask
from tools.kit.reply import Button, Refused, Reply, listed
from tools.kit.rounds import due_day
from tools.kit.rounds_buttons import button
from tools.kit.rounds_facts import Wish
from tools.kit.rounds_notes import promised_later
from tools.kit.rounds_plan import Proposal, wish_detail
from tools.kit.rounds_words import named_stop, vehicle_name
from tools.kit.trip_pictures import clock_words, window_words
from tools.kit.words import facts, first_few, near_day, sentences
from tools.store.trip_facts import TO_DELIVER, Deliverable

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of the named orders.

    Attributes:
        taken: Those that go into the plan of the day.
        later: Those that are promised for a later day: somebody has to say so.
        reasons: Why the others do not, each a sentence.
    """

    taken: tuple[str, ...]
    later: tuple[Deliverable, ...]
    reasons: tuple[str, ...]


def sorted_out(ask: Ask, day: date, numbers: Sequence[str], unknown: Sequence[str]) -> Sorted:
    """Which of the named orders a plan of this day can take along."""
    taken: list[str] = []
    later: list[Deliverable] = []
    reasons = [f"I find no order {listed(list(unknown), 'or')}."] if unknown else []
    for number in numbers:
        order = ask.store.trips.order(number)
        why = "" if order is None else _why_not(ask, order)
        if order is None or why:
            reasons += [why] if why else []
        elif promised_later(order, day):
            later.append(order)
        else:
            taken.append(number)
    return Sorted(tuple(taken), tuple(later), tuple(reasons))


def _why_not(ask: Ask, order: Deliverable) -> str:
    if order.status not in (*TO_DELIVER, "failed"):
        return f"{_who(order)} is {order.status.replace('_', ' ')} already."
    trip = ask.store.trips.trip_of(order.order_no) if order.trip_no else None
    if trip is None:
        return ""
    return f"{_who(order)} is on {vehicle_name(ask, trip.vehicle)} {near_day(trip.day, ask.today)} already."


def asked_along(ask: Ask, day: date, wish: Wish, named: Sorted) -> Reply:
    """The question whether what is promised for a later day should come on this one."""
    when = near_day(day, ask.today)
    it = "it" if len(named.later) == 1 else "them"
    due = [f"{_who(order)} is due {_due(ask, order)}" for order in named.later]
    others = f"{listed(list(named.taken))} comes along in any case." if named.taken else ""
    text = sentences(
        f"{first_few(due, MOST_NAMED)}, not {when}: shall I take {it} along {when}?",
        *named.reasons,
        others,
        "No plan of the day is confirmed yet: I would show it to you first.",
    )
    later = [order.order_no for order in named.later]
    along = replace(wish, also=wish.also | set(named.taken) | set(later))
    without = replace(wish, also=wish.also | set(named.taken))
    buttons = (
        button(f"Take {it} along {when}", "primary", yes=True, do="plan", **wish_detail(day, along)),
        button(f"Plan {when} without {it}", do="plan", **wish_detail(day, without)),
    )
    rows = [
        facts(order=order.order_no, due_from=order.due_from, due_to=order.due_to, status=order.status)
        for order in named.later
    ]
    return Reply(text, {"day": day.isoformat(), "rows": rows, "planned": False}, (), buttons)


def none_left(ask: Ask, day: date, wish: Wish, named: Sorted) -> Refused:
    """That none of the named orders can come along."""
    when = near_day(day, ask.today)
    plan: tuple[Button, ...] = (button(f"Plan {when}", do="plan", **wish_detail(day, wish)),)
    return Refused(sentences(*named.reasons), plan)


def in_plan(ask: Ask, found: Proposal, numbers: Collection[str]) -> str:
    """Where in a plan the named orders stand, or why they are left out."""
    if not numbers:
        return ""
    stops = {stop.order_no: (trip, stop) for trip in found.trips for stop in trip.stops}
    left = {one.order.order_no: one for one in found.left}
    told = []
    for number in sorted(numbers)[:MOST_NAMED]:
        if number in stops:
            trip, stop = stops[number]
            where = f"stop {stop.position} of {vehicle_name(ask, trip.vehicle)}"
            told.append(f"{named_stop(stop)} is in the plan: {where}, about {clock_words(stop.expected)}.")
        elif number in left:
            told.append(f"{_who(left[number].order)} cannot come along: {left[number].reason}.")
        else:
            told.append(f"{number} is not to be delivered any more, or on a trip already.")
    return " ".join(told)


def _who(order: Deliverable) -> str:
    return f"{order.order_no} ({order.name})" if order.name else order.order_no


def _due(ask: Ask, order: Deliverable) -> str:
    first = order.due_from or order.due_to
    on = due_day(order) if first is None else first.date()
    window = window_words(order.due_from, order.due_to)
    return " ".join(filter(None, (near_day(on, ask.today) if on else "", window)))
