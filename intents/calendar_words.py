"""What every expression of time is made of: both readings, the rules, whole weeks and months.

An expression has two readings, one looking back and one looking ahead; the intent chooses.
Weeks run Monday to Sunday, dates are day first.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from re import Match

from intents.numerals import ONES, TENS
from tools.kit.slots import Period

DAY = timedelta(days=1)
WEEKDAYS = {
    "monday": 0, "mon": 0, "tuesday": 1, "tue": 1, "tues": 1, "wednesday": 2, "wed": 2, "weds": 2,
    "thursday": 3,
    "thu": 3, "thur": 3, "thurs": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip
MONTHS = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5,
    "june": 6,
    "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10,
    "oct": 10,
    "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
SMALL = {**ONES, **TENS, "a couple of": 2, "couple of": 2, "a": 1, "an": 1, "few": 3, "a few": 3}
NUMBER = r"(?P<n>\d{1,3}|a couple of|couple of|" + "|".join([*ONES, *TENS]) + ")"
WD = r"(?P<wd>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")s?"
MON = r"(?P<mon>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
PART = r"(?: (?:morning|afternoon|evening|night|lunchtime|am|pm))?"
UNIT = r"(?P<unit>day|week|wk|fortnight|month|quarter|year)"


@dataclass(frozen=True, slots=True)
class When:
    """Both readings of one expression; ``rolling`` spans count from today ("last 7 days")."""

    past: Period
    future: Period
    rolling: bool = False

    @classmethod
    def fixed(cls, first: date, last: date, *, rolling: bool = False) -> When:
        """An expression that means the same looking back and ahead."""
        return cls(Period(first, last), Period(first, last), rolling)


Reader = Callable[[Match[str], date], When | None]
_RULES: list[tuple[re.Pattern[str], Reader]] = []


def rule(pattern: str) -> Callable[[Reader], Reader]:
    """Add a rule: what matches ``pattern`` at a word's start is read by the decorated function."""

    def add(reader: Reader) -> Reader:
        _RULES.append((re.compile(rf"(?:{pattern})(?![\w])"), reader))
        return reader

    return add


def read_atom(text: str, at: int, today: date) -> tuple[When, int] | None:
    """The longest expression at ``text[at:]`` and where it ends, or None."""
    best: tuple[When, int] | None = None
    for pattern, reader in _RULES:
        found = pattern.match(text, at)
        if found and (best is None or found.end() > best[1]):
            when = _read_safely(reader, found, today)
            if when is not None:
                best = when, found.end()
    return best


def _read_safely(reader: Reader, found: Match[str], today: date) -> When | None:
    try:
        return reader(found, today)
    except (ValueError, OverflowError):  # the 31st of February, the year 9999 and a half
        return None


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day; months beyond 12 or below 1 run into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def span_of(unit: str, today: date, shift: int) -> tuple[date, date]:
    """The whole calendar week, month, quarter or year that lies ``shift`` away from today's."""
    if unit in ("week", "wk"):
        monday = today - today.weekday() * DAY + 7 * shift * DAY
        return monday, monday + 6 * DAY
    if unit == "month":
        return month_span(today.year, today.month + shift)
    if unit == "quarter":
        first = 3 * ((today.month - 1) // 3 + shift) + 1
        return month_span(today.year, first)[0], month_span(today.year, first + 2)[1]
    if unit == "year":
        return date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)
    return today + shift * DAY, today + shift * DAY
