"""From days to weeks and back: which days a shop is closed, what share of a week falls on a weekday.

Rows of a panel are series, its columns days. A day of which nothing is known (closed beyond habit, out of
stock, not recorded) is never a zero: its week is scaled up from the days that are known, or unknown itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

WEEK = 7
# A weekday with sales in fewer weeks than this is a closing day.
OPEN_SHARE = 0.15
# A shop that sells on fewer of its open days than this has quiet days, which are no closed ones.
BUSY_SHARE = 0.8
# With less of a week known than this, the week is unknown.
LEAST_KNOWN = 0.5
# Observed days that weigh as much as the pattern one level up.
PRIOR_DAYS = 200.0


@dataclass(frozen=True)
class Closing:
    """When a shop is closed.

    Attributes:
        weekdays: From Monday, True where it never opens.
        days: Per day, True where it was closed beyond that habit (a holiday): nothing is known of it.
    """

    weekdays: Mask
    days: Mask


def closing(sales: Numbers, first_weekday: int) -> Closing:
    """What the shop's own daily sales tell of its closing days.

    Args:
        sales: Lines or units of the whole shop per day.
        first_weekday: Of the first day, Monday is 0.

    >>> two_weeks = np.array([3.0, 2, 4, 3, 5, 6, 0, 3, 0, 4, 3, 5, 6, 0])
    >>> found = closing(two_weeks, 0)
    >>> found.weekdays.tolist(), np.flatnonzero(found.days).tolist()
    ([False, False, False, False, False, False, True], [8])
    """
    weekday = weekdays_of(len(sales), first_weekday)
    sold = sales > 0
    counts = np.bincount(weekday, minlength=WEEK)
    share = np.bincount(weekday, weights=sold, minlength=WEEK) / np.maximum(counts, 1)
    never: Mask = (share < OPEN_SHARE) & (counts > 1)
    habit = never[weekday]
    busy = bool(sold[~habit].mean() >= BUSY_SHARE) if (~habit).any() else False
    if not busy:
        return Closing(np.zeros(WEEK, dtype=bool), np.zeros(len(sales), dtype=bool))
    return Closing(never, ~sold & ~habit)


def weekdays_of(days: int, first_weekday: int) -> NDArray[np.int64]:
    """The weekday of each of so many days, Monday is 0."""
    return (np.arange(days) + first_weekday) % WEEK


def shop_profile(sales: Numbers, known: Mask, first_weekday: int) -> Numbers:
    """The share of a week's sales of each weekday from Monday; even where nothing is known.

    >>> shop_profile(np.array([1.0, 1, 1, 1, 1, 2, 0]), np.ones(7, dtype=bool), 0).round(3).tolist()
    [0.143, 0.143, 0.143, 0.143, 0.143, 0.286, 0.0]
    """
    weekday = weekdays_of(len(sales), first_weekday)
    totals = np.bincount(weekday, weights=np.where(known, sales, 0.0), minlength=WEEK)
    counts = np.bincount(weekday, weights=known, minlength=WEEK)
    means = totals / np.maximum(counts, 1)
    return np.asarray(means / means.sum()) if means.sum() > 0 else np.full(WEEK, 1 / WEEK)


def group_profile(panel: Numbers, known: Mask, first_weekday: int, prior: Numbers) -> Numbers:
    """The profile of several series together, each counting alike, drawn to ``prior`` where days are few."""
    counts = known.sum(axis=1)
    means = np.where(known, panel, 0.0).sum(axis=1) / np.maximum(counts, 1)
    used = means > 0
    if not used.any():
        return prior
    relative = np.where(known[used], panel[used] / means[used, None], 0.0).sum(axis=0)
    days = known[used].sum(axis=0)
    weekday = weekdays_of(panel.shape[1], first_weekday)
    totals = np.bincount(weekday, weights=relative, minlength=WEEK)
    seen = np.bincount(weekday, weights=days, minlength=WEEK)
    own = np.where(seen > 0, totals / np.maximum(seen, 1), 0.0)
    if own.sum() <= 0:
        return prior
    weight = float((panel[used] > 0).sum())
    return np.asarray((own / own.sum() * weight + prior * PRIOR_DAYS) / (weight + PRIOR_DAYS))


def weekly(panel: Numbers, known: Mask, profile: Numbers, first_weekday: int) -> Numbers:
    """Sums of 7 days each, ending with the last day; NaN where too little of the week is known.

    Args:
        panel: Series x days.
        known: The same shape, False where nothing is known of the day.
        profile: Share of a week of each weekday, the same for all or one row a series.
        first_weekday: Of the first column, Monday is 0.
    """
    rows, days = panel.shape
    short = -days % WEEK
    panel = np.pad(np.where(known, panel, 0.0), ((0, 0), (short, 0)))
    known = np.pad(known, ((0, 0), (short, 0)))
    weekday = weekdays_of(days + short, first_weekday - short)
    weight = np.broadcast_to(np.atleast_2d(profile)[:, weekday], panel.shape)
    shape = (rows, (days + short) // WEEK, WEEK)
    total = panel.reshape(shape).sum(axis=2)
    seen = (weight * known).reshape(shape).sum(axis=2)
    enough = seen >= LEAST_KNOWN
    whole = np.where(seen > 1 - 1e-9, 1.0, seen)
    return np.where(enough, total / np.where(enough, whole, 1.0), np.nan)


def rounded_like(found: Numbers, panel: Numbers) -> Numbers:
    """Whole numbers where the days are whole: a scaled week of whole things is told in whole things."""
    whole = np.all(panel == np.round(panel), axis=1)
    return np.where(whole[:, None], np.round(found), found)
