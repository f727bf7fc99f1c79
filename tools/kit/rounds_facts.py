"""A day of deliveries as it can be planned: the orders, their goods, the vehicles, and the problem to solve.

Times of a round are whole seconds from the midnight with which its day begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tools.kit.rounds_settings import RoundSettings
from tools.maths.routing.problem import Aim, Load, Problem, Window
from tools.maths.routing.traffic import Profile
from tools.maths.routing.travel import Point, Travel
from tools.store.trip_facts import Deliverable, StopLine, Vehicle

COLLECT = "+"
"""Before an order's number: picking its goods up."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a day is to be planned.

    Attributes:
        aim: The cheapest plan, the fewest vehicles, or fair shares.
        only: The one vehicle to use; "" for all.
        without: Vehicles that stay at home.
        late: Orders that may come after their time.
        replaces: Trips whose orders are planned again.
        also: Orders that are to be taken along, whatever day they are promised for.
    """

    aim: Aim = "cheapest"
    only: str = ""
    without: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drop:
    """An order on its way into a round: what is taken from where, how heavy it is (grams, millilitres).

    ``late``: its time is over, so that it may come at any time; ``sites`` as in :class:`Sourced`.
    """

    order: Deliverable
    lines: tuple[StopLine, ...]
    sites: tuple[str, ...]
    load: Load
    windows: tuple[Window, ...] = ()
    late: bool = False
    chilled: bool = False

    @property
    def number(self) -> str:
        """The order's number."""
        return self.order.order_no


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An order that is in no round: why, what could be done, and what serving it would cost more."""

    order: Deliverable
    reason: str
    rule: str = ""
    todo: str = ""
    cost: float | None = None


@dataclass(frozen=True, eq=False)
class Round:
    """A day as it can be planned: the problem to solve, and what its names mean.

    ``points`` are the rows of the matrices; ``site_rows`` and ``drop_rows`` tell which is whose;
    ``homes`` the sites where vehicles start.  ``absent`` are vehicles that stay at home, and why;
    ``near`` and ``apart`` tell whence goods are taken, as ``gather`` was asked.
    """

    day: date
    wish: Wish
    drops: Mapping[str, Drop]
    left: tuple[LeftOut, ...]
    vehicles: Mapping[str, Vehicle]
    absent: tuple[tuple[Vehicle, str], ...]
    problem: Problem
    traffic: Profile
    travel: Mapping[str, Travel]
    points: tuple[Point, ...]
    names: tuple[str, ...]
    settings: RoundSettings
    sizes_assumed: tuple[str, ...] = ()
    seen: int = 0
    near: bool = False
    apart: bool = False
    homes: tuple[str, ...] = ()

    @property
    def estimate(self) -> bool:
        """Whether its times come from straight lines."""
        return any(one.estimate for one in self.travel.values())

    @property
    def travel_source(self) -> str:
        """Where its times come from."""
        return " and ".join(sorted({one.source for one in self.travel.values()}))


def seconds_of(moment: datetime, day: date) -> int:
    """Whole seconds from the day's midnight; below 0 for the days before."""
    return round((moment - datetime.combine(day, time())).total_seconds())


def moment_of(seconds: int, day: date) -> datetime:
    """The inverse of :func:`seconds_of`."""
    return datetime.combine(day, time()) + timedelta(seconds=seconds)
