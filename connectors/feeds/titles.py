"""Names out of capitals: ``RED RETROSPOT T-LIGHT 50'S`` reads better as ``Red Retrospot T-Light 50's``."""

from __future__ import annotations

import re

_SMALL = frozenset(("a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"))
_CAPITALS = frozenset(("BBQ", "CD", "DVD", "LED", "TV", "UK", "USA", "USB", "XL", "XXL", "II", "III", "IV"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def shop_title(text: str) -> str:
    """A name in title case, if it was all capitals; otherwise only its spaces are tidied."""
    tidy = " ".join(text.split())
    return _WORD.sub(_cased, tidy) if tidy.isupper() else tidy


def _cased(match: re.Match[str]) -> str:
    word, before = match[0], match.string[match.start() - 1 : match.start()]
    if word in _CAPITALS:
        return word
    if (before in ("'", "’") and before) or (before.isdigit() and len(word) <= 3):
        return word.lower()
    return word.lower() if before and word.lower() in _SMALL else word.capitalize()
