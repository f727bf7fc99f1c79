"""A day whose plan stands: how far it is, loading and leaving, and what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.delivery_figures import day_figures
from tools.kit.reply import Block, Button, Refused, Reply
from tools.kit.rounds import due_on
from tools.kit.rounds_buttons import button
from tools.kit.rounds_driver import next_buttons, next_stop
from tools.kit.rounds_steps import next_step, trips_seen, trips_source
from tools.kit.rounds_trips import stands_still, without_handed
from tools.kit.rounds_twice import trip_name, waits_for
from tools.kit.rounds_words import (
    ESTIMATE,
    day_map,
    day_words,
    late_words,
    named_stop,
    stop_rows,
    trip_rows,
    trip_table,
)
from tools.kit.trip_pictures import clock_words
from tools.kit.words import first_few, number, plural, sentences
from tools.store.trip_facts import Deliverable, Trip, TripStop

MOST_TOLD = 4


def standing(ask: Ask, day: date, vehicle: str | None = None) -> Reply | Refused:
    """How the trips of a day stand, in words and tables, with the next steps."""
    trips = [trip for trip in trips_seen(ask, day) if vehicle in (None, trip.vehicle)]
    if not trips:
        return Refused(f"{day_words(day, ask.today)}: no trip is planned that you could see.")
    waiting = due_on(ask, day) if ask.may(Right.PLAN_DELIVERIES) and vehicle is None else []
    still = {trip.trip_no for trip in trips if stands_still(trip, trips)}
    trips = without_handed(trips)
    stops = [stop for trip in trips for stop in trip.stops]
    text = sentences(
        _headline(ask, day, trips, stops),
        " ".join(_trip_sentence(ask, trip, still=trip.trip_no in still) for trip in trips[:MOST_TOLD]),
        _waiting_words(waiting),
        ESTIMATE if any(trip.travel_estimate for trip in trips) else "",
    )
    title = f"Deliveries, {day_words(day, ask.today)}"
    blocks: list[Block] = [day_map(ask, title, trips), *(trip_table(ask, trip) for trip in trips)]
    buttons = _buttons(ask, day, trips, waiting)
    source = trips_source(ask, trips)
    return Reply(text, _figures(ask, day, trips, waiting), tuple(blocks), buttons, (source,))


def _headline(ask: Ask, day: date, trips: Sequence[Trip], stops: Sequence[TripStop]) -> str:
    figures = day_figures(trips)
    counts = (
        (figures.delivered, "delivered"), (figures.failed, "nobody home"), (figures.skipped, "skipped"),
        (figures.to_do, "to come"),
    )  # fmt: skip
    states = ", ".join(f"{count} {said}" for count, said in counts if count)
    vehicles = plural(len({trip.vehicle for trip in trips}), "vehicle")
    many = f"{plural(len(stops), 'stop')} on {vehicles}"
    return f"{day_words(day, ask.today)}: {many}, {states}, {late_words(stops)}."


def _trip_sentence(ask: Ask, trip: Trip, *, still: bool) -> str:
    name = trip_name(ask, trip)
    if still:
        return f"{name} stands still, others took over."
    stop = next_stop(trip)
    if trip.status == "done":
        return f"{name} is back."
    if trip.status == "out" and stop is None:
        return f"{name} has no stop left: it is to come home."
    if stop is None:
        return f"{name} has no stop left."
    following = f"{named_stop(stop)} about {clock_words(stop.expected)}"
    if trip.status == "out":
        return f"{name} is out, next {following}."
    loaded = "is loaded and" if trip.status == "loaded" else "is not loaded yet and"
    return f"{name} {loaded} leaves at {clock_words(trip.starts_at)}, first {following}."


def _waiting_words(waiting: Sequence[Deliverable]) -> str:
    if not waiting:
        return ""
    many = "order is" if len(waiting) == 1 else "orders are"
    return f"{len(waiting)} more {many} on no trip: {first_few([one.order_no for one in waiting], 4)}."


def _figures(ask: Ask, day: date, trips: Sequence[Trip], waiting: Sequence[Deliverable]) -> dict[str, Any]:
    figures = day_figures(trips)
    return {
        "day": day.isoformat(),
        "planned": True,
        "stops": figures.stops,
        "delivered": figures.delivered,
        "failed": figures.failed,
        "skipped": figures.skipped,
        "to_do": figures.to_do,
        "late": figures.late,
        "km": number(figures.planned_km),
        "waiting": [one.order_no for one in waiting],
        "trips": trip_rows(ask, trips),
        "rows": stop_rows(trips),
    }


def _buttons(
    ask: Ask, day: date, trips: Sequence[Trip], waiting: Sequence[Deliverable]
) -> tuple[Button, ...]:
    """The next step of each vehicle, then what concerns the whole day."""
    live = [trip for trip in trips if trip.is_live]
    ready = [trip for trip in live if trip.status != "out" or trip.open_stops == ()]
    steps = [next_step(ask, trip) for trip in ready if waits_for(ask, trip) is None][:3]
    if len(live) == 1 and live[0].status == "out":
        steps = list(next_buttons(live[0]))
    if not live or not ask.may(Right.PLAN_DELIVERIES):
        return tuple(steps)
    more = []
    if waiting:
        label = f"Add {plural(len(waiting), 'order')}"
        more.append(
            button(label, do="again", day=day.isoformat(), add=[one.order_no for one in waiting[:30]])
        )
        more.append(button("Plan another trip for them", do="plan", day=day.isoformat()))
    if all(stop.status == "planned" for trip in live for stop in trip.stops):
        replaces = [trip.trip_no for trip in live]
        more.append(button("Plan it again", do="plan", day=day.isoformat(), replaces=replaces))
    else:
        more.append(button("Plan the rest again", do="again", day=day.isoformat(), free=True))
    return (*steps, *more)
