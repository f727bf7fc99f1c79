"""Sales that were taken back in full: no demand ever stood behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    backs = connection.execute(_returns(products, first, last)).all()
    if not backs:
        return {}
    sales: dict[tuple[int, str, int], list[Any]] = defaultdict(list)
    for row in connection.execute(_sales(backs, first, last)):
        sales[row.product_id, row.customer, row.units].append(row)
    found: dict[Spot, Netted] = defaultdict(Netted)
    for back in backs:
        waiting = sales.get((back.product_id, back.customer, -back.units), [])
        sale: Any = next(
            (one for one in waiting if timedelta(0) <= back.sold_on - one.sold_on <= WITHIN), None
        )
        if sale is None:
            continue
        waiting.remove(sale)
        when, then = ((row.product_id, row.location_id, row.sold_on) for row in (sale, back))
        found[when] = found[when].plus(sale.units, 0, sale.money)
        found[then] = found[then].plus(0, sale.units, 0)
    return dict(found)


def _columns(*conditions: Any) -> Select[Any]:
    units, paid = steps(_SALE.c.quantity).label("units"), steps(_SALE.c.amount).label("money")
    named = (_SALE.c.product_id, _SALE.c.location_id, _SALE.c.customer, _SALE.c.sold_on)
    return select(*named, units, paid).where(*conditions)


def _returns(products: Mapping[int, str] | None, first: date, last: date) -> Select[Any]:
    theirs = (_SALE.c.kind == "return", _SALE.c.customer != "", *only(_SALE.c.product_id, products))
    days = _SALE.c.sold_on.between(first, last + WITHIN)
    return _columns(*theirs, days).order_by(_SALE.c.sold_on, _SALE.c.id)


def _sales(backs: Sequence[Any], first: date, last: date) -> Select[Any]:
    """Sales that may be meant, the latest first."""
    like = (
        *only(_SALE.c.product_id, {back.product_id for back in backs}),
        *only(steps(_SALE.c.quantity), {-back.units for back in backs}),
        *only(_SALE.c.customer, {back.customer for back in backs}),
    )
    days = _SALE.c.sold_on.between(first, last)
    return _columns(_SALE.c.kind == "sale", days, *like).order_by(_SALE.c.sold_on.desc(), _SALE.c.id.desc())
