"""Which days a question about sales is about, and which earlier days they compare with."""

from __future__ import annotations

from datetime import date, timedelta

from tools.kit.ask import Ask
from tools.kit.slots import Period


def is_month(period: Period) -> bool:
    """Whether it is one whole calendar month."""
    after = period.last + timedelta(days=1)
    return period.first.day == 1 and after.day == 1 and period.days <= 31


def so_far(period: Period, today: date) -> Period:
    """The part of a period up to today (the whole where it lies in the past or the future)."""
    return Period(period.first, min(period.last, today)) if period.first <= today else period


def complete(period: Period, today: date, covered: tuple[date, date]) -> Period | None:
    """The days of a period that are over and known to have ended; None where there are none yet."""
    last = min(period.last, max(covered[1], period.first - timedelta(days=1)), today - timedelta(days=1))
    return Period(period.first, last) if period.first <= last else None


def comparable(period: Period, days: int) -> Period:
    """The days before that the first so many ``days`` of a period are held against.

    A day: the same weekday a week earlier.  A month: the same days of the month before (all of
    it against a whole month).  Else the span of the same length before it, so that a running
    week meets the same weekdays.
    """
    if period.days == 1:
        return Period(period.first - timedelta(days=7), period.first - timedelta(days=7))
    if is_month(period):
        last = period.first - timedelta(days=1)
        first = last.replace(day=1)
        return Period(first, last if days == period.days else min(first + timedelta(days=days - 1), last))
    first = period.first - timedelta(days=period.days)
    return Period(first, first + timedelta(days=days - 1))


def sales_period(ask: Ask, asked: Period | None, covered: tuple[date, date]) -> tuple[Period, str]:
    """The days to report on, and the assumption in words where none were asked for.

    Today where anything was sold today, else the last seven days with known sales.
    """
    if asked is not None:
        return asked, ""
    if covered[1] >= ask.today:
        return Period(ask.today, ask.today), "You named no days, so this is today."
    return Period(
        covered[1] - timedelta(days=6), covered[1]
    ), "You named no days, so this is the last 7 days."


def is_covered(period: Period, covered: tuple[date, date]) -> bool:
    """Whether sales are known for all of these days."""
    return covered[0] <= period.first and period.last <= covered[1]
