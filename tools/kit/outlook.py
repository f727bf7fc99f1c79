"""The stored forecast as a question meets it: some products, at some places, between two days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt

import numpy as np

from tools.kit.ask import Ask
from tools.kit.demand_signals_agreed import raised, share_of
from tools.kit.holdings import Scope
from tools.kit.slots import Period
from tools.maths.demand.laws import Kind, Law
from tools.maths.replenishment.outlook import Outlook, Override
from tools.store import Product, Store
from tools.store.planning_facts import ForecastOverride, StoredForecast
from tools.store.signal_facts import ADJUSTED, SignalAdjustment

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
# Errors of products and places lean the same way in part: the correlation taken where they are summed.
ALIKE = 0.05
# People's figures reach no further than this.
FURTHEST = timedelta(days=400)
# More products than this are read with the whole shop, in one query without their names.
MOST_NAMED = 200
LAW_KINDS: Mapping[str, Kind] = {"counts": "counts", "amounts": "amounts", "real": "real"}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is expected of one product in a scope, with people's figures in it.

    ``stored`` is the model's row for all places together, ``own`` the figures by people that count here,
    ``rows`` how many stored forecasts it is the sum of (0: nothing was ever sold at these places), ``agreed``
    what was agreed to add for what customers said.
    """

    product: Product
    stored: StoredForecast
    outlook: Outlook
    own: tuple[ForecastOverride, ...] = ()
    rows: int = 1
    agreed: tuple[SignalAdjustment, ...] = ()

    @property
    def first(self) -> date:
        """The first day that is forecast."""
        return self.outlook.first

    @property
    def known_from(self) -> date:
        """About when its history begins."""
        return self.stored.cut_off - self.stored.periods * WEEK + DAY

    def between(self, period: Period) -> Law:
        """The law of the demand on these days."""
        return self.outlook.between(period.first, period.last)


def outlook_of(stored: StoredForecast, own: Sequence[ForecastOverride] = ()) -> Outlook:
    """A stored row as the maths take it, with people's figures over it."""
    return Outlook(
        stored.cut_off + DAY,
        stored.weekly,
        stored.sum_variance,
        stored.profile,
        LAW_KINDS.get(stored.law, "counts"),
        tuple(Override(one.first, one.last, float(one.quantity)) for one in own),
    )


def foreseen(ask: Ask, products: Sequence[Product], scope: Scope) -> dict[str, Foreseen]:
    """By SKU what is expected of these products in the scope; those without a forecast are left out."""
    return forecast_of(ask.store, products, ask.today, None if scope.whole else scope.places)


def forecast_of(
    store: Store, products: Sequence[Product], today: date, places: Sequence[str] | None
) -> dict[str, Foreseen]:
    """By SKU what is expected of these products at these places together; None is the whole shop.

    The whole shop is the row of all places; some places are summed. A figure that a person gave for the
    whole counts at a place in proportion. Products without a forecast are left out.
    """
    skus = None if len(products) > MOST_NAMED else [product.sku for product in products]
    wholes = {one.sku: one for one in store.forecasts.of(skus)}
    figures: dict[str, list[ForecastOverride]] = defaultdict(list)
    for one in store.forecasts.overrides(skus, first=today, last=today + FURTHEST):
        figures[one.sku].append(one)
    agreed: dict[str, list[SignalAdjustment]] = defaultdict(list)
    for adjustment in store.adjustments.of(skus, states=(ADJUSTED,), first=today):
        agreed[adjustment.sku].append(adjustment)
    placed: dict[str, list[StoredForecast]] = defaultdict(list)
    for place in places or ():
        for row in store.forecasts.of(skus, location=place):
            placed[row.sku].append(row)
    found = {}
    for product in products:
        whole = wholes.get(product.sku)
        if whole is not None:
            rows = None if places is None else placed[product.sku]
            said = figures[product.sku], tuple(agreed[product.sku])
            found[product.sku] = _foreseen(product, whole, rows, *said)
    return found


def _foreseen(
    product: Product,
    whole: StoredForecast,
    places: Sequence[StoredForecast] | None,
    figures: Sequence[ForecastOverride],
    agreed: tuple[SignalAdjustment, ...],
) -> Foreseen:
    over_all = tuple(one for one in figures if one.location is None)
    if places is None:
        plain = outlook_of(whole, over_all)
        outlook = replace(plain, overrides=(*raised(outlook_of(whole), agreed), *plain.overrides))
        return Foreseen(product, whole, outlook, over_all, agreed=agreed)
    own = tuple(one for one in figures if one.location in {row.location for row in places})
    parts = []
    for row in places:
        theirs = [one for one in own if one.location == row.location]
        shared = [
            *share_of(raised(outlook_of(whole), agreed), outlook_of(whole), outlook_of(row)),
            *(_in_part(one, whole, row) for one in over_all),
        ]
        plain = outlook_of(row, theirs)
        parts.append(replace(plain, overrides=(*shared, *plain.overrides)))
    outlook = together(parts, whole.cut_off + DAY)
    return Foreseen(product, whole, outlook, (*over_all, *own), len(places), agreed)


def _in_part(figure: ForecastOverride, whole: StoredForecast, row: StoredForecast) -> Override:
    days = Period(figure.first, figure.last)
    all_of_it = outlook_of(whole).between(days.first, days.last).mean
    share = outlook_of(row).between(days.first, days.last).mean / all_of_it if all_of_it > 0 else 0.0
    return Override(days.first, days.last, float(figure.quantity) * share)


def together(parts: Sequence[Outlook], first: date) -> Outlook:
    """Several outlooks of one first day as one; their errors lean the same way in part."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Outlook(first, (0.0,), (0.0,))
    weeks = min(len(part.weekly) for part in parts)
    weekly = np.sum([part.weekly[:weeks] for part in parts], axis=0)
    spreads = np.sqrt(np.array([part.sum_variance[:weeks] for part in parts]))
    variance = (1 - ALIKE) * (spreads**2).sum(axis=0) + ALIKE * spreads.sum(axis=0) ** 2
    weights = np.array([sum(part.weekly) for part in parts])
    profile = np.average([part.profile for part in parts], axis=0, weights=weights if weights.sum() else None)
    overrides = tuple(one for part in parts for one in _whole_of(part, parts))
    return Outlook(parts[0].first, tuple(weekly), tuple(variance), tuple(profile), parts[0].kind, overrides)


def _whole_of(part: Outlook, parts: Sequence[Outlook]) -> list[Override]:
    """The figures of one part as figures of the sum: what the others expect is added."""
    others = [other for other in parts if other is not part]
    return [
        replace(one, quantity=one.quantity + sum(other.between(one.first, one.last).mean for other in others))
        for one in part.overrides
    ]


@dataclass(frozen=True, slots=True)
class Expected:
    """A sum with its range: in eight of ten cases what comes lies from ``low`` to ``high``."""

    mean: float
    low: float
    high: float


def expected(laws: Sequence[Law]) -> Expected:
    """The sum of several demands with its 80 % range."""
    if len(laws) == 1:
        law = laws[0]
        return Expected(law.mean, law.quantile(0.1), law.quantile(0.9))
    mean = sum(law.mean for law in laws)
    plain = sum(law.variance for law in laws)
    leaning = sum(sqrt(max(law.variance, 0.0)) for law in laws) ** 2
    kind: Kind = "counts" if all(law.kind == "counts" for law in laws) else "amounts"
    whole = Law(mean, (1 - ALIKE) * plain + ALIKE * leaning, kind)
    return Expected(mean, whole.quantile(0.1), whole.quantile(0.9))
