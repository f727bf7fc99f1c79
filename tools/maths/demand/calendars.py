"""Where a period stands in its season."""

from __future__ import annotations

from datetime import date, timedelta

from tools.maths.demand.history import Grain


def phase(first: date, periods: int, grain: Grain, season: int) -> int:
    """The place in its season of the last of ``periods`` that start on ``first``.

    Days count from Monday, months and quarters from January, weeks from the first of the year.

    >>> phase(date(2026, 1, 5), 1, "D", 7), phase(date(2026, 1, 5), 3, "M", 12)
    (0, 2)
    """
    last = periods - 1
    if grain == "D":
        return (first.weekday() + last) % season
    if grain == "W":
        days = min(7 * last, (date.max - first).days - 7)
        return ((first + timedelta(days=days)).timetuple().tm_yday - 1) // 7 % season
    if grain in {"M", "Q"}:
        return ((first.month - 1) // (1 if grain == "M" else 3) + last) % season
    return last % season
