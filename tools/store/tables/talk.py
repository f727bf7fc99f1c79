"""Conversations: what was said, what is being asked, which buttons were offered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.store.tables.types import Identity, UTCDateTime


class ConversationRow(SQLModel, table=True):
    """The memory of one conversation with one person, as JSON."""

    __tablename__ = "conversation"

    id: str = Field(primary_key=True, max_length=200)
    user: str = Field(primary_key=True, max_length=120)
    memory: str = Field(default="{}")
    updated_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class MessageRow(SQLModel, table=True):
    """One turn: what was said, how it was read, what was answered (JSON), once per event id.

    ``attempt`` counts who works on it: 2 took over from a first that died.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation", "event_id"),
        Index("ix_message_conversation_id", "conversation", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    conversation: str = Field(max_length=200)
    event_id: str = Field(max_length=200)
    user: str = Field(max_length=120)
    channel: str = Field(max_length=32)
    text: str = Field(default="")
    answer: str = Field(default="")
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    milliseconds: int = 0
    attempt: int = 1


class ActionRow(SQLModel, table=True):
    """A button that was offered.  States: offered -> claimed -> done | refused, or retired | expired."""

    __tablename__ = "action"

    token: str = Field(primary_key=True, max_length=64)
    conversation: str = Field(index=True, max_length=200)
    user: str = Field(max_length=120)
    offer: str = Field(default="", index=True, max_length=64)
    label: str = Field(max_length=200)
    style: str = Field(default="default", max_length=16)
    intent: str = Field(max_length=64)
    slots: str = Field(default="{}")
    position: int = 0
    state: str = Field(default="offered", max_length=16)
    outcome: str = Field(default="")
    created_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    used_by: str = Field(default="", max_length=120)
