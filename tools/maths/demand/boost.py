"""One small gradient-boosted model over all series, blended with the plain combination.

Global models learn from all series what one alone is too short to show (Montero-Manso and Hyndman, 2021).
It is small on purpose: few leaves, few trees, a target scaled by each series' own level; large ones lost to
plain averages. Two kinds of series are learnt apart: *levels* (demand with zeros and jumps; Tweedie
deviance, as the winners of M5 used) and *growth* (positive and steady or seasonal; the logarithm against
the latest level). It is direct: the step ahead is a feature, so errors do not pile up.
LightGBM (Ke and others, 2017) is an extra; without it the forecast goes on without this model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.classes import STEADY
from tools.maths.demand.features import Table
from tools.maths.demand.history import History
from tools.maths.demand.laws import Numbers

ROWS = 100_000
# A past origin's model only tells how far off such models are.
PAST_ROWS = 50_000
MOST_SERIES = 2_000
# With fewer known periods in all than this there is nothing to learn that a series does not know itself.
LEAST_PERIODS = 3_000
LEAST_SERIES = 20
FIRST_ORIGIN = 6
TREES = 200
COMMON: Mapping[str, object] = {
    "learning_rate": 0.05,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
    "seed": 1,
}
LEVELS: Mapping[str, object] = {"objective": "tweedie", "tweedie_variance_power": 1.5, "num_leaves": 20}
GROWTH: Mapping[str, object] = {"objective": "l1", "num_leaves": 10}
PLANNED: Mapping[str, object] = {"objective": "l1", "num_leaves": 20}
# exp(3): a forecast twenty times the latest level is no forecast.
MOST_GROWTH = 3.0


def installed() -> bool:
    """Whether LightGBM is there."""
    return find_spec("lightgbm") is not None


def is_growth(values: Numbers, *, patterned: bool) -> bool:
    """Whether a series is positive throughout, and steady or patterned (by season or plans).

    Such a series is learnt as growth, any other as a level.

    >>> is_growth(np.array([100.0, 102, 104, 103, 106, 109]), patterned=False)
    True
    """
    known = values[~np.isnan(values)]
    if known.size < FIRST_ORIGIN or known.min() <= 0:
        return False
    return patterned or float(np.std(np.diff(np.log(known)))) < STEADY


@dataclass(frozen=True)
class Models:
    """What was learnt up to one origin: one model a kind, absent where series were too few."""

    levels: Any = None
    growth: Any = None


def sampled(histories: Sequence[History]) -> list[int]:
    """At most MOST_SERIES of the series to learn from, chosen by their keys alone, in their order."""
    if len(histories) <= MOST_SERIES:
        return list(range(len(histories)))
    digests = [hashlib.blake2b(one.key.encode(), digest_size=8).digest() for one in histories]
    return sorted(sorted(range(len(histories)), key=digests.__getitem__)[:MOST_SERIES])


def train(table: Table, growth: NDArray[np.bool_], back: int) -> Models:
    """Learn from all but the last ``back`` periods.

    Args:
        table: The series to learn from.
        growth: Which of them are learnt as growth.
        back: Periods at the end that must stay unseen.
    """
    return Models(
        levels=_trained(table.only(~growth), back, as_growth=False),
        growth=_trained(table.only(growth), back, as_growth=True),
    )


def predict(models: Models, table: Table, growth: NDArray[np.bool_], back: int) -> Numbers:
    """Means of the ``table.horizon`` periods from ``back`` before the end: series x periods, NaN unlearnt."""
    found = np.full((table.rows, table.horizon), np.nan)
    for model, rows, as_growth in ((models.levels, ~growth, False), (models.growth, growth, True)):
        if model is not None and rows.any():
            found[rows] = _predicted(model, table.only(rows), back, as_growth=as_growth)
    return found


def _trained(table: Table, back: int, *, as_growth: bool) -> Any:
    rows, ends, steps = _examples(table, back)
    if rows.size < LEAST_PERIODS or table.rows < LEAST_SERIES:
        return None
    library: Any = import_module("lightgbm")
    features, scale = table.features(rows, ends, steps, as_growth=as_growth)
    target = table.target(rows, ends, steps, scale, as_growth=as_growth)
    # A row is of use where the level and the outcome are known.
    used = np.isfinite(target) & np.isfinite(scale) & (as_growth | (scale > 0)) & (as_growth | (target >= 0))
    if used.sum() < LEAST_PERIODS:
        return None
    target = target[used] if as_growth else np.minimum(target[used], np.quantile(target[used], 0.999))
    data = library.Dataset(features[used], target)
    growth = PLANNED if table.covariates else GROWTH
    return library.train({**COMMON, **(growth if as_growth else LEVELS)}, data, TREES)


def _examples(table: Table, back: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Series, origins and steps to learn from: drawn once and for all by a fixed seed."""
    last = table.width - back
    rooms = np.maximum(last - table.starts - FIRST_ORIGIN, 0)
    total = int(rooms.sum())
    if total == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    rng = np.random.default_rng(0)
    count = min(PAST_ROWS if back else ROWS, total * table.horizon)
    rows = np.sort(rng.choice(table.rows, count, p=rooms / total))
    targets = last - 1 - np.floor(rng.uniform(0, 1, count) * rooms[rows]).astype(np.int64)
    room = targets - table.starts[rows] - FIRST_ORIGIN + 1
    steps = 1 + np.floor(rng.uniform(0, 1, count) * np.minimum(table.horizon, room)).astype(np.int64)
    return rows, targets - steps + 1, steps


def _predicted(model: Any, table: Table, back: int, *, as_growth: bool) -> Numbers:
    rows = np.repeat(np.arange(table.rows), table.horizon)
    steps = np.tile(np.arange(1, table.horizon + 1), table.rows)
    ends = np.full(rows.size, table.width - back)
    features, scale = table.features(rows, ends, steps, as_growth=as_growth)
    raw = model.predict(features, num_threads=1)
    if as_growth:
        found = np.exp(np.clip(raw, -MOST_GROWTH, MOST_GROWTH) + scale)
    else:
        found = np.where(scale > 0, raw * scale, 0.0)
    enough = (ends - table.starts[rows]) >= FIRST_ORIGIN
    return np.asarray(np.where(enough, found, np.nan).reshape(table.rows, table.horizon))
