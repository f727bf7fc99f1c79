"""Parts of spans: "mid-April", "the first half of 2025", "the second Monday of May"."""

from __future__ import annotations

from datetime import date

from intents.calendar_spans import months_in, twelfths
from intents.calendar_values import (
    DAY,
    MONTHS_OF,
    Conventions,
    Moment,
    When,
    derived,
    fixed,
    month_span,
    moved,
    single,
    span_of,
    weekly,
)
from intents.calendar_words import rule
from tools.kit.slots import Period


@rule("quarter", "h [1|2] of|in? <whole>")
@rule(
    "quarter",
    "h [1|2] of|in|,|-? <calyear>?",
    "<calyear> -? h [1|2]",
    "[first|second|1st|2nd|last] half of <span>",
)
def _half(*parts: str | When | None) -> When | None:
    name = next(part for part in parts if isinstance(part, str))
    number = 2 if name in ("last", "second", "2nd", "2") else 1
    whole = next((part for part in parts if isinstance(part, When)), None)
    if whole is None or whole.unit == "year":
        return twelfths(6 * number - 5, 6, whole, "half")
    return derived(whole, lambda span: _half_of(span, number))


def _half_of(span: Period, number: int) -> Period:
    days = 15 if 28 <= span.days <= 31 else span.days // 2 if span.days < 60 else 0
    if not days:
        first = month_span(span.first.year, span.first.month + months_in(span) // 2)[0]
        days = (first - span.first).days
    middle = span.first + (days - 1) * DAY
    return Period(span.first, middle) if number == 1 else Period(middle + DAY, span.last)


@rule("part", "[month|quarter|year] -? end")
def _unit_end(unit: str) -> When:
    return _part("end", fixed(lambda today: span_of(unit, today, 0), unit))


@rule("part", "[early|late|middle] of|in|-? <span>", "[beginning|end|close] of <span>", "[end] -? <month>")
@rule("part", "[midweek] of|in? <span>")
def _part(part: str, whole: When) -> When:
    number = 0 if part in ("early", "beginning") else 1 if part in ("middle", "midweek") else 2
    edge = part in ("beginning", "end", "close")

    of_calendar = whole.other if whole.rolling and whole.other else whole.resolve

    def resolve(moment: Moment) -> Period | None:
        span = of_calendar(moment)
        if span is None:
            return None
        if edge and (moment.point or moment.rules.ends_are_days):
            day = span.last if number else span.first
            return Period(day, day)
        return _third(span, number, moment.rules)

    return When(resolve, whole.rank, "span", closing=number == 2)


@rule("part", "[eom|eow|eoy|eoq|bom|boy|bow|boq]")
def _short_part(name: str) -> When:
    unit = {"m": "month", "w": "week", "y": "year", "q": "quarter"}[name[2]]
    return _part("end" if name[0] == "e" else "beginning", fixed(lambda today: span_of(unit, today, 0), unit))


def _third(span: Period, number: int, rules: Conventions) -> Period:
    """The first, middle or last part: about a third, in days of a week or month, else in months."""
    if rules.halves and 28 <= span.days <= 31:
        begin, end = ((0, 15), (9, 20), (15, span.days))[number]
        return Period(span.first + begin * DAY, span.first + (end - 1) * DAY)
    if span.days <= 31:
        thirds = ((0, 2), (1, 3), (4, 6)) if span.days <= 7 else ((0, 9), (10, 19), (20, span.days - 1))
        return Period(span.first + thirds[number][0] * DAY, span.first + thirds[number][1] * DAY)
    length = max(1, months_in(span) // 3)
    if number == 0 and months_in(span) == 12:
        return Period(span.first, month_span(span.first.year, span.first.month + rules.year_opens - 1)[1])
    first = month_span(span.first.year, span.first.month + number * length)[0]
    last = month_span(first.year, first.month + length - 1)[1]
    return Period(first, span.last if number == 2 else last)


@rule(
    "atom",
    "rest|remainder|remaining|balance of|this? <span>",
    "later on? in? <whole>",
    "later on? in <these>",
)
def _rest(whole: When) -> When:
    def resolve(moment: Moment) -> Period | None:
        span = whole.resolve(moment)
        return span and Period(min(max(span.first, moment.today), span.last), span.last)

    return When(resolve, whole.rank)


@rule("cal", "so far in? <cal1>", "<these> so far", "<cal1> so far")
@rule("atom", "earlier in? <whole>", "earlier in <these>", "<these> to|until date|now|today")
def _so_far(whole: When) -> When:
    def resolve(moment: Moment) -> Period | None:
        span = whole.resolve(moment)
        return span and Period(span.first, max(span.first, min(span.last, moment.today)))

    return When(resolve, whole.rank)


@rule("atom", "[ytd|mtd|wtd|qtd]")
def _to_date(name: str) -> When:
    unit = {"y": "year", "m": "month", "w": "week", "q": "quarter"}[name[0]]
    return fixed(lambda today: (span_of(unit, today, 0)[0], today))


@rule("slice", "<ord> <wd> of|in <span>", "<ord> [last] <wd> of|in <span>", "[last] <wd> of|in <span>")
def _nth_weekday(*parts: int | str | When) -> When | None:
    number, last = _counted(parts[:-2])
    return _nth(number, last, parts[-1], int(parts[-2]))  # type: ignore[arg-type]


def _counted(parts: tuple[int | str | When, ...]) -> tuple[int, bool]:
    number = next((part for part in parts if isinstance(part, int)), 1)
    return number, any(isinstance(part, str) for part in parts)


def _nth(number: int, from_end: bool, whole: When, weekday: int) -> When | None:
    """The nth weekday of a span, from either end."""
    if not 1 <= number <= 53:
        return None

    def resolve(moment: Moment) -> Period | None:
        span = whole.resolve(moment)
        if span is None:
            return None
        edge = span.last + DAY if from_end else span.first - DAY
        near = weekly(weekday).resolve(moment.at(edge, ahead=not from_end))
        day = near.first + 7 * (1 - number if from_end else number - 1) * DAY if near else None
        return Period(day, day) if day and span.first <= day <= span.last else None

    return When(resolve, whole.rank)


@rule("slice", "<wd> [after|before|following] <cal>")
def _next_after(weekday: int, way: str, base: When) -> When:
    return _nth_after(1, weekday, way, base)


@rule("slice", "<ord> <wd> [after|before|following] <cal>", "[first] <wd> [after|before|following] <cal>")
def _nth_after(number: int | str, weekday: int, way: str, base: When) -> When:
    count = number if isinstance(number, int) else 1

    def resolve(moment: Moment) -> Period | None:
        span = base.resolve(moment)
        if span is None:
            return None
        ahead = way != "before"
        near = weekly(weekday).resolve(moment.at(span.last if ahead else span.first, ahead=ahead))
        return near and single(near.first + 7 * (count - 1) * (DAY if ahead else -DAY))

    return When(resolve, base.rank)


@rule("slice", "<ord> <unit> of|in <span>", "<ord> [last] <unit> of|in <span>", "[last] <unit> of|in <span>")
def _nth_unit(*parts: int | str | When) -> When | None:
    number, last = _counted(parts[:-2])
    return _units_of(number, 1, last, str(parts[-2]), parts[-1])  # type: ignore[arg-type]


@rule("slice", "[first|last|final|opening] <n> <unit> of|in <span>")
def _first_units(which: str, count: int, unit: str, whole: When) -> When | None:
    from_end = which in ("last", "final")
    return _units_of(count if from_end else 1, count, from_end, unit, whole)


def _units_of(number: int, count: int, from_end: bool, unit: str, whole: When) -> When | None:
    """Whole days, weeks or months of a span, counted from its start or its end."""
    if unit == "fortnight":
        unit, count = "day", 14 * count
    if not 1 <= number <= 366 or count > 366 or unit not in ("day", "week", "weekend", "month", "quarter"):
        return None

    def resolve(moment: Moment) -> Period | None:
        span = whole.resolve(moment)
        if span is None:
            return None
        first, step = _first_unit(span, unit, from_end=from_end)
        start = _stepped(first, step * (number - 1), unit)
        end = _stepped(start, count, unit) - DAY
        return Period(start, start + DAY if unit == "weekend" and count == 1 else end)

    return When(resolve, whole.rank, unit)


def _stepped(day: date, count: int, unit: str) -> date:
    return moved(day, count, "week" if unit == "weekend" else unit)


def _first_unit(span: Period, unit: str, *, from_end: bool) -> tuple[date, int]:
    """Where the first (or last) one starts, and which way to go; a week belongs where its Thursday is."""
    if unit == "week":
        thursday = span.first + (3 - span.first.weekday()) % 7 * DAY
        last = span.last - (span.last.weekday() - 3) % 7 * DAY
        return (last - 3 * DAY, -1) if from_end else (thursday - 3 * DAY, 1)
    if unit == "weekend":
        first = span.first + (5 - span.first.weekday()) % 7 * DAY
        return (span.last - (span.last.weekday() - 5) % 7 * DAY, -1) if from_end else (first, 1)
    if unit == "day":
        return (span.last, -1) if from_end else (span.first, 1)
    first_day = span.last.replace(day=1) if from_end else span.first
    back = MONTHS_OF[unit] - 1 if from_end else 0
    return month_span(first_day.year, first_day.month - back)[0], -1 if from_end else 1


@rule("cal", "weekday of|in? <whole>", "<whole> weekday")
def _weekdays_of(whole: When) -> When | None:
    return (
        derived(whole, lambda span: Period(span.first, span.first + 4 * DAY))
        if whole.unit == "week"
        else None
    )
