"""What is on order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select

from tools.store.among import LOCATION, PRODUCT, only, product_skus, table_of
from tools.store.engine import Database
from tools.store.facts import PurchaseLine
from tools.store.tables import PurchaseOrderLineRow, PurchaseOrderRow, SupplierRow

_ORDER = table_of(PurchaseOrderRow)
_LINE = table_of(PurchaseOrderLineRow)
_SUPPLIER = table_of(SupplierRow)
_RECEIVED = func.coalesce(_LINE.c.received_quantity, 0, type_=_LINE.c.quantity.type)


class PurchasingReader:
    """What is on order."""

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
    query = select(*head, order.expected_on, *goods, line.received_at, line.closed_short)
    return query.select_from(tables).order_by(
        order.expected_on.is_(None), order.expected_on, order.po_no, line.line
    )
