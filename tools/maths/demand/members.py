"""The models that are combined, each giving a mean per coming period.

Levels come from our own smoothing, which knows unknown periods; theta and exponential smoothing with trend
and season come from statsforecast behind this file, and nothing of it leaks. A model that cannot be fitted
to a series says so (NaN), and the combination goes on without it: nothing is replaced in silence.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from tools.maths.demand import smoothing
from tools.maths.demand.laws import Numbers

LEVELS = ("SES", "ADIDA", "IMAPA", "mean")
MEMBERS = (*LEVELS, "theta", "ETS", "boost", "plan")
# Long enough to learn from, short enough to be quick: what is older is left out for the two fitted models.
LONGEST = 1500
SHORTEST_THETA = 5
SHORTEST_ETS = 8
# Exponential smoothing with more seasons than this is neither stable nor quick.
LONGEST_ETS_SEASON = 24


def level_forecasts(series: Sequence[Numbers], horizon: int, season: int = 1) -> dict[str, Numbers]:
    """The forecasts of each level model (series x periods), flat but for the profile of a short season."""
    panel = smoothing.stacked(series)
    shape = smoothing.profile(panel, season)
    places = np.arange(panel.shape[1]) - panel.shape[1]
    weight = shape[:, places % season]
    level = np.where(weight > smoothing.CLOSED, panel / np.maximum(weight, smoothing.CLOSED), np.nan)
    ahead = shape[:, np.arange(horizon) % season]
    found = {
        "SES": smoothing.smooth_level(level),
        "ADIDA": smoothing.aggregate_level(level),
        "IMAPA": smoothing.multiple_level(level),
        "mean": smoothing.mean_level(level),
    }
    return {name: one[:, None] * ahead for name, one in found.items()}


def filled(values: Numbers) -> Numbers:
    """The series from its first known period on, unknown periods taken as the level before them.

    >>> filled(np.array([np.nan, 4.0, np.nan, 4.0]))
    array([4., 4., 4.])
    """
    known = np.flatnonzero(~np.isnan(values))
    if known.size == 0:
        return np.zeros(0)
    found = values[known[0] :].copy()
    level = found[0]
    for place, value in enumerate(found):
        if np.isnan(value):
            found[place] = level
        else:
            level += 0.3 * (value - level)
    return found


def theta_forecast(values: Numbers, season: int, horizon: int) -> Numbers:
    """Dynamic optimised theta (Fiorucci and others, 2016); NaN where it cannot be fitted."""
    library: Any = import_module("statsforecast.theta")
    found = filled(values)[-LONGEST:]
    if found.size < SHORTEST_THETA:
        return np.full(horizon, np.nan)
    if np.ptp(found) == 0:
        return np.full(horizon, found[-1])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = library.auto_theta(found, m=season, model="DOTM")
        return np.asarray(library.forecast_theta(model, horizon)["mean"], dtype=np.float64)


def ets_forecast(values: Numbers, season: int, horizon: int, form: str = "") -> tuple[Numbers, str]:
    """Exponential smoothing with the trend and season of the best AICc (Hyndman and others, 2002).

    Args:
        values: The series.
        season: Periods after which a pattern comes again.
        horizon: Periods to forecast.
        form: Error, trend, season and damping as found before ("AAND"), to be fitted without a search.

    Returns:
        The means (NaN where nothing could be fitted) and the form; errors are additive where there are zeros.
    """
    nothing = np.full(horizon, np.nan), form
    found = filled(values)[-LONGEST:]
    if found.size < SHORTEST_ETS:
        return nothing
    if np.ptp(found) == 0:
        return np.full(horizon, found[-1]), form
    library: Any = import_module("statsforecast.ets")
    usable = season if 1 < season <= LONGEST_ETS_SEASON and found.size > 2 * season else 1
    search = {"model": form[:3], "damped": form[3] == "D"} if form else {"model": "ZZZ"}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            model = library.ets_f(found, m=usable, additive_only=bool(found.min() <= 0), **search)
        except (NotImplementedError, ValueError, ZeroDivisionError):
            return nothing
        means = np.asarray(library.forecast_ets(model, horizon)["mean"], dtype=np.float64)
        return means, str(model["components"])
