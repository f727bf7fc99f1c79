"""Which place should fulfil a customer's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tools.kit import Ask, OrderNumber, Refused, Reply, Result, Right, Table, listed, tool, words
from tools.kit.allocating import Sending, send
from tools.kit.allocating_words import (
    binding_words,
    customer_name,
    money_words,
    option_rows,
    options_table,
    order_row,
    send_sources,
    sender_words,
    why_words,
)
from tools.store.facts import CustomerOrder

TO_PLACE = ("open",)
PLACEABLE = ("open", "packed")
MOST_ORDERS = 200
MOST_ROWS = 30
OVER = {
    "out_for_delivery": "is out for delivery already",
    "delivered": "has been delivered",
    "failed": "could not be delivered",
    "cancelled": "is cancelled",
}


@tool(
    right=Right.PLAN_DELIVERIES,
)
def route(
    ask: Ask,
    order: OrderNumber | None = None,
) -> Result:
    """Choose the place that sends an order."""
    waiting = ask.store.sales.customer_orders(statuses=PLACEABLE)
    if order is None:
        return _all(ask, [one for one in waiting if one.status in TO_PLACE], waiting)
    asked = next((one for one in waiting if one.order_no == order), None)
    if asked is None:
        return _over(ask, order)
    return _one(ask, asked, waiting)


def _over(ask: Ask, order: str) -> Refused:
    found = ask.store.sales.customer_orders(statuses=None, order_no=order)
    if not found:
        return Refused(f"I find no order {order}.")
    return Refused(f"Order {order} {OVER.get(found[0].status, 'is over')}: nothing is left to choose.")


def _placed(ask: Ask, orders: Sequence[CustomerOrder], waiting: Sequence[CustomerOrder]) -> Sending:
    """These orders answered together; what the other waiting ones hold is left to them."""
    chosen = {one.order_no for one in orders}
    return send(ask, orders, [one for one in waiting if one.order_no not in chosen])


def _one(ask: Ask, order: CustomerOrder, waiting: Sequence[CustomerOrder]) -> Result:
    if not order.lines:
        return Refused(f"Order {order.order_no} has no goods on it.")
    others = [
        one for one in waiting if one.status in TO_PLACE and one.order_no != order.order_no and one.lines
    ]
    sending = _placed(ask, [order, *others[: MOST_ORDERS - 1]], waiting)
    if not sending.sites:
        return Refused("You see no place that could send it.")
    name = customer_name(ask, order, " for ")
    text = words.sentences(
        f"Order {order.order_no}{name}: {sender_words(ask, sending, order.order_no)}.",
        why_words(ask, sending, order.order_no),
        binding_words(ask, sending, order.order_no),
        "It is packed already: I can't see where." if order.status == "packed" else "",
    )
    data = order_row(sending, order.order_no) | {
        "rows": option_rows(sending, order.order_no),
        "status": sending.found.status,
        "bound": words.number(round(sending.found.bound, 2) if sending.found.bound is not None else None),
        "total_cost": round(sending.found.cost, 2),
        "orders": len(sending.orders),
    }
    table = options_table(ask, sending, order.order_no)
    return Reply(text, data, (table,), sources=send_sources(ask, sending))


def _all(ask: Ask, orders: Sequence[CustomerOrder], waiting: Sequence[CustomerOrder]) -> Result:
    orders = [one for one in orders if one.lines]
    if not orders:
        return Reply("No order waits for a place to send it.", {"rows": [], "orders": 0})
    sending = _placed(ask, orders[:MOST_ORDERS], waiting)
    if not sending.sites:
        return Refused("You see no place that could send them.")
    rows = [order_row(sending, number) for number in sending.orders]
    data = {
        "rows": rows,
        "orders": len(rows),
        "status": sending.found.status,
        "bound": words.number(round(sending.found.bound, 2) if sending.found.bound is not None else None),
        "total_cost": round(sending.found.cost, 2),
    }
    more = f"I looked at the first {MOST_ORDERS} to go." if len(orders) > MOST_ORDERS else ""
    text = words.sentences(_summary(ask, sending), binding_words(ask, sending, None), more)
    return Reply(text, data, (_table(ask, sending),), sources=send_sources(ask, sending))


def _summary(ask: Ask, sending: Sending) -> str:
    found = sending.found.choices
    whole = Counter(
        choice.senders[0] for choice in found.values() if choice.whole and len(choice.senders) == 1
    )
    names = {site.code: site.name for site in sending.sites}
    parts = [f"{count} from {names[code]}" for code, count in whole.most_common()]
    split = [number for number, choice in found.items() if choice.whole and len(choice.senders) > 1]
    short = [number for number, choice in found.items() if not choice.whole]
    if split:
        parts.append(f"{len(split)} in parts ({words.first_few(split, 3)})")
    if short:
        parts.append(f"{len(short)} not whole ({words.first_few(short, 3)})")
    count = words.plural(len(found), "open order")
    cost = sum(choice.cost.sent for choice in found.values())
    return f"{count}: {listed(parts)}, for about {money_words(ask, cost)} in all."


def _table(ask: Ask, sending: Sending) -> Table:
    rows = tuple(
        (
            number,
            customer_name(ask, order),
            f"{words.day(order.due_from.date(), ask.today)} {order.due_from:%H:%M}" if order.due_from else "",
            sender_words(ask, sending, number, short=True),
            money_words(ask, sending.found.choices[number].cost.sent),
        )
        for number, order in list(sending.orders.items())[:MOST_ROWS]
    )
    more = len(sending.orders) - len(rows)
    return Table(("Order", "Customer", "Due", "From", "Costs"), rows, f"and {more} more" if more else "")
