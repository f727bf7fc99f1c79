"""What is due: by kilometres or by date, whichever comes first, at the vehicle's usual pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

LOOKED_BACK = timedelta(days=120)
FEWEST_DAYS = 7
SOON_DAYS = 21
# The pace is an estimate: by kilometres a part is told of as if they came this much faster.
AHEAD = 1.25


@dataclass(frozen=True, slots=True)
class Clock:
    """Kilometres at the end of a day."""

    day: date
    km: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a vehicle has come and how fast it goes on.

    Attributes:
        km: Kilometres today: the newest reading, and what was driven since.
        read_on: The day of that reading.
        per_day: Kilometres a day, closed days included; None where too little is known.
    """

    km: float
    read_on: date
    per_day: float | None


@dataclass(frozen=True, slots=True)
class Due:
    """When something has to be done.

    Attributes:
        km_left: Kilometres to the limit (below 0: overdue), None without one.
        days_left: Days to the date, None without one.
        on: The day on which the first of both comes at the usual pace; None where nobody can say.
        by_km: Whether it is the kilometres that come first.
    """

    km_left: float | None
    days_left: int | None
    on: date | None
    by_km: bool

    def state(self, today: date) -> str:
        """``overdue``, ``soon``, ``later``, or ``unknown`` where neither limit can be reckoned."""
        if (self.km_left is not None and self.km_left <= 0) or (
            self.days_left is not None and self.days_left <= 0
        ):
            return "overdue"
        if self.on is None:
            return "unknown" if self.km_left is None else "later"
        days = (self.on - today).days / (AHEAD if self.by_km else 1.0)
        if self.by_km and self.days_left is not None:
            days = min(days, self.days_left)
        return "soon" if days <= SOON_DAYS else "later"


def pace(clocks: Sequence[Clock], driven: Sequence[Clock], today: date) -> Pace | None:
    """The pace from readings, and from trips (``km`` each) since the last of them; None without a reading.

    A reading below an earlier one was a slip of one of them: the newer one is believed.
    """
    known = _believed([clock for clock in clocks if clock.day <= today])
    if not known:
        return None
    newest = known[-1]
    since = sum(trip.km for trip in driven if newest.day < trip.day <= today)
    per_day = _per_day(known, driven, today)
    passed = (today - newest.day).days
    guessed = (per_day or 0.0) * passed
    return Pace(newest.km + max(since, guessed), newest.day, per_day)


def _believed(clocks: Sequence[Clock]) -> list[Clock]:
    """Readings that never fall, by day; where they do, the earlier ones that are higher go."""
    found: list[Clock] = []
    for clock in sorted(clocks, key=lambda clock: clock.day):
        while found and found[-1].km > clock.km:
            found.pop()
        if found and found[-1].day == clock.day:
            found.pop()
        found.append(clock)
    return found


def _per_day(known: Sequence[Clock], driven: Sequence[Clock], today: date) -> float | None:
    newest = known[-1]
    recent = [clock for clock in known if clock.day >= newest.day - LOOKED_BACK]
    start = recent[0] if len(recent) > 1 else (known[-2] if len(known) > 1 else None)
    if start is not None and (newest.day - start.day).days >= FEWEST_DAYS:
        return (newest.km - start.km) / (newest.day - start.day).days
    trips = [trip for trip in driven if today - LOOKED_BACK < trip.day <= today]
    first = min((trip.day for trip in trips), default=today)
    days = (today - first).days + 1
    return sum(trip.km for trip in trips) / days if days >= FEWEST_DAYS else None


def due(
    today: date,
    now: Pace | None,
    *,
    last_km: float | None,
    last_day: date | None,
    every_km: float | None,
    every_days: int | None,
) -> Due:
    """When it is due again after it was last done; whichever limit comes first.

    Args:
        today: The day of the question.
        now: How far the vehicle has come.
        last_km: Kilometres on the clock when it was last done, None where nobody knows.
        last_day: The day on which it was last done.
        every_km: The interval in kilometres, None without one.
        every_days: The interval in days, None without one.
    """
    km_left = None
    if now is not None and last_km is not None and every_km is not None:
        km_left = last_km + every_km - now.km
    days_left = None
    if last_day is not None and every_days is not None:
        days_left = (last_day - today).days + every_days
    by_km = _days_of(km_left, now)
    days = [each for each in (by_km, days_left) if each is not None]
    on = today + timedelta(days=min(days)) if days else None
    return Due(km_left, days_left, on, by_km is not None and (days_left is None or by_km <= days_left))


def _days_of(km_left: float | None, now: Pace | None) -> int | None:
    if km_left is None or now is None:
        return None
    if km_left <= 0:
        return 0
    if not now.per_day:
        return None
    return min(ceil(km_left / now.per_day), 36_500)
