"""Numbers from outside that may explain demand: weather, a promotion plan, events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, or_, select

from tools.store import audit
from tools.store.among import LOCATION, PRODUCT, physical_places, product_skus, table_of
from tools.store.changes import Actor, BooksError
from tools.store.engine import Database
from tools.store.tables import OutsideNumberRow

_OUTSIDE = table_of(OutsideNumberRow)
_EVERYWHERE = 0
_ROWS_AT_ONCE = 200

Number = tuple[date, str, str, float]
"""A day, a SKU or "", a place or "", and the value."""


@dataclass(frozen=True, slots=True)
class OutsideSeries:
    """One series: its name, its days and how many numbers it has."""

    name: str
    first: date
    last: date
    numbers: int


class OutsideNumbers:
    """Series from elsewhere, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def series(self) -> list[OutsideSeries]:
        """All of them, by name."""
        day = _OUTSIDE.c.day
        query = select(_OUTSIDE.c.name, func.min(day), func.max(day), func.count()).group_by(_OUTSIDE.c.name)
        with self._database.reading() as connection:
            return [OutsideSeries(*row) for row in connection.execute(query.order_by(_OUTSIDE.c.name))]

    def numbers(self, name: str, *, first: date, last: date) -> dict[tuple[str, str], dict[date, float]]:
        """One series by SKU and place ("" for all of them)."""
        query = (
            select(_OUTSIDE.c.day, _OUTSIDE.c.value, PRODUCT.c.sku, LOCATION.c.code)
            .outerjoin(PRODUCT, PRODUCT.c.id == _OUTSIDE.c.product_id)
            .outerjoin(LOCATION, LOCATION.c.id == _OUTSIDE.c.location_id)
            .where(_OUTSIDE.c.name == name, _OUTSIDE.c.day.between(first, last))
        )
        found: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
        with self._database.reading() as connection:
            for day, value, sku, code in connection.execute(query):
                found[sku or "", code or ""][day] = value
        return dict(found)

    def keep(self, series: dict[str, Collection[Number]], *, actor: Actor, at: datetime) -> int:
        """Keep numbers by series, all or none; those of the same day, product and place are replaced.

        Raises:
            BooksError: a SKU or place is not known.
        """
        with self._database.writing() as connection:
            kept = 0
            for name, numbers in series.items():
                rows = _rows(connection, name, numbers)
                _forget_days(connection, name, rows)
                if rows:
                    connection.execute(insert(_OUTSIDE), rows)
                kept += len(rows)
                audit.append(
                    connection,
                    actor,
                    action="outside numbers",
                    subject=name,
                    detail=f"{len(rows)} kept",
                    at=at,
                )
        return kept

    def drop(self, name: str, *, actor: Actor, at: datetime) -> int:
        """Forget a whole series; how many numbers it had."""
        with self._database.writing() as connection:
            gone = connection.execute(_OUTSIDE.delete().where(_OUTSIDE.c.name == name)).rowcount
            audit.append(
                connection, actor, action="outside numbers", subject=name, detail=f"{gone} dropped", at=at
            )
        return int(gone)


def _rows(connection: Connection, name: str, numbers: Collection[Number]) -> list[dict[str, object]]:
    wanted = {number[1] for number in numbers if number[1]}
    skus = {sku: key for key, sku in product_skus(connection, wanted).items()}
    places = {code: key for key, code in physical_places(connection, None).items()}
    skus[""] = places[""] = _EVERYWHERE
    for _, sku, place, _ in numbers:
        if sku not in skus or place not in places:
            raise BooksError(f"{name}: there is no {'SKU ' + sku if sku not in skus else 'place ' + place}")
    return [
        {"name": name, "day": day, "product_id": skus[sku], "location_id": places[place], "value": value}
        for day, sku, place, value in numbers
    ]


def _forget_days(connection: Connection, name: str, rows: list[dict[str, object]]) -> None:
    """The numbers that the rows replace."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        same = [
            (_OUTSIDE.c.day == row["day"])
            & (_OUTSIDE.c.product_id == row["product_id"])
            & (_OUTSIDE.c.location_id == row["location_id"])
            for row in rows[start : start + _ROWS_AT_ONCE]
        ]
        connection.execute(_OUTSIDE.delete().where(_OUTSIDE.c.name == name, or_(*same)))
