"""The yes that lets a purchase order go out, and its way to the supplier and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tools.kit import (
    Ask,
    Block,
    Button,
    Detail,
    Plan,
    PurchaseOrderNumber,
    Refused,
    Reply,
    Result,
    Right,
    Unclear,
    listed,
    tool,
    words,
)
from tools.kit.answers import TO_CONFIRM, SupplierAnswer, confirm_plan, is_answer, read_answer
from tools.kit.letters import order_letter, order_paper
from tools.kit.planning_pictures import order_picture
from tools.kit.purchases import (
    button,
    due_words,
    goods_words,
    is_late,
    label,
    lines_table,
    now_standing,
    on_day,
    order_facts,
    order_source,
    packed,
    retold,
    seen_orders,
    state,
    supplier_name,
    the_order,
    too_small,
    total_words,
    unpacked,
)
from tools.store import Applied
from tools.store.buying_changes import ApproveOrder, OrderSteps, SendOrder
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseOrder

_GOES_OUT = re.compile(r"\b(send|sent|submit|place|release|go(es)? out)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(all|both|every|each|drafts|orders|pos|po's)\b", re.IGNORECASE)
NOT_SENT_YET = ("approved",)


@tool(
    right=Right.BUY,
    writes=True,
)
def approve(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
    detail: Detail | None = None,
) -> Result:
    """Approve a purchase order."""
    wanted = unpacked(detail)
    if "orders" in wanted:
        return _approve_all(ask, wanted["orders"], {"detail": detail})
    drafts = seen_orders(ask, ["draft"])
    if po is None and len(drafts) > 1 and _SEVERAL.search(ask.text):
        every = {order.po_no: order.events for order in drafts}
        plan = _approve_all(ask, every, {"detail": packed(orders=every)})
        many = words.plural(len(drafts), "order")
        return replace(plan, doubts=(f"That is {many} at once.",)) if isinstance(plan, Plan) else plan
    order = the_order(ask, po, drafts, "do you mean", "No draft of a purchase order waits for approval.")
    if isinstance(order, Unclear | Refused):
        return order
    if wanted.get("do") == "send":
        return _send(ask, order, str(wanted.get("how") or ""))
    if wanted.get("do") == "confirm":
        return confirm_plan(ask, order, SupplierAnswer.from_json(wanted))
    if is_answer(ask.text) and order.status in TO_CONFIRM:
        return confirm_plan(ask, order, read_answer(ask, order))
    if order.status in NOT_SENT_YET and _GOES_OUT.search(ask.text):
        return _send(ask, order, "")
    return _approve(ask, order, wanted)


def _approve(ask: Ask, order: PurchaseOrder, wanted: Mapping[str, Any]) -> Plan | Refused:
    if order.status != "draft":
        return Refused(_settled_already(ask, order), _next_steps(ask, order))
    known = int(wanted.get("seen", order.events))
    if known != order.events:
        text = f"{order.po_no} was changed since you saw it: now it is {_what(ask, order)}. Approve that?"
        return Refused(text, (button(f"Approve {order.po_no}", "po.approve", order.po_no, "primary"),))

    def tell(applied: Applied) -> Reply:
        now = now_standing(ask, order)
        text = f"{order.po_no} is approved: {_what(ask, now)}."
        next_step = f"It still has to go to {supplier_name(ask, now.supplier)}."
        text = words.sentences(text, too_small(ask, now), next_step)
        return _with_papers(ask, retold(ask, applied, text, now), now)

    return Plan(
        summary=words.sentences(f"Approve {order.po_no}: {_what(ask, order)}.", too_small(ask, order)),
        change=ApproveOrder(order.po_no, order.events),
        tell=tell,
        slots={"po": order.po_no, "detail": packed(seen=order.events)},
        value=order.value,
        data=order_facts(ask, order),
        blocks=(lines_table(ask, order), *order_picture(ask, order)),
        sources=(order_source(ask, [order]),),
    )


def _approve_all(ask: Ask, numbers: Mapping[str, int], slots: Mapping[str, Any]) -> Plan | Refused:
    """Several drafts at once, each as it was shown."""
    orders = [order for order in seen_orders(ask, ["draft"]) if numbers.get(order.po_no) == order.events]
    if len(orders) != len(numbers):
        names = listed(sorted(set(numbers) - {order.po_no for order in orders}))
        return Refused(f"{names} changed since you saw it, so I approved none; look at them one by one.")

    def tell(applied: Applied) -> Reply:
        text = f"Approved: {listed([label(ask, order) for order in orders])}. They still have to be sent."
        now = ask.store.purchasing.orders(po_nos=list(numbers))
        data = {"orders": [order_facts(ask, order) for order in now], "group": applied.group_id}
        papers = tuple(order_paper(ask, order) for order in now)
        return Reply(text, data, papers, sources=(order_source(ask, now),))

    return Plan(
        summary=f"Approve {listed([label(ask, order) for order in orders])}",
        change=OrderSteps(tuple(ApproveOrder(order.po_no, order.events) for order in orders)),
        tell=tell,
        slots=slots,
        value=words.summed(order.value for order in orders),
        data={"orders": [order_facts(ask, order) for order in orders]},
    )


def _what(ask: Ask, order: PurchaseOrder) -> str:
    """What it is, in a phrase: goods, supplier, cost, arrival."""
    cost = total_words(ask, order)
    parts = [f"{goods_words(ask, order.lines)} from {supplier_name(ask, order.supplier)}", cost]
    arrival = due_words(ask, order).removeprefix(", ")
    return ", ".join(filter(None, (*parts, arrival)))


def _settled_already(ask: Ask, order: PurchaseOrder) -> str:
    if order.status in ("approved", *ON_ORDER) and order.approved_by:
        by = f" It was approved {on_day(ask, order.approved_at)} by {order.approved_by}."
        return f"{order.po_no} {state(order)} already.{by}"
    return f"{order.po_no} {state(order)} already, so there is nothing to approve."


def _next_steps(ask: Ask, order: PurchaseOrder) -> tuple[Button, ...]:
    if order.status in NOT_SENT_YET:
        return (_mark_sent(order), button("Copy e-mail", "po.status", order.po_no, do="email"))
    late = order.status in ON_ORDER and is_late(ask, order)
    return (button("Chase", "po.status", order.po_no, do="chase"),) if late else ()


def _mark_sent(order: PurchaseOrder) -> Button:
    return button("Mark as sent", "po.approve", order.po_no, "primary", do="send")


def _with_papers(ask: Ask, reply: Reply, order: PurchaseOrder) -> Reply:
    picture = order_picture(ask, order)
    blocks: tuple[Block, ...] = (lines_table(ask, order), *picture, order_paper(ask, order))
    return Reply(reply.text, reply.data, blocks, _next_steps(ask, order), reply.sources)


def _send(ask: Ask, order: PurchaseOrder, how: str) -> Plan | Refused:
    if order.status == "draft":
        text = f"{order.po_no} is a draft: approve it first."
        return Refused(text, (button(f"Approve {order.po_no}", "po.approve", order.po_no, "primary"),))
    if order.status not in NOT_SENT_YET:
        return Refused(f"{order.po_no} {state(order)} already.", _next_steps(ask, order))
    name = supplier_name(ask, order.supplier)

    def tell(applied: Applied) -> Reply:
        now = now_standing(ask, order)
        text = f"{order.po_no} is marked as sent to {name}{due_words(ask, now)}."
        reply = retold(ask, applied, text, now)
        confirmed = button("Confirmed as ordered", "po.approve", order.po_no, do="confirm")
        return Reply(reply.text, reply.data, (order_paper(ask, now),), (confirmed,), reply.sources)

    return Plan(
        summary=f"Mark {order.po_no} as sent to {name}: {_what(ask, order)}",
        change=SendOrder(order.po_no, how),
        tell=tell,
        slots={"po": order.po_no, "detail": packed(do="send", how=how)},
        data=order_facts(ask, order),
        blocks=(order_letter(ask, order), order_paper(ask, order)),
    )
