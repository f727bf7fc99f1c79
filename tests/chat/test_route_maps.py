"""A map of routes in every channel: nothing covers anything, everybody can tell the routes apart."""

from __future__ import annotations

import io
import itertools
import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.codec import answer_from_json, answer_to_json
from connectors.chat import routes_picture, routes_words, terminal, web
from connectors.chat.message import Answer
from connectors.chat.routes_layout import NARROW, WIDE, Size, laid_out
from connectors.chat.slack import blocks
from connectors.chat.telegram import drawing
from connectors.chat.web.pages import templates
from tests.deliveries import a_map
from tools.kit import Attached, Links, MapRoute, MapStop, Reply, RouteMap, Table

LINKS = Links((("Stop <1>", "https://www.google.com/maps/dir/?api=1&destination=1,2|3"),), "On the way")
FILE = Attached("Route for a satnav", "T-1001.gpx", "application/gpx+xml", b"<gpx/>")


def said(*shown: object) -> Answer:
    return Answer("c", (Reply("The day.", blocks=tuple(shown)),))  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [WIDE, NARROW, routes_picture.SIZE])
@pytest.mark.parametrize("spread", [0.02, 0.004])
def test_sixty_stops_do_not_cover_each_other(size: Size, spread: float) -> None:
    laid = laid_out(a_map(60, 5, spread), size)
    spots = [mark.drawn for mark in laid.marks]
    nearest = min(math.dist(one, other) for one, other in itertools.combinations(spots, 2))
    assert nearest >= 1.8 * size.radius
    assert all(0 < x < size.width and 0 < y < laid.height for x, y in spots)


def test_stops_of_one_house_stand_beside_each_other() -> None:
    house = tuple(MapStop(51.5, -2.5, f"Flat {number}", number) for number in range(1, 8))
    laid = laid_out(RouteMap("One house", (MapRoute("Van", house),)))
    spots = [mark.drawn for mark in laid.marks]
    assert min(math.dist(one, other) for one, other in itertools.combinations(spots, 2)) > 2 * WIDE.radius


def test_names_cover_neither_marks_nor_names() -> None:
    laid = laid_out(a_map(12, 3))
    assert len(laid.names) >= 8
    boxes = []
    for name in laid.names:
        wide = 0.56 * len(name.text) * WIDE.letters
        left = name.at[0] - {"start": 0, "middle": wide / 2, "end": wide}[name.anchor]
        boxes.append((left, name.at[1] - WIDE.letters, left + wide, name.at[1]))
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_an_empty_map_and_one_place_are_drawn_too() -> None:
    for shown in (RouteMap("Nothing", ()), RouteMap("One", (MapRoute("Van", (MapStop(0, 179.9, "x"),)),))):
        assert routes_picture.draw(shown).startswith(b"\x89PNG")


def test_the_same_map_is_the_same_picture_and_fits_a_phone() -> None:
    shown = a_map()
    picture = routes_picture.draw(shown)
    assert picture == routes_picture.draw(shown)
    wide, tall = Image.open(io.BytesIO(picture)).size
    assert wide == 1080
    assert tall < 2 * wide


# Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB.
BLINDNESS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))) @ rgb
    scaled = np.clip(xyz, 0, None) / (0.9505, 1.0, 1.089)
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array((116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])))


STYLES = (Path(web.__file__).parent / "static" / "maps.css").read_text(encoding="utf-8")
LIGHT, DARK = (re.findall(r"--way-\d: (#\w{6})", part) for part in STYLES.split("@media", 1))


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("colours", [routes_words.COLOURS, LIGHT, DARK[:6]])
def test_the_colours_of_routes_are_told_apart_by_everybody(colours: Sequence[str], blindness: str) -> None:
    seen = [lab(np.array(BLINDNESS[blindness]) @ linear(colour)) for colour in colours]
    apart = [float(np.linalg.norm(one - other)) for one, other in itertools.combinations(seen, 2)]
    assert len(seen) == len(set(routes_words.DASHES)) == 6
    assert min(apart) > 25  # 2.3 is what an eye just notices (Mahy 1994)


def test_numbers_are_read_on_every_colour() -> None:
    for colour in (*routes_words.COLOURS, routes_words.LOOSE, *LIGHT):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5
    for colour in DARK[:6]:
        assert (luminance(colour) + 0.05) / (luminance("#11181a") + 0.05) >= 4.5


def luminance(colour: str) -> float:
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def test_a_map_survives_being_stored_with_links_and_files() -> None:
    answer = said(a_map(), LINKS, FILE)
    assert answer_from_json(answer_to_json(answer)) == answer


def test_the_terminal_lists_the_stops() -> None:
    text = terminal.draw(said(a_map(6, 2), LINKS, FILE))
    assert "Van 1" in text
    assert "5501 Mr Ashworth" in text
    assert "not delivered" in text
    assert "Stop <1>: https://www.google.com/maps/" in text
    assert "T-1001.gpx" in text
    assert "No vehicle" in text


def test_the_terminal_lists_the_stops_once() -> None:
    shown = a_map(6, 2)
    tables = [
        Table(("", "Stop"), ((1, "Mr Ashworth"),), f"{route.name} 9:00–13:00") for route in shown.routes
    ]
    text = terminal.draw(said(shown, *tables))
    assert text.count("Mr Ashworth") == len(tables)
    assert f"{shown.title}: drawn as a map in the web chat." in text


def test_slack_gets_a_picture_with_words_links_and_the_file() -> None:
    drawn = blocks.draw(said(a_map(6, 2), LINKS, FILE))
    picture, file = drawn.files
    assert picture.name.endswith(".png")
    assert "Van 1: 3 stops, 09:00 to 13:00, 1 delivered, 1 not delivered" in picture.words
    assert picture.make().startswith(b"\x89PNG")
    assert (file.name, file.make()) == ("T-1001.gpx", b"<gpx/>")
    link = "<https://www.google.com/maps/dir/?api=1&amp;destination=1,2%7C3|Stop &lt;1&gt;>"
    assert link in drawn.posts[0].blocks[-1]["text"]["text"]


def test_many_links_fit_slacks_sections() -> None:
    many = Links(tuple((f"{n}. Somebody", f"https://www.google.com/maps/{'x' * 90}{n}") for n in range(80)))
    drawn = blocks.draw(said(many))
    texts = [one["text"]["text"] for post in drawn.posts for one in post.blocks]
    assert all(len(text) <= 3_000 for text in texts)
    assert sum(text.count("|") for text in texts) == 80


def test_telegram_gets_a_photo_links_and_the_file() -> None:
    drawn = drawing.draw(said(a_map(6, 2), LINKS, FILE))
    assert (
        '<a href="https://www.google.com/maps/dir/?api=1&amp;destination=1,2|3">Stop &lt;1&gt;</a>'
        in drawn.pages[0].html
    )
    shown, file = drawn.extras
    assert isinstance(shown, RouteMap)
    assert (drawing.as_picture(shown) or b"").startswith(b"\x89PNG")
    assert drawing.as_picture(file) is None
    assert isinstance(file, Attached)
    assert [one.name for one in drawing.documents(file)] == ["T-1001.gpx"]


def test_many_links_fit_telegrams_messages() -> None:
    many = Links(tuple((f"{n}. Somebody", f"https://www.google.com/maps/{'x' * 90}{n}") for n in range(80)))
    drawn = drawing.draw(said(many))
    assert len(drawn.pages) > 1
    assert all(len(page.plain) <= 4_096 for page in drawn.pages)
    assert sum(page.html.count("</a>") for page in drawn.pages) == 80


def test_only_https_is_a_link() -> None:
    with pytest.raises(ValueError, match="javascript"):
        Links((("x", "javascript:alert(1)"),))


def test_the_page_draws_it_with_words_and_escapes_names() -> None:
    page = templates().from_string('{% from "parts/map.html" import map_block %}{{ map_block(shown) }}')
    html = page.render(shown=a_map(12, 2))
    assert html.count("<svg class=") >= 2
    assert "Map of Deliveries of Monday. Van 1: 6 stops" in html
    assert "&lt;b&gt;" in html
    assert '<b>"O' not in html
