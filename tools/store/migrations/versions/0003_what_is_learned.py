"""What the assistant learned from the shop: words, choices, confirmed readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "confirmed_reading",
        sa.Column("id", Identity, nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("slots", sa.String(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("text", "intent"),
    )
    op.create_table(
        "learned_name",
        sa.Column("id", Identity, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("learned_by", sa.String(length=120), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", "origin"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove the tables, and what is in them."""
    op.drop_table("learned_name")
    op.drop_table("confirmed_reading")
