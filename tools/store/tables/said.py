"""What is read from customers' words: signals, things wished for, what the forecast might take from them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES, Identity, Scaled, UTCDateTime, WallTime


class DemandSignalRow(SQLModel, table=True):
    """One thing that one text says (see ``tools.store.signal_facts``).

    States: sure or doubtful as the miner left it, confirmed or rejected by a person (``corrected_by``).
    The quote is the span of the text as stored; ``mention`` the words for the thing, "" where implied.
    """

    __tablename__ = "demand_signal"
    __table_args__ = (Index("ix_demand_signal_kind", "type", "state"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    feedback_id: int = Field(foreign_key="feedback.id", index=True)
    type: str = Field(max_length=24)
    product_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    wish_id: int | None = Field(default=None, foreign_key="wish.id", index=True)
    mention: str = Field(default="", max_length=200)
    attribute: str = Field(default="", max_length=200)
    polarity: str = Field(default="neu", max_length=8)
    urgency: str = Field(default="low", max_length=8)
    quote_start: int
    quote_end: int
    confidence: float
    model_version: str = Field(default="", max_length=80)
    state: str = Field(default="sure", max_length=12)
    corrected_by: str = Field(default="", max_length=120)


class WishRow(SQLModel, table=True):
    """A thing that is not carried, by whatever words customers ask for it; ``key`` the usual ones."""

    __tablename__ = "wish"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    key: str = Field(unique=True, max_length=200)
    name: str = Field(max_length=200)
    made_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class SignalAdjustmentRow(SQLModel, table=True):
    """What signals suggest for the forecast of a product, and what a person made of it.

    States: proposed -> applied | declined | expired.  ``quantity`` is in all from the first to the last
    day (base unit), ``multiplier`` of each day's mean; ``gate`` (JSON) the figures that spoke for it.
    """

    __tablename__ = "signal_adjustment"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    product_id: int = Field(foreign_key="product.id", index=True)
    first_day: date
    last_day: date
    quantity: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    multiplier: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    reason: str = Field(default="", max_length=500)
    state: str = Field(default="proposed", index=True, max_length=12)
    gate: str = Field(default="{}")
    made_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    decided_by: str = Field(default="", max_length=120)


class SignalEventRow(SQLModel, table=True):
    """One thing that a person did about signals; ``before`` (JSON) puts the row back, {} takes it away."""

    __tablename__ = "signal_event"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    group_id: str = Field(index=True, max_length=32)
    place: str = Field(max_length=16)
    row_id: int = Field(index=True)
    before: str
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    undone_by: str = Field(default="", max_length=32)


class ForgottenRow(SQLModel, table=True):
    """A person whose words were deleted: what they had said until then does not come in again."""

    __tablename__ = "forgotten"

    person_key: str = Field(primary_key=True, max_length=64)
    until: datetime = Field(sa_column=Column(WallTime, nullable=False))
