"""What a driver is told: the list for loading, then one stop after the other with what to press."""

from __future__ import annotations

from tools.kit.ask import Ask, Right
from tools.kit.driver_pack import stop_link
from tools.kit.reply import Block, Button, Call, Links
from tools.kit.rounds_buttons import button
from tools.kit.rounds_words import goods_of, kilograms, named_stop, promised_words, vehicle_name, weight
from tools.kit.trip_pictures import clock_words, is_late
from tools.kit.words import first_few, plural, sentences
from tools.store.trip_facts import Trip, TripStop

MOST_GOODS = 8
UPDATE = "delivery.update"


def mine(ask: Ask, trip: Trip) -> bool:
    """Whether this person may know of a trip: planners of all, drivers of theirs and of nobody's."""
    return ask.may(Right.PLAN_DELIVERIES) or trip.driver in ("", ask.user.name)


def next_stop(trip: Trip) -> TripStop | None:
    """The stop that comes next."""
    return min(trip.open_stops, key=lambda stop: stop.position, default=None)


def next_words(ask: Ask, trip: Trip) -> str:
    """The next stop for its driver: who, where, when, what to hand over; the way home after the last."""
    stop = next_stop(trip)
    if stop is None:
        return f"No stop is left for {vehicle_name(ask, trip.vehicle)}: drive home."
    where = f", {stop.address}" if stop.address else ""
    promised = promised_words(ask, stop, trip.day)
    late = ", late" if is_late(stop) else ""
    when = f"about {clock_words(stop.expected)}{late}" if stop.expected else ""
    times = ", ".join(filter(None, (when, f"promised {promised}" if promised else "")))
    goods = first_few(goods_of(ask, stop), MOST_GOODS)
    hand = f"Hand over {goods} ({kilograms(weight(ask, [stop]))})." if goods else ""
    left = len(trip.open_stops) - 1
    rest = f"{plural(left, 'stop')} after it." if left else "It is the last stop."
    head = f"Next, stop {stop.position} of {vehicle_name(ask, trip.vehicle)}: {named_stop(stop)}{where}"
    return sentences(f"{head}{f' ({times})' if times else ''}.", hand, rest)


def next_blocks(trip: Trip) -> tuple[Block, ...]:
    """The way to the next stop, to be opened on a phone."""
    stop = next_stop(trip)
    link = stop_link(stop) if stop else ""
    return (Links(((f"The way to {stop.name or stop.order_no}", link),)),) if stop and link else ()


def next_buttons(trip: Trip) -> tuple[Button, ...]:
    """What a driver presses at the next stop, or at the end of the round."""
    stop = next_stop(trip)
    if stop is None:
        return (button("Back home", "primary", do="back", trip=trip.trip_no),)
    slots = {"order": stop.order_no}
    return (
        Button("Delivered", Call(UPDATE, {**slots, "status": "delivered"}), "primary"),
        Button("Nobody home", Call(UPDATE, {**slots, "status": "failed"})),
        Button("Skip", Call(UPDATE, {**slots, "status": "skipped"})),
    )
