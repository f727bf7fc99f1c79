"""A map of routes as a PNG, for chats that show pictures; the same map gives the same bytes."""

from __future__ import annotations

import contextlib
import io
import math
import threading
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from connectors.chat import routes_words as say
from connectors.chat import tiles
from connectors.chat.drawing import FAINT, INK, PAPER
from connectors.chat.routes_layout import Layout, Leg, Mark, Name, Size, laid_out
from tools.kit import RouteMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOTS = 150
UNITS = 100  # of the map to an inch
SIZE = Size(720, 11.5, 11.5, 1.05)
LAND = "#f2efe6"
BAD = "#a12c20"
POINTS = 72 / UNITS
KEY_LINE = 22
# Text measurement in matplotlib keeps shared caches.
_ONE_AT_A_TIME = threading.Lock()


def draw(shown: RouteMap) -> bytes:
    """The map with its key as PNG bytes, 1,080 dots wide."""
    from matplotlib.figure import Figure

    laid = laid_out(shown, SIZE)
    service = tiles.in_use()
    below = service.under(laid) if service else []
    credit = service.credit if service and below else ""
    lines = len(shown.routes) + sum(map(bool, (shown.loose, shown.note, credit)))
    head, foot = 34.0, 14.0 + KEY_LINE * lines
    tall = head + laid.height + foot
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font lacks is drawn as a box
        figure = Figure(figsize=(SIZE.width / UNITS, tall / UNITS), dpi=DOTS, facecolor=PAPER)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        _title(axes, shown.title)
        _ground(axes, laid)
        _tiles(axes, laid, below)
        axes.set(xlim=(0, SIZE.width), ylim=(laid.height + foot, -head))
        _roads(axes, laid)
        _marks(axes, laid)
        _key(axes, shown, laid, credit)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _text(axes: Axes, spot: tuple[float, float], text: str, size: float, **kept: Any) -> None:
    axes.text(*spot, text, fontsize=size * POINTS, parse_math=False, **{"color": INK, **kept})


def _title(axes: Axes, title: str) -> None:
    _text(axes, (16, -12), title, 17, fontweight="bold")


def _ground(axes: Axes, laid: Layout) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((0, 0), laid.size.width, laid.height, facecolor=LAND, edgecolor=FAINT, zorder=0))
    words, long = laid.bar
    x, y = 16.0, laid.height - 14
    axes.plot((x, x, x + long, x + long), (y - 5, y, y, y - 5), color=INK, linewidth=1.2, zorder=5)
    _text(axes, (x + long + 6, y), words, 10.5, zorder=5)


def _tiles(axes: Axes, laid: Layout, below: Sequence[tuple[tiles.Tile, bytes]]) -> None:
    from matplotlib.patches import Rectangle
    from PIL import Image, UnidentifiedImageError

    edge = Rectangle((0, 0), laid.size.width, laid.height, transform=axes.transData)
    for tile, content in below:
        with contextlib.suppress(UnidentifiedImageError, OSError):
            picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
            right, bottom = tile.left + tile.side, tile.top + tile.side
            drawn = axes.imshow(picture, extent=(tile.left, right, bottom, tile.top), zorder=0.5, alpha=0.75)
            drawn.set_clip_path(edge)
    axes.set_aspect("auto")


def _roads(axes: Axes, laid: Layout) -> None:
    for leg in laid.legs:
        xs, ys = zip(*leg.points, strict=True)
        axes.plot(xs, ys, color=LAND, linewidth=4.2, zorder=1, solid_capstyle="round")
        drawn = {**_line(leg.route), "alpha": _strength(leg)}
        axes.plot(xs, ys, linewidth=1.9, zorder=2, **drawn)
        if leg.arrow is not None:
            _arrow(axes, leg)


def _strength(leg: Leg) -> float:
    return 0.4 if leg.behind else 1.0


def _arrow(axes: Axes, leg: Leg) -> None:
    x, y, degrees = leg.arrow or (0.0, 0.0, 0.0)
    turn = math.radians(degrees)
    corners = [
        (x + 8 * math.cos(turn + bend) * far, y + 8 * math.sin(turn + bend) * far)
        for bend, far in ((0, 1), (2.5, 0.9), (math.pi, 0.35), (-2.5, 0.9))
    ]
    axes.fill(
        *zip(*corners, strict=True), color=_colour(leg.route), zorder=3, alpha=_strength(leg), linewidth=0
    )


def _marks(axes: Axes, laid: Layout) -> None:
    for mark in laid.marks:
        if math.hypot(*mark.moved) > 0.6 * laid.size.radius:
            xs, ys = zip(mark.at, mark.drawn, strict=True)
            axes.plot(xs, ys, color=INK, linewidth=0.8, zorder=3)
            axes.plot(*mark.at, "o", color=_colour(mark.route), markersize=3.2, zorder=4)
    for mark in laid.marks:
        _mark(axes, mark, laid.size)
    for name in laid.names:
        _name(axes, name, laid.size)


def _mark(axes: Axes, mark: Mark, size: Size) -> None:
    colour, stop = _colour(mark.route), mark.stop
    over = stop.standing in ("done", "failed", "skipped")
    fill, ink = (PAPER, colour) if over or mark.route < 0 else (colour, "#ffffff")
    if stop.kind == "depot":
        fill, colour, ink = INK, INK, "#ffffff"
    shape = {"stop": "o", "depot": "s", "collect": "D"}[stop.kind]
    wide = 2 * size.radius * POINTS * (0.82 if shape == "D" else 1)
    edge = colour if over or mark.route < 0 else PAPER
    axes.plot(
        *mark.drawn, shape, markersize=wide, color=fill, markeredgecolor=edge, markeredgewidth=1.4, zorder=6
    )
    letters = {"depot": "⌂", "collect": "+"}.get(stop.kind, str(stop.number) if stop.number else "?")
    grown = 1.35 if stop.kind == "depot" else 1.0
    _text(
        axes, mark.drawn, letters, size.letters * grown, color=ink, ha="center", va="center_baseline",
        fontweight="bold", zorder=7,
    )  # fmt: skip
    sign, sign_colour = _sign(mark)
    if sign:
        x, y = mark.drawn[0] + 0.75 * size.radius, mark.drawn[1] - 0.75 * size.radius
        axes.plot(
            x, y, "o", markersize=9.5 * POINTS * 1.25, color=sign_colour, markeredgecolor=PAPER, zorder=8
        )
        _text(axes, (x, y), sign, 8.5, color="#ffffff", ha="center", va="center", fontweight="bold", zorder=9)


def _sign(mark: Mark) -> tuple[str, str]:
    """A mark's small sign: what became of the stop does not hang on colour."""
    done = {"done": ("✓", INK), "failed": ("✗", BAD), "skipped": ("–", INK)}.get(mark.stop.standing)
    return done or (("!", BAD) if mark.stop.late else ("", ""))


def _name(axes: Axes, name: Name, size: Size) -> None:
    from matplotlib.patheffects import withStroke

    align = {"start": "left", "end": "right", "middle": "center"}[name.anchor]
    halo = [withStroke(linewidth=2.5, foreground=LAND)]
    _text(axes, name.at, name.text, size.letters, ha=align, va="baseline", zorder=10, path_effects=halo)


def _key(axes: Axes, shown: RouteMap, laid: Layout, credit: str) -> None:
    y = laid.height + 20.0
    for number, route in enumerate(shown.routes):
        axes.plot((16, 50), (y - 4, y - 4), linewidth=2.4, **_line(number))
        _text(axes, (60, y), say.route_words(route), 12.5)
        y += KEY_LINE
    rest: Sequence[str] = (_loose(shown), shown.note, credit)
    for line in filter(None, rest):
        _text(axes, (16, y), line, 12.5)
        y += KEY_LINE


def _loose(shown: RouteMap) -> str:
    return f"? = {say.NO_VAN.lower()} goes there ({len(shown.loose)})" if shown.loose else ""


def _line(route: int) -> dict[str, Any]:
    dashes = say.DASHES[say.look(route)] if route >= 0 else ()
    return {"color": _colour(route), "linestyle": (0, dashes) if dashes else "-"}


def _colour(route: int) -> str:
    return say.LOOSE if route < 0 else say.COLOURS[say.look(route)]
