"""How tools learn the travel times between places: asked of whoever knows, else a marked estimate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tools.maths.routing.travel import DRIVING, Point, Travel, straight_line

Roads = Callable[[Sequence[Point], str], Travel]
"""Places (latitude and longitude in degrees) and a profile ("driving", "cycling") to travel times."""


def no_roads(places: Sequence[Point], profile: str = DRIVING) -> Travel:
    """Nobody knows the roads here: straight lines, marked as an estimate."""
    return straight_line(places, profile)
