"""Deliveries of a day: where every van is, what is late, and the drivers' buttons; it keeps itself fresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from connectors.chat.message import Answer, Message
from connectors.chat.web.api import CHANNEL, admit, answered, event_name
from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.chat import ShownTurn, conversation_of, shown
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.pages import day as day_words
from connectors.chat.web.pages import page
from connectors.chat.web.shelves import ask_of
from tools.kit import Ask, Button, Reply, Right, RouteMap, words
from tools.kit.delivery_buttons import stop_buttons, trip_buttons, trips_shown
from tools.kit.delivery_figures import DayFigures, Fill, day_figures, driven_km, fill_of, minutes_off
from tools.kit.rounds_steps import pack as pack_of
from tools.kit.trip_pictures import clock_words, is_late, trips_map, window_words
from tools.store import StoredAction
from tools.store.trip_facts import Deliverable, Trip, TripStop

router = APIRouter(include_in_schema=False)
TOKEN_LENGTH = 22
STANDINGS = {
    "planned": ("planned", ""),
    "loaded": ("loaded", ""),
    "out": ("on the road", "low"),
    "done": ("back", "fine"),
    "cancelled": ("cancelled", ""),
}
STATES = {
    "planned": ("to do", ""),
    "loaded": ("on the van", ""),
    "delivered": ("delivered", "fine"),
    "failed": ("not delivered", "out"),
    "skipped": ("skipped", "low"),
}
SLACK_MINUTES = 3  # what nobody would call early or late


@dataclass(frozen=True, slots=True)
class Press:
    """A button that acts once."""

    label: str
    style: str
    token: str


@dataclass(frozen=True, slots=True)
class Row:
    """One stop as it stands; ``off`` says how far from plan it is."""

    stop: TripStop
    state: str
    badge: str
    when: str
    promised: str
    late: bool
    off: str
    goods: str
    presses: Sequence[Press]


@dataclass(frozen=True, slots=True)
class Round:
    """One trip as it stands; ``look`` is its colour on the map."""

    trip: Trip
    name: str
    look: int
    state: str
    badge: str
    facts: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    presses: Sequence[Press]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure and what it means."""

    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Day:
    """All that the page shows of a day; ``seen`` changes with it."""

    trips: tuple[Trip, ...]
    loose: tuple[Deliverable, ...]

    @property
    def seen(self) -> str:
        """A short name for this state."""
        return sha256(repr((self.trips, self.loose)).encode()).hexdigest()[:16]


@router.get("/deliveries", response_class=HTMLResponse)
def deliveries_page(
    request: Request,
    door: TheDoor,
    visitor: TheVisitor,
    day: date | None = None,
    seen: str = "",
    pack: str = "",
) -> Response:
    """A day's trips; nothing (204) for who has ``seen`` this state of it already.

    ``pack`` is a trip whose driver's pack is shown.
    """
    need(door, visitor, Right.SEE_STOCK)
    ask = ask_of(door, visitor.user)
    when = day or ask.today
    found = _day(ask, when)
    if seen and seen == found.seen:
        return Response(status_code=204)
    said = _packed(door, visitor, ask, found, pack) if pack and ask.may(Right.DELIVER) else None
    return _page(request, door, visitor, when, said)


@router.post("/deliveries/press", response_class=HTMLResponse)
async def press(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    action: Annotated[str, Form(min_length=1, max_length=64)],
    day: Annotated[date | None, Form()] = None,
) -> Response:
    """One of its buttons; the same as if it was pressed in the chat."""
    need(door, visitor, Right.SEE_STOCK)
    user = visitor.user
    event = event_name(user, f"trip:{action}")
    message = Message(conversation_of(user), user, CHANNEL, "", action, event)
    await admit(door, message)
    answer = await answered(door, message)
    now = door.house.now()
    said = await run_sync(lambda: shown(door, user, answer, text="", at=now, event_id=event))
    return await run_sync(_page, request, door, visitor, day or now.date(), said)


def _page(request: Request, door: Door, visitor: Visitor, when: date, said: ShownTurn | None) -> HTMLResponse:
    ask = ask_of(door, visitor.user)
    found = _day(ask, when)
    offers = Offers(door, visitor, ask)
    rounds = [_round(offers, ask, trip, look) for look, trip in enumerate(found.trips)]
    offers.keep()
    return page(
        request,
        "deliveries.html",
        visitor,
        when=when,
        before=when - timedelta(days=1),
        after=when + timedelta(days=1),
        now=ask.now,
        seen=found.seen,
        said=said,
        map=_map(ask, when, found),
        rounds=rounds,
        tiles=_tiles(ask, found.trips) if found.trips else (),
        loose=[
            (order, window_words(order.due_from, order.due_to), _goods(ask, order)) for order in found.loose
        ],
        plans=ask.may(Right.PLAN_DELIVERIES),
        delivers=ask.may(Right.DELIVER),
        question=_question(when, ask.today),
    )


def _day(ask: Ask, when: date) -> Day:
    """What this person may see of a day: drivers their own trips."""
    trips = trips_shown(ask, ask.store.trips.trips(when))
    if not ask.may(Right.PLAN_DELIVERIES) and ask.may(Right.DELIVER):
        return Day(tuple(trips), ())
    loose = (order for order in ask.store.trips.deliverable(when, when) if not order.trip_no)
    return Day(tuple(trips), tuple(loose))


def _question(when: date, today: date) -> str:
    near = {today: "today's deliveries", today + timedelta(days=1): "tomorrow's deliveries"}
    return f"plan {near.get(when) or f'the deliveries of {when.day} {when:%B %Y}'}"


def _map(ask: Ask, when: date, found: Day) -> RouteMap | None:
    names = {one.code: one.name or one.code for one in ask.catalogue.vehicles}
    shown_map = trips_map(f"Routes of {day_words(when)}", found.trips, names, found.loose)
    return shown_map if shown_map.places else None


# -- one trip -----------------------------------------------------------------------------------------


def _round(offers: Offers, ask: Ask, trip: Trip, look: int) -> Round:
    vehicles = {one.code: one for one in ask.store.trips.vehicles(hidden=True)}
    vehicle = vehicles.get(trip.vehicle)
    state, badge = STANDINGS[trip.status]
    rows = [_row(offers, ask, trip, stop) for stop in trip.stops]
    return Round(
        trip=trip,
        name=(vehicle.name if vehicle else "") or trip.vehicle,
        look=look,
        state=state,
        badge=badge,
        facts=[fact for fact in _facts(ask, trip, fill_of(trip.stops, ask.catalogue, vehicle)) if fact[1]],
        rows=rows,
        presses=offers.presses(f"{trip.trip_no} {trip.events}", trip_buttons(ask, trip)),
    )


def _facts(ask: Ask, trip: Trip, fill: Fill) -> Sequence[tuple[str, str]]:
    """Plan beside what happened."""
    span = " to ".join(filter(None, (clock_words(trip.starts_at), clock_words(trip.ends_at))))
    left = _moved(clock_words(trip.started_at), minutes_off(trip.starts_at, trip.started_at))
    back = _moved(clock_words(trip.ended_at), minutes_off(trip.ends_at, trip.ended_at))
    planned = f"{words.amount(round(trip.planned_km, 1))} km" if trip.planned_km is not None else ""
    driven = driven_km(trip)
    cost = trip.planned_cost if ask.may(Right.SEE_COSTS) else None
    return (
        ("Driver", trip.driver),
        ("Planned", span),
        ("Left", left),
        ("Back", back),
        (
            "Distance",
            " · ".join(filter(None, (planned, f"{words.amount(driven)} km driven" if driven else ""))),
        ),
        ("Load", _fill_words(fill)),
        ("Cost", words.money(cost, ask.catalogue.currency) if cost is not None else ""),
    )


def _fill_words(fill: Fill) -> str:
    kg = f"{words.amount(round(fill.kg, 1))} kg" if fill.kg else ""
    share = f"{round(100 * fill.share)} % full" if fill.share is not None else ""
    return " · ".join(filter(None, (kg, share)))


def _moved(time: str, minutes: int | None) -> str:
    return f"{time} ({off})" if (off := _off(minutes)) else time


def _off(minutes: int | None) -> str:
    if minutes is None or abs(minutes) < SLACK_MINUTES:
        return ""
    return f"{abs(minutes)} min {'after' if minutes > 0 else 'before'} plan"


def _row(offers: Offers, ask: Ask, trip: Trip, stop: TripStop) -> Row:
    state, badge = STATES[stop.status]
    late = is_late(stop)
    made = stop.done_at if stop.status in ("delivered", "failed") else None
    return Row(
        stop=stop,
        state=state,
        badge="out" if late and stop.is_open else badge,
        when=clock_words(made or stop.expected),
        promised=window_words(stop.due_from, stop.due_to),
        late=late,
        off=_off(minutes_off(stop.planned_arrival, made or stop.eta)),
        goods=words.first_few(_lines(ask, stop), 4),
        presses=offers.presses(f"{trip.trip_no} {stop.status}", stop_buttons(ask, trip, stop)),
    )


def _lines(ask: Ask, stop: TripStop) -> list[str]:
    sums: dict[str, Decimal] = {}
    for line in stop.lines:
        sums[line.sku] = sums.get(line.sku, Decimal(0)) + line.quantity
    return [_named(ask, sku, quantity) for sku, quantity in sums.items()]


def _goods(ask: Ask, order: Deliverable) -> str:
    return words.first_few([_named(ask, sku, quantity) for sku, quantity in order.lines], 4)


def _named(ask: Ask, sku: str, quantity: Decimal) -> str:
    product = ask.catalogue.products.get(sku)
    return words.quantity_of(product, quantity) if product else f"{words.amount(quantity)} × {sku}"


# -- figures ------------------------------------------------------------------------------------------


def _tiles(ask: Ask, trips: Sequence[Trip]) -> list[Tile]:
    figures = day_figures(trips)
    tiles = [Tile("Delivered", f"{figures.delivered} of {figures.stops}", _left_words(figures))]
    if figures.on_time is not None:
        note = f"{figures.kept} of {figures.promised} within what was promised"
        tiles.append(Tile("On time", f"{round(100 * figures.on_time)} %", note))
    if figures.to_do:
        tiles.append(
            Tile("Late ahead", str(figures.late), f"of {words.plural(figures.to_do, 'stop')} to come")
        )
    driven = figures.driven_km
    note = f"{words.amount(driven)} km driven" if driven is not None else "as planned"
    tiles.append(Tile("Distance", f"{words.amount(round(figures.planned_km, 1))} km", note))
    if figures.cost_per_stop is not None and ask.may(Right.SEE_COSTS):
        currency = ask.catalogue.currency
        whole = words.money(figures.cost or Decimal(0), currency)
        tiles.append(Tile("Cost per stop", words.money(figures.cost_per_stop, currency), f"{whole} in all"))
    return tiles


def _left_words(figures: DayFigures) -> str:
    parts = ((figures.to_do, "to come"), (figures.failed, "not delivered"), (figures.skipped, "skipped"))
    return ", ".join(f"{count} {name}" for count, name in parts if count) or "all done"


# -- buttons ------------------------------------------------------------------------------------------


class Offers:
    """The buttons of one page; they are written down together."""

    def __init__(self, door: Door, visitor: Visitor, ask: Ask) -> None:
        self._door, self._user, self._ask = door, visitor.user, ask
        self._new: list[StoredAction] = []

    def presses(self, about: str, buttons: Sequence[Button]) -> list[Press]:
        """Each with its token: the same button of the same state has the same one, and acts once."""
        return [Press(one.label, one.style, self._token(about, one)) for one in buttons]

    def keep(self) -> None:
        """From now on they can be pressed."""
        if self._new:
            self._ask.store.talk.offer(self._new, self._ask.now)

    def _token(self, about: str, button: Button) -> str:
        """A button whose deed was taken back is a new one."""
        for turn in count():
            parts = (about, button.label, str(sorted(button.call.slots.items())), str(turn))
            token = self._door.seal("trip", self._user.name, self._ask.today.isoformat(), *parts)[
                :TOKEN_LENGTH
            ]
            known = self._ask.store.talk.action(token)
            if known is None:
                self._new.append(self._action(token, button))
            if known is None or known.state == "offered":
                return token
        raise AssertionError(about)

    def _action(self, token: str, button: Button) -> StoredAction:
        return StoredAction(
            token=token,
            conversation=conversation_of(self._user),
            user=self._user.name,
            label=button.label,
            style=button.style,
            intent=button.call.intent,
            slots=dict(button.call.slots),
            position=self._ask.position,
            state="offered",
            offer=token,
        )


def _packed(door: Door, visitor: Visitor, ask: Ask, found: Day, trip_no: str) -> ShownTurn | None:
    """The driver's pack of a trip of this day."""
    trip = next((one for one in found.trips if one.trip_no == trip_no), None)
    if trip is None:
        return None
    told = pack_of(ask, trip)
    reply = Reply(told.text, told.data, told.blocks)
    answer = Answer(conversation_of(visitor.user), (reply,))
    event = f"pack:{trip.trip_no}:{trip.events}"
    return shown(door, visitor.user, answer, text="", at=ask.now, event_id=event)
