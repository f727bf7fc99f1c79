"""From the read cells of a line to the row that the books keep, and the key that makes it count once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.feeds.cells import BadCell, Moment
from tools.store.imports_facts import SOURCED
from tools.store.imports_plain import digest

SALES_ROW = (
    "key", "sku", "location", "kind", "sold_on", "sold_at", "quantity", "unit_price", "amount",
    "channel", "order_ref", "customer", "note",
)  # fmt: skip
FEEDBACK_ROW = ("key", "received_at", "channel", "customer", "sku", "rating", "text", "source")
_WORDS = FEEDBACK_ROW[1:-1]
_QUANTITY_STEPS = 1_000


def money_of(quantity: int, unit_price: int | None) -> int:
    """Quantity (3 places) times price (4 places) in money's step, half a step rounded away from zero."""
    product = quantity * (unit_price or 0)
    size = (abs(product) + _QUANTITY_STEPS // 2) // _QUANTITY_STEPS
    return size if product >= 0 else -size


def sale_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A line of sales.csv."""
    when: Moment = values["sold_at"]
    sku, location, quantity = values["sku"], values.get("location", ""), values["quantity"]
    kind = values.get("kind") or ("return" if quantity < 0 else "sale")
    if kind != "charge" and (not sku or not quantity):
        raise BadCell("a SKU and a quantity other than 0 (only a charge has none)")
    price, amount = values.get("unit_price"), values.get("amount")
    if price is None and amount is not None and quantity:
        price = _price_of(amount, quantity)
    channel = values.get("channel", "")
    rest = (channel, values.get("order_ref", ""), values.get("customer", ""), values.get("note", ""))
    key = digest(when.time or when.day, sku, location, kind, quantity, price, amount, *rest)
    money = money_of(quantity, price) if amount is None else amount
    return (key, sku, location, kind, when.day, when.time, quantity, price, money, *rest)


def _price_of(amount: int, quantity: int) -> int:
    """The price of one, rounded half up to money's step; the amount stays what was said."""
    return (abs(amount) * _QUANTITY_STEPS * 2 + abs(quantity)) // (2 * abs(quantity))


def feedback_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A line of feedback.csv, or of an export of reviews (with the source's own number for it)."""
    kept = tuple(values.get(name) for name in _WORDS)
    kept = tuple(
        "" if value is None and name != "rating" else value for name, value in zip(_WORDS, kept, strict=True)
    )
    source, number = values.get("source") or "", values.get("source_id") or ""
    key = SOURCED + digest(source, number) if number else digest(*kept)
    return (key, *kept, source)


def stock_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A line of stock.csv."""
    if not values["location"]:
        raise BadCell("the code of a location (the shop has more than one)")
    return (
        values["sku"],
        values["location"],
        values.get("lot", ""),
        values.get("expires_on"),
        values["quantity"],
    )


def reading_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A line of sensor_readings.csv."""
    return values["sensor"], values["read_at"], values["value"]
