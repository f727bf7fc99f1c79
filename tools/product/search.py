"""What do we carry?"""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit import (
    Ask,
    Category,
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
from tools.kit.choose import chosen_products
from tools.store import Product

MOST_SAID = 6
MOST_ROWS = 60


@tool(
    right=Right.SEE_STOCK,
)
def search(ask: Ask, products: Products | None = None, category: Category | None = None) -> Result:
    """List which products the shop carries, by words or by category."""
    if not products and not category:
        return _categories(ask)
    chosen = chosen_products(ask, products, category)
    if isinstance(chosen, Refused):
        return chosen
    rows = [_row(product) for product in chosen]
    source = Source("The product list", as_of=f"version {ask.catalogue.version}")
    text = _text(chosen, category)
    return Reply(text, {"rows": rows, "total": len(chosen)}, _table(ask, chosen), sources=(source,))


def _text(chosen: Sequence[Product], category: str | None) -> str:
    names = words.first_few([product.name for product in chosen], MOST_SAID)
    if len(chosen) == 1:
        return f"We carry one: {chosen[0].name} ({chosen[0].sku})."
    many = f"{len(chosen)} products in {category}" if category else _many(chosen)
    return f"We carry {many}: {names}."


def _many(chosen: Sequence[Product]) -> str:
    name = words.group_name(chosen)
    return f"{len(chosen)} kinds of {name}" if name else f"{len(chosen)} products"


def _categories(ask: Ask) -> Reply:
    found = {name: len(skus) for name, skus in sorted(ask.catalogue.categories.items()) if name}
    total = len(ask.catalogue.products)
    rows = [{"category": name, "products": count} for name, count in found.items()]
    start = f"We carry {words.plural(total, 'product')}"
    text = (
        f"{start} in {words.plural(len(found), 'category')}: {listed(list(found))}." if found else f"{start}."
    )
    table = (Table(("Category", "Products"), tuple(found.items())),) if found else ()
    return Reply(text, {"rows": rows, "total": total, "categories": len(found)}, table)


def _row(product: Product) -> dict[str, object]:
    return words.facts(
        sku=product.sku,
        name=product.name,
        category=product.category,
        unit=product.unit,
        price=product.price,
    )


def _table(ask: Ask, chosen: Sequence[Product]) -> tuple[Table, ...]:
    if len(chosen) == 1:
        return ()
    currency = ask.catalogue.currency
    rows = tuple(
        (product.name, product.sku, words.money(product.price, currency) if product.price is not None else "")
        for product in chosen[:MOST_ROWS]
    )
    more = len(chosen) - len(rows)
    return (Table(("Product", "SKU", "Price"), rows, f"and {more} more" if more else ""),)
