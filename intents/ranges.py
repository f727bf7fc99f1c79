"""Amounts that belong together or are not exact: "5 or 6", "between 5 and 10", "20-odd", "2 x 6"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intents.quantities import MEASURES, Amount
from intents.words import Word

_TO = frozenset({"or", "to", "-"})
_ABOUT = frozenset({"about", "around", "roughly", "approx", "approximately", "circa", "maybe", "perhaps",
    "nearly", "almost", "say"})  # fmt: skip
_ISH = (("-", "odd"), ("odd",), ("-", "ish"), ("ish",), ("or", "so"), ("or", "thereabouts"))


def together(words: Sequence[Word], amounts: Sequence[Amount]) -> tuple[Amount, ...]:
    """The amounts with those of one range or multiplication made one, and the rough ones marked."""
    out: list[Amount] = []
    for amount in amounts:
        one = _joined(words, out[-1], amount) if out else None
        if one is None:
            out.append(_rough(words, amount))
        else:
            out[-1] = one
    return tuple(out)


def _joined(words: Sequence[Word], first: Amount, second: Amount) -> Amount | None:
    if first.kind != "count" or second.kind != "count" or first.unit or first.high is not None:
        return None
    if second.start == first.end and _low(words, second.start) == "x" and second.unit not in MEASURES:
        return replace(second, start=first.start, value=first.value * second.value, about=True)
    between = _low(words, first.end) if second.start == first.end + 1 else ""
    before = _low(words, first.start - 1)
    ranged = (between in _TO and before != "from") or (between == "and" and before == "between")
    if not ranged or second.value <= first.value or second.signed:
        return None
    start = first.start - (before == "between")
    return replace(second, start=start, value=first.value, high=second.value, about=True)


def _rough(words: Sequence[Word], amount: Amount) -> Amount:
    if amount.kind != "count":
        return amount
    for ending in _ISH:
        after = tuple(_low(words, at) for at in range(amount.end, amount.end + len(ending)))
        if after == ending:
            return replace(amount, end=amount.end + len(ending), about=True)
    return replace(amount, about=True) if _low(words, amount.start - 1) in _ABOUT else amount


def _low(words: Sequence[Word], at: int) -> str:
    return words[at].low if 0 <= at < len(words) else ""
