"""Who sends what, what travels together, and boxes on pallets: how good the answers are, and how long they take.

    python bench/allocation.py [orders] [shipments] [pallets] [--seeds 3]

Without words all of it.  The problems are made up here, from fixed seeds: "plenty" has two to four times the stock
that is wanted, "scarce" little more than is wanted, so that most products vie.  Times are CPU seconds of one process;
solvers stop by the wall clock, so a busy machine makes gaps larger.  Every answer passes its own checker.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from math import hypot
from random import Random
from time import process_time
from typing import Any

from tools.maths.allocation.batch import allocate
from tools.maths.allocation.problem import Line, Order, Problem, Way, faults
from tools.maths.consolidation.pallets import Box, pack
from tools.maths.consolidation.pallets import faults as pallet_faults
from tools.maths.consolidation.shipments import Carrier, Load, consolidate

PARTS = ("orders", "shipments", "pallets")
ORDER_ROWS = ((1, 3, 0.1, "<= 20 ms"), (50, 3, 1.0, "optimal 0.1 s"), (200, 3, 1.0, "optimal 1 s"))
ORDER_ROWS += ((500, 5, 10.0, "<= 0.5 % at 10 s"),)
SHIPMENT_ROWS = ((150, 7, 1.0, "optimal 1 s"), (400, 10, 10.0, "<= 2 % at 10 s"))
PALLET_ROWS = ((20, 1.0, "optimal 1 s"), (45, 2.0, "<= 1 over the area bound"))
STOCK = {"plenty": (2.0, 4.0), "scarce": (1.0, 2.5)}
FLEET = (Carrier("van", (400,), 60.0), Carrier("truck", (1000,), 110.0), Carrier("lorry", (2400,), 190.0))


def orders(count: int, places: int, seed: int, stock: tuple[float, float]) -> Problem:
    """Orders of one to four lines over a square of 50 km."""
    draw = Random(seed)
    goods, names = [f"S{at}" for at in range(max(20, count // 2))], [f"P{at}" for at in range(places)]
    where = {name: (draw.random() * 50, draw.random() * 50) for name in names}
    wanted: dict[str, int] = defaultdict(int)
    made = []
    for at in range(count):
        home = (draw.random() * 50, draw.random() * 50)
        lines = []
        for sku in draw.sample(goods, draw.randint(1, 4)):
            amount = draw.randint(1, 4)
            wanted[sku] += amount
            risk = {name: draw.random() * 1.5 * amount for name in names}
            lines.append(Line(sku, amount, 20.0 + 5 * amount, risk))
        km = {name: hypot(home[0] - x, home[1] - y) for name, (x, y) in where.items()}
        ways = {name: Way(3.0 + 0.2 * far, 0.5) for name, far in km.items()}
        made.append(Order(f"O{at}", tuple(lines), ways))
    held = {}
    for sku in goods:
        total = int(max(wanted[sku], 1) * draw.uniform(*stock))
        cuts = [0.0, *sorted(draw.random() for _ in range(places - 1)), 1.0]
        for name, low, high in zip(names, cuts, cuts[1:], strict=False):
            held[(sku, name)] = int(total * (high - low))
    return Problem(tuple(made), held, 3.0)


def loads(count: int, days: int, seed: int) -> list[Load]:
    """Loads for four zones, each with up to two days to spare either way."""
    draw = Random(seed)
    made = []
    for at in range(count):
        own = draw.randrange(days)
        first, last = max(0, own - draw.randint(0, 2)), min(days - 1, own + draw.randint(0, 2))
        zone, size = f"zone {draw.randrange(4)}", draw.randint(5, 120)
        made.append(Load(f"L{at}", zone, (size,), first, last, own, 0.5))
    return made


def boxes(count: int, seed: int) -> list[Box]:
    """Boxes of 20 to 70 by 20 to 60 cm."""
    draw = Random(seed)
    return [Box(str(at), draw.randint(20, 70), draw.randint(20, 60)) for at in range(count)]


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The answer and the CPU seconds it took."""
    start = process_time()
    return work(), process_time() - start


def order_rows(seeds: int) -> None:
    """Order routing, sizes as in the goals."""
    allocate(orders(5, 3, 99, STOCK["scarce"]), seconds=1.0)
    for kind, stock in STOCK.items():
        for count, places, seconds, goal in ORDER_ROWS:
            for seed in range(seeds):
                problem = orders(count, places, seed, stock)
                found, took = timed(lambda: allocate(problem, seconds=seconds))  # noqa: B023 - called at once
                wrong = faults(found.problem, found.choices)
                better = 100 * (1 - found.cost / found.greedy_cost)
                print(
                    f"{kind:7} {count:4} orders x {places}: {found.status:12} {took:7.3f} s CPU, "
                    f"{better:4.1f} % below greedy, {len(found.binding):3} cells bind ({goal})"
                    + (f" WRONG {wrong[:2]}" if wrong else "")
                )


def shipment_rows(seeds: int) -> None:
    """Shipments, sizes as in the goals."""
    consolidate(loads(5, 3, 99), FLEET, seconds=0.1)
    for count, days, seconds, goal in SHIPMENT_ROWS:
        for seed in range(seeds):
            made = loads(count, days, seed)
            found, took = timed(lambda: consolidate(made, FLEET, seconds=seconds))  # noqa: B023 - called at once
            late = [load.key for load in made if not load.first <= found.days[load.key] <= load.last]
            print(
                f"{count} x {days} days: {found.status:10} {took:6.2f} s CPU, {found.cost:.0f} against "
                f"{found.apart:.0f} apart, {found.carriers} carriers ({goal})"
                + (f" LATE {late}" if late else "")
            )


def pallet_rows(seeds: int) -> None:
    """Pallets of 120 x 80 cm."""
    for count, seconds, goal in PALLET_ROWS:
        for seed in range(seeds):
            made = boxes(count, seed)
            found, took = timed(lambda: pack(made, 120, 80, seconds=seconds))  # noqa: B023 - called at once
            wrong = pallet_faults(found, made, 120, 80)
            print(
                f"{count} boxes: {found.pallets} pallets, at least {found.bound} ({found.status}), "
                f"{took:5.2f} s CPU ({goal})" + (f" WRONG {wrong[:2]}" if wrong else "")
            )


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    for name, rows in zip(PARTS, (order_rows, shipment_rows, pallet_rows), strict=True):
        if not given.parts or name in given.parts:
            rows(given.seeds)


if __name__ == "__main__":
    main()
