"""Whether a reading drifts: a cumulative sum of its deviations, the season taken out.

CUSUM (Page, Continuous Inspection Schemes, Biometrika 41, 1954), one-sided, standardised as in Montgomery,
Introduction to Statistical Quality Control, section 9.1.  The vehicle's own first weeks are the baseline.
A baseline of summer would call every winter a drift, so the temperature coefficient is given as a constant
and not learned from a few weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import fmean
from typing import Literal

BASELINE = timedelta(days=60)
FEWEST = 10
ALLOWANCE, LIMIT = 0.75, 12.0
# A deviation of more than this many sigma counts as so many: one wrong reading is no drift.
MOST_AT_ONCE = 4.0


@dataclass(frozen=True, slots=True)
class Signal:
    """A kind of reading that is watched.

    Attributes:
        kind: Its name.
        side: Where trouble lies: -1 below the usual, 1 above it.
        per_degree: Change for each degree outside, in the reading's unit.
        least_spread: The finest spread (sigma) that a baseline is believed to have.
    """

    kind: str
    side: Literal[-1, 1]
    per_degree: float
    least_spread: float


# A 12 V lead-acid battery at rest in the morning: 6 cells, each colder degree leaves it lower, by the law
# of the open circuit (0.2 to 0.25 mV for a cell, Linden's Handbook of Batteries, 4th edition 2011, chapter
# 16) and by what it took in on the way (it charges worse in the cold).
VOLTAGE = Signal("voltage", -1, 0.005, 0.015)
TEMPERATURE = Signal("temperature", 1, 0.15, 0.8)
SIGNALS = {signal.kind: signal for signal in (VOLTAGE, TEMPERATURE)}


@dataclass(frozen=True, slots=True)
class Reading:
    """One measurement; ``ambient`` is the temperature outside in degrees Celsius, None if not known."""

    day: date
    value: float
    ambient: float | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """What the readings say.

    Attributes:
        usual: The baseline's mean, at 15 degrees outside; None where there is none yet.
        spread: Its standard deviation.
        latest: The newest reading, at 15 degrees outside.
        score: The cumulative sum now, in sigmas.
        since: The day from which the sum has been above 0; None where it is not.
        found: The day on which the sum passed the limit, while it stands; None where it has not.
        baseline: How many readings the baseline has.
        corrected: Whether every reading had its temperature outside.
    """

    usual: float | None
    spread: float
    latest: float
    score: float
    since: date | None
    found: date | None
    baseline: int
    corrected: bool


REFERENCE = 15.0


def watch_drift(
    readings: Sequence[Reading],
    signal: Signal,
    *,
    allowance: float = ALLOWANCE,
    limit: float = LIMIT,
    baseline: timedelta = BASELINE,
) -> Drift | None:
    """Run the sum over readings in the order of their days; None where there are none.

    Args:
        readings: Since the part was new, oldest first.
        signal: What kind they are.
        allowance: The drift that is let pass, in sigma for each reading (k).
        limit: The sum at which it is told (h).
        baseline: How long the first readings count as the usual; at least ``FEWEST`` of them do.
    """
    if not readings:
        return None
    values = [_corrected(reading, signal) for reading in readings]
    first = readings[0].day + baseline
    count = max(sum(1 for reading in readings if reading.day < first), FEWEST)
    known = all(reading.ambient is not None for reading in readings)
    if len(values) <= count:
        return Drift(None, 0.0, values[-1], 0.0, None, None, len(values), known)
    usual, spread = _usual(values[:count], signal)
    score, since, found = 0.0, None, None
    for reading, value in zip(readings[count:], values[count:], strict=True):
        off = signal.side * (value - usual) / spread
        score = max(0.0, score + min(off, MOST_AT_ONCE) - allowance)
        since = None if score == 0.0 else since or reading.day
        found = (found or reading.day) if score > limit else (found if score > 0.0 else None)
    return Drift(usual, spread, values[-1], score, since, found, count, known)


def cumulative(deviations: Sequence[float], allowance: float) -> list[float]:
    """The one-sided sum after each standardised deviation (Page 1954), without any limit."""
    score, found = 0.0, []
    for off in deviations:
        score = max(0.0, score + off - allowance)
        found.append(score)
    return found


def _corrected(reading: Reading, signal: Signal) -> float:
    if reading.ambient is None:
        return reading.value
    return reading.value - signal.per_degree * (reading.ambient - REFERENCE)


def _usual(values: Sequence[float], signal: Signal) -> tuple[float, float]:
    mean = fmean(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, max(sqrt(variance), signal.least_spread)
