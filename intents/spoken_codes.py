"""Numbers of orders as they are dictated: "twenty two thirty three", "seven seven three six"."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from intents.numerals import ONES, TENS
from intents.words import Word, stem

_DIGITS = {
    **{name: str(value) for name, value in ONES.items() if value < 10},
    "oh": "0",
    "o": "0",
    "nought": "0",
}
_SAID = frozenset({"po", "order", "number", "no", "delivery"})
MOST_DIGITS = 9


def written(words: Sequence[Word], known: Collection[str]) -> tuple[Word, ...]:
    """The words with dictated order numbers in figures; ``known`` are the numbers in the books."""
    out: list[Word] = []
    at = 0
    while at < len(words):
        found = _letters(words, at) or _code(words, at, known, out[-1].low if out else "")
        if found is None:
            out.append(words[at])
            at += 1
        else:
            low, end = found
            first, last = words[at], words[end - 1]
            out.append(Word(low, low, stem(low), first.start, last.end))
            at = end
    return tuple(out)


def _letters(words: Sequence[Word], at: int) -> tuple[str, int] | None:
    """As in "P O twenty two forty"."""
    pair = [word.low for word in words[at : at + 2]]
    counted = at + 2 < len(words) and (words[at + 2].low in TENS or words[at + 2].low[:1].isdecimal()
        or words[at + 2].low in _DIGITS)  # fmt: skip
    return ("po", at + 2) if pair == ["p", "o"] and counted else None


def _code(words: Sequence[Word], at: int, known: Collection[str], before: str) -> tuple[str, int] | None:
    for digits, end in (_one_by_one(words, at), _in_pairs(words, at)):
        if digits in known or (len(digits) >= 4 and before in _SAID):
            return digits, end
    return None


def _one_by_one(words: Sequence[Word], at: int) -> tuple[str, int]:
    end, digits = at, ""
    while end < len(words) and words[end].low in _DIGITS and len(digits) < MOST_DIGITS:
        digits += _DIGITS[words[end].low]
        end += 1
    return (digits, end) if len(digits) >= 3 else ("", at)


def _in_pairs(words: Sequence[Word], at: int) -> tuple[str, int]:
    end, digits = at, ""
    while len(digits) < MOST_DIGITS - 1:
        pair = _pair(words, end)
        if pair is None:
            break
        digits, end = digits + pair[0], pair[1]
    return (digits, end) if len(digits) >= 4 else ("", at)


def _pair(words: Sequence[Word], at: int) -> tuple[str, int] | None:
    """Two digits: "twenty two", "fifteen", "oh five"."""
    low = words[at].low if at < len(words) else ""
    after = words[at + 1].low if at + 1 < len(words) else ""
    if low in TENS:
        unit = ONES.get(after, 0)
        return (str(TENS[low] + unit), at + 2) if 0 < unit < 10 else (str(TENS[low]), at + 1)
    if 10 <= ONES.get(low, 0) < 20:
        return str(ONES[low]), at + 1
    if low in ("oh", "o") and after in _DIGITS:
        return "0" + _DIGITS[after], at + 2
    return None
