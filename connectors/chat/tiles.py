"""A map service's pictures under the routes, where the shop has named one; without one nobody is asked.

Tiles are fetched by this process, kept on its disk and handed on, so that no reader's browser meets the
service.  It learns which part of the world is looked at, never who lives there.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from connectors.chat.routes_layout import Layout

if TYPE_CHECKING:
    import httpx

log = structlog.get_logger(__name__)

DEEPEST = 19
# A tile is drawn at most this wide, in the map's units: finer than needed, for who comes closer.
WIDEST = 200.0
MOST_TILES = 64
MOST_BYTES = 512 * 1024
KEPT_SECONDS = 30 * 86_400
PATIENCE, TOGETHER = 3.0, 4
KINDS: Final = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
AGENT = "Quartermaster (a shop's own map of its deliveries)"


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the world: its numbers, and where it is drawn."""

    zoom: int
    x: int
    y: int
    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True)
class Tiles:
    """A map service: its address with {z}, {x} and {y} in it, whom to thank, and where tiles are kept."""

    template: str
    credit: str
    folder: Path

    def get(self, zoom: int, x: int, y: int) -> bytes | None:
        """One tile's picture; None for a square that is none, or that the service does not give now."""
        if not (0 <= zoom <= DEEPEST and 0 <= x < 2**zoom and 0 <= y < 2**zoom):
            return None
        path = self.folder / f"{zoom}-{x}-{y}"
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime < KEPT_SECONDS:
                return path.read_bytes()
        picture = _fetched(self.template.format(z=zoom, x=x, y=y))
        if picture is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{time.monotonic_ns()}")
            part.write_bytes(picture)
            part.replace(path)
        return picture

    def under(self, laid: Layout) -> list[tuple[Tile, bytes]]:
        """The tiles under a map with their pictures, as many as come in time."""
        wanted = list(tiles_under(laid))
        pool = ThreadPoolExecutor(TOGETHER)
        asked = {pool.submit(self.get, one.zoom, one.x, one.y): one for one in wanted}
        done, _ = wait(asked, timeout=PATIENCE)
        pool.shutdown(wait=False, cancel_futures=True)
        return [(asked[each], picture) for each in done if (picture := each.result()) is not None]


_in_use: list[Tiles] = []


def use(tiles: Tiles | None) -> None:
    """From now on this service lies under every map; None: nothing does."""
    _in_use[:] = [tiles] if tiles else []


def in_use() -> Tiles | None:
    """The service that lies under maps, if any."""
    return _in_use[0] if _in_use else None


def tiles_under(laid: Layout) -> Iterator[Tile]:
    """The squares that a map covers, as fine as so many make it."""
    frame = laid.frame
    finest = max(0, min(DEEPEST, math.ceil(math.log2(frame.scale / WIDEST))))
    zoom = next(zoom for zoom in range(finest, -1, -1) if zoom == 0 or _count(laid, zoom) <= MOST_TILES)
    side = frame.scale / 2**zoom
    columns, rows = _squares(laid, zoom)
    for x in columns:
        for y in rows:
            left, top = x * side - frame.left * frame.scale, y * side - frame.top * frame.scale
            yield Tile(zoom, x, y, round(left, 2), round(top, 2), round(side, 2))


def _count(laid: Layout, zoom: int) -> int:
    columns, rows = _squares(laid, zoom)
    return len(columns) * len(rows)


def _squares(laid: Layout, zoom: int) -> tuple[range, range]:
    """The numbers of the squares, from west to east and from north to south."""
    frame, count = laid.frame, 2**zoom
    ends = frame.left + laid.size.width / frame.scale, frame.top + laid.height / frame.scale
    columns = range(_place(frame.left, count), _place(ends[0], count) + 1)
    return columns, range(_place(frame.top, count), _place(ends[1], count) + 1)


def kind_of(picture: bytes) -> str:
    """A picture's media type by its first bytes; "" for what is none that we show."""
    return next((kind for start, kind in KINDS.items() if picture.startswith(start)), "")


def _place(share: float, count: int) -> int:
    return max(0, min(count - 1, math.floor(share * count)))


@cache
def _client() -> httpx.Client:
    """One for all tiles: its connections stay open."""
    import httpx

    return httpx.Client(headers={"user-agent": AGENT}, timeout=PATIENCE, follow_redirects=False)


def _fetched(address: str) -> bytes | None:
    import httpx

    try:
        answer = _client().get(address)
    except httpx.HTTPError as error:
        log.info("map_tile_not_fetched", why=type(error).__name__)
        return None
    fits = answer.status_code == 200 and len(answer.content) <= MOST_BYTES and kind_of(answer.content)
    return answer.content if fits else None
