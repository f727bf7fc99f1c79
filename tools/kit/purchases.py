"""Purchase orders as people see them: which one is meant, what is on it, how it stands, who may see it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from tools.kit.ask import Ask, Right
from tools.kit.reply import Button, Call, Option, Refused, Reply, Source, Table, Unclear, listed
from tools.kit.words import (
    amount,
    day,
    facts,
    first_few,
    money,
    near_day,
    plural,
    quantity,
    quantity_of,
    summed,
)
from tools.store import Applied, PurchaseLine
from tools.store.buying_events import STATE_WORDS
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseEvent, PurchaseOrder

MOST_OPTIONS = 6
MOST_NAMED = 5
MOST_ROWS = 50
OVER = ("received", "closed", "cancelled")
DEEDS = {
    "draft": "drafted",
    "revise": "changed",
    "approve": "approved",
    "send": "sent",
    "confirm": "confirmed by the supplier",
    "receive": "booked in",
    "close": "closed short",
    "cancel": "cancelled",
}


def packed(**values: Any) -> str:
    """What a button has to carry, as one slot."""
    return json.dumps(values, separators=(",", ":"))


def unpacked(detail: str | None) -> Mapping[str, Any]:
    """The inverse of :func:`packed`; nothing, or nothing readable, is empty."""
    try:
        found = json.loads(detail or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def button(
    label: str,
    intent: str,
    po_no: str,
    style: Literal["primary", "default", "danger"] = "default",
    **values: Any,
) -> Button:
    """A button about one order."""
    slots: dict[str, Any] = {"po": po_no}
    if values:
        slots["detail"] = packed(**values)
    return Button(label, Call(intent, slots), style)


def supplier_name(ask: Ask, code: str | None) -> str:
    """How the supplier is called, else its code."""
    found = ask.catalogue.supplier(code)
    return found.name if found else (code or "the supplier")


def seen(ask: Ask, order: PurchaseOrder) -> PurchaseOrder | None:
    """The order with those of its lines that go to places of this person; None where there are none."""
    if ask.user.locations is None:
        return order
    lines = tuple(line for line in order.lines if line.location in ask.places)
    return replace(order, lines=lines) if lines else None


def seen_orders(
    ask: Ask, statuses: Collection[str] | None = None, supplier: str | None = None
) -> list[PurchaseOrder]:
    """The orders in these states of which this person may know."""
    found = ask.store.purchasing.orders(statuses=statuses, supplier=supplier)
    return [order for each in found if (order := seen(ask, each)) is not None]


def find_order(ask: Ask, po_no: str) -> PurchaseOrder | Refused:
    """The order with this number, as far as this person sees it."""
    found = ask.store.purchasing.order(po_no)
    order = seen(ask, found) if found else None
    return order or Refused(f"I find no purchase order {po_no}.")


def the_order(
    ask: Ask, po_no: str | None, candidates: Sequence[PurchaseOrder], verb: str, none: str
) -> PurchaseOrder | Unclear | Refused:
    """The order that is meant: the one named, else the only one that can be, of a supplier that is named."""
    if po_no is not None:
        return find_order(ask, po_no)
    if not candidates:
        return Refused(none)
    candidates = _of_named(ask, candidates) or candidates
    if len(candidates) == 1:
        return candidates[0]
    shown = candidates[:MOST_OPTIONS]
    options = tuple(Option(label(ask, order), {"po": order.po_no}) for order in shown)
    rest = len(candidates) - len(shown)
    more = f" There are {rest} more: say the number for another." if rest else ""
    names = listed([option.label for option in options], "or")
    return Unclear("po", f"Which purchase order {verb}: {names}?{more}", options)


def _of_named(ask: Ask, orders: Sequence[PurchaseOrder]) -> list[PurchaseOrder]:
    """The orders whose supplier's name, or a word of it that no other supplier has, is in what was said."""
    said = set(re.findall(r"\w+", ask.text.lower()))
    names = {one.code: set(re.findall(r"\w+", one.name.lower())) for one in ask.catalogue.suppliers}
    found = []
    for order in orders:
        others = {word for code, words in names.items() if code != order.supplier for word in words}
        own = names.get(order.supplier, set()) - others
        found += [order] if own & said else []
    return found


def label(ask: Ask, order: PurchaseOrder) -> str:
    """An order in a list of choices: "PO-1043 (Acme Ceramics, £22.80, due Sun 22 Mar)"."""
    parts = [supplier_name(ask, order.supplier), *worth(ask, order)]
    if order.expected_on:
        parts.append(f"due {near_day(order.expected_on, ask.today)}")
    return f"{order.po_no} ({', '.join(parts)})"


def worth(ask: Ask, order: PurchaseOrder) -> list[str]:
    """What it costs, for those who may see that; nothing where no cost is known."""
    return [money(order.value, ask.catalogue.currency)] if ask.may(Right.SEE_COSTS) and order.value else []


def state(order: PurchaseOrder) -> str:
    """Where it stands, as the rest of a sentence."""
    return STATE_WORDS.get(order.status, f"is {order.status}")


def is_late(ask: Ask, order: PurchaseOrder) -> bool:
    """Whether goods that were due before today are still to come."""
    due = order.expected_on
    return bool(due and due < ask.today and order.status in ON_ORDER and order.open)


def line_words(ask: Ask, line: PurchaseLine, value: Decimal) -> str:
    """An amount of what a line is about: "24 × Red Mug 350ml"."""
    product = ask.catalogue.products.get(line.sku)
    return quantity_of(product, value) if product else f"{amount(value)} × {line.sku}"


def goods_words(ask: Ask, lines: Sequence[PurchaseLine], *, outstanding: bool = False) -> str:
    """What is on these lines, the first few by name."""
    values = [line.outstanding if outstanding else line.quantity for line in lines]
    names = [line_words(ask, line, value) for line, value in zip(lines, values, strict=True)]
    return first_few(names, MOST_NAMED)


def line_name(ask: Ask, line: PurchaseLine) -> str:
    """What a line is about."""
    product = ask.catalogue.products.get(line.sku)
    return product.name if product else line.sku


def line_amount(ask: Ask, line: PurchaseLine, value: Decimal) -> str:
    """An amount in the line's own unit: "24", "2.5 kg"."""
    product = ask.catalogue.products.get(line.sku)
    return quantity(product, value) if product else amount(value)


def due_words(ask: Ask, order: PurchaseOrder) -> str:
    """When it is or was due: ", due tomorrow"; "" where nothing is to come or no day is known."""
    if order.status in OVER or not order.open or order.expected_on is None:
        return ""
    verb = "was due" if is_late(ask, order) else "due"
    return f", {verb} {near_day(order.expected_on, ask.today)}"


def order_row(ask: Ask, order: PurchaseOrder, line: PurchaseLine) -> dict[str, Any]:
    """One line for ``data``."""
    row = facts(
        po=order.po_no,
        supplier=order.supplier,
        status=order.status,
        ordered_at=order.ordered_at,
        expected_on=order.expected_on,
        location=line.location,
        sku=line.sku,
        quantity=line.quantity,
        received=line.received_quantity,
        defective=line.defective_quantity,
        outstanding=line.outstanding,
        closed_short=line.closed_short,
    )
    if ask.may(Right.SEE_COSTS):
        row.update(facts(unit_cost=line.unit_cost))
    return row


def order_facts(ask: Ask, order: PurchaseOrder) -> dict[str, Any]:
    """The figures of one order for ``data``."""
    figures = facts(
        po=order.po_no,
        supplier=order.supplier,
        status=order.status,
        expected_on=order.expected_on,
        rows=[order_row(ask, order, line) for line in order.lines[:MOST_ROWS]],
        lines=len(order.lines),
    )
    if ask.may(Right.SEE_COSTS):
        figures.update(facts(value=order.value))
    return figures


def lines_table(ask: Ask, order: PurchaseOrder) -> Table:
    """The lines of an order, with costs for those who may see them."""
    costs = ask.may(Right.SEE_COSTS)
    columns = ("Product", "Place", "Ordered", "To come", *(("Each", "Cost") if costs else ()))
    rows = tuple(_table_row(ask, line, costs=costs) for line in order.lines[:MOST_ROWS])
    more = len(order.lines) - len(rows)
    return Table(columns, rows, f"and {more} more" if more else "")


def _table_row(ask: Ask, line: PurchaseLine, *, costs: bool) -> tuple[str | Decimal | None, ...]:
    place = ask.catalogue.location_name(line.location) if line.location else ""
    row = (line_name(ask, line), place, line.quantity, line.outstanding)
    if not costs:
        return row
    if line.unit_cost is None:
        return (*row, None, None)
    currency = ask.catalogue.currency
    return (*row, money(line.unit_cost, currency), money(line.unit_cost * line.quantity, currency))


def step_words(ask: Ask, event: PurchaseEvent) -> str:
    """One step of an order's life: "approved Mon 16 Mar by Anna Bell"."""
    when = event.at.astimezone(ask.now.tzinfo).date()
    undone = ", taken back later" if event.undone else ""
    return f"{DEEDS.get(event.kind, event.kind)} {near_day(when, ask.today)} by {event.actor}{undone}"


def order_source(ask: Ask, orders: Sequence[PurchaseOrder]) -> Source:
    """Where figures about orders come from, line by line; one order with its steps."""
    rows = [
        f"{line.po_no} ({line.status}): {amount(line.quantity)} of {line_name(ask, line)}, "
        f"{amount(line.received_quantity)} came"
        for order in orders
        for line in order.lines
    ]
    if len(orders) == 1:
        steps = ask.store.purchasing.history(orders[0].po_no)
        rows += [f"{orders[0].po_no}: {step_words(ask, step)}" for step in steps]
    lines = sum(len(order.lines) for order in orders)
    return Source(f"Purchase orders, {plural(lines, 'line')}", rows=tuple(rows[:MOST_ROWS]))


def retold(ask: Ask, applied: Applied, text: str, order: PurchaseOrder, **more: Any) -> Reply:
    """The reply for a change of an order that was made."""
    start = "That was done before: " if applied.repeated else ""
    data = {**order_facts(ask, order), **more, "group": applied.group_id, "position": applied.position}
    return Reply(start + text, data, sources=(order_source(ask, [order]),))


def now_standing(ask: Ask, order: PurchaseOrder) -> PurchaseOrder:
    """The order as it stands now, after a change."""
    found = ask.store.purchasing.order(order.po_no)
    return (seen(ask, found) if found else None) or order


def total_words(ask: Ask, order: PurchaseOrder) -> str:
    """What it comes to: "£22.80 in all"; "" for those who may not see it."""
    costs = worth(ask, order)
    unknown = sum(1 for line in order.lines if line.unit_cost is None)
    more = f", {plural(unknown, 'line')} without a cost" if unknown and costs else ""
    return f"{costs[0]} in all{more}" if costs else ""


def pieces(lines: Sequence[PurchaseLine]) -> Decimal:
    """What is still to come on these lines together."""
    return summed(line.outstanding for line in lines)


def on_day(ask: Ask, instant: datetime | None) -> str:
    """The day of an instant: "today", "Mon 16 Mar"."""
    return near_day(instant.astimezone(ask.now.tzinfo).date(), ask.today) if instant else ""


def long_day(ask: Ask, order: PurchaseOrder) -> str:
    """When it should come, as a day."""
    return day(order.expected_on, ask.today) if order.expected_on else "no day given"


def too_small(ask: Ask, order: PurchaseOrder) -> str:
    """That the supplier wants more in one order; "" where it is enough."""
    found = ask.catalogue.supplier(order.supplier)
    least = found.min_order_value if found else None
    if least is None or order.value >= least:
        return ""
    currency = ask.catalogue.currency
    missing = money(least - order.value, currency)
    return f"{supplier_name(ask, order.supplier)} wants {money(least, currency)} at least: {missing} more."
