"""A joint order by simple steps, always with an answer: cover, take better tiers, reach minimums, fit.

The solver must not be worse than this, and where it finds nothing in its time this is the answer.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from functools import partial

from tools.maths.replenishment.joint_lines import Line, Order, Plan, SupplierRule, reached, values

_EVEN = 1e-9
Quantities = dict[str, float]


def greedy(order: Order) -> Quantities:
    """A plan that keeps all rules: every need covered where the limits allow it, the dearest first else."""
    plan: Quantities = {}
    for supplier, lines in order.by_supplier().items():
        plan |= for_supplier(lines, order.rule(supplier))
    return plan if order.fits(plan) else fitted(order, plan)


def for_supplier(lines: Sequence[Line], rule: SupplierRule) -> Quantities:
    """The lines of one supplier without common limits: all needs covered, or nothing bought."""
    nothing = {line.key: 0.0 for line in lines}
    if not any(line.need > 0 for line in lines):
        return nothing
    plan = {line.key: _best_tier(line, line.full) for line in lines}
    if reached(lines, rule.minimum_value):
        return plan
    if not _reach_minimum(lines, plan, rule.minimum_value):
        return nothing
    full = rule.order_cost + sum(line.cost(plan[line.key]) for line in lines)
    return plan if full <= sum(line.cost(0.0) for line in lines) else nothing


def _best_tier(line: Line, quantity: float) -> float:
    """The quantity or, where that costs less all told, the start of a higher tier."""
    if quantity <= 0:
        return 0.0
    starts = [line.up(start) for start, _ in line.tiers if quantity < start]
    return min((quantity, *(start for start in starts if start <= line.bound)), key=line.cost)


def _reach_minimum(lines: Sequence[Line], plan: Quantities, minimum: float) -> bool:
    """Add packs that cost least to hold for their money until the value is reached."""
    value = sum(values(lines, plan).values())
    while value < minimum - _EVEN:
        steps = [(line, step) for line in lines if (step := _larger(line, plan[line.key])) is not None]
        if not steps:
            return False
        line, quantity = min(steps, key=partial(_dearness, plan, minimum - value))
        value += line.purchase(quantity) - line.purchase(plan[line.key])
        plan[line.key] = quantity
    return True


def _larger(line: Line, quantity: float) -> float | None:
    """The next quantity up that costs more to buy, so that a minimum comes nearer."""
    found = line.least if quantity <= 0 else quantity + line.pack
    while found <= line.bound + _EVEN and line.purchase(found) <= line.purchase(quantity) + _EVEN:
        found += line.pack
    return found if found <= line.bound + _EVEN else None


def _dearness(plan: Plan, missing: float, step: tuple[Line, float]) -> float:
    line, now = step
    before = plan[line.key]
    gained = min(line.purchase(now) - line.purchase(before), missing)
    return (line.cost(now) - line.cost(before)) / max(gained, _EVEN)


def fitted(order: Order, plan: Plan) -> Quantities:
    """The plan cut down until the limits are kept, suppliers below their minimum dropped, then filled up."""
    found = dict(plan)
    _cut(order, found)
    _drop_poor(order, found)
    _fill(order, found)
    return found


def _cut(order: Order, plan: Quantities) -> None:
    """Take away what loses least for the limits that it eases, until all are kept."""
    used = order.taken(plan)
    while any(over := _broken(order, used)):
        steps = [step for line in order.lines if (step := _cheapest_cut(order, line, plan[line.key], over))]
        heapq.heapify(steps)
        while steps and _broken(order, used) == over:
            _, key, fewer, line = heapq.heappop(steps)
            used = _added(used, _change(line, plan[key], fewer))
            plan[key] = fewer
            if again := _cheapest_cut(order, line, fewer, over):
                heapq.heappush(steps, again)
        if not steps and _broken(order, used) == over:
            return


def _cheapest_cut(
    order: Order, line: Line, quantity: float, over: Sequence[bool]
) -> tuple[float, str, float, Line] | None:
    """The loss for what a cut of one line eases, the line's key, what is left, and the line."""
    found = []
    for fewer in _fewer(line, quantity):
        ease = _eased(order, _change(line, quantity, fewer), over)
        if ease > 0:
            found.append(((line.cost(fewer) - line.cost(quantity)) / ease, line.key, fewer, line))
    return min(found, key=lambda step: step[0], default=None)


def _broken(order: Order, used: Sequence[float]) -> list[bool]:
    return [have > most + 1e-6 for have, most in zip(used, order.most, strict=True)]


def _added(used: Sequence[float], step: Sequence[float]) -> tuple[float, float, float]:
    money, volume, weight = (have + more for have, more in zip(used, step, strict=True))
    return money, volume, weight


def _fewer(line: Line, quantity: float) -> Iterator[float]:
    if quantity <= 0:
        return
    if quantity - line.pack >= line.least - _EVEN:
        yield quantity - line.pack
    yield 0.0


def _change(line: Line, before: float, now: float) -> tuple[float, float, float]:
    step = now - before
    return line.purchase(now) - line.purchase(before), line.volume * step, line.weight * step


def _eased(order: Order, step: Sequence[float], over: Sequence[bool]) -> float:
    """How much a change eases the limits that are broken, as shares of them."""
    eased = zip(step, order.most, over, strict=True)
    return sum(-change / max(most, _EVEN) for change, most, broken in eased if broken)


def _drop_poor(order: Order, plan: Quantities) -> None:
    for supplier, value in values(order.lines, plan).items():
        if 0 < value < order.rule(supplier).minimum_value - 1e-6:
            plan |= {line.key: 0.0 for line in order.lines if line.supplier == supplier}


def _fill(order: Order, plan: Quantities) -> None:
    """Add what gains most for its money while it fits, for suppliers that are ordered from anyway."""
    used = order.taken(plan)
    ordered = {supplier for supplier, value in values(order.lines, plan).items() if value > 0}
    lines = [line for line in order.lines if line.supplier in ordered and line.need > 0]
    steps = [step for line in lines if (step := _best_gain(line, plan[line.key]))]
    heapq.heapify(steps)
    while steps:
        _, key, more, line = heapq.heappop(steps)
        after = _added(used, _change(line, plan[key], more))
        if any(_broken(order, after)):
            continue
        used, plan[key] = after, more
        if again := _best_gain(line, more):
            heapq.heappush(steps, again)


def _best_gain(line: Line, quantity: float) -> tuple[float, str, float, Line] | None:
    """What one step more of a line costs (below 0: gains) for its money; None where it gains nothing."""
    more = _larger(line, quantity)
    if more is None:
        return None
    money = line.purchase(more) - line.purchase(quantity)
    loss = (line.cost(more) - line.cost(quantity)) / max(money, _EVEN)
    return (loss, line.key, more, line) if loss < 0 else None
