"""What can be done to a purchase order.  Each is data; ``Store.apply`` makes it, once, whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderLine:
    """``quantity`` (> 0, base unit) of a product for a place; ``unit_cost`` None: the list cost."""

    sku: str
    quantity: Decimal
    location: str | None = None
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """A new order to one supplier, under the next free number; nothing is bought by it yet."""

    supplier: str
    lines: tuple[OrderLine, ...]
    expected_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviseOrder:
    """A draft gets other lines; all of them are given.  ``seen`` as in :class:`ApproveOrder`."""

    po_no: str
    lines: tuple[OrderLine, ...]
    expected_on: date | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class ApproveOrder:
    """A draft may go out.  ``seen`` is how many events the order had when it was shown."""

    po_no: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class SendOrder:
    """An approved order went to the supplier (``how``: by e-mail, by hand, ...)."""

    po_no: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmOrder:
    """The supplier answered: perhaps another day, perhaps other quantities or costs of some lines."""

    po_no: str
    expected_on: date | None = None
    lines: tuple[OrderLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """``quantity`` (> 0, base unit) of a line came, ``defective`` of it no good."""

    sku: str
    quantity: Decimal
    location: str
    defective: Decimal = Decimal(0)
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReceiveOrder:
    """Goods of an order came in; ``last`` says that no more will come (the rest is closed short).

    ``seen`` is how many events the order had when it was shown: two people book nothing in twice.
    """

    po_no: str
    arrivals: tuple[Arrival, ...]
    last: bool = False
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class CloseShort:
    """What is still to come will not come; ``skus`` None: of no line."""

    po_no: str
    skus: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """An order of which nothing has come is not wanted any more."""

    po_no: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderSteps:
    """Several steps of orders that happen together or not at all."""

    steps: tuple[DraftOrder | ReviseOrder | ApproveOrder, ...]


OrderChange = (
    OrderSteps
    | DraftOrder
    | ReviseOrder
    | ApproveOrder
    | SendOrder
    | ConfirmOrder
    | ReceiveOrder
    | CloseShort
    | CancelOrder
)
