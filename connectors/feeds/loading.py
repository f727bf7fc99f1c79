"""One import from start to end: recognise, read and check everything, then write it in one transaction."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.feeds.intake import Intake
from connectors.feeds.layouts import layouts
from connectors.feeds.mapped import read_mapped
from connectors.feeds.mapping import read_mapping
from connectors.feeds.online_retail import is_online_retail, read_online_retail
from connectors.feeds.ready import columns_of, recognised
from connectors.feeds.report import (
    FeedError,
    FileReport,
    ImportProgress,
    ImportReport,
    Progress,
    Refusals,
    RefusedRow,
    State,
)
from connectors.feeds.sheets import fail, open_csv
from connectors.feeds.shop import SHOP_FILES, read_shop, shop_files
from connectors.feeds.workbook import as_csv, is_workbook
from tools.store import Actor, BooksError, Store
from tools.store.imports import NewImport
from tools.store.imports_known import Known
from tools.store.imports_staging import Staging
from tools.store.imports_tally import Outcome, Tally

FORMATS = ("auto", "shop", "online-retail", "shopify", "square", "table")


@dataclass(frozen=True)
class Source:
    """What is to be read: the files, how, and the name of their content."""

    format: str
    files: tuple[Path, ...]
    read: Callable[[Intake], Mapping[str, Any] | None]
    mapping: str = ""

    @property
    def content_hash(self) -> str:
        """Equal for equal content read in the same way."""
        found = hashlib.sha256(f"{self.format}\n{self.mapping}\n".encode())
        for path in self.files:
            found.update(f"{path.name if self.format == 'shop' else ''}\n".encode())
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    found.update(block)
        return found.hexdigest()


def load(  # noqa: PLR0913 - the one door; everything after the path is optional
    store: Store,
    path: Path,
    *,
    format: str = "auto",  # noqa: A002 - the command's own word
    mapping: Path | Mapping[str, Any] | None = None,
    keep_good: bool = False,
    dry_run: bool = False,
    actor: Actor,
    at: datetime,
    report_path: Path | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Load a shop folder or an export into the books: all of it, or nothing (or the good rows).

    Every fault is in the report; nothing is raised for what is wrong with the files.
    """
    started = time.monotonic()
    with Refusals(report_path) as refusals, Staging() as staging:
        run = _Run(store, Path(path), Intake(store.imports.known(), staging, refusals, progress, keep_good))
        try:
            report = run.report(format, mapping, keep_good=keep_good, dry_run=dry_run, actor=actor, at=at)
        except FeedError as error:
            refusals.add(error.refused, first=True)
            report = run.made("refused")
        except BooksError as error:
            refusals.add(RefusedRow(str(path), 0, "", "", str(error)), first=True)
            report = run.made("refused")
        except OSError as error:
            expected = f"files that can be read ({error.strerror or error})"
            refusals.add(RefusedRow(str(error.filename or path), 0, "", "", expected), first=True)
            report = run.made("refused")
        return run.finished(report, time.monotonic() - started)


@dataclass
class _Run:
    store: Store
    path: Path
    intake: Intake
    format: str = ""
    mapping: Mapping[str, Any] | None = None

    def report(
        self,
        wanted: str,
        mapping: Path | Mapping[str, Any] | None,
        *,
        keep_good: bool,
        dry_run: bool,
        actor: Actor,
        at: datetime,
    ) -> ImportReport:
        source = recognise(self._readable(), wanted, mapping)
        self.format = source.format
        content_hash = source.content_hash
        past = self.store.imports.find(content_hash)
        if past is not None:
            told = f"This is what import {past.id} brought on {past.at:%Y-%m-%d %H:%M} UTC."
            return ImportReport("unchanged", source.format, past.id, notes=(told,))
        self.mapping = source.read(self.intake)
        if self.intake.refusals.total and not keep_good:
            return self.made("refused")
        new = NewImport(self.path.name, source.format, content_hash, actor, at)
        outcome = self.store.imports.apply(self.intake.staging, new, dry_run=dry_run, told=self._tell)
        return self.made(_state(outcome, dry_run), outcome)

    def _readable(self) -> Path:
        """The path itself, or what is in it if it is a workbook."""
        if not is_workbook(self.path):
            return self.path
        path, notes = as_csv(self.path, self.intake.staging.folder)
        self.intake.file(path.name).notes += notes
        return path

    def made(self, state: State, outcome: Outcome | None = None) -> ImportReport:
        outcome = outcome or Outcome(None)
        return ImportReport(state, self.format, outcome.import_id, self._files(outcome), mapping=self.mapping)

    def finished(self, report: ImportReport, seconds: float) -> ImportReport:
        refusals = self.intake.refusals
        whole_files = sum(refused.row == 0 for refused in refusals.sample)
        refused_rows = sum(count.refused for count in self.intake.files.values())
        return ImportReport(
            report.state,
            report.format,
            report.import_id,
            report.files,
            tuple(refusals.sample),
            max(refused_rows, whole_files, min(refusals.total, 1)),
            refusals.total,
            str(refusals.path) if refusals.path and refusals.total else None,
            report.mapping,
            report.notes,
            round(seconds, 3),
        )

    def _files(self, outcome: Outcome) -> tuple[FileReport, ...]:
        tables = {name: table for table, name in self.intake.tables.items()}
        return tuple(
            _file_report(name, count, outcome.tallies.get(tables.get(name, ""), Tally()))
            for name, count in self.intake.files.items()
        )

    def _tell(self, table: str) -> None:
        if self.intake.progress is not None:
            rows = self.intake.staging.count(table)
            self.intake.progress(ImportProgress(self.intake.tables.get(table, table), rows, "Writing", rows))


def _file_report(name: str, count: Any, tally: Tally) -> FileReport:
    notes = list(count.notes)
    if tally.cleared:
        notes.append(f"{tally.cleared} lots that this file does not name went to zero")
    return FileReport(
        name,
        count.rows,
        tally.added,
        tally.changed,
        tally.unchanged,
        tally.repeated,
        count.refused,
        tuple(notes),
        count.classes,
    )


def _state(outcome: Outcome, dry_run: bool) -> State:
    if dry_run:
        return "dry_run"
    return "unchanged" if outcome.import_id is None else "applied"


def recognise(path: Path, format: str, mapping: Path | Mapping[str, Any] | None) -> Source:  # noqa: A002
    """Which reader is for this path.

    Raises:
        FeedError: there is nothing there, or nobody can read it.
    """
    if format not in FORMATS:
        fail(str(path), f"one of the formats {', '.join(FORMATS)}", value=format)
    if not path.exists():
        fail(str(path), "a folder or file that exists")
    if path.is_dir():
        if format not in ("auto", "shop"):
            fail(str(path), f"a file, since the format is {format}")
        files = tuple(shop_files(path))
        return Source("shop", files, lambda intake: read_shop(intake, path, list(files)))
    return _recognise_file(path, format, read_mapping(mapping))


def _recognise_file(path: Path, wanted: str, declared: Mapping[str, Any]) -> Source:
    with open_csv(path, lambda _refused: None, encoding=str(declared.get("encoding") or "utf-8")) as sheet:
        header = sheet.header
    if wanted == "shop" or (wanted == "auto" and not declared and _is_shop_file(path, header)):
        return Source("shop", (path,), lambda intake: read_shop(intake, path, [path]))
    plain = not declared.keys() & {"kind", "columns"}
    if wanted == "online-retail" or (wanted == "auto" and plain and is_online_retail(header)):
        told = json.dumps(dict(declared), sort_keys=True, default=str) if declared else ""
        return Source(
            "online-retail", (path,), lambda intake: read_online_retail(intake, path, declared), told
        )
    return _mapped(path, header, wanted, declared)


def _mapped(path: Path, header: Sequence[str], wanted: str, declared: Mapping[str, Any]) -> Source:
    ready = recognised(header, wanted)
    told = json.dumps(dict(declared), sort_keys=True, default=str)
    if ready is None and wanted in ("shopify", "square"):
        fail(path.name, f"the columns of a {wanted.title()} export", row=1, value=", ".join(header))
    if ready is None:
        return Source("table", (path,), lambda intake: read_mapped(intake, path, declared), told)
    columns = {**columns_of(ready, header), **dict(declared.get("columns") or {})}
    mapping = {**declared, "kind": ready.kind, "columns": columns}
    return Source(
        ready.format, (path,), lambda intake: read_mapped(intake, path, mapping, ready.tidy()), told
    )


def _is_shop_file(path: Path, header: Sequence[str]) -> bool:
    """Whether a single file is one of a shop folder: by its name, and with the columns that it needs."""
    if path.name not in SHOP_FILES:
        return False
    needed = {column.name for column in layouts(Known())[path.stem].columns if column.required}
    return needed <= {cell.lower() for cell in header}


def undo_import(store: Store, import_id: int, actor: Actor, at: datetime) -> ImportReport:
    """Take one import back.  Where later changes depend on it nothing happens, and the report says why."""
    started = time.monotonic()
    undone = store.imports.undo(import_id, actor, at)
    seconds = round(time.monotonic() - started, 3)
    if undone.refusal:
        reason = f"Import {import_id} stays: {undone.refusal}."
        return ImportReport("refused", "undo", import_id, notes=(reason,), seconds=seconds)
    files = tuple(FileReport(table, tally.changed) for table, tally in undone.tallies.items())
    return ImportReport("undone", "undo", import_id, files, seconds=seconds)
