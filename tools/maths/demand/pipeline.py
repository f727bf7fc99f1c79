"""From histories to forecasts, in three steps that can be cut into chunks.

``fit`` looks at each series alone (and is the work), ``learn`` at what all have in common (a few arrays),
``finish`` puts the two together. The numbers are the same however the series are cut, since only ``learn``
looks across them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand import combine, members, spread
from tools.maths.demand.classes import CLASSES, NEW_PERIODS, demand_class, kind_of
from tools.maths.demand.history import SEASONS, DemandClass, Forecast, Grain, History, Score, Settings
from tools.maths.demand.laws import Kind, Numbers

KINDS: tuple[Kind, ...] = ("counts", "amounts", "real")


@dataclass(frozen=True)
class Fitted:
    """A chunk of series, each looked at alone; the first axis of every array is the series.

    Attributes:
        classes: Index into CLASSES.
        kinds: Index into KINDS.
        periods: Known periods.
        recent: Recent variance of the values.
        scale: Mean squared step from one known period to the next.
        now: Series x members x periods, the forecasts from the end.
        then: Series x windows x members x periods, those from past origins.
        actual: Series x windows x periods, what came.
    """

    classes: NDArray[np.int64]
    kinds: NDArray[np.int64]
    periods: NDArray[np.int64]
    recent: Numbers
    scale: Numbers
    now: Numbers
    then: Numbers
    actual: Numbers

    def names(self) -> list[DemandClass]:
        """The demand class of each series."""
        return [CLASSES[code] for code in self.classes]


def together(chunks: Sequence[Fitted]) -> Fitted:
    """Chunks as one, in their order."""
    return Fitted(
        **{
            field.name: np.concatenate([getattr(chunk, field.name) for chunk in chunks])
            for field in fields(Fitted)
        }
    )


def forecast(
    histories: Sequence[History], *, horizon: int, grain: Grain, settings: Settings | None = None
) -> list[Forecast]:
    """Forecast each series for ``horizon`` periods of ``grain``; pure and deterministic.

    Raises:
        ValueError: The horizon is below 1.
    """
    if horizon < 1:
        raise ValueError("a forecast needs a horizon of 1 period or more")
    if not histories:
        return []
    fitted = fit(histories, horizon, grain, settings or Settings())
    return finish([history.key for history in histories], fitted, learn(fitted))


def backtest(
    histories: Sequence[History],
    *,
    horizon: int,
    grain: Grain,
    windows: int = 3,
    settings: Settings | None = None,
) -> list[Score]:
    """How each series would have been forecast from ``windows`` past origins; too short ones left out."""
    chosen = settings or Settings()
    used = Settings(windows, chosen.season, chosen.boost, chosen.covariates)
    found = forecast(histories, horizon=horizon, grain=grain, settings=used)
    return [one.errors for one in found if one.errors is not None]


def fit(histories: Sequence[History], horizon: int, grain: Grain, settings: Settings) -> Fitted:
    """Each series alone: its class, its models from the end and from past origins."""
    season = settings.season or SEASONS[grain]
    values = [history.values for history in histories]
    classes = [demand_class(series, season) for series in values]
    then = np.full((len(values), settings.windows, len(members.MEMBERS), horizon), np.nan)
    actual = np.full((len(values), settings.windows, horizon), np.nan)
    for window in range(settings.windows):
        back = horizon * (window + 1)
        rows = [row for row, series in enumerate(values) if _known(series[:-back]) >= NEW_PERIODS]
        if not rows:
            break
        past = [values[row][:-back] for row in rows]
        then[rows, window] = _members(past, [classes[row] for row in rows], season, horizon)
        for row in rows:
            start = len(values[row]) - back
            actual[row, window] = values[row][start : start + horizon]
    return Fitted(
        classes=np.array([CLASSES.index(name) for name in classes]),
        kinds=np.array([KINDS.index(kind_of(series)) for series in values]),
        periods=np.array([_known(series) for series in values]),
        recent=np.array([spread.recent_variance(series) for series in values]),
        scale=np.array([_scale(series) for series in values]),
        now=_members(values, classes, season, horizon),
        then=then,
        actual=actual,
    )


def learn(fitted: Fitted) -> spread.Spread:
    """What the classes have in common."""
    mean, errors = means_and_errors(fitted)
    own, _ = spread.own_variance(errors, fitted.recent)
    return spread.learn(errors, own, mean.mean(axis=1), fitted.classes)


def finish(keys: Sequence[str], fitted: Fitted, pool: spread.Spread) -> list[Forecast]:
    """The forecasts of a chunk, with what the classes have in common."""
    mean, errors = means_and_errors(fitted)
    own, count = spread.own_variance(errors, fitted.recent)
    base = spread.shrunk(own, count, np.abs(mean.mean(axis=1)), pool.dispersion[fitted.classes])
    variance = base[:, None] * pool.growth[fitted.classes]
    sums = base[:, None] * pool.sums[fitted.classes]
    names = fitted.names()
    return [
        Forecast(
            key=key,
            mean=mean[row],
            variance=variance[row],
            sum_mean=np.cumsum(mean[row]),
            sum_variance=np.maximum(sums[row], variance[row][0]),
            kind=KINDS[fitted.kinds[row]],
            model=" + ".join(combine.RECIPES[names[row]]),
            demand_class=names[row],
            periods=int(fitted.periods[row]),
            note=_note(names[row], int(fitted.periods[row])),
            errors=_score(key, errors[row], float(fitted.scale[row])),
        )
        for row, key in enumerate(keys)
    ]


def means_and_errors(fitted: Fitted) -> tuple[Numbers, Numbers]:
    """The combined mean from the end, and forecast minus actual from the past origins."""
    weight = combine.weights(fitted.names())
    mean = _lawful(combine.combined(fitted.now, weight), fitted.kinds)
    errors = np.full_like(fitted.actual, np.nan)
    for window in range(fitted.actual.shape[1]):
        past = _lawful(combine.combined(fitted.then[:, window], weight), fitted.kinds)
        errors[:, window] = past - fitted.actual[:, window]
    return mean, errors


def _lawful(mean: Numbers, kinds: NDArray[np.int64]) -> Numbers:
    """Never negative, but where the history was."""
    return np.where((kinds == KINDS.index("real"))[:, None], mean, np.maximum(mean, 0.0))


def _members(series: list[Numbers], classes: list[DemandClass], season: int, horizon: int) -> Numbers:
    found = np.full((len(series), len(members.MEMBERS), horizon), np.nan)
    for name, level in members.level_forecasts(series).items():
        found[:, members.MEMBERS.index(name)] = level[:, None]
    for name, model in (("theta", members.theta_forecast), ("ETS", members.ets_forecast)):
        place = members.MEMBERS.index(name)
        for row, needed in enumerate(combine.needs(classes, name)):
            if needed:
                found[row, place] = model(series[row], season, horizon)
    return found


def _known(values: Numbers) -> int:
    return int((~np.isnan(values)).sum())


def _scale(values: Numbers) -> float:
    known = values[~np.isnan(values)]
    return float(np.mean(np.diff(known) ** 2)) if known.size > 1 else 0.0


def _score(key: str, errors: Numbers, scale: float) -> Score | None:
    known = ~np.isnan(errors)
    if not known.any():
        return None
    rmsse = float(np.sqrt(np.mean(errors[known] ** 2) / scale)) if scale > 0 else float("nan")
    return Score(key, rmsse, float(np.mean(errors[known])), int(known.any(axis=1).sum()))


def _note(name: DemandClass, periods: int) -> str:
    if periods == 0:
        return "no history"
    return f"{periods} periods of history" if name == "new" else ""
