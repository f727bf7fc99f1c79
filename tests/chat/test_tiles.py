"""A map service under the routes: only where it is named, fetched by us, kept, and done without when it fails."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from PIL import Image
from pydantic import ValidationError

from assistant.settings import Settings
from connectors.chat import routes_picture, tiles
from connectors.chat.routes_layout import NARROW, WIDE, laid_out
from connectors.chat.web.pages import templates
from tests.deliveries import a_map

GREEN = (90, 160, 90)


class Service(ThreadingHTTPServer):
    """A map service of one colour; ``answers`` is what it says to everything."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        out = io.BytesIO()
        Image.new("RGB", (256, 256), GREEN).save(out, "PNG")
        self.answers = (200, out.getvalue())
        self.asked: list[str] = []

    @property
    def template(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{{z}}/{{x}}/{{y}}.png"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, content = self.server.answers
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A map service that is in use."""
    with Service() as opened:
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        tiles.use(tiles.Tiles(opened.template, "© the mapmakers", tmp_path / "tiles"))
        yield opened
        tiles.use(None)
        opened.shutdown()


def green(picture: bytes) -> int:
    """How many dots are rather green."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").resize((108, 140))
    return sum(g > r + 20 and g > b + 20 for r, g, b in image.get_flattened_data())


def test_nothing_lies_under_a_map_by_itself() -> None:
    assert tiles.in_use() is None
    assert green(routes_picture.draw(a_map(6, 1))) < 400
    page = templates().from_string('{% from "parts/map.html" import map_block %}{{ map_block(shown) }}')
    assert "/tiles/" not in page.render(shown=a_map())


def test_tiles_lie_under_the_picture_and_are_fetched_once(service: Service) -> None:
    assert green(routes_picture.draw(a_map(6, 1))) > 5_000
    asked = list(service.asked)
    assert len(asked) == len(set(asked)) <= tiles.MOST_TILES
    routes_picture.draw(a_map(6, 1))
    assert service.asked == asked


@pytest.mark.parametrize("size", [WIDE, NARROW, routes_picture.SIZE])
def test_tiles_cover_the_whole_map(size: object) -> None:
    laid = laid_out(a_map(), size)  # type: ignore[arg-type]
    under = list(tiles.tiles_under(laid))
    assert min(one.left for one in under) <= 0
    assert min(one.top for one in under) <= 0
    assert max(one.left + one.side for one in under) >= laid.size.width - 0.1
    assert max(one.top + one.side for one in under) >= laid.height - 0.1
    depot = next(mark for mark in laid.marks if mark.stop.kind == "depot")
    x, y = 2 ** under[0].zoom * (depot.stop.longitude + 180) / 360, depot.at[1]
    there = next(one for one in under if one.x == int(x) and one.top <= y < one.top + one.side)
    assert there.left <= depot.at[0] <= there.left + there.side


@pytest.mark.parametrize(
    "answers", [(500, b"x"), (302, b""), (200, b"<svg/>"), (200, b"\x89PNG" + b"x" * 2**20)]
)
def test_a_service_that_fails_leaves_the_plain_map(service: Service, answers: tuple[int, bytes]) -> None:
    service.answers = answers
    assert routes_picture.draw(a_map(6, 1)).startswith(b"\x89PNG")
    found = tiles.in_use()
    assert found is not None
    assert found.get(3, 1, 1) is None


async def test_readers_get_tiles_from_us(service: Service, client: httpx.AsyncClient) -> None:
    answer = await client.get("/tiles/5/16/10")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert service.asked == ["/5/16/10.png"]
    for wrong in ("/tiles/5/32/10", "/tiles/40/1/1", "/tiles/5/-1/0"):
        assert (await client.get(wrong)).status_code == 404
    assert (await client.get("/tiles/5/x/0")).status_code == 422
    page = templates().from_string('{% from "parts/map.html" import map_block %}{{ map_block(shown) }}')
    html = page.render(shown=a_map())
    assert 'href="/tiles/' in html
    assert "© the mapmakers" in html
    assert "127.0.0.1" not in html


def test_an_address_without_its_places_is_refused() -> None:
    assert Settings(map_tiles="http://maps.local/{z}/{x}/{y}.png").map_tiles
    for wrong in (
        "http://maps.local/",
        "file:///etc/{z}{x}{y}",
        "http://m/{z}/{x}/{y}/{other}",
        "{z}/{x}/{y}",
    ):
        with pytest.raises(ValidationError):
            Settings(map_tiles=wrong)
