"""What the assistant speaks up about: incidents, the messages about them, and what people want told."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES, Identity, Scaled, UTCDateTime


class IncidentRow(SQLModel, table=True):
    """One rule, thing and place that needs a person.

    States: open -> notified -> snoozed | acted -> resolved.  ``open_key`` is the key while it is not
    resolved, so that there is one of it.  ``news_at`` is when there last was something new to tell:
    opened, opened again, woken or more urgent; ``tellings`` counts these.  ``products`` (JSON) are
    the SKUs it is about, ``reply`` (JSON) is what is told, ``who`` the only person to be told.
    """

    __tablename__ = "incident"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    key: str = Field(index=True, max_length=300)
    open_key: str | None = Field(default=None, unique=True, max_length=300)
    rule: str = Field(max_length=64)
    subject: str = Field(max_length=200)
    location: str = Field(default="", max_length=64)
    state: str = Field(default="open", index=True, max_length=12)
    urgency: str = Field(max_length=8)
    needs: str = Field(max_length=40)
    value: Decimal = Field(sa_column=Column(Scaled(MONEY_PLACES), nullable=False))
    products: str = Field(default="[]")
    delivery: date | None = None
    who: str = Field(default="", max_length=120)
    reply: str
    opened_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    news_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    tellings: int = 1
    told_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    snoozed_until: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    resolved_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    handled_by: str = Field(default="", max_length=120)
    handled: str = Field(default="", max_length=200)


class OutboxRow(SQLModel, table=True):
    """One message to one person in one chat, or (``channel`` empty) what stood in a digest of theirs.

    States: waiting -> claimed -> sent | dead, or dropped where it was over before it was sent.
    ``due_at`` is by the shop's clock, ``not_before`` and ``claimed_until`` by the real one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_queue", "channel", "state", "due_at"),
        Index("ix_outbox_person", "person", "created_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    dedupe_key: str = Field(unique=True, max_length=200)
    kind: str = Field(max_length=12)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    person: str = Field(max_length=120)
    channel: str = Field(max_length=32)
    recipient: str = Field(max_length=200)
    conversation: str = Field(max_length=200)
    state: str = Field(default="waiting", max_length=12)
    answer: str
    created_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    due_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    not_before: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    attempts: int = 0
    claimed_by: str = Field(default="", max_length=64)
    claimed_until: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    reference: str = Field(default="", max_length=200)
    error: str = Field(default="", max_length=300)
    sent_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class AlertRuleRow(SQLModel, table=True):
    """What a person asked to be told of ("tell me when red mugs drop below 20"); ``products`` is JSON."""

    __tablename__ = "alert_rule"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    rule: str = Field(max_length=64)
    person: str = Field(index=True, max_length=120)
    products: str = Field(default="[]")
    category: str = Field(default="", max_length=120)
    location: str = Field(default="", max_length=64)
    threshold: Decimal | None = Field(default=None, sa_column=Column(Scaled(QUANTITY_PLACES)))
    until: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    made_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class AlertMuteRow(SQLModel, table=True):
    """What is not told for a while; an empty field means all of them, no ``until`` for good."""

    __tablename__ = "alert_mute"

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    rule: str = Field(default="", max_length=64)
    products: str = Field(default="[]")
    category: str = Field(default="", max_length=120)
    location: str = Field(default="", max_length=64)
    person: str = Field(default="", max_length=120)
    until: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    made_by: str = Field(max_length=120)
    made_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class AlertOpinionRow(SQLModel, table=True):
    """Whether a person found an incident useful; ``value`` is what was at stake then."""

    __tablename__ = "alert_opinion"
    __table_args__ = (Index("ix_alert_opinion_about", "rule", "subject"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    incident_id: int = Field(foreign_key="incident.id")
    rule: str = Field(max_length=64)
    subject: str = Field(max_length=200)
    person: str = Field(max_length=120)
    useful: bool
    value: Decimal = Field(sa_column=Column(Scaled(MONEY_PLACES), nullable=False))
    made_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class AlertEventRow(SQLModel, table=True):
    """One change that a person made here; ``before`` (JSON) puts the row of ``place`` back."""

    __tablename__ = "alert_event"
    __table_args__ = (Index("ix_alert_event_row", "place", "row_id"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    group_id: str = Field(index=True, max_length=32)
    place: str = Field(max_length=16)
    row_id: int
    before: str
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    actor: str = Field(max_length=120)
    undone_by: str = Field(default="", max_length=32)
