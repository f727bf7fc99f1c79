"""What the store tells: frozen facts, no database objects.

Quantities are Decimal in the product's base unit, money is Decimal in the shop's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

# States of a purchase order in which its goods are still to come, and of a customer's order that is not over.
ON_ORDER = ("approved", "ordered", "sent", "confirmed", "in_transit", "partial")
OPEN_ORDERS = ("open", "packed", "out_for_delivery")


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that the shop stocks.  ``unit`` is the base unit that all quantities are in."""

    id: int
    sku: str
    name: str
    category: str = ""
    unit: str = "each"
    barcode: str = ""
    aliases: tuple[str, ...] = ()
    price: Decimal | None = None
    cost: Decimal | None = None
    supplier: str | None = None
    pack_size: Decimal | None = None
    moq: Decimal | None = None
    lead_time_days: int | None = None
    shelf_life_days: int | None = None
    weight_kg: Decimal | None = None
    volume_l: Decimal | None = None
    reorder_point: Decimal | None = None
    temperature: str | None = None
    """How it has to be kept: "ambient", "chilled" or "frozen"; None where nobody said."""


@dataclass(frozen=True, slots=True)
class Location:
    """A physical place that holds stock."""

    id: int
    code: str
    name: str
    kind: str = "shop"
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Supplier:
    """Whom the shop buys from."""

    id: int
    code: str
    name: str
    email: str = ""
    lead_time_days: int | None = None
    min_order_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A customer, vehicle or sensor as far as words need it; a customer with the place where it is known."""

    code: str
    name: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Sensor:
    """A measuring device, its place and the range in which all is well."""

    code: str
    name: str
    kind: str = ""
    location: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TaughtName:
    """A word that the shop taught: it means the product, place or supplier (``kind``) with this code."""

    id: int
    words: str
    kind: str
    code: str


@dataclass(frozen=True)
class Catalogue:
    """All names of the shop, held in memory; ``version`` changes whenever any of them does."""

    version: int
    products: Mapping[str, Product] = field(default_factory=dict)
    locations: tuple[Location, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    customers: tuple[Named, ...] = ()
    vehicles: tuple[Named, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str = "GBP"
    orders: frozenset[str] = frozenset()
    """Numbers of customers' orders as they were when the names last changed."""
    purchase_orders: frozenset[str] = frozenset()
    """Numbers of purchase orders, likewise."""
    taught: tuple[TaughtName, ...] = ()
    """The shop's own words for its things."""

    def location(self, code: str) -> Location | None:
        """The physical location with this code."""
        return next((place for place in self.locations if place.code == code), None)

    def supplier(self, code: str | None) -> Supplier | None:
        """The supplier with this code."""
        return next((supplier for supplier in self.suppliers if supplier.code == code), None)

    def location_name(self, code: str | None) -> str:
        """How people call the place; all places together where ``code`` is None."""
        place = self.location(code) if code else None
        return place.name if place else (code or "all places")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who talks to the assistant.  ``locations`` None means all of them."""

    id: int | None
    name: str
    role: str
    locations: frozenset[str] | None = None
    slack_id: str = ""
    telegram_id: str = ""
    active: bool = True
    has_account: bool = False


class Level(NamedTuple):
    """Stock of one product at one place (``location`` None: reserved for orders of no fixed place).

    ``available`` = on_hand that is good and unexpired - reserved; it may be negative (oversold).
    """

    sku: str
    location: str | None
    on_hand: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    unusable: Decimal = Decimal(0)
    on_order: Decimal = Decimal(0)

    @property
    def available(self) -> Decimal:
        """What can still be promised."""
        return self.on_hand - self.unusable - self.reserved


@dataclass(frozen=True, slots=True)
class LotLevel:
    """Stock of one lot at one place; ``lot`` is empty where stock is not kept by lot."""

    sku: str
    location: str
    lot: str
    expires_on: date | None
    quantity: Decimal
    status: str = "good"


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the ledger: ``quantity`` > 0 went from ``source`` to ``destination`` (location codes)."""

    seq: int
    group_id: str
    sku: str
    quantity: Decimal
    source: str
    destination: str
    lot: str
    reason: str
    document: str
    business_date: date
    recorded_at: datetime
    actor: str
    channel: str
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class SalesTotal:
    """Sales summed over one key (a SKU, ISO day, category, location code or "" for the whole).

    ``sold`` and ``returned`` are units >= 0; ``revenue`` is net of returns.
    """

    key: str
    sold: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    lines: int = 0

    @property
    def net(self) -> Decimal:
        """Units sold less units returned."""
        return self.sold - self.returned


@dataclass(frozen=True, slots=True)
class StoredAction:
    """A button that was offered: a call behind a token, used once."""

    token: str
    conversation: str
    user: str
    label: str
    style: str
    intent: str
    slots: Mapping[str, Any]
    position: int
    state: str
    outcome: Mapping[str, Any] | None = None
    offer: str = ""
    used_by: str = ""
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastMessage:
    """One earlier turn: what was said and what was answered (JSON; empty while it is worked on)."""

    event_id: str
    user: str
    channel: str
    text: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A personal token or web session, without its secret."""

    id: int
    user_id: int
    kind: str
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of a till, order or export; signed as the shop sees it (a return is below zero).

    ``kind``: sale, return, adjustment (stock, no money) or charge (money, no stock).
    """

    id: int
    kind: str
    sku: str | None
    location: str | None
    sold_on: date
    sold_at: datetime | None
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal
    channel: str = ""
    order_ref: str = ""
    customer: str = ""
    note: str = ""
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class CustomerOrder:
    """What a customer ordered, with (SKU, quantity) for each line; times are the shop's wall times."""

    order_no: str
    customer: str
    placed_at: datetime | None
    due_from: datetime | None
    due_to: datetime | None
    status: str
    lines: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class SensorReading:
    """A sensor's latest measurement, at the shop's wall time."""

    sensor: Sensor
    read_at: datetime
    value: float

    @property
    def too_low(self) -> bool:
        """Below the range in which all is well."""
        return self.sensor.low is not None and self.value < self.sensor.low

    @property
    def too_high(self) -> bool:
        """Above the range in which all is well."""
        return self.sensor.high is not None and self.value > self.sensor.high


@dataclass(frozen=True, slots=True)
class Counted:
    """One counted figure, and what the books expected at that moment (base unit)."""

    sku: str
    location: str
    counted: Decimal
    expected: Decimal
    at: datetime
    actor: str

    @property
    def difference(self) -> Decimal:
        """What there was more than the books said; below 0 where there was less."""
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the check of the books looked at: ``what`` was found, ``remedy`` where it is wrong."""

    ok: bool
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what, when."""

    id: int
    at: datetime
    actor: str
    channel: str
    action: str
    subject: str = ""
    detail: str = ""
