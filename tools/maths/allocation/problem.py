"""Orders, places and what sending from there costs, as plain facts.

Quantities are whole steps (the caller chooses the step, such as a thousandth of a kilogram), costs are money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Cell = tuple[str, str]
"""Stock of one product at one place: (SKU, place)."""


@dataclass(frozen=True, slots=True)
class Line:
    """``quantity`` > 0 of a product, sent whole from one place or not now.

    Attributes:
        sku: The product.
        quantity: How many steps of it.
        missing: What not sending it now costs.
        risk: By place what taking it from there costs in sales that are then lost there; 0 where not told.
    """

    sku: str
    quantity: int
    missing: float
    risk: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """What it costs to send an order from a place, however much of it: the way, and the wait there."""

    shipping: float
    waiting: float = 0.0

    @property
    def cost(self) -> float:
        """Both together."""
        return self.shipping + self.waiting


@dataclass(frozen=True)
class Order:
    """What one customer wants.  A place without a way cannot send it (in time)."""

    key: str
    lines: tuple[Line, ...]
    ways: Mapping[str, Way]

    def cells(self) -> Iterator[Cell]:
        """The stock that it might take from."""
        return ((line.sku, place) for line in self.lines for place in self.ways)

    @cached_property
    def repeats(self) -> bool:
        """Whether a product is on several of its lines, so that they vie for the same stock."""
        return len({line.sku for line in self.lines}) < len(self.lines)


@dataclass(frozen=True)
class Problem:
    """Orders that are placed together.

    Attributes:
        orders: Which; those that come first are served first where all else is equal.
        stock: By cell what can be promised, in steps; nothing where not told.
        split: What every parcel of an order beyond its first costs on top of its way.
    """

    orders: tuple[Order, ...]
    stock: Mapping[Cell, int]
    split: float = 0.0

    def there(self, cell: Cell) -> int:
        """What of it can be promised there; never below 0."""
        return max(self.stock.get(cell, 0), 0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a choice costs, part by part."""

    shipping: float = 0.0
    waiting: float = 0.0
    splitting: float = 0.0
    risk: float = 0.0
    missing: float = 0.0

    @property
    def total(self) -> float:
        """All of it."""
        return self.sent + self.missing

    @property
    def sent(self) -> float:
        """What is paid for what is sent, without what is not."""
        return self.shipping + self.waiting + self.splitting + self.risk


@dataclass(frozen=True, slots=True)
class Choice:
    """Line by line the place that sends it, None for what is not sent now."""

    places: tuple[str | None, ...]
    cost: Cost

    @property
    def senders(self) -> tuple[str, ...]:
        """The places that send something."""
        return tuple(dict.fromkeys(place for place in self.places if place is not None))

    @property
    def whole(self) -> bool:
        """Whether everything is sent."""
        return None not in self.places


Choices = dict[str, Choice]
"""By order."""


def cost_of(order: Order, places: tuple[str | None, ...], split: float) -> Cost:
    """What it costs to send line by line from these places."""
    used = {place for place in places if place is not None}
    pairs = list(zip(order.lines, places, strict=True))
    return Cost(
        sum(order.ways[place].shipping for place in used),
        sum(order.ways[place].waiting for place in used),
        split * max(len(used) - 1, 0),
        sum(line.risk.get(place, 0.0) for line, place in pairs if place is not None),
        sum(line.missing for line, place in pairs if place is None),
    )


def taken(orders: tuple[Order, ...], choices: Mapping[str, Choice]) -> dict[Cell, int]:
    """What the choices take, by cell."""
    sums: dict[Cell, int] = defaultdict(int)
    for order in orders:
        for line, place in zip(order.lines, choices[order.key].places, strict=True):
            if place is not None:
                sums[(line.sku, place)] += line.quantity
    return dict(sums)


def faults(problem: Problem, choices: Mapping[str, Choice]) -> list[str]:
    """What is wrong with an answer, checked apart from how it was found; nothing for a sound one."""
    if set(choices) != {order.key for order in problem.orders}:
        return ["not every order has an answer"]
    found = []
    for order in problem.orders:
        choice = choices[order.key]
        if len(choice.places) != len(order.lines) or not set(choice.senders) <= set(order.ways):
            found.append(f"{order.key} is sent from where it cannot be sent")
        elif abs(choice.cost.total - cost_of(order, choice.places, problem.split).total) > 1e-6:
            found.append(f"{order.key} costs something else")
    if found:
        return found
    return [
        f"{cell} gives {amount} of {problem.there(cell)}"
        for cell, amount in taken(problem.orders, choices).items()
        if amount > problem.there(cell)
    ]
