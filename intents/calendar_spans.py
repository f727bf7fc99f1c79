"""Expressions that mean calendar spans: "last week", "in Q4", "mid-April", "the first half of 2025"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from intents.calendar_values import (
    DAY,
    Moment,
    When,
    derived,
    exactly,
    fixed,
    inside,
    month_span,
    span_of,
    yearly,
)
from intents.calendar_words import rule
from tools.kit.slots import Period

_SHIFTS = {
    "last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "that": 0, "next": 1, "following": 1,
    "coming": 1,
}  # fmt: skip
_NAMED = "[last|previous|this|current|next|following|coming|that]"


@rule(
    "whole", f"around? {_NAMED} whole|full|calendar|entire? <unit>", f"{_NAMED} [working|work|business] week"
)
def _calendar(which: str, unit: str) -> When | None:
    shift = _SHIFTS[which]
    if unit == "day":
        return None
    if unit in ("working", "work", "business"):
        return fixed(lambda today: span_of("workweek", today, shift), "week")
    if unit == "fortnight":
        return When(lambda moment: _fourteen(moment, ahead=shift >= 0), rolling=True)
    if unit == "season":
        return When(lambda moment: _season_at(moment, shift), unit=unit)
    return fixed(lambda today: span_of(unit, today, shift), unit)


def _season_at(moment: Moment, shift: int) -> Period:
    span = Period(*span_of("season", moment.today, shift))
    if not moment.rules.solar_seasons:
        return span
    begun = _solar(Period(*span_of("season", moment.today, 0))).first <= moment.today
    return _solar(Period(*span_of("season", moment.today, shift - (not begun))))


def _fourteen(moment: Moment, *, ahead: bool) -> Period:
    first, last = (moment.today, 13) if ahead else (moment.today - 13 * DAY, 13)
    return Period(first, first + last * DAY)


@rule("whole", "past|rolling <unit>")
def _past_one(unit: str) -> When | None:
    """The last so many days; some mean the calendar one before."""
    if unit not in ("week", "fortnight", "month", "quarter", "year"):
        return None
    days = {"week": 7, "fortnight": 14, "month": 30, "quarter": 91, "year": 365}[unit]
    before = fixed(lambda today: span_of(unit, today, -1))
    return When(
        lambda moment: Period(moment.today - (days - 1) * DAY, moment.today),
        unit=unit,
        rolling=True,
        other=before.resolve if unit != "fortnight" else None,
    )


@rule("whole", "[last|next] to last|next <unit>")
def _to_the_last(which: str, unit: str) -> When | None:
    """As Indians say it: "last to last week" is the one before last."""
    return _twice(unit, "after" if which == "next" else "before")


@rule("whole", "<unit> [before|after] next|last")
def _twice(unit: str, way: str) -> When | None:
    if unit in ("day", "weekend"):
        return None
    return fixed(lambda today: span_of(unit, today, 2 if way == "after" else -2), unit)


@rule(
    "whole",
    "all|whole|entire|of? [week|month|quarter|year|season]",
    only_after="all whole entire throughout through",
)
@rule("whole", "all|whole [week|month|quarter|year]")
@rule("these", "[week|month|quarter|year|fortnight|weekend]")
def _this_unit(unit: str) -> When | None:
    return _calendar("this", unit)


@rule("atom", "<whole>", "all|whole|entire of? <whole>", "all|whole|entire of? <month>", "month of <month>")
@rule("atom", "all|whole|entire of? <calyear>")
@rule(
    "atom",
    "<month>",
    "<quarter>",
    "<week>",
    "<decade_span>",
    "<season>",
    "<fiscal>",
    "<part>",
    "<slice>",
    "<far>",
)
@rule("span", "<whole>", "<month>", "<quarter>", "<week>", "<fiscal>", "<season>", "<decade_span>", "<these>")
@rule("cal1", "<atom>")
@rule("cal", "<atom>", "<distance>")
@rule("bound", "<cal>", "<ordday>", "<calyear>")
@rule("span", "<calyear>")
def _the_same(when: When) -> When:
    return when


@rule("calyear", "year? of? <year>", "year? of? <year> a . d .?", "calendar year <year>", "cy <year>")
@rule("calyear", "cy <yy>")
def _calendar_year(year: int) -> When:
    return exactly(date(year, 1, 1), date(year, 12, 31), "year")


@rule("atom", "year of? <year>", "calendar year <year>", "cy <year>", "cy <yy>")
def _spoken_year(year: int) -> When:
    return _calendar_year(year)


@rule(
    "atom", "<year>", only_after="in during throughout year since", not_before="pieces units pcs kg g ml of %"
)
def _bare_year(year: int) -> When:
    return _calendar_year(year)


@rule("month", "<mon>", not_after="mr mrs ms miss dr ask tell")
def _month(month: int) -> When:
    return yearly(lambda year: Period(*month_span(year, month)), "month")


@rule("month", "<mon> ,|of|in? <year>", "<mon> ,|of? ' <yy>", "<mon> of <yy>", "<mon> - <year>")
def _month_in_year(month: int, year: int) -> When:
    return exactly(*month_span(year, month), "month")


@rule("month", "[last|previous|this|next|coming|following] <mon>", "<mon> [gone|next]")
def _month_named(*parts: str | int) -> When:
    which, month = parts if isinstance(parts[0], str) else parts[::-1]
    number = int(month)
    if which in ("last", "previous", "gone", "past"):
        return When(lambda moment: _month_away(moment.today, number, -1), unit="month")
    if which == "this":
        return fixed(lambda today: month_span(today.year, number), "month")
    return When(lambda moment: _month_away(moment.today, number, 1), unit="month")


def _month_away(today: date, month: int, way: int) -> Period:
    """The one before or after this month, never this month itself."""
    year = today.year if (month - today.month) * way > 0 else today.year + way
    return Period(*month_span(year, month))


@rule("quarter", "q [1|2|3|4] of|in|,|-? <calyear>?", "<calyear> -|'? q [1|2|3|4]")
@rule("quarter", "quarter [1|2|3|4] of|in|,? <span>?")
@rule(
    "quarter",
    "q [1|2|3|4] of? <whole>?",
    "<whole> q [1|2|3|4]",
    "<whole> [first|second|third|fourth] quarter",
)
@rule("quarter", "[first|second|third|fourth|1st|2nd|3rd|4th|last] quarter of|in <span>")
@rule("quarter", "[first|second|third|fourth|1st|2nd|3rd|4th] quarter <calyear>?")
def _quarter(*parts: str | When | None) -> When:
    name = next(part for part in parts if isinstance(part, str))
    number = 4 if name == "last" else _LEADING.get(name) or int(name[0])
    return twelfths(
        3 * number - 2, 3, next((part for part in parts if isinstance(part, When)), None), "quarter"
    )


_LEADING = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def months_in(span: Period) -> int:
    """How many calendar months it touches."""
    return 12 * (span.last.year - span.first.year) + span.last.month - span.first.month + 1


def twelfths(month: int, length: int, year: When | None, unit: str) -> When:
    """So many months of every year, or of the one that was named."""
    whole = yearly(
        lambda of_year: Period(month_span(of_year, month)[0], month_span(of_year, month + length - 1)[1]),
        unit,
        ongoing=False,
    )
    return inside(whole, year) if year else whole


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_SEASON = "[spring|summer|autumn|winter]"
_BEFORE_SEASONS = (
    "in over during for since until by all throughout before after of early late middle from to between whole"
    " entire through and beginning"
)


@rule("season", _SEASON, definite=True)
@rule("season", f"{_SEASON} of|in? <year>")
@rule("season", f"[last|this|next|coming|previous|current] {_SEASON}")
@rule(
    "season",
    _SEASON,
    only_after=_BEFORE_SEASONS,
    not_before="onion onions water coat coats fruit fruits range",
)
def _season(*parts: str | int) -> When:
    """The meteorological seasons: whole months."""
    name = next(part for part in parts if part in _SEASONS)
    every = _every_season(_SEASONS[str(name)])
    if isinstance(parts[-1], int):
        return exactly(*_ends(every, date(parts[-1], 1, 1)), "season")
    which = parts[0] if len(parts) == 2 else ""
    if which in ("last", "previous"):
        return When(lambda moment: every.resolve(moment.at(moment.today, ahead=False)), unit="season")
    if which in ("next", "coming"):
        return When(
            lambda moment: every.resolve(moment.at(moment.today, ahead=True, within=True)), unit="season"
        )
    if which in ("this", "current"):
        return When(lambda moment: every.resolve(replace(moment, point=True)), unit="season")
    return every


def _every_season(month: int) -> When:
    """Whole months, or from equinox to solstice where that is the convention."""
    whole = twelfths(month, 3, None, "season")

    def resolve(moment: Moment) -> Period | None:
        span = whole.resolve(moment)
        return span and _solar(span) if moment.rules.solar_seasons else span

    return When(resolve, whole.rank, "season")


def _solar(span: Period) -> Period:
    """A season from about when the sun says so (20 March, 21 June, 23 September, 21 December)."""
    first_days = {3: 20, 6: 21, 9: 23, 12: 21}
    after = span.last + DAY
    return Period(
        span.first.replace(day=first_days[span.first.month]), after.replace(day=first_days[after.month] - 1)
    )


def _ends(every: When, day: date) -> tuple[date, date]:
    found = every.resolve(Moment(day, ahead=True, within=True))
    return (found.first, found.last) if found else (day, day)


@rule("fiscal", "[last|previous|this|current|next]? fiscal|tax year", "fiscal|tax year <year>")
@rule(
    "fiscal",
    "fy <year>",
    "fy <yy>",
    "fy <year> / <yy>",
    "fy <yy> / <yy>",
    "fy <year> - <yy>",
    "fy <yy> - <yy>",
    "fiscal|tax year <year> / <yy>",
)
def _financial_year(which: str | int | None, _end: int = 0) -> When:
    def resolve(moment: Moment) -> Period:
        start = moment.rules.financial_year
        year = which if isinstance(which, int) else moment.today.year - (moment.today.month < start)
        year += _SHIFTS[which] if isinstance(which, str) else 0
        return Period(date(year, start, 1), month_span(year, start + 11)[1])

    return When(resolve, unit="year")


@rule("week", "week no|number|#? <hh> of|in|,? <year>?", "<year> - w <hh>", "<year> w <hh>")
@rule("week", "w <hh> - <year>")
def _iso_week(first: int, second: int | None = None) -> When | None:
    year, week = (first, second) if first > 99 else (second, first)
    if week is None or not 1 <= week <= 53:
        return None
    if year:
        return exactly(_monday_of(year, week), _monday_of(year, week) + 6 * DAY, "week")
    return yearly(lambda of: Period(_monday_of(of, week), _monday_of(of, week) + 6 * DAY), "week")


def _monday_of(year: int, week: int) -> date:
    """The Monday of an ISO week; week 53 may be week 1 of the next year."""
    fourth = date(year, 1, 4)
    return fourth - fourth.weekday() * DAY + 7 * (week - 1) * DAY


@rule("decade_span", "<decade>")
def _decade(year: int) -> When:
    return exactly(date(year, 1, 1), date(year + 9, 12, 31), "decade")


@rule("week", "week commencing|beginning|starting|ending|of|containing|from|c|including on? <bound>")
@rule("week", "w / c|e|b on? <bound>", "wc|wb|we on? <bound>")
def week_of(when: When) -> When:
    """The calendar week in which something begins."""
    return derived(when, lambda span: Period(*span_of("week", span.first, 0)), "week")
