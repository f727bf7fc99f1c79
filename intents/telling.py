"""The words in which a change is told: what is said beside them makes a change doubtful.

A tool's own examples are the language of its deed.  Words that stand in none of them, and things that were
named but that no slot took, may turn the sense round ("sold 3 mugs *next door*"), so they are asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from intents.asserted import only_asks
from intents.followups import FRAGMENT_WORDS
from intents.gazetteer import Entity
from intents.masks import plain
from intents.mentions import Mention
from intents.numerals import NUMBER_WORDS
from intents.periods import TIME_WORDS, TimeSpan
from intents.product_words import COUNTED, HOLDERS
from intents.quantities import CONTAINERS, UNITS, Amount
from intents.readers import EXPIRY, lot_words, reason_of, told_loss
from intents.reading import Filled
from intents.segments import JOINTS, Pair, pairs
from intents.tags import Tag, Tags
from intents.templates import LOOKS_AHEAD, UNKNOWN
from intents.understanding import Request
from intents.words import lows
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
    "there", "theres", "yes", "yeah", "yep", "lot", "very", "much", "mate", "team", "folks", "guys", "boss",
    "sir", "madam", "dear", "everyone",
})  # fmt: skip
_SIGNS = frozenset({",", ".", "!", "?", ":", ";", "-", "->", "=", "@", "&", "(", ")", "£", "$", "€", "₹"})
_GENERAL = 3
_CORRECTED = frozenset({"not", "was", "were", "says", "said", "instead"})
# They change the books by what waits or was done, not by what they say themselves.
_DECIDING = frozenset({"meta.affirm", "meta.undo"})
_FRIENDLY = frozenset({"meta.greet", "meta.thanks"})
# One of these has to stand in what takes a change back; "the last one" alone may mean anything.
_TAKES_BACK = frozenset({
    "undo", "undid", "reverse", "revert", "rollback", "back", "void", "delete", "remove", "strike",
    "unrecord", "mistake", "wrong", "cancel", "scrap", "oops", "ctrl", "correct", "off", "not", "didnt",
    "erase", "drop",
})  # fmt: skip
# They count parts of a thing that is sold whole ("3 slices of carrot cake").
_PARTS = frozenset({"slice", "sheet", "stick", "wheel", "block", "pair"})
_HELD_IN = CONTAINERS | COUNTED | HOLDERS
_THINGS = (CONTAINERS | COUNTED | {"thing", "product", "good", "article"}) - set(UNITS) | {"piece", "pc"}
_NO_DEED = COURTESY | TIME_WORDS | NUMBER_WORDS | frozenset(UNITS)
_SET_TO = frozenset({"to", "of", "down", "up", "back"})
UNSURE = 0.6
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
        if not fragment:
            beside += (*_odd_counts(part), *_further_nouns(part), *_unlisted(part, tool))
            beside += _things_unnamed(part, span) if not part.mentions else ()
        if beside or fragment or self._names_the_deed(intent, tags, span, taken):
            return beside
        return tuple(tags.low(at) for at in range(*span))

    def _names_the_deed(self, intent: str, tags: Tags, span: tuple[int, int], taken: frozenset[int]) -> bool:
        """Whether some word says what was done: "4 mugs, back room" may be a count, a sale or a delivery."""
        if intent in _DECIDING:
            takes_back = intent == "meta.undo"
            return not takes_back or any(
                {tags.low(at), tags.words[at].stem} & _TAKES_BACK for at in range(*span)
            )
        own = frozenset(word for word in self._own(intent) - _NO_DEED if word.isalpha())
        return any(tags.low(at) in own for at in range(*span) if at not in taken)

    def idle(self, request: Request, tags: Tags, span: tuple[int, int]) -> tuple[str, ...]:
        """What a part of a message says that is no request of its own, beside greetings and thanks."""
        intent = request.parse.intent
        if intent not in _IDLE and not self._loose(request, lows(tags.words[slice(*span)])):
            return ()
        known = COURTESY | (self._own(intent) if intent in _FRIENDLY else frozenset())
        return tuple(tags.low(at) for at in range(*span) if not _told(tags, at, known))

    def _loose(self, request: Request, said: str) -> bool:
        """Whether a part is about nothing of its own and may be a doubt of what stands beside it.

        As in "sold 3 red mugs, need to check"; a question ("what's low?") stands for itself.
        """
        tool = self._tools.get(request.parse.intent)
        if tool is None or tool.writes or request.parse.slots or only_asks(said):
            return False
        return request.parse.confidence < UNSURE or request.unasserted not in ("", "?")


def leaning(requests: tuple[Request, ...], before: Sequence[Request]) -> tuple[Request, ...]:
    """The requests of a part; what only adds to a doubted part ("sold 2(?) mugs") is doubted with it."""
    doubt = before[-1].unasserted if before else ""
    return tuple(
        replace(request, unasserted=doubt)
        if doubt and request.follows and not request.unasserted
        else request
        for request in requests
    )


def one_deed(requests: Sequence[Request]) -> list[Request]:
    """The requests; "add 10 mugs, they arrived from Weft" is one receipt, not an addition beside it."""
    out: list[Request] = []
    for request in requests:
        before, now = (out[-1].parse if out else None), request.parse
        added = before is not None and before.intent == "stock.adjust" and now.intent == "stock.receive"
        same = before is not None and before.slots.get("products") == now.slots.get("products")
        if before is None or not (added and same) or "quantity" in now.slots:
            out.append(request)
            continue
        slots = {name: value for name, value in before.slots.items() if name != "reason"}
        first = out.pop()
        parse = replace(now, slots={**slots, **now.slots}, confidence=min(before.confidence, now.confidence))
        unasserted = request.unasserted or first.unasserted
        unexplained = (*first.unexplained, *request.unexplained)
        out.append(replace(request, parse=parse, unasserted=unasserted, unexplained=unexplained))
    return out


def _odd_counts(part: Tags) -> list[str]:
    """What is counted where it is no unit of goods: "3 lorries of tea", "3 slices of cake"."""
    out = []
    for amount in (one for one in part.amounts if one.kind == "count" and not one.unit):
        word = part.words[amount.end] if amount.end < len(part.words) else None
        if word is None or part.low(amount.end + 1) != "of" or not word.low.isalpha() or word.low in COURTESY:
            continue
        if word.stem in _PARTS or not (word.stem in _HELD_IN or word.low in UNITS):
            out.append(word.low)
    return out


def _things_unnamed(part: Tags, span: tuple[int, int]) -> tuple[str, ...]:
    """The word for goods that were not named: "sold 3 items" may be none of what was spoken of before."""
    return tuple(part.low(at) for at in range(*span) if part.words[at].stem in _THINGS)


def _further_nouns(part: Tags) -> list[str]:
    """A thing after a full name, which makes another thing of it: "2 sunflower seeds set"."""
    return [
        part.low(at)
        for mention in part.mentions
        if mention.how != "code"
        for at in ((mention.end - 1, mention.end) if mention.end - mention.start > 1 else (mention.end,))
        if _is_further(part, at, mention)
    ]


def _is_further(part: Tags, at: int, mention: Mention) -> bool:
    word = part.words[at] if at < len(part.words) else None
    if word is None or word.stem not in _HELD_IN or word.low != word.stem:  # "3 cider bottles" are ciders
        return False
    often = sum(one.stem == word.stem for one in part.words[mention.start : at + 1])
    return often > _names_holder(mention, word.stem) and part.low(at + 1) not in _SET_TO


def _names_holder(mention: Mention, held_in: str) -> bool:
    """Whether the word is of the name itself ("window box", "box of 6", "100 piece")."""
    return any(
        said in (held_in, f"~{held_in}") or (said[:1].isdecimal() and said.endswith(held_in))
        for said in mention.said
    )


def _unlisted(part: Tags, tool: Tool) -> list[str]:
    """Amounts and products that stand side by side without "and" or a comma, or one product twice."""
    found = sorted(pairs(part, tool), key=lambda pair: min(pair.amount.start, pair.mention.start))
    out = []
    for one, two in pairwise(found):
        between = {part.low(at) for at in range(_ends(one)[1], _ends(two)[0])}
        if not between & JOINTS or set(one.mention.skus) & set(two.mention.skus):
            out.append(lows(part.words[slice(*_ends(two))]))
    return out


def _ends(pair: Pair) -> tuple[int, int]:
    start = min(pair.amount.start, pair.mention.start)
    return start, max(pair.amount.end, pair.mention.end)


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
    if tool.intent == "po.receive":  # it reads the lots of a delivery itself
        found |= lot_words(tags.text, [tags.words[at] for at in range(*span)])
    dated = "expiry" in filled.slots or any(isinstance(tag, TimeSpan) for tag in filled.shared)
    return frozenset(found | (EXPIRY & words if dated else set()))


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
