"""What is written to a supplier: the order, a question where it is late, a note where goods are missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tools.kit.ask import Ask
from tools.kit.purchases import line_name, line_words, supplier_name
from tools.kit.reply import Paper, Prose, Table
from tools.kit.words import amount, money
from tools.store import PurchaseLine
from tools.store.planning_facts import PurchaseOrder


def shop_name(ask: Ask) -> str:
    """How the shop signs."""
    return ask.store.settings.get("shop_name") or ask.user.name


def order_paper(ask: Ask, order: PurchaseOrder) -> Paper:
    """The order as the supplier gets it."""
    head = [("Order", order.po_no), ("To", supplier_name(ask, order.supplier)), ("From", shop_name(ask))]
    found = ask.catalogue.supplier(order.supplier)
    if found and found.email:
        head.append(("E-mail", found.email))
    head.append(("Date", f"{_long(ask.today)}"))
    if order.expected_on:
        head.append(("Wanted by", f"{_long(order.expected_on)}"))
    total = f"Total: {money(order.value, ask.catalogue.currency)}" if order.value else ""
    please = f"Please confirm quantities, prices and the day, and quote {order.po_no}."
    foot = (total, please) if total else (please,)
    return Paper(f"Purchase order {order.po_no}", order.po_no, tuple(head), _table(ask, order), foot)


def _table(ask: Ask, order: PurchaseOrder) -> Table:
    currency = ask.catalogue.currency
    rows = tuple(
        (
            line.sku,
            line_name(ask, line),
            ask.catalogue.location_name(line.location) if line.location else "",
            line.quantity,
            "" if line.unit_cost is None else money(line.unit_cost, currency),
            "" if line.unit_cost is None else money(line.unit_cost * line.quantity, currency),
        )
        for line in order.lines
    )
    return Table(("Item", "Description", "Deliver to", "Quantity", "Each", "Sum"), rows)


def order_letter(ask: Ask, order: PurchaseOrder) -> Prose:
    """The e-mail that carries the order."""
    wanted = f" by {_long(order.expected_on)}" if order.expected_on else ""
    goods = [f"- {line_words(ask, line, line.quantity)} ({line.sku})" for line in order.lines]
    body = [f"we would like to order{wanted}:", *goods, "Please confirm quantities, prices and the day."]
    return _letter(ask, order, f"Purchase order {order.po_no}", body)


def chasing_letter(ask: Ask, order: PurchaseOrder) -> Prose:
    """The question where goods are that were due."""
    days = (ask.today - order.expected_on).days if order.expected_on else 0
    due = f" was due on {_long(order.expected_on)}, {days} days ago," if order.expected_on else ""
    goods = [f"- {line_words(ask, line, line.outstanding)} ({line.sku})" for line in order.open]
    body = [
        f"our order {order.po_no}{due} and these goods have not reached us:",
        *goods,
        "When will they come? Please tell us as well if something cannot be delivered.",
    ]
    return _letter(ask, order, f"{order.po_no}: when will it come?", body)


def receipt_letter(
    ask: Ask,
    order: PurchaseOrder,
    short: Sequence[tuple[PurchaseLine, Decimal]],
    broken: Sequence[tuple[str, Decimal]],
) -> Prose | None:
    """The note about what was missing or broken; None where all was well."""
    body = [f"- missing: {line_words(ask, line, value)} ({line.sku})" for line, value in short]
    products = ask.catalogue.products
    body += [
        f"- broken on arrival: {amount(value)} × {products[sku].name if sku in products else sku} ({sku})"
        for sku, value in broken
    ]
    if not body:
        return None
    start = f"your delivery on our order {order.po_no} came today. Of it there were:"
    end = "Please tell us when the missing goods come, and credit or replace what was broken."
    return _letter(ask, order, f"{order.po_no}: delivery of {_long(ask.today)}", [start, *body, end])


def _long(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def _letter(ask: Ask, order: PurchaseOrder, subject: str, body: Sequence[str]) -> Prose:
    found = ask.catalogue.supplier(order.supplier)
    to = f"To: {found.email}" if found and found.email else f"To: {supplier_name(ask, order.supplier)}"
    hello = f"Dear {supplier_name(ask, order.supplier)},"
    return Prose("\n".join([to, f"Subject: {subject}", "", hello, *body, "", "Kind regards", shop_name(ask)]))
