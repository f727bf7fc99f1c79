"""Loads of one way put together: on which day each goes, never later than promised, on how many carriers.

Loads meet only within their group (a zone, a temperature class, a supplier), so every group is solved alone.
Greedy first: each on its own day, or as few days as the promises allow; then CP-SAT from the cheaper of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from tools.maths.allocation.model import Model, status_of

Days = dict[str, int]
"""By load the day on which it goes."""


@dataclass(frozen=True, slots=True)
class Load:
    """Something that has to go between two days, both included.

    Attributes:
        key: Its name.
        group: What may travel together.
        sizes: Whole steps of each measure (such as grams and millilitres).
        first: The first day on which it may go.
        last: The day that was promised: it never goes later.
        own: The day on which it goes if nobody puts anything together.
        moving: What each day off its own day costs, such as asking the customer.
    """

    key: str
    group: str
    sizes: tuple[int, ...]
    first: int
    last: int
    own: int
    moving: float = 0.0

    def cost_on(self, day: int) -> float:
        """What going on that day costs it."""
        return self.moving * abs(day - self.own)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A kind of vehicle or delivery, as many of it as are wanted."""

    name: str
    room: tuple[int, ...]
    cost: float


@dataclass(frozen=True)
class Shipments:
    """What goes together.

    Attributes:
        days: By load.
        trips: By (group, day) the carriers with the loads on each.
        cost: Of all trips, and of moving loads.
        apart: The same with every load on its own carrier on its own day.
        bound: What nothing can be cheaper than; None where the solver said nothing.
        too_large: Loads that fit on no carrier: left out.
    """

    days: Mapping[str, int]
    trips: Mapping[tuple[str, int], tuple[tuple[Carrier, tuple[str, ...]], ...]]
    cost: float
    apart: float
    bound: float | None
    too_large: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """How good it is: "optimal", "gap 0.4 %" or "greedy"."""
        return status_of(self.cost, self.bound)

    @cached_property
    def carriers(self) -> int:
        """How many carriers are used."""
        return sum(len(trip) for trip in self.trips.values())


def consolidate(loads: Sequence[Load], carriers: Sequence[Carrier], *, seconds: float) -> Shipments:
    """The cheapest days and carriers that are found in ``seconds`` of solving; 0 takes the greedy answer.

    Raises:
        ValueError: a load's own day is not among its days.
    """
    wrong = [load.key for load in loads if not load.first <= load.own <= load.last]
    if wrong:
        raise ValueError(f"{wrong[0]} would not go on its own day")
    able = [load for load in loads if any(_fits(load.sizes, carrier) for carrier in carriers)]
    groups: dict[str, list[Load]] = defaultdict(list)
    for load in able:
        groups[load.group].append(load)
    days: Days = {}
    bound: float | None = 0.0
    left, waiting = seconds, len(able)
    for group in sorted(groups.values(), key=len):
        found, low, spent = _group(group, carriers, left * len(group) / waiting)
        left, waiting = max(left - spent, 0.0), waiting - len(group)
        days |= found
        bound = None if bound is None or low is None else bound + low
    too_large = tuple(load.key for load in loads if load.key not in days)
    apart = sum(_fill([load], carriers)[1] for load in able)
    return Shipments(days, _trips(able, carriers, days), _cost(able, carriers, days), apart, bound, too_large)


def _fits(sizes: Iterable[int], carrier: Carrier) -> bool:
    return all(size <= room for size, room in zip(sizes, carrier.room, strict=True))


def _group(
    loads: Sequence[Load], carriers: Sequence[Carrier], seconds: float
) -> tuple[Days, float | None, float]:
    own = {load.key: load.own for load in loads}
    start = min((own, _fewest_days(loads)), key=lambda days: _cost(loads, carriers, days))
    least = _least(loads, carriers)
    if _cost(loads, carriers, start) <= least + 1e-9:
        return start, least, 0.0
    if seconds <= 0:
        return start, None, 0.0
    written = _Written(loads, carriers)
    solved = written.model.by_cp_sat(seconds, written.hint(start))
    found = start if solved.values is None else written.read(solved.values)
    best = min((start, found), key=lambda days: _cost(loads, carriers, days))
    return best, max(solved.bound, least), solved.seconds


def _least(loads: Sequence[Load], carriers: Sequence[Carrier]) -> float:
    """The cheapest carrier once: nothing goes for less."""
    return min(carrier.cost for carrier in carriers) if loads else 0.0


def _fewest_days(loads: Sequence[Load]) -> Days:
    """As few days as the promises allow: the last day of whatever is due first takes all that may go then."""
    days: Days = {}
    for load in sorted(loads, key=lambda one: (one.last, one.first)):
        if load.key not in days:
            together = [one for one in loads if one.key not in days and one.first <= load.last <= one.last]
            days |= {one.key: load.last for one in together}
    return days


def _cost(loads: Sequence[Load], carriers: Sequence[Carrier], days: Mapping[str, int]) -> float:
    moved = sum(load.cost_on(days[load.key]) for load in loads)
    trips = _trips(loads, carriers, days)
    return moved + sum(carrier.cost for trip in trips.values() for carrier, _ in trip)


def _trips(
    loads: Sequence[Load], carriers: Sequence[Carrier], days: Mapping[str, int]
) -> dict[tuple[str, int], tuple[tuple[Carrier, tuple[str, ...]], ...]]:
    by_day: dict[tuple[str, int], list[Load]] = defaultdict(list)
    for load in loads:
        by_day[(load.group, days[load.key])].append(load)
    return {key: _fill(together, carriers)[0] for key, together in sorted(by_day.items())}


def _fill(
    loads: Sequence[Load], carriers: Sequence[Carrier]
) -> tuple[tuple[tuple[Carrier, tuple[str, ...]], ...], float]:
    """Real carriers with loads on them: the cheapest of some fleets, each filled largest load first."""
    found = [_first_fit(loads, fleet) for fleet in _fleets(loads, carriers)]
    return min((one for one in found if one is not None), key=lambda one: one[1])


def _fleets(loads: Sequence[Load], carriers: Sequence[Carrier]) -> list[list[Carrier]]:
    """Fleets to try: of each kind alone, and of each kind with one other for the rest."""
    total = [sum(sizes) for sizes in zip(*(load.sizes for load in loads), strict=True)]
    fleets = []
    for main in carriers:
        need = max(
            (ceil(size / room) for size, room in zip(total, main.room, strict=True) if room), default=1
        )
        fleets += [[main] * (max(need, 1) + extra) for extra in range(3)] + [[main] * len(loads)]
        fleets += [[main] * (need - 1) + [other] * more for other in carriers for more in (1, 2) if need > 1]
    return fleets


def _first_fit(
    loads: Sequence[Load], fleet: Sequence[Carrier]
) -> tuple[tuple[tuple[Carrier, tuple[str, ...]], ...], float] | None:
    rooms = [list(carrier.room) for carrier in fleet]
    held: list[list[str]] = [[] for _ in fleet]
    for load in sorted(loads, key=lambda one: (-max(one.sizes, default=0), one.key)):
        for room, keys in zip(rooms, held, strict=True):
            if all(size <= free for size, free in zip(load.sizes, room, strict=True)):
                keys.append(load.key)
                room[:] = [free - size for size, free in zip(load.sizes, room, strict=True)]
                break
        else:
            return None
    used = [(carrier, tuple(keys)) for carrier, keys in zip(fleet, held, strict=True) if keys]
    return tuple(used), sum(carrier.cost for carrier, _ in used)


class _Written:
    """A group as a model: the day of each load, and how many carriers of each kind go on each day."""

    def __init__(self, loads: Sequence[Load], carriers: Sequence[Carrier]) -> None:
        self.model = Model()
        self._loads, self._carriers = loads, carriers
        days = sorted({day for load in loads for day in range(load.first, load.last + 1)})
        self._goes = {
            load.key: {day: self.model.column(load.cost_on(day)) for day in range(load.first, load.last + 1)}
            for load in loads
        }
        self._used = {day: [self.model.column(one.cost, len(loads)) for one in carriers] for day in days}
        for choices in self._goes.values():
            self.model.row(dict.fromkeys(choices.values(), 1), low=1, high=1)
        for day in days:
            self._room(day)

    def _room(self, day: int) -> None:
        going = [(load, self._goes[load.key][day]) for load in self._loads if day in self._goes[load.key]]
        for at in range(len(self._carriers[0].room)):
            terms = {column: load.sizes[at] for load, column in going if load.sizes[at]}
            rooms = zip(self._used[day], self._carriers, strict=True)
            self.model.row({**terms, **{used: -carrier.room[at] for used, carrier in rooms}}, high=0)
        for load, column in going:
            able = [
                used
                for used, carrier in zip(self._used[day], self._carriers, strict=True)
                if _fits(load.sizes, carrier)
            ]
            self.model.row({column: 1, **dict.fromkeys(able, -1)}, high=0)

    def hint(self, days: Mapping[str, int]) -> list[int]:
        """The start as values of the columns."""
        values = [0] * len(self.model.costs)
        for key, day in days.items():
            values[self._goes[key][day]] = 1
        for (_, day), trip in _trips(self._loads, self._carriers, days).items():
            for carrier, _ in trip:
                values[self._used[day][self._carriers.index(carrier)]] += 1
        return values

    def read(self, values: Sequence[int]) -> Days:
        """The days that the values stand for."""
        return {key: next(day for day, at in days.items() if values[at]) for key, days in self._goes.items()}
