"""Joint orders: what to buy of every supplier at once under packs, minimums, tiers, budget and room.

A greedy plan first; then HiGHS, supplier by supplier while nothing binds them together, over all of them
where a budget or the room does.  The answer is never worse than the greedy plan, and says how good it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf

from tools.maths.replenishment.joint_greedy import greedy
from tools.maths.replenishment.joint_lines import Limits, Line, Order, Plan, SupplierRule, broken, reached
from tools.maths.replenishment.joint_model import OPTIMAL_GAP, solve

__all__ = ["JointOrder", "Limits", "Line", "Order", "SupplierRule", "joint_order"]


@dataclass(frozen=True)
class JointOrder:
    """A plan over all lines.

    Attributes:
        quantities: By line; 0 where nothing is bought.
        cost: What the needed goods cost all told (see :mod:`joint_lines`).
        greedy_cost: The same of the greedy plan.
        bound: What no plan can be cheaper than, None where the solver said nothing.
        limited: Whether a common limit (budget, volume, weight) binds.
    """

    quantities: Mapping[str, float]
    cost: float
    greedy_cost: float
    bound: float | None
    limited: bool

    @property
    def gap(self) -> float | None:
        """The share of the cost by which a better plan might be cheaper."""
        if self.bound is None:
            return None
        return max(0.0, self.cost - self.bound) / max(abs(self.cost), 1e-9)

    @property
    def status(self) -> str:
        """How good it is: "optimal", "gap 0.4 %" or "greedy"."""
        if self.gap is None:
            return "greedy"
        return "optimal" if self.gap <= OPTIMAL_GAP else f"gap {self.gap * 100:.2g} %"


def joint_order(order: Order, *, seconds: float) -> JointOrder:
    """The best plan that is found in ``seconds`` of wall time; 0 takes the greedy plan.

    Without common limits every need is covered; only a supplier whose minimum the needs don't reach may
    be left out, where reaching it would cost more than waiting.  Where a limit binds, needs may be covered
    in part.
    """
    free = replace(order, limits=Limits())
    if not order.limits.any:
        return _unlimited(free, seconds)
    fits = order.fits(greedy(free))
    if fits:
        found = _unlimited(free, seconds / 2)
        if order.fits(found.quantities):
            return found
    return _limited(order, seconds / 2 if fits else seconds, covered=fits)


def _limited(order: Order, seconds: float, *, covered: bool) -> JointOrder:
    """All suppliers together, under common limits."""
    start = greedy(order)
    cost = order.cost(start)
    if seconds <= 0:
        return JointOrder(start, cost, cost, None, limited=True)
    found = solve(order, seconds, covered=covered)
    plan = _better(order, start, found.plan)
    bound = found.bound if found.bound > -inf else None
    return JointOrder(plan, order.cost(plan), cost, bound, limited=True)


def _better(order: Order, start: Plan, found: Plan | None) -> Plan:
    """The solver's plan where it has one that keeps all rules and costs less."""
    if found is None or broken(order, found) or order.cost(found) >= order.cost(start):
        return start
    return found


def _unlimited(order: Order, seconds: float) -> JointOrder:
    """Supplier by supplier, each with its share of the time."""
    groups = order.by_supplier()
    plan: dict[str, float] = {}
    greedy_cost, bound = 0.0, 0.0
    for supplier, lines in groups.items():
        part = Order(tuple(lines), {supplier: order.rule(supplier)})
        start = greedy(part)
        greedy_cost += part.cost(start)
        if _plain(part, supplier):
            bound += part.cost(start)
            plan |= start
        elif seconds > 0:
            found = solve(part, seconds / len(groups), covered=True)
            bound += found.bound
            plan |= _better(part, start, found.plan)
        else:
            bound = -inf
            plan |= start
    return JointOrder(plan, order.cost(plan), greedy_cost, bound if bound > -inf else None, limited=False)


def _plain(order: Order, supplier: str) -> bool:
    """Whether there is nothing to choose: the minimum is reached, and no tier to reach for."""
    return reached(order.lines, order.rule(supplier).minimum_value) and not any(
        line.tiers for line in order.lines
    )
