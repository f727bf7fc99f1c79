"""The combined means of a chunk of series, from the end or from past origins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand import boost, combine, members, plans, smoothing
from tools.maths.demand.calendars import phase
from tools.maths.demand.classes import is_seasonal
from tools.maths.demand.features import Table
from tools.maths.demand.history import SEASONS, DemandClass, Grain, History, Settings
from tools.maths.demand.laws import Kind, Numbers

KINDS: tuple[Kind, ...] = ("counts", "amounts", "real")


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

    @property
    def profile(self) -> int:
        """The season whose places are learnt as a profile beside the level: of hours and days."""
        return self.season if self.grain in {"H", "D"} else 1

    @property
    def pattern(self) -> int:
        """The season that calls for models of their own: of longer periods."""
        return 1 if self.profile > 1 else self.season

    def without_plans(self) -> Job:
        """The same without covariates."""
        return replace(self, settings=replace(self.settings, covariates=False))


@dataclass(frozen=True)
class Lesson:
    """What the sample of all series taught, as of one origin.

    Attributes:
        models: The global model.
        effects: What plans do to demand; None where there are none or they are not to be used.
    """

    models: boost.Models
    effects: plans.Effects | None

    @property
    def boosted(self) -> bool:
        """Whether there was enough to learn a global model from."""
        return self.models.levels is not None or self.models.growth is not None


Lessons = Sequence[Lesson]


@dataclass(frozen=True)
class Means:
    """The combined means of a chunk, from the end or from a past origin."""

    histories: Sequence[History]
    classes: Sequence[DemandClass]
    kinds: NDArray[np.int64]
    job: Job
    lessons: Lessons
    forms: dict[int, str] = field(default_factory=dict)

    def seen_from(self, window: int, rows: Sequence[int]) -> Numbers:
        """The means of these rows as of ``window`` horizons before the end."""
        back = self.job.horizon * window
        past = [self.histories[row].values for row in rows]
        past = [series[: len(series) - back] for series in past]
        lesson = self.lessons[window]
        names = [self.classes[row] for row in rows]
        weight = combine.weights(names, combine.Used(lesson.boosted, lesson.effects is not None))
        found = np.full((len(rows), len(members.MEMBERS), self.job.horizon), np.nan)
        for name, level in members.level_forecasts(past, self.job.horizon, self.job.profile).items():
            found[:, members.MEMBERS.index(name)] = level
        self._fit_singly(found, weight, past, rows)
        if lesson.boosted:
            found[:, members.MEMBERS.index("boost")] = self._boosted(lesson, window, rows)
        if lesson.effects:
            found[:, members.MEMBERS.index("plan")] = self._planned(lesson.effects, back, rows)
        mean = combine.combined(found, weight)
        shut = smoothing.closed(smoothing.stacked(past), self.job.profile)
        mean = np.where(shut[:, np.arange(self.job.horizon) % self.job.profile], 0.0, mean)
        real = self.kinds[np.asarray(rows)] == KINDS.index("real")
        return np.where(real[:, None], mean, np.maximum(mean, 0.0))

    def _fit_singly(
        self, found: Numbers, weight: Numbers, past: Sequence[Numbers], rows: Sequence[int]
    ) -> None:
        """Fill in theta and ETS where they are wanted; past origins take the form found at the end."""
        season, horizon = self.job.season, self.job.horizon
        theta, ets = members.MEMBERS.index("theta"), members.MEMBERS.index("ETS")
        for place in np.flatnonzero(weight[:, theta]).tolist():
            found[place, theta] = members.theta_forecast(past[place], season, horizon)
        for place in np.flatnonzero(weight[:, ets]).tolist():
            form = self.forms.get(rows[place], "")
            found[place, ets], self.forms[rows[place]] = members.ets_forecast(
                past[place], season, horizon, form
            )

    def _boosted(self, lesson: Lesson, window: int, rows: Sequence[int]) -> Numbers:
        chosen = [self.histories[row] for row in rows]
        names = lesson.effects.names if lesson.effects else ()
        growth = growth_of(chosen, self.job.season, planned=lesson.effects is not None)
        table = table_of(chosen, self.job, names)
        found = boost.predict(lesson.models, table, growth, self.job.horizon * window)
        found[self.kinds[np.asarray(rows)] == KINDS.index("real")] = np.nan
        return found

    def _planned(self, effects: plans.Effects, back: int, rows: Sequence[int]) -> Numbers:
        horizon = self.job.horizon
        return np.stack([plans.plan_forecast(self.histories[row], effects, back, horizon) for row in rows])


def table_of(histories: Sequence[History], job: Job, names: Sequence[str]) -> Table:
    """The series as the global model sees them, with these plans."""
    phases = np.array([phase(one.first, len(one.values), job.grain, job.season) for one in histories])
    known = {
        name: [one.covariates.get(name, np.full(len(one.values) + job.horizon, np.nan)) for one in histories]
        for name in names
    }
    return Table.of([one.values for one in histories], job.horizon, job.season, phases, known)


def growth_of(histories: Sequence[History], season: int, *, planned: bool) -> NDArray[np.bool_]:
    """Which series the global model learns as growth."""
    return np.array(
        [
            boost.is_growth(one.values, patterned=planned or is_seasonal(one.values, season))
            for one in histories
        ]
    )
