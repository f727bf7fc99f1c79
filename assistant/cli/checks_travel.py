"""Doctor's look at the roads: whether the travel service answers."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.cli.faults import fault
from assistant.roads import travel_service
from assistant.settings import Settings
from connectors.feeds.travel import TravelError
from tools.maths.routing.travel import DRIVING
from tools.store import Finding, Store

PATIENCE = 5.0


def check_travel(settings: Settings, store: Store) -> Iterator[Finding]:
    """Whether the configured service tells the way between two places of the shop."""
    service = travel_service(settings)
    if service is None:
        return
    spots = [
        (one.latitude, one.longitude)
        for one in store.catalogue().locations
        if one.latitude is not None and one.longitude is not None
    ]
    first = spots[0] if spots else (0.0, 0.0)
    second = spots[-1] if len(spots) > 1 else (first[0], first[1] + 0.01)
    try:
        for _ in service.legs((first, second), DRIVING, seconds=PATIENCE):
            pass
        yield Finding(True, f"Travel times come from {service.name}")
    except TravelError as error:
        yield fault("travel.silent", why=error)
