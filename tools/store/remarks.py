"""What a customer said, as it comes in one by one: written once, and taken back with its group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tools.store.among import plain_text, table_of
from tools.store.changes import BooksError, Change, NoteRemark
from tools.store.entry import Entry
from tools.store.imports_facts import SOURCED
from tools.store.imports_plain import digest
from tools.store.persons import Admitted, WordsDoor
from tools.store.signals_kept import drop_read
from tools.store.tables import FeedbackRow

LONGEST = 10_000
KEY = "noted:"
# Requests about customers' words, by kind.
KINDS = ("noteremark", "correctsignal", "addsignal")
REMARK = table_of(FeedbackRow)
KNOWN = "it was noted before"
# The same words of the same person within these days are one voice.
ONE_VOICE = timedelta(days=3)


def note(entry: Entry, change: NoteRemark) -> None:
    """Write a remark, without personal data; one that is there already is not written again.

    The outcome's document is "remark 17"; its note :data:`KNOWN` tells that it was there.

    Raises:
        BooksError: it is empty, longer than anybody says, about no product of the books, or by
            somebody who asked to be forgotten.
    """
    text = _checked(change)
    at = change.said_at or entry.header.at.replace(tzinfo=None)
    kept = WordsDoor(entry.connection).admit(text, change.customer, at)
    if kept is None:
        raise BooksError("this customer asked to be forgotten")
    row = {
        "row_key": _key(change, entry.header.group_id),
        "received_at": at,
        "channel": plain_text(change.channel)[:40],
        "customer": kept.customer,
        "product_id": entry.good(change.sku).id if change.sku else None,
        "rating": change.rating,
        "text": kept.text,
        "source": plain_text(change.source)[:40],
        "source_hash": kept.text_key,
        "person_key": kept.person,
        "masked": kept.masked,
    }
    known = _known(entry.connection, row, kept)
    number = (
        known or entry.connection.execute(insert(REMARK).values(**row).returning(REMARK.c.id)).scalar_one()
    )
    entry.notes += [KNOWN] if known else []
    entry.documents.append(f"remark {number}")


def without_words(change: Change) -> Change:
    """The change as the audit tells it, which nothing is deleted from: that something was said, not what."""
    if not isinstance(change, NoteRemark):
        return change
    return replace(change, text=f"{len(change.text)} letters", customer="", source_id="")


def _checked(change: NoteRemark) -> str:
    text = plain_text(change.text).strip()
    if not text:
        raise BooksError("there is nothing to note")
    if len(text) > LONGEST:
        raise BooksError(f"a remark has at most {LONGEST:,} letters")
    if change.rating is not None and not 1 <= change.rating <= 5:
        raise BooksError("a rating is a whole number from 1 to 5")
    return text


def _key(change: NoteRemark, group_id: str) -> str:
    return SOURCED + digest(change.source, change.source_id) if change.source_id else KEY + group_id


def _known(connection: Connection, row: dict[str, Any], kept: Admitted) -> int | None:
    """The remark that this is already: by its source's number, or the same words of the same person."""
    same = connection.execute(select(REMARK.c.id).where(REMARK.c.row_key == row["row_key"])).scalar()
    if same is None and kept.person:
        at = row["received_at"]
        query = select(REMARK.c.id).where(
            REMARK.c.person_key == kept.person,
            REMARK.c.source_hash == row["source_hash"],
            REMARK.c.received_at.between(at - ONE_VOICE, at + ONE_VOICE),
        )
        same = connection.execute(query.order_by(REMARK.c.id).limit(1)).scalar()
    return None if same is None else int(same)


def noted(connection: Connection, group_id: str) -> bool:
    """Whether this group wrote a remark that still stands."""
    query = select(REMARK.c.id).where(REMARK.c.row_key == KEY + group_id)
    return connection.execute(query).first() is not None


def take_back(connection: Connection, group_id: str) -> None:
    """A remark noted by mistake goes, with what was read from it; the audit tells that it was there."""
    drop_read(connection, select(REMARK.c.id).where(REMARK.c.row_key == KEY + group_id))
    connection.execute(delete(REMARK).where(REMARK.c.row_key == KEY + group_id))
