"""Names: products, places, suppliers, customers, vehicles, sensors, people."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES, Identity, Scaled, UTCDateTime, WallTime


class ProductRow(SQLModel, table=True):
    """One SKU.  ``active`` false keeps its history and hides it from the catalogue."""

    __tablename__ = "product"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    sku: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=300)
    category: str = Field(default="", index=True, max_length=120)
    unit: str = Field(default="each", max_length=16)
    barcode: str = Field(default="", index=True, max_length=64)
    price: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    cost: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    supplier_id: int | None = Field(default=None, foreign_key="supplier.id")
    pack_size: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    moq: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    lead_time_days: int | None = None
    shelf_life_days: int | None = None
    weight_kg: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    volume_l: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    reorder_point: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    temperature: str | None = Field(default=None, max_length=16)
    active: bool = True


class ProductAliasRow(SQLModel, table=True):
    """Another name of a product; ``learned_from`` is empty where the shop's file gave it."""

    __tablename__ = "product_alias"
    __table_args__ = (UniqueConstraint("product_id", "alias"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    product_id: int = Field(foreign_key="product.id", index=True)
    alias: str = Field(max_length=300)
    position: int = 0
    learned_from: str = Field(default="", max_length=120)


class LocationRow(SQLModel, table=True):
    """A place.  Supplier, customer, adjustment, scrap, transit and opening are places too (virtual)."""

    __tablename__ = "location"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    kind: str = Field(default="shop", max_length=16)
    latitude: float | None = None
    longitude: float | None = None
    active: bool = True


class SupplierRow(SQLModel, table=True):
    """Whom the shop buys from."""

    __tablename__ = "supplier"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    email: str = Field(default="", max_length=200)
    lead_time_days: int | None = None
    min_order_value: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    active: bool = True


class CustomerRow(SQLModel, table=True):
    """Whom the shop sells to, where it knows."""

    __tablename__ = "customer"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    address: str = Field(default="", max_length=500)
    latitude: float | None = None
    longitude: float | None = None
    active: bool = True


class VehicleRow(SQLModel, table=True):
    """What delivers.  Shifts and breaks are wall times of the shop ("08:00").

    ``profile`` is how it travels ("van", "bike"), ``skills`` what it has ("fridge;lift").
    """

    __tablename__ = "vehicle"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    capacity_kg: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    capacity_l: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    home: str = Field(default="", max_length=64)
    shift_from: str = Field(default="", max_length=5)
    shift_to: str = Field(default="", max_length=5)
    odometer_km: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    driver: str | None = Field(default=None, max_length=120)
    profile: str | None = Field(default=None, max_length=40)
    skills: str | None = Field(default=None, max_length=200)
    cost_fixed: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    cost_per_km: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    cost_per_hour: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    break_minutes: int | None = None
    break_from: str | None = Field(default=None, max_length=5)
    break_to: str | None = Field(default=None, max_length=5)
    active: bool = True


class SensorRow(SQLModel, table=True):
    """A measuring device and the range in which all is well."""

    __tablename__ = "sensor"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=200)
    kind: str = Field(default="", max_length=40)
    location: str = Field(default="", max_length=64)
    low: float | None = None
    high: float | None = None
    active: bool = True


class SensorReadingRow(SQLModel, table=True):
    """One measurement, at the shop's wall time."""

    __tablename__ = "sensor_reading"

    sensor_id: int = Field(foreign_key="sensor.id", primary_key=True)
    read_at: datetime = Field(sa_column=Column(WallTime, primary_key=True))
    value: float
    import_id: int | None = Field(default=None, foreign_key="import_run.id")


class LotRow(SQLModel, table=True):
    """A batch of one product; ``code`` may be empty where only the expiry is known."""

    __tablename__ = "lot"
    __table_args__ = (Index("ix_lot_product_code", "product_id", "code"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    product_id: int = Field(foreign_key="product.id")
    code: str = Field(default="", max_length=64)
    expires_on: date | None = Field(default=None, index=True)
    status: str = Field(default="good", max_length=16)


class UserRow(SQLModel, table=True):
    """A person with a role; a password or token gives them an account."""

    __tablename__ = "user_account"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    name: str = Field(unique=True, max_length=120)
    role: str = Field(max_length=16)
    slack_id: str = Field(default="", index=True, max_length=64)
    telegram_id: str = Field(default="", index=True, max_length=64)
    password_hash: str = Field(default="", max_length=200)
    active: bool = True


class UserLocationRow(SQLModel, table=True):
    """A place that a person is limited to; no row means all places."""

    __tablename__ = "user_location"

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    location_id: int = Field(foreign_key="location.id", primary_key=True)


class TokenRow(SQLModel, table=True):
    """A personal token or web session; only its hash is kept."""

    __tablename__ = "access_token"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    user_id: int = Field(foreign_key="user_account.id", index=True)
    kind: str = Field(max_length=16)
    token_hash: str = Field(unique=True, max_length=64)
    label: str = Field(default="", max_length=120)
    created_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    expires_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    revoked: bool = False


class SettingRow(SQLModel, table=True):
    """A setting of the shop (currency, time zone, whether stock may go below zero)."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, max_length=64)
    value: str = Field(max_length=500)
