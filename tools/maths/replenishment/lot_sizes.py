"""How much to order at a time: economic order quantities and dynamic lot sizes.

Money and time may be in any unit that is the same throughout: ``fixed_cost`` is paid for each order,
``holding_cost`` for each unit and time unit in stock, ``demand_rate`` are units a time unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt


@dataclass(frozen=True, slots=True)
class LotSize:
    """An order quantity and what it costs a time unit (purchase included where prices differ by quantity)."""

    quantity: float
    cost: float


def economic_order_quantity(fixed_cost: float, holding_cost: float, demand_rate: float) -> LotSize:
    """The quantity at which ordering and holding cost the same (Harris, 1913).

    >>> round(economic_order_quantity(8, 0.225, 1300).quantity, 2)
    304.05
    """
    return LotSize(
        sqrt(2 * fixed_cost * demand_rate / holding_cost), sqrt(2 * fixed_cost * demand_rate * holding_cost)
    )


def with_backorders(
    fixed_cost: float, holding_cost: float, stockout_cost: float, demand_rate: float
) -> tuple[LotSize, float]:
    """The same where customers wait for ``stockout_cost`` a unit and time unit, and the share that waits."""
    plain = economic_order_quantity(fixed_cost, holding_cost, demand_rate)
    share = holding_cost / (holding_cost + stockout_cost)
    return LotSize(plain.quantity / sqrt(1 - share), plain.cost * sqrt(1 - share)), share


def economic_production_quantity(
    fixed_cost: float, holding_cost: float, demand_rate: float, production_rate: float
) -> LotSize:
    """The same where goods come in at a finite rate (Taft, 1918)."""
    return economic_order_quantity(
        fixed_cost, holding_cost * (1 - demand_rate / production_rate), demand_rate
    )


def with_price_breaks(
    fixed_cost: float, holding_rate: float, demand_rate: float, tiers: Sequence[tuple[float, float]]
) -> LotSize:
    """The cheapest quantity where a price holds for the whole order (all-units discount).

    ``holding_rate`` is the cost of holding a unit of money's worth for a time unit, ``tiers`` are
    (least quantity, unit cost), the first from 0.  Each tier's own best quantity is moved into the tier;
    dearer tiers may lose to a larger order, never the other way round (Hadley and Whitin, 1963).
    """
    best = LotSize(0, inf)
    for number, (least, unit_cost) in enumerate(tiers):
        most = tiers[number + 1][0] if number + 1 < len(tiers) else inf
        free = economic_order_quantity(fixed_cost, holding_rate * unit_cost, demand_rate).quantity
        quantity = max(free, least)
        if quantity >= most:
            continue
        cost = unit_cost * demand_rate + fixed_cost * demand_rate / quantity
        cost += holding_rate * unit_cost * quantity / 2
        best = min(best, LotSize(quantity, cost), key=lambda lot: lot.cost)
    return best


def dynamic_lots(
    demand: Sequence[float], fixed_cost: float, holding_cost: float, unit_costs: Sequence[float] | None = None
) -> tuple[list[float], float]:
    """Orders by period that meet a known demand at least cost (Wagner and Whitin, 1958), and the cost.

    >>> dynamic_lots([90, 120, 80, 70], 500, 2)
    ([210.0, 0.0, 150.0, 0.0], 1380.0)
    """
    periods = len(demand)
    prices = unit_costs or [0.0] * periods
    to_go, following = [0.0] * (periods + 1), [periods] * periods
    for start in range(periods - 1, -1, -1):
        to_go[start] = inf
        cost = fixed_cost
        for end in range(start, periods):
            cost += (prices[start] + holding_cost * (end - start)) * demand[end]
            if cost + to_go[end + 1] < to_go[start]:
                to_go[start], following[start] = cost + to_go[end + 1], end + 1
    lots, start = [0.0] * periods, 0
    while start < periods:
        lots[start] = float(sum(demand[start : following[start]]))
        start = following[start]
    return lots, to_go[0]


@dataclass(frozen=True, slots=True)
class JointCycle:
    """Products that are ordered together: every ``time``, each of them every ``multiples`` times."""

    time: float
    multiples: tuple[int, ...]
    quantities: tuple[float, ...]
    cost: float


def joint_cycle(
    shared_cost: float,
    own_costs: Sequence[float],
    holding_costs: Sequence[float],
    demand_rates: Sequence[float],
) -> JointCycle:
    """One cycle for products that share the cost of an order (Silver, 1976)."""
    worth = [holding * rate for holding, rate in zip(holding_costs, demand_rates, strict=True)]
    first = min(range(len(worth)), key=lambda at: own_costs[at] / worth[at])
    scale = worth[first] / (shared_cost + own_costs[first])
    multiples = [
        1 if at == first else max(1, int(sqrt(own / value * scale) + 0.5))
        for at, (own, value) in enumerate(zip(own_costs, worth, strict=True))
    ]
    orders = shared_cost + sum(own / times for own, times in zip(own_costs, multiples, strict=True))
    held = sum(value * times for value, times in zip(worth, multiples, strict=True))
    time = sqrt(2 * orders / held)
    quantities = tuple(times * rate * time for times, rate in zip(multiples, demand_rates, strict=True))
    return JointCycle(time, tuple(multiples), quantities, sqrt(2 * orders * held))
