"""A table for Slack: its table block where it fits, else letters of one width, the whole as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.chat.slack.text import MOST_SECTION, escape, fenced, shortened
from tools.kit import Table, words

# Slack's limits of a table block.
MOST_ROWS = 100
MOST_COLUMNS = 20
MOST_LETTERS = 9_000
# More rows than this are for a file; so many are shown.
LONG, SHOWN = 60, 40
WIDEST_CELL = 30
EMPTY = "–"
_AMOUNT = re.compile(r"^[-+−~]?[^\W\d_]{0,3}[£$€]?\s?\d[\d,.]*\s?%?$|^–?$")

Cell = str | Decimal | int | float | None


def shown(cell: Cell) -> str:
    """One cell as text."""
    if cell is None or isinstance(cell, str):
        return " ".join((cell or "").split())
    return words.amount(Decimal(str(cell)))


def is_long(table: Table) -> bool:
    """Whether only its beginning is shown, with the whole as a file."""
    return len(table.rows) > LONG


def beginning(table: Table) -> Table:
    """The rows that are shown of a long table."""
    return Table(table.columns, table.rows[:SHOWN], table.title) if is_long(table) else table


def table_block(table: Table) -> dict[str, Any] | None:
    """Slack's own table; None where it would not take it."""
    rows = [list(table.columns), *[[shown(cell) for cell in row] for row in table.rows]]
    letters = sum(len(cell) for row in rows for cell in row)
    if len(rows) > MOST_ROWS or not 0 < len(table.columns) <= MOST_COLUMNS or letters > MOST_LETTERS:
        return None
    return {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": cell or EMPTY} for cell in row] for row in rows],
        "column_settings": [
            {"align": "right"} if numeric else {"is_wrapped": True} for numeric in numeric_columns(table)
        ],
    }


def numeric_columns(table: Table) -> list[bool]:
    """Which columns hold nothing but numbers and amounts of money."""
    return [
        bool(table.rows) and all(_is_number(row[column]) for row in table.rows)
        for column in range(len(table.columns))
    ]


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(_AMOUNT.match(cell))


def lettered(table: Table) -> list[str]:
    """The table as blocks of letters of one width, each short enough for a section."""
    numeric = numeric_columns(table)
    rows = [[shortened(shown(cell), WIDEST_CELL) for cell in row] for row in table.rows]
    heads = [shortened(column, WIDEST_CELL) for column in table.columns]
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    top = [_line(heads, widths, numeric), "─" * max(1, sum(widths) + 2 * (len(widths) - 1))]
    return [fenced("\n".join([*top, *part])) for part in _parts(top, rows, widths, numeric)]


def _parts(
    top: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], numeric: Sequence[bool]
) -> list[list[str]]:
    head = sum(len(escape(line)) + 1 for line in top) + 16
    parts: list[list[str]] = [[]]
    room = MOST_SECTION - head
    for row in rows:
        line = _line(row, widths, numeric)
        if room < len(escape(line)) + 1 and parts[-1]:
            parts.append([])
            room = MOST_SECTION - head
        parts[-1].append(line)
        room -= len(escape(line)) + 1
    return parts


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    placed = (
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    )
    return "  ".join(placed).rstrip()
