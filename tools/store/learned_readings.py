"""Messages whose reading people confirmed: what this shop's understanding can be trained from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from tools.store.among import only, plain_text, table_of
from tools.store.engine import Database
from tools.store.tables import ConfirmedReadingRow

# A reading that was picked counts from so many times on; one that was said yes to at once.
PICKS_ENOUGH = 2
MOST_READINGS = 2_000
LONGEST = 300

_READING = table_of(ConfirmedReadingRow)


@dataclass(frozen=True, slots=True)
class ConfirmedReading:
    """A message with its names masked and the intent that it has; ``how`` is picked or yes."""

    text: str
    intent: str
    slots: Mapping[str, Any]
    how: str
    times: int
    confirmed_at: datetime


class ConfirmedReadings:
    """Messages whose reading people confirmed, at most ``MOST_READINGS``, without who said them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[ConfirmedReading]:
        """Those that count, the oldest first."""
        query = (
            select(_READING).where(_READING.c.times >= PICKS_ENOUGH)
            .order_by(_READING.c.confirmed_at, _READING.c.id)
        )  # fmt: skip
        with self._database.reading() as connection:
            return [_reading(row) for row in connection.execute(query)]

    def confirm(self, text: str, intent: str, slots: Mapping[str, Any], how: str, at: datetime) -> None:
        """Somebody said that the message is meant so; the latest reading that counts is the only one."""
        said = plain_text(text)
        if not said or len(said) > LONGEST:
            return
        told = {"slots": json.dumps(dict(slots), ensure_ascii=False, default=str), "how": how}
        row = {"text": said, "intent": intent, "confirmed_at": at, **told}
        with self._database.writing(durable=False) as connection:
            if _raise(connection, row, PICKS_ENOUGH if how == "yes" else 1) >= PICKS_ENOUGH:
                others = delete(_READING).where(_READING.c.text == said, _READING.c.intent != intent)
                connection.execute(others)
            _make_room(connection)

    def withdraw(self, text: str, intent: str) -> None:
        """What was said yes to was taken back at once: it proves nothing."""
        with self._database.writing(durable=False) as connection:
            connection.execute(
                delete(_READING).where(_READING.c.text == plain_text(text), _READING.c.intent == intent)
            )

    def clear(self) -> int:
        """Forget all of them; how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(_READING)).rowcount


def _reading(row: Any) -> ConfirmedReading:
    slots = json.loads(row.slots)
    return ConfirmedReading(row.text, row.intent, slots, row.how, row.times, row.confirmed_at)


def _raise(connection: Connection, row: Mapping[str, Any], weight: int) -> int:
    """One confirmation more; how many there are now."""
    mine = (_READING.c.text == row["text"], _READING.c.intent == row["intent"])
    raised = update(_READING).where(*mine).values(**row, times=_READING.c.times + weight)
    times = connection.execute(raised.returning(_READING.c.times)).scalar()
    if times is None:
        connection.execute(insert(_READING).values(**row, times=weight))
    return int(times or weight)


def _make_room(connection: Connection) -> None:
    latest = select(_READING.c.id).order_by(_READING.c.confirmed_at.desc(), _READING.c.id.desc())
    old = list(connection.execute(latest.offset(MOST_READINGS)).scalars())
    if old:
        connection.execute(delete(_READING).where(*only(_READING.c.id, old)))
