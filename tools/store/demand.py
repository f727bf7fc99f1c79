"""What customers took, day by day, and on which days there was nothing to take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, select

from tools.store.among import LOCATION, only, physical_places, product_skus, table_of
from tools.store.demand_reversals import Netted, reversals
from tools.store.engine import Database
from tools.store.planning_facts import DemandDay
from tools.store.scaled import money, quantity, steps
from tools.store.tables import SaleLineRow, StockBalanceRow, StockMoveRow
from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES

_SALE = table_of(SaleLineRow)
_MOVE = table_of(StockMoveRow)
_BALANCE = table_of(StockBalanceRow)
_DAY = timedelta(days=1)
_NOTHING = Netted()

Spot = tuple[str, str]
"""A SKU and the code of a place."""


class DemandReader:
    """What customers took, day by day, and on which days there was nothing to take."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def days(
        self, *, first: date, last: date, skus: Collection[str] | None = None, netted: bool = False
    ) -> Iterator[DemandDay]:
        """Each product, place ("" where it is not known) and day with a sale or return, by SKU and day.

        ``netted`` leaves out sales that the same customer took back in full within two weeks.
        """
        for sku, place, day, *figures in self._rows(first, last, skus, netted=netted):
            sold, returned, revenue = figures
            yield DemandDay(sku, place, day, quantity(sold), quantity(returned), money(revenue))

    def net(
        self, *, first: date, last: date, skus: Collection[str] | None = None
    ) -> Iterator[tuple[str, str, date, float, float]]:
        """As ``days`` with ``netted``, in a hurry: units sold less returned, and the price paid (0: none)."""
        units, pounds = 10.0**-QUANTITY_PLACES, 10.0**-MONEY_PLACES
        for sku, place, day, sold, returned, revenue in self._rows(first, last, skus, netted=True):
            paid = int(revenue) * pounds / (int(sold) * units) if sold > 0 and revenue > 0 else 0.0
            yield sku, place, day, int(sold - returned) * units, paid

    def _rows(
        self, first: date, last: date, skus: Collection[str] | None, *, netted: bool
    ) -> Iterator[tuple[str, str, date, int, int, int]]:
        """SKU, place, day, and sold, returned and revenue in the smallest steps."""
        with self._database.reading() as connection:
            names = product_skus(connection, skus)
            places = {row.id: row.code for row in connection.execute(select(LOCATION.c.id, LOCATION.c.code))}
            query = _daily().where(_SALE.c.sold_on.between(first, last))
            if skus is not None:
                query = query.where(*only(_SALE.c.product_id, names))
            rows = connection.execute(query).all()
            known = None if skus is None else names
            off = reversals(connection, known, first, last) if netted else {}
        for product, place, day, sold, returned, revenue in rows:
            if product in names:
                code = places.get(place, "")
                less = off.get((product, place, day), _NOTHING) if off else _NOTHING
                figures = (sold - less.sold, returned - less.returned, revenue - less.revenue)
                yield names[product], code, day, *figures

    def empty_days(
        self, *, first: date, last: date, skus: Collection[str] | None = None
    ) -> dict[Spot, frozenset[date]]:
        """Days that a product began and ended without stock at a place, as the ledger tells it.

        Only days after the first move of the product there count: before, the books did not know it.
        A day with a sale is not empty, whatever the books say (it was sold from somewhere).
        """
        with self._database.reading() as connection:
            names = product_skus(connection, skus)
            places = physical_places(connection, None)
            closing = _balances(connection, names, places)
            changes = _changes(connection, names, places)
        return {
            (names[product], places[place]): empty
            for (product, place), by_day in changes.items()
            if (empty := _empty(closing.get((product, place), 0), by_day, first, last))
        }

    def booked_from(self) -> date | None:
        """The business day of the first move in the books: before it nothing is known of stock."""
        with self._database.reading() as connection:
            return connection.execute(select(func.min(_MOVE.c.business_date))).scalar()


def _daily() -> Any:
    sale = _SALE.c
    sold = func.sum(case((sale.kind == "sale", steps(sale.quantity)), else_=0))
    returned = func.sum(case((sale.kind == "return", -steps(sale.quantity)), else_=0))
    revenue = func.sum(case((sale.kind == "sale", steps(sale.amount)), else_=0))
    query = select(sale.product_id, sale.location_id, sale.sold_on, sold, returned, revenue)
    query = query.where(sale.kind.in_(("sale", "return")), sale.product_id.is_not(None))
    return query.group_by(sale.product_id, sale.location_id, sale.sold_on).order_by(
        sale.product_id, sale.sold_on
    )


def _balances(
    connection: Connection, names: Mapping[int, str], places: Mapping[int, str]
) -> dict[tuple[int, int], int]:
    held = func.sum(steps(_BALANCE.c.quantity))
    query = select(_BALANCE.c.product_id, _BALANCE.c.location_id, held)
    query = query.where(*only(_BALANCE.c.product_id, names), *only(_BALANCE.c.location_id, places))
    rows = connection.execute(query.group_by(_BALANCE.c.product_id, _BALANCE.c.location_id))
    return {(product, place): int(total) for product, place, total in rows}


def _changes(
    connection: Connection, names: Mapping[int, str], places: Mapping[int, str]
) -> dict[tuple[int, int], dict[date, int]]:
    """Net change by product, place and business day; the first day is that of the first move."""
    found: dict[tuple[int, int], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for end, sign in ((_MOVE.c.to_location_id, 1), (_MOVE.c.from_location_id, -1)):
        query = select(_MOVE.c.product_id, end, _MOVE.c.business_date, func.sum(steps(_MOVE.c.quantity)))
        query = query.where(*only(_MOVE.c.product_id, names), *only(end, places))
        for product, place, day, total in connection.execute(
            query.group_by(_MOVE.c.product_id, end, _MOVE.c.business_date)
        ):
            found[product, place][day] += sign * int(total)
    return found


def _empty(closing: int, changes: Mapping[date, int], first: date, last: date) -> frozenset[date]:
    """The days without stock, going back from what there is now."""
    began = min(changes)
    day, held, out = max(last, max(changes)), closing, set()
    while day > began and day >= first:
        before = held - changes.get(day, 0)
        if held <= 0 and before <= 0 and day <= last and not changes.get(day):
            out.add(day)
        held, day = before, day - _DAY
    return frozenset(out)
