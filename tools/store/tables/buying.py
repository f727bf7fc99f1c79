"""What happened to a purchase order, event by event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from tools.store.tables.types import Identity, UTCDateTime


class PurchaseEventRow(SQLModel, table=True):
    """One step in the life of an order.

    ``kind``: draft, revise, approve, send, confirm, receive, close or cancel.  ``detail`` is what was
    done and ``before`` the order as it stood before (both JSON), so that the step can be taken back.
    """

    __tablename__ = "purchase_event"
    __table_args__ = (Index("ix_purchase_event_order", "purchase_order_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    purchase_order_id: int = Field(foreign_key="purchase_order.id")
    group_id: str = Field(index=True, max_length=32)
    kind: str = Field(max_length=16)
    detail: str
    before: str
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    channel: str = Field(max_length=32)
    undone_by: str = Field(default="", max_length=32)
