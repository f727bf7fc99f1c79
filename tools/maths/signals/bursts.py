"""More voices than usual: is it chance?

The number of voices on the last days is held against what the thing's own past leads one to expect.  The
past rate is not known exactly: it is drawn towards that of all like things by a gamma law, so that the number
to come follows a negative binomial law (the predictive law of the Gamma-Poisson model; Heard, Weston,
Platanioti and Hand, 2010, watch messages so, Noufaily and others, 2013, reports of illness).  The surprise of
a day is minus the decimal logarithm of the chance of so many or more; an alarm is a surprise over a
threshold, with three weeks of quiet after it.  Two windows are looked at together (3 and 7 days): the short
one sees a strong burst sooner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.maths.later import special

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

WINDOWS = (3, 7)
WEEK = 7
# The past that an own rate is taken from, and the quiet after an alarm, in days.
PAST_DAYS, QUIET_DAYS = 182, 21
# A rate of its own needs so many days of past; before that only the like things speak.
LEAST_DAYS = 28
# The like things weigh as much as so many expected voices, no more: an own rate soon speaks for itself.
MOST_SHAPE, LEAST_SHAPE = 20.0, 0.5
# With nothing ever said of any like thing: as if one voice had come in a hundred days.
NOTHING_SAID = 0.01
# By voices a day, the surprise over which a thing gives one false alarm a year or less.  Found by
# simulation (``bench/feedback/bursts.py --calibrate``), with a tenth to spare.
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
THRESHOLDS = (1.6, 1.6, 2.1, 2.25, 2.25, 2.25, 2.4)
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class Rate:
    """What like things lead one to expect: a gamma law of voices a day.

    Attributes:
        shape: How sure it is, in voices.
        days: The days of past that it stands for; the mean rate is ``shape / days``.
    """

    shape: float
    days: float

    @property
    def mean(self) -> float:
        """Voices a day."""
        return self.shape / self.days


def shrunk_rate(totals: Numbers, days: float) -> Rate:
    """The law of the rates of like things, by moments (Robbins' empirical Bayes; Clayton and Kaldor, 1987).

    Args:
        totals: Voices of each thing over the past.
        days: How long the past is.

    >>> shrunk_rate(np.array([10.0, 10.0, 10.0]), 100.0).mean
    0.1
    """
    mean = float(totals.mean()) if totals.size else 0.0
    if mean <= 0 or days <= 0:
        return Rate(LEAST_SHAPE, LEAST_SHAPE / NOTHING_SAID)
    spread = float(totals.var()) - mean
    shape = mean * mean / spread if spread > 0 else MOST_SHAPE
    shape = min(max(shape, LEAST_SHAPE), MOST_SHAPE)
    return Rate(shape, shape * days / mean)


def tail(count: Numbers, shape: Numbers, odds: Numbers) -> Numbers:
    """The chance of ``count`` or more under a negative binomial law.

    ``shape`` is its number of successes (any positive number), ``odds`` the ratio of the window to all the
    days that the rate stands on: the mean is ``shape * odds``.  P(X >= k) = I_q(k, shape) with
    q = odds / (1 + odds) (Johnson, Kotz and Kemp, 2005).

    >>> tail(np.array([0.0, 1.0]), np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    array([1. , 0.5])
    """
    share = odds / (1.0 + odds)
    found = special.betainc(np.maximum(count, 0.5), shape, share)
    return np.asarray(np.where(count > 0, found, 1.0))


def surprises(series: Numbers, rate: Rate) -> Numbers:
    """The surprise of each day (things x days), 0 where nothing was said: the larger of the two windows."""
    sums = np.concatenate([np.zeros((len(series), 1)), np.cumsum(series, axis=1)], axis=1)
    days = np.arange(1, series.shape[1] + 1)
    past_end = np.maximum(days - WEEK, 0)
    past_start = np.maximum(past_end - PAST_DAYS, 0)
    heard = sums[:, past_end] - sums[:, past_start]
    shape = rate.shape + heard
    known = rate.days + (past_end - past_start)
    found = np.zeros_like(series, dtype=float)
    for window in WINDOWS:
        count = sums[:, days] - sums[:, np.maximum(days - window, 0)]
        chance = tail(count, shape, np.broadcast_to(window / known, shape.shape))
        found = np.maximum(found, -np.log10(np.maximum(chance, _SMALLEST)))
    return found


def past_rates(series: Numbers, rate: Rate) -> Numbers:
    """Voices a day that were usual for each thing before its last week, drawn towards like things."""
    before = series[:, : max(series.shape[1] - WEEK, 0)][:, -PAST_DAYS:]
    return np.asarray((rate.shape + before.sum(axis=1)) / (rate.days + before.shape[1]))


def threshold_for(voices_a_day: float) -> float:
    """The surprise that an alarm needs at this volume: at most one false alarm a year and thing.

    >>> threshold_for(0.2), threshold_for(5.0)
    (2.25, 2.4)
    """
    return float(np.interp(voices_a_day, RATES, THRESHOLDS))


def alarms(
    surprise: Numbers, threshold: float | Numbers, *, start: int = LEAST_DAYS, quiet: int = QUIET_DAYS
) -> Flags:
    """The days on which each thing gives an alarm, from day ``start`` on, with ``quiet`` days after each.

    ``threshold`` is one for all, or one for each thing.
    """
    things, days = surprise.shape
    over = surprise >= np.broadcast_to(np.asarray(threshold, dtype=float), (things,))[:, None]
    last = np.full(things, -quiet)
    found = np.zeros((things, days), dtype=bool)
    for day in range(start, days):
        now = over[:, day] & (day - last >= quiet)
        found[now, day] = True
        last[now] = day
    return found
