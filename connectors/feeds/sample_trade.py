"""The demo shop's stock, customer orders and purchase orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from connectors.feeds.sample_goods import CUSTOMERS, SUPPLIERS, Good

ORDER_COLUMNS = "order_no customer placed_at due_from due_to status sku quantity"
PURCHASE_COLUMNS = (
    "po_no supplier status ordered_at expected_on received_at location sku quantity received_quantity"
    " defective_quantity unit_cost"
)
SOLD_OUT = ("GL-312", "FV-853")
LOW = ("MG-111", "CT-710", "LN-510", "DL-844", "SW-861", "CN-615")
OVERSTOCKED = ("KT-413", "BP-215", "GF-885")
FIRST_ORDER, FIRST_PURCHASE = 7301, 2301
TOMORROW = ("packed", "open", "packed", "open", "open", "packed", "open")
"""States of further orders for tomorrow, so that its deliveries are worth a plan."""
Row = tuple[Any, ...]


def stock(stocked: Sequence[Good], today: date, chance: np.random.Generator) -> list[Row]:
    """Stock per place and lot: mostly healthy, some low, two sold out, some about to expire, one expired."""
    rows: list[Row] = []
    for good in stocked:
        for place, quantity in _spread(good, chance):
            rows += _lots(good, place, quantity, today, chance)
    rows.append(("DY-826", "COLD", 4, "L-OLD", (today - timedelta(days=1)).isoformat()))
    return rows


def _spread(good: Good, chance: np.random.Generator) -> list[tuple[str, int]]:
    if good.sku in SOLD_OUT:
        return [("MARKET", 0), ("STATION", 0)]
    cover = min(26.0, good.shelf * 0.45) if good.shelf else 26.0
    amount = max(4.0, good.rate * cover * chance.uniform(0.8, 1.3))
    amount = amount * 0.12 + 1 if good.sku in LOW else amount
    amount = amount * 6 if good.sku in OVERSTOCKED else amount
    back = "COLD" if good.chilled else "STORE"
    shares = {"MARKET": 0.30, "STATION": 0.20, back: 0.50}
    if good.shelf and good.shelf <= 5:
        shares = {"MARKET": 0.6, "STATION": 0.4}
    return [(place, max(1, round(amount * share))) for place, share in shares.items()]


def _lots(good: Good, place: str, quantity: int, today: date, chance: np.random.Generator) -> list[Row]:
    if not good.shelf or not quantity:
        return [(good.sku, place, quantity, "", "")]
    age = int(chance.integers(0, max(1, round(good.shelf * 0.55))))
    first = today - timedelta(days=age)
    if quantity < 8 or place in ("MARKET", "STATION"):
        return [_lot(good, place, quantity, first)]
    older = today - timedelta(days=round(good.shelf * 0.85))
    return [_lot(good, place, quantity // 4, older), _lot(good, place, quantity - quantity // 4, first)]


def _lot(good: Good, place: str, quantity: int, made: date) -> Row:
    expires = made + timedelta(days=good.shelf or 0)
    return (good.sku, place, quantity, f"L{made:%y%m%d}", expires.isoformat())


def orders(stocked: Sequence[Good], today: date, chance: np.random.Generator) -> list[Row]:
    """Two months of delivered orders, then those on the road, packed, open, failed and cancelled."""
    done = [("delivered", -days) for days in range(60, 0, -2)]
    now = [
        ("failed", -1), ("cancelled", 0), ("out_for_delivery", 0), ("out_for_delivery", 0),
        ("packed", 0), ("packed", 0), ("packed", 1),
        ("open", 1), ("open", 1), ("open", 2), ("open", 2), ("open", 4),
    ]  # fmt: skip
    sellable = [good for good in stocked if good.unit != "kg" and good.sku not in SOLD_OUT]
    rows: list[Row] = []
    for number, (status, days) in enumerate(done + now, FIRST_ORDER):
        rows += _order(str(number), status, today + timedelta(days=days), sellable, chance)
    # A generator of their own: what is drawn after the orders stays as it was.
    own = np.random.default_rng(FIRST_ORDER)
    for number, status in enumerate(TOMORROW, FIRST_ORDER + len(done + now)):
        rows += _order(str(number), status, today + timedelta(days=1), sellable, own)
    return rows


def _order(
    number: str, status: str, due: date, sellable: Sequence[Good], chance: np.random.Generator
) -> list[Row]:
    customer = f"K{chance.integers(1, len(CUSTOMERS) + 1):03d}"
    placed = datetime.combine(due - timedelta(days=2), time(10, int(chance.integers(0, 60))))
    hour = int(chance.integers(9, 16))
    window = [datetime.combine(due, time(hour + extra)).isoformat(timespec="minutes") for extra in (0, 2)]
    chosen = chance.choice(len(sellable), size=int(chance.integers(1, 5)), replace=False)
    head = (number, customer, placed.isoformat(timespec="minutes"), *window, status)
    return [(*head, sellable[index].sku, int(chance.integers(1, 4))) for index in sorted(chosen)]


def purchase_orders(stocked: Sequence[Good], today: date, chance: np.random.Generator) -> list[Row]:
    """Half a year of receipts, each supplier with its habits; then orders in every state, one late."""
    rows: list[Row] = []
    number = FIRST_PURCHASE
    for weeks in range(26, 2, -1):
        for supplier in (SUPPLIERS[weeks % len(SUPPLIERS)], SUPPLIERS[(weeks * 5 + 3) % len(SUPPLIERS)]):
            rows += _received(f"PO-{number}", supplier, today - timedelta(weeks=weeks), stocked, chance)
            number += 1
    for code, status, ago in _OPEN:
        rows += _open(f"PO-{number}", code, status, today - timedelta(days=ago), stocked, chance)
        number += 1
    return sorted(rows, key=lambda row: row[0])


# Supplier, status, ordered so many days ago.  Grove's is overdue.
_OPEN = (
    ("GROVE", "ordered", 19),
    ("POTROW", "confirmed", 6),
    ("ANCHOR", "ordered", 2),
    ("CLEARWELL", "in_transit", 9),
    ("HARBERT", "partial", 4),
    ("COCOAWORKS", "sent", 1),
    ("GLIMMER", "draft", 0),
    ("INKWELL", "cancelled", 12),
)


def _bought(supplier: str, stocked: Sequence[Good], chance: np.random.Generator) -> list[tuple[Good, int]]:
    theirs = [good for good in stocked if good.supplier == supplier]
    chosen = chance.choice(len(theirs), size=min(len(theirs), int(chance.integers(2, 6))), replace=False)
    return [(theirs[index], theirs[index].pack * int(chance.integers(1, 4))) for index in sorted(chosen)]


def _received(
    number: str, supplier: Sequence[Any], ordered: date, stocked: Sequence[Good], chance: np.random.Generator
) -> list[Row]:
    code, lead, habit = supplier[0], supplier[3], supplier[5]
    expected = ordered + timedelta(days=lead)
    late = max(-1, habit + int(chance.integers(-1, 2)))
    arrived = datetime.combine(expected + timedelta(days=late), time(9, int(chance.integers(0, 60))))
    head = (
        number,
        code,
        "received",
        ordered.isoformat(),
        expected.isoformat(),
        arrived.isoformat(timespec="minutes"),
    )
    rows = []
    for good, quantity in _bought(code, stocked, chance):
        short = int(chance.random() < 0.04 * (1 + habit))
        bad = int(chance.random() < 0.05 * (1 + habit))
        rows.append((*head, _place(good), good.sku, quantity, quantity - short, bad, f"{good.cost:.2f}"))
    return rows


def _open(
    number: str, code: str, status: str, ordered: date, stocked: Sequence[Good], chance: np.random.Generator
) -> list[Row]:
    lead = next(supplier[3] for supplier in SUPPLIERS if supplier[0] == code)
    expected = (ordered + timedelta(days=lead)).isoformat()
    rows: list[Row] = []
    for line, (good, quantity) in enumerate(_bought(code, stocked, chance)):
        here = status == "partial" and line == 0
        arrived = f"{(ordered + timedelta(days=lead)).isoformat()}T09:20" if here else ""
        receipt = (quantity, 0) if here else ("", "")
        head = (number, code, status, ordered.isoformat(), expected, arrived)
        rows.append((*head, _place(good), good.sku, quantity, *receipt, f"{good.cost:.2f}"))
    return rows


def _place(good: Good) -> str:
    return "COLD" if good.chilled else "STORE"
