"""Which models make the mean, by demand class.

A plain average of a few sound models is as good as the best single one without knowing which that is
(Bates and Granger, 1969; Petropoulos and Svetunkov, 2020), and choosing per series by its own few errors
loses (measured: 1 to 12 % of RMSSE). So the recipe is by class, and the same for every shop. Where the
global model could be learnt it takes part of the mean. Theta and exponential smoothing add nothing to demand
without trend and season, and are spared there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tools.maths.demand.classes import CLASSES
from tools.maths.demand.history import DemandClass
from tools.maths.demand.laws import Numbers
from tools.maths.demand.members import MEMBERS

Recipe = Mapping[str, float]


@dataclass(frozen=True)
class Used:
    """What there is beyond the models of single series.

    Attributes:
        boosted: The global model could be learnt.
        planned: Plans (covariates) are known and won the backtest.
    """

    boosted: bool = False
    planned: bool = False


# Stands in where nothing else of a recipe could be fitted.
_SPARE: Recipe = {"SES": 1e-9}
_LEVELS: Recipe = {"SES": 1.0, "ADIDA": 1.0, "IMAPA": 1.0}
_BOOSTED: Recipe = {**_LEVELS, "boost": 7.0}
PLAIN: Mapping[DemandClass, Recipe] = {
    "smooth": _LEVELS,
    "erratic": _LEVELS,
    "intermittent": _LEVELS,
    "lumpy": _LEVELS,
    "seasonal": {"theta": 1.0, "ETS": 1.0, **_SPARE},
    "new": {"mean": 1.0},
}
BLENDED: Mapping[DemandClass, Recipe] = {
    "smooth": {**_LEVELS, "mean": 1.0, "boost": 6.0},
    "erratic": _BOOSTED,
    "intermittent": _BOOSTED,
    "lumpy": _BOOSTED,
    "seasonal": {"theta": 7.0, "ETS": 7.0, "boost": 6.0, **_SPARE},
    "new": {"mean": 1.0},
}


def recipes(used: Used) -> Mapping[DemandClass, Recipe]:
    """The recipe of each class, with the global model or without it, with plans or without them."""
    if used.planned:
        share = {"boost": 1.0} if used.boosted else {}
        return {name: {"plan": 1.0, **share, **_SPARE} for name in CLASSES}
    return BLENDED if used.boosted else PLAIN


def weights(classes: Sequence[DemandClass], used: Used) -> Numbers:
    """One row a series, one column a member, as the recipe of its class says."""
    table = recipes(used)
    rows = np.array([[table[name].get(member, 0.0) for member in MEMBERS] for name in CLASSES])
    return np.asarray(rows[[CLASSES.index(name) for name in classes]])


def described(name: DemandClass, used: Used) -> str:
    """The recipe of a class in words.

    >>> described("seasonal", Used())
    'mean of theta, ETS'
    """
    recipe = recipes(used)[name]
    return "mean of " + ", ".join(member for member in recipe if member not in _SPARE or recipe[member] >= 1)


def combined(members: Numbers, weight: Numbers) -> Numbers:
    """The weighted mean over members (second axis), those that could not be fitted (NaN) left out.

    Args:
        members: Series x members x periods.
        weight: Series x members.

    >>> combined(np.array([[[1.0], [np.nan], [3.0]]]), np.array([[1.0, 1.0, 1.0]]))
    array([[2.]])
    """
    known = ~np.isnan(members)
    shares = weight[:, :, None] * known
    total = shares.sum(axis=1)
    sums = (np.where(known, members, 0.0) * shares).sum(axis=1)
    return np.where(total > 0, sums / np.where(total > 0, total, 1.0), 0.0)
