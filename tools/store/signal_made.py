"""How what a person decides about signals is written, and taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import assert_never

from sqlalchemy import Connection, RowMapping, Table, select, update

from tools.store.allocate import GOOD
from tools.store.among import plain_text, table_of
from tools.store.changes import BooksError
from tools.store.entry import LOTS, Entry
from tools.store.ledger import plain
from tools.store.row_history import RowHistory
from tools.store.signal_changes import AgreeSignal, DeclineSignal, FreeLot, HoldLot, SignalChange
from tools.store.signal_facts import ADJUSTED, DECLINED, EXPIRED
from tools.store.tables import SignalAdjustmentRow, SignalEventRow

ADJUSTMENT = table_of(SignalAdjustmentRow)
HISTORY = RowHistory(table_of(SignalEventRow))
PLACE, LOT = "adjustment", "lot"
# Where an event points to, and the table of it.
PLACES: Mapping[str, Table] = {PLACE: ADJUSTMENT, LOT: LOTS}
HELD = "quarantined"
OVER = "its days are over"


def decide(entry: Entry, change: SignalChange) -> None:
    """Write what a person decides.

    Raises:
        BooksError: it is not there, was decided already, or its days are over.
    """
    match change:
        case AgreeSignal():
            _decide(entry, change.adjustment, ADJUSTED)
        case DeclineSignal():
            _decide(entry, change.adjustment, DECLINED)
        case HoldLot():
            _set_lot(entry, change.sku, change.lot, HELD)
        case FreeLot():
            _set_lot(entry, change.sku, change.lot, GOOD)
        case _:
            assert_never(change)


def _decide(entry: Entry, number: int, state: str) -> None:
    query = select(ADJUSTMENT).where(ADJUSTMENT.c.id == (number if 0 < number < 2**31 else 0))
    row = entry.connection.execute(query).mappings().first()
    if row is None:
        raise BooksError(f"there is no proposal {number}")
    if row["state"] in (ADJUSTED, DECLINED):
        raise BooksError(f"{row['decided_by']} has decided that already")
    if row["state"] == EXPIRED or row["last_day"] < entry.day:
        raise BooksError(OVER)
    HISTORY.note(entry, PLACE, number, {"state": row["state"], "decided_by": row["decided_by"]})
    changed = update(ADJUSTMENT).where(ADJUSTMENT.c.id == number)
    by = plain(entry.header.actor.name, 120)
    entry.connection.execute(changed.values(state=state, decided_by=by))
    entry.documents.append(f"{PLACE} {number}")


def _set_lot(entry: Entry, sku: str, code: str, status: str) -> None:
    """Every lot of the product with this code: the same code with another expiry is held, too."""
    good = entry.good(sku)
    query = select(LOTS.c.id, LOTS.c.status).where(LOTS.c.product_id == good.id)
    rows = entry.connection.execute(query.where(LOTS.c.code == plain_text(code), LOTS.c.code != "")).all()
    if not rows:
        raise BooksError(f"there is no lot {code} of {sku}")
    changing = [row for row in rows if (row.status == GOOD) != (status == GOOD)]
    if not changing:
        raise BooksError(f"lot {code} is {'free' if status == GOOD else 'held'} already")
    for row in changing:
        HISTORY.note(entry, LOT, int(row.id), {"status": row.status})
        entry.connection.execute(update(LOTS).where(LOTS.c.id == row.id).values(status=status))
    entry.documents.append(f"{LOT} {code}")


# -- taking back ---------------------------------------------------------------------------------


def decisions_of(connection: Connection, group_id: str) -> Sequence[RowMapping]:
    """What one request decided here."""
    return HISTORY.of(connection, group_id, PLACES)


def decision_blocker(connection: Connection, events: Sequence[RowMapping]) -> str | None:
    """Why these cannot be taken back, as the rest of a sentence; None where they can."""
    for event in events:
        changed = HISTORY.changed_since(connection, event)
        if changed:
            return changed
        state = select(ADJUSTMENT.c.state).where(ADJUSTMENT.c.id == event["row_id"])
        if event["place"] == PLACE and connection.execute(state).scalar() == EXPIRED:
            return OVER
    return None


def take_back_decisions(entry: Entry, events: Sequence[RowMapping]) -> None:
    """Put each row back to what it was."""
    for event in reversed(events):
        table = PLACES[event["place"]]
        changed = update(table).where(table.c.id == event["row_id"])
        entry.connection.execute(changed.values(**json.loads(event["before"])))
        HISTORY.undone(entry, event)
        entry.documents.append(f"{event['place']} {event['row_id']}")
