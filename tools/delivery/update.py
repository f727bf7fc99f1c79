"""A driver's word on one delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from tools.kit import (
    Ask,
    Block,
    Button,
    Call,
    Detail,
    OrderNumber,
    Plan,
    Refused,
    Reply,
    Result,
    Right,
    Status,
    tool,
    words,
)
from tools.kit.purchases import packed, unpacked
from tools.kit.rounds import wall_now
from tools.kit.rounds_driver import mine
from tools.kit.rounds_words import vehicle_name
from tools.kit.stop_told import etas_of, figures, following, letters, moved_words, order_sources, when_by
from tools.kit.stop_words import (
    count_buttons,
    goods_words,
    missing_words,
    not_in_books,
    note_of,
    places_words,
)
from tools.store import Applied
from tools.store.trip_changes import FinishStop, Outcome, SendOut, StartTrip
from tools.store.trip_facts import Deliverable, LastWord, StopLine, Trip, TripStop

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
CUSTOMER, ROAD = "@customer", "@transit"
NOBODY_HOME = "nobody home"
OVER = ("cancelled", "returned")
SAID = {"delivered": "was delivered", "failed": "was noted as not delivered", "skipped": "was skipped"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a change: its words, the goods that moved, further figures, what to show and press."""

    text: str
    lines: tuple[StopLine, ...]
    extra: Mapping[str, Any]
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()


@tool(
    right=Right.DELIVER,
    writes=True,
)
def update(ask: Ask, order: OrderNumber, status: Status, detail: Detail | None = None) -> Result:
    """Note that a delivery has started, arrived or failed."""
    found = ask.store.trips.order(order)
    if found is None:
        return Refused(f"I find no order {order}.")
    trip = ask.store.trips.trip_of(order)
    trip = trip if trip and trip.is_live else None
    if status == "started":
        return _started(ask, found, trip)
    if status not in OUTCOMES:
        return Refused(f"A delivery is started, delivered, failed or skipped; I can't note {status!r}.")
    outcome = OUTCOMES[OUTCOMES.index(status)]
    stop = trip.stop(order) if trip else None
    return _too_late(ask, found, stop, outcome) or _finish(
        ask, found, trip, outcome, _note(ask, found, outcome, detail)
    )


def _note(ask: Ask, order: Deliverable, outcome: Outcome, detail: str | None) -> str:
    """What was said beside the outcome; the button Nobody home says it by itself."""
    carried = unpacked(detail).get("note")
    if carried is not None:
        return str(carried)
    said = note_of(ask.text, order.order_no)
    pressed = outcome == "failed" and order.order_no not in ask.text
    return said if said or not pressed else NOBODY_HOME


# -- wrong states --------------------------------------------------------------------------------------


def _too_late(ask: Ask, order: Deliverable, stop: TripStop | None, outcome: Outcome) -> Refused | None:
    """Why it cannot be noted any more: it was already, when and by whom."""
    if order.status in OVER:
        return Refused(f"Order {order.order_no} is {order.status}, so I note no delivery of it.")
    standing = stop.status if stop else order.status
    known = standing == "delivered" or standing == outcome or (standing, outcome) == ("failed", "skipped")
    if not known:
        return _no_stop(order, stop, outcome)
    word = ask.store.trips.last_word(order.order_no)
    told = word is not None and word.kind == standing
    how = f", {when_by(ask, word)}" if told and word else "; its import says so, not a driver"
    instead = "" if standing == outcome else " Undo that first if it is not so."
    return Refused(
        f"Order {order.order_no} {SAID[standing]} already{how}.{instead}", _undo(word if told else None)
    )


def _no_stop(order: Deliverable, stop: TripStop | None, outcome: Outcome) -> Refused | None:
    if outcome == "skipped" and stop is None:
        return Refused(f"Order {order.order_no} is on no trip, so there is no stop to skip.")
    return None


def _undo(word: LastWord | None) -> tuple[Button, ...]:
    return (
        (Button("Undo that", Call("meta.undo", {"group": word.group_id})),) if word and word.group_id else ()
    )


# -- delivered, failed, skipped ------------------------------------------------------------------------


def _finish(ask: Ask, order: Deliverable, trip: Trip | None, outcome: Outcome, note: str) -> Plan:
    moving = trip is not None and outcome != "skipped"
    etas = etas_of(ask, trip, order.order_no) if trip and moving else ()
    stop = trip.stop(order.order_no) if trip else None
    goods = goods_words(ask, order.lines)
    verbs = {"delivered": "as delivered", "failed": "as not delivered", "skipped": "as skipped"}
    return Plan(
        summary=f"Note order {_named(order)} {verbs[outcome]}{f' ({note})' if note else ''}: {goods}",
        change=FinishStop(order.order_no, outcome, wall_now(ask), note, None, etas),
        tell=partial(_told, ask, order, trip, outcome, note),
        slots={"order": order.order_no, "status": outcome, "detail": packed(note=note)},
        doubts=_doubts(ask, order, trip),
        data=figures(order, trip, stop.lines if stop else ()),
        sources=order_sources(ask, order, trip),
    )


def _named(order: Deliverable) -> str:
    return f"{order.order_no} ({order.name})" if order.name else order.order_no


def _doubts(ask: Ask, order: Deliverable, trip: Trip | None) -> tuple[str, ...]:
    """Reasons to ask: it is somebody else's stop, or of another day."""
    if trip is None:
        return ()
    doubts = []
    if not mine(ask, trip):
        doubts.append(f"{order.order_no} is on {trip.driver}'s round ({vehicle_name(ask, trip.vehicle)}).")
    if trip.day != ask.today:
        doubts.append(f"{order.order_no} is planned for {words.near_day(trip.day, ask.today)}.")
    return tuple(doubts)


def _told(
    ask: Ask, order: Deliverable, before: Trip | None, outcome: Outcome, note: str, applied: Applied
) -> Reply:
    after = ask.store.trips.trip(before.trip_no) if before else None
    stop = before.stop(order.order_no) if before else None
    gone = _gone(ask, stop, applied)
    what = {"delivered": _delivered, "failed": _failed, "skipped": _skipped}[outcome]
    text = what(ask, order, before, note, gone)
    missing = not_in_books(order, stop, gone) if outcome == "delivered" else ()
    counts = count_buttons(ask, missing)
    text = words.sentences(text, missing_words(ask, missing))
    extra = {"outcome": outcome, "note": note, "missing": [words.facts(**line._asdict()) for line in missing]}
    if before is None or after is None:
        return _reply(ask, order, None, applied, Told(text, gone, extra, (), counts))
    moved = moved_words(before, after)
    ahead, way, buttons = following(ask, after)
    told = Told(
        words.sentences(text, moved, ahead),
        gone,
        extra | {"moved": moved},
        (*way, *letters(ask, before, after)),
        (*buttons, *counts),
    )
    return _reply(ask, order, after, applied, told)


def _gone(ask: Ask, stop: TripStop | None, applied: Applied) -> tuple[StopLine, ...]:
    """What left the shop or the books by a change, and the places it had come from; nothing for a note."""
    places = {line.sku: line.location for line in stop.lines} if stop else {}
    moves = ask.store.stock.group(applied.group_id)
    return tuple(
        StopLine(move.sku, move.quantity, places.get(move.sku, ROAD) if move.source == ROAD else move.source)
        for move in moves
        if move.destination in (CUSTOMER, ROAD)
    )


def _delivered(
    ask: Ask, order: Deliverable, trip: Trip | None, note: str, lines: tuple[StopLine, ...]
) -> str:
    start = f"Order {_named(order)} is delivered, {wall_now(ask):%H:%M}{f' ({note})' if note else ''}"
    if not lines:
        return f"{start}."
    goods = goods_words(ask, [(line.sku, line.quantity) for line in lines])
    via = f", by {vehicle_name(ask, trip.vehicle)}" if trip else ""
    return f"{start}: {goods} left the books, from {places_words(ask, lines)}{via}."


def _failed(ask: Ask, order: Deliverable, trip: Trip | None, note: str, _lines: tuple[StopLine, ...]) -> str:
    start = f"Noted: order {_named(order)} was not delivered{f' ({note})' if note else ''}."
    stop = trip.stop(order.order_no) if trip else None
    if trip and stop and stop.status != "planned":
        van, places = vehicle_name(ask, trip.vehicle), places_words(ask, stop.lines)
        return f"{start} Its goods stay on {van} and go back to {places} with it."
    return f"{start} Its goods stay in the shop's stock, free for others."


def _skipped(ask: Ask, order: Deliverable, trip: Trip | None, note: str, _lines: tuple[StopLine, ...]) -> str:
    start = f"Order {_named(order)} is skipped{f' ({note})' if note else ''}"
    stop = trip.stop(order.order_no) if trip else None
    if trip and stop and stop.status == "loaded":
        return f"{start}; its goods stay on {vehicle_name(ask, trip.vehicle)} until it is back."
    return f"{start}; its goods never left, and are still held for it."


# -- started -------------------------------------------------------------------------------------------


def _started(ask: Ask, order: Deliverable, trip: Trip | None) -> Result:
    stop = trip.stop(order.order_no) if trip else None
    if trip and stop and stop.is_open:
        return _under_way(ask, order, trip) if trip.status == "out" else _leave(ask, order, trip)
    refused = _too_late(ask, order, stop, "delivered")
    if refused:
        return refused
    if trip and stop and trip.status == "out":
        return _passed_over(ask, order, trip, stop)
    word = ask.store.trips.last_word(order.order_no)
    if word and word.kind == "send" and not trip:
        text = f"Order {_named(order)} is on its way already, since {when_by(ask, word)}."
        return Reply(text, figures(order, None, ()), sources=order_sources(ask, order, None))
    return _send(ask, order)


def _under_way(ask: Ask, order: Deliverable, trip: Trip) -> Reply:
    stop = trip.stop(order.order_no)
    since = f" since {trip.started_at:%H:%M}" if trip.started_at else ""
    about = f", expected about {stop.expected:%H:%M}" if stop and stop.expected else ""
    before = sum(1 for each in trip.open_stops if stop and each.position < stop.position)
    ahead = f", {words.plural(before, 'stop')} before it" if before else ", the next stop"
    text = f"Order {_named(order)} is on its way with {vehicle_name(ask, trip.vehicle)}{since}{ahead}{about}."
    _, way, buttons = following(ask, trip)
    data = figures(order, trip, stop.lines if stop else ())
    return Reply(text, data, way, buttons if mine(ask, trip) else (), order_sources(ask, order, trip))


def _passed_over(ask: Ask, order: Deliverable, trip: Trip, stop: TripStop) -> Refused:
    """A stop of a round that is still out: what its van carries must not leave the shop a second time."""
    round_ = f"{vehicle_name(ask, trip.vehicle)}'s round, which has not ended"
    text = f"Order {_named(order)} {SAID[stop.status]} on {round_}. Tell me when it is handed over."
    return Refused(text, (_press("Delivered", order, "delivered"),))


def _leave(ask: Ask, order: Deliverable, trip: Trip) -> Plan:
    van, stops = vehicle_name(ask, trip.vehicle), words.plural(len(trip.open_stops), "stop")
    lines = tuple(line for stop in trip.open_stops if stop.status == "planned" for line in stop.lines)
    goods = f"; what is not loaded yet leaves {places_words(ask, lines)}" if lines else ""

    def tell(applied: Applied) -> Reply:
        now = ask.store.trips.trip(trip.trip_no) or trip
        text = f"{van} is on its way with {stops}, order {order.order_no} among them."
        ahead, way, buttons = following(ask, now)
        told = Told(words.sentences(text, ahead), lines, {}, way, buttons)
        return _reply(ask, order, now, applied, told)

    return Plan(
        summary=f"{van} leaves on {trip.trip_no} with {stops}, order {order.order_no} among them{goods}",
        change=StartTrip(trip.trip_no, wall_now(ask), seen=trip.events),
        tell=tell,
        slots={"order": order.order_no, "status": "started"},
        doubts=_doubts(ask, order, trip),
        data=figures(order, trip, lines),
        sources=order_sources(ask, order, trip),
    )


def _send(ask: Ask, order: Deliverable) -> Plan:
    def tell(applied: Applied) -> Reply:
        lines = _gone(ask, None, applied)
        goods = goods_words(ask, [(line.sku, line.quantity) for line in lines])
        left = f": {goods} left {places_words(ask, lines)}, now on the road" if lines else ""
        text = f"Order {_named(order)} is on its way, on no planned trip{left}."
        done = (_press("Delivered", order, "delivered"), _press("Nobody home", order, "failed"))
        return _reply(ask, order, None, applied, Told(text, lines, {}, (), done))

    return Plan(
        summary=f"Send order {_named(order)} out, on no planned trip: {goods_words(ask, order.lines)}",
        change=SendOut(order.order_no, wall_now(ask)),
        tell=tell,
        slots={"order": order.order_no, "status": "started"},
        data=figures(order, None, ()),
        sources=order_sources(ask, order, None),
    )


def _press(label: str, order: Deliverable, status: str) -> Button:
    return Button(label, Call("delivery.update", {"order": order.order_no, "status": status}))


def _reply(ask: Ask, order: Deliverable, trip: Trip | None, applied: Applied, told: Told) -> Reply:
    now = ask.store.trips.order(order.order_no) or order
    start = "That was done before: " if applied.repeated else ""
    data = {**figures(now, trip, told.lines), **told.extra}
    data |= {"group": applied.group_id, "position": applied.position}
    return Reply(start + told.text, data, told.blocks, told.buttons, order_sources(ask, now, trip))
