"""What an expression of time means: a span of days, once it is known when and in which direction one asks.

An expression is kept unresolved (:class:`When`) until the end, so that "in August" can still become
the August before, the one to come, or the one within a year that is named later in the sentence.
Weeks run Monday to Sunday.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tools.kit.slots import Period

DAY = timedelta(days=1)
FIXED, YEARLY, MONTHLY, WEEKLY = 3, 2, 1, 0
"""How often an expression comes round: the rarer one of a pair decides where the other one lies."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """Where people, countries and programs differ; the defaults are the shop's.

    ``month_first``: 3/4 is the 4th of March. ``today_counts``: "the last 7 days" end today and "the
    next 7" start today. ``whole_units``: units of which "the last 2" are whole calendar ones.
    ``financial_year``: the month in which it starts. ``named_end_is_out``: "from May to July" stops
    where July begins. ``nth_to_come``: "the upcoming two weeks" are the second one to come.
    ``halves``: early and late April are its halves, not its thirds.
    ``ends_are_days``: the end of May is its last day, not its last part.
    ``solar_seasons`` run from equinox to solstice. ``year_opens``: how many months its beginning has.
    """

    month_first: bool = False
    today_counts: bool = True
    whole_units: frozenset[str] = frozenset()
    financial_year: int = 4
    named_end_is_out: bool = False
    nth_to_come: bool = False
    halves: bool = False
    ends_are_days: bool = True
    solar_seasons: bool = False
    year_opens: int = 4


OURS = Conventions()


@dataclass(frozen=True, slots=True)
class Moment:
    """When and how one asks.

    ``ahead``: the next one is meant, not the latest. ``within``: the first one from ``today`` on,
    today included. ``point``: a day to count from is wanted ("since Q1"), so the span need not be over.
    """

    today: date
    ahead: bool
    within: bool = False
    point: bool = False
    rules: Conventions = OURS

    def at(self, day: date, *, ahead: bool, within: bool = False) -> Moment:
        """The same question asked on another day."""
        return replace(self, today=day, ahead=ahead, within=within)


Resolve = Callable[[Moment], Period | None]


@dataclass(frozen=True, slots=True)
class When:
    """An expression of time: how to find its days, how often it comes round, what it is made of.

    ``unit`` is ``day``, ``week``, … or ``span``. ``rolling`` spans count from today. ``other`` finds a
    second meaning that English has for the same words. ``closing`` marks the ends of spans.
    """

    resolve: Resolve
    rank: int = FIXED
    unit: str = "day"
    rolling: bool = False
    other: Resolve | None = None
    closing: bool = field(default=False)


def fixed(find: Callable[[date], tuple[date, date]], unit: str = "span", *, rolling: bool = False) -> When:
    """What depends on the day only, and means the same looking back and ahead."""
    return When(lambda moment: Period(*find(moment.today)), unit=unit, rolling=rolling)


def exactly(first: date, last: date | None = None, unit: str = "day") -> When:
    """Days that depend on nothing."""
    return When(lambda _: Period(first, last or first), unit=unit)


def yearly(
    in_year: Callable[[int], Period | None], unit: str = "day", *, ongoing: bool = True, rank: int = YEARLY
) -> When:
    """What comes round every year; an ``ongoing`` one is also the latest."""

    def resolve(moment: Moment) -> Period | None:
        if moment.ahead:
            years = range(moment.today.year - 1, moment.today.year + 9)
            spans = (span for span in map(in_year, years) if span)
            return next((span for span in spans if moment.today <= _wanted(span, moment)), None)
        years = range(moment.today.year + 1, moment.today.year - 9, -1)
        found = (span for span in map(in_year, years) if span)
        begun = ongoing or moment.point
        return next((span for span in found if _is_past(span, moment.today, begun=begun)), None)

    return When(resolve, rank, unit)


def _wanted(span: Period, moment: Moment) -> date:
    return span.first if moment.within else span.last


def _is_past(span: Period, today: date, *, begun: bool) -> bool:
    return span.first <= today if begun else span.last < today


def monthly(day: int) -> When:
    """A day of the month: the latest one, the next one; today counts as both."""

    def resolve(moment: Moment) -> Period | None:
        step = 1 if moment.ahead else -1
        for shift in range(13):
            first, last = month_span(moment.today.year, moment.today.month + step * shift)
            if day > last.day:
                continue
            found = first.replace(day=day)
            if found == moment.today or (found > moment.today) == moment.ahead:
                return Period(found, found)
        return None

    return When(resolve, MONTHLY)


def weekly(weekday: int) -> When:
    """A weekday: the latest one before today, the next one after it."""

    def resolve(moment: Moment) -> Period:
        today = moment.today
        if moment.within and today.weekday() == weekday:
            return Period(today, today)
        if moment.ahead:
            day = today + ((weekday - today.weekday() - 1) % 7 + 1) * DAY
        else:
            day = today - ((today.weekday() - weekday - 1) % 7 + 1) * DAY
        return Period(day, day)

    return When(resolve, WEEKLY)


def weekend_at(shift: int | None = None) -> When:
    """The weekend of this week (0) or another one; by default the latest and the next one."""

    def resolve(moment: Moment) -> Period:
        saturday = moment.today - moment.today.weekday() * DAY + 5 * DAY
        if shift is not None:
            saturday += 7 * shift * DAY
        elif not moment.ahead and moment.today < saturday + DAY:
            saturday -= 7 * DAY
        return Period(saturday, saturday + DAY)

    return When(resolve, WEEKLY if shift is None else FIXED, "weekend")


def inside(part: When, whole: When) -> When:
    """As in "the 15th of last month": the first ``part`` from the start of ``whole`` on."""

    def resolve(moment: Moment) -> Period | None:
        span = whole.resolve(moment)
        found = span and part.resolve(moment.at(span.first, ahead=True, within=True))
        if not span or not found or (span.days > 1 and found.first > span.last):
            return None
        return found

    return When(resolve, whole.rank, part.unit)


def derived(base: When, change: Callable[[Period], Period | None], unit: str = "span") -> When:
    """A span worked out from another one."""

    def resolve(moment: Moment) -> Period | None:
        span = base.resolve(moment)
        return change(span) if span else None

    return When(resolve, base.rank, unit)


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day; months beyond 12 or below 1 run into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def single(day: date | None) -> Period | None:
    """A span of one day."""
    return Period(day, day) if day else None


def months_on(day: date, months: int) -> date:
    """The same day of another month, or that month's last one."""
    first, last = month_span(day.year, day.month + months)
    return first.replace(day=min(day.day, last.day))


MONTHS_OF = {"month": 1, "quarter": 3, "season": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
DAYS_OF = {"day": 1, "week": 7, "fortnight": 14, "weekend": 7}


def moved(day: date, count: int, unit: str) -> date:
    """A day so many units later (or earlier); working days are Monday to Friday."""
    if unit in MONTHS_OF:
        return months_on(day, count * MONTHS_OF[unit])
    if unit == "workday":
        return _workdays_on(day, count)
    return day + count * DAYS_OF[unit] * DAY


def _workdays_on(day: date, count: int) -> date:
    if abs(count) > 2000:
        raise ValueError("not a span of time that a shop reckons in")
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def span_of(unit: str, today: date, shift: int) -> tuple[date, date]:
    """The whole calendar week, month, quarter or year that lies ``shift`` away from today's."""
    if unit in ("week", "fortnight", "workweek", "weekend"):
        monday = today - today.weekday() * DAY + 7 * shift * DAY
        if unit == "weekend":
            return monday + 5 * DAY, monday + 6 * DAY
        return monday, monday + {"week": 6, "fortnight": 13, "workweek": 4}[unit] * DAY
    if unit in ("month", "quarter", "half"):
        length = MONTHS_OF[unit]
        first = length * ((today.month - 1) // length + shift) + 1
        return month_span(today.year, first)[0], month_span(today.year, first + length - 1)[1]
    if unit in ("year", "decade", "century"):
        length = {"year": 1, "decade": 10, "century": 100}[unit]
        first_year = (today.year // length + shift) * length
        return date(first_year, 1, 1), date(first_year + length - 1, 12, 31)
    if unit == "season":
        first = 3 * (today.month // 3 + shift)
        return month_span(today.year, first)[0], month_span(today.year, first + 2)[1]
    day = moved(today, shift, unit)
    return day, day
