"""Where purchase orders stand and what is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from tools.kit import (
    Ask,
    Products,
    PurchaseOrderNumber,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    SupplierCode,
    Table,
    tool,
    words,
)
from tools.store import PurchaseLine
from tools.store.facts import ON_ORDER

CLOSED = ("received", "cancelled")
MOST_SAID = 3
MOST_LINES = 5
MOST_ROWS = 50
STATES = {
    "draft": "is a draft and not sent yet",
    "approved": "is approved",
    "ordered": "is ordered",
    "sent": "has been sent",
    "confirmed": "is confirmed",
    "in_transit": "is on its way",
    "partial": "has come in part",
    "received": "has come",
    "cancelled": "is cancelled",
}


@dataclass(frozen=True, slots=True)
class _Order:
    """One purchase order with those of its lines that the question is about."""

    lines: tuple[PurchaseLine, ...]

    @property
    def head(self) -> PurchaseLine:
        return self.lines[0]

    @property
    def open(self) -> tuple[PurchaseLine, ...]:
        return tuple(line for line in self.lines if line.outstanding > 0)


@tool(
    right=Right.SEE_STOCK,
)
def status(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
    supplier: SupplierCode | None = None,
    products: Products | None = None,
) -> Result:
    """Look up purchase orders."""
    lines = ask.store.purchasing.lines(skus=products or None, supplier=supplier, po_no=po)
    orders = _orders([line for line in lines if ask.user.locations is None or line.location in ask.places])
    if po is not None:
        unknown = Refused(f"I find no purchase order {po}{_of(ask, supplier)}.")
        return _one(ask, orders[0]) if orders else unknown
    coming = [order for order in orders if order.head.status in ON_ORDER and order.open]
    drafts = [order for order in orders if order.head.status == "draft"]
    if not coming:
        start = f"Nothing is on order{_of(ask, supplier)}{_for(ask, products)}."
        return _reply(ask, words.sentences(start, _drafts(drafts), _last(ask, orders)), drafts)
    return _reply(ask, words.sentences(_coming(ask, coming), _drafts(drafts)), [*coming, *drafts])


def _orders(lines: Sequence[PurchaseLine]) -> list[_Order]:
    by_number = sorted(lines, key=lambda line: line.po_no)
    found = [_Order(tuple(group)) for _, group in groupby(by_number, key=lambda line: line.po_no)]
    return sorted(found, key=lambda order: (order.head.expected_on or date.max, order.head.po_no))


def _one(ask: Ask, order: _Order) -> Reply:
    head = order.head
    state = STATES.get(head.status, f"is {head.status}")
    start = f"{head.po_no}{_from(ask, order)} {state}{_due(ask, order)}."
    if head.status in CLOSED or not order.open:
        return _reply(ask, words.sentences(start, _received(ask, order)), [order])
    what = "Still to come" if any(line.received_quantity for line in order.lines) else "On it"
    return _reply(ask, f"{start} {what}: {_goods(ask, order)}.", [order])


def _from(ask: Ask, order: _Order) -> str:
    return f" ({_supplier(ask, order)})" if order.head.supplier else ""


def _supplier(ask: Ask, order: _Order) -> str:
    found = ask.catalogue.supplier(order.head.supplier)
    return found.name if found else order.head.supplier


def _due(ask: Ask, order: _Order) -> str:
    expected = order.head.expected_on
    if order.head.status in CLOSED or not order.open or expected is None:
        return ""
    late = "was due" if expected < ask.today and order.head.status in ON_ORDER else "due"
    return f", {late} {words.near_day(expected, ask.today)}"


def _received(ask: Ask, order: _Order) -> str:
    last = max((line.received_at for line in order.lines if line.received_at is not None), default=None)
    if last is None or order.head.status == "cancelled":
        return ""
    short = [line for line in order.lines if line.received_quantity < line.quantity]
    missing = words.first_few([_shortfall(ask, line) for line in short], MOST_LINES)
    when = f"Received {words.near_day(last.date(), ask.today)}"
    return f"{when}, short of {missing}." if short else f"{when}, complete."


def _shortfall(ask: Ask, line: PurchaseLine) -> str:
    product = ask.catalogue.products.get(line.sku)
    missing = line.quantity - line.received_quantity
    return words.quantity_of(product, missing) if product else f"{words.amount(missing)} × {line.sku}"


def _goods(ask: Ask, order: _Order) -> str:
    products = ask.catalogue.products
    names = [
        words.quantity_of(products[line.sku], line.outstanding)
        if line.sku in products
        else f"{words.amount(line.outstanding)} × {line.sku}"
        for line in order.open
    ]
    return words.first_few(names, MOST_LINES)


def _coming(ask: Ask, orders: Sequence[_Order]) -> str:
    said = [_brief(ask, order) for order in orders[:MOST_SAID]]
    head = f"{words.plural(len(orders), 'purchase order')} {'is' if len(orders) == 1 else 'are'} open"
    late = sum(1 for order in orders if order.head.expected_on and order.head.expected_on < ask.today)
    overdue = f", {late} of them overdue" if late and len(orders) > 1 else ""
    rest = f" The next {MOST_SAID}" if len(orders) > MOST_SAID else ""
    joint = f"{head}{overdue}.{rest}" if rest else f"{head}{overdue}"
    return f"{joint}: {'; '.join(said)}."


def _brief(ask: Ask, order: _Order) -> str:
    return f"{order.head.po_no}{_from(ask, order)}{_due(ask, order)}: {_goods(ask, order)}"


def _drafts(orders: Sequence[_Order]) -> str:
    if not orders:
        return ""
    names = words.first_few([order.head.po_no for order in orders], MOST_LINES)
    return f"{words.plural(len(orders), 'draft')} not sent yet: {names}."


def _last(ask: Ask, orders: Sequence[_Order]) -> str:
    done = [
        (max(dates), order)
        for order in orders
        if (dates := [line.received_at for line in order.lines if line.received_at is not None])
    ]
    if not done:
        return ""
    when, order = max(done, key=lambda found: found[0])
    return f"The last one to come was {order.head.po_no}, {words.near_day(when.date(), ask.today)}."


def _of(ask: Ask, supplier: str | None) -> str:
    found = ask.catalogue.supplier(supplier)
    return f" from {found.name}" if found else ""


def _for(ask: Ask, products: Sequence[str] | None) -> str:
    known = [ask.catalogue.products[sku] for sku in products or () if sku in ask.catalogue.products]
    if not known:
        return ""
    return f" of {known[0].name if len(known) == 1 else words.group_name(known) or 'these products'}"


def _reply(ask: Ask, text: str, orders: Sequence[_Order]) -> Reply:
    lines = [line for order in orders for line in order.lines]
    rows = [_row(line) for line in lines]
    read = tuple(f"{line.po_no} ({line.status}): {line.quantity} of {line.sku}" for line in lines[:MOST_ROWS])
    source = Source(f"Purchase orders, {words.plural(len(lines), 'line')}", rows=read)
    return Reply(text, {"rows": rows, "orders": len(orders)}, _table(ask, lines), sources=(source,))


def _row(line: PurchaseLine) -> dict[str, Any]:
    return words.facts(
        po=line.po_no,
        supplier=line.supplier,
        status=line.status,
        ordered_at=line.ordered_at,
        expected_on=line.expected_on,
        location=line.location,
        sku=line.sku,
        quantity=line.quantity,
        received=line.received_quantity,
        outstanding=line.outstanding,
    )


def _table(ask: Ask, lines: Sequence[PurchaseLine]) -> tuple[Table, ...]:
    if len(lines) < 2:
        return ()
    products = ask.catalogue.products
    rows = tuple(
        (
            line.po_no,
            products[line.sku].name if line.sku in products else line.sku,
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
