"""Delivery trips, their stops and what happens to them; what planning wants to know of vehicles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WallTime = sa.DateTime(timezone=False)
TABLES = ("trip", "trip_stop", "trip_stop_line", "trip_event")


def upgrade() -> None:
    """Make the tables and columns."""
    _trips()
    _stops()
    _events()
    for column in _vehicle_columns():
        op.add_column("vehicle", column)
    op.add_column("product", sa.Column("temperature", sa.String(length=16)))
    # Deliveries ask whether the sale of an order is known; most sales have no order.
    named = sa.text("order_ref <> ''")
    op.create_index(
        "ix_sale_line_order_ref", "sale_line", ["order_ref"], sqlite_where=named, postgresql_where=named
    )


def _trips() -> None:
    op.create_table(
        "trip",
        sa.Column("id", Identity, nullable=False),
        sa.Column("trip_no", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("driver", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("starts_at", WallTime),
        sa.Column("ends_at", WallTime),
        sa.Column("planned_km", sa.BigInteger()),
        sa.Column("planned_cost", sa.BigInteger()),
        sa.Column("travel_source", sa.String(length=200), nullable=False),
        sa.Column("travel_estimate", sa.Boolean(), nullable=False),
        sa.Column("started_at", WallTime),
        sa.Column("ended_at", WallTime),
        sa.Column("odometer_start", sa.BigInteger()),
        sa.Column("odometer_end", sa.BigInteger()),
        sa.Column("route", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trip_no"),
    )
    for column in ("day", "vehicle_id", "status"):
        op.create_index(f"ix_trip_{column}", "trip", [column])


def _stops() -> None:
    op.create_table(
        "trip_stop",
        sa.Column("id", Identity, nullable=False),
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("order_no", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("planned_arrival", WallTime),
        sa.Column("planned_departure", WallTime),
        sa.Column("eta", WallTime),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("done_at", WallTime),
        sa.Column("done_by", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("loaded_group", sa.String(length=32), nullable=False),
        sa.Column("order_before", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["location.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trip_id", "order_no"),
    )
    op.create_index("ix_trip_stop_order_no", "trip_stop", ["order_no"])
    op.create_table(
        "trip_stop_line",
        sa.Column("id", Identity, nullable=False),
        sa.Column("stop_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["stop_id"], ["trip_stop.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trip_stop_line_stop_id", "trip_stop_line", ["stop_id"])


def _events() -> None:
    op.create_table(
        "trip_event",
        sa.Column("id", Identity, nullable=False),
        sa.Column("trip_id", sa.Integer()),
        sa.Column("order_no", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trip_event_trip", "trip_event", ["trip_id", "id"])
    op.create_index("ix_trip_event_group_id", "trip_event", ["group_id"])
    op.create_index("ix_trip_event_order_no", "trip_event", ["order_no"])


def _vehicle_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("driver", sa.String(length=120)),
        sa.Column("profile", sa.String(length=40)),
        sa.Column("skills", sa.String(length=200)),
        sa.Column("cost_fixed", sa.BigInteger()),
        sa.Column("cost_per_km", sa.BigInteger()),
        sa.Column("cost_per_hour", sa.BigInteger()),
        sa.Column("break_minutes", sa.Integer()),
        sa.Column("break_from", sa.String(length=5)),
        sa.Column("break_to", sa.String(length=5)),
    )


def downgrade() -> None:
    """Remove the tables and columns, and what is in them."""
    op.drop_index("ix_sale_line_order_ref", "sale_line")
    op.drop_column("product", "temperature")
    for column in reversed(_vehicle_columns()):
        op.drop_column("vehicle", column.name)
    for table in reversed(TABLES):
        op.drop_table(table)
