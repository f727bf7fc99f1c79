"""What the store tells of buying and of demand: frozen facts, no database objects.

Quantities are Decimal in the product's base unit, money is Decimal in the shop's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One line of a purchase order, with its receipt state."""

    po_no: str
    supplier: str
    status: str
    ordered_at: date | None
    expected_on: date | None
    location: str | None
    sku: str
    quantity: Decimal
    received_quantity: Decimal
    unit_cost: Decimal | None
    received_at: datetime | None = None
    closed_short: bool = False

    defective_quantity: Decimal = Decimal(0)

    @property
    def outstanding(self) -> Decimal:
        """What is still to come; nothing where the line was closed short."""
        if self.closed_short:
            return Decimal(0)
        return max(Decimal(0), self.quantity - self.received_quantity)


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """A purchase order as it stands; ``events`` counts the steps, to tell whether it changed since."""

    po_no: str
    supplier: str
    status: str
    lines: tuple[PurchaseLine, ...]
    ordered_at: date | None = None
    expected_on: date | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    confirmed_at: datetime | None = None
    events: int = 0

    @property
    def value(self) -> Decimal:
        """What the lines cost together; lines without a cost count as nothing."""
        return sum((line.quantity * (line.unit_cost or Decimal(0)) for line in self.lines), Decimal(0))

    @property
    def open(self) -> tuple[PurchaseLine, ...]:
        """The lines of which something is still to come."""
        return tuple(line for line in self.lines if line.outstanding > 0)


@dataclass(frozen=True, slots=True)
class ForecastRun:
    """One run of the forecaster: ``cut_off`` is the last day that it knew, ``version`` its method.

    ``seen_at`` is when it was last heard of.
    """

    id: int
    state: str
    cut_off: date
    version: str
    started_at: datetime
    finished_at: datetime | None
    done: int
    total: int
    scores: Mapping[str, Any]
    error: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredForecast:
    """The forecast of one product (``location`` None: at all places together).

    ``weekly`` are the means of 7-day blocks from the day after ``cut_off``; ``sum_variance`` those of the
    sums of the first 1, 2, ... blocks; ``profile`` is the share of a week's demand of each weekday from
    Monday (it sums to 1); ``periods`` how many weeks of history it stands on.
    """

    sku: str
    location: str | None
    run_id: int
    cut_off: date
    version: str
    made_at: datetime
    model: str
    demand_class: str
    law: str
    weekly: tuple[float, ...]
    sum_variance: tuple[float, ...]
    profile: tuple[float, ...]
    periods: int
    note: str = ""
    scores: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForecastOverride:
    """A person's own figure for the demand of some days; ``model_quantity`` is what the model said then."""

    id: int
    sku: str
    location: str | None
    first: date
    last: date
    quantity: Decimal
    model_quantity: Decimal
    reason: str
    actor: str
    made_at: datetime
    withdrawn_at: datetime | None = None


class DemandDay(NamedTuple):
    """What customers took of one product at one place on one day (base unit); returns are >= 0."""

    sku: str
    location: str
    day: date
    sold: Decimal
    returned: Decimal
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class PurchaseEvent:
    """One step in the life of an order; ``detail`` is what was done, as plain values."""

    po_no: str
    kind: str
    at: datetime
    actor: str
    channel: str
    detail: Mapping[str, Any]
    undone: bool
    group_id: str
