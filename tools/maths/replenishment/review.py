"""When to order and how much, under continuous review: (r, Q) and (s, S) policies from the textbooks.

Demand a time unit has ``mean`` and ``sd``; ``lead_time`` is in the same units.  Formulas as in Snyder and
Shen, Fundamentals of Supply Chain Theory (2nd edition, 2019), chapters 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt

from scipy import optimize, special, stats

from tools.maths.replenishment.lot_sizes import economic_order_quantity, with_backorders
from tools.maths.replenishment.single_period import critical_ratio, loss, poisson_cost

_CLOSE = 1e-10
_MOST_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Costs:
    """``stockout`` is a unit wanted in vain (or a unit and time unit of waiting, as the method says)."""

    holding: float
    stockout: float
    fixed: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand a time unit, and the time until an order comes."""

    mean: float
    sd: float
    lead_time: float = 0.0

    @property
    def over_lead(self) -> tuple[float, float]:
        """Mean and standard deviation of what is wanted until an order comes."""
        return self.mean * self.lead_time, self.sd * sqrt(self.lead_time)


@dataclass(frozen=True, slots=True)
class ReorderRule:
    """Order ``quantity`` when what there is (on order included) falls to ``point``."""

    point: float
    quantity: float
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class OrderUpTo:
    """Order up to ``level`` when what there is has fallen to ``point``."""

    point: float
    level: float
    cost: float | None = None


def by_expected_level(costs: Costs, demand: Demand) -> ReorderRule:
    """Hadley and Whitin's iteration (1963): a stockout costs by the unit, however long it lasts."""
    mean, spread = demand.over_lead
    quantity, short = economic_order_quantity(costs.fixed, costs.holding, demand.mean).quantity, 0.0
    point = mean
    for _ in range(_MOST_ROUNDS):
        risk = min(costs.holding * quantity / (costs.stockout * demand.mean), 1.0)
        z = float(special.ndtri(1 - risk))
        point, short = mean + z * spread, spread * loss(z)
        better = sqrt(2 * demand.mean * (costs.fixed + costs.stockout * short) / costs.holding)
        if abs(better - quantity) < _CLOSE * quantity:
            break
        quantity = better
    cost = costs.holding * (point - mean + quantity / 2) + costs.fixed * demand.mean / quantity
    return ReorderRule(point, quantity, cost + costs.stockout * demand.mean * short / quantity)


def by_safety_stock(costs: Costs, demand: Demand) -> ReorderRule:
    """The economic quantity, and a point that covers the lead time at the critical ratio."""
    mean, spread = demand.over_lead
    z = float(special.ndtri(critical_ratio(costs.holding, costs.stockout)))
    return ReorderRule(
        mean + z * spread, economic_order_quantity(costs.fixed, costs.holding, demand.mean).quantity
    )


def by_backorders(costs: Costs, demand: Demand) -> ReorderRule:
    """The quantity with backorders, and the best point for it (it may be below zero: clamp before use)."""
    lot, _ = with_backorders(costs.fixed, costs.holding, costs.stockout, demand.mean)
    mean, spread = demand.over_lead

    def rate(level: float) -> float:
        short = spread * loss((level - mean) / spread)
        return costs.holding * (level - mean + short) + costs.stockout * short

    def balance(point: float) -> float:
        return rate(point) - rate(point + lot.quantity)

    low, high = mean - lot.quantity - 10 * spread, mean + 10 * spread
    return ReorderRule(float(optimize.brentq(balance, low, high, xtol=1e-9)), lot.quantity)


def by_loss_function(costs: Costs, demand: Demand) -> ReorderRule:
    """The approximation by first and second order losses, which waiting customers fit."""
    mean, spread = demand.over_lead
    both = costs.holding + costs.stockout
    quantity = economic_order_quantity(costs.fixed, costs.holding, demand.mean).quantity
    point = mean
    for _ in range(_MOST_ROUNDS):
        z = _inverse_loss(costs.holding * quantity / both / spread)
        second = ((z**2 + 1) * stats.norm.sf(z) - z * stats.norm.pdf(z)) / 2 * spread**2
        point = mean + z * spread
        better = sqrt(2 * (costs.fixed * demand.mean + both * second) / costs.holding)
        if abs(better - quantity) < _CLOSE * quantity:
            break
        quantity = better
    return ReorderRule(point, quantity)


def _inverse_loss(wanted: float) -> float:
    return float(optimize.brentq(lambda z: loss(z) - wanted, -wanted - 10, 10, xtol=1e-12))


def poisson_exact(costs: Costs, mean: float, lead_time: float) -> ReorderRule:
    """The best whole (r, Q) where customers come one by one and wait (Federgruen and Zheng, 1992)."""
    wanted = mean * lead_time

    def rate(level: int) -> float:
        return poisson_cost(level, costs.holding, costs.stockout, wanted)

    best = int(stats.poisson.ppf(critical_ratio(costs.holding, costs.stockout), wanted))
    point, quantity, total = best - 1, 1, costs.fixed * mean + rate(best)
    while True:
        below, above = rate(point), rate(point + quantity + 1)
        if min(below, above) >= total / quantity:
            return ReorderRule(point, quantity, total / quantity)
        point -= below <= above
        total += min(below, above)
        quantity += 1


def order_up_to_exact(costs: Costs, mean: float) -> OrderUpTo:
    """The best whole (s, S) under Poisson demand a period, no lead time (Zheng and Federgruen, 1991)."""
    rate = _period_cost(costs, mean)
    start = int(stats.poisson.ppf(critical_ratio(costs.holding, costs.stockout), mean))
    chain = _Renewals(mean)

    def cost(point: int, level: int) -> float:
        held = sum(chain.visits(step) * rate(level - step) for step in range(level - point))
        return (costs.fixed + held) / chain.length(level - point)

    level, point = start, start - 1
    while cost(point, level) > rate(point):
        point -= 1
    best, best_level = cost(point, level), level
    level += 1
    while rate(level) <= best:
        if cost(point, level) < best:
            best_level = level
            while cost(point, level) <= rate(point + 1):
                point += 1
            best = cost(point, level)
        level += 1
    return OrderUpTo(point, best_level, best)


def _period_cost(costs: Costs, mean: float) -> Callable[[int], float]:
    known: dict[int, float] = {}

    def rate(level: int) -> float:
        if level not in known:
            known[level] = poisson_cost(level, costs.holding, costs.stockout, mean)
        return known[level]

    return rate


class _Renewals:
    """How often a stock that starts at S passes each level below it before the next order."""

    def __init__(self, mean: float) -> None:
        self._none = exp(-mean)
        self._mean = mean
        self._visits = [1 / (1 - self._none)]

    def visits(self, step: int) -> float:
        while len(self._visits) <= step:
            at = len(self._visits)
            chances = stats.poisson.pmf(range(1, at + 1), self._mean)
            total = sum(chances[by - 1] * self._visits[at - by] for by in range(1, at + 1))
            self._visits.append(float(total) / (1 - self._none))
        return self._visits[step]

    def length(self, steps: int) -> float:
        return sum(self.visits(step) for step in range(steps))


def power_approximation(costs: Costs, demand: Demand) -> OrderUpTo:
    """A regression on many exact (s, S) policies (Ehrhardt and Mosier, 1984)."""
    mean, spread = demand.mean * (demand.lead_time + 1), demand.sd * sqrt(demand.lead_time + 1)
    growth = (1 + spread**2 / demand.mean**2) ** 0.116
    quantity = 1.30 * demand.mean**0.494 * (costs.fixed / costs.holding) ** 0.506 * growth
    z = sqrt(quantity * costs.holding / (spread * costs.stockout))
    point = 0.973 * mean + spread * (0.183 / z + 1.063 - 2.192 * z)
    return OrderUpTo(point, point + quantity)
