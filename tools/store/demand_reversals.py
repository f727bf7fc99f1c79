"""Sales that were taken back in full: no demand ever stood behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from tools.store.among import only, table_of
from tools.store.scaled import steps
from tools.store.tables import SaleLineRow

# A return of the very same amount by the same customer within so many days takes the sale back.
WITHIN = timedelta(days=14)
_SALE = table_of(SaleLineRow)

Spot = tuple[int, int | None, date]
"""A product, a place and a day."""


class Netted(NamedTuple):
    """What has to be taken off a day, in the smallest steps."""

    sold: int = 0
    returned: int = 0
    revenue: int = 0

    def plus(self, sold: int, returned: int, revenue: int) -> Netted:
        """With more taken off."""
        return Netted(self.sold + sold, self.returned + returned, self.revenue + revenue)


def reversals(
    connection: Connection, products: Mapping[int, str] | None, first: date, last: date
) -> dict[Spot, Netted]:
    """What exact reversals leave to be taken off the days of the sales and of the returns.

    Each return takes back one sale: the latest of the same customer, product and amount before it.
    Lines of no known customer tell nothing.
    """
    found: dict[Spot, Netted] = defaultdict(Netted)
    taken: set[int] = set()
    done: set[int] = set()
    for row in connection.execute(_pairs(products, first, last)):
        if row.back in done or row.sale in taken or row.back_on - row.sold_on > WITHIN:
            continue
        done.add(row.back)
        taken.add(row.sale)
        sale, back = (row.product_id, row.sold_at, row.sold_on), (row.product_id, row.back_at, row.back_on)
        found[sale] = found[sale].plus(row.units, 0, row.money)
        found[back] = found[back].plus(0, row.units, 0)
    return dict(found)


def _pairs(products: Mapping[int, str] | None, first: date, last: date) -> Select[Any]:
    sale, back = _SALE.alias("sale").c, _SALE.alias("back").c
    same = (
        sale.product_id == back.product_id,
        sale.customer == back.customer,
        steps(sale.quantity) == -steps(back.quantity),
        sale.sold_on <= back.sold_on,
    )
    query = select(
        back.id.label("back"),
        sale.id.label("sale"),
        sale.product_id,
        sale.location_id.label("sold_at"),
        back.location_id.label("back_at"),
        sale.sold_on,
        back.sold_on.label("back_on"),
        steps(sale.quantity).label("units"),
        steps(sale.amount).label("money"),
    ).where(
        back.kind == "return",
        back.customer != "",
        sale.kind == "sale",
        back.sold_on.between(first, last + WITHIN),
        sale.sold_on.between(first, last),
        *same,
        *only(back.product_id, products),
    )
    return query.order_by(back.sold_on, back.id, sale.sold_on.desc(), sale.id.desc())
