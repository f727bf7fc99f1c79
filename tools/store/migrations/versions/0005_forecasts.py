"""Forecasts, people's own figures beside them, and numbers from outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _runs()
    _overrides()
    op.create_table(
        "outside_number",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "day", "product_id", "location_id"),
    )


def _runs() -> None:
    op.create_table(
        "forecast_run",
        sa.Column("id", Identity, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("finished_at", Instant),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("scores", sa.String(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_forecast_run_state", "forecast_run", ["state"])
    op.create_table(
        "forecast",
        sa.Column("id", Identity, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("demand_class", sa.String(length=16), nullable=False),
        sa.Column("law", sa.String(length=20), nullable=False),
        sa.Column("weekly", sa.String(), nullable=False),
        sa.Column("sum_variance", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("scores", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["forecast_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "product_id", "location_id"),
    )
    op.create_index("ix_forecast_product_id", "forecast", ["product_id"])


def _overrides() -> None:
    op.create_table(
        "forecast_override",
        sa.Column("id", Identity, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("model_quantity", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("withdrawn_at", Instant),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_forecast_override_product", "forecast_override", ["product_id", "first_day"])


def downgrade() -> None:
    """Remove the tables, and what is in them."""
    for table in ("outside_number", "forecast_override", "forecast", "forecast_run"):
        op.drop_table(table)
