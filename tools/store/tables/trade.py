"""Sales, orders, purchase orders, customers' words: the history that questions are about."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES, Identity, Scaled, UTCDateTime, WallTime

_HAS_ORDER = text("order_ref <> ''")


class SaleLineRow(SQLModel, table=True):
    """One line of a till, order or export.

    ``kind``: sale, return (a cancellation or credit), adjustment (stock, no money) or charge
    (postage, fees: money, no stock).  ``quantity`` and ``amount`` are signed as the shop sees
    them: a return has both below zero.  ``sold_at`` is wall time, None where only the day is known.
    ``row_key`` makes the same row of the same export count once; ``group_id`` links the moves.
    """

    __tablename__ = "sale_line"
    __table_args__ = (
        Index("ix_sale_line_day", "sold_on", "product_id", "kind", "quantity", "amount", "location_id"),
        Index("ix_sale_line_product", "product_id", "sold_on", "kind", "quantity", "amount", "location_id"),
        Index("ix_sale_line_order_ref", "order_ref", sqlite_where=_HAS_ORDER, postgresql_where=_HAS_ORDER),
    )

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    row_key: str = Field(unique=True, max_length=80)
    product_id: int | None = Field(default=None, foreign_key="product.id")
    location_id: int | None = Field(default=None, foreign_key="location.id")
    kind: str = Field(max_length=12)
    sold_on: date
    sold_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    quantity: Decimal = Field(sa_column=Column(Scaled(QUANTITY_PLACES), nullable=False))
    unit_price: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    amount: Decimal = Field(sa_column=Column(Scaled(MONEY_PLACES), nullable=False))
    channel: str = Field(default="", max_length=40)
    order_ref: str = Field(default="", max_length=64)
    customer: str = Field(default="", max_length=64)
    note: str = Field(default="", max_length=300)
    group_id: str = Field(default="", index=True, max_length=32)
    import_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)


class SalesOrderRow(SQLModel, table=True):
    """What a customer ordered for delivery; times are the shop's wall times."""

    __tablename__ = "sales_order"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    order_no: str = Field(unique=True, max_length=64)
    customer: str = Field(default="", index=True, max_length=64)
    placed_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    due_from: datetime | None = Field(default=None, sa_column=Column(WallTime))
    due_to: datetime | None = Field(default=None, sa_column=Column(WallTime))
    status: str = Field(default="open", index=True, max_length=24)


class SalesOrderLineRow(SQLModel, table=True):
    """One product of a customer's order."""

    __tablename__ = "sales_order_line"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    order_id: int = Field(foreign_key="sales_order.id", index=True)
    line: int
    product_id: int = Field(foreign_key="product.id", index=True)
    quantity: Decimal = Field(sa_column=Column(Scaled(QUANTITY_PLACES), nullable=False))


class PurchaseOrderRow(SQLModel, table=True):
    """What the shop ordered.  Approval, confirmation and (per line) receipt are separate states."""

    __tablename__ = "purchase_order"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    po_no: str = Field(unique=True, max_length=64)
    supplier_id: int | None = Field(default=None, foreign_key="supplier.id", index=True)
    status: str = Field(default="draft", index=True, max_length=24)
    ordered_at: date | None = None
    expected_on: date | None = None
    approved_by: str = Field(default="", max_length=120)
    approved_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class PurchaseOrderLineRow(SQLModel, table=True):
    """One product of a purchase order; its receipt state follows from the quantities."""

    __tablename__ = "purchase_order_line"
    __table_args__ = (UniqueConstraint("purchase_order_id", "line"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    purchase_order_id: int = Field(foreign_key="purchase_order.id")
    line: int
    product_id: int = Field(foreign_key="product.id", index=True)
    location_id: int | None = Field(default=None, foreign_key="location.id")
    quantity: Decimal = Field(sa_column=Column(Scaled(QUANTITY_PLACES), nullable=False))
    received_quantity: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    defective_quantity: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    unit_cost: Decimal | None = Field(default=None, sa_column=Column(Scaled(MONEY_PLACES)))
    received_at: datetime | None = Field(default=None, sa_column=Column(WallTime))
    closed_short: bool = False


class FeedbackRow(SQLModel, table=True):
    """What a customer wrote or said; ``row_key`` makes the same remark count once.

    ``source_hash`` is that of the normalised words, ``person_key`` that of who said it ("" unknown),
    ``masked`` whether personal data was taken out, ``mined_by`` the version that read it ("" none).
    """

    __tablename__ = "feedback"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    row_key: str = Field(unique=True, max_length=80)
    received_at: datetime = Field(sa_column=Column(WallTime, nullable=False, index=True))
    channel: str = Field(default="", max_length=40)
    customer: str = Field(default="", max_length=64)
    product_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    rating: int | None = None
    text: str
    import_id: int | None = Field(default=None, foreign_key="import_run.id")
    language: str = Field(default="", max_length=8)
    source: str = Field(default="", max_length=40)
    source_hash: str = Field(default="", index=True, max_length=64)
    person_key: str = Field(default="", index=True, max_length=64)
    polarity: str = Field(default="", max_length=8)
    mined_by: str = Field(default="", index=True, max_length=80)
    masked: bool = False
    readable: bool = True


class ImportRunRow(SQLModel, table=True):
    """One import: which files (by content), what came of it.  States: applied, undone."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    source: str = Field(max_length=500)
    format: str = Field(max_length=40)
    content_hash: str = Field(index=True, max_length=64)
    state: str = Field(default="applied", max_length=16)
    started_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    report: str = Field(default="{}")


class ImportChangeRow(SQLModel, table=True):
    """A row of names or orders as it was before an import touched it (``before`` empty: it was new)."""

    __tablename__ = "import_change"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    import_id: int = Field(foreign_key="import_run.id", index=True)
    table_name: str = Field(max_length=40)
    row_key: str = Field(max_length=200)
    before: str = Field(default="")
