"""Travel times by road, from a file and from services that speak OSRM, Valhalla and openrouteservice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from typer.testing import CliRunner

from assistant.cli.main import Trouble, app
from assistant.roads import RoadMap
from connectors.feeds.travel import BLOCK, Service, TravelError
from tools.maths.routing.travel import CYCLING, DRIVING, straight_line
from tools.store import Store

PLACES = [(51.4 + number / 1000, -2.6 - number / 700) for number in range(7)]


class Roads(ThreadingHTTPServer):
    """A service that knows every way: (number of the place in degrees) x 1000, and who asked how."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, int]] = []
        self.keys: list[str | None] = []
        self.answer: bytes | None = None
        self.status = 200
        self.unreachable: tuple[float, float] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Roads

    def log_message(self, *_args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        """OSRM's table."""
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query)
        assert parts.path.startswith("/table/v1/")
        profile, where = parts.path.removeprefix("/table/v1/").split("/")
        points = [tuple(map(float, one.split(","))) for one in where.split(";")]
        places = [(latitude, longitude) for longitude, latitude in points]
        numbers = [[int(one) for one in asked[name][0].split(";")] for name in ("sources", "destinations")]
        times, metres = self._tables([places[one] for one in numbers[0]], [places[one] for one in numbers[1]])
        self._say(profile, {"code": "Ok", "durations": times, "distances": metres}, len(points))

    def do_POST(self) -> None:
        """Valhalla's and openrouteservice's matrix."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/sources_to_targets":
            rows, columns = (
                [(one["lat"], one["lon"]) for one in body[name]] for name in ("sources", "targets")
            )
            times, metres = self._tables(rows, columns)
            said = [
                [
                    {"time": time, "distance": None if far is None else far / 1000}
                    for time, far in zip(row, lengths, strict=True)
                ]
                for row, lengths in zip(times, metres, strict=True)
            ]
            return self._say(body["costing"], {"sources_to_targets": said}, len(rows) + len(columns))
        places = [(latitude, longitude) for longitude, latitude in body["locations"]]
        times, metres = self._tables(
            [places[one] for one in body["sources"]], [places[one] for one in body["destinations"]]
        )
        profile = self.path.removeprefix("/v2/matrix/")
        return self._say(profile, {"durations": times, "distances": metres}, len(places))

    def _tables(self, rows: list, columns: list) -> tuple[list, list]:
        far = [[self._far(one, other) for other in columns] for one in rows]
        return [[None if one is None else one / 10 for one in row] for row in far], far

    def _far(self, one: tuple[float, float], other: tuple[float, float]) -> float | None:
        if self.server.unreachable in (one, other):
            return None
        return round(2e5 * (abs(one[0] - other[0]) + abs(one[1] - other[1])), 1)

    def _say(self, profile: str, said: object, places: int) -> None:
        self.server.asked.append((profile, places))
        self.server.keys.append(self.headers.get("Authorization"))
        body = json.dumps(said).encode() if self.server.answer is None else self.server.answer
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def roads() -> Iterator[Roads]:
    server = Roads()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("kind", ["osrm", "valhalla", "ors"])
def test_each_service_is_asked_once_and_then_the_books_know(store: Store, roads: Roads, kind: str):
    chain = RoadMap(store, Service(kind, roads.url, "secret"))
    travel = chain(PLACES, DRIVING)
    assert not travel.estimate
    assert travel.source == Service(kind, roads.url).name
    expected = [[2e5 * (abs(one[0] - two[0]) + abs(one[1] - two[1])) for two in PLACES] for one in PLACES]
    assert np.abs(travel.matrix.distances - np.array(expected)).max() <= 3
    assert np.abs(travel.matrix.durations - np.array(expected) / 10).max() <= 1
    assert len(roads.asked) == 1
    assert roads.keys == ["secret"]
    assert (chain(PLACES[2:5], DRIVING).matrix.durations == travel.matrix.durations[2:5, 2:5]).all()
    assert len(roads.asked) == 1
    chain(PLACES, CYCLING)
    assert len({profile for profile, _ in roads.asked}) == 2


@pytest.mark.parametrize("kind", ["osrm", "valhalla", "ors"])
def test_many_places_are_asked_for_in_blocks_that_the_service_takes(store: Store, roads: Roads, kind: str):
    places = [(51.0 + number / 1000, -2.0) for number in range(BLOCK[kind] + 11)]
    found = [leg for block in Service(kind, roads.url).legs(places, DRIVING, seconds=20) for leg in block]
    assert len(found) == len(places) ** 2
    assert len(roads.asked) == 4
    assert max(places for _, places in roads.asked) <= 100


@pytest.mark.parametrize("kind", ["osrm", "valhalla", "ors"])
def test_a_place_without_a_road_is_an_estimate_and_said_to_be_one(store: Store, roads: Roads, kind: str):
    roads.unreachable = PLACES[0]
    travel = RoadMap(store, Service(kind, roads.url))(PLACES, DRIVING)
    assert travel.estimate
    assert travel.source.endswith("straight line for 12 of 42 ways")


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, b"{}"),
        (200, b"no json"),
        (200, b"[1, 2]"),
        (
            200,
            b'{"durations": [[1]], "distances": [[1]], "sources_to_targets": [[{"time": 1, "distance": 1}]]}',
        ),
        (200, b'{"durations": 5, "distances": 7, "sources_to_targets": 9}'),
        (200, b'{"sources_to_targets": [[1, 2], [3, 4]]}'),
    ],
)
@pytest.mark.parametrize("kind", ["osrm", "valhalla", "ors"])
def test_a_service_that_talks_nonsense_leaves_an_estimate(
    store: Store, roads: Roads, kind: str, status: int, answer: bytes
):
    roads.status, roads.answer = status, answer
    with pytest.raises(TravelError) as told:
        list(Service(kind, roads.url, "a-secret").legs(PLACES, DRIVING, seconds=5))
    assert "a-secret" not in str(told.value)
    travel = RoadMap(store, Service(kind, roads.url))(PLACES, DRIVING)
    assert travel.estimate
    assert travel.source == "straight line"
    assert (travel.matrix.durations == straight_line(PLACES).matrix.durations).all()
    assert store.travel.sources() == []


def test_a_service_that_is_silent_is_not_asked_again_at_once(store: Store, roads: Roads):
    roads.status = 503
    chain = RoadMap(store, Service("osrm", roads.url))
    assert chain(PLACES, DRIVING).estimate
    assert chain(PLACES, DRIVING).estimate
    assert len(roads.asked) == 1


def test_wild_numbers_of_a_service_are_not_kept(store: Store, roads: Roads):
    roads.answer = json.dumps({"durations": [[0, -5], [1e300, 0]], "distances": [[0, 5], [5, 0]]}).encode()
    travel = RoadMap(store, Service("osrm", roads.url))(PLACES[:2], DRIVING)
    assert (travel.matrix.durations == straight_line(PLACES[:2]).matrix.durations).all()


def test_a_matrix_file_is_loaded_listed_and_dropped(sqlite_url: str, tmp_path):
    file = tmp_path / "ways.csv"
    file.write_text('from,to,minutes,km\n"51.4,-2.6","51.5,-2.6",20,12.5\n"51.5,-2.6","51.4,-2.6",25,13\n')
    run = CliRunner().invoke(app, ["travel", str(file), "--shop-db", sqlite_url])
    assert run.output == "driving: 2 ways kept.\n"
    listed = CliRunner().invoke(app, ["travel", "--shop-db", sqlite_url]).output
    assert listed.startswith("matrix file, driving: 2 ways, the newest of ")
    assert CliRunner().invoke(app, ["travel", "--drop", "matrix file", "--shop-db", sqlite_url]).output == (
        "Dropped 2 ways of matrix file.\n"
    )
    assert "straight lines" in CliRunner().invoke(app, ["travel", "--shop-db", sqlite_url]).output


def test_the_ways_of_a_file_are_what_plans_use(store: Store):
    from tools.store.travel import TravelLeg

    store.travel.keep([TravelLeg(PLACES[0], PLACES[1], 600, 9000)], DRIVING, "matrix file", at=store.clock())
    store.travel.keep([TravelLeg(PLACES[0], PLACES[1], 660, 9100)], DRIVING, "matrix file", at=store.clock())
    travel = RoadMap(store, None)(PLACES[:2], DRIVING)
    assert travel.matrix.durations[0, 1] == 660
    assert travel.matrix.distances[0, 1] == 9100
    assert travel.source == "matrix file, straight line for 1 of 2 ways"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("from,to,seconds\nA,B,5\n", "a column metres or km"),
        ('from,to,seconds,metres\nNOWHERE,"51.4,-2.6",5,5\n', "coordinates are known"),
        ('from,to,seconds,metres\n"91,0","51.4,-2.6",5,5\n', "coordinates are known"),
        ('from,to,seconds,metres\n"51,0","51.4,-2.6",-5,5\n', "a number from 0"),
        ('from,to,seconds,metres\n"51,0","51.4,-2.6",,5\n', "a number"),
        ('from,to,seconds,metres,profile\n"51,0","51.4,-2.6",5,5,flying\n', "one of driving, cycling"),
    ],
)
def test_a_bad_matrix_file_gets_one_clear_line_and_keeps_nothing(
    sqlite_url: str, tmp_path, text: str, says: str
):
    file = tmp_path / "ways.csv"
    file.write_text(text)
    run = CliRunner().invoke(app, ["travel", str(file), "--shop-db", sqlite_url])
    assert isinstance(run.exception, Trouble)
    assert says in str(run.exception)
    assert "No travel times" in CliRunner().invoke(app, ["travel", "--shop-db", sqlite_url]).output
