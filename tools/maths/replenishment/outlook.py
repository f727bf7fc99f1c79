"""The demand of one product as a policy sees it: what may be wanted between any two days.

A forecast gives the means of 7-day blocks, the variances of the sums of the first 1, 2, ... blocks and the
share of each weekday.  All that is asked here, of days, weeks or months, is a sum of its days, so that the
answers agree with one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from math import floor, sqrt

import numpy as np

from tools.maths.demand.laws import NOTHING, Kind, Law, Numbers

WEEK = 7
EVEN = (1 / WEEK,) * WEEK
# Beyond the horizon the mean of these last weeks goes on, and the spread of a sum grows with this power:
# between independent weeks (1) and one error that stays (2).
_LAST_WEEKS = 4
_GROWTH = 1.5
_FURTHEST = 371


@dataclass(frozen=True, slots=True)
class Override:
    """A person's figure: ``quantity`` is wanted on the days from ``first`` to ``last`` together."""

    first: date
    last: date
    quantity: float


@dataclass(frozen=True)
class Outlook:
    """The demand of one product, place or both from ``first`` on.

    Days are counted from ``first``: day 0 is ``first`` itself, and a stretch from ``start`` to ``end``
    leaves out the day ``end``.  Fractions of days are allowed.

    Attributes:
        first: First day of the first 7-day block.
        weekly: Expected demand of each block, in base units.
        sum_variance: Variance of the sum of the first k blocks, k from 1 on.
        profile: Share of a week's demand on Monday to Sunday; it sums to 1.
        kind: The law about the mean.
        overrides: Figures by people; a later one goes over an earlier one.
    """

    first: date
    weekly: tuple[float, ...]
    sum_variance: tuple[float, ...]
    profile: tuple[float, ...] = EVEN
    kind: Kind = "counts"
    overrides: tuple[Override, ...] = ()

    def day_number(self, day: date) -> int:
        """Days from ``first`` to ``day``."""
        return (day - self.first).days

    def daily(self, start: int, days: int) -> Numbers:
        """Expected demand of each of ``days`` days from day ``start`` on."""
        return np.diff(self.cumulative(start, days))

    def cumulative(self, start: int, days: int) -> Numbers:
        """Expected demand of the first 0, 1, ... ``days`` days from day ``start`` on."""
        last = len(self._sums) - 1
        numbers = np.arange(start, start + days + 1)
        beyond = np.maximum(numbers - last, 0) * (self._rate / WEEK)
        found = self._sums[np.clip(numbers, 0, last)] + beyond
        return np.asarray(found - found[0])

    def mean(self, start: float, end: float) -> float:
        """Expected demand between two day numbers."""
        return self._wanted(self._sums, end) - self._wanted(self._sums, start)

    def variance(self, start: float, end: float) -> float:
        """Variance of the demand between two day numbers.

        It is that of as many weeks from the start of the forecast, in the proportion of the means; never
        less than what the difference of the two sums must have, whatever their correlation (Cauchy and
        Schwarz).  A figure that a person raised is as unsure in proportion as it was; what a person
        lowered keeps its ratio of variance to mean.
        """
        if end <= start:
            return 0.0
        early, late = self._weeks(start), self._weeks(end)
        base = self._wanted(self._base_sums, end) - self._wanted(self._base_sums, start)
        like = self._wanted(self._base_sums, (late - early) * WEEK)
        spread = self._variance_of(late - early) * (base / like if like > NOTHING else 1.0)
        spread = max(spread, (sqrt(self._variance_of(late)) - sqrt(self._variance_of(early))) ** 2)
        mean = self.mean(start, end)
        if base <= NOTHING:
            return max(spread, mean)
        return spread * (mean / base) * max(1.0, mean / base)

    def law(self, start: float, end: float) -> Law:
        """The law of the demand between two day numbers."""
        return Law(self.mean(start, end), self.variance(start, end), self.kind)

    def between(self, first: date, last: date) -> Law:
        """The law of the demand of the days from ``first`` to ``last``, both counted."""
        start = self.day_number(first)
        return self.law(start, self.day_number(last) + 1)

    def times(self, factor: float, first: date | None = None, last: date | None = None) -> Outlook:
        """The same with ``factor`` times the demand, of some days only if given."""
        start = self.first if first is None else max(first, self.first)
        end = self.first + timedelta(days=self._days - 1) if last is None else last
        if first is None and last is None and not self.overrides:
            spread = factor * max(1.0, factor)
            return replace(
                self,
                weekly=tuple(factor * mean for mean in self.weekly),
                sum_variance=tuple(spread * variance for variance in self.sum_variance),
            )
        if end < start:
            return self
        figure = Override(start, end, factor * self.between(start, end).mean)
        return replace(self, overrides=(*self.overrides, figure))

    @property
    def _days(self) -> int:
        ends = [self.day_number(figure.last) + 1 for figure in self.overrides]
        return max(len(self.weekly) * WEEK, _FURTHEST, *ends)

    @cached_property
    def _rate(self) -> float:
        last = self.weekly[-_LAST_WEEKS:]
        return sum(last) / len(last) if last else 0.0

    @cached_property
    def _shares(self) -> Numbers:
        """The profile from the weekday of ``first`` on."""
        return np.roll(np.asarray(self.profile, dtype=float), -self.first.weekday())

    @cached_property
    def _share_sums(self) -> Numbers:
        return np.concatenate([[0.0], np.cumsum(self._shares)])

    @cached_property
    def _base(self) -> Numbers:
        weeks = -(-self._days // WEEK)
        means = np.full(weeks, self._rate)
        known = min(weeks, len(self.weekly))
        means[:known] = np.maximum(self.weekly[:known], 0.0)
        return np.asarray(np.multiply.outer(means, self._shares)).ravel()

    @cached_property
    def _base_sums(self) -> Numbers:
        return np.concatenate([[0.0], np.cumsum(self._base)])

    @cached_property
    def _sums(self) -> Numbers:
        if not self.overrides:
            return self._base_sums
        days = self._base.copy()
        for figure in self.overrides:
            start, end = max(self.day_number(figure.first), 0), self.day_number(figure.last) + 1
            if end <= start:
                continue
            there = float(days[start:end].sum())
            even = figure.quantity / (end - start)
            days[start:end] = days[start:end] * (figure.quantity / there) if there > NOTHING else even
        return np.concatenate([[0.0], np.cumsum(days)])

    def _wanted(self, sums: Numbers, day: float) -> float:
        """Expected demand from day 0 to ``day``."""
        if day <= 0:
            return 0.0
        last = len(sums) - 1
        if day >= last:
            return float(sums[last]) + (day - last) * self._rate / WEEK
        whole = floor(day)
        return float(sums[whole]) + (day - whole) * float(sums[whole + 1] - sums[whole])

    def _weeks(self, day: float) -> float:
        """Weeks from day 0 to ``day``, a part of a week counted by its share of the demand."""
        if day <= 0:
            return 0.0
        whole, rest = divmod(day, WEEK)
        at = floor(rest)
        share = float(self._share_sums[at]) + (rest - at) * float(self._shares[at])
        return whole + share

    def _variance_of(self, weeks: float) -> float:
        """Variance of the sum of the first ``weeks``; fractions interpolate."""
        known = self._variances
        last = len(known) - 1
        if weeks >= last:
            return float(known[last]) * (weeks / last) ** _GROWTH if last else 0.0
        whole = floor(weeks)
        return float(known[whole]) + (weeks - whole) * float(known[whole + 1] - known[whole])

    @cached_property
    def _variances(self) -> Numbers:
        return np.maximum.accumulate(np.concatenate([[0.0], np.maximum(self.sum_variance, 0.0)]))


def steady(rate: float, variance: float, first: date, kind: Kind = "counts") -> Outlook:
    """An outlook of ``rate`` units a day with independent days of ``variance`` each.

    >>> steady(2.0, 3.0, date(2026, 3, 2)).law(0, 14)
    Law(mean=28.0, variance=42.0, kind='counts')
    """
    weeks: Sequence[int] = range(1, 53)
    return Outlook(
        first,
        (rate * WEEK,) * len(weeks),
        tuple(variance * WEEK * week for week in weeks),
        kind=kind,
    )
