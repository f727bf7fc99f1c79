"""Travel times where nobody knows the roads: a straight line, a start-up, a pace that grows with distance.

Such a matrix gives times to tell people, not good plans: planned on straight lines one drives some 15 % more
than on real roads (measured on the cities of the EURO and NeurIPS challenge of 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.maths.routing.problem import Matrix

EARTH_METRES = 6_371_008.8
DETOUR = 1.3
"""Metres of road for one of the straight line."""
STARTING_SECONDS = 60.0
"""Setting off, parking, the first and the last corner."""
BANDS = ((2_000.0, 25.0), (10_000.0, 40.0), (50_000.0, 65.0), (float("inf"), 90.0))
"""Of the road: up to so many metres at so many kilometres an hour."""

STRAIGHT_LINE = "straight line"


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Travel between places and where it is known from; ``estimate`` where no road was looked at."""

    matrix: Matrix
    source: str
    estimate: bool


def straight_line(places: Sequence[tuple[float, float]]) -> Travel:
    """An estimate for places by their latitude and longitude in degrees.

    Raises:
        ValueError: a place is not on the earth.
    """
    points = np.array(places, dtype=float).reshape(-1, 2)
    if not (np.abs(points) <= (90.0, 180.0)).all():
        raise ValueError("a latitude lies within 90 degrees, a longitude within 180")
    metres = DETOUR * _apart(np.radians(points))
    seconds = np.where(metres < 1.0, 0.0, STARTING_SECONDS + _driving(metres))
    whole = Matrix(np.rint(seconds).astype(np.int64), np.rint(metres).astype(np.int64))
    return Travel(whole, STRAIGHT_LINE, estimate=True)


def _apart(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres on the great circle (the haversine formula)."""
    turned = np.sin((points[:, None, :] - points[None, :, :]) / 2) ** 2
    cosines = np.cos(points[:, 0])
    half = turned[..., 0] + cosines[:, None] * cosines[None, :] * turned[..., 1]
    apart: NDArray[np.float64] = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return apart


def _driving(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds, each part of a way at the pace of its band: a longer way never takes less."""
    seconds = np.zeros_like(metres)
    begun = 0.0
    for end, kilometres in BANDS:
        seconds += np.clip(metres - begun, 0.0, end - begun) * 3.6 / kilometres
        begun = end
    return seconds
