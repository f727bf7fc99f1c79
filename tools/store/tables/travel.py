"""What is known of the roads: how long a way takes and how far it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from tools.store.tables.types import UTCDateTime


class TravelLegRow(SQLModel, table=True):
    """A way from one place to another, both "latitude,longitude" to five digits (about a metre)."""

    __tablename__ = "travel_leg"

    profile: str = Field(primary_key=True, max_length=16)
    origin: str = Field(primary_key=True, max_length=24)
    destination: str = Field(primary_key=True, max_length=24)
    seconds: int
    metres: int
    source: str = Field(max_length=60)
    learned_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
