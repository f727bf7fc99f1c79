"""A purchase order that is no longer wanted."""

from __future__ import annotations

import re

from tools.kit import Ask, Plan, PurchaseOrderNumber, Refused, Reply, Result, Right, Unclear, tool, words
from tools.kit.purchases import (
    button,
    goods_words,
    lines_table,
    now_standing,
    order_facts,
    order_source,
    retold,
    seen_orders,
    state,
    supplier_name,
    the_order,
    total_words,
)
from tools.store import Applied
from tools.store.buying_changes import CancelOrder
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseOrder

_DRAFT = re.compile(r"\b(drafts?|pending)\b", re.IGNORECASE)
# What has left the house: somebody has to tell the supplier.
OUTSIDE = ("ordered", "sent", "confirmed", "in_transit")


@tool(
    right=Right.BUY,
    writes=True,
)
def cancel(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
) -> Result:
    """Cancel a purchase order."""
    states = ("draft",) if _DRAFT.search(ask.text) else ("draft", *ON_ORDER)
    candidates = [order for order in seen_orders(ask, states) if order.status != "partial"]
    order = the_order(ask, po, candidates, "should go", "There is no purchase order that could be cancelled.")
    if isinstance(order, Unclear | Refused):
        return order
    return _refusal(ask, order) or _plan(ask, order)


def _refusal(ask: Ask, order: PurchaseOrder) -> Refused | None:
    if order.status not in ("draft", *ON_ORDER):
        return Refused(f"{order.po_no} {state(order)} already, so there is nothing to cancel.")
    if any(line.received_quantity > 0 for line in order.lines):
        rest = goods_words(ask, order.open, outstanding=True)
        text = f"Goods of {order.po_no} have come, so it can't be cancelled; still to come: {rest}."
        return Refused(text, (button("Close the rest short", "po.receive", order.po_no, do="close"),))
    return None


def _plan(ask: Ask, order: PurchaseOrder) -> Plan:
    name, goods = supplier_name(ask, order.supplier), goods_words(ask, order.lines)
    outside = order.status in OUTSIDE
    doubts = (f"{order.po_no} {state(order)}, so {name} has to be told as well.",) if outside else ()

    def tell(applied: Applied) -> Reply:
        now = now_standing(ask, order)
        text = f"{order.po_no} is cancelled: {goods} from {name} will not come."
        return retold(ask, applied, words.sentences(text, f"Please tell {name}." if outside else ""), now)

    cost = total_words(ask, order)
    return Plan(
        summary=f"Cancel {order.po_no}: {goods} from {name}{f', {cost}' if cost else ''}",
        change=CancelOrder(order.po_no),
        tell=tell,
        slots={"po": order.po_no},
        doubts=doubts,
        data=order_facts(ask, order),
        blocks=(lines_table(ask, order),),
        sources=(order_source(ask, [order]),),
    )
