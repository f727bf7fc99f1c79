"""What goes into a forecast and what comes out: the doors of this package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.laws import Kind, Numbers, quantiles

Grain = Literal["H", "D", "W", "M", "Q", "Y"]
DemandClass = Literal["smooth", "erratic", "intermittent", "lumpy", "seasonal", "new"]

# Periods after which a pattern may come again.
SEASONS: Mapping[Grain, int] = {"H": 24, "D": 7, "W": 52, "M": 12, "Q": 4, "Y": 1}


@dataclass(frozen=True)
class History:
    """One series: what was wanted in each period.

    Attributes:
        key: Names the series.
        values: Demand per period, oldest first; NaN where it is unknown (closed, out of stock, not
            recorded). An unknown period is never a zero.
        first: First day of the first period; weeks run Monday to Sunday.
        covariates: By name, one number for each period of ``values`` and of the horizon: known in advance.
        group: What it belongs to (a category): its likes are pooled.
        name: Its words, for finding similar products.
        price: Its price, for finding similar products.
    """

    key: str
    values: NDArray[np.float64]
    first: date
    covariates: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    group: str = ""
    name: str = ""
    price: float | None = None


@dataclass(frozen=True)
class Settings:
    """How to forecast; one configuration serves all shops.

    Attributes:
        windows: Past origins from which each series is forecast again, to learn its own errors.
        season: Periods after which a pattern comes again; None takes the grain's.
        boost: Whether the global gradient-boosted model may be blended in (where it is installed).
        covariates: Whether covariates may be used (where they win the backtest).
    """

    windows: int = 3
    season: int | None = None
    boost: bool = True
    covariates: bool = True


@dataclass(frozen=True)
class Score:
    """How one series was forecast from past origins.

    Attributes:
        key: The series.
        rmsse: Root mean squared scaled error (Makridakis and others, 2022): 1 is as good as "as last time"
            was in the past; NaN where the past never changed.
        bias: Mean of forecast minus actual, in units a period: above 0 is too much.
        windows: Past origins that this rests on.
    """

    key: str
    rmsse: float
    bias: float
    windows: int


@dataclass(frozen=True)
class Forecast:
    """The forecast of one series.

    Attributes:
        key: The series.
        mean: Expected demand of each coming period.
        variance: Variance of each.
        sum_mean: Expected demand of the first k periods together, k from 1 on.
        sum_variance: Variance of these sums (errors of one series lean the same way, so it is more than
            the sum of variances).
        kind: The law about the mean.
        model: What made it, in words.
        demand_class: What kind of demand it is (Syntetos, Boylan and Croston, 2005).
        periods: Known periods of history.
        note: What a person should know about it, "" where nothing.
        errors: How it would have done from past origins; None where there were none.
    """

    key: str
    mean: Numbers
    variance: Numbers
    sum_mean: Numbers
    sum_variance: Numbers
    kind: Kind
    model: str
    demand_class: DemandClass
    periods: int
    note: str = ""
    errors: Score | None = None

    def quantiles(self, levels: Sequence[float]) -> Numbers:
        """Quantiles of single periods: one row a period, one column a level."""
        return quantiles(self.mean[:, None], self.variance[:, None], np.asarray(levels)[None, :], self.kind)

    def sum_moments(self, periods: float, periods_sd: float = 0.0) -> tuple[float, float]:
        """Mean and variance of demand over the next ``periods`` (fractions interpolate).

        A spread of the number of periods itself adds the square of the rate times its variance
        (Silver, Pyke and Thomas, 2017, section 6.10). Beyond the horizon the last rate goes on.
        """
        horizon = len(self.mean)
        steps = np.arange(horizon + 1)
        mean = float(np.interp(periods, steps, np.concatenate([[0.0], self.sum_mean])))
        variance = float(np.interp(periods, steps, np.concatenate([[0.0], self.sum_variance])))
        if periods > horizon:
            mean = float(self.sum_mean[-1]) * periods / horizon
            variance = float(self.sum_variance[-1]) * (periods / horizon) ** 1.5
        rate = mean / periods if periods > 0 else float(self.mean[0])
        return mean, variance + (rate * periods_sd) ** 2

    def sum_quantile(self, level: float, periods: float, periods_sd: float = 0.0) -> float:
        """The quantile of demand over the next ``periods``, with the spread of a lead time if given."""
        mean, variance = self.sum_moments(periods, periods_sd)
        return float(quantiles(mean, variance, level, self.kind))
