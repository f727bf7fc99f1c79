"""What the shop taught the assistant: its own words, its usual choices, readings that were confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from tools.store.tables.types import Identity, UTCDateTime


class LearnedNameRow(SQLModel, table=True):
    """A word of the shop and what it means.

    ``origin``: taught (somebody said so) or chosen (asked which, people answered the same
    ``times``).  ``code`` is no foreign key: what it means may be removed by an import, and come
    back.  ``before`` is what a taught one replaced ("kind:code"), or names the things that a chosen
    one was chosen from.
    """

    __tablename__ = "learned_name"
    # A number is never given twice: an old Undo button must not meet another word.
    __table_args__ = (UniqueConstraint("key", "origin"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    key: str = Field(max_length=120)
    words: str = Field(max_length=120)
    kind: str = Field(max_length=16)
    code: str = Field(max_length=64)
    origin: str = Field(max_length=8)
    times: int = 0
    off: bool = False
    used: int = 0
    used_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    learned_by: str = Field(max_length=120)
    learned_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    request_id: str = Field(default="", max_length=200)
    before: str = Field(default="", max_length=100)


class ConfirmedReadingRow(SQLModel, table=True):
    """A message with its names masked, and the intent that people said it has, ``times``."""

    __tablename__ = "confirmed_reading"
    __table_args__ = (UniqueConstraint("text", "intent"),)

    id: int | None = Field(default=None, sa_column=Column(Identity, primary_key=True))
    text: str = Field(max_length=300)
    intent: str = Field(max_length=64)
    slots: str = Field(default="{}")
    how: str = Field(max_length=8)
    times: int = 0
    confirmed_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
