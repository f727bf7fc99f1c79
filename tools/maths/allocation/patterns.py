"""All the ways in which orders could be sent, as arrays: a row is one order, sent in one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.maths.allocation.problem import Cell, Choice, Order, Problem, cost_of

MOST_WAYS = 4096
"""Orders that could be sent in more ways are not written out way by way."""
NOT_SENT = -1

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Patterns:
    """Row by row: whose it is, what it costs and what it takes of each cell that counts.

    ``picks`` are places by line of the order (numbers within its ways, -1 is not sent).
    """

    orders: tuple[Order, ...]
    of: Whole
    cost: Floats
    takes: Any
    picks: tuple[Whole, ...]
    starts: Whole
    split: float

    def rows_of(self, choices: Mapping[str, Choice]) -> Whole:
        """The rows that stand for these choices, by order."""
        return np.array([self._row(at, choices[order.key]) for at, order in enumerate(self.orders)])

    def _row(self, at: int, choice: Choice) -> int:
        number = {place: at for at, place in enumerate(self.orders[at].ways)} | {None: NOT_SENT}
        wanted = np.array([number[place] for place in choice.places])
        return int(self.starts[at] + np.flatnonzero((self.picks[at] == wanted).all(axis=1))[0])

    def choice(self, row: int) -> Choice:
        """The row as a choice of its order."""
        at = int(self.of[row])
        order = self.orders[at]
        names = (*order.ways, None)
        places = tuple(names[pick] for pick in self.picks[at][row - int(self.starts[at])])
        return Choice(places, cost_of(order, places, self.split))


def patterns(problem: Problem, orders: Sequence[Order], cells: Mapping[Cell, int]) -> Patterns:
    """Every way to send these orders; ``cells`` numbers the stock that counts."""
    from scipy import sparse

    picks = tuple(_picks(problem, order) for order in orders)
    costs = [_costs(order, table, problem.split) for order, table in zip(orders, picks, strict=True)]
    takes = [_takes(order, table, cells) for order, table in zip(orders, picks, strict=True)]
    sizes = np.array([len(table) for table in picks])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    rows = np.concatenate([part[0] + start for part, start in zip(takes, starts, strict=True)])
    columns, amounts = (np.concatenate([part[at] for part in takes]) for at in (1, 2))
    shape = (int(sizes.sum()), len(cells))
    return Patterns(
        tuple(orders),
        np.repeat(np.arange(len(orders)), sizes),
        np.concatenate(costs),
        sparse.csr_array((amounts.astype(float), (rows, columns)), shape=shape),
        picks,
        starts,
        problem.split,
    )


def listable(problem: Problem, order: Order) -> bool:
    """Whether all ways to send an order are few enough to be written out."""
    return prod(len(able) + 1 for able in _able(problem, order)) <= MOST_WAYS


def _able(problem: Problem, order: Order) -> list[list[int]]:
    """By line the places, as numbers, that hold it whole."""
    places = list(order.ways)
    return [
        [at for at, place in enumerate(places) if problem.there((line.sku, place)) >= line.quantity]
        for line in order.lines
    ]


def _picks(problem: Problem, order: Order) -> Whole:
    choices = [[*found, NOT_SENT] for found in _able(problem, order)]
    grid = np.meshgrid(*choices, indexing="ij")
    return np.stack([part.ravel() for part in grid], axis=1)


def _costs(order: Order, picks: Whole, split: float) -> Floats:
    ways = list(order.ways.items())
    used = np.stack([(picks == at).any(axis=1) for at in range(len(ways))], axis=1)
    total = used @ np.array([way.cost for _, way in ways]) + split * np.maximum(used.sum(axis=1) - 1, 0)
    for at, line in enumerate(order.lines):
        prices = np.array([*(line.risk.get(place, 0.0) for place, _ in ways), line.missing])
        total = total + prices[picks[:, at]]
    return np.asarray(total)


def _takes(order: Order, picks: Whole, cells: Mapping[Cell, int]) -> tuple[Whole, Whole, Whole]:
    rows, columns, amounts = [], [], []
    for at, line in enumerate(order.lines):
        numbers = np.array([*(cells.get((line.sku, place), -1) for place in order.ways), -1])
        cell = numbers[picks[:, at]]
        there = np.flatnonzero(cell >= 0)
        rows.append(there)
        columns.append(cell[there])
        amounts.append(np.full(len(there), line.quantity))
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(amounts)
