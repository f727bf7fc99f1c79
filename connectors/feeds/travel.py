"""Travel times by road from a service that speaks OSRM's, Valhalla's or openrouteservice's language.

Services bound how many places or ways one request may have, so a matrix is asked for block by block.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tools.maths.routing.travel import CYCLING, DRIVING
from tools.store.travel import Point, TravelLeg

if TYPE_CHECKING:
    import httpx

Kind = Literal["osrm", "valhalla", "ors"]
BLOCK: Mapping[Kind, int] = {"osrm": 50, "valhalla": 50, "ors": 50}
"""Places on each side of one request: OSRM takes 100 places in all, Valhalla 2,500 ways, ORS 3,500."""
PROFILES: Mapping[Kind, Mapping[str, str]] = {
    "osrm": {DRIVING: "driving", CYCLING: "cycling"},
    "valhalla": {DRIVING: "auto", CYCLING: "bicycle"},
    "ors": {DRIVING: "driving-car", CYCLING: "cycling-regular"},
}
NAMES: Mapping[Kind, str] = {"osrm": "OSRM", "valhalla": "Valhalla", "ors": "openrouteservice"}
LARGEST_ANSWER = 20_000_000
LONGEST_WAY = 10_000_000.0
"""Seconds or metres of a way that can be believed."""

Times = Sequence[Sequence[float | None]]


class TravelError(Exception):
    """The service did not answer as it should; one line that says how."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where the roads are known.  ``key`` is a secret: it goes into a header and into no message."""

    kind: Kind
    url: str
    key: str = ""

    @property
    def name(self) -> str:
        """What people know it by."""
        return f"roads by {NAMES[self.kind]}"

    def legs(self, places: Sequence[Point], profile: str, *, seconds: float) -> Iterator[list[TravelLeg]]:
        """The ways between all places that can be driven at all, request by request of ``seconds`` at most.

        Raises:
            TravelError: it did not answer, or not as it should.
        """
        import httpx

        headers = {"Authorization": self.key} if self.key else {}
        try:
            with httpx.Client(timeout=seconds, headers=headers) as client:
                for rows, columns in _blocks(len(places), BLOCK[self.kind]):
                    asked = _Asked([places[one] for one in rows], [places[one] for one in columns], profile)
                    yield self._block(client, asked)
        except httpx.HTTPError as error:
            raise TravelError(f"{self.name}: no answer ({type(error).__name__})") from error

    def _block(self, client: httpx.Client, asked: _Asked) -> list[TravelLeg]:
        ask = {"osrm": _osrm, "valhalla": _valhalla, "ors": _ors}[self.kind]
        try:
            return _legs(asked, *ask(self, client, asked))
        except (AttributeError, LookupError, TypeError) as error:
            raise TravelError(f"{self.name}: what came back is no table of ways") from error


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request: from each of some places to each of others."""

    origins: Sequence[Point]
    destinations: Sequence[Point]
    profile: str

    @property
    def places(self) -> list[Point]:
        return [*self.origins, *self.destinations]

    @property
    def numbers(self) -> tuple[list[int], list[int]]:
        """The origins and the destinations by their numbers in :attr:`places`."""
        split = len(self.origins)
        return list(range(split)), list(range(split, len(self.places)))


def _blocks(count: int, size: int) -> Iterator[tuple[range, range]]:
    for row in range(0, count, size):
        for column in range(0, count, size):
            yield range(row, min(row + size, count)), range(column, min(column + size, count))


def _osrm(service: Service, client: httpx.Client, asked: _Asked) -> tuple[Times, Times]:
    where = ";".join(f"{longitude:.5f},{latitude:.5f}" for latitude, longitude in asked.places)
    first, second = (";".join(map(str, numbers)) for numbers in asked.numbers)
    said = _json(
        service,
        client.get(
            f"{service.url.rstrip('/')}/table/v1/{PROFILES['osrm'][asked.profile]}/{where}",
            params={"annotations": "duration,distance", "sources": first, "destinations": second},
        ),
    )
    return said.get("durations") or [], said.get("distances") or []


def _valhalla(service: Service, client: httpx.Client, asked: _Asked) -> tuple[Times, Times]:
    body = {
        "sources": [{"lat": latitude, "lon": longitude} for latitude, longitude in asked.origins],
        "targets": [{"lat": latitude, "lon": longitude} for latitude, longitude in asked.destinations],
        "costing": PROFILES["valhalla"][asked.profile],
        "units": "kilometers",
    }
    said = _json(service, client.post(f"{service.url.rstrip('/')}/sources_to_targets", json=body))
    rows = said.get("sources_to_targets") or []
    times = [[one.get("time") for one in row] for row in rows]
    metres = [
        [None if one.get("distance") is None else one["distance"] * 1000 for one in row] for row in rows
    ]
    return times, metres


def _ors(service: Service, client: httpx.Client, asked: _Asked) -> tuple[Times, Times]:
    first, second = asked.numbers
    body = {
        "locations": [[longitude, latitude] for latitude, longitude in asked.places],
        "sources": first,
        "destinations": second,
        "metrics": ["duration", "distance"],
        "units": "m",
    }
    address = f"{service.url.rstrip('/')}/v2/matrix/{PROFILES['ors'][asked.profile]}"
    said = _json(service, client.post(address, json=body))
    return said.get("durations") or [], said.get("distances") or []


def _json(service: Service, response: httpx.Response) -> Mapping[str, Any]:
    if response.status_code != 200:
        raise TravelError(f"{service.name}: answered {response.status_code}")
    if len(response.content) > LARGEST_ANSWER:
        raise TravelError(f"{service.name}: an answer of over {LARGEST_ANSWER:,} bytes")
    try:
        said = response.json()
    except ValueError as error:
        raise TravelError(f"{service.name}: no JSON came back") from error
    if not isinstance(said, dict):
        raise TravelError(f"{service.name}: no table came back")
    return said


def _legs(asked: _Asked, times: Times, metres: Times) -> list[TravelLeg]:
    """The ways of one answer; one that cannot be driven is left out."""
    wanted = (len(asked.origins), len(asked.destinations))
    for table in (times, metres):
        if len(table) != wanted[0] or any(len(row) != wanted[1] for row in table):
            raise TravelError(f"a table of {wanted[0]} by {wanted[1]} ways was asked for and did not come")
    return [
        TravelLeg(origin, destination, round(time), round(far))
        for origin, row, lengths in zip(asked.origins, times, metres, strict=True)
        for destination, time, far in zip(asked.destinations, row, lengths, strict=True)
        if _likely(time) and _likely(far) and time is not None and far is not None
    ]


def _likely(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= LONGEST_WAY
