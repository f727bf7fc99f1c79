"""The records of suppliers out of the books: what came of what was ordered, when and at what cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.reply import Source
from tools.kit.slots import Period
from tools.kit.words import day, facts, plural
from tools.maths.reliability import Delivered, Record, price_trend, record
from tools.store import PurchaseLine, Supplier
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseOrder

CAME = ("partial", "received", "closed")
MOST_ROWS = 40


@dataclass(frozen=True)
class SupplierRecord:
    """One supplier's record, and the orders behind it.

    ``trends`` is the change of the unit cost by SKU (a share), ``alone`` the SKUs that nobody else supplied.
    """

    supplier: Supplier
    record: Record
    orders: tuple[PurchaseOrder, ...]
    late_now: tuple[PurchaseOrder, ...]
    trends: dict[str, float]
    alone: tuple[str, ...]

    def row(self, *, costs: bool) -> dict[str, Any]:
        """The figures for ``data``."""
        one = self.record
        row = facts(
            supplier=self.supplier.code,
            name=self.supplier.name,
            orders=one.orders,
            on_time=_share(one.on_time),
            late_days=_short(one.late_days),
            lead_time=_short(one.lead_days),
            lead_time_sd=_short(one.lead_sd),
            slowest=_short(one.slowest),
            lead_time_stated=self.supplier.lead_time_days,
            fill_rate=_share(one.fill_rate),
            defects=_share(one.defects),
            late_now=[order.po_no for order in self.late_now],
            single_source=len(self.alone),
        )
        return {**row, "price_trend": _share(self.trend)} if costs else row

    @property
    def trend(self) -> float | None:
        """The mean change of the unit costs; None where nothing was bought twice."""
        return sum(self.trends.values()) / len(self.trends) if self.trends else None


def records(
    ask: Ask,
    suppliers: Sequence[Supplier],
    period: Period | None = None,
    skus: Collection[str] | None = None,
) -> list[SupplierRecord]:
    """The record of each supplier, over orders of a period (all without) and some products (all without)."""
    orders: dict[str, list[PurchaseOrder]] = defaultdict(list)
    for order in ask.store.purchasing.orders():
        orders[order.supplier].append(order)
    sources = _sources(ask, orders)
    return [_one(ask, each, orders[each.code], sources, period, skus) for each in suppliers]


def _sources(ask: Ask, orders: dict[str, list[PurchaseOrder]]) -> dict[str, set[str]]:
    """By SKU the suppliers that it is or was bought from."""
    found: dict[str, set[str]] = defaultdict(set)
    for product in ask.catalogue.products.values():
        if product.supplier:
            found[product.sku].add(product.supplier)
    for code, theirs in orders.items():
        for order in theirs:
            if order.status not in ("draft", "cancelled"):
                for line in order.lines:
                    found[line.sku].add(code)
    return found


def _one(
    ask: Ask,
    supplier: Supplier,
    orders: Sequence[PurchaseOrder],
    sources: dict[str, set[str]],
    period: Period | None,
    skus: Collection[str] | None,
) -> SupplierRecord:
    chosen = [order for order in orders if _within(order, period) and _about(order, skus)]
    came = [order for order in chosen if order.status in CAME and _delivered(order, skus)]
    found = [one for order in came if (one := _delivered(order, skus))]
    late = [
        order
        for order in orders
        if order.status in ON_ORDER and order.open and order.expected_on and order.expected_on < ask.today
    ]
    alone = sorted(sku for sku, codes in sources.items() if codes == {supplier.code})
    trends = _trends(chosen, skus)
    return SupplierRecord(supplier, record(found), tuple(came), tuple(late), trends, tuple(alone))


def _within(order: PurchaseOrder, period: Period | None) -> bool:
    when = order.ordered_at or order.expected_on
    return period is None or (when is not None and period.first <= when <= period.last)


def _about(order: PurchaseOrder, skus: Collection[str] | None) -> bool:
    return skus is None or any(line.sku in skus for line in order.lines)


def _lines(order: PurchaseOrder, skus: Collection[str] | None) -> list[PurchaseLine]:
    return [line for line in order.lines if skus is None or line.sku in skus]


def _delivered(order: PurchaseOrder, skus: Collection[str] | None) -> Delivered | None:
    """What came of an order as one observation, on the day that its last goods came."""
    lines = [line for line in _lines(order, skus) if line.received_quantity > 0]
    days = [line.received_at.date() for line in lines if line.received_at is not None]
    if not lines:
        return None
    last = max(days, default=None)
    every = _lines(order, skus)
    return Delivered(
        days=float((last - order.ordered_at).days) if last and order.ordered_at else None,
        late=float((last - order.expected_on).days) if last and order.expected_on else None,
        ordered=float(_sum(line.quantity for line in every)),
        received=float(_sum(line.received_quantity for line in every)),
        defective=float(_sum(line.defective_quantity for line in every)),
        settled=order.status in ("received", "closed"),
    )


def _trends(orders: Sequence[PurchaseOrder], skus: Collection[str] | None) -> dict[str, float]:
    prices: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for order in orders:
        if order.ordered_at is None or order.status in ("draft", "cancelled"):
            continue
        for line in _lines(order, skus):
            if line.unit_cost is not None:
                prices[line.sku].append((order.ordered_at.toordinal(), float(line.unit_cost)))
    found = {sku: price_trend(dated) for sku, dated in prices.items()}
    return {sku: trend for sku, trend in found.items() if trend is not None}


def record_source(ask: Ask, found: Sequence[SupplierRecord]) -> Source:
    """The orders that records rest on, one a row."""
    rows = [_row(ask, order) for one in found for order in one.orders]
    return Source(f"Purchase orders that came, {plural(len(rows), 'order')}", rows=tuple(rows[:MOST_ROWS]))


def _row(ask: Ask, order: PurchaseOrder) -> str:
    days = [line.received_at.date() for line in order.lines if line.received_at is not None]
    came = _sum(line.received_quantity for line in order.lines)
    asked = _sum(line.quantity for line in order.lines)
    parts = [f"{order.po_no}: {came.normalize():f} of {asked.normalize():f} came"]
    if order.ordered_at:
        parts.append(f"ordered {day(order.ordered_at, ask.today)}")
    if order.expected_on:
        parts.append(f"promised {day(order.expected_on, ask.today)}")
    if days:
        parts.append(f"here {day(max(days), ask.today)}")
    return ", ".join(parts)


def sees_costs(ask: Ask) -> bool:
    """Whether this person may be told what things cost."""
    return ask.may(Right.SEE_COSTS)


def _sum(values: Any) -> Decimal:
    return sum(values, Decimal(0))


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
