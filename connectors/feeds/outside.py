"""Numbers from outside that may explain demand: a table with a day in each row, or a folder of them."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from connectors.feeds.cells import BadCell, measure
from connectors.feeds.report import RefusedRow
from connectors.feeds.sheets import Sheet, fail, open_csv
from tools.store.outside import Number

ABOUT = ("day", "sku", "location", "name", "value")
LONGEST_NAME = 60
_DAY_NAMES = ("day", "date", "ds")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_value = measure(-1e12, 1e12)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand: the day, what it is about, and the columns that are series."""

    day: int
    sku: int | None
    location: int | None
    name: int | None
    series: tuple[tuple[int, str], ...]


def read_outside(path: Path) -> dict[str, list[Number]]:
    """The series of a CSV file, or of each CSV file of a folder, by name.

    Each row tells of a ``day`` (an ISO date), perhaps of one ``sku`` or ``location``.  Either each
    further column is a series, or the columns ``name`` and ``value`` tell which and how much; a file
    with ``value`` alone is the series of the file's name.

    Raises:
        FeedError: a file cannot be read, or a cell is no day or no number; says where.
        OSError: there is no such file.
    """
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        fail(path.name, "CSV files in this folder")
    found: dict[str, list[Number]] = defaultdict(list)
    for file in files:
        with open_csv(file, _refuse, known=ABOUT) as sheet:
            for name, number in _numbers(sheet, file.stem):
                found[name].append(number)
    return dict(found)


def _refuse(refused: RefusedRow) -> None:
    fail(refused.file, refused.expected, row=refused.row, column=refused.column, value=refused.value)


def _numbers(sheet: Sheet, stem: str) -> Iterator[tuple[str, Number]]:
    columns = _columns(sheet, stem)
    seen: dict[tuple[str, date, str, str], int] = {}
    for line, row in sheet.rows:
        day = _day(sheet, line, row[columns.day].strip())
        sku, place, told = (
            row[at].strip() if at is not None else "" for at in (columns.sku, columns.location, columns.name)
        )
        for at, column in columns.series:
            value = _read(sheet, line, sheet.header[at], row[at].strip())
            if value is None:
                continue
            name = (told or column)[:LONGEST_NAME]
            first = seen.setdefault((name, day, sku, place), line)
            if first != line:
                fail(sheet.name, f"each day once (row {first} has it already)", row=line, value=str(day))
            yield name, (day, sku, place, value)


def _columns(sheet: Sheet, stem: str) -> _Columns:
    places = {name.strip().lower(): at for at, name in enumerate(sheet.header)}
    day = next((places[name] for name in _DAY_NAMES if name in places), None)
    if day is None:
        fail(sheet.name, "a column day with ISO dates", row=1, value=", ".join(sheet.header))
    about = {day, *(places[name] for name in ("sku", "location", "name") if name in places)}
    series = tuple((at, stem if name == "value" else name) for name, at in places.items() if at not in about)
    if not series:
        fail(sheet.name, "a column of numbers beside the day", row=1)
    return _Columns(day, places.get("sku"), places.get("location"), places.get("name"), series)


def _day(sheet: Sheet, line: int, cell: str) -> date:
    with contextlib.suppress(ValueError):
        if _ISO.fullmatch(cell):
            return date.fromisoformat(cell)
    return fail(sheet.name, "a day such as 2026-03-31", row=line, column="day", value=cell)


def _read(sheet: Sheet, line: int, column: str, cell: str) -> float | None:
    try:
        found = _value(cell)
    except BadCell as bad:
        fail(sheet.name, str(bad), row=line, column=column, value=cell)
    return None if found is None else float(found)
