"""What there is of each product at each place: balance, promises and what is on its way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    Table,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
)

from tools.store.among import among, physical_places, product_skus, table_of
from tools.store.facts import ON_ORDER, Level
from tools.store.scaled import Exact, steps
from tools.store.tables import (
    LotRow,
    PurchaseOrderLineRow,
    PurchaseOrderRow,
    ReservationRow,
    StockBalanceRow,
)
from tools.store.tables.types import UTCDateTime

_BALANCE = table_of(StockBalanceRow)
_LOT = table_of(LotRow)
_RESERVATION = table_of(ReservationRow)
_ORDER = table_of(PurchaseOrderRow)
_LINE = table_of(PurchaseOrderLineRow)

# Product id and location id; None where a promise or an order names no place, or all are summed.
Key = tuple[int, int | None]
Sums = dict[Key, int]


class Shape(NamedTuple):
    """What a statement looks like: only some products, places left out, places summed up."""

    some_products: bool
    everywhere: bool
    together: bool


class Scope(NamedTuple):
    """Which products (id to SKU) and places (id to code) a question is about."""

    skus: Mapping[int, str]
    places: Mapping[int, str]
    shape: Shape

    def code(self, place: int | None) -> str | None:
        """The code of a place; None for no fixed place."""
        return None if place is None else self.places[place]

    @property
    def parameters(self) -> dict[str, list[int]]:
        """The filters as statement parameters."""
        products = {"products": list(self.skus)} if self.shape.some_products else {}
        return {"places": list(self.places), **products}


def scope(
    connection: Connection,
    skus: Collection[str] | None,
    locations: Collection[str] | None,
    *,
    together: bool = False,
) -> Scope:
    """Look the codes up; unknown ones, and places that are not physical, are left out."""
    shape = Shape(skus is not None, locations is None, together)
    return Scope(product_skus(connection, skus), physical_places(connection, locations), shape)


def read_levels(connection: Connection, about: Scope, today: date) -> list[Level]:
    """One level for each product (and place) with anything non-zero, by SKU."""
    in_lots, unusable = _in_lots(connection, about, today)
    reserved = _sums(connection, about, _reserved(about.shape), {"morning": _morning(today)})
    coming = _sums(connection, about, _on_order(about.shape), {})
    special = {**in_lots, **reserved, **coming}
    exact, levels = Exact(), []
    for product, place, on_hand in connection.execute(_loose(about.shape), about.parameters):
        if (product, place) in special:
            in_lots[product, place] = in_lots.get((product, place), 0) + int(on_hand)
        else:
            levels.append(Level(about.skus[product], about.code(place), exact[on_hand]))
    for key in special:
        sums = [part.get(key, 0) for part in (in_lots, reserved, unusable, coming)]
        if any(sums):
            levels.append(Level(about.skus[key[0]], about.code(key[1]), *(exact[part] for part in sums)))
    return sorted(levels, key=itemgetter(0))


def _morning(today: date) -> datetime:
    return datetime.combine(today, time.min, UTC)


def _in_lots(connection: Connection, about: Scope, today: date) -> tuple[Sums, Sums]:
    kept: Sums = {}
    unusable: Sums = {}
    for product, place, held, bad in connection.execute(
        _lots(about.shape), {**about.parameters, "today": today}
    ):
        kept[product, place] = int(held)
        if bad:
            unusable[product, place] = int(bad)
    return kept, unusable


def _sums(connection: Connection, about: Scope, query: Select[Any], extra: Mapping[str, Any]) -> Sums:
    rows = connection.execute(query, {**about.parameters, **extra})
    return {(product, place): int(total) for product, place, total in rows}


@cache
def _loose(shape: Shape) -> Select[Any]:
    held = steps(_BALANCE.c.quantity)
    conditions = (_BALANCE.c.lot_id == 0, _BALANCE.c.quantity != 0)
    if shape.together:
        return _summed(select().where(*conditions), _BALANCE, shape, func.sum(held))
    query = select(_BALANCE.c.product_id, _BALANCE.c.location_id, held)
    return query.where(*conditions, *_limits(_BALANCE, shape))


@cache
def _lots(shape: Shape) -> Select[Any]:
    held = steps(_BALANCE.c.quantity)
    bad = or_(_LOT.c.status != "good", _LOT.c.expires_on < bindparam("today", type_=Date))
    query = select().join_from(_BALANCE, _LOT, _LOT.c.id == _BALANCE.c.lot_id)
    query = query.where(_BALANCE.c.lot_id != 0, _BALANCE.c.quantity != 0)
    return _summed(query, _BALANCE, shape, func.sum(held), func.sum(case((bad, held), else_=0)))


@cache
def _reserved(shape: Shape) -> Select[Any]:
    row = _RESERVATION.c
    still = or_(row.expires_at.is_(None), row.expires_at >= bindparam("morning", type_=UTCDateTime))
    query = select().where(row.state == "held", still)
    return _summed(query, _RESERVATION, shape, func.sum(steps(row.quantity)))


@cache
def _on_order(shape: Shape) -> Select[Any]:
    line = _LINE.c
    outstanding = steps(line.quantity) - func.coalesce(steps(line.received_quantity), 0)
    query = select().join_from(_LINE, _ORDER)
    query = query.where(_ORDER.c.status.in_(ON_ORDER), line.closed_short.is_(False), outstanding > 0)
    return _summed(query, _LINE, shape, func.sum(outstanding))


def _summed(query: Select[Any], table: Table, shape: Shape, *sums: ColumnElement[Any]) -> Select[Any]:
    groups = (table.c.product_id,) if shape.together else (table.c.product_id, table.c.location_id)
    place = null() if shape.together else table.c.location_id
    query = query.add_columns(table.c.product_id, place, *sums)
    return query.where(*_limits(table, shape)).group_by(*groups)


def _limits(table: Table, shape: Shape) -> Iterator[ColumnElement[bool]]:
    placed = among(table.c.location_id, "places")
    nowhere = table.c.location_id.is_(None)
    yield or_(nowhere, placed) if shape.everywhere and table is not _BALANCE else placed
    if shape.some_products:
        yield among(table.c.product_id, "products")
