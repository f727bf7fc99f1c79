"""What scarce stock is worth: prices of cells at which orders, each for itself, want no more than there is.

Column generation over the ways of orders (G. B. Dantzig and P. Wolfe 1960).  The sum of the cheapest ways at
such prices, less the worth of the stock, is what no answer can be cheaper than.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.maths.allocation.patterns import Floats, Patterns, Whole

MOST_ROUNDS = 60
BETTER = 1e-7
ENOUGH = 1e-5
"""Prices are good enough when the bound is this near to the best mixture of ways, as a share."""


@dataclass(frozen=True, slots=True)
class Priced:
    """The prices found: ``reduced`` is by row what a way costs above the order's cheapest at these prices."""

    bound: float
    reduced: Floats


def priced(ways: Patterns, stock: Floats, start: Whole) -> Priced:
    """The best bound; ``start`` are rows of a sound answer."""
    pool = np.unique(np.concatenate((start, _cheapest(ways, ways.cost))))
    best = Priced(-np.inf, ways.cost)
    for _ in range(MOST_ROUNDS):
        value, prices = _mixture(ways, stock, pool)
        costs = ways.cost + ways.takes @ prices
        rows = _cheapest(ways, costs)
        bound = float(costs[rows].sum() - prices @ stock)
        if bound > best.bound:
            best = Priced(bound, costs - costs[rows][ways.of])
        fresh = np.setdiff1d(_promising(ways, costs, pool), pool)
        if value - bound <= ENOUGH * abs(value) or not len(fresh):
            break
        pool = np.union1d(pool, fresh)
    return best


def _cheapest(ways: Patterns, costs: Floats) -> Whole:
    """By order the row that costs least."""
    order = np.lexsort((costs, ways.of))
    return np.asarray(order[np.searchsorted(ways.of[order], np.arange(len(ways.orders)))])


def _promising(ways: Patterns, costs: Floats, pool: Whole) -> Whole:
    """Rows that cost less, at these prices, than anything of their order in the pool: two of each."""
    least = np.full(len(ways.orders), np.inf)
    np.minimum.at(least, ways.of[pool], costs[pool])
    better = np.flatnonzero(costs < least[ways.of] - BETTER)
    ranked = better[np.lexsort((costs[better], ways.of[better]))]
    first = np.searchsorted(ways.of[ranked], ways.of[ranked])
    return np.asarray(ranked[np.arange(len(ranked)) - first < 2])


def _mixture(ways: Patterns, stock: Floats, pool: Whole) -> tuple[float, Floats]:
    """The cheapest mixture of the rows in the pool, and what it says cells are worth."""
    from scipy import optimize, sparse

    ones = sparse.csr_array(
        (np.ones(len(pool)), (ways.of[pool], np.arange(len(pool)))), shape=(len(ways.orders), len(pool))
    )
    found = optimize.linprog(
        ways.cost[pool],
        A_ub=ways.takes[pool].T,
        b_ub=stock,
        A_eq=ones,
        b_eq=np.ones(len(ways.orders)),
        bounds=(0, None),
        method="highs",
    )
    return float(found.fun), np.maximum(-np.asarray(found.ineqlin.marginals), 0.0)
