"""Ordering: exact problems of the textbooks, joint orders, possible futures, and a replay on real demand.

    python bench/replenishment.py [exact] [joint] [futures] [proposal] [replay] [--boost/--no-boost] [--only juice] [--series 100]

Without words all of it.  The problems and the demand are public data beside the project; where they are not there the
part that needs them says so and is left out.  Times are CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from replenishment_replay import (
    LEVELS,
    Panel,
    Point,
    car_parts,
    compared,
    cover_at,
    online_retail,
    orange_juice,
)
from served import SHARED

from tools.maths.demand import Settings
from tools.maths.replenishment import (
    Change,
    Futures,
    Item,
    Limits,
    Line,
    Order,
    Outlook,
    Policy,
    SupplierRule,
    joint_order,
    learn,
    propose,
    review,
    single_period,
    what_if,
)
from tools.maths.replenishment import lot_sizes as lots
from tools.maths.replenishment.joint_lines import broken

PROBLEMS = SHARED / "data" / "forecast" / "published" / "inventory_exact_problems.json"
TODAY = date(2026, 3, 2)
CLOSE = 1e-4
Inputs = Mapping[str, Any]
PARTS = ("exact", "joint", "futures", "proposal", "replay")
# Least saving of stock at 90 % fill and most cost against mean + z sigma, in per cent: wanted / hoped for.
GOALS = {"Online Retail": (10, 18, 85), "car parts": (5, 10, 97), "orange juice": (18, 30, 88)}


def lot(found: lots.LotSize) -> dict[str, Any]:
    return {"Q": found.quantity, "cost": found.cost}


def stock(found: single_period.Stock, cost: str = "cost") -> dict[str, Any]:
    return {"S": found.level, cost: found.cost}


def backorders(i: Inputs) -> dict[str, Any]:
    found, share = lots.with_backorders(**i)
    return lot(found) | {"x_backorder_fraction": share}


def price_breaks(i: Inputs) -> dict[str, Any]:
    tiers = list(zip(i["breakpoints"], i["unit_costs"], strict=True))
    return lot(lots.with_price_breaks(i["fixed_cost"], i["holding_cost_rate"], i["demand_rate"], tiers))


def wagner_whitin(i: Inputs) -> dict[str, Any]:
    quantities, cost = lots.dynamic_lots(
        i["demand"], i["fixed_cost"], i["holding_cost"], i.get("purchase_cost")
    )
    return {"Q": [0, *quantities], "cost": cost}


def joint_cycle(i: Inputs) -> dict[str, Any]:
    shared, own = i["shared_fixed_cost"], i["individual_fixed_costs"]
    found = lots.joint_cycle(shared, own, i["holding_costs"], i["demand_rates"])
    known = {"base_cycle_time": found.time, "order_multiples": list(found.multiples), "cost": found.cost}
    return known | {"Q": list(found.quantities)}


def newsvendor(i: Inputs) -> dict[str, Any]:
    costs = i["holding_cost"], i["stockout_cost"]
    return stock(single_period.normal(*costs, i["demand_mean"], i["demand_sd"], i.get("lead_time", 0)))


def newsvendor_in_money(i: Inputs) -> dict[str, Any]:
    money = i["revenue"], i["purchase_cost"], i["salvage_value"]
    return stock(single_period.normal_profit(*money, i["demand_mean"], i["demand_sd"]), "profit")


def newsvendor_discrete(i: Inputs) -> dict[str, Any]:
    chances = {int(demand): chance for demand, chance in i["demand_pmf"].items()}
    return stock(single_period.discrete(i["holding_cost"], i["stockout_cost"], chances))


def costs_of(i: Inputs) -> review.Costs:
    return review.Costs(i["holding_cost"], i["stockout_cost"], i["fixed_cost"])


def demand_of(i: Inputs) -> review.Demand:
    return review.Demand(i["demand_mean"], i["demand_sd"], i.get("lead_time", 0))


def rule(found: review.ReorderRule) -> dict[str, Any]:
    return {"r": found.point, "Q": found.quantity, "cost": found.cost}


def levels(found: review.OrderUpTo) -> dict[str, Any]:
    return {"s": found.point, "S": found.level, "cost": found.cost}


SOLVERS: Mapping[str, Callable[[Inputs], dict[str, Any]]] = {
    "economic_order_quantity": lambda i: lot(lots.economic_order_quantity(**i)),
    "economic_order_quantity_with_backorders": backorders,
    "economic_production_quantity": lambda i: lot(lots.economic_production_quantity(**i)),
    "economic_order_quantity_with_all_units_discounts": price_breaks,
    "wagner_whitin": wagner_whitin,
    "joint_replenishment_problem_silver_heuristic": joint_cycle,
    "newsvendor_normal": newsvendor,
    "newsvendor_normal_explicit": newsvendor_in_money,
    "newsvendor_poisson": lambda i: stock(
        single_period.poisson(i["holding_cost"], i["stockout_cost"], i["demand_mean"])
    ),
    "newsvendor_discrete": newsvendor_discrete,
    "newsvendor_continuous": lambda i: stock(
        single_period.lognormal(i["holding_cost"], i["stockout_cost"], i["mu"], i["sigma"])
    ),
    "r_q_poisson_exact": lambda i: rule(review.poisson_exact(costs_of(i), i["demand_mean"], i["lead_time"])),
    "r_q_eil_approximation": lambda i: rule(review.by_expected_level(costs_of(i), demand_of(i))),
    "r_q_eoqb_approximation": lambda i: rule(review.by_backorders(costs_of(i), demand_of(i))),
    "r_q_eoqss_approximation": lambda i: rule(review.by_safety_stock(costs_of(i), demand_of(i))),
    "r_q_loss_function_approximation": lambda i: rule(review.by_loss_function(costs_of(i), demand_of(i))),
    "s_s_discrete_exact": lambda i: levels(review.order_up_to_exact(costs_of(i), i["demand_mean"])),
    "s_s_power_approximation": lambda i: levels(review.power_approximation(costs_of(i), demand_of(i))),
}
# What the reference tells besides the answer.
BESIDES = {"region", "cost_to_go", "next"}


def exact() -> None:
    """Every problem of the file, against the answers in it."""
    if not PROBLEMS.exists():
        print(f"exact problems: {PROBLEMS.name} is not here")
        return
    problems = json.loads(PROBLEMS.read_text())["problems"]
    wrong = []
    for problem in problems:
        found = SOLVERS[problem["stockpyl_function"].split("(")[0]](problem["inputs"])
        for name, expected in problem["expected"].items():
            if name not in BESIDES and not same(found.get(name), expected):
                wrong.append(f"  {problem['problem']}: {name} is {found.get(name)}, not {expected}")
    print(f"exact problems: {len(problems)}, {len(wrong)} answers wrong (goal 0)", *wrong, sep="\n")


def same(found: Any, expected: Any) -> bool:
    pairs = zip(found, expected, strict=True) if isinstance(expected, list) else [(found, expected)]
    return all(one is not None and abs(one - two) <= CLOSE * max(1, abs(two)) for one, two in pairs)


def some_order(size: int, suppliers: int, seed: int, *, tight: bool) -> Order:
    """Lines with packs, minimum quantities and tiers; limits at 70 % of the money and 75 % of the room needed."""
    rng = random.Random(seed)
    lines = [some_line(rng, number, f"V{number % suppliers}") for number in range(size)]
    rules = {
        f"V{at}": SupplierRule(rng.choice([0, 250, 500, 2000]), rng.choice([0, 8, 15]))
        for at in range(suppliers)
    }
    free = Order(tuple(lines), rules)
    money, litres, _ = free.taken({line.key: line.full for line in lines})
    return Order(free.lines, rules, Limits(money * 0.7, litres * 0.75)) if tight else free


def some_line(rng: random.Random, number: int, supplier: str) -> Line:
    cost = round(rng.lognormvariate(1.5, 0.8), 2)
    need = rng.randint(1, 120) if rng.random() < 0.85 else 0
    breaks = ((rng.choice([48, 100]), round(cost * 0.95, 3)), (rng.choice([200, 300]), round(cost * 0.9, 3)))
    margin = cost * rng.uniform(0.3, 1.2)
    return Line(
        f"S{number}",
        supplier,
        need,
        need * 2 + 60,
        cost,
        pack=rng.choice([1.0, 1.0, 6.0, 12.0, 24.0]),
        moq=rng.choice([0.0, 0.0, 0.0, 12.0, 48.0]),
        tiers=breaks if rng.random() < 0.4 else (),
        worth=tuple((need / 3, margin * chance) for chance in (0.9, 0.5, 0.15)) if need else (),
        holding=cost * 0.25 * 45 / 365,
        volume=rng.uniform(0.2, 8),
    )


def joint() -> None:
    """Joint orders with and without common limits, three of each size."""
    print("joint orders: packs, minimums, tiers, supplier minimums; with budget and volume where tight")
    for size, suppliers, seconds in ((50, 3, 2.0), (200, 10, 10.0), (500, 20, 10.0)):
        for tight in (True, False):
            for seed in range(3):
                order = some_order(size, suppliers, seed, tight=tight)
                began = time.process_time()
                found = joint_order(order, seconds=seconds)
                took = time.process_time() - began
                assert not broken(order, found.quantities), broken(order, found.quantities)
                assert found.cost <= found.greedy_cost + 1e-6
                saved = 1 - found.cost / found.greedy_cost
                kind = "tight" if tight else "free "
                print(f"  {size:3d} lines {kind} {took:5.2f} s  {found.status:12s} {saved:6.2%} below greedy")


def some_items(count: int, seed: int = 1) -> list[Item]:
    rng = random.Random(seed)
    found = []
    for number in range(count):
        weekly = rng.lognormvariate(1.5, 1.0)
        sums = tuple(
            weekly * rng.uniform(1.2, 3) * week + (0.2 * weekly * week) ** 2 for week in range(1, 14)
        )
        cost = rng.uniform(1, 20)
        found.append(
            Item(
                f"S{number}",
                Outlook(TODAY, (weekly,) * 13, sums),
                learn([], rng.choice([3.0, 7.0, 14.0, 28.0])),
                f"V{number % 9}",
                on_hand=float(round(weekly * rng.uniform(0, 6))),
                pack_size=rng.choice([1.0, 6.0, 12.0]),
                unit_cost=cost,
                price=cost * rng.uniform(1.3, 2.5),
            )
        )
    return found


def futures() -> None:
    """What if demand rises by 30 %: 500 products in 1,000 futures of 13 weeks, before and after."""
    items = some_items(500)
    began = time.process_time()
    changed = [Change(demand=1.3).of(item) for item in items]
    found = what_if(items, changed, Policy(), TODAY, Futures(days=91, paths=1000))
    took = time.process_time() - began
    mean, low, high = found.difference()
    print(f"futures: 500 products x 1,000 paths x 91 days, before and after: {took:.1f} s (goal 5)")
    print(f"  demand +30 %: profit {mean:+,.0f} ({low:+,.0f} to {high:+,.0f})")


def proposal() -> None:
    """A proposal for 4,000 products from stored forecasts."""
    items = some_items(4000)
    for words, rules in (
        ("no supplier rules", {}),
        ("9 suppliers with minimums", {f"V{at}": SupplierRule(500.0) for at in range(9)}),
    ):
        began = time.process_time()
        found = propose(items, rules, today=TODAY)
        took = time.process_time() - began
        print(
            f"proposal: 4,000 products, {words}: {len(found.lines)} lines, {found.status}, {took:.2f} s (goal 2)"
        )


def replay(settings: Settings, only: str, series: int) -> None:
    """The forecaster's levels against mean + z sigma on three sets of real demand."""
    for load in (online_retail, car_parts, orange_juice):
        try:
            panel = load()
        except FileNotFoundError as missing:
            print(f"replay: {missing.filename} is not here")
            continue
        if only in panel.name:
            report(panel.some_series(series) if series else panel, settings)


def report(panel: Panel, settings: Settings) -> None:
    began = time.process_time()
    found = compared(panel, settings, lambda text: print(f"\r{text}", end="", file=sys.stderr, flush=True))
    plain, ours = found["mean + z sigma"], found["forecast"]
    print(f"\rreplay: {panel.name}, {len(panel.keys)} series ({time.process_time() - began:.0f} s)")
    for fill in (0.8, 0.85, 0.9, 0.95):
        before, after = cover_at(plain, fill), cover_at(ours, fill)
        told = "" if before is None or after is None else f"  {after / before - 1:+.1%}"
        print(f"  cover at {fill:.0%} fill: {shown(before)} -> {shown(after)}{told}")
    cost = min(point.cost for point in ours) / min(point.cost for point in plain)
    least, hoped, most = GOALS[panel.name]
    print(
        f"  cost {cost:.2f} (goal {most / 100:.2f}); stock at 90 % fill: goal -{least} %, hoped for -{hoped} %"
    )
    at95 = LEVELS.index(0.95)
    print(f"  cycles without running out at a level of 95 %: {cycles(plain[at95])} -> {cycles(ours[at95])}")


def cycles(point: Point) -> str:
    return f"{point.cycles:.1%}"


def shown(cover: float | None) -> str:
    return "not reached" if cover is None else f"{cover:.2f}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    options.add_argument("--boost", action=argparse.BooleanOptionalAction, default=True)
    options.add_argument("--only", default="", help="replay only the sets with this in their name")
    options.add_argument("--series", type=int, default=0, help="replay this many series only (0: all)")
    chosen = options.parse_args()
    parts = chosen.parts or PARTS
    steps: dict[str, Callable[[], None]] = {
        "exact": exact,
        "joint": joint,
        "futures": futures,
        "proposal": proposal,
        "replay": lambda: replay(Settings(boost=chosen.boost), chosen.only, chosen.series),
    }
    for part in parts:
        if part not in steps:
            options.error(f"{part!r} is not known; say {', '.join(PARTS)}")
        steps[part]()


if __name__ == "__main__":
    main()
