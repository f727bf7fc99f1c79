"""Lengths of time and what is reckoned with them: "the last 3 weeks", "two days after Easter"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from intents.calendar_values import (
    DAY,
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

Length = tuple[tuple[int, str], ...]
_LONGEST = 36500
_PAST = "[last|past|previous|next|coming|following|rolling|trailing]"


@rule("length1", "<n> <unit>", "<n> more|full|whole|calendar <unit>")
def _length(count: int, unit: str) -> Length | None:
    return ((count, unit),) if 0 < count * {"year": 365, "month": 30}.get(unit, 1) <= _LONGEST else None


@rule("length1", "a <unit>")
def _one(unit: str) -> Length:
    return ((1, unit),)


@rule("length1", "<n> working|business|week|trading <unit>", "<n> weekday|workday|workdays")
def _workdays(count: int, _unit: str = "day") -> Length | None:
    return ((count, "workday"),) if 0 < count < 1000 else None


@rule("length1", "half a <unit>", "a half <unit>")
def _half(unit: str) -> Length | None:
    return {"year": ((6, "month"),), "month": ((15, "day"),), "quarter": ((45, "day"),)}.get(unit)


@rule("length1", "<n> and a half <unit>")
def _and_a_half(count: int, unit: str) -> Length | None:
    half = {"year": (6, "month"), "month": (15, "day"), "week": (3, "day")}.get(unit)
    return ((count, unit), half) if half else None


@rule("length1", "a [week|month|year] and a half")
def _one_and_a_half(unit: str) -> Length | None:
    return _and_a_half(1, unit)


@rule("length", "<length1>", "<length1> and|,? <length1>", "<length1> and|,? <length1> and|,? <length1>")
def _together(*parts: Length) -> Length:
    return tuple(pair for part in parts for pair in part)


def _on(day: date, length: Length, way: int) -> date | None:
    try:
        for count, unit in length:
            day = moved(day, way * count, unit)
    except (ValueError, OverflowError):
        return None
    return day


def _away(length: Length, way: int) -> When:
    def resolve(moment: Moment) -> Period | None:
        day = _on(moment.today, length, way)
        return Period(day, day) if day else None

    return When(resolve)


def _run(length: Length, way: int) -> When:
    """The days of a length up to today or from today on."""

    def resolve(moment: Moment) -> Period | None:
        (count, unit), *more = length
        if not more and (unit in moment.rules.whole_units or unit == "weekend"):
            first, last = (
                span_of(unit, moment.today, shift) for shift in _shifts(count, way, unit, moment.today)
            )
            return Period(first[0], last[1])
        if unit == "workday":
            return _run_of_workdays(moment, count, way)
        other = _on(moment.today, length, way)
        if other is None:
            return None
        inner, outer = (0, 1) if moment.rules.today_counts else (1, 0)
        near, far = moment.today + way * inner * DAY, other - way * outer * DAY
        return Period(min(near, far), max(near, far))

    return When(resolve, rolling=True)


def _shifts(count: int, way: int, unit: str, today: date) -> tuple[int, int]:
    """Which weeks, months, … the first and the last one are; this week's weekend is still to come."""
    if unit == "weekend":
        over = today.weekday() == 6
        return (-count + over, -1 + over) if way < 0 else (0, count - 1)
    return (-count, -1) if way < 0 else (1, count)


def _run_of_workdays(moment: Moment, count: int, way: int) -> Period | None:
    near = moment.today
    if not moment.rules.today_counts or near.weekday() > 4:
        near = moved(near, way, "workday")
    far = moved(near, way * (count - 1), "workday")
    return Period(min(near, far), max(near, far))


def _by_direction(past: When, future: When, *, rolling: bool = False) -> When:
    return When(
        lambda moment: (future if moment.ahead else past).resolve(moment),
        rolling=rolling,
    )


@rule("atom", f"{_PAST} <length>", "<n> [last|past|previous|next|coming|following] <unit>")
def _last_or_next(*parts: str | Length | int) -> When | None:
    if len(parts) == 3:
        count, which, unit = parts
        length = _length(int(count), str(unit))  # type: ignore[arg-type]
    else:
        which, length = parts[0], parts[1]  # type: ignore[assignment]
    if length is None:
        return None
    run = _run(length, -1 if which in ("last", "past", "previous", "rolling", "trailing") else 1)
    return _nth_to_come(run, length[-1][1]) if which == "coming" else run


def _nth_to_come(run: When, unit: str) -> When:
    """Where "the upcoming two weeks" are the second of them."""

    def resolve(moment: Moment) -> Period | None:
        span = run.resolve(moment)
        if span is None or not moment.rules.nth_to_come:
            return span
        first = span_of(unit, span.last, 0)[0]
        return Period(max(first, span.first), span.last)

    return replace(run, resolve=resolve)


@rule("atom", "within|inside <length> time?")
def _within(length: Length) -> When:
    return _by_direction(_run(length, -1), _run(length, 1), rolling=True)


@rule("atom", "for|over <length>", not_before="from starting beginning since after before")
def _for(length: Length) -> When:
    return _by_direction(_run(length, -1), _run(length, 1), rolling=True)


@rule("distance", "in|after about|@|around? <length>", not_before="of ago from before after or")
@rule(
    "distance", "in <length> time", "<length> from|after now|today", "<length> hence|later", "<length> time"
)
def _in(length: Length) -> When:
    """Looking ahead the day that lies so far off, looking back all the days since."""
    return _by_direction(_run(length, -1), _away(length, 1))


@rule("atom", "<length> to|until date|now")
def _length_to_date(length: Length) -> When:
    return _run(length, -1)


@rule("atom", f"{_PAST} <n> hour", f"{_PAST} hour")
def _hours(which: str, count: int = 1) -> When:
    """Hours reach into as many days as they have parts of a day."""
    days = (count + 12) // 24 * (DAY if which in ("next", "coming", "following") else -DAY)
    return fixed(lambda today: (min(today, today + days), max(today, today + days)))


@rule("cal", "<length> to|ending|until in? <cal>", definite=True)
def _length_ending(length: Length, base: When) -> When:
    """As in "the three months to February": so many, the named one included."""

    def change(span: Period) -> Period | None:
        start = _on(span.last + DAY, length, -1)
        return Period(start, span.last) if start else None

    return derived(base, change)


@rule("distance", "<length> ago|back|earlier", "<length> before now|today")
def _ago(length: Length) -> When:
    """The day that lies so far back; of weeks, months and years also the whole calendar one."""
    day = _away(length, -1)
    (count, unit), *more = length
    if more or unit not in ("week", "month", "quarter", "year", "fortnight"):
        return day
    count, unit = (2 * count, "week") if unit == "fortnight" else (count, unit)
    whole = fixed(lambda today: span_of(unit, today, -count))
    return When(lambda moment: (day if moment.ahead or moment.point else whole).resolve(moment))


@rule("atom", "<length> ago [today|yesterday|tomorrow]")
def _ago_today(length: Length, day: str) -> When:
    shift = {"tomorrow": DAY, "yesterday": -DAY}.get(day, 0 * DAY)
    return When(lambda moment: single(_on(moment.today + shift, length, -1)))


@rule("atom", "<n> hour ago|back", "a hour ago|back", "in <n> hour", "in a hour")
def _this_day(_count: int = 1) -> When:
    return fixed(lambda today: (today, today), "day")


@rule("atom", f"{_PAST} <n> <wd>")
def _several_weekdays(which: str, count: int, weekday: int) -> When | None:
    """From the first of them to the last."""
    ahead = which in ("next", "coming", "following")

    def resolve(moment: Moment) -> Period | None:
        near = weekly(weekday).resolve(moment.at(moment.today, ahead=ahead))
        far = near and near.first + 7 * (count - 1) * (DAY if ahead else -DAY)
        return Period(min(near.first, far), max(near.first, far)) if near and far else None

    return When(resolve) if 1 <= count <= 520 else None


@rule(
    "atom",
    "a? [week|fortnight|month|year] [today|tomorrow|yesterday]",
    "[today|tomorrow] a? [week|fortnight]",
)
@rule("atom", "<n> [week|month] [today|tomorrow|yesterday]")
def _week_today(*parts: str | int) -> When:
    count = int(parts[0]) if isinstance(parts[0], int) else 1
    unit = next(part for part in parts if part in ("week", "fortnight", "month", "year"))
    shift = 1 if "tomorrow" in parts else -1 if "yesterday" in parts else 0
    return When(lambda moment: single(_on(moment.today + shift * DAY, ((count, str(unit)),), 1)))


@rule(
    "distance",
    "<length> [before|after|following] <bound>",
    "<length> leading|running up? [to] <bound>",
    definite=True,
)
def _lengths_beside(length: Length, way: str, base: When) -> When:
    """As in "the two weeks before Christmas": all the days between."""

    def change(span: Period) -> Period | None:
        if way in ("before", "to"):
            other = _on(span.first, length, -1)
            return Period(other, span.first - DAY) if other else None
        other = _on(span.last, length, 1)
        return Period(span.last + DAY, other) if other else None

    return derived(base, change)


@rule("distance", "<length> [after|from|before|since|following] <bound>", "<length> [prior] to <bound>")
@rule("distance", "<length> ahead [of] <bound>", "in <length> [after|from|since] <bound>")
def _length_from(length: Length, way: str, base: When) -> When:
    back = way in ("before", "prior", "of")

    def resolve(moment: Moment) -> Period | None:
        span = base.resolve(replace(moment, point=True))
        return span and single(_on(span.first, length, -1 if back else 1))

    return When(resolve, base.rank)


@rule("cal", "[day|week|fortnight|month|quarter|year|weekend] [before|after|following] <cal>")
@rule("cal", "[day] [prior|previous] to <cal>")
def _unit_beside(unit: str, way: str, base: When) -> When:
    """As in "the week before Christmas": the calendar week before, or the seven days up to it."""
    step = -1 if way in ("before", "prior", "previous") else 1

    def change(span: Period) -> Period:
        edge = span.first if step < 0 else span.last
        if unit == "weekend":
            saturday = (
                edge + ((5 - edge.weekday()) % 7 or 7) * DAY
                if step > 0
                else edge - (edge.weekday() + 2) * DAY
            )
            return Period(saturday, saturday + DAY)
        return Period(*span_of(unit, edge, step))

    def up_to(moment: Moment) -> Period | None:
        span = base.resolve(moment)
        if span is None or unit != "week":
            return None
        return (
            Period(span.first - 7 * DAY, span.first - DAY)
            if step < 0
            else Period(span.last + DAY, span.last + 7 * DAY)
        )

    return replace(derived(base, change), other=up_to if unit == "week" else None)


@rule("cal", "[week|fortnight|month|quarter|year] up? to|until <cal>", definite=True)
def _unit_ending(unit: str, base: When) -> When:
    return _length_ending(((1, unit),), base)


@rule(
    "cal", "run|lead|build - up to <cal>", "run|lead|build up to <cal>", "runup to <cal>", "approach to <cal>"
)
def _run_up(base: When) -> When:
    """The two weeks before it."""
    return derived(base, lambda span: Period(span.first - 14 * DAY, span.first - DAY))


@rule("cal", "<length> either|both|each side|sides of <cal>", "<length> before and after <cal>")
def _either_side(length: Length, base: When) -> When:
    def change(span: Period) -> Period | None:
        first, last = _on(span.first, length, -1), _on(span.last, length, 1)
        return Period(first, last) if first and last else None

    return derived(base, change)


@rule("cal", "for <length> ,? from|starting|beginning|commencing from|on? <cal>", "<cal1> for <length>")
@rule("cal", "<length> ,? starting|commencing|beginning from|on|with? <cal>", "from <cal> for <length>")
@rule("cal", "for <length> since <cal>")
def _length_starting(*parts: Length | When) -> When:
    base = next(part for part in parts if isinstance(part, When))
    length = next(part for part in parts if isinstance(part, tuple))

    def resolve(moment: Moment) -> Period | None:
        span = base.resolve(replace(moment, point=True))
        end = span and _on(span.first, length, 1)
        return Period(span.first, end - DAY) if span and end and end > span.first else None

    return When(resolve, base.rank)


@rule("atom", "same [day|week|month|quarter|time] [last|previous] [week|month|year]")
@rule("atom", "this [time|day|week|month|quarter] last [week|month|year]")
def _same_before(*parts: str) -> When:
    """The days a year (for weeks: 52 weeks), a month or a week before."""
    unit, of = parts[0], parts[-1]
    if of == "year" and unit in ("month", "quarter"):
        return fixed(lambda today: span_of(unit, month_span(today.year - 1, today.month)[0], 0))
    back = 7 * DAY if of == "week" else None
    if unit in ("time", "week") and of == "year":
        return fixed(lambda today: span_of("week", today - timedelta(days=364), 0))
    return When(lambda moment: single(moment.today - back if back else _on(moment.today, ((1, of),), -1)))
