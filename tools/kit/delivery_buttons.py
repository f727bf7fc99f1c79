"""The buttons of a running day, alike in every chat and on the page: load, leave, delivered, nobody home."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from tools.kit.ask import Ask, Right
from tools.kit.driver_pack import Travel, driver_pack
from tools.kit.purchases import packed
from tools.kit.reply import Block, Button, Call
from tools.kit.rounds_settings import travels_by
from tools.maths.routing.travel import DRIVING
from tools.store.trip_facts import Trip, TripStop

PLAN, UPDATE = "route.plan", "delivery.update"
Style = Literal["primary", "default", "danger"]


def trips_seen(ask: Ask, trips: Iterable[Trip]) -> list[Trip]:
    """The trips of which this person may know: drivers their own, and those that nobody has yet."""
    found = list(trips)
    if ask.may(Right.PLAN_DELIVERIES) or not ask.may(Right.DELIVER):
        return found
    me = ask.user.name.casefold()
    return [trip for trip in found if trip.driver.casefold() in ("", me)]


def trip_buttons(ask: Ask, trip: Trip) -> tuple[Button, ...]:
    """What can be done with a whole trip now."""
    if not ask.may(Right.DELIVER):
        return ()
    if trip.status == "planned":
        return (_step("Load", "load", trip, "primary"), _step("Start", "start", trip))
    if trip.status == "loaded":
        return (_step("Start", "start", trip, "primary"),)
    if trip.status == "out":
        return (_step("Back at the shop", "end", trip, "default" if trip.open_stops else "primary"),)
    return ()


def stop_buttons(ask: Ask, trip: Trip, stop: TripStop) -> tuple[Button, ...]:
    """What a driver may say of a stop that is still to be made."""
    if not ask.may(Right.DELIVER) or not stop.is_open or trip.status != "out":
        return ()
    return (
        _word("Delivered", "delivered", stop, "primary"),
        _word("Nobody home", "failed", stop),
        _word("Skip", "skipped", stop),
    )


def pack_of(ask: Ask, trip: Trip) -> tuple[Block, ...]:
    """The driver's pack of a trip, with the vehicle's name and its way of travelling."""
    vehicles = ask.store.trips.vehicles(hidden=True)
    vehicle = next((one for one in vehicles if one.code == trip.vehicle), None)
    by_car = vehicle is None or travels_by(vehicle) == DRIVING
    travel: Travel = "driving" if by_car else "bicycling"
    return driver_pack(trip, ask.catalogue, vehicle.name if vehicle else "", travel)


def _step(label: str, do: str, trip: Trip, style: Style = "default") -> Button:
    return Button(label, Call(PLAN, {"detail": packed(do=do, trip=trip.trip_no, seen=trip.events)}), style)


def _word(label: str, status: str, stop: TripStop, style: Style = "default") -> Button:
    return Button(label, Call(UPDATE, {"order": stop.order_no, "status": status}), style)
