"""How what is told of a vehicle's upkeep is written, and taken back."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, assert_never

from sqlalchemy import Connection, RowMapping, Table, insert, select, update

from tools.store.among import plain_text, table_of
from tools.store.changes import BooksError
from tools.store.entry import Entry
from tools.store.ledger import plain
from tools.store.row_history import RowHistory
from tools.store.tables import (
    UpkeepEventRow,
    VehicleDefectRow,
    VehicleFaultRow,
    VehicleReadingRow,
    VehicleRow,
    VehicleServiceRow,
    WorkshopBookingRow,
)
from tools.store.upkeep_changes import (
    BookWorkshop,
    CancelWorkshop,
    Measured,
    MendVehicle,
    NoteDefect,
    NoteFaults,
    NoteOdometer,
    NoteReadings,
    NoteService,
    UpkeepChange,
    UpkeepSteps,
)
from tools.store.upkeep_facts import ODOMETER, READING_KINDS, SEVERITIES

VEHICLE = table_of(VehicleRow)
SERVICE = table_of(VehicleServiceRow)
READING = table_of(VehicleReadingRow)
FAULT = table_of(VehicleFaultRow)
DEFECT = table_of(VehicleDefectRow)
BOOKING = table_of(WorkshopBookingRow)
HISTORY = RowHistory(table_of(UpkeepEventRow))
# Where an event points to, and the table of it.
PLACES: Mapping[str, Table] = {
    "service": SERVICE,
    "reading": READING,
    "fault": FAULT,
    "defect": DEFECT,
    "booking": BOOKING,
}
CODE = re.compile(r"[PCBU][0-3][0-9A-F]{3}")
MOST_KM = Decimal(5_000_000)
MOST_READINGS = 1_000
MOST_STEPS = 50
TOLD_AHEAD = timedelta(days=1)


def upkeep(entry: Entry, change: UpkeepChange) -> None:  # noqa: C901 - one line for each kind
    """Write one change of a vehicle's upkeep.

    Raises:
        BooksError: there is no such vehicle, or the figure is none that it can have.
    """
    match change:
        case UpkeepSteps():
            _steps(entry, change)
        case NoteOdometer():
            _readings(entry, change.vehicle, (Measured(ODOMETER, change.km, change.at),))
        case NoteReadings():
            _readings(entry, change.vehicle, change.readings)
        case NoteService():
            _service(entry, change)
        case NoteDefect():
            _defect(entry, change)
        case NoteFaults():
            _faults(entry, change)
        case MendVehicle():
            _mend(entry, change)
        case BookWorkshop():
            _book(entry, change)
        case CancelWorkshop():
            _cancel(entry, change)
        case _:
            assert_never(change)


def _steps(entry: Entry, change: UpkeepSteps) -> None:
    if not change.steps or len(change.steps) > MOST_STEPS:
        raise BooksError("there is nothing to note" if not change.steps else "that is too much at once")
    for step in change.steps:
        upkeep(entry, step)


def _vehicle(entry: Entry, code: str) -> int:
    query = select(VEHICLE.c.id).where(VEHICLE.c.code == plain_text(code), VEHICLE.c.active)
    found = entry.connection.execute(query).scalar()
    if found is None:
        raise BooksError(f"there is no vehicle {code}")
    entry.documents.append(code)
    return int(found)


def _readings(entry: Entry, code: str, readings: Sequence[Measured]) -> None:
    key = _vehicle(entry, code)
    if not readings or len(readings) > MOST_READINGS:
        raise BooksError(f"1 to {MOST_READINGS:,} readings at once, not {len(readings):,}")
    for one in readings:
        _check_reading(entry, one)
        row = {
            "vehicle_id": key,
            "kind": one.kind,
            "read_at": one.at,
            "value": one.value,
            "ambient": one.ambient,
        }
        _add(entry, "reading", row)


def _check_reading(entry: Entry, one: Measured) -> None:
    if one.kind not in READING_KINDS:
        raise BooksError(f"a reading is one of {', '.join(READING_KINDS)}, not {one.kind}")
    _check_past(entry, one.at.date())
    if one.kind == ODOMETER:
        _check_km(one.value)
    for value in (one.value, one.ambient):
        if value is not None and (not value.is_finite() or abs(value) > MOST_KM or value.scaleb(3) % 1):
            raise BooksError(f"{value} is no reading that the books can hold")


def _check_km(km: Decimal) -> None:
    if not km.is_finite() or not 0 <= km <= MOST_KM or km.scaleb(3) % 1:
        raise BooksError(f"{km} is no number of kilometres that a vehicle can have")


def _check_past(entry: Entry, day: date) -> None:
    if day > entry.day + TOLD_AHEAD:
        raise BooksError(f"{day} is still to come")


def _service(entry: Entry, change: NoteService) -> None:
    key = _vehicle(entry, change.vehicle)
    _check_past(entry, change.day)
    if not change.parts:
        raise BooksError("say what was done")
    if change.km is not None:
        _check_km(change.km)
    for part in change.parts:
        row = {
            "vehicle_id": key,
            "part": plain(part, 64),
            "done_on": change.day,
            "odometer_km": change.km,
            "failed": change.failed,
            "cost": None,
            "note": plain(change.note, 300),
        }
        _add(entry, "service", row)


def _defect(entry: Entry, change: NoteDefect) -> None:
    key, text = _vehicle(entry, change.vehicle), plain(change.text, 300).strip()
    if not text:
        raise BooksError("say what is wrong")
    if change.severity not in SEVERITIES:
        raise BooksError(f"how bad it is is one of {', '.join(SEVERITIES)}, not {change.severity}")
    row = {
        "vehicle_id": key,
        "text": text,
        "severity": change.severity,
        "found_at": entry.header.at,
        "found_by": plain(entry.header.actor.name, 120),
    }
    _add(entry, "defect", row)


def _faults(entry: Entry, change: NoteFaults) -> None:
    key = _vehicle(entry, change.vehicle)
    _check_past(entry, change.at.date())
    codes = dict.fromkeys(code.upper() for code in change.codes)
    wrong = [code for code in codes if not CODE.fullmatch(code)]
    if wrong or not codes:
        raise BooksError(f"{wrong[0]} is no fault code" if wrong else "there is no code in that")
    standing = select(FAULT.c.code).where(
        FAULT.c.vehicle_id == key, FAULT.c.cleared_at.is_(None), FAULT.c.dropped_at.is_(None)
    )
    known = set(entry.connection.execute(standing).scalars())
    if known >= set(codes):
        raise BooksError(f"{' and '.join(codes)} stood there already")
    for code in codes:
        if code in known:
            entry.notes.append(f"{code} was noted before.")
            continue
        row = {"vehicle_id": key, "code": code, "seen_at": change.at, "note": plain(change.note, 300)}
        _add(entry, "fault", row)


def _mend(entry: Entry, change: MendVehicle) -> None:
    key = _vehicle(entry, change.vehicle)
    if not change.defects and not change.faults:
        raise BooksError("there is nothing to mend")
    wall = _wall(entry)
    for number in change.defects:
        _end(entry, "defect", number, key, {"mended_at": entry.header.at})
    for number in change.faults:
        _end(entry, "fault", number, key, {"cleared_at": wall})


def _end(entry: Entry, place: str, number: int, vehicle: int, values: Mapping[str, Any]) -> None:
    table, (name,) = PLACES[place], tuple(values)
    query = select(table.c[name], table.c.dropped_at).where(table.c.id == number)
    row = entry.connection.execute(query.where(table.c.vehicle_id == vehicle)).first()
    if row is None or row.dropped_at is not None:
        raise BooksError(f"there is no {place} {number}")
    if row[0] is not None:
        raise BooksError("that is mended already")
    HISTORY.note(entry, place, number, {name: None})
    entry.connection.execute(update(table).where(table.c.id == number).values(**values))


def _book(entry: Entry, change: BookWorkshop) -> None:
    key = _vehicle(entry, change.vehicle)
    if change.day < entry.day:
        raise BooksError(f"{change.day} is past")
    query = select(BOOKING.c.id).where(
        BOOKING.c.vehicle_id == key, BOOKING.c.day >= entry.day, BOOKING.c.dropped_at.is_(None)
    )
    for number in entry.connection.execute(query).scalars().all():
        _drop(entry, int(number))
    row = {
        "vehicle_id": key,
        "day": change.day,
        "parts": json.dumps([plain(part, 64) for part in change.parts]),
        "made_at": entry.header.at,
        "made_by": plain(entry.header.actor.name, 120),
    }
    _add(entry, "booking", row)


def _cancel(entry: Entry, change: CancelWorkshop) -> None:
    query = select(VEHICLE.c.code).join(BOOKING, BOOKING.c.vehicle_id == VEHICLE.c.id)
    found = entry.connection.execute(
        query.where(BOOKING.c.id == change.booking, BOOKING.c.dropped_at.is_(None))
    ).scalar()
    if found is None:
        raise BooksError("that day at the workshop is off already")
    _drop(entry, change.booking)
    entry.documents.append(str(found))


def _drop(entry: Entry, number: int) -> None:
    HISTORY.note(entry, "booking", number, {"dropped_at": None})
    entry.connection.execute(update(BOOKING).where(BOOKING.c.id == number).values(dropped_at=entry.header.at))


def _wall(entry: Entry) -> datetime:
    """The shop's wall time of the change."""
    return entry.header.at.replace(tzinfo=None)


def _add(entry: Entry, place: str, row: Mapping[str, Any]) -> None:
    table = PLACES[place]
    values = dict(row)
    if "row_key" in table.c:
        values["row_key"] = f"told:{entry.header.group_id}:{secrets.token_hex(8)}"
    key = int(entry.connection.execute(insert(table).returning(table.c.id), values).scalar_one())
    HISTORY.note(entry, place, key, {})


# -- taking back ---------------------------------------------------------------------------------


def events_of_upkeep(connection: Connection, group_id: str) -> Sequence[RowMapping]:
    """What one request changed here."""
    return HISTORY.of(connection, group_id, PLACES)


def upkeep_blocker(connection: Connection, events: Sequence[RowMapping]) -> str | None:
    """Why these cannot be taken back, as the rest of a sentence; None where they can."""
    for event in events:
        changed = HISTORY.changed_since(connection, event)
        if changed:
            return changed
    return None


def take_back_upkeep(entry: Entry, events: Sequence[RowMapping]) -> None:
    """Put each row back to what it was; what was new is dropped."""
    for event in reversed(events):
        table, before = PLACES[event["place"]], json.loads(event["before"])
        values = before or {"dropped_at": entry.header.at}
        entry.connection.execute(update(table).where(table.c.id == event["row_id"]).values(**values))
        HISTORY.undone(entry, event)
        entry.documents.append(_code_of(entry, table, event["row_id"]))


def _code_of(entry: Entry, table: Table, number: int) -> str:
    query = select(VEHICLE.c.code).join(table, table.c.vehicle_id == VEHICLE.c.id)
    return str(entry.connection.execute(query.where(table.c.id == number)).scalar())
