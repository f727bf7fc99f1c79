"""What is known in advance (price, promotion, holidays, weather): one regression a series.

The logarithm of demand on the plans, each series drawn towards what the plans do to all (a ridge towards
pooled effects; Hoerl and Kennard, 1970), and what is left over smoothed as a level. Measured on the orange
juice of Montgomery (1997) it halves the error at almost no cost. Prices enter as logarithms, so that their
effect is an elasticity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand import smoothing
from tools.maths.demand.history import History
from tools.maths.demand.laws import NOTHING, Numbers

# Observations of its own that weigh as much as what all series show.
PRIOR_OBSERVATIONS = 20.0
LEAST_KNOWN = 12
# A plan lifts demand to no more than this many times the most that was ever sold.
MOST = 1.5
# What is the same for all series (weather, season) may halve or double a forecast, no more.
OUTSIDE = (0.5, 2.0)


@dataclass(frozen=True)
class Effects:
    """What the plans do to all series.

    Attributes:
        names: The plans, in order.
        logarithmic: Which of them enter as logarithms.
        outside: Whether every plan is the same for all series.
        pooled: The effect of each on the logarithm of demand.
        weight: Mean of the products of plans, per observation.
    """

    names: tuple[str, ...]
    logarithmic: tuple[bool, ...]
    outside: bool
    pooled: Numbers
    weight: Numbers


def common_names(histories: Sequence[History]) -> tuple[str, ...]:
    """Plans that at least half of the series have and that ever change, sorted."""
    counts = Counter(name for one in histories for name, plan in one.covariates.items() if _moves(plan))
    return tuple(sorted(name for name, count in counts.items() if 2 * count >= len(histories)))


def effects(histories: Sequence[History], back: int) -> Effects | None:
    """The pooled effects, learnt from all but the last ``back`` periods; None where there are no plans."""
    names = common_names(histories)
    if not names:
        return None
    logarithmic = tuple(_positive(histories, name) for name in names)
    products, moments = np.zeros((len(names), len(names))), np.zeros(len(names))
    count = 0
    for one in histories:
        end = len(one.values) - back
        known = _usable(one.values[:end])
        if known.size < LEAST_KNOWN:
            continue
        plans = _centred(one, names, logarithmic, known)
        target = _logarithm(one.values[:end])[known]
        rows = plans[known]
        products += rows.T @ rows
        moments += rows.T @ (target - target.mean())
        count += known.size
    if count == 0:
        return None
    weight = products / count
    pooled = np.asarray(
        np.linalg.solve(weight + 1e-6 * np.eye(len(names)), moments / count), dtype=np.float64
    )
    return Effects(names, logarithmic, _same_for_all(histories, names), pooled, weight)


def plan_forecast(one: History, found: Effects, back: int, horizon: int) -> Numbers:
    """Means of the ``horizon`` periods from ``back`` before the end; NaN where too little is known."""
    end = len(one.values) - back
    known = _usable(one.values[:end])
    if known.size < LEAST_KNOWN or any(name not in one.covariates for name in found.names):
        return np.full(horizon, np.nan)
    plans = _centred(one, found.names, found.logarithmic, known)
    target = _logarithm(one.values[:end])
    rows, prior = plans[known], PRIOR_OBSERVATIONS * found.weight
    effect = np.linalg.solve(
        rows.T @ rows + prior + 1e-6 * np.eye(len(found.names)),
        rows.T @ (target[known] - target[known].mean()) + prior @ found.pooled,
    )
    level = smoothing.smooth_level((target - plans[:end] @ effect)[None, :])[0]
    lift = plans[end : end + horizon] @ effect
    if found.outside:
        lift = np.clip(lift, np.log(OUTSIDE[0]), np.log(OUTSIDE[1]))
    most = MOST * np.nanmax(one.values[:end])
    return np.asarray(np.minimum(np.exp(np.minimum(level + lift, 700.0)), most))


def _moves(plan: Numbers) -> bool:
    known = plan[~np.isnan(plan)]
    return known.size > 0 and float(np.ptp(known)) > NOTHING


def _positive(histories: Sequence[History], name: str) -> bool:
    """Whether a plan is above 0 wherever it is known: a price rather than a flag."""
    return all(not (plan <= 0).any() for one in histories if (plan := one.covariates.get(name)) is not None)


def _same_for_all(histories: Sequence[History], names: Sequence[str]) -> bool:
    """Whether the plans of all series end alike: nothing of a series' own."""
    for name in names:
        ends = [one.covariates[name][-4:] for one in histories if name in one.covariates]
        if any(not np.array_equal(end, ends[0], equal_nan=True) for end in ends):
            return False
    return len(histories) > 1


def _usable(values: Numbers) -> NDArray[np.int64]:
    return np.flatnonzero(~np.isnan(values))


def _logarithm(values: Numbers) -> Numbers:
    """Logarithms, nothing sold taken as half of the least that was."""
    sold = values[values > 0]
    least = 0.5 * float(sold.min()) if sold.size else 0.5
    return np.asarray(np.log(np.maximum(values, least)))


def _centred(
    one: History, names: Sequence[str], logarithmic: Sequence[bool], known: NDArray[np.int64]
) -> Numbers:
    """The plans of past and coming periods against their own past means, unknown ones as usual."""
    length = max((len(plan) for plan in one.covariates.values()), default=len(one.values))
    columns = []
    for name, as_logarithm in zip(names, logarithmic, strict=True):
        plan = one.covariates.get(name)
        if plan is None:
            columns.append(np.zeros(length))
            continue
        figures = np.log(plan) if as_logarithm else plan
        past = figures[known]
        usual = float(np.nanmean(past)) if np.isfinite(past).any() else 0.0
        columns.append(np.nan_to_num(figures - usual))
    return np.stack(columns, axis=1)
