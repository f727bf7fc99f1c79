"""The demand that plans stand on: the stored forecast, people's figures over it, else a plain mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tools.kit.demand_signals_agreed import agreed_note
from tools.kit.outlook import MOST_NAMED, forecast_of
from tools.maths.demand.laws import Kind
from tools.maths.replenishment import Outlook, steady
from tools.store import Product, Store
from tools.store.planning_facts import StoredForecast
from tools.store.signal_facts import SignalAdjustment

MEASURES = frozenset({"kg", "g", "l", "ml", "m", "cm"})
ROUGH_DAYS = 28
# Without a forecast: the least that the variance of a day is, in means of a day.
ROUGH_SPREAD = 1.5
ROUGH = "rough: no forecast yet, the mean of the last 28 days"


@dataclass(frozen=True)
class Demands:
    """Outlooks by SKU, and what each stands on.

    ``stored`` are the forecasts used, ``rough`` the SKUs that had none; ``window`` are the days of sales
    behind the rough ones; ``agreed`` what was agreed to add for what customers said.
    """

    outlooks: Mapping[str, Outlook]
    stored: Mapping[str, StoredForecast] = field(default_factory=dict)
    rough: frozenset[str] = frozenset()
    window: tuple[date, date] | None = None
    agreed: Mapping[str, tuple[SignalAdjustment, ...]] = field(default_factory=dict)

    def words(self, sku: str) -> str:
        """What the demand of one product stands on, in words."""
        one = self.stored.get(sku)
        if one is None:
            return ROUGH
        note = f"; {one.note}" if one.note else ""
        return (
            f"forecast of run {one.run_id} ({one.model}, {one.demand_class}), "
            f"sales up to {one.cut_off.isoformat()}, {one.periods} weeks of history{note}"
            f"{agreed_note(self.agreed.get(sku, ()))}"
        )


def demands(
    store: Store, products: Sequence[Product], today: date, *, location: str | None = None
) -> Demands:
    """The demand of these products at one place, or at all of them together."""
    places = None if location is None else (location,)
    known = {sku: one for sku, one in forecast_of(store, products, today, places).items() if one.rows}
    missing = [product for product in products if product.sku not in known]
    rough, window = _rough(store, missing, today, location) if missing else ({}, None)
    outlooks = {sku: one.outlook for sku, one in known.items()} | rough
    stored = {sku: one.stored for sku, one in known.items()}
    agreed = {sku: one.agreed for sku, one in known.items() if one.agreed}
    return Demands(outlooks, stored, frozenset(rough), window, agreed)


def kind_of(product: Product) -> Kind:
    """Whether it is counted or measured."""
    return "amounts" if product.unit in MEASURES else "counts"


def _rough(
    store: Store, products: Sequence[Product], today: date, location: str | None
) -> tuple[dict[str, Outlook], tuple[date, date] | None]:
    """A steady demand at the mean of the last four weeks with known sales."""
    covered = store.sales.coverage()
    last = min(covered[1], today - timedelta(days=1)) if covered else today
    first = max(covered[0], last - timedelta(days=ROUGH_DAYS - 1)) if covered else today
    if covered is None or first > last:
        return {product.sku: steady(0.0, 0.0, today, kind_of(product)) for product in products}, None
    days = (last - first).days + 1
    sums = _sums(store, products, (first, last), location)
    found = {}
    for product in products:
        total, squares = sums.get(product.sku, (0.0, 0.0))
        rate = max(total, 0.0) / days
        variance = max(squares / days - rate * rate, rate * ROUGH_SPREAD)
        found[product.sku] = steady(rate, variance, today, kind_of(product))
    return found, (first, last)


def _sums(
    store: Store, products: Sequence[Product], window: tuple[date, date], location: str | None
) -> dict[str, tuple[float, float]]:
    """Units sold net of returns, and the squares of the days' sums, by SKU."""
    skus = None if len(products) > MOST_NAMED else [product.sku for product in products]
    by_day: dict[tuple[str, date], float] = defaultdict(float)
    for row in store.demand.days(first=window[0], last=window[1], skus=skus):
        if location is None or row.location == location:
            by_day[row.sku, row.day] += float(row.sold - row.returned)
    found: dict[str, Any] = defaultdict(lambda: (0.0, 0.0))
    for (sku, _), value in by_day.items():
        total, squares = found[sku]
        found[sku] = (total + value, squares + value * value)
    return dict(found)
