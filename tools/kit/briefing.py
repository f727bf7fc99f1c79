"""What the brief of the day adds to the books: what was expected, and the one thing to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.fates import Fate
from tools.kit.holdings import Scope
from tools.kit.leftover import Left
from tools.kit.outlook import outlook_of
from tools.kit.reply import Button, Call
from tools.kit.words import facts, money, near_day
from tools.store import LotLevel, PurchaseLine
from tools.store.facts import SensorReading
from tools.store.planning_facts import PurchaseOrder

RUNS_LOOKED_AT = 60
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that only a person can decide, and the button that does it (None where there is none)."""

    words: str
    button: Button | None = None


def expected_units(ask: Ask, scope: Scope, day: date) -> float | None:
    """Units that the newest forecast made before ``day`` expected of it; None where there was none."""
    runs = ask.store.forecasts.runs(RUNS_LOOKED_AT)
    run = next((one for one in runs if one.state == "done" and one.cut_off < day), None)
    if run is None:
        return None
    places = (None,) if scope.whole else scope.places
    rows = [row for place in places for row in ask.store.forecasts.of(location=place, run_id=run.id)]
    return sum(outlook_of(row).between(day, day).mean for row in rows) if rows else None


def decision(ask: Ask, scope: Scope, running_out: Sequence[Fate]) -> Decision | None:
    """The order that waits for a yes and is worth most, else what should be ordered first."""
    if not ask.may(Right.BUY) or not scope.whole:
        return None
    waiting = [order for order in ask.store.purchasing.orders(statuses=(DRAFT,)) if order.lines]
    if waiting:
        return _approve(ask, max(waiting, key=lambda order: (order.value, order.po_no)))
    return _order(ask, running_out) if running_out else None


def _approve(ask: Ask, order: PurchaseOrder) -> Decision:
    supplier = ask.catalogue.supplier(order.supplier)
    name = supplier.name if supplier else order.supplier
    worth = f", {money(order.value, ask.catalogue.currency)}" if ask.may(Right.SEE_COSTS) else ""
    words = f"{order.po_no} to {name}{worth}, waits for a yes."
    return Decision(
        words, Button(f"Approve {order.po_no}", Call("po.approve", {"po": order.po_no}), "primary")
    )


def _order(ask: Ask, running_out: Sequence[Fate]) -> Decision:
    """The first to run out, or all of the supplier of whom most run out: one order mends it."""
    counts = Counter(fate.product.supplier for fate in running_out if fate.product.supplier)
    code, many = counts.most_common(1)[0] if counts else ("", 1)
    supplier = ask.catalogue.supplier(code) if many > 1 else None
    if supplier is not None:
        words = f"order from {supplier.name} today? {many} of its products run out before a delivery comes."
        call = Call("reorder.suggest", {"supplier": supplier.code})
        return Decision(words, Button(f"What to order from {supplier.name}", call, "primary"))
    fate = running_out[0]
    day, name = near_day(fate.out_on or ask.today, ask.today), fate.product.name
    words = f"order {name} today? It runs out {day}, and nothing comes before."
    offer = Button(f"What to order of {name}", Call("reorder.suggest", {"products": [fate.product.sku]}))
    return Decision(words, offer)


# -- rows of data ------------------------------------------------------------------------------------


def sensor_row(reading: SensorReading) -> dict[str, Any]:
    """A reading out of range, for ``data``."""
    sensor = reading.sensor
    return facts(sensor=sensor.code, value=reading.value, low=sensor.low, high=sensor.high)


def lot_row(lot: LotLevel) -> dict[str, Any]:
    """A lot, for ``data``."""
    return facts(
        sku=lot.sku, location=lot.location, lot=lot.lot, expires_on=lot.expires_on, quantity=lot.quantity
    )


def unsold_row(one: Left) -> dict[str, Any]:
    """What goes off before it is sold, for ``data``."""
    return facts(
        sku=one.product.sku, location=one.location, unsold=round(one.quantity, 1), expires_on=one.first
    )


def late_row(line: PurchaseLine) -> dict[str, Any]:
    """A line of an order that is late, for ``data``."""
    return facts(
        po=line.po_no,
        supplier=line.supplier,
        sku=line.sku,
        quantity=line.outstanding,
        expected_on=line.expected_on,
    )
