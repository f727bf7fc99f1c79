"""Which Slack workspaces installed the app, and which of their events were answered."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, select

from tools.store.among import plain_text, table_of
from tools.store.engine import Database
from tools.store.tables import SlackEventRow, SlackInstallationRow, SlackStateRow

STATE_LIFE = timedelta(minutes=10)
# Slack delivers an event again within the hour; after a long fault of ours, within the day.
EVENT_LIFE = timedelta(days=3)
_KEY_LENGTH = 200

_INSTALLED = table_of(SlackInstallationRow)
_STATE = table_of(SlackStateRow)
_EVENT = table_of(SlackEventRow)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SlackInstallation:
    """One workspace's consent: the token to speak there with, and as whom.

    ``team_id`` is empty where a whole organisation installed the app.
    """

    enterprise_id: str
    team_id: str
    bot_token: str
    installed_at: datetime
    team_name: str = ""
    bot_id: str = ""
    bot_user_id: str = ""
    scopes: str = ""
    installed_by: str = ""

    def __repr__(self) -> str:
        """Without the token."""
        return f"SlackInstallation(team_id={self.team_id!r}, team_name={self.team_name!r})"


class Installations:
    """The workspaces that installed the app."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _utc_now) -> None:
        self._database = database
        self._clock = clock

    def save(self, installation: SlackInstallation) -> None:
        """Keep a workspace's consent; a newer one replaces it."""
        where = _same(installation.enterprise_id, installation.team_id)
        with self._database.writing() as connection:
            connection.execute(delete(_INSTALLED).where(where))
            connection.execute(insert(_INSTALLED).values(**asdict(installation)))

    def find(self, enterprise_id: str, team_id: str) -> SlackInstallation | None:
        """The consent of this workspace, else that of its organisation."""
        for installation in self._all(_INSTALLED.c.team_id == _key(team_id)) if team_id else []:
            return installation
        if not enterprise_id:
            return None
        whole = and_(_INSTALLED.c.enterprise_id == _key(enterprise_id), _INSTALLED.c.team_id == "")
        return next(iter(self._all(whole)), None)

    def every(self) -> list[SlackInstallation]:
        """All workspaces, in the order in which they came."""
        return self._all()

    def remove(self, enterprise_id: str, team_id: str) -> bool:
        """Forget a workspace and its token; false where there was none."""
        gone = [_INSTALLED.c.team_id == _key(team_id)]
        if not team_id:
            gone.append(_INSTALLED.c.enterprise_id == _key(enterprise_id))
        if not (team_id or enterprise_id):
            return False
        with self._database.writing() as connection:
            return connection.execute(delete(_INSTALLED).where(*gone)).rowcount > 0

    def _all(self, *conditions: ColumnElement[bool]) -> list[SlackInstallation]:
        query = select(_INSTALLED).where(*conditions).order_by(_INSTALLED.c.installed_at)
        with self._database.reading() as connection:
            return [SlackInstallation(**row) for row in connection.execute(query).mappings()]

    # -- installs under way ----------------------------------------------------------------------

    def begin(self) -> str:
        """A new install: what the browser brings back with the consent."""
        state, now = secrets.token_urlsafe(24), self._clock()
        with self._database.writing() as connection:
            connection.execute(delete(_STATE).where(_STATE.c.expires_at < now))
            connection.execute(insert(_STATE).values(state=state, expires_at=now + STATE_LIFE))
        return state

    def complete(self, state: str) -> bool:
        """Whether this install was begun here and is not over; true once."""
        fresh = and_(_STATE.c.state == _key(state), _STATE.c.expires_at >= self._clock())
        with self._database.writing() as connection:
            return connection.execute(delete(_STATE).where(fresh)).rowcount == 1

    # -- events ----------------------------------------------------------------------------------

    def was_told(self, event_id: str) -> bool:
        """Whether the answer to this event was shown."""
        query = select(_EVENT.c.event_id).where(_EVENT.c.event_id == _key(event_id))
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def told(self, event_id: str) -> None:
        """The answer to this event was shown; what is days old is forgotten."""
        key, now = _key(event_id), self._clock()
        with self._database.writing(durable=False) as connection:
            connection.execute(delete(_EVENT).where(_EVENT.c.at < now - EVENT_LIFE))
            if connection.execute(select(_EVENT.c.at).where(_EVENT.c.event_id == key)).first() is None:
                connection.execute(insert(_EVENT).values(event_id=key, at=now))


def _same(enterprise_id: str, team_id: str) -> ColumnElement[bool]:
    return and_(_INSTALLED.c.enterprise_id == enterprise_id, _INSTALLED.c.team_id == team_id)


def _key(text: str) -> str:
    """An id from outside as it fits its column."""
    return plain_text(text)[:_KEY_LENGTH]
