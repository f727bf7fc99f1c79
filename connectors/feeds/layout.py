"""What a layout is: the columns of a file, and how its rows are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are read, whether it has to be there, whether its cells may be empty."""

    name: str
    read: Callable[[str], Any]
    required: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One file of a shop folder.

    ``key`` makes a row unique; ``document`` names the column whose rows belong together, with
    ``heading`` the columns in which they have to agree.  ``finish`` turns the read values into
    the row that is kept (``kept`` names its columns).  An ``optional`` file is not written where it would be
    empty.
    """

    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    document: str = ""
    heading: tuple[str, ...] = ()
    finish: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None = None
    kept: tuple[str, ...] = ()
    optional: bool = False

    @property
    def file(self) -> str:
        """The name of the file in a folder."""
        return f"{self.table}.csv"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column of this name."""
        return next((column for column in self.columns if column.name == name), None)


def key_column(name: str, read: Callable[[str], Any]) -> Column:
    """A column that has to be there, with something in each of its cells."""
    return Column(name, read, required=True, filled=True)
