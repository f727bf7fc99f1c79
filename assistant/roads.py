"""Who knows the roads: a matrix file, then a service by its address, else straight lines, loudly."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import structlog

from assistant.settings import Settings
from connectors.feeds.travel import Service, TravelError
from tools.maths.routing.travel import Legs, Point, Travel, travel_between
from tools.store import Store

log = structlog.get_logger(__name__)

PATIENCE = 1.5
"""Seconds that one request may take, and after which no other is begun: somebody waits for the plan."""
REST = 60.0
"""Seconds in which a service that failed is not asked again."""


class RoadMap:
    """Travel times for the tools.  What a service said is kept in the books and never asked twice."""

    def __init__(self, store: Store, service: Service | None) -> None:
        self._store = store
        self._service = service
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def __call__(self, places: Sequence[Point], profile: str) -> Travel:
        """Travel between places (latitude, longitude in degrees), with its source."""
        legs, sources = self._known(places, profile)
        if (
            self._service is not None
            and legs.missing.any()
            and self._ask(self._service, places, profile, legs)
        ):
            legs, sources = self._known(places, profile)
        return travel_between(places, legs, " and ".join(sorted(sources)), profile)

    def _known(self, places: Sequence[Point], profile: str) -> tuple[Legs, set[str]]:
        legs, sources = Legs.unknown(len(places)), set()
        for (start, end), (seconds, metres, source) in self._store.travel.known(places, profile).items():
            if start != end:
                legs.seconds[start, end], legs.metres[start, end] = seconds, metres
                sources.add(source)
        return legs, sources

    def _ask(self, service: Service, places: Sequence[Point], profile: str, legs: Legs) -> bool:
        """Ask the service, as far as there is time; whether anything new is in the books.

        What there was no time for is asked for with the next plan.
        """
        lacking = legs.missing
        numbers = {place: number for number, place in enumerate(places)}
        kept = 0
        with self._lock:
            began = time.monotonic()
            if began < self._silent_until:
                return False
            try:
                for block in service.legs(places, profile, seconds=PATIENCE):
                    new = [leg for leg in block if lacking[numbers[leg.origin], numbers[leg.destination]]]
                    kept += self._store.travel.keep(new, profile, service.name, at=self._store.clock())
                    if time.monotonic() > began + PATIENCE:
                        break
            except TravelError as error:
                self._silent_until = time.monotonic() + REST
                log.warning("travel_service_failed", error=str(error))
        return kept > 0


def road_map(settings: Settings, store: Store) -> RoadMap:
    """The roads as far as this installation knows them."""
    return RoadMap(store, travel_service(settings))


def travel_service(settings: Settings) -> Service | None:
    """The configured service, if any."""
    if not settings.travel_url:
        return None
    return Service(settings.travel_service, settings.travel_url, settings.travel_key.get_secret_value())
