"""The life of each purchase order, event by event; every step can be taken back while it is the last."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from tools.store import imports_plain as p
from tools.store.among import table_of
from tools.store.changes import BooksError
from tools.store.entry import Entry
from tools.store.ledger import plain
from tools.store.tables import PurchaseEventRow, PurchaseOrderLineRow, PurchaseOrderRow

ORDER = table_of(PurchaseOrderRow)
LINE = table_of(PurchaseOrderLineRow)
EVENT = table_of(PurchaseEventRow)

STATE_WORDS = {
    "draft": "is a draft",
    "approved": "is approved",
    "ordered": "is ordered",
    "sent": "has been sent",
    "confirmed": "is confirmed",
    "in_transit": "is on its way",
    "partial": "has come in part",
    "received": "has come",
    "closed": "is closed",
    "cancelled": "is cancelled",
}
# What left the house cannot be called back by a button.
_SENT = "send"


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands, with its lines; ``snapshot`` restores it, ``events`` counts what happened."""

    id: int
    po_no: str
    status: str
    ordered_at: date | None
    lines: Sequence[RowMapping]
    events: int
    snapshot: Mapping[str, Any]

    @property
    def state(self) -> str:
        """The state as the rest of a sentence."""
        return STATE_WORDS.get(self.status, f"is {self.status}")


def read_order(entry: Entry, po_no: str) -> Order:
    """The order with this number.

    Raises:
        BooksError: there is none.
    """
    connection = entry.connection
    head = connection.execute(select(ORDER).where(ORDER.c.po_no == po_no)).mappings().first()
    if head is None:
        raise BooksError(f"there is no purchase order {po_no}")
    query = select(LINE).where(LINE.c.purchase_order_id == head["id"]).order_by(LINE.c.line)
    lines = connection.execute(query).mappings().all()
    return Order(
        head["id"],
        po_no,
        head["status"],
        head["ordered_at"],
        lines,
        event_count(connection, head["id"]),
        _snapshot(connection, head["id"]),
    )


def event_count(connection: Connection, key: int) -> int:
    """How much has happened to an order, what was taken back included."""
    query = select(func.count()).select_from(EVENT).where(EVENT.c.purchase_order_id == key)
    return int(connection.execute(query).scalar_one())


def _snapshot(connection: Connection, key: int) -> dict[str, Any]:
    head = connection.execute(p.PURCHASE.select().where(p.PURCHASE.c.id == key)).mappings().one()
    lines = connection.execute(
        p.PURCHASE_LINE.select()
        .where(p.PURCHASE_LINE.c.purchase_order_id == key)
        .order_by(p.PURCHASE_LINE.c.line)
    ).mappings()
    return {
        "order": {name: p.plain(value) for name, value in head.items()},
        "lines": [{name: p.plain(value) for name, value in line.items()} for line in lines],
    }


def write_event(
    entry: Entry, key: int, po_no: str, kind: str, detail: Mapping[str, Any], *, before: Mapping[str, Any]
) -> None:
    """Write down one step; ``before`` is empty for a new order."""
    actor = entry.header.actor
    row = {
        "purchase_order_id": key,
        "group_id": entry.header.group_id,
        "kind": kind,
        "detail": plain(json.dumps(detail, ensure_ascii=False), 1_000_000),
        "before": json.dumps(before),
        "at": entry.header.at,
        "actor": plain(actor.name, 120),
        "channel": plain(actor.channel, 32),
        "undone_by": "",
    }
    entry.connection.execute(insert(EVENT), row)
    entry.documents.append(po_no)


def events_of(connection: Connection, group_id: str) -> Sequence[RowMapping]:
    """The steps that one request made."""
    query = select(EVENT, ORDER.c.po_no).join(ORDER, ORDER.c.id == EVENT.c.purchase_order_id)
    rows = connection.execute(query.where(EVENT.c.group_id == group_id).order_by(EVENT.c.id))
    return rows.mappings().all()


def standing_in_the_way(connection: Connection, events: Sequence[RowMapping]) -> str | None:
    """Why these steps cannot be taken back, as the rest of a sentence; None where they can."""
    for event in events:
        if event["kind"] == _SENT:
            return f"{event['po_no']} has gone to the supplier; cancel it instead, and tell them"
        later = (
            select(EVENT.c.kind, EVENT.c.actor)
            .where(EVENT.c.purchase_order_id == event["purchase_order_id"], EVENT.c.id > event["id"])
            .where(EVENT.c.undone_by == "", EVENT.c.group_id != event["group_id"])
        )
        found = connection.execute(later.limit(1)).first()
        if found:
            return f"more has happened to {event['po_no']} since ({found.kind}, by {found.actor})"
    return None


def take_back(entry: Entry, events: Sequence[RowMapping]) -> None:
    """Put each order back to where it stood before; one that was new is cancelled."""
    for event in reversed(events):
        key, before = event["purchase_order_id"], json.loads(event["before"])
        if before:
            _restore(entry.connection, key, before)
        else:
            entry.connection.execute(update(ORDER).where(ORDER.c.id == key).values(status="cancelled"))
        marked = update(EVENT).where(EVENT.c.id == event["id"])
        entry.connection.execute(marked.values(undone_by=entry.header.group_id))
        entry.documents.append(event["po_no"])


def _restore(connection: Connection, key: int, before: Mapping[str, Any]) -> None:
    values = {name: value for name, value in before["order"].items() if name != "id"}
    connection.execute(p.PURCHASE.update().where(p.PURCHASE.c.id == key).values(**values))
    connection.execute(p.PURCHASE_LINE.delete().where(p.PURCHASE_LINE.c.purchase_order_id == key))
    connection.execute(p.PURCHASE_LINE.insert(), before["lines"])
