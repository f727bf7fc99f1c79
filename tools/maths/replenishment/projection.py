"""How stock goes from day to day: when it runs out, what that costs, and what lies asleep.

What is on order counts on the day it comes, not before.  What is wanted while there is nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

import numpy as np

from tools.maths.demand.laws import NOTHING, Numbers, quantiles
from tools.maths.later import special
from tools.maths.replenishment.items import Arrival, Item
from tools.maths.replenishment.shortfall import expected_beyond

# The band leaves out one case in ten at each edge.
BAND = 0.90
FURTHEST = 365
SLOW_DAYS = 180
_EVEN = 1e-6


@dataclass(frozen=True, slots=True)
class Course:
    """One course of stock, a number for each day.

    Attributes:
        stock: What is left in the evening.
        arrived: What came in the morning.
        sold: What was sold.
        short: What was wanted in vain.
    """

    stock: Numbers
    arrived: Numbers
    sold: Numbers
    short: Numbers

    @property
    def out_after(self) -> int | None:
        """The first day (0 for the first) on which not all can be sold; None where there is none."""
        days = np.flatnonzero(self.short > _EVEN)
        return int(days[0]) if days.size else None


@dataclass(frozen=True, slots=True)
class Projection:
    """The stock of an item from ``day`` on: as expected, and with much and little demand.

    Attributes:
        item: The product at its place.
        day: The first day.
        expected: With the demand expected and deliveries on their days.
        low: With demand that only one case in ten exceeds, and deliveries late by as rare a delay.
        high: With demand that nine cases in ten exceed.
    """

    item: Item
    day: date
    expected: Course
    low: Course
    high: Course

    @property
    def runs_out_on(self) -> date | None:
        """The day on which stock is expected to run out; None where it lasts."""
        return self._on(self.expected.out_after)

    @property
    def runs_out_early(self) -> date | None:
        """The same with much demand and late deliveries."""
        return self._on(self.low.out_after)

    def _on(self, days: int | None) -> date | None:
        return None if days is None else self.day + timedelta(days=days)


def project(
    item: Item, today: date, days: int, *, ordered: Sequence[Arrival] = (), band: float = BAND
) -> Projection:
    """The stock of ``item`` over ``days`` days from ``today`` on.

    Args:
        item: The product at its place.
        today: The first day.
        days: How many days to look ahead.
        ordered: What would be ordered beside what is (a proposal).
        band: The chance that demand stays below that of the low course.
    """
    start = item.outlook.day_number(today)
    means = item.outlook.cumulative(start, days)
    spreads = np.array([item.outlook.variance(start, start + day) for day in range(days + 1)])
    coming = (*item.on_order, *ordered)
    delay = float(special.ndtri(band)) * item.lead.sd_days
    late = [Arrival(one.due + delay, one.quantity) for one in coming]
    much = np.maximum.accumulate(quantiles(means, spreads, band, item.outlook.kind))
    little = np.maximum.accumulate(quantiles(means, spreads, 1 - band, item.outlook.kind))
    return Projection(
        item,
        today,
        course(item.available, coming, means),
        course(item.available, late, much),
        course(item.available, coming, little),
    )


def course(stock: float, coming: Sequence[Arrival], wanted: Numbers) -> Course:
    """How ``stock`` goes if ``wanted`` is the demand of the first 0, 1, ... days.

    The level before losses, less its least value so far where that is below 0: a reflected path.  Stock
    below 0 was promised: what comes goes there first.
    """
    days = len(wanted) - 1
    arrived = np.zeros(days)
    for one in coming:
        if one.due < days:
            arrived[int(one.due)] += one.quantity
    promised = max(0.0, -stock)
    kept = np.minimum(np.cumsum(arrived), promised)
    free = max(stock, 0.0) + np.cumsum(arrived) - kept - wanted[1:]
    lost = np.maximum.accumulate(np.maximum(-free, 0.0))
    short = np.diff(np.concatenate([[0.0], lost]))
    return Course(free + lost - (promised - kept), arrived, np.diff(wanted) - short, short)


def runs_out(item: Item, today: date, days: int = FURTHEST) -> date | None:
    """The day on which stock is expected to run out, what is on order counted; None where it lasts."""
    wanted = item.outlook.cumulative(item.outlook.day_number(today), days)
    after = course(item.available, item.on_order, wanted).out_after
    return None if after is None else today + timedelta(days=after)


@dataclass(frozen=True, slots=True)
class CostOfRunningOut:
    """What it costs if nothing is bought for some days: units wanted in vain times the margin.

    Attributes:
        chance: The chance of running out in these days.
        units: Units wanted in vain, on average.
        most_units: Units that only one case in ten exceeds.
        margin: What selling one earns, None where not known.
    """

    chance: float
    units: float
    most_units: float
    margin: float | None

    @property
    def money(self) -> float | None:
        """Margin lost on average."""
        return None if self.margin is None else self.units * self.margin

    @property
    def most_money(self) -> float | None:
        """Margin lost that only one case in ten exceeds."""
        return None if self.margin is None else self.most_units * self.margin


def cost_of_running_out(item: Item, today: date, days: float) -> CostOfRunningOut:
    """What it costs to buy nothing for the next ``days``, with what is on order and comes in them."""
    start = item.outlook.day_number(today)
    law = item.outlook.law(start, start + days)
    there = item.available + item.arriving(days)
    units = float(expected_beyond(law.mean, law.variance, there, law.kind))
    most = max(0.0, law.quantile(BAND) - there)
    return CostOfRunningOut(1 - law.cdf(there), units, most, item.margin)


@dataclass(frozen=True, slots=True)
class Asleep:
    """Stock beyond what should be sold in some months.

    Attributes:
        units: Units too many.
        money: What they cost, None where the cost is not known.
        lasts_days: How long all of the stock lasts; infinite where nothing sells.
        goes_off: Units that should go off unsold, if all of it came today.
    """

    units: float
    money: float | None
    lasts_days: float
    goes_off: float


def asleep(item: Item, today: date, most_days: float = SLOW_DAYS) -> Asleep:
    """The part of the stock on hand that is not expected to be sold in ``most_days``."""
    start = item.outlook.day_number(today)
    units = max(0.0, item.available - item.outlook.mean(start, start + most_days))
    money = None if item.unit_cost is None else units * item.unit_cost
    life = item.shelf_life_days
    left = 0.0 if life is None else item.available - item.outlook.mean(start, start + life)
    return Asleep(units, money, _lasts(item, start), max(0.0, left))


def _lasts(item: Item, start: int) -> float:
    if item.available <= 0:
        return 0.0
    wanted = item.outlook.cumulative(start, FURTHEST)
    if wanted[-1] >= item.available:
        return float(np.interp(item.available, wanted, np.arange(FURTHEST + 1)))
    rate = float(wanted[-1]) / FURTHEST
    return item.available / rate if rate > NOTHING else inf
