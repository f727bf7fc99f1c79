"""Forecasts as they were made, what people changed in them, and numbers from outside."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.store.tables.types import QUANTITY_PLACES, Identity, Scaled, UTCDateTime


class ForecastRunRow(SQLModel, table=True):
    """One run over all products.  States: running, done, failed; ``cut_off`` is the last day it knew."""

    __tablename__ = "forecast_run"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    state: str = Field(default="running", index=True, max_length=12)
    cut_off: date
    version: str = Field(max_length=40)
    started_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    done: int = 0
    total: int = 0
    scores: str = Field(default="{}")
    error: str = Field(default="", max_length=500)


class ForecastRow(SQLModel, table=True):
    """One product (at one place; 0 is all places) in one run.

    ``weekly`` are the means of 7-day blocks from the day after the cut-off, ``sum_variance`` those of
    the sums of the first 1, 2, ... blocks (JSON lists); ``profile`` spreads a block over the weekdays
    from Monday.
    """

    __tablename__ = "forecast"
    __table_args__ = (UniqueConstraint("run_id", "product_id", "location_id"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    run_id: int = Field(foreign_key="forecast_run.id")
    product_id: int = Field(index=True)
    location_id: int = 0
    model: str = Field(max_length=80)
    demand_class: str = Field(max_length=16)
    law: str = Field(max_length=20)
    weekly: str
    sum_variance: str
    profile: str
    periods: int
    note: str = Field(default="", max_length=200)
    scores: str = Field(default="{}")


class ForecastOverrideRow(SQLModel, table=True):
    """A person's own figure for the demand of some days, beside what the model said then."""

    __tablename__ = "forecast_override"
    __table_args__ = (Index("ix_forecast_override_product", "product_id", "first_day"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    product_id: int
    location_id: int = 0
    first_day: date
    last_day: date
    quantity: Decimal = Field(sa_column=Column(Scaled(QUANTITY_PLACES), nullable=False))
    model_quantity: Decimal = Field(sa_column=Column(Scaled(QUANTITY_PLACES), nullable=False))
    reason: str = Field(default="", max_length=300)
    actor: str = Field(max_length=120)
    made_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class OutsideNumberRow(SQLModel, table=True):
    """One number of one day that may explain demand: weather, a promotion plan, an event.

    Product and place 0 mean all of them.
    """

    __tablename__ = "outside_number"

    name: str = Field(primary_key=True, max_length=60)
    day: date = Field(primary_key=True)
    product_id: int = Field(default=0, primary_key=True)
    location_id: int = Field(default=0, primary_key=True)
    value: float
