"""How soon a signal wants something done, from the chances that are learned of it."""

from __future__ import annotations

MEDIUM_FROM = 0.5


def signal_urgency(medium: float, high: float, high_from: float) -> str:
    """``low``, ``medium`` or ``high``; ``medium`` is the chance of at least that.

    >>> signal_urgency(0.9, 0.2, 0.35)
    'medium'
    """
    if high >= high_from:
        return "high"
    return "medium" if medium >= MEDIUM_FROM else "low"
