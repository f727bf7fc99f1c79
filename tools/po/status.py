"""Where purchase orders stand and what is on its way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Detail,
    Products,
    Prose,
    PurchaseOrderNumber,
    Refused,
    Reply,
    Result,
    Right,
    SupplierCode,
    Table,
    tool,
    words,
)
from tools.kit.answers import difference_words, is_answer, read_answer
from tools.kit.letters import chasing_letter, order_letter, order_paper
from tools.kit.purchases import (
    OVER,
    button,
    due_words,
    find_order,
    goods_words,
    is_late,
    line_name,
    line_words,
    order_row,
    order_source,
    seen,
    step_words,
    supplier_name,
    total_words,
    unpacked,
)
from tools.kit.watch import Sighting, watch
from tools.kit.watching import HOURLY, urgency, usual_takings
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseLine, PurchaseOrder

MOST_SAID = 3
MOST_LINES = 5
MOST_ROWS = 50
MOST_BUTTONS = 4
_LATE = re.compile(r"\b(late|overdue|should (have|of) (come|arrived|been here))\b", re.IGNORECASE)
# What it costs that goods are late, as a share of their cost.
WAITING_COSTS = Decimal("0.1")
# A draft's state says more here than in the books: what it waits for.
STATES = {
    "draft": "is a draft and not sent yet",
    "approved": "is approved",
    "ordered": "is ordered",
    "sent": "has been sent",
    "confirmed": "is confirmed",
    "in_transit": "is on its way",
    "partial": "has come in part",
    "received": "has come",
    "closed": "is closed",
    "cancelled": "is cancelled",
}


@tool(
    right=Right.SEE_STOCK,
)
def status(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
    supplier: SupplierCode | None = None,
    products: Products | None = None,
    detail: Detail | None = None,
) -> Result:
    """Look up purchase orders."""
    if po is not None:
        return _one(ask, po, supplier, str(unpacked(detail).get("do") or ""))
    orders = _orders(ask, supplier, products)
    coming = [order for order in orders if order.status in ON_ORDER and order.open]
    drafts = [order for order in orders if order.status == "draft"]
    told = _told(ask, coming)
    if told is not None:
        return told
    if _LATE.search(ask.text):
        return _late(ask, coming, _of(ask, supplier))
    if not coming:
        start = f"Nothing is on order{_of(ask, supplier)}{_for(ask, products)}."
        return _reply(ask, words.sentences(start, _drafts(drafts), _last(ask, orders)), drafts)
    text = words.sentences(_coming(ask, coming), _drafts(drafts))
    late = [order for order in coming if is_late(ask, order)]
    return replace(_reply(ask, text, [*coming, *drafts]), buttons=_chases(ask, late))


def _late(ask: Ask, coming: Sequence[PurchaseOrder], of: str) -> Reply:
    """Only what should have come by now."""
    late = [order for order in coming if is_late(ask, order)]
    if not late:
        rest = f" {_coming(ask, coming)}" if coming else ""
        return _reply(ask, f"Nothing is late{of}.{rest}", coming)
    head = f"{words.plural(len(late), 'purchase order')} {'is' if len(late) == 1 else 'are'} late{of}"
    said = words.first_few([_brief(ask, order) for order in late], MOST_LINES)
    return replace(_reply(ask, f"{head}: {said}.", late), buttons=_chases(ask, late))


def _orders(ask: Ask, supplier: str | None, products: Sequence[str] | None) -> list[PurchaseOrder]:
    """The orders with those of their lines that the question is about."""
    found = []
    for each in ask.store.purchasing.orders(supplier=supplier):
        order = seen(ask, each)
        lines = tuple(line for line in order.lines if not products or line.sku in products) if order else ()
        if order and lines:
            found.append(replace(order, lines=lines))
    return sorted(found, key=lambda order: (order.expected_on or date.max, order.po_no))


# -- one order ---------------------------------------------------------------------------------------


def _one(ask: Ask, po: str, supplier: str | None, step: str) -> Result:
    order = find_order(ask, po)
    if isinstance(order, Refused) or (supplier is not None and order.supplier != supplier):
        return Refused(f"I find no purchase order {po}{_of(ask, supplier)}.")
    if step == "email":
        return _email(ask, order)
    if step == "chase":
        return _chase(ask, order)
    return _told(ask, [order]) or _shown(ask, order)


def _shown(ask: Ask, order: PurchaseOrder) -> Reply:
    head = STATES.get(order.status, f"is {order.status}")
    start = f"{order.po_no}{_from(ask, order)} {head}{due_words(ask, order)}."
    history = _history(ask, order)
    if order.status in OVER or not order.open:
        text = words.sentences(start, _received(ask, order))
    else:
        what = "Still to come" if any(line.received_quantity for line in order.lines) else "On it"
        total = total_words(ask, order)
        text = f"{start} {what}: {_goods(ask, order)}{f', {total}' if total else ''}."
    reply = _reply(ask, text, [order])
    return replace(reply, blocks=(*reply.blocks, *history), buttons=_next(ask, order))


def _history(ask: Ask, order: PurchaseOrder) -> tuple[Prose, ...]:
    steps = [step_words(ask, step) for step in ask.store.purchasing.history(order.po_no)]
    return (Prose(f"History: {'; '.join(steps)}."),) if steps else ()


def _next(ask: Ask, order: PurchaseOrder) -> tuple[Button, ...]:
    """What can be done with it now, by who may."""
    buys, number = ask.may(Right.BUY), order.po_no
    if order.status == "draft" and buys:
        cancel = button("Cancel it", "po.cancel", number, "danger")
        return (button(f"Approve {number}", "po.approve", number, "primary"), cancel)
    if order.status not in ON_ORDER or not order.open:
        return ()
    found = []
    if order.status == "approved" and buys:
        found.append(button("Mark as sent", "po.approve", number, "primary", do="send"))
        found.append(button("Copy e-mail", "po.status", number, do="email"))
    found.extend(_chases(ask, [order] if is_late(ask, order) else []))
    if ask.may(Right.MOVE_STOCK):
        found.append(button("It has arrived", "po.receive", number))
        if order.status == "partial":
            found.append(button("Close the rest short", "po.receive", number, do="close"))
    return tuple(found)


def _told(ask: Ask, orders: Sequence[PurchaseOrder]) -> Reply | None:
    """Somebody tells what the supplier confirmed: how that differs, and the button to note it."""
    if len(orders) != 1 or not is_answer(ask.text) or not ask.may(Right.BUY):
        return None
    order, answer = orders[0], read_answer(ask, orders[0])
    change = difference_words(ask, order, answer)
    text = f"{supplier_name(ask, order.supplier)} confirmed {order.po_no}: {change}. Shall I note that?"
    note = button("Note it", "po.approve", order.po_no, "primary", do="confirm", **answer.to_json())
    data = {"rows": [order_row(ask, order, line) for line in order.lines], "confirmed": answer.to_json()}
    return Reply(text, data, buttons=(note,), sources=(order_source(ask, [order]),))


def _email(ask: Ask, order: PurchaseOrder) -> Reply | Refused:
    if not ask.may(Right.BUY):
        return Refused(f"Your role ({ask.user.role}) may not order from suppliers.")
    letter, paper = order_letter(ask, order), order_paper(ask, order)
    sent = (button("Mark as sent", "po.approve", order.po_no, "primary", do="send"),)
    name = supplier_name(ask, order.supplier)
    text = f"The e-mail to {name} about {order.po_no}, to copy; the order is attached."
    buttons = sent if order.status == "approved" else ()
    return Reply(text, {"po": order.po_no, "letter": letter.text}, (letter, paper), buttons)


def _chase(ask: Ask, order: PurchaseOrder) -> Reply:
    if not is_late(ask, order):
        return Reply(f"{order.po_no} is not late: nothing that is due is missing.", {"po": order.po_no})
    letter = chasing_letter(ask, order)
    days = (ask.today - order.expected_on).days if order.expected_on else 0
    name = supplier_name(ask, order.supplier)
    text = f"{order.po_no} is {words.plural(days, 'day')} late. A message to {name}, to copy:"
    data = words.facts(po=order.po_no, days_late=days, letter=letter.text)
    return Reply(text, data, (letter,), sources=(order_source(ask, [order]),))


def _chases(ask: Ask, late: Sequence[PurchaseOrder]) -> tuple[Button, ...]:
    named = [(order.po_no, supplier_name(ask, order.supplier)) for order in late[:MOST_BUTTONS]]
    return tuple(
        button(f"Chase {name} ({number})", "po.status", number, do="chase") for number, name in named
    )


# -- words -------------------------------------------------------------------------------------------


def _from(ask: Ask, order: PurchaseOrder) -> str:
    return f" ({supplier_name(ask, order.supplier)})" if order.supplier else ""


def _received(ask: Ask, order: PurchaseOrder) -> str:
    last = max((line.received_at for line in order.lines if line.received_at is not None), default=None)
    if last is None or order.status == "cancelled":
        return ""
    short = [line for line in order.lines if line.received_quantity < line.quantity]
    missing = words.first_few([_shortfall(ask, line) for line in short], MOST_LINES)
    when = f"Received {words.near_day(last.date(), ask.today)}"
    return f"{when}, short of {missing}." if short else f"{when}, complete."


def _shortfall(ask: Ask, line: PurchaseLine) -> str:
    return line_words(ask, line, line.quantity - line.received_quantity)


def _goods(ask: Ask, order: PurchaseOrder) -> str:
    return goods_words(ask, order.open, outstanding=True)


def _coming(ask: Ask, orders: Sequence[PurchaseOrder]) -> str:
    said = [_brief(ask, order) for order in orders[:MOST_SAID]]
    head = f"{words.plural(len(orders), 'purchase order')} {'is' if len(orders) == 1 else 'are'} open"
    late = sum(1 for order in orders if is_late(ask, order))
    overdue = f", {late} of them overdue" if late and len(orders) > 1 else ""
    rest = f" The next {MOST_SAID}" if len(orders) > MOST_SAID else ""
    joint = f"{head}{overdue}.{rest}" if rest else f"{head}{overdue}"
    return f"{joint}: {'; '.join(said)}."


def _brief(ask: Ask, order: PurchaseOrder) -> str:
    return f"{order.po_no}{_from(ask, order)}{due_words(ask, order)}: {_goods(ask, order)}"


def _drafts(orders: Sequence[PurchaseOrder]) -> str:
    if not orders:
        return ""
    names = words.first_few([order.po_no for order in orders], MOST_LINES)
    return f"{words.plural(len(orders), 'draft')} not sent yet: {names}."


def _last(ask: Ask, orders: Sequence[PurchaseOrder]) -> str:
    done = [
        (max(dates), order)
        for order in orders
        if (dates := [line.received_at for line in order.lines if line.received_at is not None])
    ]
    if not done:
        return ""
    when, order = max(done, key=lambda found: found[0])
    return f"The last one to come was {order.po_no}, {words.near_day(when.date(), ask.today)}."


def _of(ask: Ask, supplier: str | None) -> str:
    found = ask.catalogue.supplier(supplier)
    return f" from {found.name}" if found else ""


def _for(ask: Ask, products: Sequence[str] | None) -> str:
    known = [ask.catalogue.products[sku] for sku in products or () if sku in ask.catalogue.products]
    if not known:
        return ""
    return f" of {known[0].name if len(known) == 1 else words.group_name(known) or 'these products'}"


def _reply(ask: Ask, text: str, orders: Sequence[PurchaseOrder]) -> Reply:
    lines = [line for order in orders for line in order.lines]
    rows: list[dict[str, Any]] = [order_row(ask, order, line) for order in orders for line in order.lines]
    data = {"rows": rows, "orders": len(orders)}
    if len(orders) == 1 and orders[0].status == "draft":
        data["waits_for"] = "approval"
    return Reply(text, data, _table(ask, lines), sources=(order_source(ask, orders),))


def _table(ask: Ask, lines: Sequence[PurchaseLine]) -> tuple[Table, ...]:
    if len(lines) < 2:
        return ()
    rows = tuple(
        (
            line.po_no,
            line_name(ask, line),
            line.quantity,
            line.outstanding,
            words.day(line.expected_on, ask.today) if line.expected_on else "",
            line.status.replace("_", " "),
        )
        for line in lines[:MOST_ROWS]
    )
    more = len(lines) - len(rows)
    columns = ("Order", "Product", "Ordered", "To come", "Due", "State")
    return (Table(columns, rows, f"and {more} more" if more else ""),)


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule="po.late", right=Right.SEE_STOCK, every=HOURLY)
def watch_late(ask: Ask) -> Iterator[Sighting]:
    """Late: a purchase order that should have come."""
    takings = usual_takings(ask)
    late = [one for one in ask.store.purchasing.orders(statuses=ON_ORDER) if is_late(ask, one)]
    for order in late:
        due = order.expected_on or ask.today
        days = words.plural((ask.today - due).days, "day")
        text = (
            f"{order.po_no}{_from(ask, order)} is {days} late{due_words(ask, order)}: {_goods(ask, order)}."
        )
        reply = _reply(ask, text, [order])
        arrived = button("It has arrived", "po.receive", order.po_no)
        to_come = words.summed(line.outstanding * (line.unit_cost or 0) for line in order.open)
        places = {line.location for line in order.open}
        yield Sighting(
            "po.late",
            order.po_no,
            str(places.pop() or "") if len(places) == 1 else "",
            replace(reply, buttons=(*_chases(ask, [order]), arrived)),
            urgency(to_come, takings),
            Right.SEE_STOCK,
            to_come * WAITING_COSTS,
            tuple(sorted({line.sku for line in order.open})),
        )
