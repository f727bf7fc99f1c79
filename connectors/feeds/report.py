"""What came of an import: counts per file, and every refused row with its place and its reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

SAMPLE = 50
SHOWN_VALUE = 80

State = Literal["applied", "dry_run", "refused", "unchanged", "undone"]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One cell or row that could not be taken.  ``row`` is the line in the file; 0: the file as a whole."""

    file: str
    row: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file} row {self.row}" if self.row else self.file
        column = f", {self.column}" if self.column else ""
        value = f" is “{self.value}”" if self.value else ""
        return f"{place}{column}{value}: expected {self.expected}"


class FeedError(Exception):
    """A file that cannot be read at all; carries the line for the report."""

    def __init__(self, refused: RefusedRow) -> None:
        super().__init__(str(refused))
        self.refused = refused


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of one file.  ``repeated`` rows had been imported before; ``classes`` sum to ``rows``."""

    file: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: int = 0
    notes: tuple[str, ...] = ()
    classes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        counts = {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "imported before": self.repeated,
            "refused": self.refused,
        }
        told = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
        return f"{self.file}: {self.rows:,} {'row' if self.rows == 1 else 'rows'} read" + (
            f": {told}" if told else ""
        )


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is; shown while it runs."""

    file: str
    rows: int
    stage: Literal["Reading", "Writing"] = "Reading"
    total: int | None = None


Progress = Callable[[ImportProgress], None]


@dataclass(frozen=True)
class ImportReport:
    """The outcome of one import.

    ``refused_total`` counts rows, ``faults`` what was wrong in them; ``refused`` is a sample of
    the faults, the file at ``report_path`` has all of them.
    """

    state: State
    format: str
    import_id: int | None = None
    files: tuple[FileReport, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    refused_total: int = 0
    faults: int = 0
    report_path: str | None = None
    mapping: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the books now hold (or would hold) what the files say."""
        return self.state != "refused"

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain JSON values."""
        return asdict(self)

    def summary(self) -> str:
        """The outcome for people, line by line."""
        lines = [
            self._headline(),
            *self.notes,
            *self._told_files(),
        ]
        for file in self.files:
            lines += [f"  {file.file}: {note}" for note in file.notes]
            lines += [f"  {name}: {_sums(sums)}" for name, sums in file.classes.items()]
        lines += _mapping_lines(self.mapping)
        lines += [f"  {row}" for row in self.refused]
        if self.faults > len(self.refused):
            lines.append(f"  … and {self.faults - len(self.refused):,} more")
        if self.report_path and self.faults:
            lines.append(f"All refused rows: {self.report_path}")
        return "\n".join(lines)

    def _told_files(self) -> list[str]:
        if self.state == "undone":
            return [f"{file.file}: {file.rows:,} taken back" for file in self.files]
        return [str(file) for file in self.files if file.rows]

    def _headline(self) -> str:
        bad = f"{self.refused_total:,} refused {'row' if self.refused_total == 1 else 'rows'}"
        texts: dict[State, str] = {
            "applied": f"Imported (import {self.import_id})"
            + (f", without {bad}" if self.refused_total else ""),
            "dry_run": "Dry run: nothing was written" + (f"; {bad}" if self.refused_total else ""),
            "refused": f"Nothing was imported: {bad}" if self.faults else "Nothing was changed",
            "unchanged": "Nothing new: all of this had been imported before",
            "undone": f"Import {self.import_id} is undone",
        }
        return f"{texts[self.state]}. {self.seconds:.1f} s."


def _sums(sums: Mapping[str, str]) -> str:
    return ", ".join(f"{value} {name}" for name, value in sums.items())


def _mapping_lines(mapping: Mapping[str, Any] | None) -> list[str]:
    if not mapping:
        return []
    columns = ", ".join(f"{ours} = “{theirs}”" for ours, theirs in mapping.get("columns", {}).items())
    return [f"Read as {mapping.get('kind')}: {columns}"]


class Refusals:
    """Collects refused rows: a few in memory, all of them in the report file."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.sample: list[RefusedRow] = []
        self.total = 0
        self._file: IO[str] | None = None

    def add(self, refused: RefusedRow, *, first: bool = False) -> None:
        """Take down one refusal; ``first`` puts what stopped the reading before all else."""
        shown = RefusedRow(refused.file, refused.row, refused.column, _short(refused.value), refused.expected)
        self.total += 1
        if first or len(self.sample) < SAMPLE:
            self.sample.insert(0 if first else SAMPLE, shown)
            del self.sample[SAMPLE:]
        if self.path is not None:
            self._write(self.path, shown)

    def _write(self, path: Path, shown: RefusedRow) -> None:
        if self._file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(["file", "row", "column", "value", "expected"])
        cells = (shown.file, shown.row or "", shown.column, shown.value, shown.expected)
        csv.writer(self._file).writerow([_harmless(str(cell)) for cell in cells])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= SHOWN_VALUE else line[: SHOWN_VALUE - 1] + "…"


def _harmless(cell: str) -> str:
    """A spreadsheet must not take what a stranger wrote for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
