"""Pictures of what an order does: the stock of its goods with it and without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from tools.kit.ask import Ask
from tools.kit.planning import Plans, plans
from tools.kit.reply import Chart, Series
from tools.maths.replenishment import Arrival, Item, project
from tools.maths.replenishment.projection import Projection
from tools.store.planning_facts import PurchaseLine, PurchaseOrder

DAYS_AHEAD = 42
# So many days after the delivery are shown at least.
AFTER_ARRIVAL = 14
FURTHEST = 120


def order_picture(ask: Ask, order: PurchaseOrder) -> tuple[Chart, ...]:
    """The stock of the order's main line, with the order and without it; nothing where that is unknown."""
    lines = [line for line in order.lines if line.outstanding > 0 and line.sku in ask.catalogue.products]
    if not lines:
        return ()
    main = max(lines, key=lambda line: line.outstanding * (line.unit_cost or 1))
    product = ask.catalogue.products[main.sku]
    known = plans(ask.store, (product,), ask.today)
    item = known.items[0]
    coming = float(sum(line.outstanding for line in lines if line.sku == main.sku))
    return stock_picture(ask, without(item, coming), coming, _days(ask, order, main, known))


def without(item: Item, quantity: float) -> Item:
    """The item as if ``quantity`` of what is on order were not; the latest goes first."""
    left, kept = quantity, []
    for one in sorted(item.on_order, key=lambda one: -one.day):
        taken = min(left, one.quantity)
        left -= taken
        if one.quantity > taken:
            kept.append(Arrival(one.day, one.quantity - taken))
    return replace(item, on_order=tuple(reversed(kept)))


def _days(ask: Ask, order: PurchaseOrder, main: PurchaseLine, known: Plans) -> float:
    """In how many days it comes; a draft that nobody gave a day, a lead time from now."""
    if order.expected_on is None:
        return known.items[0].lead.mean_days
    return max(known.leads.awaited(main, ask.today, known.items[0].lead.mean_days).days, 1.0)


def stock_picture(
    ask: Ask, item: Item, quantity: float, arrives_in: float | None = None
) -> tuple[Chart, ...]:
    """Expected stock without an order of ``quantity`` and with it, its band and the delivery."""
    arrival = item.lead.mean_days if arrives_in is None else arrives_in
    days = min(max(DAYS_AHEAD, round(arrival) + AFTER_ARRIVAL), FURTHEST)
    plain = project(item, ask.today, days)
    if not plain.expected.stock.any() and quantity <= 0:
        return ()
    series = [Series("without it" if quantity else "expected", _rounded(plain.expected.stock))]
    if quantity > 0:
        ordered = project(item, ask.today, days, ordered=(Arrival(arrival, quantity),))
        series.append(Series("with the order", _rounded(ordered.expected.stock)))
        series += _band(ordered)
        series.append(Series("arrives", _marked(ordered.expected.arrived), "mark"))
    else:
        series += _band(plain)
    product = ask.catalogue.products[item.sku]
    labels = tuple((ask.today + timedelta(days=day)).isoformat() for day in range(days))
    title = f"Stock of {product.name}, day by day"
    return (Chart(title, "line", labels, tuple(series), "" if product.unit == "each" else product.unit),)


def _band(found: Projection) -> list[Series]:
    """Between much demand with late deliveries and little demand, either rarer than one case in ten."""
    low, high = (_rounded(course.stock) for course in (found.low, found.high))
    return [Series("low", low, "edge"), Series("high", high, "edge")]


def _marked(arrived: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(round(float(value), 1) if value > 0 else None for value in arrived)


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(value), 1) for value in values)
