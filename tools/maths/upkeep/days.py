"""The day at the workshop: one on which the plan spares the vehicle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DayLoad:
    """What a day asks of the vehicles.

    Attributes:
        day: The day.
        orders: Orders due on it, of all customers.
        trips: Confirmed trips of this vehicle on it.
        others: Other vehicles of its kind that can drive on it.
        open: Whether the workshop works.
    """

    day: date
    orders: int
    trips: int = 0
    others: int = 0
    open: bool = True

    @property
    def weight(self) -> tuple[int, float]:
        """What taking the vehicle away costs: trips to move, then orders for each vehicle that is left."""
        return self.trips, self.orders / (self.others or 0.5)


def sparest(days: Sequence[DayLoad], latest: date | None) -> DayLoad | None:
    """The day that misses the vehicle least, the earliest of equals; None where none is open.

    Days up to ``latest`` (when the work is due) come before any after it; where none of these is left, the
    first open day is taken.
    """
    able = [load for load in days if load.open]
    in_time = [load for load in able if latest is None or load.day <= latest]
    if in_time:
        return min(in_time, key=lambda load: (load.weight, load.day))
    return min(able, key=lambda load: load.day, default=None)
