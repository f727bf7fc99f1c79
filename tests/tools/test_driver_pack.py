"""What a driver takes along: the sheet, the links, the file for a satnav, the code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as Xml

import pytest
import zxingcpp
from PIL import Image

from connectors.chat.paper import comma_separated, pdf
from tests.deliveries import a_trip
from tests.web.shop import NOW, open_shop
from tools.kit import Attached, Links, Paper
from tools.kit.driver_files import GPX_SPACE, gpx
from tools.kit.driver_pack import driver_pack, route_links, stop_link
from tools.store import Catalogue, open_store

SPACE = f"{{{GPX_SPACE}}}"
# The children that GPX 1.1 allows here, in its order (topografix.com, gpx.xsd).
OF_POINT = [
    *("ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type", "fix"),
    "sat",
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    store = open_store(f"sqlite:///{tmp_path}/books.db", clock=lambda: NOW)
    open_shop(store, tmp_path / "shop")
    yield store.catalogue()
    store.close()


def places(address: str) -> list[str]:
    asked = parse_qs(urlsplit(address).query)
    return [*(one for one in asked.get("waypoints", [""])[0].split("|") if one), *asked["destination"]]


@pytest.mark.parametrize("stops", [1, 7, 8, 9, 25, 60])
def test_links_have_nine_places_at_most_and_all_of_them_in_order(stops: int) -> None:
    trip = a_trip(stops)
    parts = route_links(trip)
    found = [place for _, address in parts for place in places(address)]
    assert all(len(places(address)) <= 9 for _, address in parts)
    assert all(len(address) < 2_048 for _, address in parts)  # Google's limit of a URL
    assert len(found) == stops + 2  # what is collected first, and home again
    assert found[0] == "51.455600,-2.593300"
    assert found[-1] == "51.440800,-2.567800"
    if stops >= 3:
        assert found[3] == "3 Mill Road, Bristol"


def test_each_stop_has_its_link_by_place_or_address() -> None:
    trip = a_trip(3)
    assert "destination=51." in stop_link(trip.stops[0])
    assert "destination=3%20Mill%20Road,%20Bristol" in stop_link(trip.stops[2])
    assert stop_link(replace(trip.stops[2], address="")) == ""
    assert "travelmode=bicycling" in stop_link(trip.stops[0], "bicycling")


def test_a_running_trip_leads_to_what_is_left() -> None:
    trip = a_trip(4, status="out")
    begun = replace(trip, stops=(replace(trip.stops[0], status="delivered"), *trip.stops[1:]))
    ((label, address),) = route_links(begun)
    assert label == "Stops 2 to 4, Warehouse"
    assert len(places(address)) == 4


def test_the_pack_has_sheet_links_file_and_code(catalogue: Catalogue) -> None:
    sheet, way, single, file, code = driver_pack(a_trip(12), catalogue, "Blue van")
    assert isinstance(sheet, Paper)
    assert isinstance(way, Links)
    assert isinstance(single, Links)
    assert isinstance(file, Attached)
    assert isinstance(code, Attached)
    assert dict(sheet.head)["Vehicle"] == "Blue van"
    row = sheet.table.rows[1]
    assert row[0] == 2
    assert row[1] == "09:30\npromised 09:00–11:00"
    assert row[3] == "3 × Red Mug 350ml\n1.5 × GONE"
    assert row[4] == ""
    assert len(single.links) == 12
    assert sheet.codes == way.links
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(code.content)))
    assert read is not None
    assert read.text == way.links[0][1]


def test_the_sheet_prints(catalogue: Catalogue) -> None:
    sheet = driver_pack(a_trip(30), catalogue)[0]
    assert isinstance(sheet, Paper)
    assert pdf(sheet).startswith(b"%PDF")
    assert pdf(sheet) == pdf(sheet)
    assert comma_separated(sheet).decode().splitlines()[0].startswith("#,When,Where,Hand over")


def test_the_file_for_a_satnav_is_gpx_1_1() -> None:
    trip = a_trip(12)
    root = Xml.fromstring(gpx(trip, trip.stops))  # noqa: S314 - our own
    assert root.tag == f"{SPACE}gpx"
    assert root.attrib["version"] == "1.1"
    assert root.attrib["creator"]
    assert [child.tag.removeprefix(SPACE) for child in root] == ["metadata", *["wpt"] * 11, "rte"]
    points = [*root.iter(f"{SPACE}wpt"), *root.iter(f"{SPACE}rtept")]
    assert len(points) == 11 + 11 + 3
    for point in points:
        assert -90 <= float(point.attrib["lat"]) <= 90
        assert -180 <= float(point.attrib["lon"]) < 180
        names = [child.tag.removeprefix(SPACE) for child in point]
        assert names == sorted(names, key=OF_POINT.index)


def test_names_cannot_break_the_file() -> None:
    trip = a_trip(2)
    hostile = replace(trip.stops[0], name='</name>&<x a="1">\x00\x0b\ud800\ufffe ok', address="]]>")
    root = Xml.fromstring(gpx(trip, (hostile,)))  # noqa: S314 - our own
    names = [one.text for one in root.iter(f"{SPACE}name")]
    assert any(name and name.endswith('</name>&<x a="1"> ok') for name in names)


def test_a_trip_whose_places_nobody_knows_still_has_its_sheet(catalogue: Catalogue) -> None:
    trip = a_trip(2, status="planned")
    lost = replace(
        trip,
        stops=tuple(replace(stop, latitude=None, longitude=None, address="") for stop in trip.stops),
        route=(),
    )
    blocks = driver_pack(lost, catalogue)
    assert [type(block) for block in blocks] == [Paper, Attached]
