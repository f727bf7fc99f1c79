"""Forecasts that agree: products with their categories and places, parts with their whole.

Each node of a tree has a forecast of its own; they are moved as little as possible, each in the measure of
its own variance, until every whole is the sum of its parts: the least-squares reconciliation with independent
errors (Wickramasuriya, Athanasopoulos and Hyndman, 2019). On a tree this needs no matrix: once up, once down,
exact at any depth, for a million nodes as for three. The library for it solves general hierarchies with
matrices and brings a solver for cones along, which nothing here needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.maths.demand.laws import Numbers

_LEAST = 1e-12


def agreed(mean: Numbers, variance: Numbers, parent: Sequence[int], *, nonnegative: bool = True) -> Numbers:
    """Means that add up.

    Args:
        mean: Node x period, each node's own forecast; NaN where a node has none.
        variance: Node x period, how unsure each is.
        parent: The row of each node's parent, -1 for a root; parents stand before their children.
        nonnegative: Whether no part may fall below 0.

    Returns:
        Node x period; every parent is the sum of its children.

    >>> agreed(np.array([[12.0], [4.0], [6.0]]), np.ones((3, 1)), [-1, 0, 0]).ravel().round(3).tolist()
    [11.333, 4.667, 6.667]
    """
    known = ~np.isnan(mean)
    spread = np.where(known, np.maximum(variance, _LEAST), np.inf)
    best, doubt = np.where(known, mean, 0.0), spread.copy()
    parts, doubts = np.zeros_like(best), np.zeros_like(best)
    has_parts = np.zeros(len(parent), dtype=bool)
    for node in range(len(parent) - 1, -1, -1):
        if has_parts[node]:
            best[node], doubt[node] = _weighed(best[node], spread[node], parts[node], doubts[node])
        if parent[node] >= 0:
            parts[parent[node]] += best[node]
            doubts[parent[node]] += doubt[node]
            has_parts[parent[node]] = True
    found = best.copy()
    for node, above in enumerate(parent):
        if above >= 0:
            found[node] += _share(doubt[node], doubts[above]) * (found[above] - parts[above])
    return _summed(np.maximum(found, 0.0) if nonnegative else found, parent, has_parts)


def _weighed(own: Numbers, spread: Numbers, sums: Numbers, doubt: Numbers) -> tuple[Numbers, Numbers]:
    """A node's own forecast and the sum of its parts, each by its precision."""
    one, other = 1 / spread, 1 / np.maximum(doubt, _LEAST)
    total = np.where(one + other > 0, one + other, 1.0)
    return (own * one + sums * other) / total, np.where(one + other > 0, 1 / total, np.inf)


def _share(doubt: Numbers, doubts: Numbers) -> Numbers:
    """What part of a gap falls to a node: all of it where only this one knows nothing."""
    with np.errstate(invalid="ignore"):
        share = doubt / doubts
    return np.asarray(np.where(np.isinf(doubt), 1.0, np.where(np.isinf(doubts), 0.0, share)))


def _summed(
    found: Numbers, parent: Sequence[int], has_parts: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> Numbers:
    """The wholes as the sums of their parts."""
    found[has_parts] = 0.0
    for node in range(len(parent) - 1, -1, -1):
        if parent[node] >= 0:
            found[parent[node]] += found[node]
    return found
