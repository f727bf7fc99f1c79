"""An Excel workbook as a CSV file: its first sheet as text, so that leading zeros and codes survive."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from connectors.feeds.sheets import MAX_COLUMNS, MAX_ROWS, fail

MAX_WORKBOOK_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 1_500_000_000
MAX_ZIP_RATIO = 200
_EMPTY_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}\d+)"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


def is_workbook(path: Path) -> bool:
    """Whether a file is packed like an .xlsx workbook, whatever it is called."""
    if not path.is_file():
        return False
    with path.open("rb") as raw:
        return raw.read(4) == b"PK\x03\x04"


def as_csv(path: Path, folder: Path) -> tuple[Path, list[str]]:
    """Write the first sheet as a CSV file of the same name into ``folder``, row by row where it stood.

    Returns:
        The file, and what a person should know about the workbook.

    Raises:
        FeedError: it is damaged, too large or empty.
    """
    _check_archive(path)
    written = folder / path.name
    with written.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names, rows = _open(path)
        for row in rows:
            writer.writerow([" ".join(_text(cell).split()) for cell in row])
    notes = [f"read from the sheet “{names[0]}”"] if len(names) > 1 else []
    return written, notes + _formula_notes(path)


def _open(path: Path) -> tuple[list[str], Iterator[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError, OSError) as error:
        fail(path.name, f"an Excel workbook that can be read ({error})")
    if sheet.total_width > MAX_COLUMNS or sheet.total_height > MAX_ROWS:
        fail(path.name, f"at most {MAX_COLUMNS} columns and {MAX_ROWS:,} rows")
    above = (sheet.start or (0, 0))[0]
    return book.sheet_names, _from_the_top(above, sheet.iter_rows())


def _from_the_top(above: int, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """The rows with the empty ones above them, so that a row keeps its number."""
    yield from ([] for _ in range(above))
    yield from rows


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()


def _number(cell: float) -> str:
    """A spreadsheet's number without the noise of binary fractions, never with an exponent."""
    if cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    shown = f"{cell:.10f}".rstrip("0")
    return shown if abs(cell) < 1e12 else repr(cell)


def _check_archive(path: Path) -> None:
    """A workbook is a ZIP file; one that unpacks to a thousand times its size is no workbook."""
    size = path.stat().st_size
    if size > MAX_WORKBOOK_BYTES:
        fail(path.name, f"a workbook of at most {MAX_WORKBOOK_BYTES // 1_000_000} MB (save it as CSV)")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        fail(path.name, "a whole .xlsx file (this one is damaged)")
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(20_000_000, size * MAX_ZIP_RATIO):
        fail(path.name, f"a workbook that unpacks to a sane size (this one: {unpacked // 1_000_000:,} MB)")


def _formula_notes(path: Path) -> list[str]:
    """Formulas whose result was never saved read as empty cells: say which."""
    found: list[str] = []
    with zipfile.ZipFile(path) as archive:
        sheets = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        for name in sheets[:1]:
            with archive.open(name) as stream:
                found = _empty_formulas(stream)
    if not found:
        return []
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    cells = ", ".join(found[:5]) + more
    return [f"formulas without a saved result, read as empty: {cells} (open and save the workbook)"]


def _empty_formulas(stream: Any) -> list[str]:
    found: list[str] = []
    rest = b""
    while block := stream.read(1 << 20):
        text = rest + block
        cut = text.rfind(b"</c>") + 4
        found += [cell.decode() for cell in _EMPTY_FORMULA.findall(text[:cut])]
        rest = text[cut:] if cut > 3 else text[-100_000:]
    return found
