"""Words around a request that only keep good manners, and marks of dictation: they ask for nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intents.words import Word

_BEFORE = re.compile(
    r"(?:(?:"
    r"(?:so |very |really )?sorry to (?:bother|trouble|disturb|ask|be a pain|chase)"
    r"(?: (?:you|u))?(?: (?:again|but))?|"
    r"excuse me|pardon me|apologies(?: for (?:the|this) \w+)?|"
    r"(?:when|whenever|if) (?:you|u) (?:get|have|ve got|have got|find) (?:a|any) "
    r"(?:moment|minute|min|sec|second|chance|free moment)|"
    r"if (?:it is|its|thats) (?:ok|okay|no trouble|possible|not too much trouble)|"
    r"(?:a )?quick (?:question|one|q)|just (?:a )?quick(?: one| question)?|one (?:quick )?(?:thing|question)|"
    r"if (?:you|u) (?:can|could|would|dont mind|wouldnt mind)|"
    r"hope (?:you|u|ur|youre)(?: are)? (?:well|good|ok)|long story short"
    r")(?: ?[,.!;:-]+)? )+"
)
_AFTER = re.compile(
    r"(?:"
    r"[,.;!-] ?(?:(?:so |and )?(?:kindly|please|pls) "
    r"(?:update|enter|process|note|advise|action|do the needful|adjust|record|book|do|arrange|revert)"
    r"(?: (?:it|this|that|same|the same|accordingly|asap|at the earliest|in (?:the )?system))*|"
    r"do the needful)|"
    r"(?: ?,)? (?:"
    r"if (?:you|u) (?:have (?:it|that|time|a moment)|can|could|would|dont mind|wouldnt mind|please)|"
    r"if (?:possible|thats ok|its ok|not too much trouble)|do you think|would you|will you|could you|"
    r"(?:when|whenever) (?:you|u) (?:get|have|can)(?: a (?:chance|moment|minute|sec))?)"
    r")[ .!?]*$"
)
_HESITATION = frozenset({"um", "umm", "uh", "uhm", "erm", "er", "hmm", "hm", "ah"})
_SPOKEN_MARKS = {"comma": ",", "semicolon": ";"}


def heard(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without hesitations, spoken commas as commas."""
    kept = tuple(word for word in words if word.low not in _HESITATION) or tuple(words)
    return tuple(
        word.mended(_SPOKEN_MARKS[word.low]) if word.low in _SPOKEN_MARKS and len(kept) > 2 else word
        for word in kept
    )


def core(words: Sequence[Word]) -> tuple[int, int]:
    """Where the request itself stands among the words."""
    lows = [word.low for word in words]
    before = _BEFORE.match(" ".join(lows) + " ")
    start = len(before[0].split()) if before else 0
    if len(lows) - start < 2:
        start = 0
    text = " ".join(lows[start:])
    after = _AFTER.search(text)
    end = start + len(text[: after.start()].split()) if after else len(lows)
    return (start, end) if end - start >= 2 else (start, len(lows))
