"""Possible courses of demand, for many products at once.

The forecast's error has two parts: one that stays over all weeks (the level was wrong) and one that is new
each week.  Both are found from the variances of the first week and of the whole stretch.  A path draws a
level, then for each week a number from the negative binomial law about it (a Poisson law whose rate follows
a gamma law; Greenwood and Yule, 1920), and spreads the week over its days as the profile says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.laws import NOTHING, Numbers
from tools.maths.replenishment.outlook import WEEK, Outlook

Floats = NDArray[np.float32]
Generators = Sequence[np.random.Generator]
_EVEN = 1e-3


@dataclass(frozen=True)
class DemandSource:
    """Products of one kind of demand, ready to be drawn.

    Attributes:
        counts: Whether demand is in whole units.
        means: Product x week, expected demand of each week of the stretch.
        sums: Product x week x 8, the share of the week's demand before each of its days, and at its end.
        dispersion: Product, variance to mean of what is new each week.
        level: Product, variance of the level that stays, of a mean of 1.
    """

    counts: bool
    means: Numbers
    sums: Numbers
    dispersion: Numbers
    level: Numbers

    def weeks(self, generators: Generators, count: int) -> Iterator[Floats]:
        """Week by week what is wanted: product x path; each product draws from its own generator."""
        levels = [_level(rng, self.level[row], count) for row, rng in enumerate(generators)]
        for week in range(self.means.shape[1]):
            yield np.stack(
                [
                    self._week(rng, row, np.float32(self.means[row, week]) * levels[row])
                    for row, rng in enumerate(generators)
                ]
            )

    def _week(self, rng: np.random.Generator, row: int, mean: Floats) -> Floats:
        if not self.counts:
            scale = np.float32(max(self.dispersion[row], NOTHING))
            return rng.standard_gamma(mean / scale, dtype=np.float32) * scale
        beyond = np.float32(self.dispersion[row] - 1)
        if beyond > _EVEN:
            mean = rng.standard_gamma(mean / beyond, dtype=np.float32) * beyond
        return rng.poisson(mean).astype(np.float32)

    def days(self, generators: Generators, week: int, wanted: Floats) -> Iterator[Floats]:
        """The days of a week of which ``wanted`` (product x path) is the demand.

        Whole units fall on days by their shares with one random start, so that the days add up to the week.
        """
        count = wanted.shape[1]
        start = np.stack([rng.random(count, dtype=np.float32) for rng in generators])
        before = np.zeros_like(wanted)
        for day in range(WEEK):
            share = self.sums[:, week, day + 1, None].astype(np.float32)
            until = np.floor(wanted * share + start) if self.counts else wanted * share
            # The share of the last day is exactly 1, but float32 may round the sum up to the next unit.
            until = np.minimum(until, wanted)
            yield until - before
            before = until


def demand_source(outlooks: Sequence[Outlook], starts: Sequence[int], weeks: int) -> DemandSource:
    """The demand of ``weeks`` weeks, each outlook from its own day number on; all of one kind."""
    means = np.zeros((len(outlooks), weeks))
    sums = np.zeros((len(outlooks), weeks, WEEK + 1))
    dispersion, level = np.ones(len(outlooks)), np.zeros(len(outlooks))
    for row, (outlook, start) in enumerate(zip(outlooks, starts, strict=True)):
        wanted = outlook.cumulative(start, weeks * WEEK)
        edges = wanted[::WEEK]
        means[row] = np.diff(edges)
        for week in range(weeks):
            days = wanted[week * WEEK : (week + 1) * WEEK + 1] - edges[week]
            even = np.arange(WEEK + 1) / WEEK
            sums[row, week] = days / days[-1] if days[-1] > NOTHING else even
        counts = outlook.kind == "counts"
        dispersion[row], level[row] = _parts(outlook, start, weeks, least=1.0 if counts else 0.0)
    return DemandSource(outlooks[0].kind == "counts", means, sums, dispersion, level)


def _parts(outlook: Outlook, start: int, weeks: int, *, least: float) -> tuple[float, float]:
    """Dispersion and variance of the level: ``variance = dispersion * mean + level * mean ** 2``."""
    first, last = outlook.law(start, start + WEEK), outlook.law(start, start + weeks * WEEK)
    if last.mean <= NOTHING:
        return max(least, 1.0), 0.0
    one = first.variance / first.mean if first.mean > NOTHING else last.variance / last.mean
    all_of_them = last.variance / last.mean
    between = last.mean - first.mean
    level = max(0.0, (all_of_them - one) / between) if between > NOTHING else 0.0
    dispersion = one - level * first.mean
    if dispersion < least:
        return least, max(0.0, (all_of_them - least) / last.mean)
    return dispersion, level


def _level(rng: np.random.Generator, variance: float, count: int) -> Floats:
    """Draws of mean 1."""
    if variance <= _EVEN:
        return np.ones(count, dtype=np.float32)
    return rng.standard_gamma(1 / variance, count, dtype=np.float32) * np.float32(variance)


def daily_paths(
    outlook: Outlook, rng: np.random.Generator, count: int, start: int, days: int
) -> NDArray[np.float64]:
    """``count`` possible courses of the demand of one product: path x day, from day ``start`` on."""
    weeks = -(-days // WEEK)
    source = demand_source([outlook], [start], weeks)
    columns = [
        day[0]
        for week, wanted in enumerate(source.weeks([rng], count))
        for day in source.days([rng], week, wanted)
    ]
    return np.column_stack(columns)[:, :days].astype(np.float64)
