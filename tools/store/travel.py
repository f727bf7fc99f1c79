"""Ways between places that somebody looked up on the roads: from a file, or kept from a service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from tools.store import audit
from tools.store.among import only, table_of
from tools.store.changes import Actor
from tools.store.engine import Database
from tools.store.tables import TravelLegRow

DIGITS = 5
"""Of a degree: about a metre."""
_LEG = table_of(TravelLegRow)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TravelLeg:
    """A way between two places (latitude and longitude in degrees) in whole seconds and metres."""

    origin: Point
    destination: Point
    seconds: int
    metres: int


@dataclass(frozen=True, slots=True)
class TravelSource:
    """Where ways are known from, how many of them, and since when."""

    source: str
    profile: str
    legs: int
    learned_at: datetime


class TravelTimes:
    """What the books know of the roads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, places: Sequence[Point], profile: str) -> dict[tuple[int, int], tuple[int, int, str]]:
        """Seconds, metres and source of the ways between places, by their two numbers in the list."""
        rows: dict[str, list[int]] = {}
        for number, place in enumerate(places):
            rows.setdefault(_key(place), []).append(number)
        query = select(_LEG).where(
            _LEG.c.profile == profile, *only(_LEG.c.origin, list(rows)), *only(_LEG.c.destination, list(rows))
        )
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return {
            (start, end): (leg.seconds, leg.metres, leg.source)
            for leg in found
            for start in rows[leg.origin]
            for end in rows[leg.destination]
        }

    def keep(
        self,
        legs: Iterable[TravelLeg],
        profile: str,
        source: str,
        *,
        at: datetime,
        actor: Actor | None = None,
    ) -> int:
        """Keep ways in the place of what was known of them; how many.  With an actor the audit tells."""
        ways = {(_key(leg.origin), _key(leg.destination)): leg for leg in legs}
        with self._database.writing(durable=actor is not None) as connection:
            for origin in {start for start, _ in ways}:
                ends = [end for start, end in ways if start == origin]
                connection.execute(
                    delete(_LEG).where(
                        _LEG.c.profile == profile, _LEG.c.origin == origin, *only(_LEG.c.destination, ends)
                    )
                )
            if ways:
                connection.execute(
                    insert(_LEG),
                    [_row(profile, key, leg, source, at) for key, leg in ways.items()],
                )
            if actor is not None:
                audit.append(
                    connection,
                    actor,
                    action="travel times",
                    subject=source,
                    detail=f"{len(ways)} kept",
                    at=at,
                )
        return len(ways)

    def sources(self) -> list[TravelSource]:
        """What the ways are known from."""
        query = select(_LEG.c.source, _LEG.c.profile, func.count(), func.max(_LEG.c.learned_at)).group_by(
            _LEG.c.source, _LEG.c.profile
        )
        with self._database.reading() as connection:
            return [TravelSource(*row) for row in connection.execute(query.order_by(_LEG.c.source))]

    def forget(self, source: str, *, actor: Actor, at: datetime) -> int:
        """Forget the ways of one source; how many there were."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(_LEG).where(_LEG.c.source == source)).rowcount
            audit.append(
                connection, actor, action="travel times", subject=source, detail=f"{gone} forgotten", at=at
            )
        return gone


def _key(place: Point) -> str:
    return f"{place[0]:.{DIGITS}f},{place[1]:.{DIGITS}f}"


def _row(profile: str, key: tuple[str, str], leg: TravelLeg, source: str, at: datetime) -> dict[str, object]:
    return {
        "profile": profile,
        "origin": key[0],
        "destination": key[1],
        "seconds": leg.seconds,
        "metres": leg.metres,
        "source": source[:60],
        "learned_at": at,
    }
