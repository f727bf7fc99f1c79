"""Whether a signal is good or bad news, and a whole text."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tools.store.signal_facts import (
    DELIVERY,
    OTHER,
    PRAISE,
    PRICE,
    PRODUCT,
    QUALITY,
    RETURN,
    STOCKOUT,
    VARIANT,
)

FIXED = {PRAISE: "pos", PRODUCT: "neu", VARIANT: "neu", QUALITY: "neg"}
"""Types that are of one kind by what they are."""
OPEN = (STOCKOUT, DELIVERY, PRICE, RETURN, OTHER)
"""Types that are asked or complained of."""


def signal_polarity(kind: str, negative: float) -> str:
    """``pos``, ``neu`` or ``neg``; ``negative`` is the chance that it is bad news where that is open."""
    return FIXED.get(kind) or ("neg" if negative >= 0.5 else "neu")


def document_polarity(signals: Iterable[tuple[str, str]]) -> str:
    """The polarity of a text from the types and polarities of its signals, by rule.

    >>> document_polarity([("praise", "pos"), ("price_complaint", "neg")])
    'mixed'
    """
    said: Collection[tuple[str, str]] = list(signals)
    types = {kind for kind, _ in said}
    if PRAISE in types:
        return "pos" if types == {PRAISE} else "mixed"
    return "neg" if any(polarity == "neg" for _, polarity in said) else "neu"
