"""From histories to forecasts, in steps that can be cut into chunks.

``teach`` learns the global model from a sample of the series; ``fit`` looks at each series alone (and is the
work); ``learn`` at how all of them erred (a few arrays); ``finish`` puts these together. The numbers are the
same however the series are cut, since only ``teach`` and ``learn`` look across them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand import boost, combine, members, spread
from tools.maths.demand.calendars import phase
from tools.maths.demand.classes import CLASSES, NEW_PERIODS, demand_class, is_seasonal, kind_of
from tools.maths.demand.features import Table
from tools.maths.demand.history import SEASONS, DemandClass, Forecast, Grain, History, Score, Settings
from tools.maths.demand.laws import Kind, Numbers

KINDS: tuple[Kind, ...] = ("counts", "amounts", "real")
Teachers = Sequence[boost.Models]


@dataclass(frozen=True)
class Job:
    """What is to be forecast, for all series alike."""

    horizon: int
    grain: Grain
    settings: Settings

    @property
    def season(self) -> int:
        """Periods after which a pattern comes again."""
        return self.settings.season or SEASONS[self.grain]


@dataclass(frozen=True)
class Fitted:
    """A chunk of series, each looked at alone; the first axis of every array is the series.

    Attributes:
        classes: Index into CLASSES.
        kinds: Index into KINDS.
        periods: Known periods.
        recent: Recent variance of the values.
        scale: Mean squared step from one known period to the next.
        mean: Series x periods, the means of what comes.
        errors: Series x windows x periods, forecast minus actual from past origins, NaN where none.
    """

    classes: NDArray[np.int64]
    kinds: NDArray[np.int64]
    periods: NDArray[np.int64]
    recent: Numbers
    scale: Numbers
    mean: Numbers
    errors: Numbers

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
    job = Job(horizon, grain, settings or Settings())
    sample = sampled(histories)
    teachers = [teach(sample, job, window) for window in origins(job)]
    fitted = fit(histories, job, teachers)
    return finish([history.key for history in histories], fitted, learn(fitted), boosted=taught(teachers))


def backtest(
    histories: Sequence[History],
    *,
    horizon: int,
    grain: Grain,
    windows: int = 3,
    settings: Settings | None = None,
) -> list[Score]:
    """How each series would have been forecast from ``windows`` past origins; too short ones left out."""
    used = replace(settings or Settings(), windows=windows)
    found = forecast(histories, horizon=horizon, grain=grain, settings=used)
    return [one.errors for one in found if one.errors is not None]


def origins(job: Job) -> range:
    """0 is the end, 1 is one horizon before it, and so on."""
    return range(job.settings.windows + 1)


def sampled(histories: Sequence[History]) -> list[History]:
    """The series that the global model learns from."""
    return [histories[row] for row in boost.sampled(histories)]


def teach(histories: Sequence[History], job: Job, window: int) -> boost.Models:
    """The global model as it would have been ``window`` horizons ago; empty where it is not to be used."""
    if not job.settings.boost or not boost.installed():
        return boost.Models()
    table = _table(histories, job)
    return boost.train(table, _growth(histories, job.season), job.horizon * window)


def taught(teachers: Teachers) -> bool:
    """Whether any global model could be learnt for the coming periods."""
    return bool(teachers) and (teachers[0].levels is not None or teachers[0].growth is not None)


def fit(histories: Sequence[History], job: Job, teachers: Teachers) -> Fitted:
    """Each series alone: its class, its mean from the end and its errors from past origins."""
    values = [history.values for history in histories]
    classes = [demand_class(series, job.season) for series in values]
    kinds = np.array([KINDS.index(kind_of(series)) for series in values])
    means = _Means(histories, classes, kinds, job, teachers)
    errors = np.full((len(values), job.settings.windows, job.horizon), np.nan)
    for window in range(job.settings.windows):
        back = job.horizon * (window + 1)
        rows = [row for row, series in enumerate(values) if _known(series[:-back]) >= NEW_PERIODS]
        if not rows:
            break
        came = np.stack([values[row][len(values[row]) - back :][: job.horizon] for row in rows])
        errors[rows, window] = means.seen_from(window + 1, rows) - came
    return Fitted(
        classes=np.array([CLASSES.index(name) for name in classes]),
        kinds=kinds,
        periods=np.array([_known(series) for series in values]),
        recent=np.array([spread.recent_variance(series) for series in values]),
        scale=np.array([_scale(series) for series in values]),
        mean=means.seen_from(0, range(len(values))),
        errors=errors,
    )


@dataclass(frozen=True)
class _Means:
    """The combined means of a chunk, from the end or from a past origin."""

    histories: Sequence[History]
    classes: Sequence[DemandClass]
    kinds: NDArray[np.int64]
    job: Job
    teachers: Teachers

    def seen_from(self, window: int, rows: Sequence[int]) -> Numbers:
        """The means of these rows as of ``window`` horizons before the end."""
        back = self.job.horizon * window
        past = [self.histories[row].values for row in rows]
        past = [series[: len(series) - back] for series in past]
        boosted = taught(self.teachers)
        weight = combine.weights([self.classes[row] for row in rows], boosted=boosted)
        found = np.full((len(rows), len(members.MEMBERS), self.job.horizon), np.nan)
        for name, level in members.level_forecasts(past).items():
            found[:, members.MEMBERS.index(name)] = level[:, None]
        for name, model in (("theta", members.theta_forecast), ("ETS", members.ets_forecast)):
            place = members.MEMBERS.index(name)
            for row in np.flatnonzero(weight[:, place]):
                found[row, place] = model(past[row], self.job.season, self.job.horizon)
        if boosted and window < len(self.teachers):
            found[:, members.MEMBERS.index("boost")] = self._boosted(window, rows)
        mean = combine.combined(found, weight)
        real = self.kinds[np.asarray(rows)] == KINDS.index("real")
        return np.where(real[:, None], mean, np.maximum(mean, 0.0))

    def _boosted(self, window: int, rows: Sequence[int]) -> Numbers:
        chosen = [self.histories[row] for row in rows]
        growth = _growth(chosen, self.job.season)
        found = boost.predict(
            self.teachers[window], _table(chosen, self.job), growth, self.job.horizon * window
        )
        found[self.kinds[np.asarray(rows)] == KINDS.index("real")] = np.nan
        return found


def learn(fitted: Fitted) -> spread.Spread:
    """What the classes have in common."""
    own, _ = spread.own_variance(fitted.errors, fitted.recent)
    return spread.learn(fitted.errors, own, np.abs(fitted.mean.mean(axis=1)), fitted.classes)


def finish(
    keys: Sequence[str], fitted: Fitted, pool: spread.Spread, *, boosted: bool = False
) -> list[Forecast]:
    """The forecasts of a chunk, with what the classes have in common."""
    own, count = spread.own_variance(fitted.errors, fitted.recent)
    level = np.abs(fitted.mean.mean(axis=1))
    base = spread.shrunk(own, count, level, pool.dispersion[fitted.classes])
    variance = base[:, None] * pool.growth[fitted.classes]
    sums = base[:, None] * pool.sums[fitted.classes]
    names = fitted.names()
    return [
        Forecast(
            key=key,
            mean=fitted.mean[row],
            variance=variance[row],
            sum_mean=np.cumsum(fitted.mean[row]),
            sum_variance=np.maximum(sums[row], variance[row][0]),
            kind=KINDS[fitted.kinds[row]],
            model=combine.described(names[row], boosted=boosted),
            demand_class=names[row],
            periods=int(fitted.periods[row]),
            note=_note(names[row], int(fitted.periods[row])),
            errors=_score(key, fitted.errors[row], float(fitted.scale[row])),
        )
        for row, key in enumerate(keys)
    ]


def _table(histories: Sequence[History], job: Job) -> Table:
    phases = np.array([phase(one.first, len(one.values), job.grain, job.season) for one in histories])
    return Table.of([one.values for one in histories], job.horizon, job.season, phases, {})


def _growth(histories: Sequence[History], season: int) -> NDArray[np.bool_]:
    return np.array(
        [boost.is_growth(one.values, seasonal=is_seasonal(one.values, season)) for one in histories]
    )


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
