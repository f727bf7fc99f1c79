"""Travel times: what is known of the roads, and where nobody knows them a straight line.

A straight line with a start-up and a pace that grows with distance gives times to tell people, not good
plans: planned on straight lines one drives some 15 % more than on real roads (measured on the cities of the
EURO and NeurIPS challenge of 2022).
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
DRIVING, CYCLING = "driving", "cycling"
PROFILES = (DRIVING, CYCLING)
STARTING_SECONDS = {DRIVING: 60.0, CYCLING: 30.0}
"""Setting off, parking, the first and the last corner."""
BANDS = {
    DRIVING: ((2_000.0, 25.0), (10_000.0, 40.0), (50_000.0, 65.0), (float("inf"), 90.0)),
    CYCLING: ((float("inf"), 15.0),),
}
"""Of the road: up to so many metres at so many kilometres an hour."""
ENOUGH_LEGS = 20
"""With so many known legs the unknown ones are estimated from them."""

STRAIGHT_LINE = "straight line"

Point = tuple[float, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Travel between places and where it is known from; ``estimate`` where no road was looked at."""

    matrix: Matrix
    source: str
    estimate: bool


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """What is known of the ways between places, from row to column: NaN where nothing is."""

    seconds: Floats
    metres: Floats

    @classmethod
    def unknown(cls, places: int) -> Legs:
        """Nothing is known, but that nobody travels from a place to itself."""
        return cls(*(np.where(np.eye(places, dtype=bool), 0.0, np.nan) for _ in range(2)))

    @property
    def missing(self) -> NDArray[np.bool_]:
        """The ways that are not known."""
        missing: NDArray[np.bool_] = np.isnan(self.seconds) | np.isnan(self.metres)
        return missing


def straight_line(places: Sequence[Point], profile: str = DRIVING) -> Travel:
    """An estimate for places by their latitude and longitude in degrees.

    Raises:
        ValueError: a place is not on the earth.
    """
    return travel_between(places, Legs.unknown(len(places)), "", profile)


def travel_between(places: Sequence[Point], known: Legs, source: str, profile: str = DRIVING) -> Travel:
    """The ways that are known, from ``source``, and an estimate of each that is not.

    With enough known ones the estimate is their own line over the straight line's metres (least squares),
    which errs by 11 to 21 % on one leg where a plain factor errs by 22 to 26 %.

    Raises:
        ValueError: a place is not on the earth.
    """
    points = np.array(places, dtype=float).reshape(-1, 2)
    if not (np.abs(points) <= (90.0, 180.0)).all():
        raise ValueError("a latitude lies within 90 degrees, a longitude within 180")
    away = ~np.eye(len(points), dtype=bool)
    missing = known.missing & away
    apart = _apart(np.radians(points))
    seconds, metres = _estimated(apart, known, ~known.missing & away, profile)
    whole = Matrix(
        np.rint(np.where(known.missing, seconds, known.seconds)).astype(np.int64),
        np.rint(np.where(known.missing, metres, known.metres)).astype(np.int64),
    )
    named = _named(source, int(missing.sum()), int(away.sum()))
    return Travel(whole, named, estimate=not source or bool(missing.any()))


def _named(source: str, missing: int, ways: int) -> str:
    if missing == ways and ways:
        return STRAIGHT_LINE
    return f"{source}, {STRAIGHT_LINE} for {missing} of {ways} ways" if missing else source or STRAIGHT_LINE


def _estimated(apart: Floats, known: Legs, there: NDArray[np.bool_], profile: str) -> tuple[Floats, Floats]:
    """Seconds and metres of every way, by the known ones where they are enough."""
    lines, seconds, metres = apart[there], known.seconds[there], known.metres[there]
    if len(lines) < ENOUGH_LEGS or lines.sum() <= 0 or np.ptp(lines) == 0:
        metres_guessed = DETOUR * apart
        return np.where(
            apart < 1.0, 0.0, STARTING_SECONDS[profile] + _paced(metres_guessed, profile)
        ), metres_guessed
    slope, start = np.polyfit(lines, seconds, 1)
    if slope <= 0 or start < 0:
        start, slope = 0.0, seconds.sum() / lines.sum()
    return np.where(apart < 1.0, 0.0, start + slope * apart), metres.sum() / lines.sum() * apart


def _apart(points: Floats) -> Floats:
    """Metres on the great circle (the haversine formula)."""
    turned = np.sin((points[:, None, :] - points[None, :, :]) / 2) ** 2
    cosines = np.cos(points[:, 0])
    half = turned[..., 0] + cosines[:, None] * cosines[None, :] * turned[..., 1]
    apart: Floats = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return apart


def _paced(metres: Floats, profile: str) -> Floats:
    """Seconds, each part of a way at the pace of its band: a longer way never takes less."""
    seconds = np.zeros_like(metres)
    begun = 0.0
    for end, kilometres in BANDS[profile]:
        seconds += np.clip(metres - begun, 0.0, end - begun) * 3.6 / kilometres
        begun = end
    return seconds
