"""The slots that a tool's parameters may have: one name, one meaning, everywhere.

A parameter's annotation is its schema.  ``products: Products`` with no default is a
slot that has to be asked for; ``location: Place | None = None`` may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any


class Kind(StrEnum):
    """What sort of thing a slot holds, and therefore who reads it from the words."""

    PRODUCTS = "products"
    CATEGORY = "category"
    PLACE = "place"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    VEHICLE = "vehicle"
    SENSOR = "sensor"
    ORDER = "order"
    PURCHASE_ORDER = "po"
    QUANTITY = "quantity"
    UNIT = "unit"
    PERIOD = "period"
    DATE = "date"
    PERCENT = "percent"
    DAYS = "days"
    THRESHOLD = "threshold"
    PRICE = "price"
    FIELD = "field"
    STATUS = "status"
    REASON = "reason"
    TEXT = "text"
    LOT = "lot"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end ({self.last}) before it starts ({self.first})")

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> Period:
        """The span of the same length that ends the day before this one starts."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def to_json(self) -> dict[str, str]:
        """The contract's form: ``{"from": ISO date, "to": ISO date}``."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    @classmethod
    def from_json(cls, value: dict[str, str]) -> Period:
        """The inverse of :meth:`to_json`."""
        return cls(date.fromisoformat(value["from"]), date.fromisoformat(value["to"]))


Products = Annotated[tuple[str, ...], Kind.PRODUCTS]
Category = Annotated[str, Kind.CATEGORY]
Place = Annotated[str, Kind.PLACE]
SupplierCode = Annotated[str, Kind.SUPPLIER]
CustomerCode = Annotated[str, Kind.CUSTOMER]
VehicleCode = Annotated[str, Kind.VEHICLE]
SensorCode = Annotated[str, Kind.SENSOR]
OrderNumber = Annotated[str, Kind.ORDER]
PurchaseOrderNumber = Annotated[str, Kind.PURCHASE_ORDER]
Quantity = Annotated[Decimal, Kind.QUANTITY]
Unit = Annotated[str, Kind.UNIT]
Span = Annotated[Period, Kind.PERIOD]
Day = Annotated[date, Kind.DATE]
Percent = Annotated[Decimal, Kind.PERCENT]
Days = Annotated[Decimal, Kind.DAYS]
Threshold = Annotated[Decimal, Kind.THRESHOLD]
Price = Annotated[Decimal, Kind.PRICE]
Field = Annotated[str, Kind.FIELD]
Status = Annotated[str, Kind.STATUS]
Reason = Annotated[str, Kind.REASON]
Text = Annotated[str, Kind.TEXT]
Lot = Annotated[str, Kind.LOT]
# What only a button carries: nobody says it, so nobody reads it from words.
Detail = Annotated[str, Kind.DETAIL]

NUMERIC = frozenset(
    {Kind.QUANTITY, Kind.PERCENT, Kind.DAYS, Kind.THRESHOLD, Kind.PRICE},
)


def slot_from_json(kind: Kind, value: Any) -> Any:
    """Read one slot of contract JSON into the type that a tool's parameter declares.

    Raises:
        ValueError: the value does not have the form of its kind.
    """
    try:
        if kind is Kind.PRODUCTS:
            return tuple(sorted({str(sku) for sku in ([value] if isinstance(value, str) else value)}))
        if kind is Kind.PERIOD:
            return value if isinstance(value, Period) else Period.from_json(value)
        if kind is Kind.DATE:
            return value if isinstance(value, date) else datetime.fromisoformat(str(value)).date()
        if kind in NUMERIC:
            return _number(value)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{value!r} is no {kind}") from error
    return str(value)


def slot_to_json(value: Any) -> Any:
    """The contract's JSON form of one slot value."""
    if isinstance(value, Period):
        return value.to_json()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _number(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError(f"{value!r} is no number") from error
    if not number.is_finite() or abs(number) >= Decimal("1e12"):
        raise ValueError(f"{value!r} is not a number that a shop can have")
    return number
