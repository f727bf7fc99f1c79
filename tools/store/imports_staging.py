"""A scratch database on disk: rows wait in it until all of them are known to be good.

Checks over whole files (a key that comes twice, lines of one order that disagree) are questions
to it, so memory does not grow with the file.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Row = tuple[Any, ...]
_BATCH = 5_000


class Staging:
    """Tables of read rows, each with the line ``row`` that it stood in.  Names are the program's own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="quartermaster-")
        self._database = sqlite3.connect(self.folder / ".staging.db", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32768", "temp_store=FILE"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("BEGIN")
        self._columns: dict[str, tuple[str, ...]] = {}
        self._waiting: dict[str, list[Row]] = {}

    @property
    def folder(self) -> Path:
        """Where an import may put files that are gone after it."""
        return Path(self._folder.name)

    def create(self, table: str, columns: Sequence[str]) -> None:
        """Make room for a file's rows; the first column is always ``row``."""
        self._columns[table] = ("row", *columns)
        self._waiting[table] = []
        names = ", ".join(f'"{column}"' for column in columns)
        self._database.execute(f'DROP TABLE IF EXISTS "{table}"')
        self._database.execute(f'CREATE TABLE "{table}" ("row" INTEGER PRIMARY KEY, {names})')

    @property
    def tables(self) -> tuple[str, ...]:
        """Which tables there are."""
        return tuple(self._columns)

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table, ``row`` first."""
        return self._columns[table]

    def add(self, table: str, row: Row) -> None:
        """Keep one row (line number first)."""
        waiting = self._waiting[table]
        waiting.append(row)
        if len(waiting) >= _BATCH:
            self._flush(table)

    def count(self, table: str) -> int:
        """How many rows wait."""
        self._flush(table)
        return int(self._database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608

    def rows(self, table: str, *, order: str = "row") -> Iterator[Row]:
        """All rows, in the order of the file (or of another column)."""
        self._flush(table)
        yield from self._database.execute(f'SELECT * FROM "{table}" ORDER BY {order}')  # noqa: S608

    def repeats(self, table: str, key: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Rows whose key stood in an earlier row already: (line, line of the first)."""
        self._flush(table)
        names = ", ".join(f'"{column}"' for column in key)
        yield from self._database.execute(
            f'SELECT "row", head FROM (SELECT "row", min("row") OVER (PARTITION BY {names}) AS head'  # noqa: S608
            f' FROM "{table}") WHERE "row" <> head ORDER BY "row"'
        )

    def disagreements(self, table: str, key: str, column: str) -> Iterator[tuple[int, int, Any, Any]]:
        """Rows unlike the first of the same ``key`` in ``column``: (line, first, value, its value)."""
        self._flush(table)
        window = f'OVER (PARTITION BY "{key}" ORDER BY "row")'
        yield from self._database.execute(
            f'SELECT "row", head, "{column}", said FROM (SELECT "row", "{column}",'  # noqa: S608
            f' first_value("row") {window} AS head, first_value("{column}") {window} AS said FROM "{table}")'
            f' WHERE "{column}" IS NOT said ORDER BY "row"'
        )

    def occurrences(self, table: str, key: str) -> Iterator[Row]:
        """All rows in file order, each followed by how often its ``key`` has stood so far (1, 2, ...)."""
        self._flush(table)
        self._database.execute('DROP TABLE IF EXISTS "nth"')
        # Few keys come twice, so only their rows are sorted.
        twice = f'SELECT "{key}" FROM "{table}" GROUP BY 1 HAVING count(*) > 1'  # noqa: S608
        self._database.execute(
            f'CREATE TABLE "nth" AS SELECT "row", row_number()'  # noqa: S608
            f' OVER (PARTITION BY "{key}" ORDER BY "row") AS n FROM "{table}" WHERE "{key}" IN ({twice})'
        )
        self._database.execute('CREATE UNIQUE INDEX "nth_row" ON "nth" ("row")')
        yield from self._database.execute(
            f'SELECT t.*, coalesce(n, 1) FROM "{table}" AS t LEFT JOIN "nth" ON "nth"."row" = t."row"'  # noqa: S608
            ' ORDER BY t."row"'
        )

    def drop_rows(self, table: str, lines: Iterable[int]) -> None:
        """Take rows out again."""
        self._database.executemany(
            f'DELETE FROM "{table}" WHERE "row" = ?',  # noqa: S608
            [(line,) for line in lines],
        )

    def drop_where(self, table: str, column: str, values: Iterable[str]) -> list[int]:
        """Take out all rows with these values; their lines."""
        self._flush(table)
        lines = [
            int(row[0])
            for value in values
            for row in self._database.execute(f'SELECT "row" FROM "{table}" WHERE "{column}" = ?', (value,))  # noqa: S608
        ]
        self.drop_rows(table, lines)
        return lines

    def _flush(self, table: str) -> None:
        waiting = self._waiting[table]
        if waiting:
            marks = ", ".join("?" * len(self._columns[table]))
            self._database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', waiting)  # noqa: S608
            waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        self._folder.cleanup()
