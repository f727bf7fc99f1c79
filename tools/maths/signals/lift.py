"""What bursts of voices did to sales: a multiplier learnt from the past, and whether it earns its place.

After a burst a product's forecast is multiplied for some weeks.  By how much, for how long and from which
surprise on is learnt on earlier stretches only and judged on the next one (a rolling evaluation; Tashman,
2000), over all products of a class: on those that had a burst alone a harmful rule can look good.  The gate
opens where the gain over all of them is above a margin, and by more than chance.  Until enough bursts were
seen a cautious prior stands in, and says that it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.smoothing import WEIGHTS
from tools.maths.signals.bursts import alarms

Numbers = NDArray[np.float64]

WEEK = 7
LIFTS = (1.2, 1.4, 1.6, 1.8, 2.0)
LASTS = (14, 21, 28)
SURPRISES = (2.2, 3.0, 3.8)
# The gain over all products of a class that is asked for, and the standard errors that it has to be above 0.
# Chosen so that talk which comes no sooner than the demand opened the gate in none of 70 invented shops.
MARGIN, ERRORS = 0.0125, 1.0
# Fewer bursts or stretches than these prove nothing.
LEAST_BURSTS, LEAST_STRETCHES = 8, 3
# Bursts that weigh as much as the prior does.
PRIOR_BURSTS = 8.0


@dataclass(frozen=True, slots=True)
class Rule:
    """What a burst does to a forecast.

    Attributes:
        lift: Demand in multiples of the usual, 1 or more.
        days: For how many days after the burst.
        surprise: The surprise from which it counts (see ``bursts``).
    """

    lift: float
    days: int
    surprise: float


# With nothing learnt: a fifth more for two weeks and a half, after a burst that is hardly chance.
PRIOR = Rule(1.2, 18, 3.0)


@dataclass(frozen=True)
class Stretch:
    """A stretch of the past, products x weeks and products x days of the same weeks.

    Attributes:
        said: What was forecast of each week, the week before being the last one known.
        came: What was wanted; NaN where nobody knows.
        surprise: The surprise of each day.
        judged: The first week that counts; the ones before only warm up.
    """

    said: Numbers
    came: Numbers
    surprise: Numbers
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether bursts may speak in the forecasts of a class.

    Attributes:
        state: "open", "shut" (they do not earn their place) or "unproven" (too little was seen).
        rule: What to do after a burst, learnt from all that is known.
        gain: Share of the error over all products that it saved, each stretch by earlier ones.
        error: The standard error of the gain over stretches.
        bursts: How many bursts it was judged on.
        stretches: How many stretches.
    """

    state: str
    rule: Rule
    gain: float = 0.0
    error: float = 0.0
    bursts: int = 0
    stretches: int = 0

    @property
    def figures(self) -> dict[str, float]:
        """The figures that the decision stood on, by name."""
        return {
            "gain": round(self.gain, 4),
            "error": round(self.error, 4),
            "bursts": float(self.bursts),
            "stretches": float(self.stretches),
            "lift": round(self.rule.lift, 3),
            "days": float(self.rule.days),
        }


def one_step(weeks: Numbers, warm: int = 4) -> Numbers:
    """What simple exponential smoothing (Brown, 1956) said of each week the week before.

    Each product's weight is the one that did best so far.  The first ``warm`` weeks get the mean of what is
    known of them.  NaN is a week that nobody knows: it moves no level.
    """
    products = np.arange(len(weeks))
    known = ~np.isnan(weeks[:, :warm])
    start = np.where(known, weeks[:, :warm], 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    level = np.repeat(start[:, None], len(WEIGHTS), axis=1)
    squares = np.zeros_like(level)
    said = np.zeros_like(weeks)
    for week in range(weeks.shape[1]):
        said[:, week] = level[products, np.argmin(squares, axis=1)]
        error = np.nan_to_num(weeks[:, week, None] - level)
        squares += error * error
        level = level + WEIGHTS * error
    return said


def lifted(stretch: Stretch, rule: Rule) -> Numbers:
    """The forecasts with the rule applied after each burst.

    A forecast is raised to no more than the multiple of what it was when the burst came: where it has caught
    up by itself nothing is added.
    """
    found = stretch.said.copy()
    weeks = found.shape[1]
    rows, days = np.nonzero(alarms(stretch.surprise, rule.surprise))
    first = (days + WEEK) // WEEK
    seen = np.minimum(first, weeks - 1)
    then = stretch.said[rows, seen]
    for ahead in range(-(-rule.days // WEEK) + 1):
        week = first + ahead
        inside = week < weeks
        covered = np.minimum(days + 1 + rule.days, (week + 1) * WEEK) - week * WEEK
        share = np.clip(covered / WEEK, 0.0, 1.0)
        r, w = rows[inside], week[inside]
        base = np.minimum(stretch.said[r, w], then[inside])
        raised = base * (1 + (rule.lift - 1) * share[inside])
        found[r, w] = np.maximum(found[r, w], raised)
    return found


def saved(stretch: Stretch, rule: Rule) -> tuple[float, float]:
    """The sums of absolute errors over all judged weeks without the rule and with it."""
    came = stretch.came[:, stretch.judged :]
    known = ~np.isnan(came)
    plain = np.abs(stretch.said[:, stretch.judged :] - came)[known].sum()
    with_it = np.abs(lifted(stretch, rule)[:, stretch.judged :] - came)[known].sum()
    return float(plain), float(with_it)


def learnt(stretches: Sequence[Stretch]) -> Rule:
    """The rule with the least error over these stretches, its lift drawn towards the prior."""
    best, least = PRIOR, float("inf")
    for lift, days, surprise in product(LIFTS, LASTS, SURPRISES):
        rule = Rule(lift, days, surprise)
        error = sum(saved(stretch, rule)[1] for stretch in stretches)
        if error < least:
            best, least = rule, error
    count = sum(_bursts(stretch, best) for stretch in stretches)
    if not count:
        return PRIOR
    drawn = (count * log(best.lift) + PRIOR_BURSTS * log(PRIOR.lift)) / (count + PRIOR_BURSTS)
    return Rule(exp(drawn), best.days, best.surprise)


def gate(stretches: Sequence[Stretch], margin: float = MARGIN) -> Gate:
    """Whether bursts earn their place: each stretch is judged by what the ones before taught."""
    bursts = sum(_bursts(stretch, PRIOR) for stretch in stretches)
    if bursts < LEAST_BURSTS or len(stretches) < LEAST_STRETCHES:
        return Gate("unproven", PRIOR, bursts=bursts, stretches=len(stretches))
    rules = [PRIOR, *(learnt(stretches[:count]) for count in range(1, len(stretches)))]
    pairs = [saved(stretch, rule) for stretch, rule in zip(stretches, rules, strict=True)]
    gains = np.array([1 - with_it / plain if plain > 0 else 0.0 for plain, with_it in pairs])
    plain, with_it = (sum(pair[side] for pair in pairs) for side in (0, 1))
    gain = 1 - with_it / plain if plain > 0 else 0.0
    error = float(gains.std(ddof=1)) / sqrt(len(gains))
    state = "open" if gain >= margin and gain - ERRORS * error > 0 else "shut"
    return Gate(state, learnt(stretches), gain, error, bursts, len(stretches))


def _bursts(stretch: Stretch, rule: Rule) -> int:
    """How many bursts of a stretch are judged."""
    found = alarms(stretch.surprise, rule.surprise)
    return int(found[:, stretch.judged * WEEK :].sum())
