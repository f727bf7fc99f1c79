"""Drafts of purchase orders as plans: what they would hold, and what can be done with them then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.letters import order_paper
from tools.kit.planning_pictures import order_picture
from tools.kit.purchases import (
    goods_words,
    label,
    lines_table,
    long_day,
    order_facts,
    order_source,
    packed,
    supplier_name,
    too_small,
    total_words,
)
from tools.kit.reply import Block, Button, Call, Plan, Reply, listed
from tools.kit.words import facts, money, plural, sentences, summed
from tools.store import Applied
from tools.store.buying_changes import DraftOrder, OrderSteps, ReviseOrder
from tools.store.planning_facts import PurchaseOrder

MOST_NAMED = 5
Drafting = DraftOrder | ReviseOrder


def drafts_plan(
    ask: Ask,
    steps: Sequence[Drafting],
    slots: Mapping[str, Any],
    *,
    goods: str = "",
    said: str = "",
) -> Plan:
    """The plan that makes these drafts of ``goods``; ``said`` is told about them before and after."""

    def tell(applied: Applied) -> Reply:
        return told_drafts(ask, applied, said)

    change = steps[0] if len(steps) == 1 else OrderSteps(tuple(steps))
    return Plan(
        summary=sentences(f"Draft {f'{goods}: ' if goods else ''}{_steps_words(ask, steps)}.", said),
        change=change,
        tell=tell,
        slots=slots,
        data=facts(drafts=len(steps), lines=sum(len(step.lines) for step in steps)),
    )


def _steps_words(ask: Ask, steps: Sequence[Drafting]) -> str:
    return listed([_step_words(ask, step) for step in steps[:MOST_NAMED]])


def _step_words(ask: Ask, step: Drafting) -> str:
    lines = plural(len(step.lines), "line")
    cost = summed(line.quantity * (line.unit_cost or Decimal(0)) for line in step.lines)
    costs = f", {money(cost, ask.catalogue.currency)}" if cost and ask.may(Right.SEE_COSTS) else ""
    if isinstance(step, ReviseOrder):
        return f"onto {step.po_no} ({lines} then{costs})"
    return f"an order to {supplier_name(ask, step.supplier)} ({lines}{costs})"


def told_drafts(ask: Ask, applied: Applied, said: str) -> Reply:
    """The reply for drafts that were made, with the next step for who may take it."""
    orders = ask.store.purchasing.orders(po_nos=applied.documents)
    start = "That was done before: " if applied.repeated else ""
    small = [too_small(ask, order) for order in orders]
    text = sentences(f"{start}{_orders_words(ask, orders)}", said, *small, _next_words(ask, orders))
    data: dict[str, Any] = {
        "orders": [order_facts(ask, order) for order in orders],
        "group": applied.group_id,
        "position": applied.position,
    }
    if len(orders) == 1:
        data = {**order_facts(ask, orders[0]), **data}
    return Reply(text, data, _blocks(ask, orders), _buttons(ask, orders), (order_source(ask, orders),))


def _orders_words(ask: Ask, orders: Sequence[PurchaseOrder]) -> str:
    if len(orders) == 1:
        order = orders[0]
        goods = goods_words(ask, order.lines)
        cost = total_words(ask, order)
        parts = [f"{goods} from {supplier_name(ask, order.supplier)}", cost, f"here {long_day(ask, order)}"]
        return f"Draft {order.po_no}: {', '.join(filter(None, parts))}."
    names = [label(ask, order) for order in orders[:MOST_NAMED]]
    rest = len(orders) - len(names)
    more = [f"{rest} more"] if rest > 0 else []
    return f"{plural(len(orders), 'draft')} made: {listed([*names, *more])}."


def _next_words(ask: Ask, orders: Sequence[PurchaseOrder]) -> str:
    if not ask.may(Right.BUY):
        return ""
    return "Nothing is bought before it is approved." if orders else ""


def _blocks(ask: Ask, orders: Sequence[PurchaseOrder]) -> tuple[Block, ...]:
    if len(orders) != 1:
        return ()
    order = orders[0]
    return (lines_table(ask, order), *order_picture(ask, order), order_paper(ask, order))


def _buttons(ask: Ask, orders: Sequence[PurchaseOrder]) -> tuple[Button, ...]:
    if not ask.may(Right.BUY) or not orders:
        return ()
    total = summed(order.value for order in orders)
    cost = f" ({money(total, ask.catalogue.currency)})" if total and ask.may(Right.SEE_COSTS) else ""
    if len(orders) == 1:
        name, slots = f"Approve {orders[0].po_no}{cost}", {"po": orders[0].po_no}
        slots["detail"] = packed(seen=orders[0].events)
    else:
        name = f"Approve all {len(orders)}{cost}"
        slots = {"detail": packed(orders={order.po_no: order.events for order in orders})}
    return (Button(name, Call("po.approve", slots), "primary"),)
