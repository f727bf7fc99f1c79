"""Many orders at once: greedy first, then exactly, but only where orders vie for the same stock.

Orders meet only in cells (a product at a place) that might be asked for more than they hold.  Each order that
touches none is answered alone; the others are solved together in groups that share such cells.  A group is
priced first; its promising ways, then all that the price of scarce stock does not rule out, go to a solver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from tools.maths.allocation.alone import best, cut, exact, options
from tools.maths.allocation.compact import Answer, Compact
from tools.maths.allocation.model import Model, Solved, status_of
from tools.maths.allocation.patterns import Floats, Patterns, listable, patterns
from tools.maths.allocation.prices import Priced, priced
from tools.maths.allocation.problem import Cell, Choice, Choices, Order, Problem, taken

MOST_ROWS = 12_000
"""More ways than this are not written out for CP-SAT: HiGHS then gets the orders line by line."""
PROMISING = 1_500
FIRST_SHARE = 0.3


@dataclass(frozen=True)
class Allocation:
    """Who sends what.

    Attributes:
        problem: The orders as they were placed, lines cut where no place holds them whole.
        choices: By order.
        cost: Of all of them.
        greedy_cost: Of the greedy answer, order by order.
        bound: What no answer can be cheaper than; None where nothing is known.
        binding: Cells that would be overdrawn if each order went its cheapest way: the stock that decides.
        seconds: What the solvers took.
    """

    problem: Problem
    choices: Mapping[str, Choice]
    cost: float
    greedy_cost: float
    bound: float | None
    binding: tuple[Cell, ...]
    seconds: float = 0.0

    @property
    def status(self) -> str:
        """How good it is: "optimal", "gap 0.4 %" or "greedy"."""
        return status_of(self.cost, self.bound)

    def left_for(self, key: str) -> dict[Cell, int]:
        """The stock that this order could choose from while the others keep theirs."""
        others = tuple(order for order in self.problem.orders if order.key != key)
        gone = taken(others, self.choices)
        return {cell: self.problem.there(cell) - gone.get(cell, 0) for cell in self.problem.stock}

    def options_of(self, order: Order) -> list[Choice]:
        """How this order could be sent while the others keep theirs, cheapest first."""
        return options(order, self.left_for(order.key), self.problem.split)


def allocate(problem: Problem, *, seconds: float) -> Allocation:
    """Which place sends which line of which order, as cheaply as is found in ``seconds`` of solving.

    The greedy answer is always kept: what the solvers find counts only if it is cheaper and sound.
    """
    whole = cut(problem)
    wishes = {order.key: best(order, _stock(whole), whole.split) for order in whole.orders}
    binding = tuple(sorted(_overdrawn(whole, wishes)))
    start = _greedy(whole)
    sure = all(exact(order) for order in whole.orders)
    if not binding and sure:
        cost = _sum(wishes)
        return Allocation(whole, wishes, cost, _sum(start), cost, ())
    if seconds <= 0:
        bound = _sum(wishes) if sure else None
        return Allocation(whole, start, _sum(start), _sum(start), bound, binding)
    found = _grouped(whole, start, wishes, seconds)
    chosen = min((start, found.choices), key=_sum)
    bound = None if found.bound == -inf else found.bound
    return Allocation(whole, chosen, _sum(chosen), _sum(start), bound, binding, found.seconds)


def _grouped(problem: Problem, start: Choices, wishes: Choices, seconds: float) -> Answer:
    """Group by group, the smallest first, each with its share of the time that is left."""
    groups = _groups(problem)
    choices, bound, spent = dict(wishes), 0.0, 0.0
    grouped = {order.key for orders, _ in groups for order in orders}
    bound += sum(choice.cost.total for key, choice in wishes.items() if key not in grouped)
    left = sum(len(orders) for orders, _ in groups)
    for orders, cells in groups:
        share = max(seconds - spent, 0.0) * len(orders) / left
        left -= len(orders)
        answer = _group(problem, orders, cells, {order.key: start[order.key] for order in orders}, share)
        choices |= answer.choices
        bound += answer.bound
        spent += answer.seconds
    return Answer(choices, bound, spent)


def _stock(problem: Problem) -> dict[Cell, int]:
    return {cell: problem.there(cell) for cell in problem.stock}


def _sum(choices: Mapping[str, Choice]) -> float:
    return sum(choice.cost.total for choice in choices.values())


def _overdrawn(problem: Problem, choices: Choices) -> set[Cell]:
    return {cell for cell, amount in taken(problem.orders, choices).items() if amount > problem.there(cell)}


def _greedy(problem: Problem) -> Choices:
    """Order by order from what is left; first as they come, then those first that stand to lose most."""
    asked = [_in_turn(problem, problem.orders)]
    stock = _stock(problem)
    stakes = {order.key: _stake(options(order, stock, problem.split)) for order in problem.orders}
    asked.append(_in_turn(problem, sorted(problem.orders, key=lambda order: -stakes[order.key])))
    return min(asked, key=_sum)


def _stake(found: Sequence[Choice]) -> float:
    """What an order loses if its cheapest way is gone."""
    return found[1].cost.total - found[0].cost.total if len(found) > 1 else 0.0


def _in_turn(problem: Problem, orders: Iterable[Order]) -> Choices:
    """The orders one after the other, each from what the earlier ones leave."""
    stock, found = _stock(problem), {}
    for order in orders:
        choice = best(order, stock, problem.split)
        found[order.key] = choice
        for line, place in zip(order.lines, choice.places, strict=True):
            if place is not None:
                stock[(line.sku, place)] -= line.quantity
    return found


def _scarce(problem: Problem) -> set[Cell]:
    """The cells that could be asked for more than they hold, and those of orders too large to list."""
    wanted: dict[Cell, int] = defaultdict(int)
    doubtful: set[Cell] = set()
    for order in problem.orders:
        for line in order.lines:
            for place in order.ways:
                if problem.there((line.sku, place)) >= line.quantity:
                    wanted[(line.sku, place)] += line.quantity
        if not exact(order):
            doubtful |= set(order.cells())
    return doubtful | {cell for cell, amount in wanted.items() if amount > problem.there(cell)}


def _groups(problem: Problem) -> list[tuple[tuple[Order, ...], tuple[Cell, ...]]]:
    """Orders that are bound together by scarce cells, with those, the smallest groups first."""
    leader: dict[Cell, Cell] = {cell: cell for cell in _scarce(problem)}

    def root(cell: Cell) -> Cell:
        while leader[cell] != cell:
            leader[cell] = cell = leader[leader[cell]]
        return cell

    touching = []
    for order in problem.orders:
        cells = [cell for cell in order.cells() if cell in leader]
        touching += [(order, cells[0])] if cells else []
        for other in cells[1:]:
            leader[root(other)] = root(cells[0])
    members: dict[Cell, list[Order]] = defaultdict(list)
    for order, cell in touching:
        members[root(cell)].append(order)
    shared: dict[Cell, list[Cell]] = defaultdict(list)
    for cell in sorted(leader):
        shared[root(cell)].append(cell)
    found = [(tuple(orders), tuple(shared[top])) for top, orders in members.items()]
    return sorted(found, key=lambda one: len(one[0]))


def _group(
    problem: Problem, orders: tuple[Order, ...], cells: tuple[Cell, ...], start: Choices, seconds: float
) -> Answer:
    """One group: the promising ways first, then all that may still be part of the best answer."""
    if not all(listable(problem, order) for order in orders):
        return Compact(problem, orders, cells).solve(seconds, start)
    ways = patterns(problem, orders, {cell: at for at, cell in enumerate(cells)})
    stock = np.array([problem.there(cell) for cell in cells], dtype=float)
    prices = priced(ways, stock, ways.rows_of(start))
    first = _Restricted(ways, stock, prices, start, PROMISING).solve(seconds * FIRST_SHARE)
    found = min((start, first.choices), key=_sum)
    bound = max(first.bound, prices.bound)
    left = max(seconds - first.seconds, 0.0)
    if status_of(_sum(found), bound) == "optimal":
        return Answer(found, bound, first.seconds)
    if len(ways.cost) <= MOST_ROWS:
        last = _Restricted(ways, stock, prices, found, MOST_ROWS).solve(left)
    else:
        last = Compact(problem, orders, cells).solve(left, found)
    return Answer(min((found, last.choices), key=_sum), max(bound, last.bound), first.seconds + last.seconds)


class _Restricted:
    """One way for each order, chosen among those that cost least at the prices of scarce stock."""

    def __init__(self, ways: Patterns, stock: Floats, prices: Priced, start: Choices, most: int) -> None:
        rows = ways.rows_of(start)
        worst = float(ways.cost[rows].sum()) - prices.bound
        ranked = np.argsort(prices.reduced, kind="stable")[:most]
        kept = ranked[prices.reduced[ranked] <= worst]
        # Whatever is left out costs at least this much more than the bound.
        left = np.setdiff1d(np.flatnonzero(prices.reduced <= worst), kept)
        self._else = prices.bound + float(prices.reduced[left].min()) if len(left) else inf
        self._ways, self._start = ways, rows
        self._rows = np.union1d(kept, rows)
        self._model = self._written(stock)

    def _written(self, stock: Floats) -> Model:
        model, ways = Model(), self._ways
        for cost in ways.cost[self._rows]:
            model.column(float(cost))
        mine: dict[int, dict[int, int]] = defaultdict(dict)
        for at, order in enumerate(ways.of[self._rows]):
            mine[int(order)][at] = 1
        for terms in mine.values():
            model.row(terms, low=1, high=1)
        takes = ways.takes[self._rows].tocsc()
        for cell, most in enumerate(stock):
            part = slice(takes.indptr[cell], takes.indptr[cell + 1])
            terms = {
                int(at): int(amount) for at, amount in zip(takes.indices[part], takes.data[part], strict=True)
            }
            if sum(terms.values()) > most:
                model.row(terms, high=int(most))
        return model

    def solve(self, seconds: float) -> Answer:
        """The best that CP-SAT finds from the start."""
        hint = np.isin(self._rows, self._start).astype(int).tolist()
        solved: Solved = self._model.by_cp_sat(seconds, hint)
        rows = self._start if solved.values is None else self._rows[np.flatnonzero(solved.values)]
        ways = self._ways
        choices = {ways.orders[int(ways.of[row])].key: ways.choice(int(row)) for row in rows}
        return Answer(choices, min(solved.bound, self._else), solved.seconds)
