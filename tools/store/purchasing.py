"""What is on order, and what became of what was ordered."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, func, select

from tools.store.among import LOCATION, PRODUCT, only, product_skus, table_of
from tools.store.engine import Database
from tools.store.planning_facts import PurchaseEvent, PurchaseLine, PurchaseOrder
from tools.store.tables import PurchaseEventRow, PurchaseOrderLineRow, PurchaseOrderRow, SupplierRow

_ORDER = table_of(PurchaseOrderRow)
_LINE = table_of(PurchaseOrderLineRow)
_EVENT = table_of(PurchaseEventRow)
_SUPPLIER = table_of(SupplierRow)
_RECEIVED = func.coalesce(_LINE.c.received_quantity, 0, type_=_LINE.c.quantity.type)
_DEFECTIVE = func.coalesce(_LINE.c.defective_quantity, 0, type_=_LINE.c.quantity.type)


class PurchasingReader:
    """What is on order, and what became of what was ordered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(
        self,
        *,
        skus: Collection[str] | None = None,
        supplier: str | None = None,
        statuses: Collection[str] | None = None,
        po_no: str | None = None,
    ) -> list[PurchaseLine]:
        """Lines of purchase orders, the earliest expected first.

        Everything that is given has to fit; the statuses ``facts.ON_ORDER`` are those whose goods
        are still to come.
        """
        with self._database.reading() as connection:
            conditions = only(_ORDER.c.status, statuses)
            if skus is not None:
                conditions += only(_LINE.c.product_id, product_skus(connection, skus))
            conditions += only(_SUPPLIER.c.code, None if supplier is None else [supplier])
            conditions += only(_ORDER.c.po_no, None if po_no is None else [po_no])
            return [PurchaseLine(*row) for row in connection.execute(_query().where(*conditions))]

    def orders(
        self,
        *,
        po_nos: Collection[str] | None = None,
        supplier: str | None = None,
        statuses: Collection[str] | None = None,
    ) -> list[PurchaseOrder]:
        """Whole orders with all their lines, the earliest expected first."""
        with self._database.reading() as connection:
            conditions = only(_ORDER.c.status, statuses) + only(_ORDER.c.po_no, po_nos)
            conditions += only(_SUPPLIER.c.code, None if supplier is None else [supplier])
            lines: dict[str, list[PurchaseLine]] = defaultdict(list)
            for row in connection.execute(_query().where(*conditions)):
                lines[row.po_no].append(PurchaseLine(*row))
            heads = connection.execute(_heads().where(*conditions)).mappings()
            return [PurchaseOrder(**head, lines=tuple(lines[head["po_no"]])) for head in heads]

    def order(self, po_no: str) -> PurchaseOrder | None:
        """The order with this number."""
        found = self.orders(po_nos=[po_no])
        return found[0] if found else None

    def history(self, po_no: str) -> list[PurchaseEvent]:
        """What happened to an order here, oldest first; an imported past is not known by step."""
        query = select(_EVENT, _ORDER.c.po_no).join(_ORDER, _ORDER.c.id == _EVENT.c.purchase_order_id)
        with self._database.reading() as connection:
            return _events(connection, query.where(_ORDER.c.po_no == po_no).order_by(_EVENT.c.id))


def _events(connection: Connection, query: Select[Any]) -> list[PurchaseEvent]:
    return [
        PurchaseEvent(
            row.po_no,
            row.kind,
            row.at,
            row.actor,
            row.channel,
            json.loads(row.detail),
            bool(row.undone_by),
            row.group_id,
        )
        for row in connection.execute(query)
    ]


def _heads() -> Select[Any]:
    order = _ORDER.c
    events = select(func.count()).where(_EVENT.c.purchase_order_id == order.id).scalar_subquery()
    query = select(
        order.po_no,
        func.coalesce(_SUPPLIER.c.code, "").label("supplier"),
        order.status,
        order.ordered_at,
        order.expected_on,
        order.approved_by,
        order.approved_at,
        order.confirmed_at,
        events.label("events"),
    ).select_from(_ORDER.outerjoin(_SUPPLIER, _SUPPLIER.c.id == order.supplier_id))
    return query.order_by(order.expected_on.is_(None), order.expected_on, order.po_no)


def _query() -> Select[Any]:
    order, line = _ORDER.c, _LINE.c
    tables = (
        _LINE.join(_ORDER, order.id == line.purchase_order_id)
        .join(PRODUCT, PRODUCT.c.id == line.product_id)
        .outerjoin(_SUPPLIER, _SUPPLIER.c.id == order.supplier_id)
        .outerjoin(LOCATION, LOCATION.c.id == line.location_id)
    )
    head = (order.po_no, func.coalesce(_SUPPLIER.c.code, ""), order.status, order.ordered_at)
    goods = (LOCATION.c.code, PRODUCT.c.sku, line.quantity, _RECEIVED, line.unit_cost)
    query = select(*head, order.expected_on, *goods, line.received_at, line.closed_short, _DEFECTIVE)
    return query.select_from(tables).order_by(
        order.expected_on.is_(None), order.expected_on, order.po_no, line.line
    )
