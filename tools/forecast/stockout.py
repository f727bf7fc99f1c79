"""When stock will be gone at the pace that is expected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tools.kit import (
    Ask,
    Category,
    Chart,
    Place,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Series,
    Source,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.fates import Fate, fates
from tools.kit.foretalk import as_values, made_source, no_forecast
from tools.kit.holdings import (
    NO_STOCK_YET,
    Scope,
    in_scope,
    never_booked,
    purchase_source,
    scope_of,
    stock_source,
)
from tools.kit.planning_words import overdue_order
from tools.kit.slots import Period
from tools.store import Product

AHEAD_DAYS = 182
CHART_DAYS = 42
MOST_ROWS = 10
MOST_SAID = 3
SOON_DAYS = 14
DAY = timedelta(days=1)


@tool(
    right=Right.SEE_STOCK,
)
def stockout(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> Result:
    """Say when stock will run out."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, products, category)
    if isinstance(chosen, Refused):
        return chosen
    if never_booked(ask):
        return Reply(NO_STOCK_YET, {"rows": []})
    missing = no_forecast(ask)
    if missing is not None:
        return missing
    found = fates(ask, chosen, scope)
    if len(chosen) == 1:
        return _one(ask, chosen[0], scope, found)
    return _several(ask, scope, found)


def _one(ask: Ask, product: Product, scope: Scope, found: Sequence[Fate]) -> Result:
    at = in_scope(ask, scope)
    if not found:
        return Reply(
            f"{product.name} does not sell{at}, as far as the forecast goes, so what is there stays.",
            {"rows": []},
        )
    fate = found[0]
    text = words.sentences(_when(ask, fate, at), _orders_words(ask, fate), _days_words(fate))
    data = {"rows": [fate.row]}
    sources: tuple[Source, ...] = (stock_source(ask, (fate.held,)), made_source(ask, fate.found))
    if fate.orders:
        sources = (*sources, purchase_source(ask, [one.line for one in fate.orders]))
    return Reply(text, data, (_chart(ask, fate),), sources=sources)


def _when(ask: Ask, fate: Fate, at: str) -> str:
    product = fate.product
    there = words.quantity_of(product, fate.held.available)
    if fate.held.available <= 0:
        return f"{product.name} is out of stock{at} already."
    if fate.out_on is None:
        early = _early_words(ask, fate)
        return f"{there}{at} last for the next half year, with what is on order{early}."
    day = words.near_day(fate.out_on, ask.today)
    return f"{there}{at} run out on {day}{_early_words(ask, fate)}.".replace("on today", "today").replace(
        "on tomorrow", "tomorrow"
    )


def _early_words(ask: Ask, fate: Fate) -> str:
    if fate.early is None or fate.early == fate.out_on:
        return ""
    return f", or as early as {words.near_day(fate.early, ask.today)} if more sells than in 9 of 10 cases"


def _orders_words(ask: Ask, fate: Fate) -> str:
    """What comes, and whether it comes before."""
    if not fate.orders:
        return "Nothing is on order."
    one = fate.orders[0]
    line, counted = one.line, one.on(ask.today)
    units = words.quantity(fate.product, line.outstanding)
    if one.late and line.expected_on:
        was = words.near_day(line.expected_on, ask.today)
        return f"{units} were due {was} and have not come: {overdue_order(ask, one)}."
    due = words.near_day(counted, ask.today)
    if line.expected_on is None:
        return f"{units} are on order ({line.po_no}), no day is known; by their lead time they come {due}."
    first = fate.alone()
    before = first is None or counted <= first
    gap = "" if before else f", {words.plural((counted - (first or ask.today)).days, 'day')} too late"
    return f"{units} come {due} ({line.po_no}){', in time' if before else gap}."


def _days_words(fate: Fate) -> str:
    week = fate.found.outlook
    start = week.day_number(fate.today)
    return f"About {week.mean(start, start + 7):,.1f} sell in a week."


def _several(ask: Ask, scope: Scope, found: Sequence[Fate]) -> Reply:
    at = in_scope(ask, scope)
    out = [fate for fate in found if fate.held.available <= 0]
    until = ask.today + timedelta(days=SOON_DAYS)
    soon = [fate for fate in found if fate not in out and fate.out_on is not None and fate.out_on <= until]
    parts = []
    if out:
        parts.append(f"{len(out)} out already ({_names(out)})")
    if soon:
        named = [f"{fate.product.name} {_near(ask, fate.out_on)}" for fate in soon]
        verb = "runs" if len(soon) == 1 else "run"
        parts.append(f"{len(soon)} {verb} out within {SOON_DAYS} days: {words.first_few(named, MOST_SAID)}")
    text = f"{'; '.join(parts)}{at}." if parts else f"Nothing runs out{at} within {SOON_DAYS} days."
    shown = (out + soon)[:MOST_ROWS] or list(found[:MOST_ROWS])
    rows = tuple(_cells(ask, fate) for fate in shown)
    table = Table(("Product", "To sell", "Runs out", "At the earliest", "Next delivery"), rows)
    data = {"rows": [fate.row for fate in shown], "out": len(out), "soon": len(soon)}
    source = Source("Stock ledger, purchase orders and forecasts", words.day(ask.today, ask.today))
    return Reply(words.capital(text), data, (table,) if rows else (), sources=(source,))


def _names(found: Sequence[Fate]) -> str:
    return words.first_few([fate.product.name for fate in found], MOST_SAID)


def _near(ask: Ask, day: date | None) -> str:
    return words.near_day(day, ask.today) if day else "–"


def _cells(ask: Ask, fate: Fate) -> tuple[str | Decimal | int | None, ...]:
    return (
        fate.product.name,
        words.quantity(fate.product, fate.held.available),
        "out" if fate.held.available <= 0 else _near(ask, fate.out_on),
        _near(ask, fate.early),
        _near(ask, fate.next_arrival),
    )


def _chart(ask: Ask, fate: Fate) -> Chart:
    """The stock to come with its band, and what arrives."""
    days = Period(ask.today, ask.today + (CHART_DAYS - 1) * DAY)
    labels = tuple((days.first + timedelta(days=number)).isoformat() for number in range(CHART_DAYS))
    path = fate.path
    arrived = path.expected.arrived[:CHART_DAYS]
    series = [
        Series("stock", as_values(path.expected.stock[:CHART_DAYS])),
        Series("low", as_values(path.low.stock[:CHART_DAYS]), "edge"),
        Series("high", as_values(path.high.stock[:CHART_DAYS]), "edge"),
    ]
    if arrived.any():
        marks = tuple(float(one) if one > 0 else None for one in arrived)
        series.append(Series("arrives", marks, "mark"))
    return Chart(f"{fate.product.name}: stock to come", "line", labels, tuple(series))
