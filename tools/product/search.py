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
    examples=(
        "which {category} do we (carry|stock|sell|have|do)",
        "what {category} do we (carry|stock|sell|have|do)",
        "what kinds of {category} (do we carry|are there)",
        "what sorts of {products} do we have",
        "which {products} do we (carry|stock|sell|do)",
        "do we (carry|stock|sell|do) [any] {products}",
        "do we even (carry|sell) {products}",
        "(list|show|show me) [all] [the] {category}",
        "list [all] [the] {products}",
        "list everything (in|under) {category}",
        "(what's|whats) in [the] {category} [section|range|category]",
        "{category} range",
        "range of {category}",
        "our {category} range please",
        "{category} list",
        "product list [for] {category}",
        "all {category} (products|items|lines)",
        "search [for] {products}",
        "search {category}",
        "find products (called|like|named) {products}",
        "look up {products} in the catalogue",
        "is there a {products} in (the system|the catalogue|our range)",
        "are {products} (in our range|something we sell|one of our lines)",
        "what different {products} are there",
        "what sizes do {products} come in",
        "what colours of {products} do we have",
        "how many (kinds|types|sorts|different) of {category} do we have",
        "how many different {products} do we carry",
        "what is the assortment in {category}",
        "which varieties of {products} we are keeping",
        "kindly list (the items|all items) in {category}",
        "please share catalogue of {category}",
        "show me what you have under {category}",
        "what (products|items) do we (sell|carry)",
        "what categories (do we have|are there)",
        "product catalogue",
        "show the catalogue",
        "what do we sell",
        "what have we got listed as {products}",
        "give me skus for {category}",
        "names of all {products}",
        "have we ever sold {products}",
        "a customer wants to know which {category} we do",
        "which {products} you have in the list",
        "options for {products}",
    ),
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
