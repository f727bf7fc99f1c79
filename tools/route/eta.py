"""When a delivery reaches its customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tools.kit import (
    Ask,
    CustomerCode,
    Missing,
    Option,
    OrderNumber,
    Prose,
    Refused,
    Reply,
    Result,
    Right,
    Unclear,
    listed,
    tool,
)
from tools.kit.rounds import wall_now
from tools.kit.rounds_eta import etas_after, span_of
from tools.kit.rounds_eta_words import eta_text, span_words
from tools.kit.rounds_steps import trips_source
from tools.kit.rounds_traffic import traffic_for
from tools.kit.rounds_words import (
    ESTIMATE,
    minutes_late,
    named_stop,
    traffic_source,
    travel_source,
    vehicle_name,
)
from tools.kit.trip_pictures import clock_words, is_late, window_words
from tools.kit.words import facts, near_day, plural, sentences
from tools.store.trip_facts import TO_DELIVER, Deliverable, Trip, TripStop

MOST_OPTIONS = 6


@tool(
    right=Right.SEE_STOCK,
)
def eta(
    ask: Ask,
    customer: CustomerCode | None = None,
    order: OrderNumber | None = None,
) -> Result:
    """Say when a delivery will arrive."""
    if order is not None:
        found = ask.store.trips.order(order)
        return _one(ask, found) if found else Refused(f"I find no order {order}.")
    if customer is None:
        return Missing("customer", "Whose delivery, or which order?")
    orders = [
        known
        for one in ask.store.sales.customer_orders(statuses=TO_DELIVER, customer=customer)
        if (known := ask.store.trips.order(one.order_no)) is not None
    ]
    soon = [one for one in orders if one.trip_no] or orders
    if not soon:
        return _nothing(ask, customer)
    if len(soon) == 1:
        return _one(ask, soon[0])
    options = tuple(Option(_label(ask, one), {"order": one.order_no}) for one in soon[:MOST_OPTIONS])
    return Unclear("order", f"Which order: {listed([one.label for one in options], 'or')}?", options)


def _label(ask: Ask, order: Deliverable) -> str:
    due = order.due_from or order.due_to
    return f"{order.order_no}{f', due {near_day(due.date(), ask.today)}' if due else ''}"


def _nothing(ask: Ask, customer: str) -> Reply | Refused:
    past = ask.store.sales.customer_orders(statuses=("delivered", "failed"), customer=customer)
    name = next((one.name for one in ask.catalogue.customers if one.code == customer), customer)
    if not past:
        return Refused(f"I find no order of {name} that is to be delivered.")
    last = ask.store.trips.order(past[-1].order_no)
    return _one(ask, last) if last else Refused(f"Nothing is to be delivered to {name}.")


def _one(ask: Ask, order: Deliverable) -> Reply:
    trip = ask.store.trips.trip_of(order.order_no)
    stop = trip.stop(order.order_no) if trip else None
    if trip is None or stop is None or not stop.is_open or not trip.is_live:
        return _without_trip(ask, order, trip, stop)
    etas = dict(etas_after(ask.store, ask.roads, trip, wall_now(ask)))
    arrival = etas.get(order.order_no) or stop.expected
    if arrival is None:
        return _without_trip(ask, order, trip, stop)
    return _coming(ask, trip, replace(stop, eta=arrival), arrival)


def _coming(ask: Ask, trip: Trip, stop: TripStop, arrival: datetime) -> Reply:
    first, last = span_of(arrival, wall_now(ask))
    van, day = vehicle_name(ask, trip.vehicle), near_day(arrival.date(), ask.today)
    before = [one for one in trip.open_stops if one.position < stop.position]
    likely = f"most likely {span_words(ask, arrival)}"
    text = sentences(
        f"{named_stop(stop)}: {day} about {clock_words(arrival)}, {likely}, with {van}.",
        _depends(trip, before),
        _promise(ask, stop),
        ESTIMATE if trip.travel_estimate else "",
    )
    data = _facts(stop, trip) | facts(
        eta=arrival, earliest=first, latest=last, stops_before=len(before), estimate=trip.travel_estimate
    )
    draft = eta_text(ask, stop)
    return Reply(
        text, data | {"draft": draft}, (Prose(f"To send to the customer: {draft}"),), (), _sources(ask, trip)
    )


def _depends(trip: Trip, before: Sequence[TripStop]) -> str:
    """What has to happen first."""
    stops = f"{plural(len(before), 'stop')} before it" if before else "it is the next stop"
    if trip.status == "out":
        return f"The van is out, {stops}."
    when = f"leaves at {clock_words(trip.starts_at)}"
    more = f", {stops}" if before else ", it is the first stop"
    return f"The van is not out yet: it {when}{more}."


def _promise(ask: Ask, stop: TripStop) -> str:
    window = window_words(stop.due_from, stop.due_to)
    due = stop.due_to or stop.due_from
    if not window or due is None or stop.expected is None:
        return ""
    if due.date() != stop.expected.date():
        return f"Promised {near_day(due.date(), ask.today)} {window}."
    late = f": {minutes_late(stop)} min late" if is_late(stop) else ", on time"
    return f"Promised {window}{late}."


def _without_trip(ask: Ask, order: Deliverable, trip: Trip | None, stop: TripStop | None) -> Reply:
    """An order that no van is bringing: what is known instead."""
    who = f"{order.order_no} ({order.name})" if order.name else order.order_no
    window = window_words(order.due_from, order.due_to)
    due = order.due_to or order.due_from
    promised = f"promised {near_day(due.date(), ask.today)} {window}" if due else "no time was promised"
    text = f"{who} {_state(ask, order, stop)}; {promised}."
    data = facts(order=order.order_no, status=order.status, due_from=order.due_from, due_to=order.due_to)
    return Reply(text, data | {"eta": None}, sources=(trips_source(ask, [trip] if trip else []),))


def _state(ask: Ask, order: Deliverable, stop: TripStop | None) -> str:
    """How it stands, as the middle of a sentence."""
    if order.status == "delivered":
        done = stop.done_at if stop else None
        return f"was delivered{f' {near_day(done.date(), ask.today)} at {clock_words(done)}' if done else ''}"
    if order.status == "cancelled":
        return "is cancelled: nothing comes"
    if order.status == "failed" or (stop is not None and not stop.is_open):
        return "was not handed over and is on no trip now"
    if order.status == "out_for_delivery":
        return "is marked as out for delivery, but on no trip that I know"
    return "is on no trip yet: plan that day's deliveries for a time"


def _facts(stop: TripStop, trip: Trip) -> dict[str, Any]:
    return facts(
        order=stop.order_no,
        customer=stop.customer,
        trip=trip.trip_no,
        vehicle=trip.vehicle,
        status=stop.status,
        stop=stop.position,
        planned_arrival=stop.planned_arrival,
        due_from=stop.due_from,
        due_to=stop.due_to,
        late_minutes=minutes_late(stop),
    )


def _sources(ask: Ask, trip: Trip) -> tuple[Any, ...]:
    return (
        trips_source(ask, [trip]),
        travel_source(trip.travel_source or "the plan", estimate=trip.travel_estimate),
        traffic_source(ask, traffic_for(ask.store, trip.day)),
    )
