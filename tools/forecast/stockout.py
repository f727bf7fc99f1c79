"""When stock will be gone at the pace that is expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

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
from tools.kit.foretalk import as_values, made_source, no_forecast
from tools.kit.holdings import (
    NO_STOCK_YET,
    Holding,
    Scope,
    coming,
    holdings,
    in_scope,
    never_booked,
    purchase_source,
    scope_of,
    stock_source,
)
from tools.kit.outlook import Foreseen, foreseen
from tools.kit.slots import Period
from tools.maths.demand.laws import NOTHING
from tools.maths.replenishment.items import Arrival, Item
from tools.maths.replenishment.lead_time import LeadTime
from tools.maths.replenishment.projection import Projection, project
from tools.store import Product, PurchaseLine

AHEAD_DAYS = 182
CHART_DAYS = 42
MOST_ROWS = 10
MOST_SAID = 3
SOON_DAYS = 14
DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Fate:
    """What becomes of the stock of one product."""

    held: Holding
    found: Foreseen
    path: Projection
    orders: tuple[PurchaseLine, ...]

    @property
    def product(self) -> Product:
        return self.held.product

    @property
    def out_on(self) -> date | None:
        """The first day on which not all can be sold, as expected."""
        return self.path.runs_out_on

    @property
    def early(self) -> date | None:
        """The same with more demand than in nine of ten cases."""
        return self.path.runs_out_early

    @property
    def row(self) -> dict[str, Any]:
        """The row of ``data``."""
        return words.facts(
            sku=self.product.sku,
            name=self.product.name,
            available=self.held.available,
            on_order=self.held.on_order,
            runs_out_on=self.out_on,
            runs_out_early=self.early,
            next_arrival=self.orders[0].expected_on if self.orders else None,
        )


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
    fates = _fates(ask, chosen, scope)
    if len(chosen) == 1:
        return _one(ask, chosen[0], scope, fates)
    return _several(ask, scope, fates)


def _fates(ask: Ask, chosen: Sequence[Product], scope: Scope) -> list[_Fate]:
    """The soonest first; what does not sell is left out."""
    found = foreseen(ask, chosen, scope)
    orders: dict[str, list[PurchaseLine]] = defaultdict(list)
    for line in coming(ask, chosen, scope):
        orders[line.sku].append(line)
    fates = []
    for held in holdings(ask, chosen, scope):
        seen = found.get(held.product.sku)
        if seen is None or seen.outlook.mean(0, AHEAD_DAYS) <= NOTHING:
            continue
        lines = tuple(orders[held.product.sku])
        fates.append(_Fate(held, seen, _path(ask, held, seen, lines), lines))
    return sorted(fates, key=_urgency)


def _path(ask: Ask, held: Holding, seen: Foreseen, lines: Sequence[PurchaseLine]) -> Projection:
    arrivals = tuple(
        Arrival(float((line.expected_on - ask.today).days), float(line.outstanding))
        for line in lines
        if line.expected_on is not None
    )
    item = Item(
        held.product.sku,
        seen.outlook,
        LeadTime(0.0),
        on_hand=float(held.on_hand - held.unusable),
        reserved=float(held.reserved),
        on_order=arrivals,
    )
    return project(item, ask.today, AHEAD_DAYS)


def _urgency(fate: _Fate) -> tuple[date, date, str]:
    return (fate.out_on or date.max, fate.early or date.max, fate.product.name)


def _one(ask: Ask, product: Product, scope: Scope, fates: Sequence[_Fate]) -> Result:
    at = in_scope(ask, scope)
    if not fates:
        return Reply(
            f"{product.name} does not sell{at}, as far as the forecast goes, so what is there stays.",
            {"rows": []},
        )
    fate = fates[0]
    text = words.sentences(_when(ask, fate, at), _orders_words(ask, fate), _days_words(fate))
    data = {"rows": [fate.row]}
    sources: tuple[Source, ...] = (stock_source(ask, (fate.held,)), made_source(ask, fate.found))
    if fate.orders:
        sources = (*sources, purchase_source(ask, fate.orders))
    return Reply(text, data, (_chart(ask, fate),), sources=sources)


def _when(ask: Ask, fate: _Fate, at: str) -> str:
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


def _early_words(ask: Ask, fate: _Fate) -> str:
    if fate.early is None or fate.early == fate.out_on:
        return ""
    return f", or as early as {words.near_day(fate.early, ask.today)} if more sells than in 9 of 10 cases"


def _orders_words(ask: Ask, fate: _Fate) -> str:
    """What comes, and whether it comes before."""
    if not fate.orders:
        return "Nothing is on order."
    line = fate.orders[0]
    units = words.quantity(fate.product, line.outstanding)
    if line.expected_on is None:
        return f"{units} are on order ({line.po_no}), no day is known."
    due = words.near_day(line.expected_on, ask.today)
    late = line.expected_on < ask.today
    first = _alone(ask, fate)
    if late:
        return f"{units} were due {due} ({line.po_no}) and are late."
    before = first is None or line.expected_on <= first
    gap = (
        "" if before else f", {words.plural((line.expected_on - (first or ask.today)).days, 'day')} too late"
    )
    return f"{units} come {due} ({line.po_no}){', in time' if before else gap}."


def _alone(ask: Ask, fate: _Fate) -> date | None:
    """When it would run out if nothing came."""
    start = fate.found.outlook.day_number(ask.today)
    wanted = fate.found.outlook.cumulative(start, AHEAD_DAYS)
    days = np.flatnonzero(wanted > float(fate.held.available) + NOTHING)
    return ask.today + timedelta(days=int(days[0]) - 1) if days.size else None


def _days_words(fate: _Fate) -> str:
    week = fate.found.outlook
    start = week.day_number(fate.path.day)
    return f"About {week.mean(start, start + 7):,.1f} sell in a week."


def _several(ask: Ask, scope: Scope, fates: Sequence[_Fate]) -> Reply:
    at = in_scope(ask, scope)
    out = [fate for fate in fates if fate.held.available <= 0]
    until = ask.today + timedelta(days=SOON_DAYS)
    soon = [fate for fate in fates if fate not in out and fate.out_on is not None and fate.out_on <= until]
    parts = []
    if out:
        parts.append(f"{len(out)} out already ({_names(out)})")
    if soon:
        named = [f"{fate.product.name} {_near(ask, fate.out_on)}" for fate in soon]
        parts.append(f"{len(soon)} run out within {SOON_DAYS} days: {words.first_few(named, MOST_SAID)}")
    text = f"{'; '.join(parts)}{at}." if parts else f"Nothing runs out{at} within {SOON_DAYS} days."
    shown = (out + soon)[:MOST_ROWS] or list(fates[:MOST_ROWS])
    rows = tuple(_cells(ask, fate) for fate in shown)
    table = Table(("Product", "To sell", "Runs out", "At the earliest", "Next delivery"), rows)
    data = {"rows": [fate.row for fate in fates[:50]], "out": len(out), "soon": len(soon)}
    source = Source("Stock ledger, purchase orders and forecasts", words.day(ask.today, ask.today))
    return Reply(words.capital(text), data, (table,) if rows else (), sources=(source,))


def _names(fates: Sequence[_Fate]) -> str:
    return words.first_few([fate.product.name for fate in fates], MOST_SAID)


def _near(ask: Ask, day: date | None) -> str:
    return words.near_day(day, ask.today) if day else "–"


def _cells(ask: Ask, fate: _Fate) -> tuple[str | Decimal | int | None, ...]:
    arrival = fate.orders[0].expected_on if fate.orders else None
    return (
        fate.product.name,
        words.quantity(fate.product, fate.held.available),
        "out" if fate.held.available <= 0 else _near(ask, fate.out_on),
        _near(ask, fate.early),
        _near(ask, arrival),
    )


def _chart(ask: Ask, fate: _Fate) -> Chart:
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
