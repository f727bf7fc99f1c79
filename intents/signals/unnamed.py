"""Words for what a signal is about where no thing was found: the shop, its people, what is asked for."""

from __future__ import annotations

import re

from intents.signals.tokens import Token, level, tokens_of
from intents.signals.word_features import FUNCTION

MOST_WORDS = 5
_PEOPLE = re.compile(
    r"\b(?:(?:young|old|older|delivery|cheese|till|new|front) )?(?:staff|team|crew|driver|courier|lads?|lady|"
    r"ladies|man|woman|girls?|boys?|guys?|chap|fella|owner|manager|folks?|counter|service|shop|store|place|"
    r"cafe|packaging|wrapping|advice|website|delivery)\b",
    re.IGNORECASE,
)
_CUES = re.compile(
    r"\b(?:sell|selling|stock(?:ing)?|carry|keep(?:ing)?|looking for|after|need|wants?|wanted|asked for|"
    r"asking for|asked about|any chance of|chance of|do (?:you|ye|u|yis|they|we) (?:have|do|get)|"
    r"have (?:you|ye|u|they)|got any|got|wish (?:you|they) (?:had|sold|did)|bring back|get in|more|"
    r"would love|sold|any|prospect of|obtain)\b",
    re.IGNORECASE,
)
_STOPS = frozenset({
    "please", "pls", "ever", "yet", "soon", "again", "today", "tomorrow", "instead", "sometime", "lately",
    "because", "who", "which", "when", "would", "could", "is", "are", "was", "were", "by", "at", "since",
})  # fmt: skip


def shop_words(said: str) -> str | None:
    """The words for the shop or its people that are praised.

    >>> shop_words("compliments to the young man at the till")
    'young man'
    """
    found = _PEOPLE.search(level(said))
    return said[found.start() : found.end()] if found else None


def asked_for(said: str) -> str | None:
    """The words after what asks for something, or of a clause that is nothing but a name.

    >>> asked_for("could you stock smoked salt please")
    'smoked salt'
    >>> asked_for("Ready meals!")
    'Ready meals'
    """
    plain = level(said)
    starts = [found.end() for found in _CUES.finditer(plain)] or [0]
    for start in reversed(starts):
        kept: list[Token] = []
        for token in tokens_of(plain[start:]):
            ends = not token.low[0].isalnum() and token.low != "-"
            if kept and (ends or token.low in _STOPS or len(kept) == MOST_WORDS):
                break
            if kept or (not ends and token.low not in FUNCTION and token.low not in _STOPS):
                kept.append(token)
        while kept and kept[-1].low in FUNCTION:
            kept.pop()
        if kept:
            return said[start + kept[0].start : start + kept[-1].end]
    return None
