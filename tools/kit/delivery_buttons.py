"""The buttons of a running day as a page shows them, for every trip and stop at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from tools.kit.ask import Ask, Right
from tools.kit.reply import Button, Call
from tools.kit.rounds_buttons import button
from tools.kit.rounds_driver import UPDATE, mine
from tools.store.trip_facts import Trip, TripStop

Style = Literal["primary", "default", "danger"]


def trips_shown(ask: Ask, trips: Iterable[Trip]) -> list[Trip]:
    """The trips that this person may look at: drivers at theirs and at nobody's, all others at all."""
    return [trip for trip in trips if not ask.may(Right.DELIVER) or mine(ask, trip)]


def trip_buttons(ask: Ask, trip: Trip) -> tuple[Button, ...]:
    """What can be done with a whole trip now."""
    if not ask.may(Right.DELIVER):
        return ()
    if trip.status == "planned":
        return (_step("Loaded", "loaded", trip, "primary"), _step("Start", "leave", trip))
    if trip.status == "loaded":
        return (_step("Start", "leave", trip, "primary"),)
    if trip.status == "out":
        return (_step("Back at the shop", "back", trip, "default" if trip.open_stops else "primary"),)
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


def _step(label: str, do: str, trip: Trip, style: Style = "default") -> Button:
    return button(label, style, do=do, trip=trip.trip_no, seen=trip.events)


def _word(label: str, status: str, stop: TripStop, style: Style = "default") -> Button:
    return Button(label, Call(UPDATE, {"order": stop.order_no, "status": status}), style)
