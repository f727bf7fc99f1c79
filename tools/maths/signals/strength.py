"""How much a signal still counts: each voice fades with its age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# After so many days a voice counts half.
HALF_LIFE = 10.0
# Under this a signal is over: one voice of nearly two months ago says nothing of today.
OVER = 0.5


@dataclass(frozen=True, slots=True)
class Strength:
    """A signal on one day.

    Attributes:
        value: Voices, each faded by its age.
        voices: How many there were in all.
        first: The day of the first voice.
        last: The day of the last one.
        age: Days since the last voice.
    """

    value: float
    voices: int
    first: date
    last: date
    age: int

    @property
    def over(self) -> bool:
        """Whether it has faded away."""
        return self.value < OVER


def faded(days: float) -> float:
    """What a voice counts after so many days: 1 today, half after ten days.

    >>> faded(0), faded(10), faded(20)
    (1.0, 0.5, 0.25)
    """
    return float(0.5 ** (max(days, 0.0) / HALF_LIFE))


def strength(heard: Sequence[date], today: date) -> Strength | None:
    """The signal of voices heard on these days as it stands today; None where there was none by then."""
    known = sorted(day for day in heard if day <= today)
    if not known:
        return None
    value = sum(faded((today - day).days) for day in known)
    return Strength(round(value, 4), len(known), known[0], known[-1], (today - known[-1]).days)
