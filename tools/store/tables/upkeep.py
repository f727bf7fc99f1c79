"""What keeps vehicles running: the service log, readings, fault codes, defects and days at the workshop.

Rows told in chat are taken back by ``dropped_at``; rows of an import go with their import.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES, Identity, Scaled, UTCDateTime, WallTime


class VehiclePartRow(SQLModel, table=True):
    """A part, or a job, with the shop's own figures; what is None is as the assistant brings it along.

    ``every_km`` and ``every_days`` are the interval, ``life_km`` and ``shape`` what is known of its life
    (Weibull), costs are those of changing it in time and after it failed.
    """

    __tablename__ = "vehicle_part"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    code: str = Field(unique=True, max_length=64)
    name: str = Field(default="", max_length=200)
    every_km: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    every_days: int | None = None
    life_km: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    shape: float | None = None
    severity: str = Field(default="", max_length=16)
    planned_cost: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    failure_cost: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    active: bool = True


class VehicleServiceRow(SQLModel, table=True):
    """Something that was done to a vehicle; ``failed`` where the part had given up before it was changed."""

    __tablename__ = "vehicle_service"
    __table_args__ = (Index("ix_vehicle_service_vehicle", "vehicle_id", "part", "done_on"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    row_key: str = Field(unique=True, max_length=80)
    vehicle_id: int = Field(foreign_key="vehicle.id")
    part: str = Field(max_length=64)
    done_on: date
    odometer_km: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    failed: bool = False
    cost: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    note: str = Field(default="", max_length=300)
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    import_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)


class VehicleReadingRow(SQLModel, table=True):
    """One measurement: ``kind`` odometer (km), voltage (V, at rest) or temperature (°C, of the engine).

    ``ambient`` is the temperature outside in °C, where it is known.
    """

    __tablename__ = "vehicle_reading"
    __table_args__ = (Index("ix_vehicle_reading_vehicle", "vehicle_id", "kind", "read_at"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    row_key: str = Field(unique=True, max_length=80)
    vehicle_id: int = Field(foreign_key="vehicle.id")
    kind: str = Field(max_length=16)
    read_at: datetime = Field(sa_column=Column(WallTime, nullable=False))
    value: Decimal = Field(sa_column=Column(Scaled(QUANTITY_PLACES), nullable=False))
    ambient: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    import_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)


class VehicleFaultRow(SQLModel, table=True):
    """A fault code that the vehicle's computer keeps, until it is cleared."""

    __tablename__ = "vehicle_fault"
    __table_args__ = (Index("ix_vehicle_fault_vehicle", "vehicle_id", "seen_at"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    row_key: str = Field(unique=True, max_length=80)
    vehicle_id: int = Field(foreign_key="vehicle.id")
    code: str = Field(max_length=8)
    seen_at: datetime = Field(sa_column=Column(WallTime, nullable=False))
    cleared_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    note: str = Field(default="", max_length=300)
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    import_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)


class VehicleDefectRow(SQLModel, table=True):
    """Something that a person found wrong; ``severity``: note, soon or stop (not to be driven)."""

    __tablename__ = "vehicle_defect"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    vehicle_id: int = Field(foreign_key="vehicle.id", index=True)
    text: str = Field(max_length=300)
    severity: str = Field(max_length=16)
    found_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    found_by: str = Field(max_length=120)
    mended_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class WorkshopBookingRow(SQLModel, table=True):
    """A day that a vehicle is at the workshop for; ``parts`` is a JSON list of codes."""

    __tablename__ = "workshop_booking"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    vehicle_id: int = Field(foreign_key="vehicle.id", index=True)
    day: date = Field(index=True)
    parts: str = Field(default="[]")
    made_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    made_by: str = Field(max_length=120)
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class UpkeepEventRow(SQLModel, table=True):
    """One row that a change of a vehicle's upkeep made or changed, and how it stood before (JSON)."""

    __tablename__ = "upkeep_event"
    __table_args__ = (Index("ix_upkeep_event_row", "place", "row_id"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    group_id: str = Field(index=True, max_length=32)
    place: str = Field(max_length=16)
    row_id: int
    before: str
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    undone_by: str = Field(default="", max_length=32)
