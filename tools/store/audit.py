"""Who did what, when, in a chain of hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from tools.store.changes import Actor
from tools.store.engine import Database
from tools.store.facts import AuditEvent
from tools.store.tables import AuditRow

EVENTS = AuditRow.__table__  # type: ignore[attr-defined]
_LAST = select(EVENTS.c.hash).order_by(EVENTS.c.id.desc()).limit(1)
_APPEND = insert(EVENTS)
_GENESIS = "0" * 64


def append(
    connection: Connection, actor: Actor, *, action: str, subject: str, detail: str, at: datetime
) -> None:
    """Add one event to the end of the chain, inside the caller's write transaction."""
    previous = connection.execute(_LAST).scalar() or _GENESIS
    event = {
        "at": at.astimezone(UTC),
        "actor": _plain(actor.name, 120),
        "channel": _plain(actor.channel, 32),
        "action": _plain(action, 64),
        "subject": _plain(subject, 200),
        "detail": _plain(detail, None),
    }
    connection.execute(_APPEND, {**event, "previous_hash": previous, "hash": _hash(previous, event)})


def _plain(text: str, size: int | None) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:size]


def _hash(previous: str, event: dict[str, Any]) -> str:
    said = [previous, event["at"].isoformat(timespec="microseconds")]
    said += [event[key] for key in ("actor", "channel", "action", "subject", "detail")]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class Audit:
    """Who did what, when, in a chain of hashes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(
        self, actor: str, action: str, subject: str, detail: str, at: datetime, *, channel: str = ""
    ) -> None:
        """Add one event that belongs to no change of the books."""
        with self._database.writing() as connection:
            who = Actor(actor, channel)
            append(connection, who, action=action, subject=subject, detail=detail, at=at)

    def rows(self, limit: int = 100, *, subject: str | None = None) -> Sequence[AuditEvent]:
        """The latest events, newest first; with ``subject`` only those about it."""
        query = select(EVENTS).order_by(EVENTS.c.id.desc()).limit(limit)
        if subject is not None:
            query = query.where(EVENTS.c.subject == subject)
        with self._database.reading() as connection:
            return [
                AuditEvent(row.id, row.at, row.actor, row.channel, row.action, row.subject, row.detail)
                for row in connection.execute(query)
            ]

    def verify(self) -> int | None:
        """The number of the first event that was tampered with; None where the chain holds."""
        with self._database.reading() as connection:
            return first_broken(connection)


def first_broken(connection: Connection) -> int | None:
    """The number of the first event whose hash does not follow from it and the one before."""
    previous = _GENESIS
    for row in connection.execute(select(EVENTS).order_by(EVENTS.c.id)).mappings():
        if row["previous_hash"] != previous or row["hash"] != _hash(previous, dict(row)):
            return int(row["id"])
        previous = row["hash"]
    return None
