"""How wide a forecast must be: the variance of single periods and of sums, from its own past errors.

A series' variance is half its squared errors from past origins and half the recent variance of what was
sold, drawn towards what is usual in its class, since three windows say little. How errors grow with the
horizon, and how far those of one series lean the same way, is learnt over the class. Native intervals of
the models cover too little, conformal ones from a few windows much less; this had the best pinball loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.classes import CLASSES
from tools.maths.demand.laws import NOTHING, Numbers

Mask = NDArray[np.bool_]

# Periods of its own errors that weigh as much as what is usual in the class. Demand by the piece is much
# alike; steady series err each in their own measure.
PRIOR_PERIODS = np.array([2.0 if name == "seasonal" else 20.0 for name in CLASSES])
# Pooled series that weigh as much as the plain law of independent periods.
PRIOR_SERIES = 10.0
# A squared error counts as no more than this many variances: one odd period is no law, least of all in
# smooth demand.
MOST_RATIO = np.array([6.0 if name == "smooth" else 16.0 for name in CLASSES])
RECENT = 13


@dataclass(frozen=True)
class Spread:
    """What a class shares: how errors grow per period, and those of their sums.

    Attributes:
        growth: Class x period, squared error as a multiple of the series' base variance.
        sums: Class x periods, the same for the error of the sum of the first k.
    """

    growth: Numbers
    sums: Numbers


def recent_variance(values: Numbers) -> float:
    """The variance of the last quarter of a year of known periods, 0 with fewer than two.

    >>> recent_variance(np.array([1.0, np.nan, 3.0]))
    2.0
    """
    known = values[~np.isnan(values)][-RECENT:]
    return float(np.var(known, ddof=1)) if known.size > 1 else 0.0


def own_variance(errors: Numbers, recent: Numbers) -> tuple[Numbers, Numbers]:
    """Half squared backtest error, half recent variance; and how many errors there were.

    Args:
        errors: Series x windows x periods, NaN where there was no origin.
        recent: Series.
    """
    known = ~np.isnan(errors)
    count = known.sum(axis=(1, 2))
    squares = np.where(known, errors, 0.0) ** 2
    mean = squares.sum(axis=(1, 2)) / np.maximum(count, 1)
    return np.where(count > 0, 0.5 * mean + 0.5 * recent, recent), count.astype(float)


def learn(errors: Numbers, base: Numbers, classes: NDArray[np.int64]) -> Spread:
    """How errors of each class grow, drawn towards all series, those towards the plain law."""
    horizon = errors.shape[2]
    everyone: Mask = np.ones(len(base), dtype=bool)
    most = MOST_RATIO[classes]
    rows = [classes == code for code in range(len(CLASSES))]
    totals = np.cumsum(errors, axis=2)
    plain = np.ones(horizon)
    whole = _growth(errors, base, everyone, plain, most)
    whole_sums = _growth(totals, base, everyone, np.arange(1.0, horizon + 1), most)
    return Spread(
        growth=np.array([_growth(errors, base, row, whole, most) for row in rows]),
        sums=np.array([_growth(totals, base, row, whole_sums, most) for row in rows]),
    )


def dispersions(own: Numbers, mean: Numbers, classes: NDArray[np.int64]) -> Numbers:
    """Per class, phi of ``variance = mean + phi * mean ** 2``, drawn towards that of all series."""
    overall = _dispersion(own, mean, np.ones(len(own), dtype=bool), 1.0)
    return np.array([_dispersion(own, mean, classes == code, overall) for code in range(len(CLASSES))])


def _dispersion(own: Numbers, mean: Numbers, rows: Mask, prior: float) -> float:
    """The median of ``(variance - mean) / mean ** 2``, drawn to ``prior`` where series are few."""
    used = rows & (mean > NOTHING) & (own > 0)
    if not used.any():
        return prior
    phi = np.maximum(own[used] - mean[used], 0.0) / mean[used] ** 2
    count = float(used.sum())
    return float((np.median(phi) * count + prior * PRIOR_SERIES) / (count + PRIOR_SERIES))


def _growth(errors: Numbers, base: Numbers, rows: Mask, prior: Numbers, most: Numbers) -> Numbers:
    """The mean squared error per period as a multiple of ``base``, never falling with the period."""
    used = rows & (base > NOTHING)
    ratio = np.minimum(errors[used] ** 2 / base[used, None, None], most[used, None, None] * prior)
    known = ~np.isnan(ratio)
    count = known.sum(axis=(0, 1))
    sums = np.where(known, ratio, 0.0).sum(axis=(0, 1))
    found = (sums + prior * PRIOR_SERIES) / (count + PRIOR_SERIES)
    return np.maximum.accumulate(found)


def shrunk(own: Numbers, count: Numbers, mean: Numbers, classes: NDArray[np.int64]) -> Numbers:
    """The base variance: a series' own drawn towards ``mean + phi * mean ** 2`` of its class."""
    expected = mean + dispersions(own, mean, classes)[classes] * mean**2
    prior = PRIOR_PERIODS[classes]
    return np.where(own + expected > NOTHING, (own * count + expected * prior) / (count + prior), 0.0)
