"""Feasts, the days around them, and what comes round every year: "over Christmas", "March in a year"."""

from __future__ import annotations

from datetime import date

from intents.calendar_spans import week_of
from intents.calendar_values import (
    DAY,
    YEARLY,
    Moment,
    When,
    derived,
    exactly,
    inside,
    month_span,
    single,
    yearly,
)
from intents.calendar_words import rule
from intents.feasts import DayIn, easter, uk_bank_holidays
from tools.kit.slots import Period


@rule("atom", "[last|this|next|previous|coming|following]? <feast>")
def _feast(which: str | None, day_in: DayIn) -> When:
    days = yearly(lambda year: single(day_in(year)), ongoing=False)
    if which in ("last", "previous"):
        return When(lambda moment: days.resolve(moment.at(moment.today, ahead=False)))
    if which in ("next", "coming", "following"):
        return When(lambda moment: days.resolve(moment.at(moment.today, ahead=True)))
    if which == "this":
        return When(lambda moment: single(day_in(moment.today.year)), other=days.resolve)
    return days


@rule("atom", "<feast> ,|in|of? <year>")
def _feast_in_year(day_in: DayIn, year: int) -> When:
    return exactly(day_in(year))


@rule("atom", "[last|next|coming|previous]? bank|public holiday [monday]?")
def _bank_holiday(which: str | None, monday: str | None) -> When:
    """Whichever bank holiday was last or comes next."""

    def resolve(moment: Moment) -> Period | None:
        ahead = which in ("next", "coming") or (moment.ahead and which not in ("last", "previous"))
        near = range(moment.today.year - 1, moment.today.year + 2)
        days = [day for year in near for day in uk_bank_holidays(year) if not monday or day.weekday() == 0]
        found = [day for day in days if (day >= moment.today if ahead else day < moment.today)]
        return single(min(found) if ahead else max(found)) if found else None

    return When(resolve, YEARLY)


@rule("atom", "[last|this|next]? bank holiday weekend", "[last|this|next]? long weekend")
def _long_weekend(which: str | None) -> When:
    return _around(_bank_holiday(which, "monday"))


@rule("atom", "<feast> <year>? weekend", "<feast> weekend <year>?", "<feast> bank holiday weekend?")
def _feast_weekend(day_in: DayIn, year: int | None = None) -> When:
    feast = exactly(day_in(year)) if year else _feast(None, day_in)
    if day_in(2024) == easter(2024):
        return derived(feast, lambda span: Period(span.first - 2 * DAY, span.first + DAY), "weekend")
    return _around(feast)


@rule("atom", "<date> weekend")
def _date_weekend(day: When) -> When:
    return _around(day)


def _around(feast: When) -> When:
    """The weekend nearest to a day, with the day where it is a Friday or a Monday."""

    def change(span: Period) -> Period:
        weekday = span.first.weekday()
        saturday = span.first + ((5 - weekday) if weekday > 1 else (-2 - weekday)) * DAY
        return Period(
            min(saturday, span.first) if weekday == 4 else saturday, max(saturday + DAY, _monday(span))
        )

    return derived(feast, change, "weekend")


def _monday(span: Period) -> date:
    return span.first if span.first.weekday() == 0 else date.min


@rule("cyclic", "<mon>")
def _every_month(month: int) -> When:
    return yearly(lambda year: Period(*month_span(year, month)), "month")


@rule("cyclic", "<feast>")
def _every_feast(day_in: DayIn) -> When:
    return yearly(lambda year: single(day_in(year)), ongoing=False)


@rule("cyclic", "<date>")
def _every_date(when: When) -> When | None:
    return when if when.rank == YEARLY else None


@rule("cal", "<cyclic> of|in|,? <whole>", "<cyclic> of|in|,? <distance>")
def _cyclic_in(part: When, whole: When) -> When | None:
    """As in "Christmas last year", "March in a year"."""
    return inside(part, whole) if whole.unit in ("year", "day") else None


@rule("cal", "<cyclic> before last")
def _cyclic_before(every: When) -> When:
    def resolve(moment: Moment) -> Period | None:
        near = every.resolve(moment.at(moment.today, ahead=False))
        return near and every.resolve(moment.at(near.first - DAY, ahead=False))

    return When(resolve)


@rule("cal", "<cyclic> after next")
def _cyclic_twice(every: When) -> When:
    def resolve(moment: Moment) -> Period | None:
        near = every.resolve(moment.at(moment.today, ahead=True))
        return near and every.resolve(moment.at(near.last + DAY, ahead=True))

    return When(resolve)


@rule("week", "<feast> week", "<feast> week <year>")
def _feast_week(day_in: DayIn, year: int | None = None) -> When:
    if year:
        return week_of(exactly(day_in(year)))
    return week_of(yearly(lambda of: Period(day_in(of), day_in(of)), ongoing=False))


@rule("cyclic", "over <feast>")
@rule("atom", "over <feast>", "<feast> period|holidays|holiday|break")
def _over(day_in: DayIn) -> When:
    """A feast with the days off around it: Good Friday to Easter Monday, Christmas Eve to Boxing Day."""
    before, after = (2, 1) if day_in(2024) == easter(2024) else (1, 1) if day_in(2024).month == 12 else (0, 0)
    if day_in(2024) == date(2024, 1, 1):
        before, after = 1, 0
    return yearly(lambda of: Period(day_in(of) - before * DAY, day_in(of) + after * DAY), ongoing=False)
