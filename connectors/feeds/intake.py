"""Taking rows in: each is checked against its layout, then it waits, or is refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connectors.feeds.cells import BadCell
from connectors.feeds.layout import Column, Layout
from connectors.feeds.report import ImportProgress, Progress, Refusals, RefusedRow
from connectors.feeds.sheets import Sheet, fail
from tools.store.imports_known import Known
from tools.store.imports_staging import Staging

TOLD_EVERY = 20_000
Refuse = Callable[[str, str, str], None]
_KNOWN_AS = {
    "products": "skus",
    "locations": "locations",
    "suppliers": "suppliers",
    "customers": "customers",
    "sensors": "sensors",
    "vehicles": "vehicles",
}


@dataclass
class FileCount:
    """What has been read of one file so far."""

    rows: int = 0
    refused: int = 0
    notes: list[str] = field(default_factory=list)
    classes: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Intake:
    """One import while it is being read.

    Without ``keep_good`` one fault refuses everything, so what only follows from it is not told.
    """

    known: Known
    staging: Staging
    refusals: Refusals
    progress: Progress | None = None
    keep_good: bool = False
    files: dict[str, FileCount] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)

    def file(self, name: str) -> FileCount:
        """The counts of one file."""
        return self.files.setdefault(name, FileCount())

    def tell(self, name: str, rows: int) -> None:
        """Show how far the reading is."""
        if self.progress is not None and rows % TOLD_EVERY == 0:
            self.progress(ImportProgress(name, rows))

    def count_bad_row(self, refused: RefusedRow) -> None:
        """Take down a row that could not even be split into cells."""
        count = self.file(refused.file)
        count.rows, count.refused = count.rows + 1, count.refused + 1
        self.refusals.add(refused)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the cells of one sheet become the values of one layout."""

    layout: Layout
    readers: tuple[tuple[int, Column], ...]
    defaults: Mapping[str, Any]
    kept: tuple[str, ...]


def take(intake: Intake, layout: Layout, sheet: Sheet) -> None:
    """Read all rows of ``sheet`` into the staging table of ``layout``."""
    plan = _plan(layout, sheet)
    count = intake.file(sheet.name)
    count.notes += [*sheet.notes, *_unknown_columns(layout, sheet)]
    intake.tables[layout.table] = sheet.name
    intake.staging.create(layout.table, plan.kept)
    spoiled: set[str] = set()
    for line, row in sheet.rows:
        count.rows += 1
        intake.tell(sheet.name, count.rows)
        values = _read(plan, row, partial(_refuse, intake, sheet, line))
        if values is None:
            count.refused += 1
            spoiled.add(_cell(plan, row, layout.document))
            _forgive(intake, plan, row)
        else:
            intake.staging.add(layout.table, (line, *values))
    _check_whole(intake, layout, sheet.name)
    _drop_spoiled(intake, layout, sheet.name, spoiled)
    _learn(intake, layout)


def _plan(layout: Layout, sheet: Sheet) -> _Plan:
    places = {name.lower(): index for index, name in enumerate(sheet.header)}
    missing = [column.name for column in layout.columns if column.required and column.name not in places]
    if missing:
        expected = f"the column {' and '.join(missing)} in the header"
        fail(sheet.name, expected, row=1, value=", ".join(sheet.header))
    readers = tuple((places[column.name], column) for column in layout.columns if column.name in places)
    present = tuple(column.name for _, column in readers)
    defaults = {column.name: column.read("") for column in layout.columns if column.name not in places}
    return _Plan(layout, readers, defaults, layout.kept if layout.finish else present)


def _unknown_columns(layout: Layout, sheet: Sheet) -> list[str]:
    extra = [name or "(no name)" for name in sheet.header if name.lower() not in layout.names]
    return [f"columns not used: {', '.join(extra)}"] if extra else []


def _read(plan: _Plan, row: list[str], refuse: Refuse) -> tuple[Any, ...] | None:
    """The row to keep, or None where a cell is wrong (each wrong cell is told)."""
    values: dict[str, Any] = {}
    for index, column in plan.readers:
        cell = row[index].strip()
        if column.filled and not cell:
            refuse(column.name, "", "something in this cell")
            continue
        try:
            values[column.name] = column.read(cell)
        except BadCell as bad:
            refuse(column.name, cell, str(bad))
    if len(values) < len(plan.readers):
        return None
    return _finished(plan, values, refuse)


def _finished(plan: _Plan, values: dict[str, Any], refuse: Refuse) -> tuple[Any, ...] | None:
    if plan.layout.finish is None:
        return tuple(values.values())
    try:
        return plan.layout.finish({**plan.defaults, **values})
    except BadCell as bad:
        refuse("", "", str(bad))
        return None


def _refuse(intake: Intake, sheet: Sheet, line: int, column: str, cell: str, expected: str) -> None:
    intake.refusals.add(RefusedRow(sheet.name, line, sheet.labels.get(column, column), cell, expected))


def _cell(plan: _Plan, row: list[str], name: str) -> str:
    return next((row[index].strip() for index, column in plan.readers if column.name == name), "")


def _forgive(intake: Intake, plan: _Plan, row: list[str]) -> None:
    """A name whose row was refused may still be referred to: its own fault is enough."""
    kind = _KNOWN_AS.get(plan.layout.table)
    if kind is not None and not intake.keep_good:
        getattr(intake.known, kind).add(_cell(plan, row, plan.layout.key[0]))


def _check_whole(intake: Intake, layout: Layout, file: str) -> None:
    """What only the file as a whole can show: keys that come twice, lines that disagree."""
    bad: set[int] = set()
    if layout.key:
        for line, first in list(intake.staging.repeats(layout.table, _present(intake, layout, layout.key))):
            what = (
                "each row once"
                if layout.table in ("stock", "sensor_readings")
                else f"each {layout.key[0]} once"
            )
            intake.refusals.add(
                RefusedRow(file, line, ", ".join(layout.key), "", f"{what} (row {first} has it already)")
            )
            bad.add(line)
    for column in _present(intake, layout, layout.heading):
        for line, first, value, said in list(
            intake.staging.disagreements(layout.table, layout.document, column)
        ):
            expected = f"what row {first} of the same {layout.document} says: {said or 'nothing'}"
            intake.refusals.add(RefusedRow(file, line, column, str(value or ""), expected))
            bad.add(line)
    intake.staging.drop_rows(layout.table, bad)
    intake.file(file).refused += len(bad)


def _present(intake: Intake, layout: Layout, names: tuple[str, ...]) -> tuple[str, ...]:
    kept = intake.staging.columns(layout.table)
    return tuple(name for name in names if name in kept)


def _drop_spoiled(intake: Intake, layout: Layout, file: str, spoiled: set[str]) -> None:
    """An order of which one line is wrong is not taken in part."""
    if not layout.document or not intake.keep_good:
        return
    for line in intake.staging.drop_where(layout.table, layout.document, spoiled - {""}):
        expected = f"all lines of this {layout.document} to be right (another one was refused)"
        intake.file(file).refused += 1
        intake.refusals.add(RefusedRow(file, line, layout.document, "", expected))


def _learn(intake: Intake, layout: Layout) -> None:
    """What this file brought may be referred to by the next."""
    kind = _KNOWN_AS.get(layout.table)
    if kind is not None:
        index = intake.staging.columns(layout.table).index(layout.key[0])
        getattr(intake.known, kind).update(row[index] for row in intake.staging.rows(layout.table))
