"""When to buy and how much: the reorder point and the order-up-to level, and why.

A stock that is looked at every R days and filled up in L days must last L + R days: the *protection* time.
Its reorder point is the quantile, at the service level, of the demand over that time; the spread of the
lead time adds the square of the demand rate times its variance to the variance of that demand (Silver,
Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th edition 2017, sections 6.10 and
7.9).  What is on order counts only where it comes within that time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, floor

import numpy as np

from tools.maths.demand.laws import Numbers, chances, quantiles
from tools.maths.replenishment.items import Item
from tools.maths.replenishment.lot_sizes import economic_order_quantity
from tools.maths.replenishment.shortfall import each_kind, expected_beyond
from tools.maths.replenishment.single_period import margin_ratio

SERVICE_LEVELS: Mapping[str, float] = {"A": 0.97, "B": 0.95, "C": 0.90}
USUAL_LEVEL = 0.95
# A margin that says "never run out" or "any time" is not taken at its word.
LEAST_LEVEL, MOST_LEVEL = 0.5, 0.995
YEAR = 365.0
_EVEN = 1e-9


@dataclass(frozen=True, slots=True)
class Policy:
    """How the shop buys.

    Attributes:
        review_days: Days from one look at the stock to the next.
        order_cost: What one more line on an order costs in work, in money.
        cover_days: An order should last this long at least (0: until the next review).
    """

    review_days: float = 7.0
    order_cost: float = 0.0
    cover_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What to buy of one item, with all that it follows from.

    Attributes:
        item: The product at its place.
        day: The day of the decision.
        level: Service level: the chance that stock lasts through the protection time.
        review_days: Days to the next look.
        mean: Expected demand over the protection time.
        sd: Its standard deviation, the spread of the lead time included.
        position: Available stock and what comes within the protection time.
        reorder_point: At or below this, buy.
        order_up_to: To this level.
        needed: What is missing up to that level; 0 where the position is above the reorder point.
        quantity: What to buy: in packs, not below the supplier's minimum.
        limits: Rules that changed the quantity, in words.
        risk: The chance of running out before a delivery that is ordered today.
        short: Units that would be wanted in vain until then, on average.
        perishes: Whether shelf life, not the service level, sets the reorder point.
    """

    item: Item
    day: date
    level: float
    review_days: float
    mean: float
    sd: float
    position: float
    reorder_point: float
    order_up_to: float
    needed: float
    quantity: float
    risk: float
    short: float
    limits: tuple[str, ...] = field(default=())
    perishes: bool = False

    @property
    def arrives_on(self) -> date:
        """When goods ordered today should be here."""
        return self.day + timedelta(days=ceil(self.item.lead.mean_days - _EVEN))

    @property
    def cost(self) -> float | None:
        """What the quantity costs; None where the unit cost is not known."""
        unit_cost = self.item.cost_of_one(self.quantity)
        return None if unit_cost is None else unit_cost * self.quantity

    @property
    def money_at_risk(self) -> float | None:
        """The margin of what would be wanted in vain; None where price or cost is not known."""
        return None if self.item.margin is None else self.short * self.item.margin

    @property
    def too_late(self) -> float:
        """What is on order but comes after the protection time, and so counts for nothing here."""
        return sum(one.quantity for one in self.item.on_order) - (self.position - self.item.available)

    @property
    def why(self) -> str:
        """The inequality with its values.

        "position 8 ≤ reorder point 23: demand over 10 + 7 days 17 ± 5 at 95 %"
        """
        if not self.item.stocked:
            return f"bought to order only: {figure(self.needed)} promised and not covered"
        sign = "≤" if self.position <= self.reorder_point else ">"
        days = f"{figure(self.item.lead.mean_days)} + {figure(self.review_days)} days"
        life = figure(self.item.shelf_life_days or 0.0)
        capped = f" (no more sells within its {life} days of shelf life)" if self.perishes else ""
        return (
            f"position {figure(self.position)} {sign} reorder point {figure(self.reorder_point)}{capped}: "
            f"demand over {days} {figure(self.mean)} ± {figure(self.sd)} at {self.level * 100:.3g} %"
        )


def figure(value: float) -> str:
    """A number as a person writes it: whole where it is or is large, else two digits that matter.

    >>> figure(17.0), figure(17.4), figure(0.234), figure(1234.5)
    ('17', '17.4', '0.23', '1,234')
    """
    if abs(value) >= 100 or abs(value - round(value)) < 1e-6:
        return f"{round(value):,}"
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 10 else f"{value:.2g}"


def newsvendor_level(item: Item, days: float) -> float | None:
    """The service level at which a unit more would cost as much to hold as it earns, within limits.

    ``days`` are those that stock is held between deliveries.  None where price or cost is not known, or
    nothing is earned.
    """
    if item.price is None or item.unit_cost is None:
        return None
    ratio = margin_ratio(item.price, item.unit_cost, item.holding_rate, days)
    return None if ratio is None else min(max(ratio, LEAST_LEVEL), MOST_LEVEL)


def protection_moments(item: Item, start: int, days: float) -> tuple[float, float]:
    """Mean and variance of the demand over ``days`` from day ``start``, the lead time's spread mixed in."""
    mean = item.outlook.mean(start, start + days)
    variance = item.outlook.variance(start, start + days)
    rate = mean / days if days > 0 else 0.0
    return mean, variance + (rate * item.lead.sd_days) ** 2


@dataclass(frozen=True, slots=True)
class Target:
    """What the stock of one item should be on a day, whatever it is: see :class:`Decision`."""

    level: float
    mean: float
    sd: float
    reorder_point: float
    order_up_to: float
    cap: float | None
    capped: bool


def targets(items: Sequence[Item], policy: Policy, today: date) -> list[Target]:
    """Reorder point and order-up-to level of each item on a day."""
    if not items:
        return []
    starts = [item.outlook.day_number(today) for item in items]
    spans = [item.lead.mean_days + policy.review_days for item in items]
    moments = [protection_moments(*each) for each in zip(items, starts, spans, strict=True)]
    levels = [USUAL_LEVEL if item.service_level is None else item.service_level for item in items]
    means, variances = np.array(moments).T
    points = each_kind([item.outlook.kind for item in items], quantiles, means, variances, levels)
    found = []
    for row, (item, start) in enumerate(zip(items, starts, strict=True)):
        mean, point = float(means[row]), float(points[row]) if item.stocked else 0.0
        rate = mean / spans[row] if spans[row] > 0 else 0.0
        free = _whole(item, point + _lot_beyond_review(item, policy, rate), ceil)
        cap = _cap(item, start)
        up_to = free if cap is None else min(free, cap)
        sd = float(np.sqrt(variances[row]))
        found.append(Target(levels[row], mean, sd, min(point, up_to), up_to, cap, up_to < free))
    return found


def decide(items: Sequence[Item], policy: Policy, today: date) -> list[Decision]:
    """What to buy of each item, looked at alone (suppliers' minimums and budgets are for the joint order)."""
    starts = [item.outlook.day_number(today) for item in items]
    found = []
    for item, start, target, (risk, short) in zip(
        items, starts, targets(items, policy, today), risks(items, starts), strict=True
    ):
        position = item.available + item.arriving(item.lead.mean_days + policy.review_days)
        due = position <= target.reorder_point + _EVEN
        needed = max(0.0, target.order_up_to - position) if due else 0.0
        quantity, limits = _in_packs(item, start, target, position, needed)
        found.append(
            Decision(
                item=item,
                day=today,
                level=target.level,
                review_days=policy.review_days,
                mean=target.mean,
                sd=target.sd,
                position=position,
                reorder_point=target.reorder_point,
                order_up_to=target.order_up_to,
                needed=needed,
                quantity=quantity,
                risk=risk,
                short=short,
                limits=limits,
                perishes=target.capped and target.reorder_point >= target.order_up_to,
            )
        )
    return found


def risks(items: Sequence[Item], starts: Sequence[int]) -> list[tuple[float, float]]:
    """For each item the chance of running out before goods ordered today are here, and the units short.

    Stock may run out before any of the deliveries on the way, so that the worst of these moments counts.
    """
    if not items:
        return []
    owners: list[int] = []
    figures: list[tuple[float, float, float]] = []
    for owner, (item, start) in enumerate(zip(items, starts, strict=True)):
        days = item.lead.mean_days
        for moment in {days, *(one.due for one in item.on_order if one.due < days)}:
            here = item.available + sum(one.quantity for one in item.on_order if one.due < moment)
            mean, variance = protection_moments(item, start, moment)
            owners.append(owner)
            figures.append((mean, variance, here))
    columns = np.array(figures).reshape(-1, 3).T
    kinds = [items[owner].outlook.kind for owner in owners]
    chance = 1.0 - each_kind(kinds, chances, *columns)
    short = each_kind(kinds, expected_beyond, *columns)
    worst, most = np.zeros(len(items)), np.zeros(len(items))
    np.maximum.at(worst, owners, chance)
    np.maximum.at(most, owners, short)
    return list(zip(worst.tolist(), most.tolist(), strict=True))


def _whole(item: Item, value: float, rounding: Callable[[float], int]) -> float:
    if item.outlook.kind != "counts":
        return value
    return float(rounding(value + (_EVEN if rounding is floor else -_EVEN)))


def _lot_beyond_review(item: Item, policy: Policy, rate: float) -> float:
    """What the best lot is above the demand of a review period, which the level covers anyway."""
    if not item.stocked:
        return 0.0
    lot, cost = rate * policy.cover_days, item.unit_cost
    if policy.order_cost > 0 and cost and rate > 0:
        holding = cost * item.holding_rate
        lot = max(lot, economic_order_quantity(policy.order_cost, holding, rate * YEAR).quantity)
    return max(0.0, lot - rate * policy.review_days)


def _cap(item: Item, start: int) -> float | None:
    """What can be sold before goods ordered on day ``start`` go off."""
    if item.shelf_life_days is None:
        return None
    end = start + item.lead.mean_days + item.shelf_life_days
    return _whole(item, item.outlook.mean(start, end), floor)


def _in_packs(
    item: Item, start: int, target: Target, position: float, needed: float
) -> tuple[float, tuple[str, ...]]:
    """What to buy for a need, and the rules that changed it."""
    if needed <= 0:
        return 0.0, ()
    life = figure(item.shelf_life_days or 0.0)
    said = (f"shelf life {life} days: {figure(target.order_up_to)} can be sold in time",) * target.capped
    quantity = item.rounded_up(needed)
    if target.cap is None or quantity <= max(0.0, target.cap - position) + _EVEN:
        return quantity, (*said, *_rounding_words(item, needed, quantity))
    fewer = item.rounded_down(target.cap - position)
    if fewer > 0:
        return fewer, (*said, f"{figure(quantity)} would not sell before it goes off")
    least = item.rounded_up(1.0)
    if pays(item, start, position, least):
        return least, (*said, f"{figure(least)} is the least that can be bought; some may go off")
    return 0.0, (*said, f"{figure(least)} is the least that can be bought; too much of it would go off")


def _rounding_words(item: Item, needed: float, quantity: float) -> tuple[str, ...]:
    if quantity <= needed + _EVEN:
        return ()
    if item.moq > needed:
        return (f"minimum quantity {figure(item.moq)}",)
    return (f"packs of {figure(item.pack_size)}",)


def pays(item: Item, start: int, position: float, quantity: float) -> bool:
    """Whether what is sold of ``quantity`` before it goes off brings in more than it costs."""
    cost = item.cost_of_one(quantity)
    if item.price is None or cost is None:
        return False
    law = item.outlook.law(start, start + item.lead.mean_days + (item.shelf_life_days or 0.0))
    stocks = np.array([position, position + quantity])
    unsold: Numbers = expected_beyond(law.mean, law.variance, stocks, law.kind)
    return float(unsold[0] - unsold[1]) * item.price > cost * quantity
