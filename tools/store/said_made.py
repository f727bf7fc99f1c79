"""How what people do about signals is written, and taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from tools.store.changes import BooksError
from tools.store.entry import Entry
from tools.store.ledger import plain
from tools.store.row_history import RowHistory
from tools.store.said_changes import AddSignal, CorrectSignal, Label, SaidChange
from tools.store.signal_facts import CONFIRMED, POLARITIES, REJECTED, TYPES, URGENCIES
from tools.store.signals_kept import EVENT, REMARK, SIGNAL

HISTORY = RowHistory(EVENT)
PLACE = "signal"
MOST_WORDS = 200


def correct(entry: Entry, change: SaidChange) -> None:
    """Write one change of signals.

    Raises:
        BooksError: what it is about is not there, was judged already, or the label is none.
    """
    match change:
        case CorrectSignal():
            _correct(entry, change)
        case AddSignal():
            _add_missed(entry, change)
        case _:
            assert_never(change)


def _correct(entry: Entry, change: CorrectSignal) -> None:
    row = _row(entry, change.signal)
    if row["state"] == REJECTED:
        raise BooksError("somebody has judged it already")
    by = {"corrected_by": plain(entry.header.actor.name, 120)}
    if change.label.type == "":
        _set(entry, row, {"state": REJECTED, **by})
        return
    values = _values(entry, change.label)
    if all(row[name] == value for name, value in values.items()):
        _set(entry, row, {"state": CONFIRMED, **by})
        return
    kept = ("feedback_id", "mention", "quote_start", "quote_end")
    same_thing = values["product_id"] == row["product_id"] and values["type"] == row["type"]
    wish = {"wish_id": row["wish_id"] if same_thing else None}
    _set(entry, row, {"state": REJECTED, **by})
    _add(entry, {**{name: row[name] for name in kept}, **values, **wish, **by})


def _add_missed(entry: Entry, change: AddSignal) -> None:
    query = select(REMARK.c.id, REMARK.c.text).where(REMARK.c.id == _fits(change.remark))
    row = entry.connection.execute(query).first()
    if row is None:
        raise BooksError(f"there is no remark {change.remark}")
    if change.label.type == "":
        raise BooksError("say what it is")
    end = change.end or len(row.text)
    if not 0 <= change.start < end <= len(row.text):
        raise BooksError("the quote is no part of the text")
    _add(
        entry,
        {
            **_values(entry, change.label),
            "feedback_id": row.id,
            "mention": change.mention[:MOST_WORDS] if change.mention in row.text else "",
            "quote_start": change.start,
            "quote_end": end,
            "corrected_by": plain(entry.header.actor.name, 120),
        },
    )


def _values(entry: Entry, label: Label) -> dict[str, Any]:
    fits = label.type in TYPES and label.polarity in POLARITIES and label.urgency in URGENCIES
    if not fits:
        raise BooksError(f"{label.type}, {label.polarity}, {label.urgency} is no label")
    return {
        "type": label.type,
        "product_id": entry.good(label.sku).id if label.sku else None,
        "polarity": label.polarity,
        "urgency": label.urgency,
        "attribute": plain(label.attribute, MOST_WORDS),
    }


def _add(entry: Entry, values: Mapping[str, Any]) -> None:
    row = {**values, "state": CONFIRMED, "confidence": 1.0}
    number = int(entry.connection.execute(insert(SIGNAL).returning(SIGNAL.c.id), row).scalar_one())
    _note(entry, number, {})


def _row(entry: Entry, number: int) -> RowMapping:
    query = select(SIGNAL).where(SIGNAL.c.id == _fits(number))
    row = entry.connection.execute(query).mappings().first()
    if row is None:
        raise BooksError(f"there is no signal {number}")
    return row


def _fits(number: int) -> int:
    """A number that both databases can compare with; one that is too large is nobody's."""
    return number if 0 < number < 2**31 else 0


def _set(entry: Entry, row: RowMapping, values: Mapping[str, Any]) -> None:
    _note(entry, row["id"], {name: row[name] for name in values})
    entry.connection.execute(update(SIGNAL).where(SIGNAL.c.id == row["id"]).values(**values))


def _note(entry: Entry, number: int, before: Mapping[str, Any]) -> None:
    HISTORY.note(entry, PLACE, number, before)
    entry.documents.append(f"{PLACE} {number}")


# -- taking back ---------------------------------------------------------------------------------


def signal_events(connection: Connection, group_id: str) -> Sequence[RowMapping]:
    """What one request changed here."""
    return HISTORY.of(connection, group_id, (PLACE,))


def signal_blocker(connection: Connection, events: Sequence[RowMapping]) -> str | None:
    """Why these cannot be taken back, as the rest of a sentence; None where they can."""
    for event in events:
        changed = HISTORY.changed_since(connection, event)
        if changed:
            return changed
        if connection.execute(select(SIGNAL.c.id).where(SIGNAL.c.id == event["row_id"])).first() is None:
            return "the words that it was about are gone"
    return None


def take_back_signals(entry: Entry, events: Sequence[RowMapping]) -> None:
    """Put each row back to what it was; what was new goes."""
    for event in reversed(events):
        this, before = SIGNAL.c.id == event["row_id"], json.loads(event["before"])
        changed = update(SIGNAL).values(**before) if before else delete(SIGNAL)
        entry.connection.execute(changed.where(this))
        HISTORY.undone(entry, event)
        entry.documents.append(f"{PLACE} {event['row_id']}")
