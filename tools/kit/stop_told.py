"""What follows from a stop that is made: the goods, the arrivals at the others, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tools.kit.ask import Ask
from tools.kit.reply import Block, Button, Prose, Source
from tools.kit.rounds import wall_now
from tools.kit.rounds_driver import next_blocks, next_buttons, next_stop, next_words
from tools.kit.rounds_eta import etas_after
from tools.kit.rounds_eta_words import eta_text
from tools.kit.rounds_words import minutes_late, named_stop, travel_source
from tools.kit.trip_pictures import is_late
from tools.kit.words import facts, first_few, near_day, plural
from tools.store.trip_events import KINDS
from tools.store.trip_facts import Deliverable, LastWord, StopLine, Trip, TripStop

SMALL_MINUTES = 3
MOST_ROWS = 40


def etas_of(ask: Ask, trip: Trip, order_no: str) -> tuple[tuple[str, datetime], ...]:
    """When the van will be at the stops after this one, if this one ends now."""
    return etas_after(ask.store, ask.roads, trip, wall_now(ask), done=order_no)


def moved_words(before: Trip, after: Trip) -> str:
    """How the other arrivals moved ("The other 5 stops come 6 to 9 min later."), late ones named."""
    moved = [minutes for stop in after.open_stops if (minutes := _moved(before, stop)) is not None]
    if not moved:
        return ""
    late = [f"{named_stop(stop)} by {minutes_late(stop)} min" for stop in after.open_stops if is_late(stop)]
    late_text = f" Late as it looks: {first_few(late, 3)}." if late else ""
    least, most = min(moved, key=abs), max(moved, key=abs)
    others = "The other stop" if len(moved) == 1 else f"The other {len(moved)} stops"
    verb = "comes" if len(moved) == 1 else "come"
    if abs(most) < SMALL_MINUTES:
        stay = "stays" if len(moved) == 1 else "stay"
        return f"{others} {stay} at {'its time' if len(moved) == 1 else 'their times'}.{late_text}"
    if min(moved) < 0 < max(moved):
        return f"{others} {verb} up to {-min(moved)} min earlier or {max(moved)} min later.{late_text}"
    span = f"{abs(most)}" if abs(least) == abs(most) else f"{abs(least)} to {abs(most)}"
    return f"{others} {verb} {span} min {'later' if most > 0 else 'earlier'}.{late_text}"


def _moved(before: Trip, stop: TripStop) -> int | None:
    """Minutes that a stop's expected arrival moved; None where there was or is none."""
    old = before.stop(stop.order_no)
    was = old.expected if old else None
    if was is None or stop.expected is None:
        return None
    return round((stop.expected - was).total_seconds() / 60)


def following(ask: Ask, trip: Trip) -> tuple[str, tuple[Block, ...], tuple[Button, ...]]:
    """The next stop in words, the way to it, and what to press there; nothing where the trip is over."""
    if trip.status != "out":
        return "", (), ()
    return next_words(ask, trip), next_blocks(trip), next_buttons(trip)


def letters(ask: Ask, before: Trip, after: Trip) -> tuple[Block, ...]:
    """Texts for customers whom it now reaches later than promised, and who were on time before."""
    newly = [
        stop
        for stop in after.open_stops
        if is_late(stop) and (old := before.stop(stop.order_no)) is not None and not is_late(old)
    ]
    lines = [f"{named_stop(stop)}: {eta_text(ask, stop, changed=True)}" for stop in newly]
    return (Prose("Texts to send:\n" + "\n".join(lines)),) if lines else ()


def figures(order: Deliverable, trip: Trip | None, lines: Sequence[StopLine]) -> dict[str, Any]:
    """The figures of one order that goes out, for ``data``."""
    stop = trip.stop(order.order_no) if trip else None
    ahead = next_stop(trip) if trip else None
    return facts(
        order=order.order_no,
        customer=order.customer,
        status=order.status,
        rows=[facts(sku=line.sku, quantity=line.quantity, location=line.location) for line in lines],
        trip=trip.trip_no if trip else None,
        vehicle=trip.vehicle if trip else None,
        driver=trip.driver if trip else None,
        stop=stop.position if stop else None,
        eta=stop.expected if stop and stop.is_open else None,
        done_at=stop.done_at if stop else None,
        note=stop.note if stop else None,
        stops_left=len(trip.open_stops) if trip else None,
        next=ahead.order_no if ahead else None,
        etas=_etas(trip),
    )


def _etas(trip: Trip | None) -> Mapping[str, str] | None:
    if trip is None:
        return None
    return {
        stop.order_no: stop.expected.isoformat(timespec="minutes")
        for stop in trip.open_stops
        if stop.expected
    }


def order_sources(ask: Ask, order: Deliverable, trip: Trip | None) -> tuple[Source, ...]:
    """Where what is told of an order comes from: its lines, its trip step by step, its travel times."""
    rows = tuple(f"{order.order_no}: {quantity.normalize():f} × {sku}" for sku, quantity in order.lines)
    found = [Source(f"Customer order {order.order_no} ({order.status.replace('_', ' ')})", rows=rows)]
    if trip:
        steps = ask.store.trips.history(trip.trip_no)
        told = [
            f"{step.order_no + ' ' if step.order_no else ''}{KINDS.get(step.kind, step.kind)} "
            f"{step.at.astimezone(ask.now.tzinfo):%H:%M} by {step.actor}"
            f"{', taken back later' if step.undone else ''}"
            for step in steps
        ]
        found.append(Source(f"{trip.trip_no}, {plural(len(steps), 'step')}", rows=tuple(told[-MOST_ROWS:])))
        if trip.travel_source or trip.travel_estimate:
            found.append(travel_source(trip.travel_source, estimate=trip.travel_estimate))
    return tuple(found)


def when_by(ask: Ask, word: LastWord) -> str:
    """When and by whom: "at 10:42 by Dan", with the day where it was not today, and what was noted."""
    day = "" if word.at.date() == ask.today else f" {near_day(word.at.date(), ask.today)}"
    note = f" ({word.note})" if word.note else ""
    return f"{day} at {word.at:%H:%M} by {word.by}{note}".strip()
