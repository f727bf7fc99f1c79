"""From the books to histories of demand: by product, and by product and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import numpy as np

from assistant.jobs_calendar import SHOP, ShopDays
from assistant.jobs_covariates import covariates
from tools.maths.demand import History
from tools.maths.weeks import WEEK, Mask, Numbers, group_profile, rounded_like, weekdays_of, weekly
from tools.store import Product, Store

# Goods that keep so long or shorter are planned by the day.
PERISHABLE_DAYS = 14
# Weeks of days that are forecast; after them the last week goes on.
DAY_WEEKS = 4
# What is out of stock for longer than this is no longer carried: then nothing sold means nothing wanted.
CARRIED_DAYS = 56
# With less of a product's usual sales known than this, the week says nothing of the whole.
LEAST_PLACES = 0.5
# Finer than the books keep quantities: sums of floats back to what they were.
QUANTITY_DECIMALS = 3

Grain = Literal["D", "W"]


@dataclass(frozen=True)
class Line:
    """One series to forecast.  ``place`` None is the product at all places, "" the part of no known place.

    ``profile`` is the share of a week's demand from Monday, ``periods`` the known weeks of its history;
    ``only`` is the code of its place where a whole has just one.
    """

    product: Product
    place: str | None
    grain: Grain
    history: History
    profile: Numbers
    periods: int
    only: str = ""


@dataclass(frozen=True)
class _Panel:
    """What was sold: one row for each product and place, one column a day; which days are known."""

    spots: list[tuple[str, str]]
    sold: Numbers
    known: Mask
    price: Mapping[str, Mapping[int, float]]

    def prices(self, sku: str) -> Numbers | None:
        """The price paid per day, NaN where nothing sold; None where it is not known at all."""
        by_day = self.price.get(sku)
        if not by_day:
            return None
        found = np.full(self.sold.shape[1], np.nan)
        found[list(by_day)] = list(by_day.values())
        return found

    @property
    def by_sku(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for row, (sku, _place) in enumerate(self.spots):
            found[sku].append(row)
        return found


def lines_of(
    store: Store,
    shop: ShopDays,
    products: Sequence[Product],
    *,
    horizon: int,
    by_day: bool = True,
    planned: bool = True,
) -> list[Line]:
    """The series of these products, each product's whole before its places.

    Products that never sold have a history of nothing, which their like may fill.  Perishables go by the
    day, without ``by_day`` by the week like the others; ``planned`` lines know what is known in advance.
    """
    panel = _panel(store, shop, [product.sku for product in products])
    profiles = _profiles(shop, products, panel)
    by_sku = panel.by_sku
    found: list[Line] = []
    for product in products:
        perishable = (product.shelf_life_days or PERISHABLE_DAYS + 1) <= PERISHABLE_DAYS
        grain: Grain = "D" if by_day and perishable else "W"
        price = panel.prices(product.sku) if planned else None
        frame = _Frame(shop, product, grain, profiles[product.category], horizon, price, planned)
        found += _lines(frame, panel, by_sku.get(product.sku, []))
    return found


def _panel(store: Store, shop: ShopDays, skus: Sequence[str]) -> _Panel:
    numbers: dict[tuple[str, str], int] = {}
    rows: list[int] = []
    days: list[int] = []
    amounts: list[float] = []
    paid: dict[str, dict[int, float]] = defaultdict(dict)
    start = shop.first.toordinal()
    for sku, place, date, units, price in store.demand.net(first=shop.first, last=shop.cut_off, skus=skus):
        day = date.toordinal() - start
        rows.append(numbers.setdefault((sku, place), len(numbers)))
        days.append(day)
        amounts.append(units)
        if price > paid[sku].get(day, 0.0):
            paid[sku][day] = price
    sold = np.zeros((len(numbers), shop.days))
    np.add.at(sold, (rows, days), amounts)
    sold = np.maximum(np.round(sold, QUANTITY_DECIMALS), 0.0)
    spots = list(numbers)
    return _Panel(spots, sold, _known(store, shop, spots, sold, skus), paid)


def _known(
    store: Store, shop: ShopDays, spots: Sequence[tuple[str, str]], sold: Numbers, skus: Sequence[str]
) -> Mask:
    """Not before the first sale, not on days closed beyond habit, not out of stock."""
    known = np.ones(sold.shape, dtype=bool)
    empty = store.demand.empty_days(first=shop.first, last=shop.cut_off, skus=skus)
    for row, (sku, place) in enumerate(spots):
        known[row] = ~shop.closing_of(place).days
        known[row, : int(np.argmax(sold[row] > 0))] = False
        if (sku, place) in empty:
            gone = np.zeros(shop.days, dtype=bool)
            gone[[shop.number(day) for day in empty[sku, place]]] = True
            known[row] &= ~_lately(gone)
    return known | (sold > 0)


def _lately(gone: Mask) -> Mask:
    """The first days of each stretch without stock: after so long the thing is no longer carried."""
    run, kept = 0, gone.copy()
    for day, there in enumerate(gone):
        run = run + 1 if there else 0
        kept[day] = 0 < run <= CARRIED_DAYS
    return kept


def _profiles(shop: ShopDays, products: Sequence[Product], panel: _Panel) -> dict[str, Numbers]:
    """The weekday profile of each category, drawn to the shop's."""
    by_sku = panel.by_sku
    groups: dict[str, list[int]] = defaultdict(list)
    for product in products:
        groups[product.category] += by_sku.get(product.sku, [])
    prior = shop.profile[SHOP]
    return {
        category: group_profile(panel.sold[rows], panel.known[rows], shop.weekday, prior) if rows else prior
        for category, rows in groups.items()
    }


def _lines(frame: _Frame, panel: _Panel, rows: Sequence[int]) -> list[Line]:
    if not rows:
        return [frame.line(None, np.zeros(0))]
    sold, known = panel.sold[rows], panel.known[rows]
    weeks = frame.grain == "W"
    weekday = frame.shop.weekday
    places = weekly(sold, known, frame.profile, weekday) if weeks else np.where(known, sold, np.nan)
    places = rounded_like(places, sold)
    codes = [panel.spots[row][1] for row in rows]
    shut = np.zeros(places.shape, dtype=bool) if weeks else _shut(frame.shop, codes)
    if len(rows) == 1:
        return [replace(frame.line(None, np.where(shut, np.nan, places)[0]), only=codes[0])]
    whole = rounded_like(_together(places, sold, known, frame.grain)[None, :], sold)[0]
    whole, places = np.where(shut.all(axis=0), np.nan, whole), np.where(shut, np.nan, places)
    return [frame.line(None, whole), *(frame.line(*one) for one in zip(codes, places, strict=True))]


def _shut(shop: ShopDays, codes: Sequence[str]) -> Mask:
    """Per place and day: whether it is closed by habit. Such a day is unknown to a model, not a day of 0."""
    weekdays = weekdays_of(shop.days, shop.weekday)
    return np.array([shop.closing_of(code).weekdays[weekdays] for code in codes])


def _together(places: Numbers, sold: Numbers, known: Mask, grain: Grain) -> Numbers:
    """All places together: those unknown in a period are filled by the share of sales that they have."""
    began = np.argmax(sold > 0, axis=1)
    length = sold.shape[1]
    starts = began if grain == "D" else (began + -length % WEEK) // WEEK
    before = np.arange(places.shape[1])[None, :] < starts[:, None]
    filled = np.where(before, 0.0, places)
    seen = ~np.isnan(filled)
    rate = np.where(known, sold, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    share = np.where(before, 0.0, (rate / rate.sum() if rate.sum() > 0 else rate)[:, None])
    total = np.maximum(share.sum(axis=0), 1e-12)
    there = np.where(seen, share, 0.0).sum(axis=0) / total
    there = np.where(share.sum(axis=0) > 0, there, 1.0)
    sums = np.where(seen, filled, 0.0).sum(axis=0)
    enough = there >= LEAST_PLACES
    whole = np.where(enough, sums / np.where(enough, there, 1.0), np.nan)
    return np.where(before.all(axis=0), np.nan, whole)


@dataclass(frozen=True)
class _Frame:
    """What all series of one product share."""

    shop: ShopDays
    product: Product
    grain: Grain
    profile: Numbers
    horizon: int
    price: Numbers | None
    planned: bool

    def line(self, place: str | None, values: Numbers) -> Line:
        """One of its series, from its first known period on."""
        known = np.flatnonzero(~np.isnan(values))
        values = values[known[0] :] if known.size else values[:0]
        length = WEEK if self.grain == "W" else 1
        ahead = self.horizon if self.grain == "W" else DAY_WEEKS * WEEK
        product = self.product
        history = History(
            key=f"{product.sku}\0{place if place is not None else '*'}",
            values=values,
            first=self.shop.cut_off - timedelta(days=len(values) * length - 1),
            covariates=covariates(self.shop, product, self.price, values, ahead, length)
            if self.planned
            else {},
            group=product.category,
            name=product.name,
            price=None if product.price is None else float(product.price),
        )
        weeks = int(known.size) if self.grain == "W" else int(known.size) // WEEK
        return Line(product, place, self.grain, history, self.profile, weeks)
