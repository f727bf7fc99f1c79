"""How far forecasts were off: error, lean and cover of the band, and whether demand left its forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# The tracking signal of Trigg (1964): the errors all lean one way.
LEANS = 0.6
# Beyond the lean, the error has to be worth telling, as a share of what was said.
LEAST_OFF = 0.25
FEWEST_ERRORS = 6


@dataclass(frozen=True)
class Outcomes:
    """Forecasts beside what came; one row for each series and origin.

    Attributes:
        classes: The demand class of each row.
        said: Rows x periods, the means.
        came: Rows x periods, the actuals; NaN where unknown.
        low: The 10 % quantile of the sum of the periods; NaN where there is none.
        high: The 90 % quantile of the sum.
        highest: The 95 % quantile of the sum.
    """

    classes: tuple[str, ...]
    said: Numbers
    came: Numbers
    low: Numbers
    high: Numbers
    highest: Numbers

    @classmethod
    def together(cls, parts: Sequence[Outcomes]) -> Outcomes:
        """Several, one after the other."""
        names = ("said", "came", "low", "high", "highest")
        arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        return cls(tuple(one for part in parts for one in part.classes), **arrays)

    def of(self, name: str) -> Outcomes:
        """The rows of one demand class."""
        rows = np.array([one == name for one in self.classes])
        return Outcomes(
            (name,) * int(rows.sum()),
            self.said[rows],
            self.came[rows],
            self.low[rows],
            self.high[rows],
            self.highest[rows],
        )


def figures(outcomes: Outcomes) -> dict[str, float | int | None]:
    """Figures of the sums over the periods known: share of error, lean, cover of the band.

    ``wape`` is the sum of absolute errors by the sum of actuals (Hyndman and Koehler, 2006), ``bias`` the
    sum of errors (forecast minus actual) by the same; None where nothing was wanted. ``inside`` is the
    share of sums within the 80 % band, ``up95`` that at or under the 95 % quantile, of whole rows only.
    """
    known = ~np.isnan(outcomes.came)
    rows = known.any(axis=1)
    said = np.where(known, outcomes.said, 0.0).sum(axis=1)[rows]
    came = np.where(known, outcomes.came, 0.0).sum(axis=1)[rows]
    total = float(came.sum())
    whole = known.all(axis=1) & ~np.isnan(outcomes.high)
    actual = outcomes.came[whole].sum(axis=1)
    inside = (actual >= outcomes.low[whole]) & (actual <= outcomes.high[whole])
    up = actual <= outcomes.highest[whole]
    return {
        "series": int(rows.sum()),
        "wape": round(float(np.abs(said - came).sum()) / total, 4) if total > 0 else None,
        "bias": round(float((said - came).sum()) / total, 4) if total > 0 else None,
        "inside": round(float(inside.mean()), 4) if inside.size else None,
        "up95": round(float(up.mean()), 4) if up.size else None,
    }


def tracking_signal(errors: Numbers) -> float:
    """The sum of errors by the sum of their sizes (Trigg, 1964): from -1 to 1, 0 where there are none.

    >>> tracking_signal(np.array([1.0, 2.0, np.nan])), tracking_signal(np.array([1.0, -1.0]))
    (1.0, 0.0)
    """
    known = errors[~np.isnan(errors)]
    size = float(np.abs(known).sum())
    return float(known.sum()) / size if size > 0 else 0.0


def drifting(outcomes: Outcomes, series: int) -> list[str]:
    """For each series "more" or "less" where all its origins say that demand left the forecast, else "".

    Args:
        outcomes: The rows of every origin one after the other, the series in the same order.
        series: How many series there are.
    """
    found = []
    for row in range(series):
        said, came = outcomes.said[row::series], outcomes.came[row::series]
        known = ~np.isnan(came)
        signal = tracking_signal((said - came).ravel())
        off = abs(float((said - came)[known].sum()))
        small = off < LEAST_OFF * float(said[known].sum()) or known.sum() < FEWEST_ERRORS
        usual = bool(np.all((came.sum(axis=1) <= outcomes.high[row::series]) | np.isnan(came.sum(axis=1))))
        within = usual and bool(np.all(came.sum(axis=1) >= outcomes.low[row::series]))
        if abs(signal) < LEANS or small or within:
            found.append("")
        else:
            found.append("less" if signal > 0 else "more")
    return found
