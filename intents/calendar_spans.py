"""Expressions that mean spans of days: "last week", "in Q4", "the next 10 days", "this month"."""

from __future__ import annotations

from datetime import date
from re import Match

from intents.calendar_days import yearly
from intents.calendar_words import DAY, MON, MONTHS, NUMBER, SMALL, UNIT, When, month_span, rule, span_of
from tools.kit.slots import Period

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
SHIFT_WORDS = frozenset(word for name in _SHIFT for word in name.split())
"""Words that a whole week, month or year is named after."""


@rule(
    rf"(?:the )?(?P<which>last|previous|this|current|next|following|coming) (?:whole |full |"
    rf"calendar )?{UNIT}s?(?P<far>(?: so far| to date))?"
)
def _calendar(found: Match[str], today: date) -> When:
    shift = _SHIFT[found["which"]]
    if found["unit"] == "fortnight":
        return _rolling(14, -1 if shift < 0 else 1, today)
    return When.fixed(*span_of(found["unit"], today, shift))


@rule(rf"(?:the )?{UNIT} (?P<which>before last|after next)")
def _twice(found: Match[str], today: date) -> When:
    return When.fixed(*span_of(found["unit"], today, -2 if found["which"] == "before last" else 2))


@rule(rf"(?:the )?(?:past|rolling) {UNIT}")
def _past_one(found: Match[str], today: date) -> When:
    return _rolling(_days(found["unit"]), -1, today)


@rule(rf"(?:the )?(?P<which>last|past|previous|next|coming|following) (?:few|{NUMBER}) ?{UNIT}s?")
def _several(found: Match[str], today: date) -> When:
    count = SMALL.get(found["n"] or "few") or int(found["n"])
    ahead = found["which"] in ("next", "coming", "following")
    return _several_units(count, found["unit"], 1 if ahead else -1, today)


@rule(rf"(?:with)?in (?:the )?(?:(?:next|coming) )?(?:{NUMBER}|an?) ?{UNIT}s?(?: time)?")
@rule(rf"(?:for|over) (?:the )?(?:next |coming )?(?:{NUMBER}|an?) ?{UNIT}s?")
def _within(found: Match[str], today: date) -> When:
    count = 1 if not found["n"] else SMALL.get(found["n"]) or int(found["n"])
    return _several_units(count, found["unit"], 1, today)


@rule(rf"(?:{NUMBER}|an?) ?{UNIT}s? (?:ago|back)")
def _ago(found: Match[str], today: date) -> When:
    count = 1 if not found["n"] else SMALL.get(found["n"]) or int(found["n"])
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


@rule(rf"(?:(?P<which>last|this|next|all of|early|late|mid) )?{MON}(?P<far> so far)?(?: (?P<y>20\d{{2}}))?")
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
    r"(?:the )?(?P<part>end|start|beginning|rest|remainder) of (?:the |this )?(?P<unit>week|month|quarter|"
    r"year)|(?P<short>eow|eom)"
)
def _part_of(found: Match[str], today: date) -> When:
    unit = found["unit"] or {"eow": "week", "eom": "month"}[found["short"]]
    first, last = span_of(unit, today, 0)
    if found["part"] in ("rest", "remainder"):
        return When.fixed(today, last)
    return When.fixed(first, first) if found["part"] in ("start", "beginning") else When.fixed(last, last)


@rule(
    rf"(?:the )?end of (?P<which>last |next )?{MON}|(?:the )?end of (?P<near>last|next) (?P<unit>week|month)"
)
def _end_of(found: Match[str], today: date) -> When:
    if found["mon"]:
        when = _recurring(MONTHS[found["mon"]], 1, None, today)
        return When(Period(when.past.last, when.past.last), Period(when.future.last, when.future.last))
    last = span_of(found["unit"], today, 1 if found["near"] == "next" else -1)[1]
    return When.fixed(last, last)


@rule(
    r"(?:the )?(?P<which>first|second|third|last) (?P<unit>week|half) of (?:the )?(?P<in>month|this month|"
    r"last month|next month|" + "|".join(MONTHS) + ")"
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
    rf"(?:the )?(?:week of|week commencing|week beginning|week starting|w / c|wc|"
    rf"week ending) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MON}"
)
def _week_of(found: Match[str], today: date) -> When:
    when = yearly(int(found["d"]), MONTHS[found["mon"]], None, today)
    return When(Period(*span_of("week", when.past.first, 0)), Period(*span_of("week", when.future.first, 0)))


@rule(r"(?:the )?same (?P<unit>day|week|month|quarter) last year|(?:this time) last year")
def _year_ago(found: Match[str], today: date) -> When:
    unit = found["unit"] or "week"
    if unit in ("day", "week"):
        return When.fixed(*span_of(unit, today - 364 * DAY, 0))
    first, _ = span_of(unit, today, 0)
    return When.fixed(*span_of(unit, first.replace(year=first.year - 1), 0))
