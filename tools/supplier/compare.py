"""Suppliers side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Category,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Table,
    listed,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.supplier_records import SupplierRecord, record_source, records
from tools.store import Product

MOST_SAID = 4
MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class _Price:
    """What one supplier asks for one product: the latest paid, else the cost in the catalogue."""

    sku: str
    supplier: str
    cost: Decimal
    paid_on: date | None


@tool(
    right=Right.SEE_COSTS,
)
def compare(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
) -> Result:
    """Compare suppliers."""
    chosen = chosen_products(ask, products, category)
    if isinstance(chosen, Refused):
        return chosen
    if not ask.catalogue.suppliers:
        return Refused("No suppliers are on the books yet. Import them first: suppliers.csv.")
    if not (products or category):
        return _all_of_them(ask)
    prices = _prices(ask, chosen)
    if not prices:
        names = words.first_few([product.name for product in chosen], MOST_SAID)
        return Reply(f"No supplier of {names} is on the books.", {"rows": []})
    return _of_products(ask, chosen, prices)


def _prices(ask: Ask, chosen: Sequence[Product]) -> list[_Price]:
    """The latest cost of each product at each of its suppliers, the cheapest first."""
    skus = {product.sku for product in chosen}
    found: dict[tuple[str, str], _Price] = {}
    for product in chosen:
        if product.supplier and product.cost is not None:
            key = (product.sku, product.supplier)
            found[key] = _Price(product.sku, product.supplier, product.cost, None)
    lines = [
        line
        for line in ask.store.purchasing.lines(skus=skus)
        if line.unit_cost is not None and line.supplier and line.status not in ("draft", "cancelled")
    ]
    for line in sorted(lines, key=lambda line: line.ordered_at or date.min):
        if line.unit_cost is not None:
            price = _Price(line.sku, line.supplier, line.unit_cost, line.ordered_at)
            found[line.sku, line.supplier] = price
    return sorted(found.values(), key=lambda price: (price.sku, price.cost, price.supplier))


def _of_products(ask: Ask, chosen: Sequence[Product], prices: Sequence[_Price]) -> Reply:
    by_sku: dict[str, list[_Price]] = defaultdict(list)
    for price in prices:
        by_sku[price.sku].append(price)
    codes = {price.supplier for price in prices}
    suppliers = [each for each in ask.catalogue.suppliers if each.code in codes]
    known = records(ask, suppliers, skus={product.sku for product in chosen})
    said = [_cheapest(ask, same) for same in list(by_sku.values())[:MOST_SAID]]
    rest = len(by_sku) - len(said)
    more = f"And {words.plural(rest, 'product')} more." if rest > 0 else ""
    without = [product.name for product in chosen if product.sku not in by_sku]
    none = f"No supplier is known of {words.first_few(without, MOST_SAID)}." if without else ""
    return Reply(
        words.sentences(*said, more, _reliable(known), none),
        {
            "rows": [_price_row(ask, price) for price in prices],
            "suppliers": [one.row(costs=True) for one in known],
        },
        blocks=(_price_table(ask, prices), _table(known)),
        sources=(record_source(ask, known),),
    )


def _cheapest(ask: Ask, prices: Sequence[_Price]) -> str:
    """Who is cheapest for one product, and by how much."""
    best, *others = prices
    product = ask.catalogue.products[best.sku]
    name, currency = _name(ask, best.supplier), ask.catalogue.currency
    when = f", paid {words.near_day(best.paid_on, ask.today)}" if best.paid_on else ""
    cost = words.money(best.cost, currency)
    if not others:
        return f"{product.name}: only {name} supplies it, at {cost}{when}."
    next_one = others[0]
    dearer = words.money(next_one.cost, currency)
    return (
        f"{product.name} is cheapest at {name}: {cost}{when}; {_name(ask, next_one.supplier)} asks {dearer}."
    )


def _name(ask: Ask, code: str) -> str:
    found = ask.catalogue.supplier(code)
    return found.name if found else code


def _price_row(ask: Ask, price: _Price) -> dict[str, Any]:
    return words.facts(
        sku=price.sku,
        name=ask.catalogue.products[price.sku].name,
        supplier=price.supplier,
        unit_cost=price.cost,
        paid_on=price.paid_on,
    )


def _price_table(ask: Ask, prices: Sequence[_Price]) -> Table:
    rows = tuple(
        (
            ask.catalogue.products[price.sku].name,
            _name(ask, price.supplier),
            words.money(price.cost, ask.catalogue.currency),
            words.day(price.paid_on, ask.today) if price.paid_on else "list",
        )
        for price in prices[:MOST_ROWS]
    )
    more = len(prices) - len(rows)
    return Table(("Product", "Supplier", "Cost each", "Paid"), rows, f"and {more} more" if more else "")


def _all_of_them(ask: Ask) -> Reply:
    """All suppliers by how well they keep their word."""
    known = [one for one in records(ask, ask.catalogue.suppliers) if one.record.orders]
    if not known:
        return Reply("No order from any supplier has come yet, so there is nothing to compare.", {"rows": []})
    known.sort(key=_best_first)
    return Reply(
        words.sentences(_reliable(known), _few(known)),
        {"rows": [one.row(costs=True) for one in known]},
        blocks=(_table(known),),
        sources=(record_source(ask, known),),
    )


def _best_first(one: SupplierRecord) -> tuple[float, float, str]:
    return -(one.record.on_time or 0.0), -(one.record.fill_rate or 0.0), one.supplier.name


def _reliable(known: Sequence[SupplierRecord]) -> str:
    """Who is on time most and least, and who is fastest."""
    judged = [one for one in known if one.record.on_time is not None]
    if not judged:
        return ""
    judged.sort(key=_best_first)
    best, worst = judged[0], judged[-1]
    start = f"{best.supplier.name} is on time {_share(best.record.on_time)} of the time ({_orders(best)})"
    if len(judged) == 1:
        return f"{start}."
    quick = [one for one in judged if one.record.lead_days is not None]
    fastest = min(quick, key=lambda one: one.record.lead_days or 0.0, default=None)
    end = f"{worst.supplier.name} {_share(worst.record.on_time)} ({_orders(worst)})"
    speed = (
        f" Fastest: {fastest.supplier.name}, {fastest.record.lead_days:.1f} days on average."
        if fastest and fastest.record.lead_days is not None
        else ""
    )
    return f"{start}, {end}.{speed}"


def _few(known: Sequence[SupplierRecord]) -> str:
    thin = [one.supplier.name for one in known if one.record.is_thin]
    return f"Few orders tell of {listed(thin[:MOST_SAID])}." if thin else ""


def _orders(one: SupplierRecord) -> str:
    return words.plural(one.record.orders, "order")


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _table(known: Sequence[SupplierRecord]) -> Table:
    columns = ("Supplier", "Orders", "On time", "Days", "±", "Came", "Broken", "Costs")
    return Table(columns, tuple(_row(one) for one in known[:MOST_ROWS]))


def _row(one: SupplierRecord) -> tuple[str | Decimal | int | None, ...]:
    record, trend = one.record, one.trend
    return (
        one.supplier.name,
        record.orders,
        _share(record.on_time),
        "" if record.lead_days is None else f"{record.lead_days:.1f}",
        "" if record.lead_sd is None else f"{record.lead_sd:.1f}",
        _share(record.fill_rate),
        "" if record.defects is None else f"{record.defects:.1%}",
        "" if trend is None else f"{trend:+.1%}",
    )
