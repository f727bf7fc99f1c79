"""A day's routes as a picture: which van goes where, in what order, and how far it has got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Point = tuple[float, float]
Standing = Literal["planned", "loaded", "done", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class MapStop:
    """One place on the map, in degrees.

    ``number`` is its place in the driving order, from 1 (0: none, as of a depot).  ``name`` says whose it
    is ("5531 Mrs Jones"), ``time`` when the van is there as text ("09:40"), ``promised`` the window
    ("9:00-11:00").  ``kind`` "collect" is goods picked up on the way.
    """

    latitude: float
    longitude: float
    name: str
    number: int = 0
    time: str = ""
    promised: str = ""
    standing: Standing = "planned"
    kind: Literal["stop", "depot", "collect"] = "stop"
    late: bool = False


@dataclass(frozen=True, slots=True)
class MapRoute:
    """One vehicle's way: its stops in driving order, first and last usually the depot.

    ``road`` is the shape of the road, (latitude, longitude), where it is known; else lines are drawn from
    stop to stop.
    """

    name: str
    stops: tuple[MapStop, ...]
    road: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteMap:
    """Routes of a day, drawn without a map service.

    ``loose`` are places that no vehicle goes to; ``note`` stands under the picture ("Times are straight-line
    estimates").
    """

    title: str
    routes: tuple[MapRoute, ...]
    loose: tuple[MapStop, ...] = ()
    note: str = ""

    @property
    def places(self) -> tuple[MapStop, ...]:
        """Every place that is drawn."""
        return (*(stop for route in self.routes for stop in route.stops), *self.loose)


def map_from(raw: Mapping[str, Any]) -> RouteMap:
    """A map from its fields as JSON."""
    routes = tuple(
        MapRoute(
            name=one["name"],
            stops=tuple(MapStop(**stop) for stop in one["stops"]),
            road=tuple((latitude, longitude) for latitude, longitude in one["road"]),
        )
        for one in raw["routes"]
    )
    loose = tuple(MapStop(**stop) for stop in raw["loose"])
    return RouteMap(title=raw["title"], routes=routes, loose=loose, note=raw["note"])
