"""What is known in advance and may move demand: the price, and series that the shop brought from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from assistant.jobs_calendar import ShopDays
from tools.maths.weeks import Numbers
from tools.store import Product

# A price that moves less than this explains nothing.
LEAST_CHANGE = 0.05
# An outside series has to be known for this share of the past, and for all of what is to come.
LEAST_PAST = 0.8
# A list price this many times the last one paid is another pack or a slip.
MOST_JUMP = 2.0
LEAST_CORRELATION, FEWEST_PERIODS = 0.4, 16


def covariates(
    shop: ShopDays, product: Product, price: Numbers | None, values: Numbers, ahead: int, length: int
) -> dict[str, Numbers]:
    """The covariates of one series, by name: a number for each past period and each to come.

    Args:
        shop: The days.
        product: Whose they are.
        price: The price paid per day, NaN where nothing sold; None where it is not known at all.
        values: The series itself, by period.
        ahead: Periods to come.
        length: Days in a period.
    """
    periods = len(values)
    if periods == 0:
        return {}
    found = {
        name: numbers
        for name, series in shop.outside.items()
        if (numbers := _outside(shop, series, product.sku, periods, ahead, length)) is not None
    }
    paid = None if price is None else _list_price(price, product, periods, ahead, length)
    if paid is None or not _goes_with(paid[:periods], values):
        return found
    return {**found, "price": paid}


def _goes_with(price: Numbers, values: Numbers) -> bool:
    """Whether demand ever moved with the price: else it need not be tried, which costs."""
    known = ~np.isnan(values)
    if known.sum() < FEWEST_PERIODS:
        return False
    one, other = np.log(price[known]), np.log1p(values[known])
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return False
    return abs(float(np.corrcoef(one, other)[0, 1])) >= LEAST_CORRELATION


def _list_price(price: Numbers, product: Product, periods: int, ahead: int, length: int) -> Numbers | None:
    """The highest price of each period, which a large order at a discount does not move."""
    days = periods * length
    past = np.pad(price, (max(days - len(price), 0), 0), constant_values=np.nan)[-days:]
    parts = past.reshape(periods, length)
    known = ~np.isnan(parts).all(axis=1)
    if not known.any():
        return None
    highest = np.where(known, np.where(np.isnan(parts), -np.inf, parts).max(axis=1), np.nan)
    places = np.maximum.accumulate(np.where(known, np.arange(periods), -1))
    carried = highest[np.where(places < 0, int(np.argmax(known)), places)]
    if carried.max() / max(carried.min(), 1e-9) < 1 + LEAST_CHANGE:
        return None
    last = float(carried[-1])
    told = float(product.price) if product.price else last
    coming = told if last / MOST_JUMP <= told <= last * MOST_JUMP else last
    return np.concatenate([carried, np.full(ahead, coming)])


def _outside(
    shop: ShopDays,
    series: Mapping[tuple[str, str], Mapping[date, float]],
    sku: str,
    periods: int,
    ahead: int,
    length: int,
) -> Numbers | None:
    """The mean of each period; a series of yes and no is no where it says nothing."""
    by_day = series.get((sku, ""), series.get(("", "")))
    if not by_day:
        return None
    days = (periods + ahead) * length
    first = shop.cut_off - timedelta(days=periods * length - 1)
    flags = set(by_day.values()) <= {0.0, 1.0}
    empty = 0.0 if flags else np.nan
    daily = np.array([by_day.get(first + timedelta(days=number), empty) for number in range(days)])
    parts = daily.reshape(periods + ahead, length)
    seen = ~np.isnan(parts)
    if seen[:periods].any(axis=1).mean() < LEAST_PAST or not seen[periods:].any(axis=1).all():
        return None
    means = np.where(seen, parts, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    filled = np.where(seen.any(axis=1), means, means[seen.any(axis=1)].mean())
    return filled if np.ptp(filled) > 0 else None
