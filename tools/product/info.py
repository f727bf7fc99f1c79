"""What is it, what does it cost, who makes it?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tools.kit import (
    Ask,
    Block,
    Detail,
    Field,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    Table,
    listed,
    tool,
    words,
)
from tools.kit.cards import card
from tools.kit.choose import chosen_products
from tools.kit.codes import Scanned
from tools.store import Catalogue, Product

SECRET = frozenset({"cost", "margin"})
NAMES = {
    "price": "price",
    "cost": "cost",
    "supplier": "supplier",
    "barcode": "barcode",
    "lead_time": "delivery time",
    "pack_size": "case size",
    "margin": "margin",
    "shelf_life": "shelf life",
}
MOST_SAID = 6
CELLS = ("price", "barcode", "pack_size", "shelf_life", "cost", "margin", "supplier", "lead_time")


@tool(
    right=Right.SEE_STOCK,
)
def info(ask: Ask, products: Products, field: Field | None = None, detail: Detail | None = None) -> Result:
    """Tell a product's price, cost, supplier, barcode, delivery time, case size, margin or shelf life."""
    chosen = chosen_products(ask, products, None)
    if isinstance(chosen, Refused):
        return chosen
    if detail is not None and len(chosen) == 1:  # a scanned code: the card to work from
        return card(ask, chosen[0], Scanned.from_detail(detail))
    if field is not None and field not in NAMES:
        return Refused(f"I keep no {field.replace('_', ' ')} of products: {listed(list(NAMES.values()))}.")
    if field in SECRET and not ask.may(Right.SEE_COSTS):
        return Refused(f"Your role may not see the {NAMES[field]} of products: ask a manager.")
    fields = (field,) if field else tuple(name for name in CELLS if _seen(ask, name))
    text = _field_text(ask, chosen, field) if field else _card_text(ask, chosen, fields)
    rows = [_row(ask, product, fields) for product in chosen]
    return Reply(text, {"rows": rows, "field": field}, _blocks(ask, chosen, fields), sources=_sources(ask))


def _seen(ask: Ask, field: str) -> bool:
    return field not in SECRET or ask.may(Right.SEE_COSTS)


def _field_text(ask: Ask, chosen: Sequence[Product], field: str) -> str:
    if len(chosen) == 1:
        return _sentence(ask, chosen[0], field)
    values = {product.sku: _said(ask.catalogue, product, field) for product in chosen}
    if len(set(values.values())) == 1 and values[chosen[0].sku]:
        all_of = "Both" if len(chosen) == 2 else f"All {len(chosen)}"
        name = words.group_name(chosen) or "products"
        return f"{all_of} {name}: {NAMES[field]} {values[chosen[0].sku]}."
    shown = [f"{product.name} {values[product.sku] or 'not known'}" for product in chosen[:MOST_SAID]]
    more = f" and {len(chosen) - len(shown)} more" if len(chosen) > len(shown) else ""
    return f"{words.capital(NAMES[field])}: {'; '.join(shown)}{more}."


def _sentence(ask: Ask, product: Product, field: str) -> str:
    said = _said(ask.catalogue, product, field)
    name = product.name
    if not said:
        return f"I have no {NAMES[field]} for {name}."
    each = "" if product.unit in words.PIECES else f" a {product.unit}"
    return {
        "price": f"{name} sells at {said}{each}.",
        "cost": f"{name} costs us {said}{each}.",
        "supplier": f"{name} comes from {said}.",
        "barcode": f"The barcode of {name} is {said}.",
        "lead_time": f"{name} takes {said} from order to delivery.",
        "pack_size": f"A case of {name} is {said}.",
        "margin": f"The margin on {name} is {said}.",
        "shelf_life": f"{name} keeps {said}.",
    }[field]


def _card_text(ask: Ask, chosen: Sequence[Product], fields: Sequence[str]) -> str:
    if len(chosen) > 1:
        names = words.first_few([f"{each.name} ({each.sku})" for each in chosen], MOST_SAID)
        return f"{len(chosen)} products: {names}."
    product = chosen[0]
    known = [(field, _said(ask.catalogue, product, field)) for field in fields]
    parts = [f"{NAMES[field]} {said}" for field, said in known if said]
    category = f", in {product.category}" if product.category else ""
    unit = "piece" if product.unit in words.PIECES else product.unit
    return (
        f"{product.name} ({product.sku}){category}, kept by the {unit}: {', '.join(parts) or 'no details'}."
    )


def _said(catalogue: Catalogue, product: Product, field: str) -> str:
    """One field in words; "" where it is not known."""
    value = _value(catalogue, product, field)
    if value is None or value == "":
        return ""
    if field in ("price", "cost"):
        return words.money(value, catalogue.currency)
    if field == "margin":
        return f"{words.money(value, catalogue.currency)} ({_percent(product)}% of the price)"
    if field in ("lead_time", "shelf_life"):
        return words.plural(value, "day")
    if field == "pack_size":
        return words.quantity(product, value)
    return str(value)


def _value(catalogue: Catalogue, product: Product, field: str) -> Any:
    if field == "supplier":
        found = catalogue.supplier(product.supplier)
        return found.name if found else product.supplier
    if field == "margin":
        return None if product.price is None or product.cost is None else product.price - product.cost
    if field == "lead_time":
        found = catalogue.supplier(product.supplier)
        own = product.lead_time_days
        return own if own is not None or found is None else found.lead_time_days
    names = {"shelf_life": "shelf_life_days"}
    return getattr(product, names.get(field, field))


def _percent(product: Product) -> Decimal:
    """Margin as a share of the price, to one decimal."""
    if not product.price or product.cost is None:
        return Decimal(0)
    share = (product.price - product.cost) / product.price * 100
    return share.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize() + 0


def _row(ask: Ask, product: Product, fields: Sequence[str]) -> dict[str, Any]:
    names = {"cost": "unit_cost", "lead_time": "lead_time_days", "shelf_life": "shelf_life_days"}
    values = {names.get(name, name): _value(ask.catalogue, product, name) for name in fields}
    if "supplier" in fields:
        values["supplier"] = product.supplier
    if "margin" in fields:
        values["margin_percent"] = _percent(product)
    return words.facts(
        sku=product.sku, name=product.name, category=product.category, unit=product.unit, **values
    )


def _blocks(ask: Ask, chosen: Sequence[Product], fields: Sequence[str]) -> tuple[Block, ...]:
    if len(chosen) == 1:
        return ()
    columns = ("Product", "SKU", *(words.capital(NAMES[field]) for field in fields))
    rows = tuple(
        (product.name, product.sku, *(_said(ask.catalogue, product, field) for field in fields))
        for product in chosen
    )
    return (Table(columns, rows),)


def _sources(ask: Ask) -> tuple[Source, ...]:
    return (Source("The product list", as_of=f"version {ask.catalogue.version}"),)
