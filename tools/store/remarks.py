"""What a customer said, noted by somebody of the shop: written once, and taken back with its group."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from tools.store.among import plain_text, table_of
from tools.store.changes import BooksError, NoteRemark
from tools.store.entry import Entry
from tools.store.tables import FeedbackRow

LONGEST = 2_000
KIND, KEY = "noteremark", "noted:"
REMARK = table_of(FeedbackRow)


def note(entry: Entry, change: NoteRemark) -> None:
    """Write a remark.

    Raises:
        BooksError: it is empty, or longer than anybody says.
    """
    text = plain_text(change.text).strip()
    if not text:
        raise BooksError("there is nothing to note")
    if len(text) > LONGEST:
        raise BooksError(f"a remark has at most {LONGEST:,} letters")
    entry.connection.execute(
        insert(REMARK).values(
            row_key=_key(entry.header.group_id),
            received_at=entry.header.at.replace(tzinfo=None),
            channel=change.channel[:40],
            text=text,
        )
    )
    entry.documents.append("remark")


def noted(connection: Connection, group_id: str) -> bool:
    """Whether this group wrote a remark that still stands."""
    query = select(REMARK.c.id).where(REMARK.c.row_key == _key(group_id))
    return connection.execute(query).first() is not None


def take_back(connection: Connection, group_id: str) -> None:
    """A remark noted by mistake goes: nothing stands on it, and the audit tells that it was there."""
    connection.execute(delete(REMARK).where(REMARK.c.row_key == _key(group_id)))


def _key(group_id: str) -> str:
    return KEY + group_id
