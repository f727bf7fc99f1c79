"""Traffic by the hour of the clock: how long a leg takes that is begun at some time, and what days teach.

A leg's free seconds are stretched by the multiplier of each hour in which it is driven, hour by hour, so that
who leaves later never arrives sooner (Ichoua, Gendreau and Potvin, 2003).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

HOURS = 24
HOUR = 3600
WEATHER = {"dry": 1.0, "light rain": 1.1, "heavy rain": 1.2, "snow": 1.5}
"""What a day's weather multiplies driving by, after what the FHWA measured on arterial roads."""
LEAST, MOST = 0.5, 4.0
"""No hour is driven faster or slower than this."""
PRIOR_SECONDS = 7200.0
"""A finished hour counts against so many seconds on which all went as planned."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Multipliers of driving time.

    Attributes:
        hours: For each hour of the clock.
        weather: For the whole day.
        midnight: The second at which the clock shows midnight.
    """

    hours: tuple[float, ...] = (1.0,) * HOURS
    weather: float = 1.0
    midnight: int = 0

    def __post_init__(self) -> None:
        """Checks the numbers.

        Raises:
            ValueError: there are not 24 hours, or a multiplier is out of bounds.
        """
        if len(self.hours) != HOURS:
            raise ValueError("a profile has 24 hours")
        if not all(LEAST <= one <= MOST for one in (*self.hours, self.weather)):
            raise ValueError(f"a multiplier lies between {LEAST} and {MOST}")

    def at(self, second: int) -> float:
        """The multiplier at a time."""
        return self.hours[(second - self.midnight) // HOUR % HOURS] * self.weather

    def drive(self, seconds: int, leave: int) -> int:
        """Seconds on the road for a leg of so many free seconds that is begun at ``leave``."""
        clock, left = float(leave), float(seconds)
        while True:
            hour = math.floor((clock - self.midnight) / HOUR)
            end = (hour + 1) * HOUR + self.midnight
            slow = self.hours[hour % HOURS] * self.weather
            if left * slow <= end - clock:
                return math.ceil(clock + left * slow - leave - 1e-6)
            left -= (end - clock) / slow
            clock = float(end)

    def mean(self, first: int, last: int) -> float:
        """The mean multiplier of a span of time."""
        return sum(self._during(first, last)) / len(self._during(first, last))

    def worst(self, first: int, last: int) -> float:
        """The greatest multiplier of a span of time."""
        return max(self._during(first, last))

    def _during(self, first: int, last: int) -> list[float]:
        """The multiplier of each hour that a span touches, of one day at most."""
        hours = min(HOURS, max(1, math.ceil((last - first) / HOUR)))
        return [self.at(first + number * HOUR) for number in range(hours)]


@dataclass(frozen=True, slots=True)
class Leg:
    """A finished drive: when it began, its free seconds by the matrix, and what it took."""

    leave: int
    free: int
    took: int


def learned(profile: Profile, legs: Iterable[Leg], prior: float = PRIOR_SECONDS) -> Profile:
    """The profile that finished drives teach: for each hour what they took for what was planned, shrunk to 1.

    A single drive counts as at most ``MOST`` times its free seconds: who had lunch on the way teaches little.
    The weather of the days is taken out; the profile's own hours do not count (the legs hold them).
    """
    free = [prior] * HOURS
    took = [prior] * HOURS
    for leg in legs:
        if leg.free <= 0 or leg.took <= 0:
            continue
        hour = (leg.leave - profile.midnight) // HOUR % HOURS
        free[hour] += leg.free
        took[hour] += min(max(leg.took / profile.weather, LEAST * leg.free), MOST * leg.free)
    hours = tuple(round(there / here, 3) for there, here in zip(took, free, strict=True))
    return replace(profile, hours=hours)
