"""The days that a forecast may know: how far sales reach back, when the shop and its places were closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from assistant.jobs_holidays import holiday_flags
from tools.maths.weeks import Closing, Mask, Numbers, closing, shop_profile
from tools.store import Store

# Three years hold two Decembers; what is older says little about now.
MOST_DAYS = 3 * 52 * 7
SHOP = ""
HOLIDAY = "holiday"
# A shop-wide pattern of so few lines is none.
FEWEST_LINES = 60
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ShopDays:
    """The days from ``first`` to ``cut_off`` (both counted) as the shop's own sales tell them.

    ``closing`` is by the code of a place, "" for the shop as a whole; so is ``profile``, the share of a
    week's sales from Monday to Sunday.  ``outside`` are series from elsewhere by name, SKU and place.
    """

    first: date
    cut_off: date
    closing: Mapping[str, Closing]
    profile: Mapping[str, Numbers]
    outside: Mapping[str, Mapping[tuple[str, str], Mapping[date, float]]]

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.cut_off - self.first).days + 1

    @property
    def weekday(self) -> int:
        """Of the first day, Monday is 0."""
        return self.first.weekday()

    def closing_of(self, place: str) -> Closing:
        """When a place is closed; as the shop where its own sales do not tell."""
        return self.closing.get(place, self.closing[SHOP])

    def number(self, day: date) -> int:
        """Days from ``first`` to ``day``."""
        return (day - self.first).days


def last_full_day(store: Store, today: date) -> date | None:
    """The last day with sales that is over; None where there is none."""
    covered = store.sales.coverage()
    if covered is None or covered[0] >= today:
        return None
    return min(covered[1], today - _DAY)


def shop_days(store: Store, cut_off: date, *, ahead: int) -> ShopDays:
    """The shop's days up to ``cut_off``; outside series and holidays as far as ``ahead`` days after it."""
    covered = store.sales.coverage()
    known_from = covered[0] if covered else cut_off
    first = max(known_from, cut_off - timedelta(days=MOST_DAYS - 1))
    places = [place.code for place in store.catalogue().locations]
    lines = {SHOP: _lines(store, first, cut_off, None)}
    for place in places:
        sold = _lines(store, first, cut_off, (place,))
        if sold.sum() >= FEWEST_LINES:
            lines[place] = sold
    found = {place: closing(sold, first.weekday()) for place, sold in lines.items()}
    profiles = {
        place: shop_profile(sold, ~found[place].days, first.weekday()) for place, sold in lines.items()
    }
    outside = {
        one.name: store.outside.numbers(one.name, first=first, last=cut_off + timedelta(days=ahead))
        for one in store.outside.series()
    }
    if HOLIDAY not in outside and (flags := holiday_flags(store, first, lines[SHOP], found[SHOP], ahead)):
        outside[HOLIDAY] = flags
    return ShopDays(first, cut_off, found, profiles, outside)


def _lines(store: Store, first: date, last: date, locations: Sequence[str] | None) -> Numbers:
    found = np.zeros((last - first).days + 1)
    for total in store.sales.totals(first=first, last=last, locations=locations, by="day"):
        if total.sold > 0:
            found[(date.fromisoformat(total.key) - first).days] = total.lines
    return found


def open_share(weekdays: Mask) -> Numbers:
    """1 for each weekday on which a place opens, 0 for the others."""
    return (~weekdays).astype(float)
