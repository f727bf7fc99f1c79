"""The upkeep of a small fleet, simulated: cost of the learned intervals, chances, what is due, batteries.

    python bench/vehicles.py [--seeds 40]

Truth is drawn around the facts of each part; what the assistant is given as the maker's figures is off by a
random 30 % (log-normal) in life and 15 % in shape.  It then learns from the log of a few vans and chooses the
age at which to change.  Cost is the true long-run cost per kilometre of that age beside the best one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import inf
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.kit.upkeep import interval_km
from tools.maths.upkeep.drift import VOLTAGE, Reading, Signal, watch_drift
from tools.maths.upkeep.due import Clock, due, pace
from tools.maths.upkeep.parts import PARTS
from tools.maths.upkeep.replacement import best_age, cost_per_km
from tools.maths.upkeep.weibull import Life, Prior, Weibull, fit

OFF_LIFE, OFF_SHAPE = 0.30, 0.15
MODELLED = ("brake_pads", "battery", "alternator", "tyres")
KM_A_YEAR = 25_000.0
AHEAD = 3_000.0
START = date(2024, 1, 1)


def log_of(
    law: Weibull, age: float, km: float, vans: int, chance: np.random.Generator
) -> tuple[list[Life], list[float]]:
    """The lives of one part in a fleet that drives ``km`` each, changed at ``age``; and the ages at the end."""
    lives, ages = [], []
    for _ in range(vans):
        at = 0.0
        while True:
            lasts = float(law.life * chance.weibull(law.shape))
            run = min(lasts, age, km - at)
            if run == km - at:
                lives.append(Life(run, False))
                ages.append(run)
                break
            lives.append(Life(run, run == lasts))
            at += run
    return lives, ages


def costs(vans: int, years: int, seeds: int) -> dict[str, dict[str, float]]:
    """For each part the cost beside the best: of the learned age, of what is used, of the maker's interval."""
    found = {}
    for code in MODELLED:
        part = PARTS[code]
        assert part.shape is not None
        assert part.life_km is not None
        law = Weibull(part.shape, part.life_km)
        best = best_age(law, part.planned_cost, part.failure_cost)
        least = cost_per_km(law, best, part.planned_cost, part.failure_cost)
        ratios: dict[str, list[float]] = {"learned": [], "used": [], "maker": [], "wait": []}
        for seed in range(seeds):
            chance = np.random.default_rng([seed, vans, years])
            off = float(np.exp(chance.normal(0, OFF_LIFE)))
            told = Prior(part.shape * float(np.exp(chance.normal(0, OFF_SHAPE))), part.life_km * off)
            maker = best_age(Weibull(told.shape, told.life), part.planned_cost, part.failure_cost)
            lives, _ = log_of(law, maker, KM_A_YEAR * years, vans, chance)
            learned = best_age(fit(lives, told).law, part.planned_cost, part.failure_cost)
            limit = None if part.every_km is None else part.every_km * off
            used = interval_km(
                replace(part, every_km=limit), None if learned == inf else learned, len(lives), own=False
            )
            for name, age in (("learned", learned), ("used", used or inf), ("maker", maker), ("wait", inf)):
                ratios[name].append(cost_per_km(law, age, part.planned_cost, part.failure_cost) / least)
        found[code] = {name: round(float(np.mean(each)), 4) for name, each in ratios.items()}
    return found


def calibration(vans: int, years: int, seeds: int) -> dict[str, object]:
    """Chances of failing within 3,000 km beside the true ones: the worst gap of bins of the chance."""
    said, came = [], []
    for seed in range(seeds):
        chance = np.random.default_rng([seed, 77])
        for code in MODELLED:
            part = PARTS[code]
            assert part.shape is not None
            assert part.life_km is not None
            law = Weibull(part.shape, part.life_km)
            off = float(np.exp(chance.normal(0, OFF_LIFE)))
            told = Prior(part.shape * float(np.exp(chance.normal(0, OFF_SHAPE))), part.life_km * off)
            # Half of the fleets change late, so that there are old parts to judge.
            age = best_age(Weibull(told.shape, told.life), part.planned_cost, part.failure_cost)
            lives, ages = log_of(law, age * chance.choice([1.0, 2.0]), KM_A_YEAR * years, vans, chance)
            fitted = fit(lives, told)
            for run in ages:
                said.append(fitted.failing(run, AHEAD))
                came.append(law.failing(run, AHEAD))
    chances, outcomes = np.array(said), np.array(came, dtype=float)
    edges = (0.0, 0.02, 0.05, 0.10, 0.15, 0.20, 0.30, 1.0)
    bins = []
    for low, high in pairwise(edges):
        chosen = (chances >= low) & (chances < high)
        if chosen.sum() >= 50:
            bins.append(
                {
                    "said": round(float(chances[chosen].mean()), 3),
                    "true": round(float(outcomes[chosen].mean()), 3),
                    "n": int(chosen.sum()),
                }
            )
    worst = max(abs(one["said"] - one["true"]) for one in bins)
    return {"bins": bins, "worst_points": round(100 * worst, 1)}


def missed(seeds: int) -> dict[str, int]:
    """Three vans for two years, the clock read now and then: jobs that went past a limit without a word."""
    late = told = overdue = 0
    for seed in range(seeds):
        chance = np.random.default_rng([seed, 5])
        for _ in range(3):
            driven = chance.gamma(2.0, 35.0, size=731) * (chance.random(731) < 6 / 7)
            driven[chance.integers(100, 700) :] *= chance.uniform(0.6, 1.8)
            clock = np.cumsum(driven)
            every = int(chance.integers(3, 15))
            for part in (part for part in PARTS.values() if part.every_km or part.every_days):
                told_before, waits = False, 0
                done_km, done_day = 0.0, START
                reads = [Clock(START, 0.0)]
                for number in range(1, 731):
                    today = START + timedelta(days=number)
                    if number % every == 0:
                        reads.append(Clock(today, float(clock[number])))
                    now = pace(reads[-40:], [], today)
                    found = due(
                        today,
                        now,
                        last_km=done_km,
                        last_day=done_day,
                        every_km=part.every_km,
                        every_days=part.every_days,
                    )
                    state = found.state(today)
                    told_before = told_before or state in ("soon", "overdue")
                    past = part.every_km is not None and clock[number] - done_km > part.every_km
                    past |= part.every_days is not None and (today - done_day).days > part.every_days
                    if past and not told_before:
                        late += 1
                    waits += told_before
                    if waits > 10:  # at the workshop ten days after it was first told
                        told += 1
                        overdue += bool(past)
                        done_km, done_day, told_before, waits = float(clock[number]), today, False, 0
    return {"jobs": told, "never_told_before_due": late, "past_the_limit_ten_days_after": overdue}


def mornings(
    chance: np.random.Generator, days: int, fades_at: int | None, per_degree: float, spread: float
) -> list[Reading]:
    """Resting voltage each morning: weather, noise, and from one day on 60 days of fading by 0.6 V."""
    found, weather = [], 0.0
    shift = int(chance.integers(0, 365))
    for day in range(days):
        weather = 0.8 * weather + chance.normal(0, 1.8)
        ambient = 10.0 - 7.0 * float(np.cos(2 * np.pi * (day + shift) / 365)) + weather
        value = 12.65 + per_degree * (ambient - 15.0) + chance.normal(0, spread)
        value -= 0.0 if fades_at is None else 0.6 * min(max(0, day - fades_at), 60) / 60
        found.append(Reading(START + timedelta(days=day), float(value), float(ambient)))
    return found


def voltage(seeds: int, *, off: float, corrected: bool = True, every: int = 1) -> dict[str, float]:
    """Batteries that fade for 60 days before they fail; found how early; and false alarms of sound ones."""
    leads, found_ahead, alarms, years = [], 0, 0, 0.0
    for seed in range(seeds):
        chance = np.random.default_rng([seed, 9])
        degree = VOLTAGE.per_degree * float(np.exp(chance.normal(0, off)))
        signal = VOLTAGE if corrected else Signal("voltage", -1, 0.0, VOLTAGE.least_spread)
        start = int(chance.integers(90, 640))
        fading = mornings(chance, start + 61, start, degree, 0.04)[::every]
        ahead = first_alarm(fading, signal)
        fails = START + timedelta(days=start + 60)
        lead = None if ahead is None or ahead < START + timedelta(days=start) else (fails - ahead).days
        leads += [] if lead is None else [lead]
        found_ahead += lead is not None and lead >= 14
        alarms += first_alarm(mornings(chance, 730, None, degree, 0.04)[::every], signal) is not None
        years += 2.0
    return {
        "found_14_days_ahead": round(found_ahead / seeds, 3),
        "lead_median": float(np.median(leads)) if leads else 0.0,
        "lead_p10": float(np.percentile(leads, 10)) if leads else 0.0,
        "false_alarms_per_van_year": round(alarms / years, 4),
    }


def first_alarm(readings: list[Reading], signal: Signal) -> date | None:
    """The first day on which the sum passes the limit, as the assistant would have seen it that day."""
    low, high = 0, len(readings)
    whole = watch_drift(readings, signal)
    if whole is None:
        return None
    # The sum only looks back, so the first alarm is where a prefix first ends in one.
    for end in range(low + 1, high + 1, 1):
        drift = watch_drift(readings[:end], signal) if end % 3 == 0 or end == high else None
        if drift is not None and drift.found is not None:
            return drift.found
    return None


def main() -> None:
    """Run all of it and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=40)
    seeds = options.parse_args().seeds
    started = time.process_time()
    figures: dict[str, object] = {}
    for vans, years in ((3, 2), (5, 3), (10, 5)):
        figures[f"cost beside the optimum, {vans} vans x {years} years"] = costs(vans, years, seeds * 5)
    figures["chances within 3,000 km, 10 vans x 5 years"] = calibration(10, 5, seeds * 2)
    figures["due, 3 vans x 2 years"] = missed(max(seeds // 8, 2))
    for off in (0.0, 0.3):
        figures[f"voltage, coefficient off by {off:.0%}"] = voltage(seeds, off=off)
    figures["voltage, one reading in 3 days, off by 30%"] = voltage(seeds, off=0.3, every=3)
    figures["voltage, blind to the season"] = voltage(seeds, off=0.3, corrected=False)
    figures["cpu_seconds"] = round(time.process_time() - started, 1)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
