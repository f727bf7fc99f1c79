"""What was sold, asked of the sale lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Subquery, case, func, literal, select

from tools.store.among import LOCATION, PRODUCT, only, physical_places, product_skus, table_of
from tools.store.engine import Database
from tools.store.facts import OPEN_ORDERS, CustomerOrder, SaleLine, SalesTotal
from tools.store.scaled import money, quantity, steps
from tools.store.tables import RequestRow, SaleLineRow, SalesOrderLineRow, SalesOrderRow

By = Literal["all", "product", "day", "month", "category", "location"]
Order = Literal["quantity", "revenue", "key"]

_SALE = table_of(SaleLineRow)
_REQUEST = table_of(RequestRow)
_ORDER = table_of(SalesOrderRow)
_ORDER_LINE = table_of(SalesOrderLineRow)
_SOLD_OR_RETURNED = _SALE.c.kind.in_(("sale", "return"))
# What lines are first summed over; names are joined to the few sums, not to the many lines.
_GROUPS: dict[By, ColumnElement[Any]] = {
    "product": _SALE.c.product_id,
    "category": _SALE.c.product_id,
    "day": _SALE.c.sold_on,
    "month": _SALE.c.sold_on,
    "location": _SALE.c.location_id,
}


class SalesReader:
    """What was sold, asked of the sale lines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def totals(  # noqa: PLR0913 - each is one plain filter, and all go by name
        self,
        *,
        first: date,
        last: date,
        skus: Collection[str] | None = None,
        locations: Collection[str] | None = None,
        by: By = "all",
        limit: int | None = None,
        order: Order = "key",
    ) -> list[SalesTotal]:
        """Sales and returns of the days first to last (both included), summed by a key.

        The key is a SKU, category ("" for none), ISO day ("2026-03-09"), month ("2026-03") or
        location code ("" where it is not known), and "" for the whole.  Lines of no known place
        count only where ``locations`` is None, those of no product only where keys are no products
        or categories.  Keys without sales are left out; "all" always gives one total.  ``order``
        "quantity" (units sold less returned) and "revenue" put the largest first.
        """
        with self._database.reading() as connection:
            products = None if skus is None else product_skus(connection, skus)
            places = None if locations is None else physical_places(connection, locations)
            lines = (*only(_SALE.c.product_id, products), *only(_SALE.c.location_id, places))
            query = _summed(by).where(_SALE.c.sold_on.between(first, last), *lines)
            rows = connection.execute(_ranked(query, by, order, limit))
            totals = [_total(row) for row in rows]
        return _by_month(totals, order)[:limit] if by == "month" else totals

    def charges(self, first: date, last: date) -> Decimal:
        """The money of postage, fees and the like, first to last, both included."""
        query = select(func.sum(steps(_SALE.c.amount)))
        query = query.where(_SALE.c.sold_on.between(first, last), _SALE.c.kind == "charge")
        with self._database.reading() as connection:
            return money(connection.execute(query).scalar())

    def coverage(self) -> tuple[date, date] | None:
        """The first and the last day with a sale or return; None where there is none."""
        day = select(_SALE.c.sold_on).where(_SOLD_OR_RETURNED).limit(1)
        with self._database.reading() as connection:
            first = connection.execute(day.order_by(_SALE.c.sold_on)).scalar()
            last = connection.execute(day.order_by(_SALE.c.sold_on.desc())).scalar()
        return None if first is None or last is None else (first, last)

    def last_sold(self, skus: Collection[str] | None = None) -> dict[str, date]:
        """The latest day on which each product was sold; products never sold are left out.

        A sale that was undone is none.
        """
        with self._database.reading() as connection:
            products = product_skus(connection, skus)
            found = _latest(connection, *only(_SALE.c.product_id, None if skus is None else products))
            undone = _SALE.c.group_id.in_(select(_REQUEST.c.group_id).where(_REQUEST.c.undone_by != ""))
            # Few products have one, so the many lines of the others are read from their index alone.
            doubtful = set(connection.execute(select(_SALE.c.product_id).where(undone)).scalars())
            certain = _latest(connection, *only(_SALE.c.product_id, doubtful), ~undone) if doubtful else {}
            kept = {product: day for product, day in found.items() if product not in doubtful}
            return {products[key]: day for key, day in (kept | certain).items() if key in products}

    def first_sold(self, first: date, last: date) -> dict[str, date]:
        """The earliest day of some on which each product was sold or taken back; others are left out."""
        earliest = func.min(_SALE.c.sold_on, type_=_SALE.c.sold_on.type)
        query = select(_SALE.c.product_id, earliest).where(
            _SOLD_OR_RETURNED, _SALE.c.product_id.is_not(None), _SALE.c.sold_on.between(first, last)
        )
        with self._database.reading() as connection:
            products = product_skus(connection, None)
            found = connection.execute(query.group_by(_SALE.c.product_id)).all()
        return {products[key]: day for key, day in found if key in products}

    def lines(self, skus: Collection[str] | None, first: date, last: date, limit: int = 20) -> list[SaleLine]:
        """Single sales and returns, newest first."""
        return self._lines(("sale", "return"), skus, (first, last), limit)

    def adjustments(
        self, skus: Collection[str] | None, first: date, last: date, limit: int = 50
    ) -> list[SaleLine]:
        """Single stock corrections of an imported history, newest first."""
        return self._lines(("adjustment",), skus, (first, last), limit)

    def _lines(
        self, kinds: Sequence[str], skus: Collection[str] | None, days: tuple[date, date], limit: int
    ) -> list[SaleLine]:
        with self._database.reading() as connection:
            query = _lines_query().where(_SALE.c.kind.in_(kinds), _SALE.c.sold_on.between(*days))
            if skus is not None:
                query = query.where(*only(_SALE.c.product_id, product_skus(connection, skus)))
            newest = query.order_by(_SALE.c.sold_on.desc(), _SALE.c.id.desc()).limit(limit)
            return [SaleLine(*row) for row in connection.execute(newest)]

    def customer_orders(
        self,
        *,
        statuses: Collection[str] | None = OPEN_ORDERS,
        order_no: str | None = None,
        customer: str | None = None,
    ) -> list[CustomerOrder]:
        """Customers' orders with their lines, the earliest due first; statuses None means all of them."""
        conditions = only(_ORDER.c.status, statuses)
        conditions += only(_ORDER.c.order_no, None if order_no is None else [order_no])
        conditions += only(_ORDER.c.customer, None if customer is None else [customer])
        with self._database.reading() as connection:
            rows = connection.execute(_orders_query().where(*conditions))
            return [_customer_order(list(lines)) for _, lines in groupby(rows, key=lambda row: row[0])]


def _latest(connection: Connection, *conditions: ColumnElement[bool]) -> dict[int, date]:
    latest = func.max(_SALE.c.sold_on, type_=_SALE.c.sold_on.type)
    sold = (_SALE.c.kind == "sale", _SALE.c.product_id.is_not(None), _SALE.c.quantity > 0)
    query = select(_SALE.c.product_id, latest).where(*sold, *conditions).group_by(_SALE.c.product_id)
    return {int(product): day for product, day in connection.execute(query)}


def _summed(by: By) -> Select[Any]:
    sold, amount = steps(_SALE.c.quantity), steps(_SALE.c.amount)
    returned = _SALE.c.kind == "return"
    group = _GROUPS.get(by)
    query = select(
        (literal("") if group is None else group).label("key"),
        func.coalesce(func.sum(case((returned, 0), else_=sold)), 0).label("sold"),
        func.coalesce(-func.sum(case((returned, sold), else_=0)), 0).label("returned"),
        func.coalesce(func.sum(amount), 0).label("revenue"),
        func.coalesce(-func.sum(case((returned, amount), else_=0)), 0).label("refunded"),
        func.count().label("lines"),
    ).where(_SOLD_OR_RETURNED)
    return query if group is None else query.group_by(group)


def _ranked(query: Select[Any], by: By, order: Order, limit: int | None) -> Select[Any]:
    named = _named(query.subquery(), by)
    key, sold, returned, revenue = list(named.selected_columns)[:4]
    if by == "month":
        return named
    largest = {"quantity": (sold - returned).desc(), "revenue": revenue.desc(), "key": key}
    return named.order_by(largest[order], key).limit(limit)


def _named(found: Subquery, by: By) -> Select[Any]:
    sums = list(found.c)[1:]
    if by == "product":
        return select(PRODUCT.c.sku, *sums).join_from(found, PRODUCT, PRODUCT.c.id == found.c.key)
    if by == "category":
        query = select(PRODUCT.c.category, *(func.sum(part) for part in sums))
        query = query.join_from(found, PRODUCT, PRODUCT.c.id == found.c.key)
        return query.group_by(PRODUCT.c.category)
    if by == "location":
        name = func.coalesce(LOCATION.c.code, "")
        return select(name, *sums).outerjoin_from(found, LOCATION, LOCATION.c.id == found.c.key)
    return select(found)


def _total(row: Sequence[Any]) -> SalesTotal:
    key, sold, returned, revenue, refunded, lines = row
    name = key.isoformat() if isinstance(key, date) else key
    return SalesTotal(name, quantity(sold), quantity(returned), money(revenue), money(refunded), int(lines))


def _by_month(days: Iterable[SalesTotal], order: Order) -> list[SalesTotal]:
    months: dict[str, SalesTotal] = {}
    for day in days:
        key = day.key[:7]
        months[key] = _plus(months.get(key, SalesTotal(key)), day)
    totals = sorted(months.values(), key=lambda total: total.key)
    if order == "key":
        return totals
    return sorted(totals, key=lambda total: total.net if order == "quantity" else total.revenue, reverse=True)


def _plus(month: SalesTotal, day: SalesTotal) -> SalesTotal:
    return SalesTotal(
        month.key,
        month.sold + day.sold,
        month.returned + day.returned,
        month.revenue + day.revenue,
        month.refunded + day.refunded,
        month.lines + day.lines,
    )


def _lines_query() -> Select[Any]:
    sale = _SALE.c
    tables = _SALE.outerjoin(PRODUCT, PRODUCT.c.id == sale.product_id)
    tables = tables.outerjoin(LOCATION, LOCATION.c.id == sale.location_id)
    what = (sale.id, sale.kind, PRODUCT.c.sku, LOCATION.c.code, sale.sold_on, sale.sold_at)
    figures = (sale.quantity, sale.unit_price, sale.amount)
    words = (sale.channel, sale.order_ref, sale.customer, sale.note, sale.group_id)
    return select(*what, *figures, *words).select_from(tables)


def _orders_query() -> Select[Any]:
    order = _ORDER.c
    tables = _ORDER.outerjoin(_ORDER_LINE, _ORDER_LINE.c.order_id == order.id)
    tables = tables.outerjoin(PRODUCT, PRODUCT.c.id == _ORDER_LINE.c.product_id)
    head = (order.order_no, order.customer, order.placed_at, order.due_from, order.due_to, order.status)
    query = select(*head, PRODUCT.c.sku, _ORDER_LINE.c.quantity).select_from(tables)
    return query.order_by(order.due_from.is_(None), order.due_from, order.order_no, _ORDER_LINE.c.line)


def _customer_order(lines: Sequence[Sequence[Any]]) -> CustomerOrder:
    goods = tuple((line[6], line[7]) for line in lines if line[6] is not None)
    order_no, customer, placed_at, due_from, due_to, status = lines[0][:6]
    return CustomerOrder(order_no, customer, placed_at, due_from, due_to, status, goods)
