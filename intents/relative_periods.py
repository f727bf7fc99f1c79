"""Times that are told by those spoken of before: "and the week before?", "the month after that"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from intents.periods import TimeSpan
from intents.tags import Tags
from tools.kit.slots import Period

DAY = timedelta(days=1)
_Build = Callable[[Period, re.Match[str]], Period]
_LENGTH = r"(?P<{0}>day|week|weekend|fortnight|month|quarter|year)s?"
_BESIDE = re.compile(
    r"\b(?:the )?(?:"
    rf"(?:one )?{_LENGTH.format('first')} "
    r"(?P<after>before|prior|earlier|previous|preceding|after|later|following)"
    rf"|(?P<ahead>previous|preceding|prior|following) {_LENGTH.format('second')}"
    r")(?: to)?(?: (?:that|this|it|those|then|one))?(?![\w])"
)
_YEAR_BACK = re.compile(
    r"\b(?:the )?same (?:day|week|month|period|time|weekend|quarter|dates?|days?)(?: of| in)? "
    r"(?:last|the previous|the prior|the year before|previous) ?(?:year)?"
)
_LATER = frozenset({"after", "later", "following"})
# What may stand after such words; anything else ("the week before easter") is a time of its own.
_GOES_ON = frozenset({
    "", "?", ".", ",", "!", ";", "and", "then", "too", "also", "please", "pls", "at", "in", "for", "of", "vs",
    "instead", "as", "or",
})  # fmt: skip


def with_relative_periods(tags: Tags, spoken_of: Any) -> Tags:
    """The tags with times beside the period that was spoken of last (its JSON form; none adds nothing)."""
    known = _period(spoken_of)
    if known is None:
        return tags
    text, starts = "", []
    for word in tags.words:
        starts.append(len(text))
        text += word.low + " "
    for pattern, build in ((_YEAR_BACK, _year_back), (_BESIDE, _beside)):
        found = pattern.search(text)
        if found:
            first, last = _places(starts, found.start(), found.end())
            period = _built(build, known, found)
            if period and tags.low(last) in _GOES_ON and not _longer(tags, last):
                return _put(tags, first, last, period)
    return tags


def _built(build: _Build, known: Period, found: re.Match[str]) -> Period | None:
    try:
        return build(known, found)
    except (ValueError, OverflowError):  # beyond the calendar's first or last year
        return None


def _period(raw: Any) -> Period | None:
    if not isinstance(raw, Mapping):
        return None
    try:
        return Period(date.fromisoformat(raw["from"]), date.fromisoformat(raw["to"]))
    except (KeyError, TypeError, ValueError):
        return None


def _places(starts: list[int], begin: int, end: int) -> tuple[int, int]:
    first = next(at for at, start in enumerate(starts) if start >= begin)
    return first, next((at for at, start in enumerate(starts) if start >= end), len(starts))


def _longer(tags: Tags, last: int) -> bool:
    """Whether a time of its own reaches beyond the words."""
    return any(span.start < last < span.end for span in tags.periods)


def _put(tags: Tags, first: int, last: int, period: Period) -> Tags:
    new = TimeSpan(first, last, period, period)

    def apart(start: int, end: int) -> bool:
        return end <= first or start >= last

    periods = [span for span in tags.periods if apart(span.start, span.end)]
    amounts = [amount for amount in tags.amounts if apart(amount.start, amount.end)]
    ordered = sorted([*periods, new], key=lambda span: span.start)
    return replace(tags, periods=tuple(ordered), amounts=tuple(amounts))


def _year_back(known: Period, _found: re.Match[str]) -> Period:
    """The same dates a year ago; whole weeks and single days keep their weekdays."""
    if known.days <= 7:
        return Period(known.first - 364 * DAY, known.last - 364 * DAY)
    return Period(_years(known.first, -1), _years(known.last, -1))


def _years(day: date, by: int) -> date:
    return day.replace(year=day.year + by, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _beside(known: Period, found: re.Match[str]) -> Period:
    unit = found["first"] or found["second"]
    later = (found["after"] or found["ahead"]) in _LATER
    step = 1 if later else -1
    edge = known.last if later else known.first
    if unit == "day":
        return Period(edge + step * DAY, edge + step * DAY)
    if unit in ("week", "fortnight", "weekend"):
        return _weeks(known, unit, step, edge)
    return _months({"month": 1, "quarter": 3, "year": 12}[unit], step, edge)


def _weeks(known: Period, unit: str, step: int, edge: date) -> Period:
    days = 14 if unit == "fortnight" else 7
    if known.days == days or (unit == "weekend" and known.days == 2):
        moved = step * (14 if unit == "fortnight" else 7) * DAY
        return Period(known.first + moved, known.last + moved)
    monday = edge - edge.weekday() * DAY
    if unit == "weekend":
        saturday = monday + 5 * DAY if step > 0 else monday - 2 * DAY
        return Period(saturday, saturday + DAY)
    first = monday + step * days * DAY
    return Period(first, first + (days - 1) * DAY)


def _months(length: int, step: int, edge: date) -> Period:
    """The calendar month, quarter or year beside the one that holds a day."""
    index = (12 * edge.year + edge.month - 1) // length + step
    return Period(_month_start(index * length), _month_start((index + 1) * length) - DAY)


def _month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
