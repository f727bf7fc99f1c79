"""Who drives where, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tools.kit import (
    Ask,
    Detail,
    Option,
    Period,
    Refused,
    Reply,
    Result,
    Right,
    Span,
    Unclear,
    VehicleCode,
    listed,
    tool,
)
from tools.kit.purchases import packed, unpacked
from tools.kit.rounds import due_day, due_on
from tools.kit.rounds_again import Turn, live_trips
from tools.kit.rounds_driver import mine, next_blocks, next_buttons, next_words
from tools.kit.rounds_facts import Wish
from tools.kit.rounds_live import standing
from tools.kit.rounds_named import asked_along, in_plan, none_left, sorted_out
from tools.kit.rounds_past import went
from tools.kit.rounds_plan import confirm, loading, propose, shown, wish_of
from tools.kit.rounds_revised import applied_again, planned_again, turned
from tools.kit.rounds_said import Wanted, named_orders, wanted_of
from tools.kit.rounds_steps import back, cancel, leave, loaded, pack, the_trip, to_load, trips_seen
from tools.kit.rounds_words import day_words, named_stop, vehicle_name
from tools.kit.slots import Kind
from tools.kit.words import near_day, sentences
from tools.store.trip_facts import LIVE_TRIPS, Trip

LOOKS_AHEAD = 7
PLANNERS = ("confirm", "plan", "again", "apply", "cancel", "list")


@tool(
    right=Right.DELIVER,
    hears=(Kind.ORDER,),
)
def plan(
    ask: Ask,
    period: Span | None = None,
    vehicle: VehicleCode | None = None,
    detail: Detail | None = None,
) -> Result:
    """Plan delivery rounds, show how they stand, and plan a running day again."""
    wanted = unpacked(detail)
    if wanted:
        return _pressed(ask, wanted)
    said = wanted_of(ask)
    if period is not None and period.last < ask.today:
        return went(ask, period, vehicle)
    if not ask.may(Right.PLAN_DELIVERIES):
        return _driver(ask, period, said)
    day, note = _day(ask, period)
    if said.deed in ("skip", "add", "broken", "again") and live_trips(ask, day):
        return _running(ask, day, said, vehicle)
    if said.deed == "cancel":
        return cancel(ask, day, vehicle)
    if said.deed == "add" and (said.orders or said.unknown):
        return _along(ask, day, said, vehicle)
    if live_trips(ask, day) and said.aim is None:
        return _standing(ask, day, said, vehicle)
    return _new(ask, day, _wish(ask, day, said, vehicle), note or _unplanned(said))


# -- buttons --------------------------------------------------------------------------------------------


def _pressed(ask: Ask, wanted: Mapping[str, Any]) -> Result:
    """What a button asks for."""
    do = wanted.get("do")
    if do in PLANNERS and not ask.may(Right.PLAN_DELIVERIES):
        return Refused("Your role may not plan deliveries; ask a manager.")
    match do:
        case "confirm":
            return confirm(ask, wanted)
        case "plan":
            return _new(ask, date.fromisoformat(str(wanted["day"])), wish_of(wanted), "")
        case "list":
            return loading(ask, wanted)
        case "apply":
            return applied_again(ask, wanted)
        case "again":
            return turned(ask, wanted)
        case "cancel":
            return cancel(
                ask, date.fromisoformat(str(wanted["day"])), wanted.get("only"), str(wanted.get("trip", ""))
            )
        case _:
            return _of_trip(ask, wanted)


def _of_trip(ask: Ask, wanted: Mapping[str, Any]) -> Result:
    trip = the_trip(ask, wanted)
    if isinstance(trip, Refused):
        return trip
    match wanted.get("do"):
        case "load":
            return to_load(ask, trip)
        case "loaded":
            return loaded(ask, trip, wanted)
        case "leave":
            return leave(ask, trip, wanted)
        case "back":
            return back(ask, trip, wanted)
        case _:
            return pack(ask, trip)


# -- a day ----------------------------------------------------------------------------------------------


def _day(ask: Ask, period: Period | None) -> tuple[date, str]:
    """The day that is meant, and what has to be said about the choice."""
    first = max(period.first, ask.today) if period else ask.today
    last = period.last if period else ask.today + timedelta(days=LOOKS_AHEAD)
    days = [first + timedelta(days=ahead) for ahead in range(min((last - first).days, 31) + 1)]
    if len(days) == 1:
        return first, ""
    busy = [day for day in days if live_trips(ask, day) or due_on(ask, day)]
    if not busy:
        return first, ""
    own = [day for day in busy[1:] if any(due_day(order) == day for order in due_on(ask, day))]
    others = own[:3] if period is not None else []
    names = listed([near_day(day, ask.today) for day in others])
    more = f"There are deliveries {names}, too: ask for each day by itself." if others else ""
    return busy[0], more


def _wish(ask: Ask, day: date, said: Wanted, vehicle: str | None) -> Wish:
    live = ask.store.trips.trips(day, statuses=LIVE_TRIPS)
    replaces = frozenset(trip.trip_no for trip in live if not _on_board(trip))
    only = vehicle or ""
    stays = said.without or said.deed == "broken"
    without = frozenset({only}) if stays and only else frozenset()
    return Wish(said.aim or "cheapest", "" if stays else only, without, replaces=replaces)


def _unplanned(said: Wanted) -> str:
    """That nothing can be skipped or added where no plan stands."""
    if said.deed not in ("skip", "add", "broken"):
        return ""
    return "No plan of the day is confirmed yet, so I planned it."


def _on_board(trip: Trip) -> bool:
    """Whether it has begun, or goods are on its van already."""
    return trip.status != "planned" or any(stop.status == "loaded" for stop in trip.stops)


def _new(ask: Ask, day: date, wish: Wish, note: str) -> Reply | Refused:
    found = propose(ask, day, wish)
    if isinstance(found, Refused):
        return found
    return shown(ask, found, sentences(in_plan(ask, found, wish.also), note))


def _along(ask: Ask, day: date, said: Wanted, vehicle: str | None) -> Reply | Refused:
    """Orders that are named before a plan of the day stands: in it, or asked about, never passed over."""
    wish = _wish(ask, day, said, vehicle)
    named = sorted_out(ask, day, said.orders, said.unknown)
    if named.later:
        return asked_along(ask, day, wish, named)
    if not named.taken:
        return none_left(ask, day, wish, named)
    note = sentences(*named.reasons, "No plan of the day is confirmed yet.")
    return _new(ask, day, replace(wish, also=frozenset(named.taken)), note)


def _standing(ask: Ask, day: date, said: Wanted, vehicle: str | None) -> Result:
    """How a planned day stands; for one vehicle its list for loading, if that is asked for."""
    trips = [trip for trip in trips_seen(ask, day) if trip.is_live and vehicle in (None, trip.vehicle)]
    waiting = [trip for trip in trips if trip.status in ("planned", "loaded")]
    if said.deed == "load" and len(waiting) == 1:
        return to_load(ask, waiting[0])
    if said.deed == "load" and waiting:
        options = tuple(
            Option(vehicle_name(ask, trip.vehicle), {"detail": packed(do="load", trip=trip.trip_no)})
            for trip in waiting
        )
        return Unclear("vehicle", f"The loading list of {_or(options)}?", options)
    return standing(ask, day, vehicle if trips else None)


def _or(options: tuple[Option, ...]) -> str:
    return listed([option.label for option in options], "or")


# -- a running day ----------------------------------------------------------------------------------------


def _running(ask: Ask, day: date, said: Wanted, vehicle: str | None) -> Result:
    """What was said of a day that is under way."""
    if said.deed == "skip":
        return _skip(ask, day, said, vehicle)
    if said.deed == "add":
        return _add(ask, day, said)
    if said.deed == "broken":
        return _broken(ask, day, vehicle)
    trips = ask.store.trips.trips(day, statuses=LIVE_TRIPS)
    if all(stop.status == "planned" for trip in trips for stop in trip.stops):
        return _new(
            ask, day, _wish(ask, day, said, vehicle), "Nothing is loaded yet, so I planned it all again."
        )
    return planned_again(ask, day, Turn(free=True))


def _skip(ask: Ask, day: date, said: Wanted, vehicle: str | None) -> Result:
    trips = [trip for trip in live_trips(ask, day).values() if vehicle in (None, trip.vehicle)]
    orders = said.orders or (() if said.stop else named_orders(ask, trips))
    open_ = {stop.order_no: (trip, stop) for trip in trips for stop in trip.open_stops}
    if said.stop and not said.orders:
        orders = tuple(number for number, (_, stop) in open_.items() if stop.position == said.stop)
    found = [number for number in orders if number in open_]
    if len(found) == 1 or (found and said.orders):
        return planned_again(ask, day, Turn(skip=frozenset(found)))
    if found:
        options = tuple(
            Option(
                f"{vehicle_name(ask, open_[number][0].vehicle)}: {named_stop(open_[number][1])}",
                {"detail": packed(do="again", day=day.isoformat(), skip=[number])},
            )
            for number in found[:6]
        )
        return Unclear("vehicle", f"Which one should be skipped: {_or(options)}?", options)
    what = f"stop {said.stop}" if said.stop else listed(said.orders) or "a stop"
    return Refused(f"I find no open {what.removeprefix('a ')} to skip {near_day(day, ask.today)}.")


def _add(ask: Ask, day: date, said: Wanted) -> Result:
    if said.unknown and not said.orders:
        return Refused(f"I find no order {listed(said.unknown, 'or')}.")
    waiting = [order.order_no for order in due_on(ask, day)]
    orders = said.orders or tuple(waiting)
    if not orders:
        return Refused("Which order should I add? Say its number; none of the day is left over.")
    on = {stop.order_no for trip in live_trips(ask, day).values() for stop in trip.open_stops}
    known = [number for number in orders if number in on]
    if known:
        return Refused(f"{listed(known)} {'is' if len(known) == 1 else 'are'} on a trip already.")
    over = [number for number in orders if _is_over(ask, number)]
    if over:
        return Refused(f"{listed(over)} {'is' if len(over) == 1 else 'are'} not open any more.")
    return planned_again(ask, day, Turn(add=orders))


def _is_over(ask: Ask, number: str) -> bool:
    order = ask.store.trips.order(number)
    return order is None or order.status in ("delivered", "cancelled")


def _broken(ask: Ask, day: date, vehicle: str | None) -> Result:
    trips = live_trips(ask, day)
    if vehicle is None and len(trips) == 1:
        vehicle = next(iter(trips))
    if vehicle is None:
        options = tuple(
            Option(
                vehicle_name(ask, code), {"detail": packed(do="again", day=day.isoformat(), broken=[code])}
            )
            for code in trips
        )
        return Unclear("vehicle", f"Which vehicle: {_or(options)}?", options)
    if vehicle not in trips:
        return Refused(f"{vehicle_name(ask, vehicle)} has no trip {near_day(day, ask.today)}.")
    return planned_again(ask, day, Turn(broken=frozenset({vehicle}), free=False))


# -- a driver -----------------------------------------------------------------------------------------------


def _driver(ask: Ask, period: Period | None, said: Wanted) -> Result:
    """A driver's own day: the list for loading, the next stop, or all stops."""
    day = max(period.first, ask.today) if period else ask.today
    trips = [trip for trip in trips_seen(ask, day) if trip.is_live and mine(ask, trip)]
    if said.deed in ("skip", "add", "broken", "again", "cancel") and trips:
        return Refused("Your role may not plan deliveries; tell a manager, who can plan the rest again.")
    if not trips:
        text = f"{day_words(day, ask.today)}: no trip is planned for you."
        return Reply(text, {"day": day.isoformat(), "rows": []})
    own = [trip for trip in trips if trip.driver == ask.user.name] or trips
    if len({trip.vehicle for trip in own}) == 1:
        first = min(own, key=lambda trip: (trip.status != "out", trip.starts_at is None, trip.starts_at))
        return _one(ask, first)
    return standing(ask, day)


def _one(ask: Ask, trip: Trip) -> Reply | Refused:
    if trip.status != "out":
        return to_load(ask, trip)
    told = standing(ask, trip.day, trip.vehicle)
    if isinstance(told, Refused):
        return told
    blocks = (*next_blocks(trip), *told.blocks)
    return Reply(next_words(ask, trip), told.data, blocks, next_buttons(trip), told.sources)
