"""A small model of whole numbers, written once and solved by CP-SAT or by HiGHS, on one core.

Both are loaded when first needed: starting the assistant need not wait for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, inf
from typing import Any

import numpy as np

CENTS = 1e4
"""CP-SAT counts in whole numbers: steps of a hundredth of a cent."""
OPTIMAL_GAP = 1e-4
_LEAST_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Solved:
    """The values of all columns or None, the least cost any answer could have, and the seconds it took."""

    values: tuple[int, ...] | None
    bound: float
    seconds: float


@dataclass
class Model:
    """Whole-number columns from 0 with a cost each, and rows of whole factors; the least cost wins."""

    costs: list[float] = field(default_factory=list)
    highs: list[int] = field(default_factory=list)
    rows: list[tuple[Mapping[int, int], float, float]] = field(default_factory=list)

    def column(self, cost: float, high: int = 1) -> int:
        """A new column; its number answers."""
        self.costs.append(cost)
        self.highs.append(high)
        return len(self.costs) - 1

    def row(self, terms: Mapping[int, int], low: float = -inf, high: float = inf) -> None:
        """``low`` <= the sum <= ``high``."""
        self.rows.append((terms, low, high))

    def by_cp_sat(self, seconds: float, hint: Sequence[int] = ()) -> Solved:
        """Solved by CP-SAT; a hint is where it starts.

        One worker finds next to nothing at the usual linearization level: level 2 took 50 orders at 3 places
        from a gap of 60 % after 3 s to the optimum in 0.03 s.
        """
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        columns = [model.new_int_var(0, high, "") for high in self.highs]
        for terms, low, high in self.rows:
            total = sum(factor * columns[at] for at, factor in terms.items())
            if low > -inf:
                model.add(total >= ceil(low))
            if high < inf:
                model.add(total <= floor(high))
        model.minimize(
            sum(round(cost * CENTS) * column for cost, column in zip(self.costs, columns, strict=True))
        )
        for column, value in zip(columns, hint, strict=bool(hint)):
            model.add_hint(column, value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = max(seconds, _LEAST_SECONDS)
        status = solver.solve(model)
        values = None
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            values = tuple(int(solver.value(column)) for column in columns)
        # Rounded costs may be off by half a step for each column that counts.
        return Solved(values, solver.best_objective_bound / CENTS, float(solver.wall_time))

    def by_highs(self, seconds: float) -> Solved:
        """Solved by HiGHS through scipy: better than CP-SAT where many orders hang together."""
        from scipy import optimize, sparse

        entries = [
            (at, column, factor)
            for at, (terms, _, _) in enumerate(self.rows)
            for column, factor in terms.items()
        ]
        rows, columns, factors = zip(*entries, strict=True)
        shape = (len(self.rows), len(self.costs))
        matrix = sparse.csr_array((np.array(factors, dtype=float), (rows, columns)), shape=shape)
        lows, highs = [row[1] for row in self.rows], [row[2] for row in self.rows]
        result: Any = optimize.milp(
            np.array(self.costs),
            integrality=np.ones(len(self.costs)),
            bounds=optimize.Bounds(0.0, np.array(self.highs, dtype=float)),
            constraints=optimize.LinearConstraint(matrix, np.array(lows), np.array(highs)),
            options={"time_limit": max(seconds, _LEAST_SECONDS), "mip_rel_gap": OPTIMAL_GAP / 2},
        )
        values = None if result.x is None else tuple(round(value) for value in result.x)
        bound = result.mip_dual_bound if result.mip_dual_bound is not None else -inf
        return Solved(values, float(bound), seconds)


def status_of(cost: float, bound: float | None) -> str:
    """How good an answer is: "optimal", "gap 0.4 %" or "greedy"."""
    if bound is None or bound == -inf:
        return "greedy"
    gap = max(0.0, cost - bound) / max(abs(cost), 1e-9)
    return "optimal" if gap <= OPTIMAL_GAP else f"gap {gap * 100:.2g} %"
