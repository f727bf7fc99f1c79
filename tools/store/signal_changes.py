"""What a person can decide about what signals suggest for a forecast.

Each is data; ``Store.apply`` makes it, once, whole, and it can be undone while its days are not over.
``Applied.documents`` names it: "adjustment 3".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgreeAdjustment:
    """The forecast goes by it from now on, until its last day."""

    adjustment: int


@dataclass(frozen=True, slots=True)
class DeclineAdjustment:
    """The forecast stays as it is, and the same is not proposed again for a while."""

    adjustment: int


SignalChange = AgreeAdjustment | DeclineAdjustment
