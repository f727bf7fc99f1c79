"""Moving stock between places before buying: what is too much here may be missing there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from tools.maths.replenishment.items import Arrival, Item
from tools.maths.replenishment.policy import Decision, figure


@dataclass(frozen=True, slots=True)
class Transfer:
    """Stock of one product that should go from one place to another, and why."""

    sku: str
    source: str
    destination: str
    quantity: float
    why: str


def transfers(decisions: Sequence[Decision], *, least_value: float = 0.0) -> list[Transfer]:
    """Moves that cover needs from what other places have above their own cover.

    A place gives only what is above its own order-up-to level and really there.  The place that stands to
    lose most is served first, from the place that has most to spare.

    Args:
        decisions: What each place would buy; products are matched by SKU.
        least_value: A move of goods that cost less than this is not worth the way.
    """
    by_sku: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_sku[decision.item.sku].append(decision)
    return [move for same in by_sku.values() if len(same) > 1 for move in _of_one(same, least_value)]


def _of_one(decisions: Sequence[Decision], least_value: float) -> list[Transfer]:
    spare = {decision.item.place: _spare(decision) for decision in decisions}
    ups = {decision.item.place: decision.order_up_to for decision in decisions}
    found = []
    for short in sorted(decisions, key=lambda one: (-one.short * (one.item.margin or 1.0), -one.risk)):
        missing = ceil(short.needed) if short.item.outlook.kind == "counts" else short.needed
        for place in sorted(spare, key=lambda name: (-spare[name], name)):
            quantity = min(missing, spare[place])
            if quantity <= 0 or place == short.item.place:
                continue
            if quantity * (short.item.unit_cost or 0.0) < least_value:
                continue
            why = f"{place} has {figure(spare[place])} above its own {figure(ups[place])}; {short.why}"
            found.append(Transfer(short.item.sku, place, short.item.place, quantity, why))
            spare[place] -= quantity
            missing -= quantity
    return found


def _spare(decision: Decision) -> float:
    beyond = min(decision.position - decision.order_up_to, decision.item.available)
    return max(0.0, float(floor(beyond)) if decision.item.outlook.kind == "counts" else beyond)


def after(items: Sequence[Item], moves: Sequence[Transfer], days: float) -> list[Item]:
    """The items once ``moves`` are under way: gone from the source, coming in ``days`` elsewhere."""
    found = []
    for item in items:
        gone = sum(move.quantity for move in moves if (move.sku, move.source) == (item.sku, item.place))
        come = [
            Arrival(days, move.quantity)
            for move in moves
            if (move.sku, move.destination) == (item.sku, item.place)
        ]
        found.append(replace(item, on_hand=item.on_hand - gone, on_order=(*item.on_order, *come)))
    return found
