"""How a table's columns are read: shown as a form, and read back from it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from connectors.feeds import headers as known

KINDS = tuple(known.FIELDS)
MOST_HEADERS = 200
LOOKED_AT = 64 * 1024


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """The form: what the table is taken for, its headers, and each of our columns with theirs."""

    kind: str
    headers: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    date_format: str = ""
    decimal: str = ""


def headers_of(path: Path) -> list[str]:
    """The header cells of a table, to choose from; none for a folder, or for what cannot be read."""
    if path.is_dir():
        return []
    try:
        cells = _of_workbook(path) if path.suffix.lower() in (".xlsx", ".xls") else _of_text(path)
    except (OSError, ValueError, csv.Error, CalamineError):
        return []
    return [cell for cell in cells if cell][:MOST_HEADERS]


def _of_text(path: Path) -> list[str]:
    with path.open("rb") as file:
        raw = file.read(LOOKED_AT)
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = raw.decode("utf-16" if wide else "utf-8-sig", "replace").lstrip()
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    return [cell.strip() for cell in next(csv.reader(io.StringIO(text), delimiter=delimiter), [])]


def _of_workbook(path: Path) -> list[str]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    return [str(cell).strip() for cell in next(rows, [])]


def form_for(report: Mapping[str, Any]) -> ColumnForm | None:
    """The form that fits a report; None where the columns are not a matter of guessing."""
    headers = tuple(report.get("headers") or ())
    mapping: Mapping[str, Any] = report.get("mapping") or {}
    if not headers or (not mapping and report.get("files")):
        return None
    kind = str(mapping.get("kind") or report.get("asked_kind") or "products")
    if kind not in KINDS:
        return None
    columns = mapping.get("columns") or {}
    fields = tuple((name, str(columns.get(name, ""))) for name in known.FIELDS[kind])
    return ColumnForm(
        kind, headers, fields, str(mapping.get("date_format", "")), str(mapping.get("decimal", ""))
    )


def mapping_from(report: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the form says; None where there was none.  A column left out is declared as not there."""
    shown = form_for(report)
    kind = str(form.get("kind", ""))
    if shown is None or kind not in KINDS:
        return None
    before: Mapping[str, Any] = report.get("mapping") or {}
    chosen = {name: str(form.get(f"column:{name}", "")) for name in known.FIELDS[kind]}
    # A table taken for something else is guessed anew, apart from what fits both.
    columns = chosen if kind == shown.kind else {name: theirs for name, theirs in chosen.items() if theirs}
    return {
        "kind": kind,
        "columns": {name: theirs for name, theirs in columns.items() if theirs in ("", *shown.headers)},
        "date_format": str(form.get("date_format", ""))[:40],
        "decimal": decimal if (decimal := str(form.get("decimal", ""))) in ("", ".", ",") else "",
        "encoding": before.get("encoding", "utf-8"),
        "defaults": dict(before.get("defaults") or {}),
    }
