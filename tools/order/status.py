"""Where a customer's order stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
from tools.store.facts import OPEN_ORDERS, CustomerOrder

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
    return f"Order {order.order_no}{who} {state}{_due(ask, order)}.{goods}"


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
    data = {"rows": [_row(order) for order in orders], "orders": len(orders), "by_status": dict(count)}
    numbers = tuple(f"{order.order_no}: {order.status}" for order in orders[:MOST_ROWS])
    source = Source(f"Customer orders, {len(orders)} read", rows=numbers)
    return Reply(text, data, _table(ask, orders), sources=(source,))


def _row(order: CustomerOrder) -> dict[str, Any]:
    head = words.facts(
        order=order.order_no,
        customer=order.customer,
        status=order.status,
        placed_at=order.placed_at,
        due_from=order.due_from,
        due_to=order.due_to,
    )
    return head | {"lines": [words.facts(sku=sku, quantity=quantity) for sku, quantity in order.lines]}


def _table(ask: Ask, orders: Sequence[CustomerOrder]) -> tuple[Table, ...]:
    if len(orders) < 2:
        return ()
    rows = tuple(
        (
            order.order_no,
            _name(ask, order.customer),
            order.status.replace("_", " "),
            f"{words.day(order.due_from.date(), ask.today)} {order.due_from:%H:%M}" if order.due_from else "",
        )
        for order in orders[:MOST_ROWS]
    )
    more = len(orders) - len(rows)
    return (Table(("Order", "Customer", "State", "Due"), rows, f"and {more} more" if more else ""),)
