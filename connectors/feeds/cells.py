"""What one cell of a shop file may hold, read into the form that the books keep.

A reader takes the stripped text of a cell and returns what is stored: text, a whole number of the
smallest step (quantities 3 places, money 4), or ISO text for dates and times; None where the cell
is empty.  What does not fit raises :class:`BadCell`, which says what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUANTITY_PLACES = 3
MONEY_PLACES = 4
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)

Value = str | int | float | bool | None
Reader = Callable[[str], Value]

_NUMBER = re.compile(r"([+-]?)(\d{1,12})(?:\.(\d*))?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


class BadCell(Exception):
    """A cell that cannot be what its column is; the text says what was expected."""


class Moment(NamedTuple):
    """When something happened: the day, and the wall time where it is known (storage form)."""

    day: str
    time: str | None


def text(limit: int) -> Reader:
    """Text of at most ``limit`` characters."""

    def read(cell: str) -> str:
        if len(cell) > limit:
            raise BadCell(f"at most {limit} characters (there are {len(cell)})")
        return cell

    return read


def code(limit: int = 64) -> Reader:
    """A short name that other files refer to; ``@`` at its start is kept for the books' own places."""

    def read(cell: str) -> str:
        if cell.startswith("@"):
            raise BadCell("a code that does not start with @")
        if len(cell) > limit:
            raise BadCell(f"a code of at most {limit} characters")
        return cell

    return read


def scaled(cell: str, places: int) -> int:
    """A decimal as a whole number of its smallest step, exactly.

    Raises:
        BadCell: not a number with a dot, or finer than the step.
    """
    match = _NUMBER.fullmatch(cell)
    if match is None:
        raise BadCell("a number such as 12 or 9.50 (dot for decimals, no thousands separator)")
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if len(fraction) > places:
        raise BadCell(f"a number with at most {places} decimals")
    size = int(whole + fraction.ljust(places, "0"))
    return -size if sign == "-" else size


def number(places: int, least: int | None = 0, *, above_zero: bool = False, not_zero: bool = False) -> Reader:
    """A number with at most ``places`` decimals, from ``least`` up (None: any)."""

    @lru_cache(maxsize=20_000)
    def read(cell: str) -> int | None:
        if not cell:
            return None
        size = scaled(cell, places)
        if above_zero and size <= 0:
            raise BadCell("a number above 0")
        if not_zero and size == 0:
            raise BadCell("a number other than 0")
        if least is not None and size < least * 10**places:
            raise BadCell(f"a number of at least {least}")
        return size

    return read


def whole(least: int, most: int) -> Reader:
    """A whole number between two bounds, both included."""

    def read(cell: str) -> int | None:
        if not cell:
            return None
        size = scaled(cell, 6)
        if size % 10**6 or not least <= size // 10**6 <= most:
            raise BadCell(f"a whole number from {least} to {most}")
        return size // 10**6

    return read


def measure(least: float, most: float) -> Reader:
    """A measured value (a coordinate, a temperature): not money and not stock, so a float will do."""

    def read(cell: str) -> float | None:
        if not cell:
            return None
        if _NUMBER.fullmatch(cell) is None or not least <= float(cell) <= most:
            raise BadCell(f"a number from {least:g} to {most:g} (dot for decimals)")
        return float(cell)

    return read


def choice(allowed: Collection[str], default: str) -> Reader:
    """One of a few words; an empty cell is ``default``."""
    words = ", ".join(allowed)

    def read(cell: str) -> str:
        word = cell.lower() or default
        if word not in allowed:
            raise BadCell(f"one of: {words}")
        return word

    return read


def one_of(known: Collection[str], what: str, *, otherwise: str = "") -> Reader:
    """A code that has to be known; an empty cell is ``otherwise``."""

    def read(cell: str) -> str:
        if not cell:
            return otherwise
        if cell not in known:
            raise BadCell(what)
        return cell

    return read


@lru_cache(maxsize=20_000)
def day(cell: str) -> str | None:
    """A date as YYYY-MM-DD."""
    if not cell:
        return None
    return _day(cell).isoformat()


def clock(cell: str) -> str:
    """A time of day as HH:MM."""
    if cell and _CLOCK.fullmatch(cell) is None:
        raise BadCell("a time such as 08:00")
    return cell.rjust(5, "0") if cell else ""


def moment(zone: ZoneInfo) -> Callable[[str], Moment | None]:
    """A date, or a date with a time; a time with an offset is turned into the wall time of ``zone``."""

    @lru_cache(maxsize=50_000)
    def read(cell: str) -> Moment | None:
        if not cell:
            return None
        if len(cell) == 10:
            return Moment(_day(cell).isoformat(), None)
        instant = _instant(cell, zone)
        return Moment(instant.date().isoformat(), stored_time(instant))

    return read


def wall_time(zone: ZoneInfo) -> Reader:
    """Like :func:`moment`, as one value: a bare date is its midnight."""
    read_moment = moment(zone)

    def read(cell: str) -> str | None:
        found = read_moment(cell)
        if found is None:
            return None
        return found.time or f"{found.day} 00:00:00.000000"

    return read


def stored_time(instant: datetime) -> str:
    """The text form in which a wall time is kept."""
    return instant.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _day(cell: str) -> date:
    try:
        found = date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found < LATEST:
        raise BadCell("a date such as 2026-03-31")
    return found


def _instant(cell: str, zone: ZoneInfo) -> datetime:
    _day(cell[:10])
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        raise BadCell("a date and time such as 2026-03-31T14:05") from None
    return instant.astimezone(zone) if instant.tzinfo else instant
