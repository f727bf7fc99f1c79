"""The sale line that goes with a sale's moves, and the one that takes it back."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from tools.store.changes import BooksError, Sell
from tools.store.entry import Entry, Good, Place
from tools.store.ledger import plain
from tools.store.tables import SaleLineRow

SALES = SaleLineRow.__table__  # type: ignore[attr-defined]
UNDONE = "undone"

_INSERT = insert(SALES)
_STEP = Decimal("0.0001")
_DEAREST = Decimal(10) ** 9
_LARGEST_AMOUNT = Decimal(10) ** 14


def write_sale(entry: Entry, good: Good, place: Place, step: Sell) -> None:
    """Write what was sold, at the price said or else the list price (0 where there is neither)."""
    price = good.price if step.unit_price is None else _checked(step.unit_price)
    amount = ((price or Decimal(0)) * step.quantity).quantize(_STEP, ROUND_HALF_EVEN)
    if amount > _LARGEST_AMOUNT:
        raise BooksError(f"{amount.normalize():f} is more money than the books can hold")
    sold_at = _wall_time(entry, step.sold_at)
    row = {
        "row_key": _row_key(entry),
        "product_id": good.id,
        "location_id": place.id,
        "kind": "sale",
        "sold_on": sold_at.date() if sold_at else entry.day,
        "sold_at": sold_at,
        "quantity": step.quantity,
        "unit_price": price,
        "amount": amount,
        "channel": plain(entry.header.actor.channel, 40),
        "order_ref": plain(step.document, 64),
        "customer": "",
        "note": "",
        "group_id": entry.header.group_id,
    }
    entry.connection.execute(_INSERT, row)


def take_back_sales(entry: Entry, group_id: str) -> None:
    """Write the lines that bring the sales of a group to nothing, on the day of the sale."""
    lines = entry.connection.execute(select(SALES).where(SALES.c.group_id == group_id).order_by(SALES.c.id))
    for line in list(lines.mappings()):
        row = {key: value for key, value in line.items() if key != "id"}
        row |= {
            "row_key": _row_key(entry),
            "quantity": -line["quantity"],
            "amount": -line["amount"],
            "note": UNDONE,
            "group_id": entry.header.group_id,
        }
        entry.connection.execute(_INSERT, row)


def _row_key(entry: Entry) -> str:
    entry.sales += 1
    request = hashlib.sha256(entry.header.request_id.encode()).hexdigest()
    return f"books:{request}:{entry.sales}"


def _checked(price: Decimal) -> Decimal:
    if not price.is_finite() or not 0 <= price <= _DEAREST:
        raise BooksError(f"{price} is no price")
    if price.scaleb(4) % 1:
        raise BooksError(f"the price {price} has more than 4 decimal places")
    return price


def _wall_time(entry: Entry, instant: datetime | None) -> datetime | None:
    if instant is None or instant.tzinfo is None:
        return instant
    return instant.astimezone(ZoneInfo(entry.setting("time_zone") or "UTC")).replace(tzinfo=None)
