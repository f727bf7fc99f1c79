"""What sells best?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tools.kit import (
    Ask,
    Category,
    Period,
    Place,
    Quantity,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    Span,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.holdings import in_scope, scope_of
from tools.kit.lowstock import sales_window
from tools.kit.spans import so_far
from tools.store import SalesTotal

DEFAULT_COUNT = 10
MOST_COUNT = 100
MOST_SAID = 5


@tool(
    right=Right.SEE_SALES,
)
def top(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    location: Place | None = None,
    quantity: Quantity | None = None,
) -> Result:
    """Rank what sold best, by units, with the money that it brought in."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, None, category) if category else None
    if isinstance(chosen, Refused):
        return chosen
    count = int(quantity) if quantity is not None else DEFAULT_COUNT
    if not 1 <= count <= MOST_COUNT:
        return Refused(f"I can rank 1 to {MOST_COUNT} products, not {count}.")
    days = so_far(period, ask.today) if period else sales_window(ask)
    if days is None:
        return Reply("No sales are on record yet.", {"rows": [], "total": 0})
    totals = ask.store.sales.totals(
        first=days.first,
        last=days.last,
        skus=None if chosen is None else [product.sku for product in chosen],
        locations=scope.locations,
        by="product",
        limit=count,
        order="quantity",
    )
    ranked = [total for total in totals if total.net > 0]
    about = f"{f' in {category}' if category else ''}{in_scope(ask, scope)}"
    known = words.plural(days.days, "day")
    assumed = "" if period else f"You named no days, so this is the last {known} with sales."
    text = words.sentences(_text(ask, ranked, f"{about} {words.during(days, ask.today)}"), assumed)
    rows = [_row(ask, rank, total) for rank, total in enumerate(ranked, 1)]
    data = {"rows": rows, "total": len(ranked), "period": days.to_json(), "currency": ask.catalogue.currency}
    return Reply(text, data, _table(ask, ranked), sources=_sources(ask, ranked, days))


def _text(ask: Ask, ranked: Sequence[SalesTotal], about: str) -> str:
    if not ranked:
        return f"Nothing was sold{about}."
    said = [f"{_name(ask, total.key)} ({_sold(ask, total)})" for total in ranked]
    if len(said) == 1:
        return f"Best seller{about}: {said[0]}."
    return f"Best sellers{about}: {words.first_few(said, MOST_SAID, 'more in the table')}."


def _sold(ask: Ask, total: SalesTotal) -> str:
    product = ask.catalogue.products.get(total.key)
    units = words.quantity(product, total.net) if product else words.amount(total.net)
    return f"{units}, {words.money(total.revenue, ask.catalogue.currency)}"


def _name(ask: Ask, sku: str) -> str:
    product = ask.catalogue.products.get(sku)
    return product.name if product else sku or "not in the catalogue"


def _row(ask: Ask, rank: int, total: SalesTotal) -> dict[str, object]:
    return words.facts(
        rank=rank,
        sku=total.key,
        name=_name(ask, total.key),
        sold=total.sold,
        returned=total.returned,
        net=total.net,
        revenue=total.revenue,
    )


def _table(ask: Ask, ranked: Sequence[SalesTotal]) -> tuple[Table, ...]:
    if len(ranked) < 2:
        return ()
    currency = ask.catalogue.currency
    rows: tuple[tuple[str | Decimal | int, ...], ...] = tuple(
        (rank, _name(ask, total.key), total.net, words.money(total.revenue, currency))
        for rank, total in enumerate(ranked, 1)
    )
    return (Table(("", "Product", "Units net", "Revenue"), rows),)


def _sources(ask: Ask, ranked: Sequence[SalesTotal], days: Period) -> tuple[Source, ...]:
    lines = sum(total.lines for total in ranked)
    covered = ask.store.sales.coverage()
    known = f"sales known up to {covered[1].isoformat()}" if covered else ""
    return (
        Source(f"Sales lines, {words.plural(lines, 'line')} from {days.first} to {days.last}", as_of=known),
    )
