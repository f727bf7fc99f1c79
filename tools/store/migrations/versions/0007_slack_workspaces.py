"""Slack workspaces that installed the app, installs under way, and events that were answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "slack_installation",
        sa.Column("enterprise_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("team_name", sa.String(length=120), nullable=False),
        sa.Column("bot_token", sa.String(length=400), nullable=False),
        sa.Column("bot_id", sa.String(length=32), nullable=False),
        sa.Column("bot_user_id", sa.String(length=32), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("installed_by", sa.String(length=32), nullable=False),
        sa.Column("installed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id", "team_id"),
    )
    op.create_table(
        "slack_state",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("state"),
    )
    op.create_table(
        "slack_event",
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("ix_slack_event_at", "slack_event", ["at"])


def downgrade() -> None:
    """Remove the tables, and what is in them."""
    for table in ("slack_event", "slack_state", "slack_installation"):
        op.drop_table(table)
