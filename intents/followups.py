"""Fragments and pronouns: what a message leaves out because it was said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from intents import readers
from intents.catalogue_index import CatalogueIndex, Numbers, common
from intents.context import Frame, Memory
from intents.ellipsis import counts_the_unsaid, goes_back, opener, ruled_out, swapped, with_goods
from intents.masks import MASKS
from intents.mentions import Mention, restricted
from intents.picks import Picks
from intents.quantities import Amount
from intents.slots import ENDS, Filled, Reading, fill, skus_of
from intents.tags import Names, Tag, Tags
from tools.kit import Tool
from tools.kit.slots import Kind
from tools.store import Catalogue

FRAGMENT_WORDS = frozenset({
    "a", "about", "actually", "again", "all", "alone", "also", "altogether", "an", "and", "another", "are",
    "as", "at", "be", "both", "but", "by", "change", "cheers", "color", "colour", "each", "either", "er",
    "for", "from", "hm", "hmm", "how", "hows", "i", "in", "instead", "into", "is", "it", "its", "just",
    "kind", "lets", "make", "mean", "meant", "more", "n", "no", "nope", "not", "now", "of", "oh", "ok",
    "okay", "on", "one", "ones", "only", "or", "other", "per", "please", "pls", "plus", "rather", "said",
    "same", "say", "should", "size", "sorry", "sure", "thanks", "that", "the", "them", "then", "there",
    "these", "this", "those", "to", "too", "total", "try", "type", "uh", "um", "until", "versus", "version",
    "vs", "wait", "was", "we", "well", "what", "whats", "with", "yeah", "yep", "yes",
    "!", "\"", "&", "'", "(", ")", "+", ",", "-", ".", "/", ":", ";", "?", "…",
})  # fmt: skip
"""Words that add nothing to what the rest of a fragment says."""
_THINGS = frozenset({
    "it", "them", "they", "those", "these", "that", "this", "ones", "one", "same", "its", "theyre", "some",
    "any",
    "thats",
})  # fmt: skip
_PEOPLE = frozenset({
    "their", "they", "them", "theyre", "him", "her", "she", "he", "his", "it", "that", "those", "shes", "hes",
    "theirs",
})  # fmt: skip
_SPOKEN_OF = {
    "order": Kind.ORDER,
    "po": Kind.PURCHASE_ORDER,
    "customer": Kind.CUSTOMER,
    "supplier": Kind.SUPPLIER,
}
_POINTING = frozenset({"the", "those", "these", "that", "this", "them"})
_OF_TIME = re.compile(
    r"\b(?:(?:that|same|the same) (?:day|week|month|period|time|weekend|quarter|year)|then)\b"
)
_HERE = frozenset({"there", "here"})


class Context:
    """Resolves one part of a message against the memory."""

    def __init__(self, names: Names, memory: Memory) -> None:
        self._names = names
        self._index: CatalogueIndex = names.products
        self._memory = memory
        self._picks = Picks(names, memory)

    @property
    def intent(self) -> str:
        """The intent that fragments add to, or ``""``."""
        return self._memory.frame.intent if self._memory.frame else ""

    @property
    def catalogue(self) -> Catalogue:
        """The shop."""
        return self._names.catalogue

    def before(self, tags: Tags, start: int) -> Context:
        """The context of a later part of a message, to which the products named before it are known."""
        mentions = [mention for mention in tags.mentions if mention.end <= start]
        if not mentions:
            return self
        skus = sorted({sku for mention in mentions for sku in skus_of(mention, self._names.catalogue)})
        return Context(self._names, replace(self._memory, topic={**self._memory.topic, "products": skus}))

    def compared(self, tags: Tags, span: tuple[int, int]) -> str:
        """The words as they are compared with example sentences, pronouns named after what they mean."""
        return self._named(tags.masked(*span))

    def completed(self, tags: Tags, span: tuple[int, int]) -> str:
        """The same with the goods that a bare number counts without naming them, or ``""``."""
        if not counts_the_unsaid(tags, span) or self._names.strange_run(tags, span) is not None:
            return ""
        masked = tags.masked(*span)
        text = with_goods(masked)
        return text if text != masked else ""

    def _named(self, masked: str) -> str:
        frame = self._memory.frame
        if frame is None or "items" in masked:
            return masked
        for slot, kind in _SPOKEN_OF.items():
            if frame.slots.get(slot) and not {"products", "category"} & set(frame.slots):
                mask = MASKS[kind]
                if mask in masked:
                    return masked
                said = re.sub(r"\b(?:its|their)\b", f"{mask} s", masked)
                return re.sub(r"\b(?:it|they|them|that one|this one|she|he|her|him)\b", mask, said)
        return masked

    def fragment(
        self, tags: Tags, span: tuple[int, int], tool_of: Callable[[str], Tool | None]
    ) -> Filled | None:
        """The slots of the request that this part adds to, or None where it is a request of its own.

        Where it adds to another request than the last, ``slots["intent"]`` names that one.
        """
        frame = self._memory.frame
        tool = tool_of(frame.intent) if frame else None
        if frame is None or tool is None:
            return None
        out = ruled_out(tags, span)
        part = _without(tags.within(*span), out)
        picked, places = self._picks.picked(tags, span, out)
        explained = part.covered() | places | out | opener(tags, span)
        if any(at not in explained and tags.low(at) not in FRAGMENT_WORDS for at in range(*span)):
            return None
        special = self._chosen_or_turned(frame, tags, span, tool_of)
        if special is not None or not (part.all() or picked):
            return special
        if picked:
            part = _without(part, places)
        return self._added(Reading(frame.intent, tool.slot_kinds, part, *span, self.catalogue), picked)

    def _chosen_or_turned(
        self, frame: Frame, tags: Tags, span: tuple[int, int], tool_of: Callable[[str], Tool | None]
    ) -> Filled | None:
        """One of the choices on offer, a transfer turned around, or an earlier request taken up again."""
        if self._memory.options and (choice := self._picks.chosen(tags, span)) is not None:
            return _merged(frame, Filled(dict(choice)), picked=())
        if swapped(tags, span) and {"source", "destination"} & set(frame.slots):
            return _turned(frame)
        if goes_back(tags, span) and tags.within(*span).mentions:
            return self._back_to(tags, span, tool_of)
        return None

    def _added(self, reading: Reading, picked: tuple[str, ...]) -> Filled | None:
        """The last request with what a fragment tells, or None where that does not fit it."""
        frame, part = self._memory.frame, reading.tags
        filled = self._at_the_end_asked_for(self._kept_to_topic(fill(reading), part), part)
        if frame is None or not (picked or filled.slots) or not self._fits(filled, part, picked):
            return None
        _drop_guesses(filled)
        return _merged(frame, filled, picked)

    def _back_to(
        self, tags: Tags, span: tuple[int, int], tool_of: Callable[[str], Tool | None]
    ) -> Filled | None:
        """The latest request about the things that the words return to, with what they add."""
        tags = self.resolved(tags, span)
        said = {sku for one in tags.within(*span).mentions for sku in skus_of(one, self._names.catalogue)}
        for frame in (self._memory.last, *self._memory.earlier):
            if frame is None or not said & set(self._things_of(frame)):
                continue
            tool = tool_of(frame.intent)
            kinds = tool.slot_kinds if tool else {}
            part = tags.within(*span)
            filled = fill(Reading(frame.intent, kinds, part, *span, self._names.catalogue))
            _drop_guesses(filled)
            merged = _merged(frame, filled, ())
            merged.slots["intent"] = frame.intent
            return merged
        return None

    def _things_of(self, frame: Frame) -> Sequence[str]:
        category = self._names.catalogue.categories.get(str(frame.slots.get("category", "")), ())
        return frame.slots.get("products") or category

    def resolved(self, tags: Tags, span: tuple[int, int]) -> Tags:
        """The tags in which "the blue ones" and "those mugs" stand for the products that they point at."""
        if not (self._memory.topic or self._memory.shown):
            return tags
        groups = [self._picks.own, self._memory.among, *map(self._things_of, self._memory.earlier)]
        mentions = tuple(
            self._pointed_at(mention, tags, groups) if span[0] <= mention.start < span[1] else mention
            for mention in tags.mentions
        )
        tags = replace(tags, mentions=mentions)
        picked, places = self._picks.picked(tags, span)
        if not picked:
            return tags
        first, last = min(places), max(places) + 1
        ones = tags.low(last) in ("one", "ones")
        if not ones and (tags.low(first - 1) != "the" or not _ends_there(tags, last, span)):
            return tags
        mention = Mention(first, last + ones, picked, "memory", ())
        rest = _without(tags, range(first, last + ones))
        return replace(rest, mentions=tuple(sorted((*rest.mentions, mention), key=lambda tag: tag.start)))

    def _pointed_at(self, mention: Mention, tags: Tags, groups: Sequence[Sequence[str]]) -> Mention:
        """As in "the mugs" after red mugs: the group that was spoken of, where the words are wider."""
        if tags.low(mention.start - 1) not in _POINTING or mention.how not in ("head", "category"):
            return mention
        said = set(skus_of(mention, self._names.catalogue))
        for group in groups:
            if group and set(group) < said:
                return replace(mention, skus=tuple(sorted(group)), category="", how="memory")
        return mention

    def _fits(self, filled: Filled, part: Tags, picked: tuple[str, ...]) -> bool:
        left = [tag for tag in filled.leftovers(part) if not isinstance(tag, Amount)]
        return not left or (bool(picked) and all(isinstance(tag, Mention) for tag in left))

    def _kept_to_topic(self, filled: Filled, part: Tags) -> Filled:
        """As in "and lavender?" after candles: words that name no kind of thing are about the same kind."""
        if "products" not in filled.slots or not self._picks.products:
            return filled
        chosen: set[str] = set()
        for mention in part.mentions:
            skus = mention.skus
            if mention.how == "part":
                near = self._like_the_topic(mention)
                skus = self._index.names(near) if len(near) else skus
            elif set(skus) & set(self._picks.products) and len(skus) > 1 and mention.how != "exact":
                skus = tuple(sorted(set(skus) & set(self._picks.products)))
            chosen.update(skus)
        if chosen:
            filled.slots["products"] = sorted(chosen)
        return filled

    def _at_the_end_asked_for(self, filled: Filled, part: Tags) -> Filled:
        """A bare place is the end of a transfer that was asked for; "to the shop" says which end it is."""
        asked = self._memory.slot
        other = {"source": "destination", "destination": "source"}.get(asked, "")
        bare = other in filled.slots and asked not in filled.slots
        if bare and not _says_which_end(filled.used[other], part):
            filled.slots[asked], filled.used[asked] = filled.slots.pop(other), filled.used.pop(other)
        return filled

    def _like_the_topic(self, mention: Mention) -> Numbers:
        own = self._index.numbers(self._picks.products)
        among = common([own, *(self._index.having(token) for token in mention.said)])
        return among if len(among) else restricted(mention, self._picks.heads(), self._index)

    def complete(self, filled: Filled, tool: Tool | None, tags: Tags, span: tuple[int, int]) -> Filled:
        """Add to a request of its own what its pronouns mean and what it needs but leaves out."""
        if tool is None or not (self._memory.topic or self._memory.shown):
            return filled
        kinds = tool.slot_kinds
        covered = tags.within(*span).covered()
        said = {tags.low(at) for at in range(*span) if at not in covered}
        strange = "everything" in said or self._names.strange_run(tags, span) is not None
        self._about_things(filled, tool, said, tags.low(span[0]), strange=strange and not said & _THINGS)
        self._about_others(filled, tool, said)
        text = " ".join(tags.low(at) for at in range(*span))
        if "period" in kinds and "period" not in filled.slots and _OF_TIME.search(text):
            _take(filled, self._memory.topic, "period")
        return filled

    def _about_things(self, filled: Filled, tool: Tool, said: set[str], first: str, *, strange: bool) -> None:
        """``strange`` where words name something else, which what was spoken of must not stand in for."""
        if not {"products", "category"} & set(tool.slot_kinds) or {"products", "category"} & set(
            filled.slots
        ):
            return
        needed = _needs_things(tool, filled) and not strange
        if needed or (said & _THINGS and not _other_thing(filled)) or first in ("and", "also", "plus"):
            topic = self._memory.topic
            if "products" in tool.slot_kinds:
                _take(filled, topic, "products")
            if "category" in tool.slot_kinds and "products" not in filled.slots:
                _take(filled, topic, "category")
            elif "products" not in filled.slots and topic.get("category") and needed:
                skus = self._names.catalogue.categories.get(str(topic["category"]), ())
                filled.slots["products"] = sorted(skus)

    def _about_others(self, filled: Filled, tool: Tool, said: set[str]) -> None:
        for slot in ("supplier", "customer", "order", "po", "vehicle", "sensor"):
            if slot not in tool.slot_kinds or slot in filled.slots or slot in filled.ambiguous:
                continue
            needed = tool.missing(filled.slots) == slot
            its_own = tool.writes and slot in (self._memory.last.slots if self._memory.last else ())
            if needed or ((said & _PEOPLE or its_own) and _main_slot(tool) == slot):
                _take(filled, self._memory.topic, slot)
        if said & _HERE and self._memory.topic.get("location"):
            place = "destination" if "destination" in tool.slot_kinds else "location"
            if place in tool.slot_kinds and place not in filled.slots:
                filled.slots[place] = self._memory.topic["location"]


def _ends_there(tags: Tags, at: int, span: tuple[int, int]) -> bool:
    """Whether no noun follows, which would be what the words are about."""
    return at >= span[1] or tags.low(at) in FRAGMENT_WORDS or not tags.low(at).isalpha()


def _turned(frame: Frame) -> Filled:
    """A transfer with its ends exchanged."""
    slots = {name: value for name, value in frame.slots.items() if name not in ("source", "destination")}
    for end, other in (("source", "destination"), ("destination", "source")):
        if frame.slots.get(end):
            slots[other] = frame.slots[end]
    return Filled(slots)


def _says_which_end(used: Sequence[Tag], part: Tags) -> bool:
    return any(part.low(at) in ENDS for tag in used for at in range(max(0, tag.start - 2), tag.start))


def _take(filled: Filled, topic: Mapping[str, Any], slot: str) -> None:
    if topic.get(slot):
        filled.slots[slot] = topic[slot]


def _needs_things(tool: Tool, filled: Filled) -> bool:
    return tool.missing(filled.slots) in ("products", "category")


def _other_thing(filled: Filled) -> bool:
    return any(slot in filled.slots for slot in ("supplier", "order", "po", "customer"))


def _main_slot(tool: Tool) -> str:
    """The slot that a pronoun most likely stands for."""
    order = ("po", "order", "customer", "supplier", "vehicle", "sensor")
    if tool.intent.startswith("po.status"):
        return "supplier"
    return next((slot for slot in order if slot in tool.slot_kinds), "")


def _without(part: Tags, places: Collection[int]) -> Tags:
    def outside(tag: Tag) -> bool:
        return not set(range(tag.start, tag.end)) & set(places)

    amounts = []
    for amount in part.amounts:
        if outside(amount):
            amounts.append(amount)
        elif amount.start not in places and amount.unit:
            amounts.append(replace(amount, unit=""))
    return replace(part, mentions=tuple(filter(outside, part.mentions)), amounts=tuple(amounts))


def _drop_guesses(filled: Filled) -> None:
    """Slots that are read from the whole wording mean nothing in a fragment without such words."""
    for slot in ("status", "text"):
        filled.slots.pop(slot, None)


def _merged(frame: Frame, filled: Filled, picked: tuple[str, ...]) -> Filled:
    slots = dict(frame.slots)
    new = dict(filled.slots)
    if picked:
        new["products"] = list(picked)
        new.pop("category", None)
    if "products" in new:
        slots.pop("category", None)
    if "category" in new:
        slots.pop("products", None)
    if "quantity" in new:
        new["quantity"] = _like_before(new["quantity"], frame)
    return replace(filled, slots={**slots, **new})


def _like_before(quantity: Any, frame: Frame) -> Any:
    """The sign of an adjustment stays what it was; "make it 20" of a loss is a loss of 20."""
    if frame.intent != "stock.adjust":
        return quantity
    before = frame.slots.get("quantity")
    rises = before > 0 if before else readers.stock_rises(str(frame.slots.get("reason", "")))
    return abs(quantity) if rises else -abs(quantity)
