"""Slack: the workspaces that installed the app, installs under way, and events that were answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from tools.store.tables.types import UTCDateTime


class SlackInstallationRow(SQLModel, table=True):
    """One workspace (or a whole organisation: ``team_id`` empty) with the token that it gave."""

    __tablename__ = "slack_installation"

    enterprise_id: str = Field(primary_key=True, max_length=32)
    team_id: str = Field(primary_key=True, max_length=32)
    team_name: str = Field(default="", max_length=120)
    bot_token: str = Field(max_length=400)
    bot_id: str = Field(default="", max_length=32)
    bot_user_id: str = Field(default="", max_length=32)
    scopes: str = Field(default="")
    installed_by: str = Field(default="", max_length=32)
    installed_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class SlackStateRow(SQLModel, table=True):
    """An install that was begun in a browser: good once, for some minutes."""

    __tablename__ = "slack_state"

    state: str = Field(primary_key=True, max_length=64)
    expires_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class SlackEventRow(SQLModel, table=True):
    """An event whose answer was shown: when it comes again, nothing is said."""

    __tablename__ = "slack_event"

    event_id: str = Field(primary_key=True, max_length=200)
    at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False, index=True))
