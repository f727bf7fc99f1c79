"""The words in which a change is told: what is said beside them makes a change doubtful.

A tool's own examples are the language of its deed.  Words that stand in none of them, and things that were
named but that no slot took, may turn the sense round ("sold 3 mugs *next door*"), so they are asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from intents.followups import FRAGMENT_WORDS
from intents.gazetteer import Entity
from intents.masks import plain
from intents.periods import TimeSpan
from intents.quantities import CONTAINERS, UNITS, Amount
from intents.readers import EXPIRY, reason_of, told_loss
from intents.reading import Filled
from intents.segments import pairs
from intents.tags import Tag, Tags
from intents.templates import LOOKS_AHEAD, UNKNOWN
from tools.kit import Tool
from tools.kit.slots import Kind

# What may always stand beside a deed: greetings, thanks, small words that neither ask nor doubt nor deny.
COURTESY = frozenset({
    "hi", "hiya", "hello", "hey", "morning", "afternoon", "evening", "please", "pls", "plz", "kindly",
    "thanks", "thank", "you", "thx", "ta", "cheers", "ok", "okay", "so", "well", "um", "er",
    "oh", "btw", "fyi", "can", "could", "would", "will", "mind", "just", "now", "today", "again",
    "also", "too", "and", "n", "then", "plus", "more", "another", "extra", "all", "both", "a", "an",
    "the", "this", "that", "these", "those", "my", "our", "its", "i", "we", "us", "me", "he", "she",
    "they", "im", "ive", "weve", "of", "for", "at", "in", "on", "to", "into", "from", "by", "with",
    "over", "each", "as", "have", "has", "had", "was", "were", "been", "is", "are", "it", "them",
    "there", "theres", "yes", "yeah", "yep",
})  # fmt: skip
_SIGNS = frozenset({",", ".", "!", "?", ":", ";", "-", "->", "=", "@", "&", "(", ")", "£", "$", "€", "₹"})
_GENERAL = 3
_CORRECTED = frozenset({"not", "was", "were", "says", "said", "instead"})
# They change the books by what waits or was done, not by what they say themselves.
_DECIDING = frozenset({"meta.affirm", "meta.undo"})
_FRIENDLY = frozenset({"meta.greet", "meta.thanks"})
_IDLE = _FRIENDLY | {"meta.affirm", "meta.deny", "meta.cancel", "meta.help", UNKNOWN}


class Telling:
    """The language of the deeds, learned from the tools' examples."""

    def __init__(self, tools: Mapping[str, Tool]) -> None:
        self._tools = tools
        self._words: dict[str, frozenset[str]] = {}
        deeds = [intent for intent, tool in tools.items() if _moves_goods(tool) and intent not in LOOKS_AHEAD]
        counts = Counter(word for intent in deeds for word in self._own(intent))
        self._general = COURTESY | {word for word, count in counts.items() if count >= _GENERAL}

    def _own(self, intent: str) -> frozenset[str]:
        known = self._words.get(intent)
        if known is None:
            texts = (re.sub(r"[()\[\]|]|\{\w+\}", " ", text) for text in self._tools[intent].examples)
            known = self._words[intent] = frozenset(word for text in texts for word in plain(text).split())
        return known

    def tells(self, intent: str) -> bool:
        """Whether the intent changes the books by being told; remarks may be told in any words."""
        tool = self._tools.get(intent)
        return tool is not None and "text" not in tool.slot_kinds and (tool.writes or intent in _DECIDING)

    def untold(
        self, intent: str, tags: Tags, span: tuple[int, int], filled: Filled, *, fragment: bool
    ) -> tuple[str, ...]:
        """What stands in ``words[span]`` beside the telling of the deed, as words; nothing for a question."""
        tool = self._tools.get(intent)
        if tool is None or not self.tells(intent):
            return ()
        part = tags.within(*span)
        spare = _surplus(part) if fragment else _spare(part, tool, filled)
        taken = part.covered() - {at for tag in spare for at in range(tag.start, tag.end)}
        known = self._own(intent) | self._general | _explained(tags, span, filled, tool)
        known |= FRAGMENT_WORDS if fragment else frozenset()
        beside = tuple(tags.low(at) for at in range(*span) if at not in taken and not _told(tags, at, known))
        if beside or fragment or intent in _DECIDING or self._names_the_deed(intent, tags, span, taken):
            return beside
        return tuple(tags.low(at) for at in range(*span))

    def _names_the_deed(self, intent: str, tags: Tags, span: tuple[int, int], taken: frozenset[int]) -> bool:
        """Whether some word says what was done: "4 mugs, back room" may be a count, a sale or a delivery."""
        own = self._own(intent) - COURTESY
        return any(tags.low(at) in own for at in range(*span) if at not in taken)

    def idle(self, intent: str, tags: Tags, span: tuple[int, int]) -> tuple[str, ...]:
        """What a part of a message says that is no request of its own, beside greetings and thanks."""
        if intent not in _IDLE:
            return ()
        known = COURTESY | (self._own(intent) if intent in _FRIENDLY else frozenset())
        return tuple(tags.low(at) for at in range(*span) if not _told(tags, at, known))


def _moves_goods(tool: Tool) -> bool:
    return tool.writes and {"products", "quantity"} <= set(tool.slot_kinds)


def _told(tags: Tags, at: int, known: frozenset[str]) -> bool:
    low = tags.low(at)
    if low[:1].isalpha():
        past = low.endswith("ed") and bool({low[:-1], low[:-2]} & known)
        return past or bool({low, tags.words[at].stem} & (known | CONTAINERS)) or low in UNITS
    return low in _SIGNS and not (low == "-" and tags.low(at + 1) == "-")


def _explained(tags: Tags, span: tuple[int, int], filled: Filled, tool: Tool) -> frozenset[str]:
    """The words that slots without tags were read from: a reason, a lot, the day until which goods keep."""
    words = {tags.low(at) for at in range(*span)}
    told = {str(filled.slots.get(slot, "")).lower() for slot in ("reason", "lot")} - {""}
    found = {word for word in words for text in told if word in re.split(r"[^a-z0-9]+", text) or word == text}
    if "lot" in filled.slots:
        found |= {word for word in words if word and str(filled.slots["lot"]).lower().find(word) >= 0}
    if "reason" in tool.slot_kinds:
        found |= {word for word in words if reason_of(word)}
    return frozenset(found | (EXPIRY & words if "expiry" in filled.slots else set()))


def _surplus(part: Tags) -> tuple[Tag, ...]:
    """The further numbers of a few words that answer how many; "12, not 10" is one answer."""
    counts = [tag for tag in part.amounts if tag.kind == "count" and part.low(tag.start - 1) != "not"]
    return tuple(counts[1:]) if len(part.mentions) < len(counts) else ()


def _spare(part: Tags, tool: Tool, filled: Filled) -> tuple[Tag, ...]:
    """Things that were named and that no slot took; times are asked about in words of their own."""
    shared = {id(tag) for pair in pairs(part, tool) for tag in (pair.amount, pair.mention)}
    spare = [
        tag for tag in filled.leftovers(part)
        if not isinstance(tag, TimeSpan) and id(tag) not in shared and not _harmless(tag, part)
    ]  # fmt: skip
    below = [tag for tag in part.amounts if tag.signed and tag.value < 0 and tag not in spare]
    return (*spare, *(tag for tag in below if told_loss(part.masked(0, tag.start))))


def _harmless(tag: Tag, part: Tags) -> bool:
    """Whether a thing beside a deed changes nothing of it: who bought, the hour, a number that was wrong."""
    if isinstance(tag, Amount):
        return tag.kind == "clock" or part.low(tag.start - 1) in _CORRECTED
    return isinstance(tag, Entity) and tag.kind is Kind.CUSTOMER
