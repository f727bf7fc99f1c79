"""Single expressions of time ("last week", "1st March", "in Q4") to spans of days.

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

from intents.feasts import FEASTS
from intents.numerals import ONES, TENS
from tools.kit.slots import Period

DAY = timedelta(days=1)
WEEKDAYS = {
    "monday": 0, "mon": 0, "tuesday": 1, "tue": 1, "tues": 1, "wednesday": 2, "wed": 2, "weds": 2, "thursday": 3,
    "thu": 3, "thur": 3, "thurs": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip
MONTHS = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6,
    "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10, "oct": 10,
    "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
_SMALL = {**ONES, **TENS, "a couple of": 2, "couple of": 2, "a": 1, "an": 1, "few": 3, "a few": 3}
_NUMBER = r"(?P<n>\d{1,3}|a couple of|couple of|" + "|".join([*ONES, *TENS]) + ")"
_WD = r"(?P<wd>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")s?"
_MON = r"(?P<mon>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_PART = r"(?: (?:morning|afternoon|evening|night|lunchtime|am|pm))?"
_UNIT = r"(?P<unit>day|week|wk|fortnight|month|quarter|year)"


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


@rule(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:t\d{2}:\d{2})?")
def _iso(found: Match[str], _today: date) -> When:
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    return When.fixed(day, day)


@rule(rf"(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MON}(?: ?,? (?P<y>\d{{4}}))?")
@rule(rf"{_MON} (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?! ?(?:%|x|ml|kg|g|l)\b)(?: ?,? (?P<y>\d{{4}}))?")
def _day_of_month(found: Match[str], today: date) -> When:
    return _yearly(int(found["d"]), MONTHS[found["mon"]], found["y"], today)


@rule(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to|and) ?(?P<e>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MON}(?: (?P<y>\d{{4}}))?"
)
@rule(
    rf"{_MON} (?P<d>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to) ?(?P<e>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<y>\d{{4}}))?"
)
def _days_of_month(found: Match[str], today: date) -> When:
    first = _yearly(int(found["d"]), MONTHS[found["mon"]], found["y"], today)
    last = _yearly(int(found["e"]), MONTHS[found["mon"]], found["y"], today)
    return When(Period(first.past.first, last.past.first), Period(first.future.first, last.future.first))


@rule(
    r"(?P<d>\d{1,2}) ?[/.] ?(?P<m>\d{1,2})(?: ?[/.] ?(?P<y>\d{4}|\d{2}))?(?! (?:kg|g|l|ml|cases?|packs?|of)\b)"
)
def _slashed(found: Match[str], today: date) -> When | None:
    day, month = int(found["d"]), int(found["m"])
    if not found["y"] and (day == 1 and month <= 4 and month > 1 and "/" in found[0]):
        return None
    year = found["y"]
    return _yearly(day, month, f"20{year}" if year and len(year) == 2 else year, today)


def _yearly(day: int, month: int, year: str | None, today: date) -> When:
    if year:
        exact = date(int(year), month, day)
        return When.fixed(exact, exact)
    here = date(today.year, month, day)
    before = here if here <= today else date(today.year - 1, month, day)
    after = here if here >= today else date(today.year + 1, month, day)
    return When(Period(before, before), Period(after, after))


@rule(
    r"(?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|last|next) month| of the month)?(?! (?:one|option|item|choice|product|line|place)\b)"
)
def _day_only(found: Match[str], today: date) -> When:
    day, which = int(found["d"]), found["which"]
    if which:
        first = month_span(today.year, today.month + {"last": -1, "this": 0, "next": 1}[which])[0]
        exact = first.replace(day=day)
        return When.fixed(exact, exact)
    here = today.replace(day=day)
    before = here if here <= today else month_span(today.year, today.month - 1)[0].replace(day=day)
    after = here if here >= today else month_span(today.year, today.month + 1)[0].replace(day=day)
    return When(Period(before, before), Period(after, after))


_NEAR = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "end of day": 0, "end of the day": 0,
    "eod": 0, "close of business": 0, "tdy": 0, "2day": 0, "yesterday": -1, "yday": -1, "yest": -1, "last night": -1,
    "the day before yesterday": -2, "day before yesterday": -2, "tomorrow": 1, "tmrw": 1, "tmr": 1, "tomo": 1, "tmw": 1, "tom": 1,
    "the day after tomorrow": 2, "day after tomorrow": 2, "day after tmrw": 2, "overmorrow": 2,
}  # fmt: skip


NEAR_WORDS = frozenset(word for name in _NEAR for word in name.split()) - {
    "the",
    "of",
    "this",
    "tom",
    "before",
    "after",
    "end",
}


@rule(
    r"(?:"
    + "|".join(sorted((name for name in _NEAR if name != "tom"), key=len, reverse=True))
    + ")"
    + _PART
    + "(?: so far)?"
)
def _near(found: Match[str], today: date) -> When:
    name = next(name for name in sorted(_NEAR, key=len, reverse=True) if found[0].startswith(name))
    day = today + _NEAR[name] * DAY
    return When.fixed(day, day)


@rule(
    rf"(?:(?P<which>last|past|previous|this past|this|next|coming|this coming|the coming) )?{_WD}{_PART}(?P<week> week)?"
)
def _weekday(found: Match[str], today: date) -> When | None:
    if found["wd"] in ("sun", "sat", "mon", "wed") and found[0] == "sun" and not found["which"]:
        return None
    weekday, which = WEEKDAYS[found["wd"]], found["which"] or ""
    before = today - ((today.weekday() - weekday - 1) % 7 + 1) * DAY
    after = today + ((weekday - today.weekday() - 1) % 7 + 1) * DAY
    if found["week"]:
        after += 7 * DAY
        return When.fixed(after, after)
    if which in ("last", "past", "previous", "this past"):
        return When.fixed(before, before)
    if which == "next":
        day = span_of("week", today, 1)[0] + weekday * DAY
        return When.fixed(day, day)
    if which == "this":
        day = span_of("week", today, 0)[0] + weekday * DAY
        return When.fixed(day, day)
    return (
        When.fixed(after, after) if "coming" in which else When(Period(before, before), Period(after, after))
    )


@rule(rf"{_WD}(?: of)? (?P<which>last|next|this) week")
@rule(rf"(?P<which>last|next|this) week(?: on)? {_WD}")
def _weekday_of_week(found: Match[str], today: date) -> When:
    monday = span_of("week", today, {"last": -1, "this": 0, "next": 1}[found["which"]])[0]
    day = monday + WEEKDAYS[found["wd"]] * DAY
    return When.fixed(day, day)


@rule(
    r"(?:(?P<which>last|past|previous|this|next|coming|the) )?(?P<long>(?:bank holiday|long|easter) )?weekend"
)
def _weekend(found: Match[str], today: date) -> When:
    if found["long"] and "easter" in found["long"]:
        sunday = FEASTS[r"easter(?: sunday)?"](today.year)
        return When.fixed(sunday - 2 * DAY, sunday + DAY)
    saturday = span_of("week", today, 0)[0] + 5 * DAY
    before = saturday - 7 * DAY
    which = found["which"] or ""
    if which in ("last", "past", "previous"):
        return When.fixed(before, before + DAY)
    if which == "next":
        return When.fixed(saturday + 7 * DAY, saturday + 8 * DAY)
    back = saturday if today.weekday() == 6 else before
    return When(Period(back, back + DAY), Period(saturday, saturday + DAY))


_SHIFT = {
    "last": -1,
    "previous": -1,
    "this": 0,
    "current": 0,
    "the current": 0,
    "next": 1,
    "following": 1,
    "coming": 1,
}


@rule(
    rf"(?:the )?(?P<which>last|previous|this|current|next|following|coming) (?:whole |full |calendar )?{_UNIT}s?(?P<far>(?: so far| to date))?"
)
def _calendar(found: Match[str], today: date) -> When:
    shift = _SHIFT[found["which"]]
    if found["unit"] == "fortnight":
        return _rolling(14, -1 if shift < 0 else 1, today)
    return When.fixed(*span_of(found["unit"], today, shift))


@rule(rf"(?:the )?{_UNIT} (?P<which>before last|after next)")
def _twice(found: Match[str], today: date) -> When:
    return When.fixed(*span_of(found["unit"], today, -2 if found["which"] == "before last" else 2))


@rule(rf"(?:the )?(?:past|rolling) {_UNIT}")
def _past_one(found: Match[str], today: date) -> When:
    return _rolling(_days(found["unit"]), -1, today)


@rule(rf"(?:the )?(?P<which>last|past|previous|next|coming|following) (?:few|{_NUMBER}) ?{_UNIT}s?")
def _several(found: Match[str], today: date) -> When:
    count = _SMALL.get(found["n"] or "few") or int(found["n"])
    ahead = found["which"] in ("next", "coming", "following")
    return _several_units(count, found["unit"], 1 if ahead else -1, today)


@rule(rf"(?:with)?in (?:the )?(?:(?:next|coming) )?(?:{_NUMBER}|an?) ?{_UNIT}s?(?: time)?")
@rule(rf"(?:for|over) (?:the )?(?:next |coming )?(?:{_NUMBER}|an?) ?{_UNIT}s?")
def _within(found: Match[str], today: date) -> When:
    count = 1 if not found["n"] else _SMALL.get(found["n"]) or int(found["n"])
    return _several_units(count, found["unit"], 1, today)


@rule(rf"(?:{_NUMBER}|an?) ?{_UNIT}s? (?:ago|back)")
def _ago(found: Match[str], today: date) -> When:
    count = 1 if not found["n"] else _SMALL.get(found["n"]) or int(found["n"])
    if found["unit"] == "day":
        return When.fixed(today - count * DAY, today - count * DAY)
    unit, count = ("week", 2 * count) if found["unit"] == "fortnight" else (found["unit"], count)
    return When.fixed(*span_of(unit, today, -count))


def _days(unit: str) -> int:
    return {"day": 1, "week": 7, "wk": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365}[unit]


def _several_units(count: int, unit: str, sign: int, today: date) -> When:
    if unit not in ("month", "quarter", "year"):
        return _rolling(count * _days(unit), sign, today)
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    first, last = month_span(today.year, today.month + sign * months)
    other = first.replace(day=min(today.day, last.day))
    if sign < 0:
        return When.fixed(other + DAY, today, rolling=True)
    return When.fixed(today, other - DAY, rolling=True)


def _rolling(days: int, sign: int, today: date) -> When:
    if not 0 < days <= 36500:
        raise ValueError("not a span of time that a shop reckons in")
    if sign < 0:
        return When.fixed(today - (days - 1) * DAY, today, rolling=True)
    return When.fixed(today, today + (days - 1) * DAY, rolling=True)


_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}


@rule(r"q ?(?P<q>[1-4])(?:(?: of| in)? (?P<y>20\d{2}))?")
@rule(r"(?:the )?(?P<name>first|second|third|fourth) quarter(?:(?: of)? (?P<y>20\d{2}))?")
def _quarter(found: Match[str], today: date) -> When:
    groups = found.groupdict()
    number = int(groups["q"]) if groups.get("q") else _QUARTERS[groups["name"]]
    return _recurring(3 * number - 2, 3, groups["y"], today)


@rule(rf"(?:(?P<which>last|this|next|all of|early|late|mid) )?{_MON}(?P<far> so far)?(?: (?P<y>20\d{{2}}))?")
def _month(found: Match[str], today: date) -> When:
    month = MONTHS[found["mon"]]
    if month == today.month and not found["y"] and found["which"] not in ("last", "next"):
        return When.fixed(*month_span(today.year, month))
    return _recurring(month, 1, found["y"], today)


def _recurring(month: int, length: int, year: str | None, today: date) -> When:
    """Months that come every year: the latest complete one, the next one to come."""

    def span(of_year: int) -> Period:
        return Period(month_span(of_year, month)[0], month_span(of_year, month + length - 1)[1])

    if year:
        return When(span(int(year)), span(int(year)))
    back = today.year if span(today.year).last < today else today.year - 1
    ahead = today.year if span(today.year).last >= today else today.year + 1
    return When(span(back), span(ahead))


@rule(r"(?:the )?year (?P<y>20\d{2})|(?:in |of |for |during |since )(?P<z>20\d{2})")
def _year(found: Match[str], _today: date) -> When:
    year = int(found["y"] or found["z"])
    return When.fixed(date(year, 1, 1), date(year, 12, 31))


@rule(r"(?:the )?(?P<unit>week|month|quarter|year) to date|(?P<short>ytd|mtd|wtd|qtd)")
def _to_date(found: Match[str], today: date) -> When:
    unit = found["unit"] or {"y": "year", "m": "month", "w": "week", "q": "quarter"}[found["short"][0]]
    return When.fixed(span_of(unit, today, 0)[0], today)


@rule(
    r"(?:the )?(?P<part>end|start|beginning|rest|remainder) of (?:the |this )?(?P<unit>week|month|quarter|year)|(?P<short>eow|eom)"
)
def _part_of(found: Match[str], today: date) -> When:
    unit = found["unit"] or {"eow": "week", "eom": "month"}[found["short"]]
    first, last = span_of(unit, today, 0)
    if found["part"] in ("rest", "remainder"):
        return When.fixed(today, last)
    return When.fixed(first, first) if found["part"] in ("start", "beginning") else When.fixed(last, last)


@rule(
    rf"(?:the )?end of (?P<which>last |next )?{_MON}|(?:the )?end of (?P<near>last|next) (?P<unit>week|month)"
)
def _end_of(found: Match[str], today: date) -> When:
    if found["mon"]:
        when = _recurring(MONTHS[found["mon"]], 1, None, today)
        return When(Period(when.past.last, when.past.last), Period(when.future.last, when.future.last))
    last = span_of(found["unit"], today, 1 if found["near"] == "next" else -1)[1]
    return When.fixed(last, last)


@rule(
    r"(?:the )?(?P<which>first|second|third|last) (?P<unit>week|half) of (?:the )?(?P<in>month|this month|last month|next month|"
    + "|".join(MONTHS)
    + ")"
)
def _week_of_month(found: Match[str], today: date) -> When:
    name = found["in"]
    if name in MONTHS:
        base = _recurring(MONTHS[name], 1, None, today)
        return When(_slice(base.past, found), _slice(base.future, found))
    shift = -1 if "last" in name else 1 if "next" in name else 0
    whole = Period(*span_of("month", today, shift))
    return When(_slice(whole, found), _slice(whole, found))


def _slice(month: Period, found: Match[str]) -> Period:
    if found["unit"] == "half":
        middle = month.first.replace(day=15)
        return Period(month.first, middle) if found["which"] == "first" else Period(middle + DAY, month.last)
    if found["which"] == "last":
        return Period(month.last - 6 * DAY, month.last)
    first = month.first + 7 * (("first", "second", "third").index(found["which"])) * DAY
    return Period(first, first + 6 * DAY)


@rule(
    rf"(?:the )?(?:week of|week commencing|week beginning|week starting|w / c|wc|week ending) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MON}"
)
def _week_of(found: Match[str], today: date) -> When:
    when = _yearly(int(found["d"]), MONTHS[found["mon"]], None, today)
    return When(Period(*span_of("week", when.past.first, 0)), Period(*span_of("week", when.future.first, 0)))


@rule(r"(?:the )?same (?P<unit>day|week|month|quarter) last year|(?:this time) last year")
def _year_ago(found: Match[str], today: date) -> When:
    unit = found["unit"] or "week"
    if unit in ("day", "week"):
        return When.fixed(*span_of(unit, today - 364 * DAY, 0))
    first, _ = span_of(unit, today, 0)
    return When.fixed(*span_of(unit, first.replace(year=first.year - 1), 0))


def _feast_rule(pattern: str, day_in: Callable[[int], date]) -> None:
    @rule(rf"(?:(?P<which>last|this|next) )?(?:{pattern})(?: (?P<y>20\d{{2}}))?")
    def _feast(found: Match[str], today: date) -> When:
        if found["y"]:
            exact = day_in(int(found["y"]))
            return When.fixed(exact, exact)
        here = day_in(today.year)
        before = here if here < today else day_in(today.year - 1)
        after = here if here >= today else day_in(today.year + 1)
        if found["which"] == "last":
            return When.fixed(before, before)
        return When(Period(before, before), Period(after, after))


for _pattern, _day_in in FEASTS.items():
    _feast_rule(_pattern, _day_in)
