"""What kind of demand a series is: it decides which models make its forecast.

By the mean interval between demands and the squared coefficient of variation of their sizes
(Syntetos, Boylan and Croston, 2005): smooth, erratic, intermittent or lumpy. Besides these: "new" with too
little history, "seasonal" where two seasons are known and the pattern shows in both, where a steady series
drifts so that its level today says more than its mean, or where so many seasons of regular demand are known
that models of trend and season find for themselves whether there is any.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.maths.demand.history import DemandClass
from tools.maths.demand.laws import Kind, Numbers

NEW_PERIODS = 4
LONG_INTERVAL = 1.32
VARIED_SIZES = 0.49
DRIFT_PERIODS = 36
STEADY = 0.3
# With more zeros than this a season is chance.
MANY_ZEROS = 0.3
DRIFT = 0.6
# Known seasons from which on models of trend and season judge better than a test.
SEASONS_KNOWN = 3
CLASSES: Sequence[DemandClass] = ("smooth", "erratic", "intermittent", "lumpy", "seasonal", "new")


def demand_class(values: Numbers, season: int) -> DemandClass:
    """The class of one series (NaN are unknown periods).

    >>> demand_class(np.array([5.0, 6, 4, 5, 6, 5]), 1), demand_class(np.array([0.0, 0, 3, 0, 0, 3]), 1)
    ('smooth', 'intermittent')
    """
    known = values[~np.isnan(values)]
    if known.size < NEW_PERIODS:
        return "new"
    if is_seasonal(values, season) or is_drifting(known):
        return "seasonal"
    found = by_interval_and_size(known)
    settled = season > 1 and known.size >= SEASONS_KNOWN * season
    return "seasonal" if settled and found in {"smooth", "erratic"} else found


def by_interval_and_size(known: Numbers) -> DemandClass:
    """The four classes of Syntetos, Boylan and Croston (2005)."""
    demands = known[known != 0]
    if demands.size == 0:
        return "intermittent"
    interval = known.size / demands.size
    variation = float(np.var(demands) / np.mean(demands) ** 2) if np.mean(demands) else np.inf
    if interval < LONG_INTERVAL:
        return "smooth" if variation < VARIED_SIZES else "erratic"
    return "intermittent" if variation < VARIED_SIZES else "lumpy"


def is_seasonal(values: Numbers, season: int) -> bool:
    """Whether what is known of two or more seasons repeats (the autocorrelation test of Fiorucci, 2016).

    The correlation at one season's lag is held against its standard error given the shorter lags, at 90 %.
    """
    if season < 2 or values.size < 2 * season + 2:
        return False
    known = ~np.isnan(values)
    if known.mean() < 0.5 or np.mean(values[known] == 0) > MANY_ZEROS:
        return False
    centred = np.where(known, values - np.nanmean(values), 0.0)
    power = float(centred @ centred)
    if power <= 0:
        return False
    lags = np.array([float(centred[lag:] @ centred[:-lag]) / power for lag in range(1, season + 1)])
    bound = 1.645 * np.sqrt((1 + 2 * float(lags[:-1] @ lags[:-1])) / known.sum())
    return bool(lags[-1] > bound)


def is_drifting(known: Numbers) -> bool:
    """Whether a positive, steady series of some length moves on from where it was last.

    >>> is_drifting(100 + np.arange(40.0)), is_drifting(100 + np.arange(40.0) % 2)
    (True, False)
    """
    if known.size < DRIFT_PERIODS or known.min() <= 0:
        return False
    if float(np.std(np.diff(np.log(known)))) > STEADY:
        return False
    centred = known - known.mean()
    power = float(centred @ centred)
    return power > 0 and float(centred[1:] @ centred[:-1]) / power > DRIFT


def kind_of(values: Numbers) -> Kind:
    """The law that suits the values: whole numbers, amounts, or anything.

    >>> kind_of(np.array([1.0, 2.0])), kind_of(np.array([0.5])), kind_of(np.array([-1.0]))
    ('counts', 'amounts', 'real')
    """
    known = values[~np.isnan(values)]
    if known.size and known.min() < 0:
        return "real"
    return "counts" if np.all(known == np.round(known)) else "amounts"
