"""Reading the first sheet of an Excel workbook as text, so that leading zeros and codes survive."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from connectors.feeds.sheets import MAX_CELL, MAX_COLUMNS, MAX_ROWS, OnBad, Sheet, fail, open_csv

MAX_WORKBOOK_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 1_500_000_000
MAX_ZIP_RATIO = 200
_EMPTY_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}\d+)"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


@contextmanager
def open_table(
    path: Path, on_bad: OnBad, *, known: Collection[str] = (), encoding: str = "utf-8"
) -> Iterator[Sheet]:
    """A table in a CSV file (also .gz) or in the first sheet of an .xlsx workbook."""
    with path.open("rb") as raw:
        packed = raw.read(4) == b"PK\x03\x04"
    if packed:
        yield _workbook(path)
        return
    with open_csv(path, on_bad, known=known, encoding=encoding) as sheet:
        yield sheet


def _workbook(path: Path) -> Sheet:
    from python_calamine import CalamineError, CalamineWorkbook

    _check_archive(path)
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError, OSError) as error:
        fail(path.name, f"an Excel workbook that can be read ({error})")
    rows = sheet.iter_rows()
    header = [_text(cell) for cell in next(rows, [])]
    if not any(header):
        fail(path.name, "a header row with the names of the columns", row=1)
    if len(header) > MAX_COLUMNS or sheet.total_height > MAX_ROWS:
        fail(path.name, f"at most {MAX_COLUMNS} columns and {MAX_ROWS:,} rows")
    first = (sheet.start or (0, 0))[0]
    notes = [f"read from the sheet “{names[0]}”"] if len(names) > 1 else []
    return Sheet(path.name, header, _rows(rows, first + 2, path.name), notes + _formula_notes(path))


def _rows(rows: Iterator[list[Any]], first: int, name: str) -> Iterator[tuple[int, list[str]]]:
    for line, cells in enumerate(rows, first):
        texts = [_text(cell) for cell in cells]
        if any(len(text) > MAX_CELL for text in texts):
            fail(name, f"cells of at most {MAX_CELL:,} characters", row=line)
        if any(texts):
            yield line, texts


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
