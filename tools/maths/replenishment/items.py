"""What a policy knows of one product at one place: stock, what is on order, how it is bought and sold.

Quantities are in the product's base unit, money in the shop's currency, days are counted from today.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from tools.maths.replenishment.lead_time import LeadTime
from tools.maths.replenishment.outlook import Outlook

_EVEN = 1e-9


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods on order that come in ``day`` days; a day at or below 0 is overdue and taken as the next."""

    day: float
    quantity: float

    @property
    def due(self) -> float:
        """The day on which they are counted upon."""
        return max(self.day, 1.0)


@dataclass(frozen=True)
class Item:
    """One product at one place (or all places together), as a policy sees it.

    Attributes:
        sku: The product.
        outlook: Its demand.
        lead: How long its supplier takes.
        supplier: Whom it is bought from; "" where that is not known.
        place: Where it is kept; "" for all places.
        on_hand: Good stock.
        reserved: Promised to customers.
        on_order: Bought, not yet here.
        pack_size: It is bought in multiples of this.
        moq: And not below this.
        unit_cost: What one costs (a small order), None where not known.
        price_tiers: (from quantity, unit cost): each holds for the whole order from that quantity on.
        price: What one sells for, None where not known.
        shelf_life_days: Days from delivery after which it can't be sold.
        volume_l: Litres that one takes.
        weight_kg: Kilograms that one weighs.
        service_level: The share of review periods to get through without running out; None for the usual.
        holding_rate: What a year in stock costs, as a share of the unit cost.
        stocked: False for what is bought only for orders that customers have placed.
    """

    sku: str
    outlook: Outlook
    lead: LeadTime
    supplier: str = ""
    place: str = ""
    on_hand: float = 0.0
    reserved: float = 0.0
    on_order: tuple[Arrival, ...] = ()
    pack_size: float = 1.0
    moq: float = 0.0
    unit_cost: float | None = None
    price_tiers: tuple[tuple[float, float], ...] = ()
    price: float | None = None
    shelf_life_days: float | None = None
    volume_l: float = 0.0
    weight_kg: float = 0.0
    service_level: float | None = None
    holding_rate: float = 0.25
    stocked: bool = True

    @property
    def available(self) -> float:
        """What can still be promised; below 0 where more was promised than there is."""
        return self.on_hand - self.reserved

    @property
    def margin(self) -> float | None:
        """What selling one earns, at least 0; None where price or cost is not known."""
        if self.price is None or self.unit_cost is None:
            return None
        return max(0.0, self.price - self.unit_cost)

    def arriving(self, days: float) -> float:
        """What comes of the goods on order within ``days``."""
        return sum(arrival.quantity for arrival in self.on_order if arrival.due <= days)

    def cost_of_one(self, quantity: float) -> float | None:
        """The unit cost of an order of ``quantity``: of the highest tier that it reaches."""
        reached = [tier for tier in self.price_tiers if tier[0] <= quantity + _EVEN]
        return max(reached)[1] if reached else self.unit_cost

    def rounded_up(self, quantity: float) -> float:
        """The least quantity that can be bought and is not below ``quantity``; 0 stays 0."""
        if quantity <= _EVEN:
            return 0.0
        pack = self.pack_size if self.pack_size > 0 else 1.0
        return ceil(max(quantity, self.moq) / pack - _EVEN) * pack

    def rounded_down(self, quantity: float) -> float:
        """The greatest quantity that can be bought and is not above ``quantity``; 0 where there is none."""
        pack = self.pack_size if self.pack_size > 0 else 1.0
        found = floor(quantity / pack + _EVEN) * pack
        return found if found > 0 and found + _EVEN >= self.moq else 0.0
