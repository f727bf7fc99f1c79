"""The books: append-only moves, the balance cache, reservations, counts, audit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.store.tables.types import QUANTITY_PLACES, Identity, Scaled, UTCDateTime


def _quantity() -> Column[Decimal]:
    return Column(Scaled(QUANTITY_PLACES), nullable=False)


class StockMoveRow(SQLModel, table=True):
    """``quantity`` of a product (and lot) went from one location to another; never changed or deleted."""

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_location_id <> to_location_id", name="moves_somewhere"),
        UniqueConstraint("request_id", "line"),
        Index("ix_stock_move_product_seq", "product_id", "seq"),
    )

    seq: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    group_id: str = Field(index=True, max_length=32)
    line: int
    request_id: str = Field(max_length=200)
    product_id: int = Field(foreign_key="product.id")
    lot_id: int | None = Field(default=None, foreign_key="lot.id")
    quantity: Decimal = Field(sa_column=_quantity())
    from_location_id: int = Field(foreign_key="location.id")
    to_location_id: int = Field(foreign_key="location.id")
    kind: str = Field(max_length=16)
    reason: str = Field(default="", max_length=300)
    document: str = Field(default="", max_length=120)
    business_date: date = Field(index=True)
    recorded_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    channel: str = Field(max_length=32)
    conversation: str = Field(default="", max_length=200)
    message: str = Field(default="", max_length=200)
    reverses: int | None = Field(default=None, foreign_key="stock_move.seq", unique=True)


class StockBalanceRow(SQLModel, table=True):
    """What the ledger sums to (a cache).  ``lot_id`` 0 stands for stock that is not kept by lot."""

    __tablename__ = "stock_balance"
    __table_args__ = (Index("ix_stock_balance_location", "location_id", "product_id"),)

    product_id: int = Field(foreign_key="product.id", primary_key=True)
    location_id: int = Field(foreign_key="location.id", primary_key=True)
    lot_id: int = Field(default=0, primary_key=True)
    quantity: Decimal = Field(sa_column=_quantity())
    last_seq: int


class ReservationRow(SQLModel, table=True):
    """Stock promised to somebody; totals are always summed from these rows.

    States: held -> used | released | expired.  ``location_id`` None: any place will do.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_reservation_product_state", "product_id", "state"),
    )

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    product_id: int = Field(foreign_key="product.id")
    location_id: int | None = Field(default=None, foreign_key="location.id")
    quantity: Decimal = Field(sa_column=_quantity())
    for_type: str = Field(max_length=32)
    for_ref: str = Field(index=True, max_length=64)
    state: str = Field(default="held", max_length=16)
    expires_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    created_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)


class StockCountRow(SQLModel, table=True):
    """One counted figure, compared with the books as they stood at ``at_seq``."""

    __tablename__ = "stock_count"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    group_id: str = Field(index=True, max_length=32)
    product_id: int = Field(foreign_key="product.id", index=True)
    location_id: int = Field(foreign_key="location.id")
    lot_id: int | None = Field(default=None, foreign_key="lot.id")
    counted: Decimal = Field(sa_column=_quantity())
    expected: Decimal = Field(sa_column=_quantity())
    difference: Decimal = Field(sa_column=_quantity())
    at_seq: int
    posted_seq: int
    recorded_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    undone: bool = False


class RequestRow(SQLModel, table=True):
    """A write request that took effect: asked again, it answers this outcome."""

    __tablename__ = "request"
    __table_args__ = (Index("ix_request_latest", "conversation", "actor", "position", "created_at"),)

    request_id: str = Field(primary_key=True, max_length=200)
    fingerprint: str = Field(max_length=64)
    kind: str = Field(default="", max_length=16)
    outcome: str
    conversation: str = Field(default="", max_length=200)
    actor: str = Field(default="", max_length=120)
    position: int = 0
    group_id: str = Field(default="", index=True, max_length=32)
    undone_by: str = Field(default="", max_length=32)
    created_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class AuditRow(SQLModel, table=True):
    """Who did what, when; each row carries the hash of the one before it."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(index=True, max_length=120)
    channel: str = Field(max_length=32)
    action: str = Field(index=True, max_length=64)
    subject: str = Field(default="", max_length=200)
    detail: str = Field(default="")
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
