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
    examples=(
        "where is order {order}",
        "wheres order {order}",
        "where is {order}",
        "where is {order} at",
        "status of order {order}",
        "order {order} status",
        "order {order}",
        "order {order}?",
        "what is happening with order {order}",
        "whats going on with {order}",
        "any update on {order}",
        "any news on order {order} for {customer}",
        "has order {order} gone out",
        "has order {order} been packed",
        "has {order} been dispatched",
        "has {order} left yet",
        "has {customer} had their order",
        "has {customer} been sent their order yet",
        "did order {order} go out",
        "did we ship {customer}'s order",
        "did {customer} get their stuff",
        "is order {order} ready",
        "is {order} ready for collection",
        "is order {order} still open",
        "is {customer} order packed",
        "is the order for {customer} done",
        "whats in order {order}",
        "what did {customer} order",
        "what did order {order} have in it",
        "what has {customer} got on order with us",
        "what are we sending {customer}",
        "show me order {order}",
        "show me the order for {customer}",
        "pull up {order}",
        "pull up {customer}'s order",
        "look up order {order}",
        "look up {customer} order",
        "check order {order} for me",
        "check on {customer}'s order please",
        "customer asking about {order}",
        "{customer} is asking about their order",
        "{customer} on the phone about order {order}",
        "{customer} order status",
        "{customer} open orders",
        "which customer orders are still open",
        "open customer orders",
        "orders not packed yet",
        "how many orders are waiting to go out",
        "which orders are still to be packed",
        "kindly check status of order no {order}",
        "kindly let me know whether order {order} is dispatched",
        "order {order} is sent or not?",
        "how is the situation of order {order}",
        "I am looking for the order of {customer}",
        "find order {order}",
        "who ordered {order}",
        "who is order {order} for",
        "ord {order} status pls",
        "has {order} been sent out",
        "is order {order} packed",
        "is {customer}'s order on its way",
        "is anything outstanding for {customer}",
        "I try to find order {order}",
        "I need to find the order from {customer}",
        "did order {order} leave the shop",
        "what state is order {order} in",
        "what is the hold up with order {order}",
        "how is {customer}'s order coming along",
        "details of order {order}",
        "what is still missing from order {order}",
        "whats the status of order {order}",
        "tell me about order {order}",
        "can you check order {order}",
        "can you find {customer}'s order",
        "give me the details for order {order}",
        "did {customer}'s order go out already",
        "has order {order} been picked",
        "has order {order} been delivered",
        "was {order} delivered",
        "was order {order} sent out",
        "is order {order} delivered or not",
        "what stage is order {order} at",
        "what has {customer} ordered",
        "which orders does {customer} have open",
        "are there any open orders for {customer}",
        "any orders for {customer}",
        "any customer orders still to pack",
        "list the open customer orders",
        "status {order}",
        "{order} packed?",
        "{order} status?",
        "{order} has it gone?",
        "what about order {order}",
        "order for {customer}, where is it",
        "order {order}, did it go",
    ),
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
