"""One order by itself: every set of places that could send it, with its cost, cheapest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from tools.maths.allocation.problem import Cell, Choice, Line, Order, Problem, Way, cost_of

MANY_PLACES = 6
MOST_PARCELS = 3


def parcels(order: Order) -> int:
    """The most places that are looked at together for one order."""
    most = min(len(order.lines), len(order.ways))
    return most if len(order.ways) <= MANY_PLACES else min(most, MOST_PARCELS)


def exact(order: Order) -> bool:
    """Whether :func:`options` surely holds the cheapest answer for stock that nobody else takes from."""
    return not order.repeats and parcels(order) == min(len(order.lines), len(order.ways))


def options(order: Order, stock: Mapping[Cell, int], split: float) -> list[Choice]:
    """What sets of places could send of it and at what cost, cheapest first.

    Within a set each line goes from where it costs least there; sets that leave a place idle are not told.
    The last resort, sending nothing, is among them.
    """
    holding = tuple(place for place in order.ways if _holds(order, place, stock))
    found = {}
    for size in range(min(parcels(order), len(holding)) + 1):
        for places in _sets(holding, size):
            choice = _choice(order, places, stock, split)
            if len(choice.senders) == size:
                found[choice.places] = choice
    return sorted(found.values(), key=lambda one: (one.cost.total, len(one.senders), one.senders))


def best(order: Order, stock: Mapping[Cell, int], split: float) -> Choice:
    """The cheapest of them."""
    return options(order, stock, split)[0]


def cut(problem: Problem) -> Problem:
    """The same orders, with lines that no place holds whole cut into what each place could give of them.

    What nobody holds stays as a line of its own.  Fullest place first.
    """
    return replace(problem, orders=tuple(_cut_order(problem, order) for order in problem.orders))


@lru_cache(maxsize=4096)
def _sets(places: tuple[str, ...], size: int) -> tuple[tuple[str, ...], ...]:
    return tuple(combinations(places, size))


def _holds(order: Order, place: str, stock: Mapping[Cell, int]) -> bool:
    return any(stock.get((line.sku, place), 0) >= line.quantity for line in order.lines)


def _choice(order: Order, places: tuple[str, ...], stock: Mapping[Cell, int], split: float) -> Choice:
    given: dict[Cell, int] = {}
    chosen = []
    for line in order.lines:
        place = _cheapest(line, places, stock, given)
        if place is not None and order.repeats:
            given[(line.sku, place)] = given.get((line.sku, place), 0) + line.quantity
        chosen.append(place)
    return Choice(tuple(chosen), cost_of(order, tuple(chosen), split))


def _cheapest(
    line: Line, places: tuple[str, ...], stock: Mapping[Cell, int], given: Mapping[Cell, int]
) -> str | None:
    found, least = None, line.missing
    for place in places:
        cell = (line.sku, place)
        risk = line.risk.get(place, 0.0)
        worth = risk < least or (found is None and risk == least)
        if worth and stock.get(cell, 0) - given.get(cell, 0) >= line.quantity:
            found, least = place, risk
    return found


def _cut_order(problem: Problem, order: Order) -> Order:
    lines = [piece for line in order.lines for piece in _pieces(problem, line, order.ways)]
    return replace(order, lines=tuple(lines)) if len(lines) > len(order.lines) else order


def _pieces(problem: Problem, line: Line, ways: Mapping[str, Way]) -> list[Line]:
    there = sorted((-problem.there((line.sku, place)), place) for place in ways)
    if not there or -there[0][0] >= line.quantity or there[0][0] == 0:
        return [line]
    left, found = line.quantity, []
    for held, _ in there:
        if amount := min(-held, left):
            found.append(_part(line, amount))
            left -= amount
    return [*found, _part(line, left)] if left else found


def _part(line: Line, amount: int) -> Line:
    share = amount / line.quantity
    return Line(
        line.sku, amount, line.missing * share, {key: cost * share for key, cost in line.risk.items()}
    )
