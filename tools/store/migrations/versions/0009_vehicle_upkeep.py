"""The upkeep of vehicles: parts, service log, readings, fault codes, defects, workshop days."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
TABLES = (
    "vehicle_part", "vehicle_service", "vehicle_reading", "vehicle_fault", "vehicle_defect",
    "workshop_booking", "upkeep_event",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables."""
    _parts()
    _services()
    _readings()
    _faults()
    _defects()
    _bookings()
    _events()


def _id() -> sa.Column[Any]:
    return sa.Column("id", Identity, nullable=False)


def _vehicle() -> sa.Column[Any]:
    return sa.Column("vehicle_id", sa.Integer(), nullable=False)


def _parts() -> None:
    op.create_table(
        "vehicle_part",
        _id(),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("every_km", sa.BigInteger()),
        sa.Column("every_days", sa.Integer()),
        sa.Column("life_km", sa.BigInteger()),
        sa.Column("shape", sa.Float()),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("planned_cost", sa.BigInteger()),
        sa.Column("failure_cost", sa.BigInteger()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )


def _logged(table: str, *columns: sa.Column[Any]) -> None:
    """A table of rows that are told or imported."""
    op.create_table(
        table,
        _id(),
        sa.Column("row_key", sa.String(length=80), nullable=False),
        _vehicle(),
        *columns,
        sa.Column("dropped_at", Instant),
        sa.Column("import_id", sa.Integer()),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"]),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("row_key"),
    )
    op.create_index(f"ix_{table}_import_id", table, ["import_id"])


def _services() -> None:
    _logged(
        "vehicle_service",
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("odometer_km", sa.BigInteger()),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("cost", sa.BigInteger()),
        sa.Column("note", sa.String(length=300), nullable=False),
    )
    op.create_index("ix_vehicle_service_vehicle", "vehicle_service", ["vehicle_id", "part", "done_on"])


def _readings() -> None:
    _logged(
        "vehicle_reading",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("ambient", sa.BigInteger()),
    )
    op.create_index("ix_vehicle_reading_vehicle", "vehicle_reading", ["vehicle_id", "kind", "read_at"])


def _faults() -> None:
    _logged(
        "vehicle_fault",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("cleared_at", sa.DateTime()),
        sa.Column("note", sa.String(length=300), nullable=False),
    )
    op.create_index("ix_vehicle_fault_vehicle", "vehicle_fault", ["vehicle_id", "seen_at"])


def _defects() -> None:
    op.create_table(
        "vehicle_defect",
        _id(),
        _vehicle(),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("found_at", Instant, nullable=False),
        sa.Column("found_by", sa.String(length=120), nullable=False),
        sa.Column("mended_at", Instant),
        sa.Column("dropped_at", Instant),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_vehicle_defect_vehicle_id", "vehicle_defect", ["vehicle_id"])


def _bookings() -> None:
    op.create_table(
        "workshop_booking",
        _id(),
        _vehicle(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("dropped_at", Instant),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_workshop_booking_vehicle_id", "workshop_booking", ["vehicle_id"])
    op.create_index("ix_workshop_booking_day", "workshop_booking", ["day"])


def _events() -> None:
    op.create_table(
        "upkeep_event",
        _id(),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_upkeep_event_group_id", "upkeep_event", ["group_id"])
    op.create_index("ix_upkeep_event_row", "upkeep_event", ["place", "row_id"])


def downgrade() -> None:
    """Remove the tables, and what is in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
