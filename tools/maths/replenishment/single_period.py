"""How much to have for one stretch of uncertain demand: the newsvendor, in several laws of demand.

``holding_cost`` is paid for each unit left over, ``stockout_cost`` for each unit wanted in vain; the best
stock covers demand with the chance stockout / (stockout + holding) (Arrow, Harris and Marschak, 1951).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, pi, sqrt

import numpy as np

from tools.maths.later import special


@dataclass(frozen=True, slots=True)
class Stock:
    """What to have, and what that costs on average."""

    level: float
    cost: float


def critical_ratio(holding_cost: float, stockout_cost: float) -> float:
    """The share of periods in which demand should be met in full."""
    return stockout_cost / (stockout_cost + holding_cost)


def margin_ratio(price: float, unit_cost: float, holding_rate: float, days: float) -> float | None:
    """The critical ratio of a good that earns its margin, held at ``holding_rate`` a year for ``days``.

    None where it earns nothing: then no service level follows from money.

    >>> round(margin_ratio(9.5, 3.8, 0.25, 14), 4)
    0.9936
    """
    margin, holding = price - unit_cost, unit_cost * holding_rate * days / 365
    return critical_ratio(holding, margin) if margin > 0 and holding > 0 else None


def density(z: float) -> float:
    """The standard normal density."""
    return exp(-z * z / 2) / sqrt(2 * pi)


def loss(z: float) -> float:
    """The standard normal loss function: the mean of what exceeds ``z``."""
    return density(z) - z * float(special.ndtr(-z))


def normal(holding_cost: float, stockout_cost: float, mean: float, sd: float, lead_time: float = 0) -> Stock:
    """Normal demand of a period; with a lead time, of that many periods more (base stock)."""
    z = float(special.ndtri(critical_ratio(holding_cost, stockout_cost)))
    spread = sd * sqrt(lead_time + 1)
    cost = (holding_cost + stockout_cost) * density(z) * spread
    return Stock(mean * (lead_time + 1) + z * spread, cost)


def normal_profit(revenue: float, unit_cost: float, salvage: float, mean: float, sd: float) -> Stock:
    """The same told in money: ``cost`` is the profit."""
    found = normal(unit_cost - salvage, revenue - unit_cost, mean, sd)
    return Stock(found.level, (revenue - unit_cost) * mean - found.cost)


def discrete(holding_cost: float, stockout_cost: float, chances: Mapping[int, float]) -> Stock:
    """Demand of whole units with known chances."""
    wanted, reached = critical_ratio(holding_cost, stockout_cost), 0.0
    level = max(chances)
    for demand in sorted(chances):
        reached += chances[demand]
        if reached >= wanted - 1e-12:
            level = demand
            break
    cost = sum(
        chance * (holding_cost * max(level - demand, 0) + stockout_cost * max(demand - level, 0))
        for demand, chance in chances.items()
    )
    return Stock(level, cost)


def poisson_quantile(level: float, mean: float) -> int:
    """The least whole number that Poisson demand does not exceed with chance ``level``.

    >>> poisson_quantile(0.95, 17.0)
    24
    """
    above = max(0, int(np.ceil(special.pdtrik(level, mean))))
    return above - 1 if above > 0 and special.pdtr(above - 1, mean) >= level else above


def poisson_above(level: float, mean: float) -> float:
    """The chance of Poisson demand of more than ``level``."""
    return 1.0 if level < 0 else float(special.pdtrc(np.floor(level), mean))


def poisson(holding_cost: float, stockout_cost: float, mean: float) -> Stock:
    """Demand of whole units that come one by one."""
    level = poisson_quantile(critical_ratio(holding_cost, stockout_cost), mean)
    return Stock(level, poisson_cost(level, holding_cost, stockout_cost, mean))


def poisson_cost(level: float, holding_cost: float, stockout_cost: float, mean: float) -> float:
    """What having ``level`` units costs on average."""
    short = poisson_shortfall(level, mean)
    return holding_cost * (level - mean + short) + stockout_cost * short


def poisson_shortfall(level: float, mean: float) -> float:
    """The mean of what is wanted beyond ``level`` units."""
    if level < 0:
        return mean - level
    return float(mean * poisson_above(level - 1, mean) - level * poisson_above(level, mean))


def lognormal(holding_cost: float, stockout_cost: float, mu: float, sigma: float) -> Stock:
    """Demand whose logarithm is normal."""
    level = exp(mu + sigma * float(special.ndtri(critical_ratio(holding_cost, stockout_cost))))
    mean, z = exp(mu + sigma**2 / 2), (log(level) - mu) / sigma
    below = mean * float(special.ndtr(z - sigma)) - level * float(special.ndtr(z))
    return Stock(level, holding_cost * -below + stockout_cost * (mean - level - below))
