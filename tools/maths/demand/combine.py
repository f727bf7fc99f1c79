"""Which models make the mean, by demand class.

A plain average of a few sound models is as good as the best single one without knowing which that is
(Bates and Granger, 1969; Petropoulos and Svetunkov, 2020), and choosing per series by its own few errors
loses (measured: 1 to 12 % of RMSSE). So the recipe is by class, and the same for every shop.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tools.maths.demand.classes import CLASSES
from tools.maths.demand.history import DemandClass
from tools.maths.demand.laws import Numbers
from tools.maths.demand.members import MEMBERS

_FOUR = {"SES": 1.0, "theta": 1.0, "ADIDA": 1.0, "IMAPA": 1.0}
RECIPES: Mapping[DemandClass, Mapping[str, float]] = {
    "smooth": _FOUR,
    "erratic": _FOUR,
    "intermittent": _FOUR,
    "lumpy": _FOUR,
    "seasonal": {"theta": 1.0, "ETS": 1.0},
    "new": {"mean": 1.0},
}


def weights(classes: list[DemandClass]) -> Numbers:
    """One row a series, one column a member, as the recipe of its class says."""
    table = np.array([[RECIPES[name].get(member, 0.0) for member in MEMBERS] for name in CLASSES])
    return table[[CLASSES.index(name) for name in classes]]


def needs(classes: list[DemandClass], member: str) -> list[bool]:
    """Which series take part of their forecast from ``member``."""
    return [RECIPES[name].get(member, 0.0) > 0 for name in classes]


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
