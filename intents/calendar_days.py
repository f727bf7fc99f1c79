"""Expressions that mean single days or weekends: dates, "yesterday", "next Tuesday", "Easter"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from re import Match

from intents.calendar_words import DAY, MON, MONTHS, PART, WD, WEEKDAYS, When, month_span, rule, span_of
from intents.feasts import FEASTS
from tools.kit.slots import Period


@rule(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:t\d{2}:\d{2})?")
def _iso(found: Match[str], _today: date) -> When:
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    return When.fixed(day, day)


@rule(rf"(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MON}(?: ?,? (?P<y>\d{{4}}))?")
@rule(rf"{MON} (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?! ?(?:%|x|ml|kg|g|l)\b)(?: ?,? (?P<y>\d{{4}}))?")
def _day_of_month(found: Match[str], today: date) -> When:
    return yearly(int(found["d"]), MONTHS[found["mon"]], found["y"], today)


@rule(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to|and) ?(?P<e>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?(?: of)? {MON}(?: (?P<y>\d{{4}}))?"
)
@rule(
    rf"{MON} (?P<d>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to) ?(?P<e>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?(?: (?P<y>\d{{4}}))?"
)
def _days_of_month(found: Match[str], today: date) -> When:
    first = yearly(int(found["d"]), MONTHS[found["mon"]], found["y"], today)
    last = yearly(int(found["e"]), MONTHS[found["mon"]], found["y"], today)
    return When(Period(first.past.first, last.past.first), Period(first.future.first, last.future.first))


@rule(
    r"(?P<d>\d{1,2}) ?[/.] ?(?P<m>\d{1,2})(?: ?[/.] ?(?P<y>\d{4}|\d{2}))?(?! (?:kg|g|l|ml|cases?|packs?|"
    r"of)\b)"
)
def _slashed(found: Match[str], today: date) -> When | None:
    day, month = int(found["d"]), int(found["m"])
    if not found["y"] and (day == 1 and month <= 4 and month > 1 and "/" in found[0]):
        return None
    if not found["y"] and _decimal(found):
        return None
    year = found["y"]
    return yearly(day, month, f"20{year}" if year and len(year) == 2 else year, today)


def _decimal(found: Match[str]) -> bool:
    """As in "2.5 lemons": a dot and one digit make a day only where something says so."""
    plain = "." in found[0] and len(found["m"]) == 1 and " " not in found[0]
    return plain and not _BEFORE_DAY.search(found.string[: found.start()])


_BEFORE_DAY = re.compile(
    r"\b(?:on|by|until|till|before|since|from|to|date|dated|expir\w*|exp|bbe?|before|by)(?: the)?:? $"
)


def yearly(day: int, month: int, year: str | None, today: date) -> When:
    """A date, in the year that was said or in the nearest one before and after today."""
    if year:
        exact = date(int(year), month, day)
        return When.fixed(exact, exact)
    here = date(today.year, month, day)
    before = here if here <= today else date(today.year - 1, month, day)
    after = here if here >= today else date(today.year + 1, month, day)
    return When(Period(before, before), Period(after, after))


@rule(
    r"(?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|last|next) month|"
    r" of the month)?(?! (?:one|option|item|choice|product|line|place)\b)"
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
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "end of day": 0,
    "end of the day": 0,
    "eod": 0, "close of business": 0, "tdy": 0, "2day": 0, "yesterday": -1, "yday": -1, "yest": -1,
    "last night": -1,
    "the day before yesterday": -2, "day before yesterday": -2, "tomorrow": 1, "tmrw": 1, "tmr": 1,
    "tomo": 1, "tmw": 1, "tom": 1,
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
    + PART
    + "(?: so far)?"
)
def _near(found: Match[str], today: date) -> When:
    name = next(name for name in sorted(_NEAR, key=len, reverse=True) if found[0].startswith(name))
    day = today + _NEAR[name] * DAY
    return When.fixed(day, day)


@rule(
    rf"(?:(?P<which>last|past|previous|this past|this|next|coming|this coming|"
    rf"the coming) )?{WD}{PART}(?P<week> week)?"
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


@rule(rf"{WD}(?: of)? (?P<which>last|next|this) week")
@rule(rf"(?P<which>last|next|this) week(?: on)? {WD}")
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
