"""Public holidays of the shop's country: known in advance, and tried where the shop ever felt them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from importlib.util import find_spec

import numpy as np

from tools.maths.weeks import Closing, Mask, Numbers, weekdays_of
from tools.store import Store

# The shop's own choice: an ISO 3166 code, with a part of the country where its holidays differ ("GB-SCT").
COUNTRY = "country"
# So many holidays of open doors, on which so many times more or less than usual was sold, are worth a trial.
FEWEST, LEAST_SHIFT = 4, 1.15
_ZONE_COLUMNS = 3


def country_of(store: Store) -> str:
    """The country of the shop: the one it chose, else that of its time zone; "" where neither tells."""
    chosen = store.settings.get(COUNTRY)
    return chosen.upper() if chosen else _country_of_zone(str(getattr(store.clock().tzinfo, "key", "")))


@cache
def _country_of_zone(zone: str) -> str:
    if not zone or find_spec("tzdata") is None:
        return ""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return next((row[0] for row in rows if len(row) >= _ZONE_COLUMNS and row[2] == zone), "")


def holidays_between(country: str, first: date, last: date) -> list[date]:
    """The public holidays from ``first`` to ``last``; none where the country is not known."""
    import holidays  # half a second of import that only the forecast needs

    if not country:
        return []
    whole, _, part = country.partition("-")
    try:
        found = holidays.country_holidays(whole, subdiv=part or None, years=range(first.year, last.year + 1))
    except NotImplementedError:
        return []
    return sorted(day for day in found if first <= day <= last)


def felt(days: Sequence[date], first: date, sold: Numbers, shut: Closing) -> bool:
    """Whether the shop sold clearly more or less on these days than on such weekdays else.

    Args:
        days: The holidays.
        first: The first day of ``sold``.
        sold: What the shop sold, per day.
        shut: When it was closed: these days say nothing.
    """
    numbers = [(day - first).days for day in days]
    holiday: Mask = np.zeros(len(sold), dtype=bool)
    holiday[[number for number in numbers if 0 <= number < len(sold)]] = True
    weekday = weekdays_of(len(sold), first.weekday())
    open_ = ~shut.days & ~shut.weekdays[weekday]
    seen = holiday & open_
    if seen.sum() < FEWEST:
        return False
    usual = open_ & ~holiday
    counts = np.maximum(np.bincount(weekday, weights=usual, minlength=7), 1)
    means = np.bincount(weekday, weights=np.where(usual, sold, 0.0), minlength=7) / counts
    expected, came = float(means[weekday[seen]].sum()), float(sold[seen].sum())
    return expected > 0 and not 1 / LEAST_SHIFT < came / expected < LEAST_SHIFT


def holiday_flags(
    store: Store, first: date, sold: Numbers, shut: Closing, ahead: int
) -> dict[tuple[str, str], dict[date, float]]:
    """1 on each holiday up to ``ahead`` days after the last of ``sold``, for all products at all places.

    Nothing where the shop's own sales never felt a holiday: a trial costs a second backtest.
    """
    last = first + timedelta(days=len(sold) - 1 + ahead)
    days = holidays_between(country_of(store), first, last)
    if not felt(days, first, sold, shut):
        return {}
    return {("", ""): dict.fromkeys(days, 1.0)}
