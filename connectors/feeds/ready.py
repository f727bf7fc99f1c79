"""Mappings that need no guessing: what Shopify and Square export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Cells = dict[str, str]


@dataclass(frozen=True)
class Ready:
    """An export that is recognised by its headers.  ``tidy`` makes what tidies its rows (see ``mapped``)."""

    format: str
    kind: str
    marks: frozenset[str]
    columns: Mapping[str, str]
    tidy: Callable[[], Callable[[Cells], Cells | None]]


def recognised(header: Sequence[str], wanted: str) -> Ready | None:
    """The ready mapping for these headers, among all or among those of one format."""
    names = set(header)
    found = (ready for ready in READY if ready.marks <= names and wanted in ("auto", ready.format))
    return next(found, None)


def columns_of(ready: Ready, header: Sequence[str]) -> dict[str, str]:
    """Its columns, as far as this export has them."""
    return {ours: theirs for ours, theirs in ready.columns.items() if theirs in header}


def _every_row() -> Callable[[Cells], Cells | None]:
    return lambda cells: cells


def _shopify_orders() -> Callable[[Cells], Cells | None]:
    """Only the first line of an order says when it was and whether it was cancelled: the others follow it."""
    first: Cells = {}

    def tidy(cells: Cells) -> Cells | None:
        nonlocal first
        if cells.get("Name") != first.get("Name"):
            first = cells
        if first.get("Cancelled at") or first.get("Financial Status", "").lower() == "voided":
            return None
        filled = {name: cells.get(name) or first.get(name, "") for name in ("Created at", "Source", "Email")}
        return {**cells, **filled} if cells.get("Lineitem quantity") else None

    return tidy


def _shopify_products() -> Callable[[Cells], Cells | None]:
    """A product's title stands in its first row; rows without price or SKU are pictures."""
    titles: dict[str, Cells] = {}

    def tidy(cells: Cells) -> Cells | None:
        first = titles.setdefault(cells.get("Handle", ""), cells)
        if not cells.get("Variant SKU") and not cells.get("Variant Price"):
            return None
        option = cells.get("Option1 Value", "")
        filled = {name: cells.get(name) or first.get(name, "") for name in ("Title", "Vendor", "Type")}
        return {**cells, **filled, "Option1 Value": "" if option == "Default Title" else option}

    return tidy


READY = (
    Ready(
        "shopify",
        "sales",
        frozenset(("Name", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price")),
        {
            "sold_at": "Created at",
            "sku": "Lineitem sku",
            "name": "Lineitem name",
            "quantity": "Lineitem quantity",
            "unit_price": "Lineitem price",
            "order_ref": "Name",
            "channel": "Source",
            "customer": "Email",
        },
        _shopify_orders,
    ),
    Ready(
        "shopify",
        "products",
        frozenset(("Handle", "Title", "Variant SKU", "Variant Price")),
        {
            "sku": "Variant SKU",
            "name": "Title",
            "variant": "Option1 Value",
            "category": "Type",
            "barcode": "Variant Barcode",
            "price": "Variant Price",
            "cost": "Cost per item",
        },
        _shopify_products,
    ),
    Ready(
        "square",
        "sales",
        frozenset(("Date", "Time", "Item", "Qty", "Net Sales", "Transaction ID")),
        {
            "sold_at": "Date",
            "sold_time": "Time",
            "sku": "SKU",
            "name": "Item",
            "variant": "Price Point Name",
            "category": "Category",
            "quantity": "Qty",
            "amount": "Net Sales",
            "order_ref": "Transaction ID",
            "customer": "Customer ID",
            "location": "Location",
        },
        _every_row,
    ),
    Ready(
        "square",
        "products",
        frozenset(("Token", "Item Name", "SKU", "Price")),
        {
            "sku": "SKU",
            "name": "Item Name",
            "variant": "Variation Name",
            "category": "Category",
            "barcode": "GTIN",
            "price": "Price",
            "cost": "Default Unit Cost",
        },
        _every_row,
    ),
)
