"""Exponential smoothing of many series at once, with unknown periods left out.

The rows of a panel are series, its columns periods that end together; NaN is unknown (or before the start).
An unknown period moves no level: it is neither a zero nor a guess. Weights are chosen from a fixed grid by
the one-step squared error, so that the sums are the same on any machine and in any company.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.laws import Numbers

WEIGHTS = np.array([0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9])
# One squared error counts for at most so many times the usual one, once so many were seen.
MOST_TIMES, FEWEST_ERRORS = 9.0, 4
MOST_BUCKET = 24
# Observations of a place in the season that weigh as much as "like any other".
PROFILE_PRIOR = 8.0
# A place in the season with less than this share of the usual says nothing of the level.
CLOSED = 0.05
# So many times in a row, and always, unknown is closed.
TIMES_CLOSED = 3


def stacked(series: Sequence[Numbers]) -> Numbers:
    """Series of different lengths as one panel that ends together, NaN before each start."""
    width = max((len(values) for values in series), default=0)
    panel = np.full((len(series), width), np.nan)
    for row, values in enumerate(series):
        if len(values):
            panel[row, width - len(values) :] = values
    return panel


def mean_level(panel: Numbers) -> Numbers:
    """The mean of all that is known, 0 where nothing is."""
    known = ~np.isnan(panel)
    return np.asarray(np.where(known, panel, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))


def smooth_level(panel: Numbers) -> Numbers:
    """Simple exponential smoothing (Brown, 1956), each row by its best weight: the level at the end.

    >>> smooth_level(np.array([[5.0, 5.0, np.nan, 5.0]]))
    array([5.])
    """
    rows, width = panel.shape
    level = np.full((rows, len(WEIGHTS)), np.nan)
    squares, seen = np.zeros_like(level), np.zeros(rows)
    for column in range(width):
        now = panel[:, column]
        known = ~np.isnan(now)
        if not known.any():
            continue
        error = now[known, None] - level[known]
        fresh = np.isnan(error)
        squares[known] += np.where(fresh, 0.0, np.minimum(error * error, _most(squares, seen, known)))
        seen[known] += 1
        level[known] = np.where(fresh, now[known, None], level[known] + WEIGHTS * error)
    best = np.argmin(squares, axis=1)
    return np.asarray(np.nan_to_num(level[np.arange(rows), best]))


def _most(squares: Numbers, seen: Numbers, known: NDArray[np.bool_]) -> Numbers:
    """What one error may count for: a single wild period is no reason to follow every period.

    Without it the weight is chosen whose level happens to stand nearest to that one period.
    """
    usual = squares[known].mean(axis=1) / np.maximum(seen[known] - 1, 1)
    enough = (seen[known] > FEWEST_ERRORS) & (usual > 0)
    return np.asarray(np.where(enough, MOST_TIMES * usual, np.inf)[:, None])


def profile(panel: Numbers, season: int) -> Numbers:
    """How each place in the season sells against the mean: series x season, 1 is like any other.

    The first column is the first period after the panel. Ratios to the mean (Holt and Winters' indices
    without their trend), drawn to 1 where few were seen.

    >>> profile(np.array([[2.0, 0, 2, 0]]), 2)
    array([[1.2, 0.8]])
    """
    if season < 2:
        return np.ones((len(panel), 1))
    mean = mean_level(panel)
    found = np.ones((len(panel), season))
    for place, column in enumerate(_places(panel, season)):
        known = ~np.isnan(column)
        sums = np.where(known, column, 0.0).sum(axis=1) / np.where(mean > 0, mean, 1.0)
        count = known.sum(axis=1)
        found[:, place] = (np.where(mean > 0, sums, count) + PROFILE_PRIOR) / (count + PROFILE_PRIOR)
    return np.asarray(found / found.mean(axis=1)[:, None])


def closed(panel: Numbers, season: int) -> NDArray[np.bool_]:
    """Which places in the season are never known while others are: days on which the shop is closed.

    The first column is the first period after the panel.

    >>> closed(np.array([[np.nan, 2.0] * 4]), 2)
    array([[ True, False]])
    """
    known = ~np.isnan(panel)
    since = np.maximum.accumulate(known, axis=1)
    found = np.zeros((len(panel), season), dtype=bool)
    pairs = zip(_places(known.astype(float), season), _places(since.astype(float), season), strict=True)
    for place, (seen, there) in enumerate(pairs):
        found[:, place] = (np.nansum(seen, axis=1) == 0) & (np.nansum(there, axis=1) >= TIMES_CLOSED)
    return np.asarray(found & (season > 1) & (known.sum(axis=1) >= since.sum(axis=1) / 2)[:, None])


def _places(panel: Numbers, season: int) -> list[Numbers]:
    """The columns of each place in the season, the first period after the panel being the first place."""
    short = max(season - panel.shape[1], 0)
    padded = np.pad(panel, ((0, 0), (short, 0)), constant_values=np.nan)
    return [padded[:, padded.shape[1] - season + place :: -season] for place in range(season)]


def mean_interval(panel: Numbers) -> Numbers:
    """Known periods per period with demand, 1 where there is none."""
    known = (~np.isnan(panel)).sum(axis=1)
    demands = np.where(np.isnan(panel), 0.0, panel != 0).sum(axis=1)
    return np.where(demands > 0, known / np.maximum(demands, 1), 1.0)


def bucketed(panel: Numbers, size: int) -> Numbers:
    """Means of ``size`` periods each, counted back from the end; what is over at the start is left out."""
    if size == 1:
        return panel
    rows, width = panel.shape
    count = max(width // size, 1)
    whole = panel[:, width - count * size :] if width >= size else panel
    parts = whole.reshape(rows, count, -1)
    known = (~np.isnan(parts)).sum(axis=2)
    sums = np.where(np.isnan(parts), 0.0, parts).sum(axis=2)
    return np.where(known > 0, sums / np.maximum(known, 1), np.nan)


def aggregate_level(panel: Numbers) -> Numbers:
    """ADIDA (Nikolopoulos and others, 2011): smoothing of buckets as long as the mean interval."""
    buckets = _buckets(panel)
    level = np.zeros(len(panel))
    for size in np.unique(buckets):
        rows = buckets == size
        level[rows] = smooth_level(bucketed(panel[rows], int(size)))
    return level


def multiple_level(panel: Numbers) -> Numbers:
    """IMAPA (Petropoulos and Kourentzes, 2015): the mean of smoothing at every bucket up to the interval."""
    buckets = _buckets(panel)
    total = np.zeros(len(panel))
    for size in range(1, int(buckets.max(initial=1)) + 1):
        rows = buckets >= size
        total[rows] += smooth_level(bucketed(panel[rows], size))
    return total / buckets


def _buckets(panel: Numbers) -> NDArray[np.int64]:
    widest = max(panel.shape[1] // 3, 1)
    return np.clip(np.round(mean_interval(panel)), 1, min(MOST_BUCKET, widest)).astype(int)
