"""Fragments and pronouns: what a message leaves out because it was said before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from intents import readers
from intents.catalogue_index import CatalogueIndex, Numbers, common
from intents.completing import Spoken, complete
from intents.context import Frame, Memory
from intents.ellipsis import (
    added_words,
    counts_the_unsaid,
    goes_back,
    name_goods,
    name_other,
    opener,
    ruled_out,
    swapped,
    tells_lot,
    with_goods,
    without_lead,
)
from intents.ends import ENDS
from intents.gazetteer import Entity
from intents.masks import MASKS
from intents.mentions import Mention, restricted
from intents.picks import Picks
from intents.quantities import Amount
from intents.reading import Filled, Reading
from intents.references import Reference
from intents.slots import fill, skus_of
from intents.tags import Names, Tag, Tags
from tools.kit import Tool
from tools.kit.slots import Kind
from tools.store import Catalogue

FRAGMENT_WORDS = frozenset({
    "a", "about", "actually", "again", "all", "alone", "also", "altogether", "an", "and", "another", "are",
    "as", "at", "be", "both", "but", "by", "change", "cheers", "color", "colour", "each", "either", "em",
    "er", "for", "from", "hm", "hmm", "how", "hows", "i", "in", "instead", "into", "is", "it", "its", "just",
    "kind", "lets", "make", "mean", "meant", "more", "n", "no", "nope", "not", "now", "of", "oh", "ok",
    "okay", "on", "one", "ones", "only", "or", "other", "per", "please", "pls", "plus", "rather", "said",
    "same", "say", "should", "size", "sorry", "sure", "thanks", "that", "thats", "the", "them", "then",
    "there",
    "these", "this", "those", "to", "too", "total", "try", "type", "uh", "um", "until", "versus", "version",
    "vs", "wait", "was", "we", "were", "theyre", "well", "what", "whats", "with", "yeah", "yep", "yes",
    "!", "\"", "&", "'", "(", ")", "+", ",", "-", ".", "/", ":", ";", "?", "…",
})  # fmt: skip
"""Words that add nothing to what the rest of a fragment says."""
_SPOKEN_OF = {
    "order": Kind.ORDER,
    "po": Kind.PURCHASE_ORDER,
    "customer": Kind.CUSTOMER,
    "supplier": Kind.SUPPLIER,
}
_POINTING = frozenset({"the", "those", "these", "that", "this", "them"})
_SLOT_OF = {kind: slot for slot, kind in _SPOKEN_OF.items()}
MOST_LEFT_SHORT = 5
_ASKS = frozenset({"how", "hows", "what", "whats"})


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
        """The context of a later part of a message, to which what was named before it is known."""
        topic = dict(self._memory.topic)
        mentions = [mention for mention in tags.mentions if mention.end <= start]
        if mentions:
            skus = {sku for mention in mentions for sku in skus_of(mention, self._names.catalogue)}
            topic["products"] = sorted(skus)
        named: list[Entity | Reference] = [*tags.entities, *tags.references]
        for tag in named:
            slot = _SLOT_OF.get(tag.kind)
            if slot and tag.code and tag.end <= start:
                topic[slot] = tag.code
        if topic == self._memory.topic:
            return self
        return Context(self._names, replace(self._memory, topic=topic, last=None, pending=None))

    def compared(self, tags: Tags, span: tuple[int, int]) -> str:
        """The words as they are compared with example sentences, pronouns named after what they mean."""
        return self._named(tags.masked(*span))

    def completed(self, tags: Tags, span: tuple[int, int]) -> str:
        """The same with the goods that go without saying, or ``""``."""
        part = tags.within(*span)
        if part.mentions or part.references or self._names.strange_run(tags, span) is not None:
            return ""
        masked = tags.masked(*span)
        if counts_the_unsaid(tags, span):
            text = with_goods(masked)
            return text if text != masked else ""
        short = self._picks.own and span[1] - span[0] <= MOST_LEFT_SHORT
        return f"{without_lead(masked)} of items" if short else ""

    def _named(self, masked: str) -> str:
        """A masked sentence whose pronouns are named after what was spoken of last."""
        frame = self._memory.frame
        slots = frame.slots if frame else self._memory.topic
        if {"products", "category"} & set(slots):
            masked = masked if "items" in masked else name_goods(masked)
            slots = {}
        customer = self._memory.topic.get("customer")
        for slot, kind in _SPOKEN_OF.items():
            if slots.get(slot) and MASKS[kind] not in masked and "items" not in masked:
                return name_other(masked, MASKS[kind], person=slot == "customer")
        return name_other(masked, MASKS[Kind.CUSTOMER], person=True) if customer else masked

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
        picked, places = self._picks.all_but(tags, span, out) or self._picks.picked(tags, span, out)
        explained = part.covered() | places | out | opener(tags, span) | added_words(tool, tags, span)
        if any(at not in explained and tags.low(at) not in FRAGMENT_WORDS for at in range(*span)):
            return None
        if tool.writes and any(tags.low(at) in _ASKS for at in range(*span) if at not in opener(tags, span)):
            return None
        special = self._chosen_or_turned(frame, tags, span, tool_of)
        if special is not None or not (part.all() or picked or tells_lot(tool, tags, span)):
            return special
        if picked:
            part = _without(part, places)
        part = _counted_like(frame, tool, part)
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
        strange = self._names.strange_run(tags, span) is not None
        return complete(
            Spoken(filled, tool, tags, span), self._memory, self._names.catalogue, strange=strange
        )


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


def _without(part: Tags, places: Collection[int]) -> Tags:
    def outside(tag: Tag) -> bool:
        return not set(range(tag.start, tag.end)) & set(places)

    amounts = []
    for amount in part.amounts:
        if outside(amount):
            amounts.append(amount)
        elif amount.start not in places and amount.unit:
            amounts.append(replace(amount, unit=""))
    return replace(
        part,
        mentions=tuple(filter(outside, part.mentions)),
        entities=tuple(filter(outside, part.entities)),
        periods=tuple(filter(outside, part.periods)),
        references=tuple(filter(outside, part.references)),
        amounts=tuple(amounts),
    )


def _counted_like(frame: Frame, tool: Tool, part: Tags) -> Tags:
    """A bare number tells what the request's own number told: "what about 40" after "up 30 %"."""
    kinds = {slot for slot in ("percent", "days") if frame.slots.get(slot) is not None}
    if len(kinds) != 1 or "quantity" in tool.slot_kinds:
        return part
    kind = kinds.pop()
    amounts = tuple(
        replace(amount, kind=kind) if amount.kind == "count" and not amount.unit else amount
        for amount in part.amounts
    )
    return replace(part, amounts=amounts)


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
    for slot in ("percent", "days"):  # "and 40?" of a fall is a fall of 40
        if slot in new and isinstance(frame.slots.get(slot), int | float) and frame.slots[slot] < 0:
            new[slot] = -abs(new[slot])
    return replace(filled, slots={**slots, **new})


def _like_before(quantity: Any, frame: Frame) -> Any:
    """The sign of an adjustment stays what it was; "make it 20" of a loss is a loss of 20."""
    if frame.intent != "stock.adjust":
        return quantity
    before = frame.slots.get("quantity")
    rises = before > 0 if before else readers.stock_rises(str(frame.slots.get("reason", "")))
    return abs(quantity) if rises else -abs(quantity)
