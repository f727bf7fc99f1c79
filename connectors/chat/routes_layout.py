"""Where everything on a map of routes is drawn: the one geometry of the page's SVG and the chats' PNG.

Degrees become the web's usual map square (Mercator), so that tiles fit under it where a shop has some.
Marks that would cover each other are pushed apart, each with a line to where it belongs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tools.kit import MapRoute, MapStop, RouteMap
from tools.kit.route_map import Point

Spot = tuple[float, float]
Spots = NDArray[np.float64]

EARTH_KM = 40_075.017
MOST_LATITUDE = 85.0
# A day within one house is still drawn with some of its street around it.
LEAST_SPAN = 1.0 / EARTH_KM
FLATTEST = 0.5
ROUNDS = 120
# Marks keep this share of their width free between them.
APART = 1.12
GOLDEN = 2.399963
MOST_NAMED = 14
MOST_LETTERS = 20
# A letter's width as a share of its height, on average.
LETTER = 0.56
ARROW_FROM = 4.0


@dataclass(frozen=True, slots=True)
class Size:
    """How large a map is drawn, in its own units.

    Its width, a mark's radius, a letter's height, and how tall it may be as a share of its width.
    """

    width: float
    radius: float
    letters: float
    steepest: float


WIDE = Size(760, 11.5, 12, 0.75)
NARROW = Size(330, 9.5, 10, 1.15)


@dataclass(frozen=True, slots=True)
class Mark:
    """One place: ``at`` is where it is, ``drawn`` where its mark stands; ``route`` -1 is of no vehicle."""

    stop: MapStop
    route: int
    at: Spot
    drawn: Spot

    @property
    def moved(self) -> Spot:
        """From the place to its mark."""
        return self.drawn[0] - self.at[0], self.drawn[1] - self.at[1]


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a way; ``behind`` has been driven."""

    route: int
    points: tuple[Spot, ...]
    behind: bool
    arrow: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """Words beside a mark."""

    text: str
    at: Spot
    anchor: str
    mark: int


@dataclass(frozen=True, slots=True)
class Frame:
    """How degrees become units: x = (mercator x - ``left``) * ``scale``."""

    left: float
    top: float
    scale: float

    def spot(self, latitude: float, longitude: float) -> Spot:
        """Where a place is drawn."""
        x, y = mercator(latitude, longitude)
        return (x - self.left) * self.scale, (y - self.top) * self.scale


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole map: what lies lower comes first.  ``bar`` is a length on the map in words and in units."""

    size: Size
    height: float
    frame: Frame
    legs: tuple[Leg, ...]
    marks: tuple[Mark, ...]
    names: tuple[Name, ...]
    bar: tuple[str, float]


def mercator(latitude: float, longitude: float) -> Spot:
    """Both from 0 to 1, from the north west (Mercator 1569, on a sphere)."""
    held = math.radians(max(-MOST_LATITUDE, min(MOST_LATITUDE, latitude)))
    return (longitude + 180) / 360, (1 - math.asinh(math.tan(held)) / math.pi) / 2


@lru_cache(maxsize=64)
def laid_out(shown: RouteMap, size: Size = WIDE) -> Layout:
    """The map at a size; the same map always gives the same layout."""
    points = [(stop.latitude, stop.longitude) for stop in shown.places]
    points += [point for route in shown.routes for point in route.road]
    frame, height = _frame(points, size)
    places = _places(shown)
    at = [frame.spot(stop.latitude, stop.longitude) for stop, _ in places]
    drawn = _apart(at, [stop.kind == "depot" for stop, _ in places], size, height)
    marks = tuple(
        Mark(stop, route, was, now) for (stop, route), was, now in zip(places, at, drawn, strict=True)
    )
    legs = tuple(
        leg for number, route in enumerate(shown.routes) for leg in _legs(number, route, frame, size)
    )
    names = tuple(_names(marks, size, height))
    return Layout(size, height, frame, legs, marks, names, _bar(points, frame, size))


def _frame(points: Sequence[Point], size: Size) -> tuple[Frame, float]:
    """Room for all points and half a dozen marks' width around them."""
    flat = [mercator(*point) for point in points] or [mercator(0, 0)]
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    across, down = max(max(xs) - min(xs), LEAST_SPAN), max(max(ys) - min(ys), LEAST_SPAN)
    edge = 3 * size.radius
    height = size.width * max(FLATTEST, min(size.steepest, down / across))
    scale = min((size.width - 2 * edge) / across, (height - 2 * edge) / down)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return Frame(middle[0] - size.width / 2 / scale, middle[1] - height / 2 / scale, scale), round(height, 1)


def _places(shown: RouteMap) -> list[tuple[MapStop, int]]:
    """Every place once: a depot that several vans leave from and come back to is one mark."""
    found: dict[tuple[float, float, str], tuple[MapStop, int]] = {}
    others: list[tuple[MapStop, int]] = []
    for number, route in enumerate(shown.routes):
        for stop in route.stops:
            if stop.kind == "depot":
                found.setdefault(
                    (round(stop.latitude, 4), round(stop.longitude, 4), stop.name), (stop, number)
                )
            else:
                others.append((stop, number))
    return [*found.values(), *((stop, -1) for stop in shown.loose), *others]


def _apart(at: Sequence[Spot], fixed: Sequence[bool], size: Size, height: float) -> list[Spot]:
    """Push marks off each other, as little as it takes; depots stay where they are."""
    if not at:
        return []
    home: Spots = np.array(at)
    held = np.array(fixed)[:, None]
    now = home + _fan(len(at)) * np.where(held, 0, 0.01 * size.radius)
    reach = 2 * size.radius * APART
    low, high = np.array([size.radius, size.radius]) * 1.4, np.array([size.width, height]) - 1.4 * size.radius
    for turn in range(ROUNDS):
        pull = (home - now) * (0.04 if turn < ROUNDS * 2 // 3 else 0)
        now = np.where(held, home, np.clip(now + _push(now, reach) + pull, low, high))
    return [(round(float(x), 1), round(float(y), 1)) for x, y in now]


def _fan(count: int) -> Spots:
    """A direction for each mark, so that those of one house go different ways."""
    turns = np.arange(count) * GOLDEN
    return np.stack([np.cos(turns), np.sin(turns)], axis=1)


def _push(now: Spots, reach: float) -> Spots:
    apart = now[:, None, :] - now[None, :, :]
    far = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(far, np.inf)
    short = np.clip(reach - far, 0, None) / 2
    pushed: Spots = (apart / np.maximum(far, 1e-9)[..., None] * short[..., None]).sum(axis=1)
    return pushed


def _legs(number: int, route: MapRoute, frame: Frame, size: Size) -> Iterator[Leg]:
    if route.road:
        yield Leg(number, tuple(_rounded(frame.spot(*point)) for point in route.road), behind=False)
        return
    spots = [_rounded(frame.spot(stop.latitude, stop.longitude)) for stop in route.stops]
    made = [place for place, stop in enumerate(route.stops) if stop.standing in ("done", "failed")]
    for place in range(1, len(spots)):
        ends = spots[place - 1], spots[place]
        yield Leg(number, ends, place <= max(made, default=0), _arrow(*ends, size))


def _arrow(start: Spot, end: Spot, size: Size) -> tuple[float, float, float] | None:
    """Where along a long leg an arrow head stands, and its direction in degrees."""
    across, down = end[0] - start[0], end[1] - start[1]
    if math.hypot(across, down) < ARROW_FROM * size.radius:
        return None
    middle = _rounded((start[0] + 0.55 * across, start[1] + 0.55 * down))
    return (*middle, round(math.degrees(math.atan2(down, across)), 1))


def _rounded(spot: Spot) -> Spot:
    return round(spot[0], 1), round(spot[1], 1)


Box = tuple[float, float, float, float]


def _names(marks: Sequence[Mark], size: Size, height: float) -> Iterator[Name]:
    """Names of depots, and of stops while they are few; what finds no room is left to the list below."""
    taken = [_box(mark.drawn, size.radius, size.radius) for mark in marks]
    stops = sum(mark.stop.kind != "depot" for mark in marks)
    few = stops <= MOST_NAMED and size.width > NARROW.width
    for place, mark in enumerate(marks):
        if mark.stop.kind != "depot" and not few:
            continue
        text = _short(mark.stop.name)
        for name, box in _tries(text, place, mark, size):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= size.width and box[3] <= height
            if inside and not any(_meet(box, other) for other in taken):
                taken.append(box)
                yield name
                break


def _tries(text: str, place: int, mark: Mark, size: Size) -> Iterator[tuple[Name, Box]]:
    long, tall = len(text) * LETTER * size.letters, size.letters
    x, y = mark.drawn
    gap = size.radius + 0.4 * tall
    middle = y + 0.35 * tall
    yield Name(text, (x + gap, middle), "start", place), (x + gap, y - tall / 2, x + gap + long, y + tall / 2)
    yield Name(text, (x - gap, middle), "end", place), (x - gap - long, y - tall / 2, x - gap, y + tall / 2)
    for base, top in ((y - gap, y - gap - tall), (y + gap + 0.8 * tall, y + gap - 0.2 * tall)):
        yield Name(text, (x, base), "middle", place), (x - long / 2, top, x + long / 2, top + 1.2 * tall)


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1].rstrip()}…"


def _box(spot: Spot, across: float, down: float) -> Box:
    return spot[0] - across, spot[1] - down, spot[0] + across, spot[1] + down


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _bar(points: Iterable[Point], frame: Frame, size: Size) -> tuple[str, float]:
    """A round length of at most a quarter of the width."""
    middle = [latitude for latitude, _ in points] or [0.0]
    km = frame.scale / EARTH_KM / max(0.05, math.cos(math.radians(sum(middle) / len(middle))))
    fits = size.width / 4 / km
    power = 10 ** math.floor(math.log10(fits))
    length = max(step * power for step in (1, 2, 5) if step * power <= fits)
    words = f"{length:g} km" if length >= 1 else f"{length * 1_000:g} m"
    return words, round(length * km, 1)
