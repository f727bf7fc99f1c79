"""Classes of products: by what they bring in (ABC) and by how evenly they sell (XYZ).

ABC after Dickie (1951): the few products that make most of the money are looked after best.  The cuts
(80 % and 95 % of the money; coefficients of variation of 0.5 and 1) are those in common use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Literal

import numpy as np

ABC = Literal["A", "B", "C"]
XYZ = Literal["X", "Y", "Z"]
SHARES = (0.80, 0.95)
VARIATIONS = (0.5, 1.0)
# Single orders above this share of all are not what stock is kept for.
USUAL_SHARE = 0.995
_FEWEST_ORDERS = 40


def abc(money: Mapping[str, float], cuts: tuple[float, float] = SHARES) -> dict[str, ABC]:
    """The class of each product by revenue or margin: A makes the first 80 % of it, B the next 15 %.

    A product belongs to the class in which its part begins, so that the best one is always A.  What
    brings in nothing is C.

    >>> abc({"mug": 70.0, "bowl": 20.0, "tray": 8.0, "hook": 2.0, "sign": 0.0})
    {'mug': 'A', 'bowl': 'A', 'tray': 'B', 'hook': 'C', 'sign': 'C'}
    """
    total = sum(max(value, 0.0) for value in money.values())
    before, found = 0.0, {}
    for sku in sorted(money, key=lambda name: (-money[name], name)):
        share = before / total if total > 0 else 1.0
        kind: ABC = "A" if share < cuts[0] else "B" if share < cuts[1] else "C"
        found[sku] = kind if money[sku] > 0 else "C"
        before += max(money[sku], 0.0)
    return {sku: found[sku] for sku in money}


def variation(values: Sequence[float]) -> float:
    """The coefficient of variation of a product's demand by period (NaN are unknown), infinite without any.

    >>> variation([4.0, 6.0, float("nan"), 5.0])
    0.2
    """
    known = np.asarray([value for value in values if value == value], dtype=float)
    if known.size < 2 or known.mean() <= 0:
        return inf
    return float(known.std(ddof=1) / known.mean())


def xyz(coefficient: float, cuts: tuple[float, float] = VARIATIONS) -> XYZ:
    """X sells evenly, Y unevenly, Z cannot be told.

    >>> xyz(0.2), xyz(0.5), xyz(3.0)
    ('X', 'Y', 'Z')
    """
    if coefficient < cuts[0]:
        return "X"
    return "Y" if coefficient < cuts[1] else "Z"


def usual_order(sizes: Sequence[float], share: float = USUAL_SHARE) -> float:
    """The size up to which a single order is usual; larger ones are special and bought when they come.

    Infinite where there are too few orders to tell.
    """
    if len(sizes) < _FEWEST_ORDERS:
        return inf
    return float(np.quantile(np.asarray(sizes, dtype=float), share))
