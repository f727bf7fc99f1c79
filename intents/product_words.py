"""How a product's name is read: its core, its head noun and its sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from intents.words import stem

_PIECE = re.compile(
    r"\d{2,4}'?s\b|[^\W\d_]\d{1,2}\b|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[%&]", re.IGNORECASE
)
_SCALES = {
    "ml": ("ml", 1), "cl": ("ml", 10), "l": ("ml", 1000), "ltr": ("ml", 1000), "lt": ("ml", 1000),
    "litre": ("ml", 1000),
    "liter": ("ml", 1000), "g": ("g", 1), "gm": ("g", 1), "gr": ("g", 1), "gram": ("g", 1), "kg": ("g", 1000),
    "kilo": ("g", 1000), "kgs": ("g", 1000), "mm": ("mm", 1), "cm": ("mm", 10), "m": ("mm", 1000),
    "metre": ("mm", 1000),
    "meter": ("mm", 1000), "inch": ("inch", 1), "in": ("inch", 1), "oz": ("oz", 1), "lb": ("lb", 1),
    "w": ("w", 1), "%": ("%", 1),
    "percent": ("%", 1), "pint": ("pint", 1), "mg": ("mg", 1), "ft": ("ft", 1), "gb": ("gb", 1), "tb": ("tb",
    1), "mah": ("mah", 1),
}  # fmt: skip
_FIGURE = re.compile(r"(?:of)?(\d+(?:\.\d+)?)[a-z%]*")
COUNTED = frozenset({
    "bag", "piece", "cup", "pack", "pc", "sheet", "roll", "pair", "slice", "tablet", "capsule", "sachet",
    "ply",
    "person", "seat", "tier", "page", "pod", "count", "ct", "pk", "pcs", "set", "box", "drawer", "door",
    "way", "man",
})  # fmt: skip
HOLDERS = frozenset(
    {
        "pack",
        "box",
        "set",
        "bag",
        "tin",
        "jar",
        "case",
        "bottle",
        "tub",
        "tray",
        "bundle",
        "bunch",
        "punnet",
        "multipack",
    }
)
SIZE_WORDS = {
    "small": "small", "little": "small", "mini": "small", "sm": "small", "tiny": "small", "smaller": "small",
    "smallest": "small",
    "large": "large", "big": "large", "lg": "large", "bigger": "large", "biggest": "large",
    "larger": "large", "largest": "large",
    "giant": "large", "xl": "large", "medium": "medium", "med": "medium",
}  # fmt: skip
COLOURS = frozenset({
    "red", "blue", "green", "yellow", "black", "white", "gray", "brown", "pink", "purple", "orange", "navy",
    "gold",
    "silver", "cream", "beige", "turquoise", "teal", "clear",
})  # fmt: skip
ADJECTIVES = frozenset({
    *COLOURS, *SIZE_WORDS, "full", "empty", "loose", "whole", "fresh", "local", "free", "double", "single",
    "mature", "vintage",
    "hot", "cold", "warm", "dark", "light", "old", "new", "good", "best", "tall", "short", "long", "wide",
    "plain", "plated",
    "still", "sparkling", "soft", "hard", "sweet", "dry", "wet", "raw", "flat", "round", "square", "oval",
    "striped", "wooden",
    "glass", "steel", "wool", "linen", "canvas", "slate", "oak", "wood", "house", "set", "box", "pack",
    "case", "pair",
    "bag", "top", "side", "half", "heavy", "fine", "thick", "thin", "open", "print", "range", "thank", "you",
    "press", "fat",
    "card", "gift", "time", "day", "sea", "salt", "ground", "leaf", "stick", "maker", "drink", "keep", "bar",
    "roll",
}) - {"orange", "cream", "glass", "bag", "bar", "card", "gift", "drink", "salt", "roll", "box"}  # fmt: skip
"""Words that say how a thing is; alone they name nothing."""
MAKES = (COLOURS | frozenset(SIZE_WORDS) | frozenset({
    "fresh", "double", "single", "mature", "vintage", "dark", "plain", "sparkling", "striped", "wooden",
    "glass", "steel", "wool", "linen", "canvas", "slate", "oak", "wood", "raw", "round", "square", "oval",
}))  # fmt: skip
"""Describing words that tell things of one kind apart."""
_TRAILING = COLOURS - {"orange", "cream"} | {"warm", "cool"}
JOINERS = frozenset({"of", "with", "and", "in", "for", "the", "a", "an", "au", "de", "&", "-", "n", "to"})


def read_name(name: str) -> tuple[list[str], list[str], str]:
    """A name's core words (stems), its size words and its head (``""`` where there is none).

    >>> read_name("Red Mug 350ml")
    (['red', 'mug'], ['350ml'], 'mug')
    >>> read_name("Wine Glass Set of 6")
    (['wine', 'glass'], ['~set', 'of6'], 'glass')
    """
    pieces = [found[0] for found in _PIECE.finditer(name)]
    sizes: list[str] = []
    core: list[str] = []
    ends: int | None = None
    at = 0
    while at < len(pieces):
        size, end = read_size(pieces, at)
        if size:
            if core and core[-1] in HOLDERS and size.startswith(("of", "#")):
                size = size.replace("#", "of")  # "Set 6" is "Set of 6"
                sizes.append("~" + core.pop())
            sizes.append(size)
        else:
            word = stem(pieces[at].lower())
            if word in ("with", "for", "in") and core and ends is None:
                ends = len(core)
            if word not in JOINERS:
                core.append(word)
            end = at + 1
        at = end
    return core, sizes, _head(core[:ends], boxed="~box" in sizes)


def _head(core: Sequence[str], *, boxed: bool) -> str:
    """The last word that tells a kind: neither a size, a type ("A5", "E27") nor a trailing colour."""
    kinds = [word for word in core if word not in SIZE_WORDS and len(word) > 1 and not _has_figure(word)]
    while len(kinds) > 1 and (kinds[-1] in _TRAILING or (boxed and kinds[-1] == "gift")):
        kinds.pop()
    return kinds[-1] if kinds else core[-1] if core else ""


def _has_figure(word: str) -> bool:
    return any(letter.isdecimal() for letter in word)


def read_size(pieces: Sequence[str], at: int) -> tuple[str, int]:
    """The size that starts at ``at`` in one canonical form and where it ends (``""`` where none).

    ``1L`` and ``1000 ml`` are both ``1000ml``; ``Box of 12`` is ``of12``; ``80 Bags`` is ``80bag``.
    """
    low = pieces[at].lower()
    if low == "of" and at + 1 < len(pieces) and pieces[at + 1].isdecimal():
        return f"of{int(pieces[at + 1])}", at + 2
    if low == "half":
        unit_at = at + 2 if _follows(pieces, at, ("a",)) else at + 1
        if _follows(pieces, unit_at - 1, ("litre", "liter", "kilo", "kg", "l")):
            unit, factor = _SCALES[stem(pieces[unit_at].lower())]
            return f"{factor // 2}{unit}", unit_at + 1
    if not low[:1].isdecimal() or low.endswith("s"):
        return "", at
    return _measured(pieces, at, low)


def _follows(pieces: Sequence[str], at: int, words: tuple[str, ...]) -> bool:
    return at + 1 < len(pieces) and pieces[at + 1].lower() in words


def _measured(pieces: Sequence[str], at: int, low: str) -> tuple[str, int]:
    unit = stem(pieces[at + 1].lower()) if at + 1 < len(pieces) else ""
    if unit == "-" and at + 2 < len(pieces):
        unit = stem(pieces[at + 2].lower())
    if unit in _SCALES:
        return _scaled(low, unit), at + 2
    if unit in COUNTED and low.isdecimal():
        return f"{int(low)}{unit}", at + 2
    return (f"#{int(low)}", at + 1) if low.isdecimal() else ("#" + low, at + 1)


def is_size(token: str) -> bool:
    """Whether a stem is a size rather than a word of a name."""
    decade = token.endswith("s") and token[:-1].isdecimal()
    counted = token.startswith("of") and token[2:].isdecimal()
    return (token[:1].isdecimal() and not decade) or token in SIZE_WORDS or counted or token[:1] == "#"


def figure_of(size: str) -> str:
    """The bare number of a size with a unit: ``350`` of ``350ml``, ``6`` of ``of6``; ``""`` of others."""
    found = _FIGURE.fullmatch(size)
    return found[1] if found else ""


@lru_cache(maxsize=4096)
def _scaled(figure: str, unit: str) -> str:
    name, factor = _SCALES[unit]
    try:
        value = Decimal(figure.replace(",", "")) * factor
    except InvalidOperation:
        return f"#{figure}"
    return f"{value.normalize():f}{name}"


def size_number(size: str) -> Decimal:
    """How big a canonical size is, to order sizes of one kind."""
    figures = re.search(r"\d+(?:\.\d+)?", size)
    return Decimal(figures[0]) if figures else Decimal(0)
