"""What a person could ask: sentences over the shop's own names, for what their role may do."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import access
from tools.kit import Ask, Parse, all_tools, listed, words
from tools.store import Catalogue

# Sentences that open a conversation well, in order; the names come from the shop.
OPENERS = (
    ("stock.query", "how many {products} left?"),
    ("report.daily", "give me the morning summary"),
    ("stock.low", "what's running low?"),
    ("sales.top", "best sellers this month"),
    ("stock.expiring", "what goes off this week?"),
    ("sales.report", "{category} sales last week"),
    ("stock.adjust", "we broke 1 {product}"),
    ("product.search", "which {category} do we carry?"),
    ("stock.value", "how much money is tied up in stock?"),
)


def for_user(ask: Ask, limit: int = 6) -> tuple[str, ...]:
    """Sentences that this person can say right now."""
    catalogue = ask.catalogue
    tools = all_tools()
    found = []
    for intent, pattern in OPENERS:
        tool = tools.get(intent)
        if tool is None or not tool.built or not access.may(ask.user, tool.right):
            continue
        sentence = _filled(pattern, catalogue)
        if sentence:
            found.append(sentence)
    return tuple(found[:limit])


def quoted(sentences: Sequence[str]) -> str:
    """Sentences in quotation marks, joined for reading."""
    return listed([f"“{sentence}”" for sentence in sentences], "or") if sentences else "“help”"


def reading(parse: Parse, catalogue: Catalogue) -> str:
    """One way to understand a message, as the label of a choice."""
    tool = all_tools()[parse.intent]
    deed = tool.description.rstrip(".")
    skus = parse.slots.get("products") or []
    names = [catalogue.products[sku].name for sku in skus if sku in catalogue.products]
    about = listed(names) if len(names) <= 2 else f"{len(names)} products"
    about = about or str(parse.slots.get("category") or "")
    return f"{deed}: {about}" if about else deed


def _filled(pattern: str, catalogue: Catalogue) -> str:
    product = next(iter(catalogue.products.values()), None)
    if "{product" in pattern and product is None:
        return ""
    if product is not None and "{product" in pattern:
        several = words.group_name([product]) or product.name.lower()
        return pattern.replace("{products}", several).replace("{product}", product.name.lower())
    if "{category}" in pattern:
        category = next(iter(catalogue.categories), "")
        return pattern.replace("{category}", category.lower()) if category else ""
    return pattern
