"""Boxes on the floors of pallets: each pallet as full as it gets, then CP-SAT for one pallet fewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil
from random import Random
from typing import Any

SOLVER_BOXES = 60
"""More boxes than this are not given to the solver."""
ORDERS, ANEW = 40, 4
BLUR = 0.7


@dataclass(frozen=True, slots=True)
class Box:
    """A box that may be turned on the floor; whole steps such as centimetres."""

    key: str
    width: int
    depth: int

    @property
    def area(self) -> int:
        """What it covers."""
        return self.width * self.depth


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a box stands: its pallet, its corner, and its sides as it is turned."""

    key: str
    pallet: int
    x: int
    y: int
    width: int
    depth: int

    def overlaps(self, other: Spot) -> bool:
        """Whether both want the same floor."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        behind = self.y + self.depth <= other.y or other.y + other.depth <= self.y
        return self.pallet == other.pallet and not (beside or behind)


@dataclass(frozen=True, slots=True)
class Packing:
    """Boxes on pallets: ``bound`` is how many it takes at least, ``too_large`` fit on none."""

    spots: tuple[Spot, ...]
    pallets: int
    bound: int
    too_large: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """Optimal, or how many pallets it may be above the best."""
        over = self.pallets - self.bound
        return "optimal" if over <= 0 else f"at most {over} above the best"


def pack(boxes: Sequence[Box], width: int, depth: int, *, seconds: float) -> Packing:
    """Few pallets of ``width`` x ``depth`` for these boxes, found in ``seconds`` of solving at most."""
    able = [box for box in boxes if _turns(box, width, depth)]
    too_large = tuple(box.key for box in boxes if not _turns(box, width, depth))
    spots = _greedy(able, width, depth)
    bound = _bound(able, width, depth)
    left = seconds
    while _count(spots) > bound and left > 0 and len(able) <= SOLVER_BOXES:
        fewer, sure, spent = _with(able, _count(spots) - 1, (width, depth), left)
        left -= max(spent, 0.01)
        if fewer is None:
            bound = _count(spots) if sure else bound
            break
        spots = fewer
    return Packing(tuple(spots), _count(spots), bound, too_large)


def faults(packing: Packing, boxes: Sequence[Box], width: int, depth: int) -> list[str]:
    """What is wrong with it, checked apart from how it was found."""
    sides = {box.key: sorted((box.width, box.depth)) for box in boxes}
    found = [
        f"{spot.key} is another box"
        for spot in packing.spots
        if sorted((spot.width, spot.depth)) != sides[spot.key]
    ]
    found += [
        f"{spot.key} stands over the edge"
        for spot in packing.spots
        if spot.x < 0 or spot.y < 0 or spot.x + spot.width > width or spot.y + spot.depth > depth
    ]
    pairs = ((one, other) for at, one in enumerate(packing.spots) for other in packing.spots[at + 1 :])
    found += [f"{one.key} stands on {other.key}" for one, other in pairs if one.overlaps(other)]
    if sorted([*(spot.key for spot in packing.spots), *packing.too_large]) != sorted(sides):
        found.append("not every box stands somewhere")
    return found


def _count(spots: Sequence[Spot]) -> int:
    return len({spot.pallet for spot in spots})


def _turns(box: Box, width: int, depth: int) -> list[tuple[int, int]]:
    turns = dict.fromkeys(((box.width, box.depth), (box.depth, box.width)))
    return [(wide, deep) for wide, deep in turns if wide <= width and deep <= depth]


def _bound(boxes: Sequence[Box], width: int, depth: int) -> int:
    """By the floor they cover; and no two boxes share a pallet that are over half of it both ways."""
    half = max(width, depth) / 2
    large = sum(1 for box in boxes if min(box.width, box.depth) > half)
    return max(ceil(sum(box.area for box in boxes) / (width * depth)), large)


def _greedy(boxes: Sequence[Box], width: int, depth: int) -> list[Spot]:
    """Pallet by pallet, each as full as some orders of the boxes make it, the largest box first.

    Begun anew a few times, as long as it may take fewer pallets.
    """
    draw = Random(len(boxes))  # noqa: S311 - orders to try, no secret
    found = _filled(boxes, (width, depth), 1, draw)
    for _ in range(ANEW):
        if _count(found) <= _bound(boxes, width, depth):
            break
        found = min((found, _filled(boxes, (width, depth), ORDERS, draw)), key=_count)
    return found


def _filled(boxes: Sequence[Box], floor: tuple[int, int], orders: int, draw: Random) -> list[Spot]:
    left = sorted(boxes, key=lambda box: (-box.area, box.key))
    spots: list[Spot] = []
    pallet = 0
    while left:
        tried = [_one_pallet(left, floor, pallet)]
        for _ in range(orders - 1):
            size = {box.key: draw.uniform(1.0 - BLUR, 1.0 + BLUR) * box.area for box in left}
            others = sorted(left[1:], key=lambda box: (-size[box.key], box.key))
            tried.append(_one_pallet([left[0], *others], floor, pallet))
        fullest = max(tried, key=lambda one: sum(spot.width * spot.depth for spot in one))
        placed = {spot.key for spot in fullest}
        left = [box for box in left if box.key not in placed]
        spots += fullest
        pallet += 1
    return spots


def _one_pallet(boxes: Sequence[Box], floor: tuple[int, int], pallet: int) -> list[Spot]:
    """The boxes that find a corner, in their order, each the lowest."""
    spots: list[Spot] = []
    for box in boxes:
        spot = _place(box, spots, floor, pallet)
        if spot is not None:
            spots.append(spot)
    return spots


def _place(box: Box, there: Sequence[Spot], floor: tuple[int, int], pallet: int) -> Spot | None:
    width, depth = floor
    across = {0, *(spot.x + spot.width for spot in there)}
    along = {0, *(spot.y + spot.depth for spot in there)}
    for y, x in sorted(product(along, across)):
        for wide, deep in _turns(box, width, depth):
            spot = Spot(box.key, pallet, x, y, wide, deep)
            inside = x + wide <= width and y + deep <= depth
            if inside and not any(spot.overlaps(other) for other in there):
                return spot
    return None


def _with(
    boxes: Sequence[Box], pallets: int, floor: tuple[int, int], seconds: float
) -> tuple[list[Spot] | None, bool, float]:
    """The boxes on so many pallets, whether the answer is certain, and the seconds it took.

    Pallets stand in a row; a box keeps within its own.
    """
    from ortools.sat.python import cp_model

    width, depth = floor
    model = cp_model.CpModel()
    across, along = [], []
    spots: list[tuple[Any, ...]] = []
    for box in sorted(boxes, key=lambda one: -one.area):
        turned = model.new_bool_var("")
        wide = model.new_int_var(min(box.width, box.depth), max(box.width, box.depth), "")
        deep = model.new_int_var(min(box.width, box.depth), max(box.width, box.depth), "")
        model.add(wide == box.width + (box.depth - box.width) * turned)
        model.add(deep == box.depth + (box.width - box.depth) * turned)
        pallet = model.new_int_var(0, min(pallets - 1, len(spots)), "")
        x, y = model.new_int_var(0, width, ""), model.new_int_var(0, depth, "")
        left, right = model.new_int_var(0, width * pallets, ""), model.new_int_var(0, width * pallets, "")
        model.add(left == pallet * width + x)
        model.add(x + wide <= width)
        back = model.new_int_var(0, depth, "")
        across.append(model.new_interval_var(left, wide, right, ""))
        along.append(model.new_interval_var(y, deep, back, ""))
        spots.append((box, pallet, x, y, wide, deep))
    model.add_no_overlap_2d(across, along)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, status == cp_model.INFEASIBLE, float(solver.wall_time)
    found = [Spot(box.key, *(int(solver.value(part)) for part in parts)) for box, *parts in spots]
    return found, True, float(solver.wall_time)
