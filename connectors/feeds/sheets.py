"""Reading tables row by row: CSV (plain or .gz), with bounds that a hostile file runs into."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from connectors.feeds.report import FeedError, RefusedRow

MAX_FILE_BYTES = 2_000_000_000
MAX_ROWS = 10_000_000
MAX_CELL = 10_000
MAX_COLUMNS = 200
MAX_LINE_BYTES = 1_000_000
MAX_GZIP_RATIO = 200
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass
class Sheet:
    """A table being read: its header, then (line number, cells) of each row that is not empty.

    Rows that cannot be split into cells go to ``on_bad`` and do not appear.  ``labels`` gives
    what a column is called in the file itself, where the header here is ours.
    """

    name: str
    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    labels: Mapping[str, str] = field(default_factory=dict)


OnBad = Callable[[RefusedRow], None]


def fail(file: str, expected: str, *, row: int = 0, column: str = "", value: str = "") -> NoReturn:
    """Stop reading this file, with one clear line."""
    raise FeedError(RefusedRow(file, row, column, value, expected))


@contextmanager
def open_csv(
    path: Path, on_bad: OnBad, *, known: Collection[str] = (), encoding: str = "utf-8"
) -> Iterator[Sheet]:
    """A CSV file with a header row; the delimiter is the one that finds most ``known`` columns."""
    with _binary(path) as stream:
        lines = _lines(stream, path.name, encoding, _budget(path))
        start = _down_to_the_header(lines)
        if not start:
            fail(path.name, "a header row with the names of the columns", row=1)
        delimiter = _delimiter(start[-1], known)
        reader = csv.reader(chain(start, lines), delimiter=delimiter, strict=True)
        header = _header(reader, path.name)
        notes = [] if delimiter == "," else [f"cells are divided by {DELIMITERS[delimiter]}"]
        yield Sheet(path.name, header, _rows(reader, header, path.name, on_bad), notes)


@contextmanager
def _binary(path: Path) -> Iterator[BinaryIO]:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        fail(
            path.name, f"a file of at most {MAX_FILE_BYTES // 1_000_000:,} MB (it has {size // 1_000_000:,})"
        )
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            yield cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
        except (EOFError, zlib.error, gzip.BadGzipFile):
            fail(path.name, "a whole .gz file (this one is damaged or cut off)")


def _lines(stream: BinaryIO, name: str, encoding: str, budget: int) -> Iterator[str]:
    """The file's lines as text, each checked before it is believed."""
    taken = number = 0
    while raw := stream.readline(MAX_LINE_BYTES):
        number += 1
        taken += len(raw)
        if len(raw) >= MAX_LINE_BYTES or taken > budget:
            fail(name, f"lines of at most {MAX_LINE_BYTES:,} bytes in a file of a sane size", row=number)
        yield _decoded(raw, number, name, encoding)


def _budget(path: Path) -> int:
    """How many bytes may come out: a small .gz that unpacks without end is an attack, not a shop."""
    return max(50_000_000, min(path.stat().st_size * MAX_GZIP_RATIO, MAX_FILE_BYTES))


def _decoded(raw: bytes, number: int, name: str, encoding: str) -> str:
    if number == 1:
        raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            fail(name, "text in UTF-8 (this file is UTF-16; save it as “CSV UTF-8”)", row=1)
        if raw.startswith(b"PK\x03\x04"):
            fail(name, "a CSV file (this is a spreadsheet or ZIP file)", row=1)
    if b"\x00" in raw:
        fail(name, "a text file (this line has zero bytes in it)", row=number)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        shown = raw[max(0, error.start - 15) : error.start + 15].decode("cp1252", "replace").strip()
        fail(
            name,
            "text in UTF-8 (it looks like Windows-1252; save the file as “CSV UTF-8”)",
            row=number,
            value=shown,
        )


def _delimiter(line: str, known: Collection[str]) -> str:
    def found(delimiter: str) -> tuple[int, int]:
        cells = [_column_name(cell) for cell in line.split(delimiter)]
        return sum(cell in known for cell in cells), len(cells)

    return max(DELIMITERS, key=found)


def _column_name(cell: str) -> str:
    return cell.strip().strip('"').strip().lower()


def _down_to_the_header(lines: Iterator[str]) -> list[str]:
    """The first line with something in it, after the empty ones above; nothing where there is none."""
    start: list[str] = []
    for line in lines:
        start.append(line)
        if line.strip(' \r\n\t,;"'):
            return start
    return []


def _header(reader: Iterator[list[str]], name: str) -> list[str]:
    try:
        cells = next(cells for cells in reader if any(cells))
        header = [cell.strip() for cell in cells]
    except csv.Error as error:
        fail(name, f"a header row with the names of the columns ({error})", row=1)
    if len(header) > MAX_COLUMNS:
        fail(name, f"at most {MAX_COLUMNS} columns (there are {len(header)})", row=1)
    twice = next((cell for index, cell in enumerate(header) if cell and cell in header[:index]), None)
    if twice is not None:
        fail(name, "each column once", row=1, column=twice, value=twice)
    return header


def _rows(reader: Any, header: Sequence[str], name: str, on_bad: OnBad) -> Iterator[tuple[int, list[str]]]:
    width, count = len(header), 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            on_bad(RefusedRow(name, line, "", "", f"cells in proper quotes ({error})"))
            continue
        count += 1
        if count > MAX_ROWS:
            fail(name, f"at most {MAX_ROWS:,} rows", row=line)
        fault = _fault(cells, width)
        if fault:
            on_bad(RefusedRow(name, line, "", "", fault))
        elif any(cells):
            yield line, (cells if len(cells) >= width else cells + [""] * (width - len(cells)))


def _fault(cells: list[str], width: int) -> str:
    if len(cells) > width and any(cells[width:]):
        return f"{width} cells as in the header, not {len(cells)} (quote cells that hold the delimiter)"
    if max(map(len, cells), default=0) > MAX_CELL:
        return f"cells of at most {MAX_CELL:,} characters"
    return ""
