"""What a joint order is made of: lines with packs, minimums and price tiers, and the rules over them.

The cost of a plan is what the needed goods cost all told: their purchase, now or later, the fixed cost of
each supplier's order, margin lost on what is missing and holding of what is more than needed.  What is more
than needed costs its holding only, since it is used later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

_EVEN = 1e-9
Plan = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One product that may be on the order.

    Attributes:
        key: Names the line.
        supplier: Whom it is bought from.
        need: Units needed.
        most: Units that there is use or room for; what must be bought to cover the need may be above it.
        unit_cost: What one costs in a small order.
        pack: It is bought in multiples of this.
        moq: And not below this.
        tiers: (from quantity, unit cost), each for the whole line.
        worth: (units, money a unit) of the need, falling: what is lost where these units are missing.
        holding: What a unit more than needed costs until it is used.
        volume: Litres a unit.
        weight: Kilograms a unit.
    """

    key: str
    supplier: str
    need: float
    most: float
    unit_cost: float
    pack: float = 1.0
    moq: float = 0.0
    tiers: tuple[tuple[float, float], ...] = ()
    worth: tuple[tuple[float, float], ...] = ()
    holding: float = 0.0
    volume: float = 0.0
    weight: float = 0.0

    def up(self, quantity: float) -> float:
        """The least quantity that can be bought and covers ``quantity``."""
        if quantity <= _EVEN:
            return 0.0
        return ceil(max(quantity, self.moq) / self.pack - _EVEN) * self.pack

    @property
    def least(self) -> float:
        """The least that can be bought at all."""
        return self.up(self.pack)

    @property
    def full(self) -> float:
        """The least that covers the need."""
        return self.up(self.need)

    @property
    def bound(self) -> float:
        """The most that a plan may hold, in packs."""
        return max(self.full, floor(self.most / self.pack + _EVEN) * self.pack)

    def price(self, quantity: float) -> float:
        """The unit cost of ``quantity``."""
        reached = [tier for tier in self.tiers if tier[0] <= quantity + _EVEN]
        return max(reached)[1] if reached else self.unit_cost

    def purchase(self, quantity: float) -> float:
        """What ``quantity`` costs to buy."""
        return self.price(quantity) * quantity

    def missing(self, quantity: float) -> float:
        """What is lost for want of the rest of the need; the units worth least are missed first."""
        left, lost = max(0.0, self.need - quantity), 0.0
        for units, money in reversed(self.worth):
            taken = min(left, units)
            lost += taken * money
            left -= taken
        return lost

    def cost(self, quantity: float) -> float:
        """The line's part in the cost of a plan."""
        bought = min(quantity, self.need)
        later = self.price(self.full) * (self.need - bought)
        extra = self.holding * max(0.0, quantity - self.need)
        return self.price(quantity) * bought + later + self.missing(quantity) + extra


@dataclass(frozen=True, slots=True)
class SupplierRule:
    """What a supplier asks: the least value of an order, and what each order costs (delivery, work)."""

    minimum_value: float = 0.0
    order_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What all lines together may take: money, litres, kilograms; infinite where there is no limit."""

    budget: float = inf
    volume: float = inf
    weight: float = inf

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return min(self.budget, self.volume, self.weight) < inf


@dataclass(frozen=True)
class Order:
    """All that a joint order is about."""

    lines: tuple[Line, ...]
    rules: Mapping[str, SupplierRule]
    limits: Limits = Limits()

    def rule(self, supplier: str) -> SupplierRule:
        """The rule of a supplier; none where nothing is known."""
        return self.rules.get(supplier, SupplierRule())

    def by_supplier(self) -> dict[str, list[Line]]:
        """The lines of each supplier."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.supplier].append(line)
        return dict(found)

    def cost(self, plan: Plan) -> float:
        """The cost of a plan."""
        fixed = sum(
            self.rule(supplier).order_cost
            for supplier, lines in self.by_supplier().items()
            if any(plan.get(line.key, 0.0) > 0 for line in lines)
        )
        return fixed + sum(line.cost(plan.get(line.key, 0.0)) for line in self.lines)

    def taken(self, plan: Plan) -> tuple[float, float, float]:
        """Money, litres and kilograms of a plan."""
        amounts = [(line, plan.get(line.key, 0.0)) for line in self.lines]
        return (
            sum(line.purchase(quantity) for line, quantity in amounts),
            sum(line.volume * quantity for line, quantity in amounts),
            sum(line.weight * quantity for line, quantity in amounts),
        )

    def fits(self, plan: Plan) -> bool:
        """Whether the limits are kept."""
        return all(used <= most + 1e-6 for used, most in zip(self.taken(plan), self.most, strict=True))

    @property
    def most(self) -> tuple[float, float, float]:
        """The limits on money, litres and kilograms."""
        return self.limits.budget, self.limits.volume, self.limits.weight


def broken(order: Order, plan: Plan) -> list[str]:
    """The rules that a plan breaks, in words; an independent check of whatever made it."""
    found = [] if order.fits(plan) else ["over the budget, volume or weight"]
    for line in order.lines:
        quantity = plan.get(line.key, 0.0)
        packs = quantity / line.pack
        if abs(packs - round(packs)) > 1e-6 or quantity < 0:
            found.append(f"{line.key}: {quantity:g} is no multiple of {line.pack:g}")
        if 0 < quantity < line.moq - 1e-6:
            found.append(f"{line.key}: {quantity:g} is below its minimum of {line.moq:g}")
        if quantity > line.bound + 1e-6:
            found.append(f"{line.key}: {quantity:g} is more than {line.bound:g}")
    return found + [
        f"{supplier}: {value:.2f} is below its minimum of {order.rule(supplier).minimum_value:.2f}"
        for supplier, value in values(order.lines, plan).items()
        if 0 < value < order.rule(supplier).minimum_value - 1e-6
    ]


def values(lines: Sequence[Line], plan: Plan) -> dict[str, float]:
    """What is bought of each supplier, in money."""
    found: dict[str, float] = defaultdict(float)
    for line in lines:
        found[line.supplier] += line.purchase(plan.get(line.key, 0.0))
    return dict(found)


def reached(lines: Sequence[Line], minimum: float) -> bool:
    """Whether the needs alone come to a supplier's minimum, so that there is no reason to wait."""
    return sum(line.purchase(line.full) for line in lines) >= minimum - 1e-6
