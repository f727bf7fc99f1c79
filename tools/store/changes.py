"""What can be done to the books.  A change is data; ``Store.apply`` makes it, once, whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tools.store.alert_changes import AlertChange
from tools.store.buying_changes import OrderChange
from tools.store.said_changes import SaidChange
from tools.store.signal_changes import SignalChange
from tools.store.trip_changes import TripChange
from tools.store.upkeep_changes import UpkeepChange


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes the books, and through which door."""

    name: str
    channel: str
    user_id: int | None = None
    conversation: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Adjust:
    """Stock at ``location`` changes by ``quantity`` (signed, base unit, not 0) for a reason.

    Falling stock leaves first-expired lots first unless ``lot`` names one.
    """

    sku: str
    location: str
    quantity: Decimal
    reason: str = ""
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """``counted`` (base unit, >= 0) stood at ``location`` when the ledger was at ``position``."""

    sku: str
    location: str
    counted: Decimal
    position: int
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class Receive:
    """``quantity`` (> 0, base unit) came in from a supplier."""

    sku: str
    location: str
    quantity: Decimal
    supplier: str | None = None
    lot: str = ""
    expires_on: date | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """``quantity`` (> 0, base unit) moves between two physical places.

    ``in_transit`` leaves it on the road: sent is not received.  It arrives, whole or in part, by a
    transfer with the source ``@transit``; what was lost on the way is an adjustment there.
    """

    sku: str
    source: str
    destination: str
    quantity: Decimal
    in_transit: bool = False


@dataclass(frozen=True, slots=True)
class Sell:
    """``quantity`` (> 0, base unit) was sold at ``location`` for ``unit_price``."""

    sku: str
    location: str
    quantity: Decimal
    unit_price: Decimal | None = None
    sold_at: datetime | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Reverse everything that one group of moves did."""

    group_id: str


Step = Adjust | Count | Receive | Transfer | Sell


@dataclass(frozen=True, slots=True)
class Batch:
    """Several steps that happen together or not at all."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class NoteRemark:
    """Something that a customer said, in their words or in those of whoever tells it.

    ``customer`` is a code, name or address as it came; ``said_at`` the shop's wall time, None for now.
    The same ``source_id`` of a ``source`` counts once.
    """

    text: str
    channel: str = ""
    customer: str = ""
    sku: str | None = None
    rating: int | None = None
    said_at: datetime | None = None
    source: str = "note"
    source_id: str = ""


Change = (
    Adjust
    | Count
    | Receive
    | Transfer
    | Sell
    | Undo
    | Batch
    | OrderChange
    | AlertChange
    | SignalChange
    | TripChange
    | UpkeepChange
    | NoteRemark
    | SaidChange
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change did to one product at one physical place (base unit)."""

    sku: str
    location: str
    before: Decimal
    after: Decimal
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """The outcome of a change.  ``repeated`` means: this request had been applied before.

    ``group_id`` names the ledger moves, ``position`` is the last of them; ``summary`` is the
    kind of change in one word ("adjust", "sell", ...), ``reversed_group`` the one undone,
    ``documents`` the purchase orders (alerts, incidents) that it touched.
    """

    group_id: str
    position: int
    effects: tuple[Effect, ...] = ()
    summary: str = ""
    reversed_group: str = ""
    repeated: bool = False
    notes: tuple[str, ...] = field(default_factory=tuple)
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoableChange:
    """A change that somebody made and may want back."""

    group_id: str
    at: datetime
    actor: str
    applied: Applied


@dataclass(frozen=True, slots=True)
class Hold:
    """``quantity`` (> 0, base unit) promised to somebody; ``location`` None: any place will do."""

    sku: str
    quantity: Decimal
    location: str | None = None


class BooksError(Exception):
    """A change that the rules of the books forbid; its text can be shown to a person."""


class NotEnough(BooksError):
    """There is less at the place than should leave it.

    ``have`` is what may leave; ``unusable`` is there as well, but expired or in quarantine.
    """

    def __init__(
        self, sku: str, location: str, have: Decimal, wanted: Decimal, unusable: Decimal = Decimal(0)
    ) -> None:
        text = f"only {have.normalize():f} of {sku} at {location}, not {wanted.normalize():f}"
        if unusable > 0:
            text += f" ({unusable.normalize():f} more expired or in quarantine)"
        super().__init__(text)
        self.sku, self.location, self.have, self.wanted = sku, location, have, wanted
        self.unusable = unusable
