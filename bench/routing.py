"""Routes: instances of the literature, a shop's days, random problems, running days, traffic, lunch breaks.

    python bench/routing.py [files shop random replan traffic lunch] [--count 10000] [--alone] [--quick]

Seconds are those of one processor core (``process_time``), our building of models and the checking included. OR-Tools' routing runs
beside ours through the same door, PyVRP hidden from it. The instances are not part of the project: where they are absent, it says so and
stops. ``--alone`` leaves OR-Tools out; ``--quick`` takes one instance of each kind. A free re-plan at 2 h moves goods between vans on the
road, which nobody can: it is only a bound.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from clocks import Spent
from served import SHARED, need

from tools.maths.routing.check import faults
from tools.maths.routing.explain import RULES
from tools.maths.routing.insertion import insert
from tools.maths.routing.instances import Rounding, read_instance
from tools.maths.routing.on_time import driven, lateness, plan_in_traffic
from tools.maths.routing.plan import Plan, Unserved
from tools.maths.routing.planner import Stop, plan
from tools.maths.routing.problem import Break, Job, Matrix, Problem, Shipment, Vehicle, Window
from tools.maths.routing.replanning import Running, Whereabouts, replan
from tools.maths.routing.search import search
from tools.maths.routing.traffic import HOUR, Profile
from tools.maths.routing.vroom import problem_of

DATA = SHARED / "data" / "routing"
FAMILIES: dict[str, tuple[tuple[float, ...], Rounding]] = {
    "solomon": ((1, 5), "round"),
    "cvrp_x": ((1, 5), "round"),
    "homberger": ((1, 5), "round"),
    "ortec": ((1, 5), "round"),
    "hfvrp": ((1, 10), "exact"),
    "mdvrptw": ((1, 10), "exact"),
    "mtvrptwr": ((1, 10), "dimacs"),
}
GOALS = {"solomon": "0.8/0.3", "cvrp_x": "2.5/1.5", "homberger": "4.5/2", "ortec": "-/3.5"}
RUSH = (1.5, 1.5, 1.1, 1.1, 1.2, 1.1, 1.1, 1.45)
"""Multipliers of a shop's eight hours; the shift of the files begins at zero."""
TRAFFIC_DAYS = (
    "n15_k2_tight",
    "n25_k2_am_pm",
    "n40_k3_am_pm",
    "n40_k4_tight",
    "n60_k4_am_pm",
    "n60_k4_loose",
)
LUNCH_DAYS = ("n25_k2_am_pm", "n25_k2_tight", "n40_k3_am_pm", "n40_k4_tight", "n60_k4_am_pm", "n60_k4_loose")
LUNCH = Break(1800, Window(3 * HOUR, int(4.5 * HOUR)))
REPLAN_DAYS = LUNCH_DAYS[-2:]


@dataclass(frozen=True)
class Asked:
    """The command line."""

    count: int
    alone: bool
    quick: bool


def main() -> None:
    """Every table that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=list(TABLES), help=f"of {', '.join(TABLES)}")
    parser.add_argument("--count", type=int, default=10_000, help="random problems")
    parser.add_argument("--alone", action="store_true", help="without OR-Tools beside")
    parser.add_argument("--quick", action="store_true", help="one instance of each kind")
    given = parser.parse_args()
    asked = Asked(given.count, given.alone, given.quick)
    for name in given.what:
        if name not in TABLES:
            parser.error(f"there is no table {name!r}")
        if name != "random":
            need(DATA / "index.json")
        TABLES[name](asked)


@contextlib.contextmanager
def hidden(name: str = "pyvrp") -> Iterator[None]:
    """As if a package were not installed."""
    kept = {
        key: sys.modules.pop(key) for key in list(sys.modules) if key == name or key.startswith(f"{name}.")
    }
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
        sys.modules.update(kept)


def timed(problem: Problem, seconds: float, seed: int = 0) -> tuple[Plan, float]:
    """A plan and the processor seconds it took."""
    begun = time.process_time()
    made = plan(problem, Stop(seconds, clock=Spent()), seed)
    return made, time.process_time() - begun


def by_ortools(problem: Problem, seconds: float) -> tuple[Plan, float]:
    """The same without PyVRP."""
    with hidden():
        return timed(problem, seconds)


def gap(cost: float, best: float) -> float:
    """Per cent above the best."""
    return 100 * (cost / best - 1)


# -- files -------------------------------------------------------------------------------------------


def files(asked: Asked) -> None:
    """Gaps to the best known of the literature."""
    index: list[dict[str, Any]] = json.loads((DATA / "index.json").read_text())
    print(
        f"{'instance':42} {'seconds':>7} {'ours %':>7} {'cpu s':>6} {'left':>4} {'OR-Tools %':>10} {'cpu s':>6}"
    )
    for family, (limits, rounding) in FAMILIES.items():
        rows = [row for row in index if row["family"] == family]
        for seconds in limits:
            gaps = [_file(row, rounding, seconds, asked) for row in (rows[:1] if asked.quick else rows)]
            ours = statistics.fmean(one for one, _ in gaps)
            others = "" if asked.alone else f", OR-Tools {statistics.fmean(other for _, other in gaps):.2f} %"
            goal = f" (goal {GOALS[family]} %)" if family in GOALS else ""
            print(f"  {family} at {seconds:g} s: mean of {len(gaps)}: {ours:.2f} %{others}{goal}\n")


def _file(row: dict[str, Any], rounding: Rounding, seconds: float, asked: Asked) -> tuple[float, float]:
    problem = read_instance(DATA / row["file"], rounding).problem
    best = float(row["bks_int"])
    made, used = timed(problem, seconds)
    ours = gap(made.cost, best)
    line = f"{row['name']:42} {seconds:7g} {ours:7.2f} {used:6.2f} {len(made.unserved):4}"
    other = float("nan")
    if not asked.alone:
        beside, spent = by_ortools(problem, seconds)
        other = gap(beside.cost, best)
        line += f" {other:10.2f} {spent:6.2f}" + (
            f" ({len(beside.unserved)} left out)" if beside.unserved else ""
        )
    print(line, flush=True)
    return ours, other


# -- a shop's days -----------------------------------------------------------------------------------


def _day(name: str) -> Problem:
    return problem_of(json.loads((DATA / "shop" / f"shop_{name}.json").read_text()))


def shop(asked: Asked) -> None:
    """The shop's days with PyVRP at 1 s and without at 5 s."""
    index = json.loads((DATA / "shop" / "index.json").read_text())
    print(
        f"{'day':24} {'1 s %':>7} {'cpu s':>6} {'left':>4} {'without PyVRP, 5 s %':>20} {'cpu s':>6} {'left':>4}"
    )
    ours, others = [], []
    for row in index[:1] if asked.quick else index:
        problem = _day(row["name"].removeprefix("shop_"))
        made, used = timed(problem, 1.0)
        beside, spent = by_ortools(problem, 5.0)
        ours.append(gap(made.cost, row["best_known_cents"]))
        others.append(gap(beside.cost, row["best_known_cents"]))
        print(
            f"{row['name']:24} {ours[-1]:7.2f} {used:6.2f} {len(made.unserved):4}"
            f" {others[-1]:20.2f} {spent:6.2f} {len(beside.unserved):4}",
            flush=True,
        )
    print(f"  mean {statistics.fmean(ours):.2f} %, worst {max(ours):.2f} % (goal 0.3, 1)")
    print(f"  without PyVRP: worst {max(others):.2f} % (goal 1.5)\n")


# -- random problems ---------------------------------------------------------------------------------


def random_problems(asked: Asked) -> None:
    """Small days with something impossible in many: no broken plan, and no reason that does not hold."""
    begun, counts, rules = time.process_time(), Counter[str](), Counter[str]()
    for seed in range(asked.count):
        problem = random_problem(np.random.default_rng(seed))
        try:
            made = plan(problem, Stop(iterations=25), seed)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is counted and told
            counts["failed"] += 1
            print(f"problem {seed}: {type(error).__name__}: {error}")
            continue
        counts["broken"] += bool(faults(problem, made))
        for left in made.unserved:
            rules[left.rule] += 1
            if not confirmed(problem, made, left):
                counts["reasons that do not hold"] += 1
                print(f"problem {seed}: {left}")
    told = dict(counts)
    print(
        f"{asked.count:,} random problems, {time.process_time() - begun:.0f} s of CPU: {told}; left out by {dict(rules)}\n"
    )


def confirmed(problem: Problem, made: Plan, left: Unserved) -> bool:
    """Whether the reason holds: the stop does not fit, with the rule set aside it does, and the checker agrees."""
    things: dict[str, Job | Shipment] = {job.id: job for job in problem.jobs}
    for one in problem.shipments:
        things[one.pickup.id] = things[one.delivery.id] = one
    thing = things[left.job]
    fits = insert(problem, made, thing)
    if left.rule == "value":
        return fits is not None and left.cost is not None and fits.cost > 0
    if fits is not None:
        return False
    loose = [relax(problem, thing) for rule, relax in RULES if left.rule in (rule, "several")]
    ways = [(wider, insert(wider, made, eased)) for wider, eased in loose]
    if left.rule == "several":
        return all(way is None for _, way in ways)
    ((wider, way),) = ways
    if way is None:
        return False
    served = {job for route in way.plan.routes for job in route.jobs}
    others = tuple(one for one in made.unserved if one.job not in served)
    return not faults(wider, replace(way.plan, unserved=others))


def random_problem(rng: np.random.Generator) -> Problem:
    """One to three vans, up to nine stops and two shipments, with every rule that there is in some of them."""
    places = 10
    points = rng.integers(0, 10_000, (places, 2))
    metres = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.int64)
    metres += rng.integers(0, 500, (places, places)) * (1 - np.eye(places, dtype=np.int64))
    vans = tuple(_van(rng, number) for number in range(int(rng.integers(1, 4))))
    jobs = tuple(_job(rng, f"j{number}", places, len(vans)) for number in range(int(rng.integers(0, 10))))
    pairs = tuple(
        _pair(rng, number, places) for number in range(int(rng.integers(0, 3)) * int(rng.random() < 0.3))
    )
    aim = ("cheapest", "cheapest", "fewest", "even")[int(rng.integers(0, 4))]
    return Problem(vans, {"": Matrix(metres // 8, metres)}, jobs, pairs, aim, int(rng.integers(0, 2)) * 300)  # type: ignore[arg-type]


def _van(rng: np.random.Generator, number: int) -> Vehicle:
    first = int(rng.integers(0, 4 * HOUR))
    rest = Break(900, Window(first, first + int(rng.integers(0, HOUR))))
    return Vehicle(
        f"van {number}",
        int(rng.integers(0, 2)),
        None if rng.random() < 0.2 else 0,
        (int(rng.integers(3, 15)), int(rng.integers(3, 15))),
        frozenset({"fridge"}) if rng.random() < 0.5 else frozenset(),
        Window(0, int(rng.integers(HOUR, 6 * HOUR))),
        farthest=int(rng.integers(10_000, 60_000)) if rng.random() < 0.2 else 10**9,
        breaks=(rest,) if rng.random() < 0.2 else (),
        fixed=float(rng.integers(0, 30)),
        per_metre=0.0003,
        per_second=0.004,
        reloads=int(rng.integers(0, 2)),
    )


def _windows(rng: np.random.Generator) -> tuple[Window, ...]:
    starts = sorted(int(one) for one in rng.integers(0, 5 * HOUR, int(rng.integers(0, 3))))
    return tuple(Window(start, start + int(rng.integers(0, HOUR))) for start in starts)


def _job(rng: np.random.Generator, name: str, places: int, vans: int) -> Job:
    return Job(
        name,
        int(rng.integers(0, places)),
        tuple(int(load) for load in rng.integers(0, 7, 2)),
        tuple(int(load) for load in rng.integers(0, 3, 2)),
        int(rng.integers(0, 900)),
        _windows(rng),
        frozenset({"fridge"}) if rng.random() < 0.2 else frozenset(),
        int(rng.integers(0, HOUR)) if rng.random() < 0.2 else 0,
        float(rng.integers(1, 40)) if rng.random() < 0.2 else None,
        f"van {int(rng.integers(0, vans))}" if rng.random() < 0.1 else "",
    )


def _pair(rng: np.random.Generator, number: int, places: int) -> Shipment:
    ends = [Job(f"{word} {number}", int(rng.integers(0, places)), service=60) for word in ("from", "to")]
    return Shipment(*ends, tuple(int(load) for load in rng.integers(1, 5, 2)))


# -- the running day ---------------------------------------------------------------------------------


def replanned(asked: Asked) -> None:
    """Three late orders into sixty stops: loaded vans locked, against everything free."""
    print(
        f"{'day':16} {'draw':>4} {'when':>8} {'cpu s':>6} {'left':>4} {'other van':>9} {'moved':>5}"
        f" {'above free %':>12}  vans before, after, free"
    )
    draws = range(1) if asked.quick else range(4)
    for name, draw in [(name, draw) for name in REPLAN_DAYS for draw in draws]:
        whole = _day(name)
        late = {job.id for job in np.random.default_rng(draw).choice(np.array(whole.jobs), 3, replace=False)}
        before, _ = timed(replace(whole, jobs=tuple(job for job in whole.jobs if job.id not in late)), 1.0)
        for when, now in (("loaded", 0), ("at 2 h", 2 * HOUR)):
            running = _running(before, now)
            begun = time.process_time()
            made = replan(whole, running, Stop(0.4, clock=Spent()))
            used = time.process_time() - begun
            free = replan(whole, replace(running, loaded=False), Stop(2.0, clock=Spent()))
            vans = [len(one.routes) for one in (before, made.plan, free.plan)]
            print(
                f"{name:16} {draw:4} {when:>8} {used:6.2f} {len(made.plan.unserved):4} {len(made.changed):9}"
                f" {len(made.moved):5} {gap(made.plan.cost, free.plan.cost):12.2f}  {vans}",
                flush=True,
            )
    print("  goal: 0.5 s of solving, no stop on another van, 4 % above\n")


def _running(before: Plan, now: int) -> Running:
    if not now:
        return Running(before, 0)
    where: dict[str, Whereabouts] = {}
    served: set[str] = set()
    for route in before.routes:
        done = [step for step in route.steps if step.begin <= now]
        if done:
            served |= {step.job for step in done if step.job}
            where[route.vehicle] = Whereabouts(done[-1].place, max(now, done[-1].leave))
    return Running(before, now, where, frozenset(served))


# -- traffic -----------------------------------------------------------------------------------------


def traffic(asked: Asked) -> None:
    """Days under a profile: planned for free roads and driven, and ours."""
    profile = Profile((*RUSH, *(1.0 for _ in range(24 - len(RUSH)))))
    print(
        f"{'day':16} {'free: late min':>14} {'cost':>8} {'ours: late min':>14} {'cost':>8} {'cpu s':>6} {'left':>4}  tried"
    )
    for name in TRAFFIC_DAYS[:1] if asked.quick else TRAFFIC_DAYS:
        problem = _day(name)
        free, _ = timed(problem, 1.0)
        free = driven(problem, profile, free)
        begun = time.process_time()
        made = plan_in_traffic(problem, profile, Stop(3.0, clock=Spent()))
        used = time.process_time() - begun
        tried = ", ".join(f"{one.way} {one.cost:.0f}/{one.late // 60}" for one in made.tried)
        print(
            f"{name:16} {lateness(problem, free) / 60:14.1f} {free.cost:8.0f} {made.late / 60:14.1f} {made.plan.cost:8.0f}"
            f" {used:6.2f} {len(made.plan.unserved):4}  {tried}",
            flush=True,
        )
    print()


# -- lunch -------------------------------------------------------------------------------------------


def lunch(asked: Asked) -> None:
    """Half an hour's rest for every driver: ours at 2 s, OR-Tools alone at 10 s."""
    print(
        f"{'day':16} {'breaks':>6} {'routes':>6} {'left':>4} {'cpu s':>6} {'above OR-Tools at 10 s %':>24}  solver"
    )
    for name in LUNCH_DAYS[:1] if asked.quick else LUNCH_DAYS:
        day = _day(name)
        problem = replace(day, vehicles=tuple(replace(one, breaks=(LUNCH,)) for one in day.vehicles))
        made, used = timed(problem, 2.0)
        rests = sum(step.kind == "break" for route in made.routes for step in route.steps)
        above = ""
        if not asked.alone:
            with hidden():
                other = search(problem, Stop(10.0, clock=Spent()), 0)
            above = f"{gap(made.cost, other.cost):24.2f}"
        print(
            f"{name:16} {rests:6} {len(made.routes):6} {len(made.unserved):4} {used:6.2f} {above:24}  {made.solver}",
            flush=True,
        )
    print("  goal: a legal break in every plan, 2 % above\n")


TABLES: dict[str, Any] = {
    "files": files,
    "shop": shop,
    "random": random_problems,
    "replan": replanned,
    "traffic": traffic,
    "lunch": lunch,
}


if __name__ == "__main__":
    main()
