"""What is where, asked of the ledger and its balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from tools.store.among import LOCATION, PRODUCT, only, physical_places, product_skus, table_of
from tools.store.catalogue import sensors
from tools.store.engine import Database
from tools.store.facts import Counted, Level, LotLevel, Movement, SensorReading
from tools.store.levels import read_levels, scope
from tools.store.scaled import quantity, steps
from tools.store.tables import (
    LotRow,
    SensorReadingRow,
    SensorRow,
    StockBalanceRow,
    StockCountRow,
    StockMoveRow,
)

_BALANCE = table_of(StockBalanceRow)
_LOT = table_of(LotRow)
_MOVE = table_of(StockMoveRow)
_COUNT = table_of(StockCountRow)
_SENSOR = table_of(SensorRow)
_READING = table_of(SensorReadingRow)
_SOURCE = LOCATION.alias("source")
_DESTINATION = LOCATION.alias("destination")


class StockReader:
    """What is where, asked of the ledger and its balance."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def position(self) -> int:
        """The number of the ledger's last move; 0 for an empty one."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.max(_MOVE.c.seq))).scalar() or 0)

    def levels(
        self, skus: Collection[str] | None = None, *, locations: Collection[str] | None = None, today: date
    ) -> list[Level]:
        """One row for each product and place with anything non-zero, by SKU.

        ``unusable`` is stock of lots that are expired (before ``today``) or not good.  What is
        reserved or on order for no fixed place comes as a row with ``location`` None, and only
        where ``locations`` is None.  A reservation counts to the end of the day on which it runs out.
        """
        with self._database.reading() as connection:
            return read_levels(connection, scope(connection, skus, locations), today)

    def totals(
        self, skus: Collection[str] | None = None, *, locations: Collection[str] | None = None, today: date
    ) -> list[Level]:
        """As :meth:`levels`, summed over the places: one row (``location`` None) for each product."""
        with self._database.reading() as connection:
            return read_levels(connection, scope(connection, skus, locations, together=True), today)

    def lots(
        self,
        skus: Collection[str] | None = None,
        *,
        locations: Collection[str] | None = None,
        expires_to: date | None = None,
        today: date,
    ) -> list[LotLevel]:
        """Stock above zero by lot and place: first expired first, what does not expire last.

        ``expires_to`` keeps what expires on that day or before; a good lot whose day is before
        ``today`` has the status "expired".
        """
        with self._database.reading() as connection:
            products = None if skus is None else product_skus(connection, skus)
            places = physical_places(connection, locations)
            query = _lots_query().where(*only(_BALANCE.c.product_id, products))
            query = query.where(*only(_BALANCE.c.location_id, places))
            if expires_to is not None:
                query = query.where(_LOT.c.expires_on <= expires_to)
            return [_lot_level(row, today) for row in connection.execute(query)]

    def movements(
        self,
        skus: Collection[str] | None = None,
        *,
        first: date | None = None,
        last: date | None = None,
        locations: Collection[str] | None = None,
        limit: int = 200,
    ) -> list[Movement]:
        """The ledger's moves from or to the places, on business days first to last, newest first."""
        days = _between(first, last)
        with self._database.reading() as connection:
            products = None if skus is None else product_skus(connection, skus)
            places = None if locations is None else physical_places(connection, locations)
            query = _moves_query().where(*days, *only(_MOVE.c.product_id, products))
            if places is not None:
                ends = (_MOVE.c.from_location_id, _MOVE.c.to_location_id)
                query = query.where(or_(*(condition for end in ends for condition in only(end, places))))
            rows = connection.execute(query.order_by(_MOVE.c.seq.desc()).limit(limit))
            return [Movement(*row) for row in rows]

    def group(self, group_id: str) -> list[Movement]:
        """The moves of one change, in the order in which they were made."""
        query = _moves_query().where(*only(_MOVE.c.group_id, [group_id])).order_by(_MOVE.c.seq)
        with self._database.reading() as connection:
            return [Movement(*row) for row in connection.execute(query)]

    def daily(
        self,
        skus: Collection[str],
        *,
        locations: Collection[str] | None = None,
        first: date,
        last: date,
    ) -> list[tuple[date, Decimal]]:
        """On hand at the end of each day, summed over the products and places.

        Today's balance, taken back by every move of a later business day.  The ledger's order is
        that of recording; here a move counts on the day it is about, whenever it was written down:
        a delivery of Friday that is entered on Monday is in stock from Friday on.
        """
        with self._database.reading() as connection:
            products = product_skus(connection, skus)
            places = physical_places(connection, locations)
            steps_now = _on_hand(connection, products, places)
            changes = _changes(connection, products, places, first)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        held = steps_now - sum(change for day, change in changes.items() if day > last)
        found = []
        for day in reversed(days):
            found.append((day, quantity(held)))
            held -= changes.get(day, 0)
        return found[::-1]

    def last_counted(
        self, skus: Collection[str] | None = None, *, locations: Collection[str] | None = None
    ) -> dict[tuple[str, str], datetime]:
        """When each product was last counted at each place: (SKU, location code) to the instant."""
        latest = func.max(_COUNT.c.recorded_at, type_=_COUNT.c.recorded_at.type)
        with self._database.reading() as connection:
            products = product_skus(connection, skus)
            places = physical_places(connection, locations)
            query = select(_COUNT.c.product_id, _COUNT.c.location_id, latest).where(
                _COUNT.c.undone.is_(False),
                *only(_COUNT.c.product_id, None if skus is None else products),
                *only(_COUNT.c.location_id, places),
            )
            rows = connection.execute(query.group_by(_COUNT.c.product_id, _COUNT.c.location_id))
            return {(products[product], places[place]): at for product, place, at in rows}

    def sensor_readings(self) -> list[SensorReading]:
        """The latest reading of every sensor in use that has one."""
        newest = select(func.max(_READING.c.read_at)).where(_READING.c.sensor_id == _SENSOR.c.id)
        query = select(_SENSOR.c.code, _READING.c.read_at, _READING.c.value).join_from(_SENSOR, _READING)
        query = query.where(_READING.c.read_at == newest.correlate(_SENSOR).scalar_subquery())
        with self._database.reading() as connection:
            latest = {code: (at, value) for code, at, value in connection.execute(query)}
            return [
                SensorReading(sensor, *latest[sensor.code])
                for sensor in sensors(connection)
                if sensor.code in latest
            ]

    def sensor_history(self, since: datetime) -> dict[str, list[tuple[datetime, float]]]:
        """The readings of each sensor in use from an instant on (wall time), by its code, oldest first."""
        query = select(_SENSOR.c.code, _READING.c.read_at, _READING.c.value).join_from(_SENSOR, _READING)
        query = query.where(_READING.c.read_at >= since).order_by(_READING.c.read_at)
        found: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
        with self._database.reading() as connection:
            for code, at, value in connection.execute(query):
                found[code].append((at, value))
        return dict(found)

    def counts(self, since: datetime) -> list[Counted]:
        """What was counted from an instant on and not taken back, newest first."""
        columns = (PRODUCT.c.sku, LOCATION.c.code, _COUNT.c.counted, _COUNT.c.expected)
        tables = _COUNT.join(PRODUCT, PRODUCT.c.id == _COUNT.c.product_id)
        tables = tables.join(LOCATION, LOCATION.c.id == _COUNT.c.location_id)
        query = select(*columns, _COUNT.c.recorded_at, _COUNT.c.actor).select_from(tables)
        query = query.where(_COUNT.c.recorded_at >= since, _COUNT.c.undone.is_(False))
        with self._database.reading() as connection:
            return [Counted(*row) for row in connection.execute(query.order_by(_COUNT.c.id.desc()))]


def _between(first: date | None, last: date | None) -> list[Any]:
    day = _MOVE.c.business_date
    return [
        *([day >= first] if first is not None else []),
        *([day <= last] if last is not None else []),
    ]


def _lots_query() -> Select[Any]:
    columns = (PRODUCT.c.sku, LOCATION.c.code, func.coalesce(_LOT.c.code, ""), _LOT.c.expires_on)
    tables = (
        _BALANCE.join(PRODUCT, PRODUCT.c.id == _BALANCE.c.product_id)
        .join(LOCATION, LOCATION.c.id == _BALANCE.c.location_id)
        .outerjoin(_LOT, _LOT.c.id == _BALANCE.c.lot_id)
    )
    query = select(*columns, _BALANCE.c.quantity, func.coalesce(_LOT.c.status, "good")).select_from(tables)
    query = query.where(_BALANCE.c.quantity > 0)
    return query.order_by(
        _LOT.c.expires_on.is_(None), _LOT.c.expires_on, PRODUCT.c.sku, _BALANCE.c.lot_id, LOCATION.c.code
    )


def _lot_level(row: Sequence[Any], today: date) -> LotLevel:
    sku, place, lot, expires_on, held, status = row
    expired = status == "good" and expires_on is not None and expires_on < today
    return LotLevel(sku, place, lot, expires_on, held, "expired" if expired else status)


def _moves_query() -> Select[Any]:
    move = _MOVE.c
    tables = (
        _MOVE.join(PRODUCT, PRODUCT.c.id == move.product_id)
        .join(_SOURCE, _SOURCE.c.id == move.from_location_id)
        .join(_DESTINATION, _DESTINATION.c.id == move.to_location_id)
        .outerjoin(_LOT, _LOT.c.id == move.lot_id)
    )
    what = (move.seq, move.group_id, PRODUCT.c.sku, move.quantity, _SOURCE.c.code, _DESTINATION.c.code)
    why = (func.coalesce(_LOT.c.code, ""), move.reason, move.document, move.business_date)
    who = (move.recorded_at, move.actor, move.channel, move.reverses)
    return select(*what, *why, *who).select_from(tables)


def _on_hand(connection: Connection, products: Collection[int], places: Collection[int]) -> int:
    query = select(func.sum(steps(_BALANCE.c.quantity))).where(
        *only(_BALANCE.c.product_id, products), *only(_BALANCE.c.location_id, places)
    )
    return int(connection.execute(query).scalar() or 0)


def _changes(
    connection: Connection, products: Collection[int], places: Collection[int], first: date
) -> dict[date, int]:
    moved = steps(_MOVE.c.quantity)
    came = and_(*only(_MOVE.c.to_location_id, places))
    went = and_(*only(_MOVE.c.from_location_id, places))
    net = func.sum(case((came, moved), else_=0) - case((went, moved), else_=0))
    query = select(_MOVE.c.business_date, net).where(
        *only(_MOVE.c.product_id, products), _MOVE.c.business_date >= first
    )
    rows = connection.execute(query.group_by(_MOVE.c.business_date))
    return {day: int(change) for day, change in rows}
