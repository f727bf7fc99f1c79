"""Customers' words with their language and voice, the signals in them, wishes, and what they suggest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
TABLES = ("wish", "demand_signal", "signal_adjustment", "signal_event", "forgotten")
TEXTS = {"language": 8, "source": 40, "source_hash": 64, "person_key": 64, "polarity": 8, "mined_by": 80}
FLAGS = {"masked": False, "readable": True}


def upgrade() -> None:
    """Make the columns and tables."""
    for name, length in TEXTS.items():
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("feedback", column)
    for name, value in FLAGS.items():
        default = sa.true() if value else sa.false()
        op.add_column("feedback", sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
    for name in ("source_hash", "person_key", "mined_by", "received_at"):
        op.create_index(f"ix_feedback_{name}", "feedback", [name])
    _signals()
    _adjustments()


def _signals() -> None:
    op.create_table(
        "wish",
        sa.Column("id", Identity, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "demand_signal",
        sa.Column("id", Identity, nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("product_id", sa.Integer()),
        sa.Column("wish_id", sa.Integer()),
        sa.Column("mention", sa.String(length=200), nullable=False),
        sa.Column("attribute", sa.String(length=200), nullable=False),
        sa.Column("polarity", sa.String(length=8), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=False),
        sa.Column("quote_end", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("corrected_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("feedback_id", "product_id", "wish_id"):
        op.create_index(f"ix_demand_signal_{name}", "demand_signal", [name])
    op.create_index("ix_demand_signal_kind", "demand_signal", ["type", "state"])


def _adjustments() -> None:
    op.create_table(
        "signal_adjustment",
        sa.Column("id", Identity, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger()),
        sa.Column("multiplier", sa.BigInteger()),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("product_id", "state"):
        op.create_index(f"ix_signal_adjustment_{name}", "signal_adjustment", [name])
    op.create_table(
        "signal_event",
        sa.Column("id", Identity, nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("group_id", "row_id"):
        op.create_index(f"ix_signal_event_{name}", "signal_event", [name])
    op.create_table(
        "forgotten",
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_key"),
    )


def downgrade() -> None:
    """Remove them, and what is in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in ("source_hash", "person_key", "mined_by", "received_at"):
        op.drop_index(f"ix_feedback_{name}", "feedback")
    for name in (*TEXTS, *FLAGS):
        op.drop_column("feedback", name)
