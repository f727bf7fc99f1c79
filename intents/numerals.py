"""Number words and figures, read from a list of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from intents.words import Word

ONES = {
    name: value
    for value, name in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    name: 10 * value
    for value, name in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
SCALES = {"hundred": 100, "thousand": 1000, "k": 1000, "lakh": 100_000, "million": 1_000_000}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?e\d{1,2}|\d+\.\d+|\.\d+|\d+")
NUMBER_WORDS = frozenset({*ONES, *TENS, *SCALES})
AMOUNT_WORDS = NUMBER_WORDS | {"dozen", "half", "couple", "pair", "quarter"}
"""Words of amounts, which by themselves name no product ("a dozen lemons" are no "dozen eggs")."""


def figure(word: str) -> Decimal | None:
    """The value of a number in figures (``1,200``, ``2.5``), else None."""
    if not _FIGURE.fullmatch(word) or len(word) > 20:
        return None
    try:
        return Decimal(word.replace(",", ""))
    except InvalidOperation:
        return None


def read_number(words: Sequence[Word], at: int) -> tuple[Decimal, int] | None:
    """The number that starts at ``at`` and where it ends, or None.

    Reads ``12``, ``1 1/2``, ``twelve``, ``twenty-five``, ``a hundred and twenty``, ``two and a half``,
    ``a dozen``, ``half a dozen``, ``three dozen``, ``a couple of``, ``a pair of``.
    """
    if at >= len(words):
        return None
    return _special(words, at) or _with_fraction(words, at)


_SPECIAL: tuple[tuple[tuple[str, ...], Decimal], ...] = (
    (("half", "a", "dozen"), Decimal(6)),
    (("half", "dozen"), Decimal(6)),
    (("a", "couple", "of"), Decimal(2)),
    (("a", "couple"), Decimal(2)),
    (("couple", "of"), Decimal(2)),
    (("a", "pair", "of"), Decimal(2)),
    (("a", "half", "dozen"), Decimal(6)),
    (("a", "dozen"), Decimal(12)),
    (("a", "score"), Decimal(20)),
    (("a", "hundred"), Decimal(100)),
    (("a", "thousand"), Decimal(1000)),
    (("a", "lakh"), Decimal(100_000)),
    (("a", "million"), Decimal(1_000_000)),
    (("half", "a"), Decimal("0.5")),
    (("half",), Decimal("0.5")),
    (("a", "half"), Decimal("0.5")),
    (("a", "quarter", "of", "a"), Decimal("0.25")),
    (("quarter", "of", "a"), Decimal("0.25")),
    (("dozen",), Decimal(12)),
)


_SPECIAL_STARTS = frozenset(names[0] for names, _ in _SPECIAL)


def _special(words: Sequence[Word], at: int) -> tuple[Decimal, int] | None:
    if words[at].low not in _SPECIAL_STARTS:
        return None
    for names, value in _SPECIAL:
        if tuple(word.low for word in words[at : at + len(names)]) == names:
            end = at + len(names)
            if value >= 100:
                return _grow(words, end, value)
            if value == 12 and [word.low for word in words[end : end + 3]] == ["and", "a", "half"]:
                return Decimal(18), end + 3
            return value, end
    return None


def _with_fraction(words: Sequence[Word], at: int) -> tuple[Decimal, int] | None:
    whole = _slash(words, at) or _plain(words, at)
    if whole is None:
        return None
    value, end = whole
    if value == value.to_integral_value():
        part = _slash(words, end)
        if part is not None and part[0] < 1:
            return value + part[0], part[1]
        if [word.low for word in words[end : end + 3]] == ["and", "a", "half"]:
            return value + Decimal("0.5"), end + 3
    if end < len(words) and words[end].low in ("dozen", "doz", "dz", "dozens"):
        return value * 12, end + 1
    return value, end


def _slash(words: Sequence[Word], at: int) -> tuple[Decimal, int] | None:
    if at + 2 >= len(words) or words[at + 1].low != "/":
        return None
    top, bottom = figure(words[at].low), figure(words[at + 2].low)
    if top is None or bottom is None or not 0 < top < bottom <= 8:
        return None
    return top / bottom, at + 3


def _plain(words: Sequence[Word], at: int) -> tuple[Decimal, int] | None:
    value = figure(words[at].low)
    if value is not None:
        if at + 1 < len(words) and words[at + 1].low in ("k", "lakh", "thousand", "hundred", "million"):
            glued = words[at + 1].start == words[at].end or words[at + 1].low != "k"
            if glued:
                return value * SCALES[words[at + 1].low], at + 2
        return value, at + 1
    return _spoken(words, at)


def _spoken(words: Sequence[Word], at: int) -> tuple[Decimal, int] | None:
    small = _below_hundred(words, at)
    if small is None:
        return None
    return _grow(words, small[1], Decimal(small[0]))


def _grow(words: Sequence[Word], end: int, value: Decimal) -> tuple[Decimal, int]:
    """Hundreds and thousands after what was read so far."""
    while end < len(words) and words[end].low in SCALES and words[end].low != "k":
        value *= SCALES[words[end].low]
        end += 1
        follow = end + 1 if end < len(words) and words[end].low == "and" else end
        more = _below_hundred(words, follow) if value >= 100 else None
        if more is not None:
            value += more[0]
            end = more[1]
    if value >= 100:
        follow = end + 1 if end < len(words) and words[end].low == "and" else end
        more = _below_hundred(words, follow)
        if more is not None:
            return value + more[0], more[1]
    return value, end


def _below_hundred(words: Sequence[Word], at: int) -> tuple[int, int] | None:
    if at >= len(words):
        return None
    low = words[at].low
    if low in ONES:
        return ONES[low], at + 1
    if low not in TENS:
        return None
    follow = at + 2 if at + 1 < len(words) and words[at + 1].low == "-" else at + 1
    if follow < len(words) and 0 < ONES.get(words[follow].low, 0) < 10:
        return TENS[low] + ONES[words[follow].low], follow + 1
    return TENS[low], at + 1
