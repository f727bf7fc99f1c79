"""How what people do about alerts is written, and taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, assert_never

from sqlalchemy import Connection, RowMapping, Table, insert, select, update

from tools.store.alert_changes import (
    ActOnIncident,
    AlertChange,
    CreateAlert,
    DropAlert,
    JudgeIncident,
    MuteAlerts,
    SnoozeIncident,
    UnmuteAlerts,
)
from tools.store.among import table_of
from tools.store.changes import BooksError
from tools.store.entry import Entry, check_quantity
from tools.store.ledger import plain
from tools.store.row_history import RowHistory
from tools.store.tables import (
    AlertEventRow,
    AlertMuteRow,
    AlertOpinionRow,
    AlertRuleRow,
    IncidentRow,
)

INCIDENT = table_of(IncidentRow)
RULE = table_of(AlertRuleRow)
MUTE = table_of(AlertMuteRow)
OPINION = table_of(AlertOpinionRow)
HISTORY = RowHistory(table_of(AlertEventRow))

MOST_PRODUCTS = 2_000
MOST_ALERTS = 500
# What somebody takes care of is told again when it still stands after so long, or after its delivery.
ACTED_LASTS = timedelta(days=3)
SNOOZES = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
# Where an event points to, and the table of it.
PLACES: Mapping[str, Table] = {"incident": INCIDENT, "alert": RULE, "mute": MUTE, "opinion": OPINION}
OVER = "that is over already"


def alert(entry: Entry, change: AlertChange) -> None:
    """Write one change of what is told.

    Raises:
        BooksError: what it is about is not there, or not in a state for it.
    """
    match change:
        case CreateAlert():
            _create(entry, change)
        case MuteAlerts():
            _mute(entry, change)
        case DropAlert():
            _drop(entry, "alert", change.alert)
        case UnmuteAlerts():
            _drop(entry, "mute", change.mute)
        case SnoozeIncident():
            _snooze(entry, change)
        case JudgeIncident():
            _judge(entry, change)
        case ActOnIncident():
            _act(entry, change)
        case _:
            assert_never(change)


def _create(entry: Entry, change: CreateAlert) -> None:
    if change.threshold is None:
        raise BooksError("an alert needs a number to compare with")
    check_quantity(change.threshold, or_zero=True)
    standing = select(RULE.c.id).where(RULE.c.dropped_at.is_(None)).limit(MOST_ALERTS)
    if len(entry.connection.execute(standing).all()) >= MOST_ALERTS:
        raise BooksError(f"{MOST_ALERTS} alerts are set already; drop some first")
    if not change.products and not change.category and not change.location:
        raise BooksError("an alert needs a product, a category or a place")
    row = {
        "rule": plain(change.rule, 64),
        "person": plain(entry.header.actor.name, 120),
        **_about(entry, change.products, change.category, change.location),
        "threshold": change.threshold,
        "until": change.until,
        "made_at": entry.header.at,
    }
    _add(entry, "alert", row)


def _mute(entry: Entry, change: MuteAlerts) -> None:
    if change.until is not None and change.until <= entry.header.at:
        raise BooksError("that time has passed already")
    name = plain(entry.header.actor.name, 120)
    row = {
        "rule": plain(change.rule, 64),
        **_about(entry, change.products, change.category, change.location),
        "person": "" if change.everybody else name,
        "until": change.until,
        "made_by": name,
        "made_at": entry.header.at,
    }
    _add(entry, "mute", row)


def _about(entry: Entry, products: Sequence[str], category: str, location: str) -> dict[str, str]:
    """The goods and the place, looked up: what is not there cannot be watched."""
    if len(products) > MOST_PRODUCTS:
        raise BooksError(f"at most {MOST_PRODUCTS:,} products at once")
    skus = sorted({entry.good(sku).sku for sku in products})
    place = entry.place(location).code if location else ""
    return {"products": json.dumps(skus), "category": plain(category, 120), "location": place}


def _add(entry: Entry, place: str, row: Mapping[str, Any]) -> None:
    table = PLACES[place]
    number = int(entry.connection.execute(insert(table).returning(table.c.id), row).scalar_one())
    _note(entry, place, number, {})


def _drop(entry: Entry, place: str, number: int) -> None:
    table = PLACES[place]
    row = entry.connection.execute(select(table).where(table.c.id == _fits(number))).mappings().first()
    if row is None or row["dropped_at"] is not None:
        raise BooksError(f"there is no {place} {number} any more" if row else f"there is no {place} {number}")
    _note(entry, place, number, {"dropped_at": None})
    entry.connection.execute(update(table).where(table.c.id == number).values(dropped_at=entry.header.at))


def _snooze(entry: Entry, change: SnoozeIncident) -> None:
    row = _live(entry, change.incident)
    _set(entry, row, {"state": "snoozed", "snoozed_until": _wakes(entry, row, change)}, "snoozed")


def _wakes(entry: Entry, row: RowMapping, change: SnoozeIncident) -> datetime:
    at = entry.header.at
    if change.until != "delivery":
        return at + SNOOZES[change.until]
    over = _delivered(entry, row)
    if over is None:
        raise BooksError("I know of no delivery that would mend it")
    return max(over, at + SNOOZES["hour"])


def _delivered(entry: Entry, row: RowMapping) -> datetime | None:
    """When the day of the delivery that mends it is over."""
    if row["delivery"] is None:
        return None
    return datetime.combine(row["delivery"] + timedelta(days=1), time(0), entry.header.at.tzinfo)


def _judge(entry: Entry, change: JudgeIncident) -> None:
    row = _incident(entry, change.incident)
    opinion = {
        "incident_id": row["id"],
        "rule": row["rule"],
        "subject": row["subject"],
        "person": plain(entry.header.actor.name, 120),
        "useful": change.useful,
        "value": row["value"],
        "made_at": entry.header.at,
    }
    _add(entry, "opinion", opinion)
    entry.documents[-1] = f"incident {row['id']}"


def _act(entry: Entry, change: ActOnIncident) -> None:
    row = _live(entry, change.incident)
    handled = plain(change.how, 200)
    until = max(entry.header.at + ACTED_LASTS, _delivered(entry, row) or entry.header.at)
    _set(entry, row, {"state": "acted", "snoozed_until": until, "handled": handled}, handled)


def _set(entry: Entry, row: RowMapping, values: Mapping[str, Any], how: str) -> None:
    kept = ("state", "snoozed_until", "handled_by", "handled")
    _note(entry, "incident", row["id"], {name: _plain(row[name]) for name in kept})
    by = {"handled_by": plain(entry.header.actor.name, 120), "handled": how}
    changed = update(INCIDENT).where(INCIDENT.c.id == row["id"])
    entry.connection.execute(changed.values(**{**by, **values}))


def _live(entry: Entry, number: int) -> RowMapping:
    row = _incident(entry, number)
    if row["state"] == "resolved":
        raise BooksError(OVER)
    return row


def _incident(entry: Entry, number: int) -> RowMapping:
    query = select(INCIDENT).where(INCIDENT.c.id == _fits(number))
    row = entry.connection.execute(query).mappings().first()
    if row is None:
        raise BooksError(f"there is no incident {number}")
    return row


def _fits(number: int) -> int:
    """A number that both databases can compare with; one that is too large is nobody's."""
    return number if 0 < number < 2**31 else 0


def _note(entry: Entry, place: str, number: int, before: Mapping[str, Any]) -> None:
    HISTORY.note(entry, place, number, before)
    entry.documents.append(f"{place} {number}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


# -- taking back ---------------------------------------------------------------------------------


def alert_events(connection: Connection, group_id: str) -> Sequence[RowMapping]:
    """What one request changed here."""
    return HISTORY.of(connection, group_id, PLACES)


def alert_blocker(connection: Connection, events: Sequence[RowMapping]) -> str | None:
    """Why these cannot be taken back, as the rest of a sentence; None where they can."""
    for event in events:
        changed = HISTORY.changed_since(connection, event)
        if changed:
            return changed
        if event["place"] == "incident" and _is_over(connection, event["row_id"]):
            return OVER
    return None


def _is_over(connection: Connection, number: int) -> bool:
    query = select(INCIDENT.c.state).where(INCIDENT.c.id == number)
    return connection.execute(query).scalar() == "resolved"


def take_back_alerts(entry: Entry, events: Sequence[RowMapping]) -> None:
    """Put each row back to what it was; what was new is dropped."""
    for event in reversed(events):
        table, before = PLACES[event["place"]], json.loads(event["before"])
        values = {name: _read(name, value) for name, value in before.items()}
        values = values or {"dropped_at": entry.header.at}
        entry.connection.execute(update(table).where(table.c.id == event["row_id"]).values(**values))
        HISTORY.undone(entry, event)
        entry.documents.append(f"{event['place']} {event['row_id']}")


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name.endswith("_until") and value else value
