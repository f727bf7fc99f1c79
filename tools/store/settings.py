"""The shop's own choices."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from tools.store import audit
from tools.store.among import table_of
from tools.store.catalogue import CURRENCY_KEY, VERSION_KEY, bump
from tools.store.changes import Actor
from tools.store.engine import Database
from tools.store.tables import SettingRow

RECHECK_SECONDS = 0.25

_SETTING = table_of(SettingRow)


def write_setting(connection: Connection, key: str, value: str) -> None:
    """Keep one choice, inside the caller's write transaction."""
    changed = connection.execute(update(_SETTING).where(_SETTING.c.key == key).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(_SETTING).values(key=key, value=value))
    if key == CURRENCY_KEY:
        bump(connection)


class _Held(NamedTuple):
    values: Mapping[str, str]
    read_at: float
    edition: int


class Settings:
    """The shop's own choices, read once and held; other processes see a change within a moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._edition = 0
        self._held = _Held({}, float("-inf"), 0)

    def get(self, key: str, default: str = "") -> str:
        """The shop's choice, or the default where it made none."""
        return self._current().get(key, default)

    def all(self) -> dict[str, str]:
        """Every choice that the shop made."""
        return {key: value for key, value in self._current().items() if key != VERSION_KEY}

    def set(self, key: str, value: str, *, actor: Actor | None = None, at: datetime | None = None) -> None:
        """Keep one choice; with the person and the instant, the audit tells of it."""
        with self._database.writing() as connection:
            write_setting(connection, key, value)
            if actor is not None and at is not None:
                audit.append(connection, actor, action="setting", subject=key, detail=value, at=at)
        self._edition += 1

    def claim(self, key: str, value: str) -> bool:
        """Set a choice that several processes want to make; true for the one that changed it."""
        with self._database.writing() as connection:
            known = connection.execute(select(_SETTING.c.value).where(_SETTING.c.key == key)).scalar()
            if known != value:
                write_setting(connection, key, value)
        self._edition += 1
        return known != value

    def _current(self) -> Mapping[str, str]:
        held, edition = self._held, self._edition
        if held.edition == edition and time.monotonic() - held.read_at < RECHECK_SECONDS:
            return held.values
        read_at = time.monotonic()
        with self._database.reading() as connection:
            rows = connection.execute(select(_SETTING.c.key, _SETTING.c.value))
            values = {key: value for key, value in rows}  # noqa: C416 - a result is no mapping
        # Read before another thread's change: its edition is old then, and it is not used again.
        self._held = _Held(values, read_at, edition)
        return values
