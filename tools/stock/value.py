"""How much money is in the stock?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Block,
    Category,
    Chart,
    Place,
    Refused,
    Reply,
    Result,
    Right,
    Series,
    SupplierCode,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.holdings import NO_STOCK_YET, Holding, holdings, in_scope, never_booked, scope_of, stock_source

MOST_NAMED_WITHOUT = 3
MOST_GROUPS = 20


@tool(
    right=Right.SEE_COSTS,
)
def value(
    ask: Ask,
    category: Category | None = None,
    location: Place | None = None,
    supplier: SupplierCode | None = None,
) -> Result:
    """Tell what the stock is worth at cost, by category and by place."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, None, category, supplier)
    if isinstance(chosen, Refused):
        return chosen
    if never_booked(ask):
        return Reply(NO_STOCK_YET, {"rows": [], "total": None})
    held = [each for each in holdings(ask, chosen, scope) if each.on_hand]
    known = [each for each in held if each.product.cost is not None]
    without = [each.product.name for each in held if each.product.cost is None]
    found = ask.catalogue.supplier(supplier)
    about = (f" in {category}" if category else "") + (f" from {found.name}" if found else "")
    about += in_scope(ask, scope)
    by_category = _by_category(known)
    by_place = _by_place(known)
    return Reply(
        _text(ask, known, without, about),
        words.facts(
            total=words.pennies(_worth(known)),
            value=words.pennies(_worth(known)),
            products=len(known),
            without_cost=len(without),
            rows=_rows("category", by_category),
            places=_rows("location", by_place),
            currency=ask.catalogue.currency,
        ),
        blocks=_blocks(ask, by_category, by_place),
        sources=(stock_source(ask, known),),
    )


def _worth(held: Sequence[Holding]) -> Decimal:
    return words.summed(each.on_hand * (each.product.cost or Decimal(0)) for each in held)


def _text(ask: Ask, known: Sequence[Holding], without: Sequence[str], about: str) -> str:
    missing = ""
    if without:
        verb = "has" if len(without) == 1 else "have"
        names = words.first_few(without, MOST_NAMED_WITHOUT)
        missing = (
            f"{words.plural(len(without), 'product')} {verb} no cost and {_is(without)} left out: {names}."
        )
    if not known:
        return words.sentences(f"There is no stock{about} that I could value.", missing)
    worth = words.money(_worth(known), ask.catalogue.currency)
    start = f"The stock{about} is worth {worth} at cost, in {words.plural(len(known), 'product')}."
    return words.sentences(start, missing)


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _by_category(held: Sequence[Holding]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for each in held:
        sums[each.product.category or "without a category"] += each.on_hand * (each.product.cost or 0)
    return _largest(sums)


def _by_place(held: Sequence[Holding]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for each in held:
        for level in each.placed:
            sums[level.location or ""] += level.on_hand * (each.product.cost or 0)
    return _largest({code: money for code, money in sums.items() if money})


def _largest(sums: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _rows(key: str, sums: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    return [{key: name, "value": words.number(words.pennies(money))} for name, money in sums.items()]


def _blocks(
    ask: Ask, by_category: Mapping[str, Decimal], by_place: Mapping[str, Decimal]
) -> tuple[Block, ...]:
    currency, catalogue = ask.catalogue.currency, ask.catalogue
    blocks: list[Block] = []
    if len(by_category) > 1:
        shown = tuple(by_category.items())[:MOST_GROUPS]
        rows = tuple((name, words.money(money, currency)) for name, money in shown)
        blocks.append(Table(("Category", "At cost"), rows))
        values = tuple(float(money) for _, money in shown)
        names = tuple(name for name, _ in shown)
        blocks.append(Chart("Stock at cost", "bar", names, (Series("at cost", values),), currency))
    if len(by_place) > 1:
        places = tuple(
            (catalogue.location_name(code), words.money(m, currency)) for code, m in by_place.items()
        )
        blocks.append(Table(("Place", "At cost"), places))
    return tuple(blocks)
