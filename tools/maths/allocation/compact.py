"""A group of orders written line by line: small enough for HiGHS where all ways written out are too many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tools.maths.allocation.model import Model
from tools.maths.allocation.problem import Cell, Choice, Choices, Order, Problem, cost_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of some orders: choices, what they cannot cost less than, and the seconds it took."""

    choices: Choices
    bound: float
    seconds: float = 0.0


class Compact:
    """A group as a model: which line from where, which places send, and that cells give what they hold."""

    def __init__(self, problem: Problem, orders: Sequence[Order], cells: Sequence[Cell]) -> None:
        self._problem, self._orders, self._cells = problem, orders, set(cells)
        self.model = Model()
        self._lines: list[list[dict[str | None, int]]] = []
        self._uses: dict[Cell, dict[int, int]] = defaultdict(dict)
        for order in orders:
            self._add(order)
        for cell, terms in self._uses.items():
            self.model.row(terms, high=problem.there(cell))

    def _add(self, order: Order) -> None:
        model, split = self.model, self._problem.split
        sends = {place: model.column(way.cost + split) for place, way in order.ways.items()}
        # The first parcel is no split: what any order saves by being sent at all.
        some = model.column(-split)
        model.row({some: 1, **dict.fromkeys(sends.values(), -1)}, high=0)
        lines = []
        for line in order.lines:
            holding = [
                place for place in order.ways if self._problem.there((line.sku, place)) >= line.quantity
            ]
            columns: dict[str | None, int] = {
                place: model.column(line.risk.get(place, 0.0)) for place in holding
            }
            for place in holding:
                model.row({columns[place]: 1, sends[place]: -1}, high=0)
                if (line.sku, place) in self._cells:
                    self._uses[(line.sku, place)][columns[place]] = line.quantity
            columns[None] = model.column(line.missing)
            model.row(dict.fromkeys(columns.values(), 1), low=1, high=1)
            lines.append(columns)
        self._lines.append(lines)

    def solve(self, seconds: float, found: Choices) -> Answer:
        """The best that HiGHS finds, or what was found before."""
        solved = self.model.by_highs(seconds)
        choices = found if solved.values is None else self.read(solved.values)
        return Answer(choices, solved.bound, solved.seconds)

    def read(self, values: Sequence[int]) -> Choices:
        """The choices that the values of the columns stand for."""
        found = {}
        for order, lines in zip(self._orders, self._lines, strict=True):
            places = tuple(next(place for place, at in line.items() if values[at]) for line in lines)
            found[order.key] = Choice(places, cost_of(order, places, self._problem.split))
        return found
