"""What the global model sees of a series at an origin: everything relative to the series' own level.

Every figure is made by sums from the left, so that it is the same number in whatever company a series is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand import smoothing
from tools.maths.demand.laws import Numbers

Whole = NDArray[np.int64]
LAGS = 6
WINDOWS = (2, 4, 8, 13, 26, 52)
LEVEL_WINDOW = 26
WEIGHTS = (0.05, 0.1, 0.3, 0.6)
LATEST = 0.6
YEARS = 4
LONGEST_PAUSE = 60
COVARIATES = 8


@dataclass(frozen=True)
class Table:
    """Series that end together, with their calendar and what is known in advance.

    Attributes:
        values: Series x periods, NaN unknown.
        horizon: Periods to be forecast.
        season: Periods after which a pattern comes again.
        phases: Per series, where in the season the last period stands.
        covariates: By name, series x (periods + horizon).
    """

    values: Numbers
    horizon: int
    season: int
    phases: Whole
    covariates: Mapping[str, Numbers]

    @staticmethod
    def of(
        series: Sequence[Numbers],
        horizon: int,
        season: int,
        phases: Whole,
        covariates: Mapping[str, Sequence[Numbers]],
    ) -> Table:
        """The table of series of different lengths."""
        plans = {name: smoothing.stacked(columns) for name, columns in covariates.items()}
        return Table(smoothing.stacked(series), horizon, season, phases, plans)

    @property
    def rows(self) -> int:
        """How many series there are."""
        return int(self.values.shape[0])

    @property
    def width(self) -> int:
        """Periods of the longest series."""
        return int(self.values.shape[1])

    @cached_property
    def starts(self) -> Whole:
        """The first known period of each series (the width where nothing is known)."""
        known = ~np.isnan(self.values)
        return np.where(known.any(axis=1), known.argmax(axis=1), self.width)

    def only(self, rows: NDArray[np.bool_]) -> Table:
        """The table of some of the series."""
        plans = {name: plan[rows] for name, plan in self.covariates.items()}
        return Table(self.values[rows], self.horizon, self.season, self.phases[rows], plans)

    def target(self, rows: Whole, ends: Whole, steps: Whole, scale: Numbers, *, as_growth: bool) -> Numbers:
        """What came, relative to the level at the origin."""
        came = self.values[rows, ends + steps - 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log(came) - scale if as_growth else came / scale)

    def features(self, rows: Whole, ends: Whole, steps: Whole, *, as_growth: bool) -> tuple[Numbers, Numbers]:
        """Features of (series, periods seen, step ahead), and the level that they are relative to."""
        view = self._growth if as_growth else self._levels
        last = ends - 1
        scale = view.scale(rows, last)
        columns = view.shape(rows, last, scale)
        columns += [*view.seasonal(rows, last, steps, scale, self.season), steps.astype(float)]
        columns.append(((self.phases[rows] - (self.width - 1 - last) + steps) % self.season).astype(float))
        for name in sorted(self.covariates)[:COVARIATES]:
            columns += self._planned(name, rows, last, steps)
        return np.stack(columns, axis=1), scale

    @cached_property
    def _levels(self) -> View:
        return View(self.values, as_growth=False)

    @cached_property
    def _growth(self) -> View:
        with np.errstate(divide="ignore", invalid="ignore"):
            return View(np.log(self.values), as_growth=True)

    def _planned(self, name: str, rows: Whole, last: Whole, steps: Whole) -> list[Numbers]:
        """A plan at the target: itself, against the series' past mean, against the latest four periods."""
        plan = self.covariates[name]
        usual, lately = self._plans[name]
        now = plan[rows, last + steps]
        return [now, now - usual[rows, last], now - lately[rows, last]]

    @cached_property
    def _plans(self) -> Mapping[str, tuple[Numbers, Numbers]]:
        return {
            name: (rolled(plan, plan.shape[1]), rolled(plan, 4)) for name, plan in self.covariates.items()
        }


class View:
    """The values (or their logarithms) with all that is summed up along them."""

    def __init__(self, values: Numbers, *, as_growth: bool) -> None:
        self.values, self.as_growth = values, as_growth
        self.smooth = {weight: smoothed(values, weight) for weight in WEIGHTS}
        self.means = {window: rolled(values, window) for window in WINDOWS}
        self.squares = {window: rolled(values**2, window) for window in (8, 26)}
        self.whole = rolled(values, values.shape[1])
        unknown = np.isnan(values)
        nothing = np.zeros_like(values) if as_growth else (values == 0).astype(float)
        self.zeros = rolled(np.where(unknown, np.nan, nothing), LEVEL_WINDOW)
        columns = np.arange(values.shape[1])
        sold = np.where(~unknown & (nothing == 0), columns, -1)
        self.pause = columns - np.maximum.accumulate(sold, axis=1)
        self.known = np.cumsum(~unknown, axis=1)

    def scale(self, rows: Whole, last: Whole) -> Numbers:
        """The level: the latest for growth; else the mean of half a year, or of all where that is 0."""
        if self.as_growth:
            return self.smooth[LATEST][rows, last]
        recent = self.means[LEVEL_WINDOW][rows, last]
        return np.asarray(np.where(recent > 0, recent, np.nan_to_num(self.whole[rows, last])))

    def relative(self, figures: Numbers, scale: Numbers) -> Numbers:
        """Figures against the level."""
        if self.as_growth:
            return np.asarray(figures - scale)
        return np.asarray(figures / np.where(scale > 0, scale, 1.0))

    def at(self, rows: Whole, columns: Whole) -> Numbers:
        """Values at these periods, NaN before the first."""
        return np.asarray(np.where(columns >= 0, self.values[rows, np.maximum(columns, 0)], np.nan))

    def shape(self, rows: Whole, last: Whole, scale: Numbers) -> list[Numbers]:
        """What the latest periods looked like."""
        figures = [self.at(rows, last - lag) for lag in range(LAGS)]
        figures += [self.smooth[weight][rows, last] for weight in WEIGHTS]
        figures += [self.means[window][rows, last] for window in WINDOWS]
        columns = [self.relative(one, scale) for one in figures]
        four = self.means[4]
        before = np.where(last >= 4, four[rows, np.maximum(last - 4, 0)], np.nan)
        divisor = np.ones_like(scale) if self.as_growth else np.where(scale > 0, scale, 1.0)
        columns.append((four[rows, last] - before) / divisor)
        for window, squares in self.squares.items():
            spread = squares[rows, last] - self.means[window][rows, last] ** 2
            columns.append(np.sqrt(np.maximum(spread, 0.0)) / divisor)
        columns += [
            self.zeros[rows, last],
            np.minimum(self.pause[rows, last], LONGEST_PAUSE).astype(float),
            np.log1p(self.known[rows, last]),
        ]
        if not self.as_growth:
            columns.append(np.log(np.where(scale > 0, scale, np.nan)))
        return columns

    def seasonal(self, rows: Whole, last: Whole, steps: Whole, scale: Numbers, season: int) -> list[Numbers]:
        """The same place in earlier seasons, its neighbours, and how it stood out then."""
        if season < 2:
            return []
        back = season * (-(-steps // season))
        same = [self.at(rows, last + steps - back - season * year) for year in range(YEARS)]
        around = []
        for year in range(2):
            for shift in (-1, 0, 1):
                place = last + steps - back - season * year + shift
                around.append(np.where(place <= last, self.at(rows, np.minimum(place, last)), np.nan))
        then = last - back
        level = np.where(then >= 0, self.means[4][rows, np.maximum(then, 0)], np.nan)
        one = self.relative(same[0], scale)
        return [
            one,
            self.relative(same[1], scale),
            self.relative(mean_of(same), scale),
            self.relative(mean_of(around), scale),
            one - self.relative(level, scale),
        ]


def mean_of(figures: Sequence[Numbers]) -> Numbers:
    """The mean of those that are known, element by element; NaN where none is.

    >>> mean_of([np.array([1.0, np.nan]), np.array([3.0, np.nan])])
    array([ 2., nan])
    """
    total, count = np.zeros_like(figures[0]), np.zeros_like(figures[0])
    for figure in figures:
        known = ~np.isnan(figure)
        total += np.where(known, figure, 0.0)
        count += known
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def rolled(values: Numbers, window: int) -> Numbers:
    """The mean of what is known of the last ``window`` periods, at every period; NaN where nothing is.

    >>> rolled(np.array([[1.0, np.nan, 3.0]]), 2)
    array([[1., 1., 3.]])
    """
    known = ~np.isnan(values)
    sums = np.cumsum(np.pad(np.where(known, values, 0.0), ((0, 0), (1, 0))), axis=1)
    counts = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
    high = np.arange(1, values.shape[1] + 1)
    low = np.maximum(high - window, 0)
    count = counts[:, high] - counts[:, low]
    return np.asarray(np.where(count > 0, (sums[:, high] - sums[:, low]) / np.maximum(count, 1), np.nan))


def smoothed(values: Numbers, weight: float) -> Numbers:
    """The exponentially smoothed level at every period; unknown periods leave it as it was."""
    found = np.full(values.shape, np.nan)
    level = np.full(len(values), np.nan)
    for column in range(values.shape[1]):
        now = values[:, column]
        moved = np.where(np.isnan(level), now, level + weight * (now - level))
        level = np.where(np.isnan(now), level, moved)
        found[:, column] = level
    return found
