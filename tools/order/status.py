"""Where a customer's order stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tools.kit import (
    Ask,
    CustomerCode,
    OrderNumber,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    Table,
    listed,
    tool,
    words,
)
from tools.kit.rounds_words import vehicle_name
from tools.kit.stop_told import order_sources, when_by
from tools.kit.trip_pictures import is_late, window_words
from tools.store.facts import OPEN_ORDERS, CustomerOrder
from tools.store.trip_facts import Trip, TripStop

MOST_SAID = 3
MOST_LINES = 5
MOST_ROWS = 30
STATES = {
    "open": "is not packed yet",
    "packed": "is packed and has not left yet",
    "out_for_delivery": "is out for delivery",
    "delivered": "has been delivered",
    "failed": "could not be delivered",
    "cancelled": "is cancelled",
}
COUNTED = {"open": "not packed", "packed": "packed", "out_for_delivery": "out for delivery"}


@tool(
    right=Right.SEE_STOCK,
)
def status(ask: Ask, order: OrderNumber | None = None, customer: CustomerCode | None = None) -> Result:
    """Look up customers' orders."""
    if order is not None:
        found = ask.store.sales.customer_orders(statuses=None, order_no=order, customer=customer)
        return _reply(ask, _one(ask, found[0]), found) if found else _unknown(ask, order, customer)
    waiting = ask.store.sales.customer_orders(statuses=OPEN_ORDERS, customer=customer)
    if customer is not None and not waiting:
        return _latest(ask, customer)
    return _reply(ask, _several(ask, waiting, customer), waiting)


def _unknown(ask: Ask, order: str, customer: str | None) -> Refused:
    return Refused(f"I find no order {order}{f' for {_name(ask, customer)}' if customer else ''}.")


def _latest(ask: Ask, customer: str) -> Reply | Refused:
    past = ask.store.sales.customer_orders(statuses=None, customer=customer)
    if not past:
        return Refused(f"I find no orders of {_name(ask, customer)}.")
    last = max(past, key=lambda order: (order.placed_at or datetime.min, order.order_no))  # noqa: DTZ901 - wall times
    start = f"Nothing is open for {_name(ask, customer)}; the last one:"
    return _reply(ask, f"{start} {_one(ask, last)}", [last])


def _one(ask: Ask, order: CustomerOrder) -> str:
    state = STATES.get(order.status, f"is {order.status}")
    who = f" for {_name(ask, order.customer)}" if order.customer else ""
    goods = f" On it: {_goods(ask, order)}." if order.lines else ""
    trip = ask.store.trips.trip_of(order.order_no)
    due = "" if _standing(order, trip) else _due(ask, order)
    return words.sentences(
        f"Order {order.order_no}{who} {state}{_told(ask, order)}{due}.",
        _on_trip(ask, order, trip),
        goods.strip(),
    )


def _told(ask: Ask, order: CustomerOrder) -> str:
    """When and by whom it was delivered or not, where somebody told it here."""
    word = ask.store.trips.last_word(order.order_no)
    return f" {when_by(ask, word)}" if word and word.kind == order.status else ""


def _standing(order: CustomerOrder, trip: Trip | None) -> TripStop | None:
    """The stop that is still to bring it."""
    stop = trip.stop(order.order_no) if trip and trip.is_live else None
    return stop if stop and stop.is_open and order.status in OPEN_ORDERS else None


def _on_trip(ask: Ask, order: CustomerOrder, trip: Trip | None) -> str:
    """Which vehicle brings it, or brought it, and when it is expected."""
    stop = _standing(order, trip)
    if trip is None or stop is None:
        brought = trip.stop(order.order_no) if trip else None
        if trip and brought and brought.status == "delivered" and order.status == "delivered":
            return f"{vehicle_name(ask, trip.vehicle)} brought it ({trip.trip_no})."
        return ""
    van = vehicle_name(ask, trip.vehicle)
    driver = f" with {trip.driver}" if trip.driver else ""
    day = "" if trip.day == ask.today else f" {words.near_day(trip.day, ask.today)}"
    states = {"planned": "is planned to bring it", "loaded": "has it aboard and leaves soon"}
    what = states.get(trip.status, "brings it")
    about = f", expected about {stop.expected:%H:%M}" if stop.expected else ""
    promised = f", promised {window_words(stop.due_from, stop.due_to)}" if stop.due_to else ""
    late = " (late)" if is_late(stop) else ""
    rough = " These times are straight-line estimates." if trip.travel_estimate and about else ""
    return f"{van}{driver} {what}{day}: stop {stop.position} of {trip.trip_no}{about}{late}{promised}.{rough}"


def _several(ask: Ask, orders: Sequence[CustomerOrder], customer: str | None) -> str:
    if not orders:
        return "No customer orders are open."
    if len(orders) == 1:
        return _one(ask, orders[0])
    count = Counter(order.status for order in orders)
    states = listed([f"{count[name]} {said}" for name, said in COUNTED.items() if count[name]])
    who = f" for {_name(ask, customer)}" if customer else ""
    named = [f"{order.order_no}{_to(ask, order, customer)}{_due(ask, order)}" for order in orders[:MOST_SAID]]
    first = "The first to go" if len(orders) > MOST_SAID else "These are"
    return f"{len(orders)} orders are open{who}: {states}. {first}: {'; '.join(named)}."


def _to(ask: Ask, order: CustomerOrder, customer: str | None) -> str:
    return f" for {_name(ask, order.customer)}" if order.customer and customer is None else ""


def _due(ask: Ask, order: CustomerOrder) -> str:
    if order.due_from is None or order.status not in OPEN_ORDERS:
        return ""
    day = words.near_day(order.due_from.date(), ask.today)
    until = order.due_to
    if until is None:
        return f", due {day} {order.due_from:%H:%M}"
    late = "was due" if until < ask.now.replace(tzinfo=None) else "due"
    return f", {late} {day} {order.due_from:%H:%M}–{until:%H:%M}"


def _goods(ask: Ask, order: CustomerOrder) -> str:
    products = ask.catalogue.products
    names = [
        words.quantity_of(products[sku], quantity) if sku in products else f"{words.amount(quantity)} × {sku}"
        for sku, quantity in order.lines
    ]
    return words.first_few(names, MOST_LINES)


def _name(ask: Ask, customer: str) -> str:
    return next((each.name for each in ask.catalogue.customers if each.code == customer), customer)


def _reply(ask: Ask, text: str, orders: Sequence[CustomerOrder]) -> Reply:
    count = Counter(order.status for order in orders)
    trips = ask.store.trips.trips_of([order.order_no for order in orders])
    rows = [_row(order, trips.get(order.order_no)) for order in orders]
    data = {"rows": rows, "orders": len(orders), "by_status": dict(count)}
    numbers = tuple(f"{order.order_no}: {order.status}" for order in orders[:MOST_ROWS])
    source = Source(f"Customer orders, {len(orders)} read", rows=numbers)
    single = ask.store.trips.order(orders[0].order_no) if len(orders) == 1 else None
    more = order_sources(ask, single, trips.get(single.order_no))[1:] if single else ()
    return Reply(text, data, _table(ask, orders, trips), sources=(source, *more))


def _row(order: CustomerOrder, trip: Trip | None) -> dict[str, Any]:
    stop = trip.stop(order.order_no) if trip else None
    head = words.facts(
        order=order.order_no,
        customer=order.customer,
        status=order.status,
        placed_at=order.placed_at,
        due_from=order.due_from,
        due_to=order.due_to,
        trip=trip.trip_no if trip else None,
        vehicle=trip.vehicle if trip else None,
        driver=trip.driver if trip else None,
        eta=stop.expected if stop and stop.is_open else None,
        done_at=stop.done_at if stop else None,
        note=stop.note if stop else None,
    )
    return head | {"lines": [words.facts(sku=sku, quantity=quantity) for sku, quantity in order.lines]}


def _table(ask: Ask, orders: Sequence[CustomerOrder], trips: Mapping[str, Trip]) -> tuple[Table, ...]:
    if len(orders) < 2:
        return ()
    shown = orders[:MOST_ROWS]
    brought = any(order.order_no in trips for order in shown)
    rows = tuple(
        (
            order.order_no,
            _name(ask, order.customer),
            order.status.replace("_", " "),
            f"{words.day(order.due_from.date(), ask.today)} {order.due_from:%H:%M}" if order.due_from else "",
            *((_cell(ask, order, trips.get(order.order_no)),) if brought else ()),
        )
        for order in shown
    )
    more = len(orders) - len(rows)
    columns = ("Order", "Customer", "State", "Due", *(("Delivery",) if brought else ()))
    return (Table(columns, rows, f"and {more} more" if more else ""),)


def _cell(ask: Ask, order: CustomerOrder, trip: Trip | None) -> str:
    """Which vehicle brings an order, and about when."""
    stop = _standing(order, trip)
    if trip is None or stop is None:
        return ""
    about = f", about {stop.expected:%H:%M}" if stop.expected else ""
    return f"{vehicle_name(ask, trip.vehicle)}{about}"
