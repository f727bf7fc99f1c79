"""``quartermaster travel``: travel times by road, in and out of the books."""

from __future__ import annotations

from pathlib import Path

from assistant.app import open_books
from assistant.cli.main import Trouble
from assistant.roads import travel_service
from assistant.settings import Settings
from tools.store import Actor, Store
from tools.store.travel import Point

ACTOR = Actor("terminal", "terminal")
SOURCE = "matrix file"
NONE_KNOWN = (
    "No travel times by road are known: plans use straight lines, marked as estimates. Load a matrix with "
    "quartermaster travel FILE.csv, or name a service in QUARTERMASTER_TRAVEL_URL (docs/deliveries.md)."
)


def travel_times(settings: Settings, path: Path | None, drop: str) -> None:
    """Load a file of ways, drop a source, or list what is known."""
    store = open_books(settings)
    if drop:
        gone = store.travel.forget(drop, actor=ACTOR, at=store.clock())
        if not gone:
            raise Trouble(f"no ways are known from {drop!r}; quartermaster travel lists the sources")
        print(f"Dropped {gone:,} ways of {drop}.")  # noqa: T201
    elif path is not None:
        _load(store, path)
    else:
        _list(settings, store)


def _load(store: Store, path: Path) -> None:
    from connectors.feeds.report import FeedError
    from connectors.feeds.travel_file import read_travel

    try:
        found = read_travel(path, _places(store))
    except FeedError as error:
        raise Trouble(f"nothing was kept: {error}") from error
    except OSError as error:
        raise Trouble(f"can't read {path}: {error.strerror or error}") from error
    for profile, legs in sorted(found.items()):
        kept = store.travel.keep(legs, profile, SOURCE, at=store.clock(), actor=ACTOR)
        print(f"{profile}: {kept:,} ways kept.")  # noqa: T201


def _places(store: Store) -> dict[str, Point]:
    catalogue = store.catalogue()
    customers = [(one.code, one.latitude, one.longitude) for one in catalogue.customers]
    places = [(one.code, one.latitude, one.longitude) for one in catalogue.locations]
    return {
        code: (latitude, longitude)
        for code, latitude, longitude in (*customers, *places)
        if latitude is not None and longitude is not None
    }


def _list(settings: Settings, store: Store) -> None:
    found = store.travel.sources()
    for one in found:
        print(f"{one.source}, {one.profile}: {one.legs:,} ways, the newest of {one.learned_at:%Y-%m-%d}")  # noqa: T201
    service = travel_service(settings)
    if service is not None:
        print(f"What is missing is asked of {service.name} at {service.url}.")  # noqa: T201
    elif not found:
        print(NONE_KNOWN)  # noqa: T201
