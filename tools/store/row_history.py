"""What rows were before a request changed them, so that it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, insert, select, update

from tools.store.entry import Entry
from tools.store.ledger import plain


@dataclass(frozen=True, slots=True)
class RowHistory:
    """The events of one area.  An event names a row by its ``place`` (a kind of row) and its number."""

    events: Table

    def note(self, entry: Entry, place: str, number: int, before: Mapping[str, Any]) -> None:
        """Keep the fields that are about to change as they are; none of them means: the row is new."""
        row = {
            "group_id": entry.header.group_id,
            "place": place,
            "row_id": number,
            "before": json.dumps(before),
            "at": entry.header.at,
            "actor": plain(entry.header.actor.name, 120),
            "undone_by": "",
        }
        entry.connection.execute(insert(self.events), row)

    def of(self, connection: Connection, group_id: str, places: Collection[str]) -> Sequence[RowMapping]:
        """What one request changed of these kinds of rows, oldest first."""
        event = self.events.c
        query = select(self.events).where(event.group_id == group_id, event.place.in_(tuple(places)))
        return connection.execute(query.order_by(event.id)).mappings().all()

    def changed_since(self, connection: Connection, event: RowMapping) -> str | None:
        """Who changed the row after it, as the rest of a sentence; None where nobody did."""
        later = self.events.c
        query = (
            select(later.actor)
            .where(later.place == event["place"], later.row_id == event["row_id"])
            .where(later.id > event["id"], later.undone_by == "", later.group_id != event["group_id"])
        )
        found = connection.execute(query.limit(1)).first()
        return f"{found.actor} has changed it since" if found else None

    def undone(self, entry: Entry, event: RowMapping) -> None:
        """The event was taken back by this request."""
        marked = update(self.events).where(self.events.c.id == event["id"])
        entry.connection.execute(marked.values(undone_by=entry.header.group_id))
