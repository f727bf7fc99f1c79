"""Numbers and dates as tills and people write them, in one form; what is ambiguous is asked, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from connectors.feeds.cells import BadCell

_CURRENCY = re.compile(r"[£$€¥₹]|\b(?:GBP|USD|EUR|INR|CHF|CAD|AUD|NZD)\b", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_PLAIN = re.compile(r"\d+")
_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|0,\d+")
_DOT = re.compile(r"\d*\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|0\.\d+")
_EITHER = re.compile(r"\d{1,3}[.,]\d{3}")
_ALLOWED = {
    ".": re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?"),
    ",": re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d*)?"),
}
_NUMERIC = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})")
_TIME = (
    r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
)
_WHEN = re.compile(rf"(?P<day>[^T:]*?)(?:[T ,]+{_TIME})?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"


class Ambiguous(Exception):
    """The values could mean two things; the text says what to declare."""


def decimal_sign(cells: Iterable[str]) -> str:
    """The decimal sign that these numbers use, by evidence.

    Raises:
        Ambiguous: they disagree, or only values such as ``1,234`` are there.
    """
    commas, dots, unsure = "", "", ""
    for cell in cells:
        number = _bare(cell)[0]
        if _PLAIN.fullmatch(number):
            continue
        commas = commas or (cell if _COMMA.fullmatch(number) else "")
        dots = dots or (cell if _DOT.fullmatch(number) else "")
        unsure = unsure or (cell if _EITHER.fullmatch(number) else "")
    if commas and dots:
        raise Ambiguous(f'one decimal sign ({dots} and {commas} use two); declare decimal = "." or ","')
    if unsure and not commas and not dots:
        raise Ambiguous(f'to know whether {unsure} has decimals; declare decimal = "." or ","')
    return "," if commas else "."


def number(cell: str, decimal: str) -> str:
    """A number in plain form (``-1234.5``) out of ``£1,234.50-``, ``(1.234,50 €)`` and the like.

    Empty stays empty.

    Raises:
        BadCell: it is no number with this decimal sign.
    """
    if not cell:
        return ""
    digits, negative = _bare(cell)
    if not digits or not _ALLOWED[decimal].fullmatch(digits):
        raise BadCell(f"a number with a decimal {'comma' if decimal == ',' else 'point'}")
    whole, _, fraction = digits.replace("." if decimal == "," else ",", "").partition(decimal)
    plain = (whole or "0") + (f".{fraction}" if fraction else "")
    return f"-{plain}" if negative and plain.strip("0.") else plain


def _bare(cell: str) -> tuple[str, bool]:
    """The digits and signs of a number, and whether it is negative."""
    text = _SPACES.sub("", _CURRENCY.sub("", cell)).replace("−", "-")
    negative = text.startswith(("-", "(")) or text.endswith(("-", ")"))
    return text.strip("-+()"), negative


def date_order(cells: Iterable[str]) -> str:
    """Whether ``03/04/2026`` is a day in April or in March, by what the other dates show.

    Empty where no date depends on it.

    Raises:
        Ambiguous: nothing shows it, or the dates contradict each other.
    """
    day_first, month_first, unsure = "", "", ""
    for cell in cells:
        match = _NUMERIC.fullmatch(_day_part(cell))
        if match is None or len(match[1]) == 4:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 or match[2] == ".":
            day_first = cell
        elif second > 12:
            month_first = cell
        else:
            unsure = cell
    if day_first and month_first:
        raise Ambiguous(f"dates of one order ({day_first} and {month_first} contradict each other)")
    if unsure and not day_first and not month_first:
        raise Ambiguous(
            f'it to be clear which part of {unsure} is the month; declare date_format, e.g. "%d/%m/%Y"'
        )
    return DAY_FIRST if day_first else MONTH_FIRST if month_first else ""


def looks_like_date(cell: str) -> bool:
    """Whether a cell has the shape of a date, whatever its order."""
    day = _day_part(cell)
    return bool(_NUMERIC.fullmatch(day)) or _named_month(day) is not None


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How dates are written: an order of day and month, or a format of ``strptime``."""

    order: str = ""
    form: str = ""

    def read(self, cell: str) -> str:
        """The date (and time, where there is one) in ISO form; empty stays empty.

        Raises:
            BadCell: it is no such date.
        """
        if not cell:
            return ""
        return self._by_form(cell) if self.form else self._by_order(cell)

    def _by_form(self, cell: str) -> str:
        try:
            found = datetime.strptime(cell, self.form)  # noqa: DTZ007 - a zone, where there is one, is in the form
        except ValueError:
            raise BadCell(f"a date in the form {self.form}") from None
        has_time = any(mark in self.form for mark in ("%H", "%I", "%X", "%c"))
        return found.isoformat() if has_time else found.date().isoformat()

    def _by_order(self, cell: str) -> str:
        match = _WHEN.fullmatch(cell.strip())
        day = self._day(match["day"].strip(" ,")) if match else None
        if match is None or day is None:
            raise BadCell("a date such as 2026-03-31" + (f" ({self.order})" if self.order else ""))
        return day + _time(match)

    def _day(self, text: str) -> str | None:
        named = _named_month(text)
        if named:
            return named
        match = _NUMERIC.fullmatch(text)
        if match is None:
            return None
        first, second, third = int(match[1]), int(match[3]), int(match[4])
        if len(match[1]) == 4:
            return _iso(first, second, third)
        year = third + 2000 if len(match[4]) == 2 else third
        return _iso(year, first, second) if self.order == MONTH_FIRST else _iso(year, second, first)


def date_style(form: str) -> DateStyle:
    """The style that a mapping declares: an order, or a format of ``strptime``."""
    return DateStyle(order=form) if form in ("", DAY_FIRST, MONTH_FIRST) else DateStyle(form=form)


def _day_part(cell: str) -> str:
    match = _WHEN.fullmatch(cell.strip())
    return match["day"].strip(" ,") if match else ""


def _time(match: re.Match[str]) -> str:
    if not match["time"]:
        return ""
    hours, _, rest = match["time"].partition(":")
    hour = int(hours)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    if hour > 23:
        raise BadCell("a time before 24:00")
    zone = (match["zone"] or "").replace("UTC", "+00:00").replace("Z", "+00:00")
    return f"T{hour:02d}:{rest}{zone}"


def _named_month(text: str) -> str | None:
    """``31 Mar 2026``, ``Mar 31, 2026`` or ``Tuesday 31st March 2026``."""
    words = [word for word in re.split(r"[\s,.\-/]+", text.lower()) if word]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [int(found[1]) for word in words if (found := re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th)?", word))]
    if len(months) != 1 or len(numbers) != 2:
        return None
    day, year = sorted(numbers)
    return _iso(year if year > 99 else year + 2000, months[0], day)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime(year, month, day).date().isoformat()  # noqa: DTZ001 - a day has no zone
    except ValueError:
        return None


Normaliser = Callable[[str], str]
