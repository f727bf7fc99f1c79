"""Amounts in a message: how many, of what unit, money, percentages and lengths of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from intents.numerals import ORDINALS, read_number
from intents.words import Word

UNITS = {
    "each": "each", "ea": "each", "pc": "each", "pcs": "each", "piece": "each", "pieces": "each",
    "nos": "each",
    "unit": "each", "units": "each", "single": "each", "singles": "each", "individual": "each",
    "loose": "each",
    "pack": "pack", "packs": "pack", "pk": "pack", "pks": "pack", "packet": "pack", "packets": "pack",
    "pkt": "pack",
    "pkts": "pack", "case": "case", "cases": "case", "cs": "case", "box": "box", "boxes": "box", "bx": "box",
    "crate": "crate", "crates": "crate", "tray": "tray", "trays": "tray", "pallet": "pallet",
    "pallets": "pallet",
    "kg": "kg", "kgs": "kg", "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg", "g": "g",
    "gm": "g",
    "gms": "g", "gram": "g", "grams": "g", "gr": "g", "l": "l", "lt": "l", "ltr": "l", "ltrs": "l",
    "litre": "l",
    "litres": "l", "liter": "l", "liters": "l", "ml": "ml", "mls": "ml", "millilitre": "ml",
    "millilitres": "ml",
    "lb": "lb", "lbs": "lb", "pound": "lb", "pounds": "lb", "oz": "oz",
}  # fmt: skip
MEASURES = frozenset({"kg", "g", "l", "ml", "lb", "oz"})
CONTAINERS = frozenset({
    "bottle", "can", "tin", "jar", "bag", "tub", "loaf", "bunch", "punnet", "carton", "roll", "sack", "tube",
    "bar", "pot", "set", "sheet", "slice", "wheel", "block", "item", "copy", "head", "pair", "stick",
})  # fmt: skip
LENGTHS = {
    "day": 1, "days": 1, "week": 7, "weeks": 7, "wk": 7, "wks": 7, "fortnight": 14, "fortnights": 14,
    "month": 30, "months": 30, "year": 365, "years": 365,
}  # fmt: skip
MONEY_SIGNS = frozenset("£$€₹")
MONEY_WORDS = frozenset(
    {
        "quid",
        "pounds",
        "pound",
        "gbp",
        "eur",
        "euro",
        "euros",
        "usd",
        "dollars",
        "rupees",
        "rs",
        "inr",
        "bucks",
    }
)
PENCE = frozenset({"p", "pence", "cents", "c"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number read from ``words[start:end]``.

    ``kind``: ``count`` (with or without unit), ``money``, ``percent``, ``days``.  ``signed`` is true
    where a plus or minus was said; ``about`` where the number is not meant exactly, and of a range
    ``value`` is the lower and ``high`` the upper end.
    """

    start: int
    end: int
    value: Decimal
    kind: str
    unit: str = ""
    signed: bool = False
    pack: Decimal | None = None
    about: bool = False
    high: Decimal | None = None


def find_amounts(words: Sequence[Word]) -> tuple[Amount, ...]:
    """All amounts of a message, left to right, not overlapping."""
    out: list[Amount] = []
    at = 0
    while at < len(words):
        found = _amount(words, at)
        if found is None:
            at += 1
        else:
            out.append(found)
            at = found.end
    return tuple(out)


def _amount(words: Sequence[Word], at: int) -> Amount | None:
    if words[at].low in MONEY_SIGNS:
        number = read_number(words, at + 1)
        return Amount(at, number[1], number[0], "money") if number else None
    sign, first = _sign(words, at)
    number = read_number(words, first)
    if number is None or _pronoun(words, first):
        return _article(words, at)
    value, end = number
    if _is_time_of_day(words, first, end):
        return Amount(at, end + 1, value, "clock")
    found = _typed(words, first, end, value)
    signed = first > at and words[at].low != "x"  # "x 2" is an amount, "+2" a change
    return Amount(at, found.end, found.value * sign, found.kind, found.unit, signed, found.pack)


def _sign(words: Sequence[Word], at: int) -> tuple[int, int]:
    low = words[at].low
    if at + 1 >= len(words) or read_number(words, at + 1) is None:
        return 1, at
    glued = words[at].end == words[at + 1].start
    if low == "minus" or (low == "-" and (glued and not _glued_before(words, at))):
        return -1, at + 1
    if low == "+" or (low == "plus" and at == 0):
        return 1, at + 1
    if low == "x" and (glued or at > 0):
        return 1, at + 1
    return 1, at


def _glued_before(words: Sequence[Word], at: int) -> bool:
    return at > 0 and words[at - 1].end == words[at].start


def _article(words: Sequence[Word], at: int) -> Amount | None:
    """Reads "a case of", "an extra box": one of a unit."""
    if words[at].low not in ("a", "an", "one", "another") or at + 1 >= len(words):
        return None
    follow = (
        at + 2
        if words[at + 1].low in ("full", "whole", "new", "single", "extra") and at + 2 < len(words)
        else at + 1
    )
    unit = UNITS.get(words[follow].low)
    if unit and unit not in ("each", "g", "l"):
        return Amount(at, _past_of(words, follow + 1), Decimal(1), "count", unit)
    if words[follow].low in LENGTHS:
        return Amount(at, follow + 1, Decimal(LENGTHS[words[follow].low]), "days")
    return None


def _pronoun(words: Sequence[Word], at: int) -> bool:
    """Reads "this one", "the big one": no number."""
    if words[at].low != "one":
        return False
    before = words[at - 1].low if at else ""
    after = _low(words, at + 1)
    if before in _DEEDS and after in ("at", "in", "to", "from", "for", "and", "then", ""):
        return False  # "sold one for 25", "and one at the harbour", "one and a half"
    if after == "and" and _low(words, at + 2) == "a" and _low(words, at + 3) in ("half", "quarter"):
        return False
    if not before and after in ("is", "was", "has", "got", "went"):
        return False
    return (
        before in _BEFORE_ONE
        or ordinal_of(before) is not None
        or not after
        or not after.isalpha()
        or after in _AFTER_ONE
    )


_DEEDS = frozenset({"and", "plus", "sold", "broke", "lost", "order", "reorder", "received", "moved", "move",
    "used", "found", "add", "took", "dropped", "smashed", "binned", "bin", "returned", "need", "another",
})  # fmt: skip
_BEFORE_ONE = frozenset({"this", "that", "the", "which", "every", "each", "no", "any", "other", "right",
    "wrong", "big", "small", "large",
                         "little", "red", "blue", "green", "white", "black", "grey", "new", "old", "cheap",
                         "cheaper", "cheapest"})  # fmt: skip
_AFTER_ONE = frozenset(
    {
        "is",
        "are",
        "please",
        "pls",
        "at",
        "in",
        "for",
        "thanks",
        "and",
        "then",
        "we",
        "i",
        "you",
        "on",
        "to",
        "was",
        "that",
        "which",
    }
)


def _is_time_of_day(words: Sequence[Word], first: int, end: int) -> bool:
    return end < len(words) and end == first + 1 and words[end].low in ("am", "pm", "oclock")


def _typed(words: Sequence[Word], first: int, end: int, value: Decimal) -> Amount:
    low = words[end].low if end < len(words) else ""
    if (low in ("%", "percent", "pc") and (low != "pc" or value > 100)) or (
        low == "per" and _low(words, end + 1) == "cent"
    ):
        return Amount(first, end + (2 if low == "per" else 1), value, "percent")
    of_money = low not in ("pound", "pounds") or _low(words, first - 1) in ("for", "at", "@")
    if low in MONEY_WORDS and of_money:
        return Amount(first, end + 1, value, "money")
    if low in PENCE and value >= 1:
        return Amount(first, end + 1, value / 100, "money")
    if low in LENGTHS:
        return Amount(first, end + 1, value * LENGTHS[low], "days")
    if (
        low in ("full", "whole", "more", "extra", "new", "small", "big", "large")
        and _low(words, end + 1) in UNITS
    ):
        end += 1
    return _unit(words, first, end, value)


def _unit(words: Sequence[Word], first: int, end: int, value: Decimal) -> Amount:
    low = _low(words, end)
    if low == "x" and end + 1 < len(words) and not _glued_before(words, end):
        return Amount(first, end, value, "count")
    if low == "x":
        return Amount(first, end + 1, value, "count")
    unit = UNITS.get(low, "")
    if low in ("no", "nos") and value > 0:
        dotted = _low(words, end + 1) == "."  # "1 no. bear"
        each = "each" if low == "nos" or dotted else ""
        return Amount(first, _past_of(words, end + 1 + dotted), value, "count", each)
    if not unit:
        return Amount(first, end, value, "count")
    after = end + 1
    if _low(words, after) == "of":
        inner = read_number(words, after + 1)
        if inner is not None and unit not in MEASURES:
            return Amount(first, _past_of(words, inner[1]), value, "count", unit, pack=inner[0])
    return Amount(first, _past_of(words, after), value, "count", unit)


def _past_of(words: Sequence[Word], at: int) -> int:
    return at + 1 if _low(words, at) == "of" else at


def _low(words: Sequence[Word], at: int) -> str:
    return words[at].low if 0 <= at < len(words) else ""


def ordinal_of(low: str) -> int | None:
    """The number that an ordinal word tells (``first`` 1, ``2nd`` 2, ``last`` -1)."""
    if low in ("last", "latter", "bottom"):
        return -1
    if low == "former":
        return 1
    if low in ORDINALS:
        return ORDINALS[low]
    return (
        int(low[:-2])
        if low[:-2].isdecimal() and low[-2:] in ("st", "nd", "rd", "th") and len(low) < 5
        else None
    )
