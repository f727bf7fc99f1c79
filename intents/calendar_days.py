"""Expressions that mean single days or weekends: dates, "yesterday", "next Tuesday", "Easter"."""

from __future__ import annotations

from collections.abc import Callable

from intents.calendar_values import (
    DAY,
    FIXED,
    YEARLY,
    Moment,
    When,
    derived,
    exactly,
    fixed,
    inside,
    month_span,
    monthly,
    moved,
    single,
    span_of,
    weekend_at,
    weekly,
    yearly,
)
from intents.calendar_words import date_or_none, full_year, rule
from tools.kit.slots import Period

_NOT_DAYS = "% x ml kg g l cl cm mm oz lb case cases pack packs pcs nos each units unit boxes box"
_NOT_PLACES = (
    "one ones option item choice product line place floor shop store row van class half quarter"
    " week century time"
)


@rule("date", "<dom> of? <mon>", "<ord> day of <mon>", not_after="$ £ €", not_before="%")
def _day_month(day: int, month: int) -> When | None:
    return on_day(day, month)


@rule("date", "<mon> <dom>", not_after="in", not_before=_NOT_DAYS)
@rule("date", "<mon> <ord>")
def _month_day(month: int, day: int) -> When | None:
    return on_day(day, month) if 1 <= day <= 31 else None


@rule("date", "<dom> of? <mon> ,|of|in? <year>", "<dom> of? <mon> ,? ' <yy>")
def _day_month_year(day: int, month: int, year: int) -> When | None:
    found = date_or_none(year, month, day)
    return exactly(found) if found else None


@rule("date", "<mon> <dom> ,|of|in? <year>", "<mon> <dom> ,? ' <yy>")
def _month_day_year(month: int, day: int, year: int) -> When | None:
    return _day_month_year(day, month, year)


@rule("date", "<dom> <mon> <yy>", not_after="$ £ €", not_before=_NOT_DAYS)
def _day_month_short_year(day: int, month: int, year: int) -> When | None:
    """Two figures behind a month are a year where they hardly are a count of things."""
    return _day_month_year(day, month, year) if 2020 <= year < 2040 else None


@rule("date", "<year> <hh> <hh>")
def _spaced(year: int, month: int, day: int) -> When | None:
    found = date_or_none(year, month, day)
    return exactly(found) if found else None


@rule("date", "<numdate>", only_after="exp expiry expires expiring expired expire bbe bb")
def _month_and_year(fields: tuple[str, ...]) -> When | None:
    """As in "exp 04/26": what cannot be a month is the year."""
    if len(fields) != 2 or not all(field.isdecimal() and len(field) == 2 for field in fields):
        return None
    month, year = map(int, fields)
    return exactly(*month_span(2000 + year, month), "month") if 1 <= month <= 12 < year else None


@rule("date", "next|this|last|previous? <numdate>", "<numdate> , <year>")
def _figures(fields: tuple[str, ...], year: int | None = None) -> When | None:
    fields = (*fields, str(year)) if year and len(fields) == 2 else fields
    if len(fields) == 3:
        return _three(fields)
    if any(len(field) == 4 and field.isdecimal() for field in fields):
        return _month_of_year(fields)
    named = [field for field in fields if field[-1] == "m"]
    if named:
        day = next(field for field in fields if field[-1] != "m")
        return on_day(int(day), int(named[0][:-1]))
    return _either_order(int(fields[0]), int(fields[1]), None)


def _month_of_year(fields: tuple[str, ...]) -> When | None:
    year, month = sorted(fields, key=lambda field: -len(field.rstrip("m")))
    number = int(month.rstrip("m"))
    return exactly(*month_span(int(year), number), "month") if 1 <= number <= 12 else None


def _three(fields: tuple[str, ...]) -> When | None:
    year = 0 if len(fields[0]) == 4 else 2
    if not fields[year].isdecimal() or not 1900 <= full_year(fields[year]) < 2200:
        return None
    said = full_year(fields[year])
    first, second = (field for at, field in enumerate(fields) if at != year)
    if first[-1] == "m" or second[-1] == "m":
        month, day = (first, second) if first[-1] == "m" else (second, first)
        found = date_or_none(said, int(month[:-1]), int(day)) if day.isdecimal() else None
        return exactly(found) if found else None
    if year == 0:
        found = date_or_none(said, int(first), int(second))
        return exactly(found) if found else None
    return _either_order(int(first), int(second), said)


def _either_order(first: int, second: int, year: int | None) -> When | None:
    """Day and month in the order of the country, the other way round where only that is a date."""
    orders = [_dated(first, second, year), _dated(second, first, year)]
    if not any(orders):
        return None
    day_first, month_first = orders[0] or orders[1], orders[1] or orders[0]

    def resolve(moment: Moment) -> Period | None:
        chosen = month_first if moment.rules.month_first else day_first
        return chosen.resolve(moment) if chosen else None

    kept = day_first or month_first
    return When(resolve, kept.rank) if kept else None


def _dated(day: int, month: int, year: int | None) -> When | None:
    if year is None:
        return on_day(day, month)
    found = date_or_none(year, month, day)
    return exactly(found) if found else None


def on_day(day: int, month: int) -> When | None:
    """A day of every year that has it."""
    if not 1 <= month <= 12 or not 1 <= day <= month_span(2024, month)[1].day:
        return None
    return yearly(lambda year: single(date_or_none(year, month, day)))


@rule("atom", "<date>")
@rule("atom", "<wd> ,? <date>", "<wd> ,? ( <date> )", "this|next|last|coming? <wd> ,? ( <date> )")
@rule("atom", "this|next|last|coming <wd> ,? <date>")
def _with_weekday(*parts: int | When) -> When:
    """A weekday beside a date adds nothing: the date is what people look up."""
    return parts[-1]  # type: ignore[return-value]


@rule(
    "atom",
    "<wd> <dom>",
    not_before=f"{_NOT_DAYS} am pm : oclock of day week month year weeks days more other",
)
def _weekday_dom(weekday: int, day: int) -> When:
    """As in "Tuesday the 13th": a day of the month that falls on that weekday."""

    def resolve(moment: Moment) -> Period | None:
        step = 1 if moment.ahead else -1
        for shift in range(40):
            first, last = month_span(moment.today.year, moment.today.month + step * shift)
            if day > last.day or first.replace(day=day).weekday() != weekday:
                continue
            found = first.replace(day=day)
            if found == moment.today or (found > moment.today) == moment.ahead:
                return Period(found, found)
        return None

    return When(resolve, YEARLY)


@rule("cal", "<ordnum>", not_before=_NOT_PLACES)
@rule("ordday", "<ord> day?", not_before=_NOT_PLACES)
def _ordinal_day(day: int) -> When | None:
    return monthly(day) if 1 <= day <= 31 else None


@rule("barday", "<dom>", not_before=f"{_NOT_DAYS} am pm oclock : / h")
def _bare_day(day: int) -> When:
    return monthly(day)


_NEAR = {
    "today": 0, "tonight": 0, "eod": 0, "cob": 0, "yesterday": -1, "tomorrow": 1, "overmorrow": 2,
    "ereyesterday": -2,
}  # fmt: skip


@rule("atom", "late? [" + "|".join(_NEAR) + "] late?")
def _near(name: str) -> When:
    return fixed(lambda today: (today + _NEAR[name] * DAY,) * 2, "day")


@rule("atom", "later|earlier|late|early? this morning|afternoon|evening|day", "later|earlier today")
@rule("atom", "end of day|today", "close of business|play", "current date|day")
def _this_day() -> When:
    return fixed(lambda today: (today, today), "day")


@rule("atom", "late|early? last|yesterday night|evening")
def _last_night() -> When:
    return fixed(lambda today: (today - DAY, today - DAY), "day")


@rule("atom", "next morning|evening")
@rule("atom", "next|following day", not_before="delivery deliveries dispatch shipping")
def _next_day() -> When:
    return fixed(lambda today: (today + DAY, today + DAY), "day")


@rule("atom", "previous day")
def _previous_day() -> When:
    return fixed(lambda today: (today - DAY, today - DAY), "day")


@rule("atom", "<wd>", not_after="every each per any another alternate other black cyber mr mrs ms miss dr")
def _weekday(weekday: int) -> When:
    return weekly(weekday)


def _in_week(weekday: int, shift: int) -> Callable[[Moment], Period]:
    def resolve(moment: Moment) -> Period:
        day = span_of("week", moment.today, shift)[0] + weekday * DAY
        return Period(day, day)

    return resolve


@rule(
    "atom",
    "[last|past|previous|next|coming|following|this] [past|coming]? <wd>",
    "<wd> [next|last|gone|past|coming]",
)
@rule("atom", "<wd> just [gone|past]", not_before="week month quarter year few couple night")
def _weekday_named(*parts: str | int | None) -> When:
    weekday = next(part for part in parts if isinstance(part, int))
    which, more = (*(part for part in parts if isinstance(part, str)), "")[:2]
    if which == "this" and not more:
        return When(_in_week(weekday, 0), other=_turned(weekday, ahead=True))
    if which in ("next", "following"):
        return When(_in_week(weekday, 1), other=_turned(weekday, ahead=True))
    if "coming" in (which, more):
        return When(_turned(weekday, ahead=True))
    latest = _turned(weekday, ahead=False)
    return When(latest, other=_in_week(weekday, -1) if which in ("last", "previous") else None)


def _turned(weekday: int, *, ahead: bool) -> Callable[[Moment], Period | None]:
    return lambda moment: weekly(weekday).resolve(moment.at(moment.today, ahead=ahead))


@rule("atom", "[last|past|previous|this|next|coming|following|that] [past|coming]? weekend")
@rule("atom", "[last|past|this|next] [past|coming]? week - end")
def _weekend_named(which: str, more: str | None) -> When:
    if more == "past" or which in ("last", "past", "previous"):
        return weekend_at(-1)
    if which == "next" or which == "following":
        return weekend_at(1)
    return weekend_at(0) if more or which == "coming" else weekend_at()


@rule("atom", "weekend just? [gone|past]")
def _weekend_gone(_gone: str) -> When:
    return weekend_at(-1)


@rule("atom", "all|whole? weekend", not_after="every each per any another alternate")
def _weekend() -> When:
    return weekend_at()


@rule("atom", "<wd> week", "week on|this|next|coming? <wd>", "a week on|this|next|coming? <wd>")
def _week_after(weekday: int) -> When:
    """As in "Monday week": the coming Monday and seven days."""
    return _weeks_after(1, weekday)


@rule("atom", "<wd> fortnight", "a? fortnight on|this|next|coming? <wd>")
def _fortnight_after(weekday: int) -> When:
    return _weeks_after(2, weekday)


@rule("atom", "<n> week on|this|next|coming <wd>")
def _weeks_after(count: int, weekday: int) -> When:
    coming = _turned(weekday, ahead=True)

    def resolve(moment: Moment) -> Period | None:
        found = coming(moment)
        return single(moved(found.first, count, "week")) if found else None

    return When(resolve)


@rule("atom", "a? week ago? [last|past] <wd>")
def _week_before(_last: str, weekday: int) -> When:
    """As in "a week last Tuesday": the latest Tuesday and seven days before."""
    return derived(When(_turned(weekday, ahead=False)), lambda span: single(span.first - 7 * DAY), "day")


@rule("atom", "<n> <wd> [ago|back|from|hence|time] now?", "a <wd> [ago]")
def _weekdays_away(*parts: int | str) -> When:
    count, weekday, way = parts if len(parts) == 3 else (1, *parts)
    ahead = way not in ("ago", "back")

    def resolve(moment: Moment) -> Period | None:
        near = weekly(int(weekday)).resolve(moment.at(moment.today, ahead=ahead))
        shift = int(count) - 1
        return near and single(moved(near.first, shift if ahead else -shift, "week"))

    return When(resolve)


@rule("atom", "<wd> [after|before] next|last", "weekend [after|before] next|last")
def _one_further(*parts: int | str) -> When:
    ahead = parts[-1] == "after"
    if len(parts) == 1:
        return weekend_at(2 if ahead else -2)
    return _weekdays_away(2, parts[0], "hence" if ahead else "ago")


@rule("atom", "<wd> of|in|from? [last|next|this|previous|following|coming|current] week")
@rule("atom", "[last|next|this|previous|following|coming] week ,? on? <wd>")
def _weekday_of_week(*parts: str | int) -> When:
    weekday = next(part for part in parts if isinstance(part, int))
    which = next(part for part in parts if isinstance(part, str))
    shift = -1 if which in ("last", "previous") else 0 if which in ("this", "current") else 1
    return When(_in_week(weekday, shift))


@rule("cal", "<ordday> of|in <these>", "<ordnum> <whole>")
@rule("cal", "<ordday> of|in? <month>", "<ordday> of <whole>", "<barday> of <month>")
def _day_of(day: When | int, whole: When) -> When | None:
    if isinstance(day, int):
        return inside(monthly(day), whole) if whole.unit == "month" else None
    return inside(day, whole) if whole.rank == FIXED else None


@rule("cal", "<distance> ,? on? <wd>", "<wd> <distance>")
def _weekday_at(*parts: When | int) -> When:
    """As in "Sunday three weeks after the 15th": that weekday, from the day reckoned on."""
    day = next(part for part in parts if isinstance(part, When))
    weekday = next(part for part in parts if isinstance(part, int))
    return inside(weekly(weekday), day)


@rule("cal", "<whole> ,? on <ordday>")
def _whole_on_day(whole: When, day: When) -> When | None:
    return inside(day, whole) if whole.unit == "month" else None
