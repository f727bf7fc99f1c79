"""Posting messages inside a transaction of somebody else's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from tools.store.among import only, table_of
from tools.store.incidents_facts import ALERT, FOLDED, Letter, Pushed
from tools.store.ledger import plain
from tools.store.tables import OutboxRow
from tools.store.talk import write_offer

OUTBOX = table_of(OutboxRow)


def post(connection: Connection, letters: Iterable[Letter], at: datetime) -> int:
    """Add messages and their buttons; one that was posted before is left as it is.  How many are new."""
    wanted = {letter.dedupe_key: letter for letter in letters}
    if not wanted:
        return 0
    known = select(OUTBOX.c.dedupe_key).where(*only(OUTBOX.c.dedupe_key, list(wanted)))
    for key in connection.execute(known).scalars():
        del wanted[key]
    if wanted:
        connection.execute(insert(OUTBOX), [_row(letter, at) for letter in wanted.values()])
        write_offer(connection, [action for letter in wanted.values() for action in letter.actions], at)
    return len(wanted)


def pushed_since(connection: Connection, since: datetime) -> tuple[Pushed, ...]:
    """Who is or was told of which incident by a message of its own."""
    columns = (OUTBOX.c.dedupe_key, OUTBOX.c.person, OUTBOX.c.incident_id, OUTBOX.c.due_at)
    query = select(*columns).where(OUTBOX.c.kind == ALERT, OUTBOX.c.created_at >= since)
    rows = connection.execute(query.where(OUTBOX.c.state != "dropped"))
    return tuple(Pushed(*row) for row in rows)


def _row(letter: Letter, at: datetime) -> dict[str, Any]:
    return {
        "dedupe_key": letter.dedupe_key,
        "kind": letter.kind,
        "incident_id": letter.incident,
        "person": plain(letter.person, 120),
        "channel": letter.channel,
        "recipient": plain(letter.recipient, 200),
        "conversation": plain(letter.conversation, 200),
        "state": FOLDED if letter.kind == FOLDED else "waiting",
        "answer": letter.answer,
        "created_at": at,
        "due_at": letter.due_at,
    }
