"""The ways between places and customers that questions of sending need, and where they are known from."""

from __future__ import annotations

from collections.abc import Iterable

from tools.kit.roads import Roads, no_roads
from tools.maths.routing.travel import DRIVING, Travel
from tools.store import Location
from tools.store.facts import Named

Spot = Location | Named
METRES, SECONDS = 1_000, 3_600


class Ways:
    """Kilometres and hours between what is on the map; asked once for all of it."""

    def __init__(self, roads: Roads, spots: Iterable[Spot]) -> None:
        points = list(
            dict.fromkeys(
                (one.latitude, one.longitude)
                for one in spots
                if one.latitude is not None and one.longitude is not None
            )
        )
        self._numbers: dict[tuple[float | None, float | None], int] = {
            point: number for number, point in enumerate(points)
        }
        self._travel: Travel = roads(points, DRIVING) if points else no_roads(())

    def km(self, one: Spot, other: Spot) -> float | None:
        """How far it is; None where one of them is not on the map."""
        ends = self._ends(one, other)
        return None if ends is None else float(self._travel.matrix.distances[ends]) / METRES

    def hours(self, one: Spot, other: Spot) -> float | None:
        """How long it takes; None where one of them is not on the map."""
        ends = self._ends(one, other)
        return None if ends is None else float(self._travel.matrix.durations[ends]) / SECONDS

    def _ends(self, one: Spot, other: Spot) -> tuple[int, int] | None:
        start = self._numbers.get((one.latitude, one.longitude))
        end = self._numbers.get((other.latitude, other.longitude))
        return None if start is None or end is None else (start, end)

    @property
    def told(self) -> str:
        """Where they are known from, an estimate said to be one."""
        estimate = ", an estimate, not roads" if self._travel.estimate else ""
        return f"Ways: {self._travel.source}{estimate}"
