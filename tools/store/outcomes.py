"""Requests take effect once: the outcome of each is kept, and told again when it is asked again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from tools.store.changes import Applied, Batch, BooksError, Change, Effect, UndoableChange
from tools.store.ledger import Header, plain
from tools.store.tables import RequestRow

REQUESTS = RequestRow.__table__  # type: ignore[attr-defined]
_BY_ID = select(REQUESTS.c.fingerprint, REQUESTS.c.outcome).where(
    REQUESTS.c.request_id == bindparam("wanted")
)
_INSERT = insert(REQUESTS)
_LONGEST = 200
UNDO = "undo"


def request_key(request_id: str) -> str:
    """The request's id as it is kept; a very long or unprintable one by its hash."""
    if not request_id:
        raise BooksError("a change needs a request id")
    if len(request_id) <= _LONGEST and request_id.isprintable():
        return request_id
    return "sha256:" + hashlib.sha256(request_id.encode("utf-8", "surrogatepass")).hexdigest()


def spelled(change: Change, **more: str) -> str:
    """The change as JSON; equal changes are spelled equally ("3" and "3.000" are the same)."""
    return json.dumps({**_fields(change), **more}, sort_keys=True, default=_spell)


def _fields(change: Change) -> dict[str, Any]:
    if isinstance(change, Batch):
        return {"change": "Batch", "steps": [_fields(step) for step in change.steps]}
    return {"change": type(change).__name__, **dataclasses.asdict(change)}


def _spell(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def fingerprint(change: Change) -> str:
    """What tells one change from another under the same request id."""
    return hashlib.sha256(spelled(change).encode()).hexdigest()


def find(connection: Connection, request_id: str) -> tuple[str, Applied] | None:
    """The fingerprint and the outcome of a request that took effect."""
    row = connection.execute(_BY_ID, {"wanted": request_key(request_id)}).first()
    return None if row is None else (row.fingerprint, from_json(row.outcome))


def again(connection: Connection, request_id: str, change: Change) -> Applied | None:
    """The first outcome of this request; None where it has none yet.

    Raises:
        BooksError: the id belongs to another change.
    """
    known = find(connection, request_id)
    if known is None:
        return None
    if known[0] != fingerprint(change):
        raise BooksError("another change was made under the same request id")
    return dataclasses.replace(known[1], repeated=True)


def keep(connection: Connection, header: Header, change: Change, applied: Applied) -> None:
    """Write down that this request took effect, and how."""
    row = {
        "request_id": header.request_id,
        "fingerprint": fingerprint(change),
        "kind": applied.summary,
        "outcome": to_json(applied),
        "conversation": plain(header.actor.conversation, 200),
        "actor": plain(header.actor.name, 120),
        "position": applied.position,
        "group_id": header.group_id,
        "undone_by": "",
        "created_at": header.at,
    }
    connection.execute(_INSERT, row)


def mark_undone(connection: Connection, group_id: str, undone_by: str) -> None:
    """Remember which group reversed this one."""
    connection.execute(update(REQUESTS).where(REQUESTS.c.group_id == group_id).values(undone_by=undone_by))


def undoable(connection: Connection, conversation: str, actor_name: str, limit: int) -> list[UndoableChange]:
    """The latest changes of one person in one conversation that still stand, newest first."""
    columns = REQUESTS.c
    rows = connection.execute(
        select(columns.group_id, columns.created_at, columns.actor, columns.outcome)
        .where(columns.conversation == plain(conversation, 200), columns.actor == plain(actor_name, 120))
        .where(columns.undone_by == "", columns.kind != UNDO)
        .order_by(columns.position.desc(), columns.created_at.desc())
        .limit(limit)
    )
    return [UndoableChange(row.group_id, row.created_at, row.actor, from_json(row.outcome)) for row in rows]


def to_json(applied: Applied) -> str:
    """The outcome as it is kept."""
    return json.dumps(dataclasses.asdict(applied), default=_spell)


def from_json(text: str) -> Applied:
    """An outcome as it was kept."""
    fields = json.loads(text)
    effects = tuple(
        Effect(
            effect["sku"],
            effect["location"],
            Decimal(effect["before"]),
            Decimal(effect["after"]),
            tuple(effect["lots"]),
        )
        for effect in fields.pop("effects")
    )
    texts = {name: tuple(fields.get(name, ())) for name in ("notes", "documents")}
    return Applied(**{**fields, **texts, "effects": effects})
