"""What goes off?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Category,
    Period,
    Place,
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
from tools.kit.holdings import MOST_NAMED, NO_STOCK_YET, in_scope, never_booked, scope_of
from tools.store import LotLevel, Product

DEFAULT_DAYS = 7
MOST_SAID = 5
MOST_ROWS = 40


@tool(
    right=Right.SEE_STOCK,
)
def expiring(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> Result:
    """List what goes off in a period, and what is past its date already."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, None, category)
    if isinstance(chosen, Refused):
        return chosen
    if never_booked(ask):
        return Reply(NO_STOCK_YET, {"rows": [], "total": None})
    skus = [product.sku for product in chosen] if len(chosen) <= MOST_NAMED else None
    until = period.last if period else ask.today + timedelta(days=DEFAULT_DAYS)
    lots = ask.store.stock.lots(skus, locations=scope.locations, expires_to=until, today=ask.today)
    past = [lot for lot in lots if _day(lot) < ask.today and (period is None or _day(lot) < period.first)]
    found = [lot for lot in lots if lot not in past and (period is None or _day(lot) >= period.first)]
    when = _when(period, until, ask.today)
    about = f"{f' in {category}' if category else ''}{in_scope(ask, scope)}"
    text = _text(ask, found, past, f"{about} {when}", one_day=bool(period and period.days == 1))
    if not lots:
        dated = [
            lot
            for lot in ask.store.stock.lots(skus, locations=scope.locations, today=ask.today)
            if lot.expires_on
        ]
        text = words.sentences(text, "" if dated else f"No stock{about} has a date on the books.")
    return Reply(
        text, _data(ask, found, past, until), blocks=_table(ask, [*past, *found]), sources=_sources(ask, lots)
    )


def _day(lot: LotLevel) -> date:
    return lot.expires_on or date.max


def _when(period: Period | None, until: date, today: date) -> str:
    return f"by {words.day(until, today)}" if period is None else words.during(period, today)


def _text(ask: Ask, found: Sequence[LotLevel], past: Sequence[LotLevel], about: str, *, one_day: bool) -> str:
    start = "Nothing goes off" + about + "."
    if found:
        dated = len({_day(lot) for lot in found}) > 1 or not one_day
        names = words.first_few([_lot_words(ask, lot, dated=dated) for lot in found], MOST_SAID)
        verb = "goes off" if len(found) == 1 else "go off"
        start = f"{words.plural(len(found), 'lot')} {verb}{about}: {names}."
    old = ""
    if past:
        names = words.first_few([_lot_words(ask, lot) for lot in past], MOST_SAID)
        verb = "is" if len(past) == 1 else "are"
        old = f"{words.plural(len(past), 'lot')} {verb} past the date already: {names}."
    return words.sentences(start, old, _money_words(ask, [*past, *found]))


def _lot_words(ask: Ask, lot: LotLevel, *, dated: bool = True) -> str:
    product = ask.catalogue.products[lot.sku]
    place = ask.catalogue.location_name(lot.location)
    when = f" ({words.near_day(_day(lot), ask.today)})" if dated else ""
    return f"{words.quantity_of(product, lot.quantity)} at {place}{when}"


def _money_words(ask: Ask, lots: Sequence[LotLevel]) -> str:
    if not lots or not ask.may(Right.SEE_COSTS):
        return ""
    value, missing = _value(ask, lots)
    unknown = f" ({words.plural(missing, 'product')} without a cost left out)" if missing else ""
    return f"That is {words.money(value, ask.catalogue.currency)} at cost{unknown}."


def _value(ask: Ask, lots: Sequence[LotLevel]) -> tuple[Decimal, int]:
    products = ask.catalogue.products
    costs = {lot.sku: products[lot.sku].cost for lot in lots}
    value = words.summed(lot.quantity * (costs[lot.sku] or 0) for lot in lots)
    return value, sum(1 for cost in costs.values() if cost is None)


def _data(ask: Ask, found: Sequence[LotLevel], past: Sequence[LotLevel], until: date) -> dict[str, Any]:
    data = words.facts(
        rows=[_row(ask, lot) for lot in found],
        expired=[_row(ask, lot) for lot in past],
        total=len(found),
        total_expired=len(past),
        until=until,
    )
    if ask.may(Right.SEE_COSTS):
        value, missing = _value(ask, [*past, *found])
        data |= words.facts(value=words.pennies(value), without_cost=missing)
    return data


def _row(ask: Ask, lot: LotLevel) -> dict[str, Any]:
    return words.facts(
        sku=lot.sku,
        name=ask.catalogue.products[lot.sku].name,
        location=lot.location,
        lot=lot.lot,
        expires_on=lot.expires_on,
        days_left=(_day(lot) - ask.today).days,
        quantity=lot.quantity,
        status=lot.status,
    )


def _table(ask: Ask, lots: Sequence[LotLevel]) -> tuple[Table, ...]:
    if not lots:
        return ()
    costs = ask.may(Right.SEE_COSTS)
    columns = ("Use by", "Product", "Place", "Lot", "Quantity", *(("At cost",) if costs else ()))
    rows = tuple(_table_row(ask, lot, costs=costs) for lot in lots[:MOST_ROWS])
    more = len(lots) - len(rows)
    return (Table(columns, rows, f"and {more} more" if more else ""),)


def _table_row(ask: Ask, lot: LotLevel, *, costs: bool) -> tuple[str | Decimal | None, ...]:
    product: Product = ask.catalogue.products[lot.sku]
    use_by = words.near_day(_day(lot), ask.today) + (" (past)" if _day(lot) < ask.today else "")
    row = (use_by, product.name, ask.catalogue.location_name(lot.location), lot.lot, lot.quantity)
    if not costs:
        return row
    value = None if product.cost is None else words.money(product.cost * lot.quantity, ask.catalogue.currency)
    return (*row, value)


def _sources(ask: Ask, lots: Sequence[LotLevel]) -> tuple[Source, ...]:
    rows = tuple(
        f"{lot.sku} at {lot.location}, lot {lot.lot or 'without number'}: {words.amount(lot.quantity)}, "
        f"{lot.expires_on}, {lot.status}"
        for lot in lots[:50]
    )
    position = ask.store.stock.position()
    return (Source(f"Stock by lot, {words.plural(len(lots), 'row')}", f"ledger position {position}", rows),)
