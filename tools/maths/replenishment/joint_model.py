"""A joint order as a mixed-integer linear model, solved by HiGHS through scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from tools.maths.replenishment.joint_lines import Line, Order, reached

# Nearer than this to the proven bound counts as optimal.
OPTIMAL_GAP = 1e-4
_LEAST_SECONDS = 0.05
_RELAXED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver found: a plan or none, and the least cost that any plan could have."""

    plan: Mapping[str, float] | None
    bound: float


@dataclass
class _Model:
    """Columns and rows as they are added."""

    costs: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def column(self, cost: float, high: float, *, whole: bool = False) -> int:
        self.costs.append(cost)
        self.highs.append(high)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def row(self, terms: Mapping[int, float], low: float = -inf, high: float = inf) -> None:
        self.entries += [(len(self.lower), column, factor) for column, factor in terms.items()]
        self.lower.append(low)
        self.upper.append(high)

    def solve(self, seconds: float, *, relaxed: bool = False) -> Any:
        # Loading the solver takes a third of a second, which starting the assistant need not wait for.
        from scipy import optimize, sparse

        rows, columns, factors = zip(*self.entries, strict=True)
        matrix = sparse.csr_array((factors, (rows, columns)), shape=(len(self.lower), len(self.costs)))
        return optimize.milp(
            np.array(self.costs),
            integrality=np.array(self.whole) * (not relaxed),
            bounds=optimize.Bounds(0.0, np.array(self.highs)),
            constraints=optimize.LinearConstraint(matrix, np.array(self.lower), np.array(self.upper)),
            options={"time_limit": max(seconds, _LEAST_SECONDS), "mip_rel_gap": OPTIMAL_GAP / 2},
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a line is found in the model: packs, and (column, unit cost) of all units bought."""

    line: Line
    packs: int
    spent: tuple[tuple[int, float], ...]


def solve(order: Order, seconds: float, *, covered: bool) -> Solved:
    """The best plan that is found in ``seconds`` of wall time.

    Args:
        order: The lines and rules.
        seconds: How long the solver may take.
        covered: Whether every need must be covered where its supplier is ordered from at all (there are
            no common limits); else needs may be missed at what they are worth.
    """
    model = _Model()
    found: list[_Columns] = []
    for supplier, lines in order.by_supplier().items():
        rule = order.rule(supplier)
        used = model.column(rule.order_cost, 1, whole=True)
        if covered and reached(lines, rule.minimum_value) and any(line.need > 0 for line in lines):
            model.row({used: 1.0}, low=1.0)
        columns = [_add_line(model, line, used, covered=covered) for line in lines]
        if rule.minimum_value > 0:
            spent = {column: price for one in columns for column, price in one.spent}
            model.row({**spent, used: -rule.minimum_value}, low=0.0)
        found += columns
    _add_limits(model, order, found)
    result = model.solve(seconds)
    if result.x is None:
        return Solved(None, _bound(model, result))
    plan = {one.line.key: float(round(result.x[one.packs])) * one.line.pack for one in found}
    return Solved(plan, _bound(model, result))


def _bound(model: _Model, result: Any) -> float:
    """The bound that the solver proved; where its time was too short for one, that of parts of packs."""
    if result.mip_dual_bound is not None and result.mip_dual_bound > -inf:
        return float(result.mip_dual_bound)
    easier = model.solve(_RELAXED_SECONDS, relaxed=True)
    return float(easier.fun) if easier.status == 0 else -inf


def _add_line(model: _Model, line: Line, used: int, *, covered: bool) -> _Columns:
    """Packs bought, tier by tier; what is missing at what that costs."""
    packs = model.column(0.0, line.bound / line.pack, whole=True)
    needed, spent = _add_tiers(model, line, packs, used)
    later = line.price(line.full)
    missing = [model.column(later + money, units) for units, money in line.worth]
    rest = line.need - sum(units for units, _ in line.worth)
    if rest > 1e-9:
        missing.append(model.column(later, rest))
    if line.need > 0:
        model.row(dict.fromkeys((*needed, *missing), 1.0), low=line.need, high=line.need)
        if covered:
            model.row({packs: line.pack, used: -line.full}, low=0.0)
    return _Columns(line, packs, spent)


def _add_tiers(
    model: _Model, line: Line, packs: int, used: int
) -> tuple[list[int], tuple[tuple[int, float], ...]]:
    """Units by tier, needed and extra: one tier at most, and none where the supplier isn't ordered from.

    Returns:
        The columns of needed units, and those of all units with their unit costs.
    """
    flags, needed, spent = [], [], []
    for low, high, price in _spans(line):
        flag = model.column(0.0, 1, whole=True)
        cover, extra = model.column(price, line.need), model.column(line.holding, line.bound)
        model.row({cover: 1.0, extra: 1.0, flag: -low}, low=0.0)
        model.row({cover: 1.0, extra: 1.0, flag: -high}, high=0.0)
        flags.append(flag)
        needed.append(cover)
        spent += [(cover, price), (extra, price)]
    model.row({packs: -line.pack, **{column: 1.0 for column, _ in spent}}, low=0.0, high=0.0)
    model.row({**dict.fromkeys(flags, 1.0), used: -1.0}, high=0.0)
    return needed, tuple(spent)


def _spans(line: Line) -> list[tuple[float, float, float]]:
    """(least, most, unit cost) of each tier that can be reached, in whole packs."""
    prices = dict(sorted({0.0: line.unit_cost, **dict(line.tiers)}.items()))
    starts = list(prices)
    found = []
    for at, start in enumerate(starts):
        low = line.up(max(start, line.least))
        high = line.bound if at + 1 == len(starts) else min(line.bound, line.up(starts[at + 1]) - line.pack)
        if at + 1 < len(starts) and line.up(starts[at + 1]) == line.least:
            continue
        if low <= high + 1e-9:
            found.append((low, high, prices[start]))
    return found


def _add_limits(model: _Model, order: Order, found: Sequence[_Columns]) -> None:
    budget, volume, weight = order.most
    if budget < inf:
        model.row({column: price for one in found for column, price in one.spent}, high=budget)
    if volume < inf:
        model.row({one.packs: one.line.pack * one.line.volume for one in found}, high=volume)
    if weight < inf:
        model.row({one.packs: one.line.pack * one.line.weight for one in found}, high=weight)
