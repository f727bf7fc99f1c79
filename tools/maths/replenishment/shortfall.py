"""What is wanted beyond what there is, on average: the loss function of the laws of demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from tools.maths.demand.laws import NOTHING, Kind, Numbers, chances, sized_chances
from tools.maths.later import special


def each_kind(kinds: Sequence[Kind], function: Callable[..., Numbers], *arrays: ArrayLike) -> Numbers:
    """``function`` of laws over arrays, each element by its own kind of demand.

    >>> each_kind(["counts", "real"], expected_beyond, [2.0, 2.0], [2.0, 2.0], [2.0, 2.0]).round(4)
    array([0.5413, 0.5642])
    """
    found = np.zeros(len(kinds))
    columns = [np.asarray(array, dtype=float) for array in arrays]
    for kind in set(kinds):
        rows = [row for row, other in enumerate(kinds) if other == kind]
        found[rows] = function(*(column[rows] for column in columns), kind)
    return found


def expected_beyond(mean: ArrayLike, variance: ArrayLike, stock: ArrayLike, kind: Kind = "counts") -> Numbers:
    """The mean of max(demand - stock, 0), elementwise.

    For counts and amounts the part of the mean above ``stock`` is the mean times the chance of more than
    that under the law that is weighted by size, which is of the same family (Johnson, Kotz and Kemp, 2005,
    section 4.10; Burgin, 1975, for the gamma law).

    >>> expected_beyond(2.0, 2.0, [0.0, 2.0, 5.0], "counts").round(4)
    array([2.    , 0.5413, 0.0225])
    """
    m, v, x = np.broadcast_arrays(*(np.asarray(array, dtype=float) for array in (mean, variance, stock)))
    if kind == "real":
        sd = np.sqrt(np.maximum(v, NOTHING**2))
        z = (x - m) / sd
        return np.asarray(sd * (np.exp(-z * z / 2) / np.sqrt(2 * np.pi) - z * special.ndtr(-z)))
    safe = np.maximum(m, NOTHING)
    within = sized_chances(m, v, x, kind)
    beyond = safe * (1 - within) - x * (1 - chances(safe, v, x, kind))
    return np.where(x < 0, m - x, np.where(m <= NOTHING, 0.0, np.clip(beyond, 0.0, safe)))
