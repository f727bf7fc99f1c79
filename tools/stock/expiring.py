"""What goes off?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Call,
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
from tools.kit.leftover import Left, left_over
from tools.kit.watch import Sighting, watch
from tools.kit.watching import HOURLY, gathered, open_subjects, urgency, usual_takings
from tools.store import LotLevel, Product

DEFAULT_DAYS = 7
MOST_SAID = 5
MOST_ROWS = 40
# What goes off later than this may still find its buyers without anybody doing something.
WATCHED_DAYS = 14
# Less than this share of a usual day's takings thrown away is the daily business of fresh goods.
LEAST_WASTE, MUCH_WASTE = Decimal("0.001"), Decimal("0.01")


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


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule="stock.expiring", right=Right.SEE_STOCK, every=HOURLY)
def watch_expiring(ask: Ask) -> Iterator[Sighting]:
    """Goes off: lots that will not be sold before their date at the present pace."""
    takings = usual_takings(ask)
    left = [one for one in left_over(ask, WATCHED_DAYS) if one.value > takings * LEAST_WASTE]
    for place in sorted({one.location for one in left}):
        here = sorted((one for one in left if one.location == place), key=lambda one: -one.value)
        told = gathered(
            here,
            lambda one: one.product.sku,
            lambda one: f"lots:{one.location}",
            open_subjects(ask, "stock.expiring", place),
        )
        for one in told.alone:
            yield _wasted(ask, one.product.sku, (one,), takings)
        for group, members in told.together.items():
            yield _wasted(ask, group, members, takings)


@watch(rule="stock.expired", right=Right.SEE_STOCK, every=HOURLY)
def watch_expired(ask: Ask) -> Iterator[Sighting]:
    """Past the date: stock on the books that may not be sold any more."""
    lots = ask.store.stock.lots(expires_to=ask.today - timedelta(days=1), today=ask.today)
    takings = usual_takings(ask)
    for place in sorted({lot.location for lot in lots}):
        here = [lot for lot in lots if lot.location == place]
        named = words.first_few([_lot_words(ask, lot) for lot in here], MOST_SAID)
        verb = "is" if len(here) == 1 else "are"
        text = f"{words.plural(len(here), 'lot')} {verb} past the date: {named}. Take them off the shelf."
        value, _ = _value(ask, here)
        buttons = tuple(_write_off(ask, lot) for lot in here[:2])
        reply = Reply(
            text, {"rows": [_row(ask, lot) for lot in here]}, _table(ask, here), buttons, _sources(ask, here)
        )
        skus = tuple(sorted({lot.sku for lot in here}))
        soon = urgency(value, takings)
        yield Sighting("stock.expired", "lots", place, reply, soon, Right.SEE_STOCK, value, skus)


def _wasted(ask: Ask, subject: str, members: Sequence[Left], takings: Decimal) -> Sighting:
    place, value = members[0].location, words.summed(one.value for one in members)
    at = ask.catalogue.location_name(place)
    named = words.first_few([f"{one.words} ({words.near_day(one.first, ask.today)})" for one in members])
    what = f"About {named}" if len(members) == 1 else f"{len(members)} products"
    text = f"{what} at {at} will not be sold before the date at the present pace"
    text = f"{text}." if len(members) == 1 else f"{text}: {named}."
    first, last = min(one.first for one in members), ask.today + timedelta(days=WATCHED_DAYS)
    slots = {"location": place, "period": Period(min(first, last), last).to_json()}
    rows = [
        words.facts(sku=one.product.sku, location=place, unsold=one.quantity, expires_on=one.first)
        for one in members
    ]
    reply = Reply(text, {"rows": rows}, buttons=(Button("Show the lots", Call("stock.expiring", slots)),))
    skus = tuple(sorted(one.product.sku for one in members))
    soon = urgency(value, takings, MUCH_WASTE)
    return Sighting("stock.expiring", subject, place, reply, soon, Right.SEE_STOCK, value, skus)


def _write_off(ask: Ask, lot: LotLevel) -> Button:
    product = ask.catalogue.products[lot.sku]
    slots = {
        "products": [lot.sku],
        "quantity": -float(lot.quantity),
        "location": lot.location,
        "reason": "past the date",
    }
    return Button(f"Write off {words.quantity_of(product, lot.quantity)}", Call("stock.adjust", slots))
