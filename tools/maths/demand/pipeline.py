"""From histories to forecasts, in steps that can be cut into chunks.

``teach`` learns the global model from a sample of the series; ``fit`` looks at each series alone (and is the
work); ``finish`` at how all of them erred (a few arrays) and puts these together. The numbers are the same
however the series are cut, since only ``teach`` and ``finish`` look across them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand import boost, combine, newcomers, plans, spread
from tools.maths.demand.classes import CLASSES, NEW_PERIODS, demand_class, kind_of
from tools.maths.demand.history import DemandClass, Forecast, Grain, History, Score, Settings
from tools.maths.demand.laws import Numbers
from tools.maths.demand.means import KINDS, Job, Lesson, Lessons, Means, growth_of, table_of
from tools.maths.later import special

CHUNK = 500
# Plans are used where they make the backtest better by this share, over at least so many windows.
GATE = 0.02
GATE_WINDOWS = 3
GATE_LEVELS = (0.1, 0.5, 0.9, 0.95)
Run = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


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
            field_.name: np.concatenate([getattr(chunk, field_.name) for chunk in chunks])
            for field_ in fields(Fitted)
        }
    )


def forecast(
    histories: Sequence[History], *, horizon: int, grain: Grain, settings: Settings | None = None
) -> list[Forecast]:
    """Forecast each series for ``horizon`` periods of ``grain``; pure and deterministic.

    Raises:
        ValueError: The horizon is below 1, or a covariate does not reach to its end.
    """
    if horizon < 1:
        raise ValueError("a forecast needs a horizon of 1 period or more")
    if not histories:
        return []
    return forecast_with(
        lambda work, tasks: map(work, tasks), histories, Job(horizon, grain, settings or Settings())
    )


def forecast_with(run: Run, histories: Sequence[History], job: Job) -> list[Forecast]:
    """The forecast, its tasks done by ``run`` in any processes, given back in order.

    Plans (covariates) pass one gate: they are used where the backtest with them is better by far enough.
    """
    for one in histories:
        _check(one, job.horizon)
    sample = sampled(histories)
    chunks = [histories[start : start + CHUNK] for start in range(0, len(histories), CHUNK)]
    lessons, fitted = _fitted(run, sample, chunks, job.without_plans())
    if job.settings.covariates and plans.common_names(sample):
        with_plans = _fitted(run, sample, chunks, job)
        if gate_opens(fitted, with_plans[1]):
            lessons, fitted = with_plans
    used = combine.Used(lessons[0].boosted, lessons[0].effects is not None)
    prior = newcomers.prior(histories, job.grain)
    return finish([history.key for history in histories], fitted, used, prior)


def _check(one: History, horizon: int) -> None:
    for name, plan in one.covariates.items():
        if len(plan) != len(one.values) + horizon:
            raise ValueError(
                f"{one.key}: covariate {name} has {len(plan)} numbers, not {len(one.values)} + {horizon}"
            )


def _fitted(
    run: Run, sample: Sequence[History], chunks: Sequence[Sequence[History]], job: Job
) -> tuple[Lessons, Fitted]:
    lessons = list(run(partial(teach, sample, job), list(origins(job))))
    return lessons, together(list(run(partial(fit, job=job, lessons=lessons), chunks)))


def gate_opens(without: Fitted, with_plans: Fitted) -> bool:
    """Whether plans win the backtest: pinball loss at least GATE lower over all series and windows."""
    if without.errors.shape[1] < GATE_WINDOWS:
        return False
    before = _pinball(without)
    return before > 0 and _pinball(with_plans) <= (1 - GATE) * before


def _pinball(fitted: Fitted) -> float:
    """The mean scaled pinball loss at past origins, errors about normal with the series' own spread."""
    own, _ = spread.own_variance(fitted.errors, fitted.recent)
    known = ~np.isnan(fitted.errors) & (fitted.scale > 0)[:, None, None]
    scale = np.sqrt(np.where(fitted.scale > 0, fitted.scale, 1.0))[:, None, None]
    errors = np.where(known, fitted.errors, 0.0)
    total = 0.0
    for level in GATE_LEVELS:
        edge = -errors - np.sqrt(own)[:, None, None] * special.ndtri(level)
        total += float((np.maximum(level * edge, (level - 1) * edge) / scale)[known].sum())
    return total


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


def teach(histories: Sequence[History], job: Job, window: int) -> Lesson:
    """What the sample would have taught ``window`` horizons ago."""
    back = job.horizon * window
    effects = plans.effects(histories, back) if job.settings.covariates else None
    if not job.settings.boost or not boost.installed():
        return Lesson(boost.Models(), effects)
    names = effects.names if effects else ()
    growth = growth_of(histories, job.season, planned=effects is not None)
    return Lesson(boost.train(table_of(histories, job, names), growth, back), effects)


def fit(histories: Sequence[History], job: Job, lessons: Lessons) -> Fitted:
    """Each series alone: its class, its mean from the end and its errors from past origins."""
    values = [history.values for history in histories]
    classes = [demand_class(series, job.pattern) for series in values]
    kinds = np.array([KINDS.index(kind_of(series)) for series in values])
    means = Means(histories, classes, kinds, job, lessons)
    mean = means.seen_from(0, range(len(values)))
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
        mean=mean,
        errors=errors,
    )


def finish(keys: Sequence[str], fitted: Fitted, used: combine.Used, prior: newcomers.Prior) -> list[Forecast]:
    """The forecasts: means, newcomers' drawn to their neighbours', with the spread that the classes share."""
    mean = prior.mean(fitted.mean)
    own, count = spread.own_variance(fitted.errors, fitted.recent)
    base = spread.shrunk(own, count, np.abs(mean.mean(axis=1)), fitted.classes)
    pool = spread.learn(fitted.errors, base, fitted.classes)
    level = prior.variance()[:, None]
    steps = np.arange(1.0, mean.shape[1] + 1)
    variance = base[:, None] * pool.growth[fitted.classes] + level
    sums = base[:, None] * pool.sums[fitted.classes] + level * steps**2
    names = fitted.names()
    return [
        Forecast(
            key=key,
            mean=mean[row],
            variance=variance[row],
            sum_mean=np.cumsum(mean[row]),
            sum_variance=np.maximum(sums[row], variance[row][0]),
            kind=KINDS[fitted.kinds[row]],
            model=combine.described(names[row], used),
            demand_class=names[row],
            periods=int(fitted.periods[row]),
            note=_note(names[row], int(fitted.periods[row]), alike=bool(np.isfinite(prior.level[row]))),
            errors=_score(key, fitted.errors[row], float(fitted.scale[row])),
        )
        for row, key in enumerate(keys)
    ]


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


def _note(name: DemandClass, periods: int, *, alike: bool) -> str:
    """What a person should know: how little this rests on."""
    if alike:
        return f"{periods} periods of history; drawn to what similar products sell"
    if periods == 0:
        return "no history"
    return f"{periods} periods of history" if name == "new" else ""
