"""Incidents, the messages about them, and what people want told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
TABLES = ("incident", "outbox", "alert_rule", "alert_mute", "alert_opinion", "alert_event")


def upgrade() -> None:
    """Make the tables."""
    _incidents()
    _outbox()
    _wishes()
    _opinions()


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("id", Identity, nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("open_key", sa.String(length=300)),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("urgency", sa.String(length=8), nullable=False),
        sa.Column("needs", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("products", sa.String(), nullable=False),
        sa.Column("delivery", sa.Date()),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("news_at", Instant, nullable=False),
        sa.Column("tellings", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant),
        sa.Column("snoozed_until", Instant),
        sa.Column("resolved_at", Instant),
        sa.Column("handled_by", sa.String(length=120), nullable=False),
        sa.Column("handled", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_key"),
    )
    op.create_index("ix_incident_key", "incident", ["key"])
    op.create_index("ix_incident_state", "incident", ["state"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", Identity, nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("incident_id", sa.Integer()),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("not_before", Instant),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=False),
        sa.Column("claimed_until", Instant),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("sent_at", Instant),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe_key"),
    )
    op.create_index("ix_outbox_incident_id", "outbox", ["incident_id"])
    op.create_index("ix_outbox_person", "outbox", ["person", "created_at"])
    op.create_index("ix_outbox_queue", "outbox", ["channel", "state", "due_at"])


def _wishes() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", Identity, nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("products", sa.String(), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("threshold", sa.BigInteger()),
        sa.Column("until", Instant),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("dropped_at", Instant),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alert_rule_person", "alert_rule", ["person"])
    op.create_table(
        "alert_mute",
        sa.Column("id", Identity, nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("products", sa.String(), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("until", Instant),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("dropped_at", Instant),
        sa.PrimaryKeyConstraint("id"),
    )


def _opinions() -> None:
    op.create_table(
        "alert_opinion",
        sa.Column("id", Identity, nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=120), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("dropped_at", Instant),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alert_opinion_about", "alert_opinion", ["rule", "subject"])
    op.create_table(
        "alert_event",
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
    op.create_index("ix_alert_event_group_id", "alert_event", ["group_id"])
    op.create_index("ix_alert_event_row", "alert_event", ["place", "row_id"])


def downgrade() -> None:
    """Remove the tables, and what is in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
