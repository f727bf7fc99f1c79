"""Do customers' words make the forecast better?  An invented shop, with its controls.

Each figure is the mean of several shops.  In each, four stretches of the past teach the rule and decide whether
the gate opens; four others, which nobody has seen, give the figures.  ``affected`` are the weeks about an event
of the products that have one, ``all`` every product in every week.  Where the gate is shut nothing is changed, so
the gain is 0; in brackets stands what it would have been.  Placebo: the voices of one product are given to
another.  Lead 0: the talk comes no sooner than the demand.

    python -m bench.feedback.forecast_gain [--shops 10]
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from tools.maths.signals.bursts import Numbers, alarms, shrunk_rate, surprises
from tools.maths.signals.lift import WEEK, Gate, Rule, Stretch, gate, lifted, one_step
from tools.maths.signals.simulator import BUSY, SPARSE, Orders, Setting, World, served, weekly, world

STRETCHES = 4
FIRST_DAYS = 14
EXTRACTORS = ((1.0, 1.0), (0.9, 0.85), (0.55, 0.55))


@dataclass(frozen=True)
class Tried:
    """What one shop gave: its gate, gains with the rule, and lost sales with and without it."""

    gate: Gate
    affected: float
    all: float
    lost: tuple[float, float]
    stock: float


def stretch_of(drawn: World) -> Stretch:
    """A world as the gate takes it; the law of like things is from the days before anything happened."""
    weeks = weekly(drawn.wanted)
    history = drawn.setting.history
    rate = shrunk_rate(drawn.said[:, :history].sum(axis=1), float(history))
    return Stretch(one_step(weeks), weeks, surprises(drawn.said, rate), history // WEEK)


def gains(worlds: list[World], rule: Rule) -> tuple[float, float]:
    """The share of the absolute error that the rule saves: affected weeks, and all."""
    sums = np.zeros(4)
    for drawn in worlds:
        one = stretch_of(drawn)
        new, first = lifted(one, rule), one.judged
        about = drawn.affected[:, first:]
        plain, better = (np.abs(said - one.came)[:, first:] for said in (one.said, new))
        sums += (plain[about].sum(), better[about].sum(), plain.sum(), better.sum())
    return 1 - sums[1] / sums[0], 1 - sums[3] / sums[2]


def daily(one: Stretch, rule: Rule | None) -> Numbers:
    """The expected demand of a day, as known on it; a burst counts from the day after it."""
    found = np.repeat(one.said / WEEK, WEEK, axis=1)
    if rule is None:
        return found
    plain = found.copy()
    for row, day in zip(*np.nonzero(alarms(one.surprise, rule.surprise)), strict=True):
        coming = slice(day + 1, day + 1 + rule.days)
        raised = np.minimum(plain[row, coming], plain[row, day]) * rule.lift
        found[row, coming] = np.maximum(found[row, coming], raised)
    return found


def lost(worlds: list[World], rule: Rule | None) -> tuple[float, float]:
    """The share of what is wanted in the first two weeks of events that is lost; units of stock held."""
    missed = wanted = held = 0.0
    for drawn in worlds:
        outcome = served(drawn.wanted, daily(stretch_of(drawn), rule), Orders())
        for row in np.flatnonzero(drawn.starts >= 0):
            days = slice(drawn.starts[row], drawn.starts[row] + FIRST_DAYS)
            missed += float(outcome.lost[row, days].sum())
            wanted += float(drawn.wanted[row, days].sum())
        held += float(outcome.held[:, drawn.setting.history :].mean())
    return missed / wanted, held


def tried(setting: Setting, seed: int) -> Tried:
    """One shop: learnt on four stretches, judged on four others."""
    rng = np.random.default_rng([1000 + seed, setting.lead, round(setting.recall * 100), setting.placebo])
    decided = gate([stretch_of(world(setting, rng)) for _ in range(STRETCHES)])
    others = [world(setting, rng) for _ in range(STRETCHES)]
    affected, everything = gains(others, decided.rule)
    before, held = lost(others, None)
    after, more = lost(others, decided.rule)
    return Tried(decided, affected, everything, (before, after), more / held - 1)


def line(name: str, setting: Setting, shops: int) -> str:
    """One row of the table."""
    found = [tried(setting, seed) for seed in range(shops)]
    is_open = np.array([one.gate.state == "open" for one in found])
    affected, everything = (np.array([getattr(one, side) for one in found]) for side in ("affected", "all"))
    before, after = (np.array([one.lost[side] for one in found]) for side in (0, 1))
    stock = np.array([one.stock for one in found])
    lost_with = np.where(is_open, after, before).mean()
    return (
        f"{name:34} | {is_open.sum():2} of {shops} | "
        f"{(affected * is_open).mean():+.1%} ({affected.mean():+.1%}) | "
        f"{(everything * is_open).mean():+.2%} ({everything.mean():+.2%}) | "
        f"{min((everything * is_open).min(), 0.0):.2%} | "
        f"{before.mean():.1%} -> {lost_with:.1%} | {(stock * is_open).mean():+.1%}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shops", type=int, default=10)
    shops = parser.parse_args().shops
    began = time.process_time()
    print(
        "voices, lead, reader (precision, recall) | gate open | affected (ungated) | all (ungated) | worst shop, all"
        " | lost in an event's first 14 days | stock"
    )
    for name, voices in (("busy", BUSY), ("sparse", SPARSE)):
        for lead in (0, 7, 10, 14):
            for precision, recall in EXTRACTORS:
                setting = Setting(voices=voices, lead=lead, precision=precision, recall=recall)
                title = f"{name}, lead {lead}, P {precision:.2f} R {recall:.2f}"
                print(line(title, setting, shops), flush=True)
        for lead in (7, 10, 14):
            setting = Setting(voices=voices, lead=lead, placebo=True)
            print(line(f"{name}, lead {lead}, placebo", setting, shops), flush=True)
    print(f"\n{time.process_time() - began:.0f} CPU seconds")


if __name__ == "__main__":
    main()
