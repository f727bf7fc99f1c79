"""Delivery trips: rounds of vehicles, their stops, what each stop gets, and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES, Identity, Scaled, UTCDateTime, WallTime


class TripRow(SQLModel, table=True):
    """One round of one vehicle, at wall times.  States: planned -> loaded -> out -> done, or cancelled.

    ``route`` is the way as JSON: [latitude, longitude, label, time, kind] for each point.
    """

    __tablename__ = "trip"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    trip_no: str = Field(unique=True, max_length=32)
    day: date = Field(index=True)
    vehicle_id: int = Field(foreign_key="vehicle.id", index=True)
    driver: str = Field(default="", max_length=120)
    status: str = Field(default="planned", index=True, max_length=12)
    starts_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    ends_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    planned_km: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    planned_cost: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    travel_source: str = Field(default="", max_length=200)
    travel_estimate: bool = False
    started_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    ended_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    odometer_start: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    odometer_end: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    route: str = Field(default="[]")


class TripStopRow(SQLModel, table=True):
    """One customer's order on a trip.  States: planned, loaded, delivered, failed, skipped.

    ``loaded_group`` names the moves that brought its goods on the road ("" while none are there),
    ``order_before`` is the state of the order before that.  The order is kept by its number: an import
    that is undone takes orders away, and the trip has still happened.
    """

    __tablename__ = "trip_stop"
    __table_args__ = (UniqueConstraint("trip_id", "order_no"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    trip_id: int = Field(foreign_key="trip.id")
    order_no: str = Field(index=True, max_length=64)
    position: int
    source_id: int = Field(foreign_key="location.id")
    planned_arrival: datetime | None = Field(default=None, sa_column=Column(WallTime))
    planned_departure: datetime | None = Field(default=None, sa_column=Column(WallTime))
    eta: datetime | None = Field(default=None, sa_column=Column(WallTime))
    status: str = Field(default="planned", max_length=12)
    done_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    done_by: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=300)
    loaded_group: str = Field(default="", max_length=32)
    order_before: str = Field(default="", max_length=24)


class TripStopLineRow(SQLModel, table=True):
    """A product for a stop, and the place that it leaves."""

    __tablename__ = "trip_stop_line"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    stop_id: int = Field(foreign_key="trip_stop.id", index=True)
    line: int
    product_id: int = Field(foreign_key="product.id")
    location_id: int = Field(foreign_key="location.id")
    quantity: Decimal = Field(sa_column=Column(Scaled(QUANTITY_PLACES), nullable=False))


class TripEventRow(SQLModel, table=True):
    """One step in the life of a trip, or of an order delivered without one (``trip_id`` None).

    ``kind``: confirm, load, start, send, delivered, failed, skipped, revise, etas, end or cancel;
    ``order_no`` is set where it is about one stop.  ``detail`` is what was done, ``before`` and
    ``after`` are the rows that it changed, so that it can be taken back (all JSON).
    """

    __tablename__ = "trip_event"
    __table_args__ = (Index("ix_trip_event_trip", "trip_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    trip_id: int | None = Field(default=None, foreign_key="trip.id")
    order_no: str = Field(default="", index=True, max_length=64)
    group_id: str = Field(index=True, max_length=32)
    kind: str = Field(max_length=16)
    detail: str
    before: str
    after: str
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    channel: str = Field(max_length=32)
    undone_by: str = Field(default="", max_length=32)
