"""Fragments and pronouns: what a message leaves out because it was said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from intents import readers
from intents.catalogue_index import CatalogueIndex, Numbers, common
from intents.context import Frame, Memory
from intents.masks import MASKS
from intents.mentions import Mention, restricted
from intents.product_words import SIZE_WORDS, read_size, size_number
from intents.quantities import Amount, ordinal_of
from intents.slots import Filled, Reading, fill, skus_of
from intents.tags import Names, Tag, Tags
from tools.kit import Tool
from tools.kit.slots import Kind
from tools.store import Catalogue, Product

FRAGMENT_WORDS = frozenset(
    [
        "and",
        "what",
        "about",
        "how",
        "the",
        "a",
        "an",
        "ones",
        "one",
        "for",
        "at",
        "in",
        "only",
        "just",
        "too",
        "also",
        "instead",
        "no",
        "not",
        "nope",
        "i",
        "we",
        "mean",
        "meant",
        "sorry",
        "make",
        "it",
        "that",
        "this",
        "then",
        "ok",
        "okay",
        "please",
        "pls",
        "same",
        "again",
        "but",
        "now",
        "as",
        "well",
        "to",
        "from",
        "of",
        "on",
        "with",
        "rather",
        "actually",
        "oh",
        "wait",
        "change",
        "should",
        "be",
        "say",
        "said",
        "them",
        "those",
        "these",
        "is",
        "are",
        "was",
        "there",
        "hm",
        "hmm",
        "um",
        "er",
        "uh",
        "or",
        "lets",
        "try",
        "kind",
        "type",
        "version",
        "size",
        "colour",
        "color",
        "yes",
        "yeah",
        "yep",
        "sure",
        "its",
        "by",
        "into",
        "until",
        "total",
        "altogether",
        "more",
        "another",
        "either",
        "both",
        "all",
        "those",
        "each",
        "per",
        "thanks",
        "cheers",
        "whats",
        "hows",
        "n",
        "&",
        "plus",
        "other",
        "alone",
    ]
) | frozenset(".,?!;:-+()'\"/…")
_PICK_BEFORE = frozenset(
    {
        "the",
        "that",
        "this",
        "these",
        "those",
        "of",
        "and",
        "or",
        "only",
        "just",
        "about",
        "mean",
        "meant",
        "in",
    }
)
_PICK_AFTER = frozenset(
    {"one", "ones", "please", "pls", "version", "size", "option", "?", ".", ",", "too", "instead", "then", ""}
)
_CHEAP = {
    "cheap": 1,
    "cheaper": 1,
    "cheapest": 1,
    "expensive": -1,
    "dear": -1,
    "dearer": -1,
    "dearest": -1,
    "pricey": -1,
    "priciest": -1,
}
_THINGS = frozenset(
    {
        "it",
        "them",
        "they",
        "those",
        "these",
        "that",
        "this",
        "ones",
        "one",
        "same",
        "its",
        "theyre",
        "some",
        "any",
        "thats",
    }
)
_PEOPLE = frozenset(
    {
        "their",
        "they",
        "them",
        "theyre",
        "him",
        "her",
        "she",
        "he",
        "his",
        "it",
        "that",
        "those",
        "shes",
        "hes",
        "theirs",
    }
)
_SPOKEN_OF = {
    "order": Kind.ORDER,
    "po": Kind.PURCHASE_ORDER,
    "customer": Kind.CUSTOMER,
    "supplier": Kind.SUPPLIER,
}
_OF_TIME = re.compile(
    r"\b(?:(?:that|same|the same) (?:day|week|month|period|time|weekend|quarter|year)|then)\b"
)
_HERE = frozenset({"there", "that place", "that shop", "same place", "here"})


class Context:
    """Resolves one part of a message against the memory."""

    def __init__(self, names: Names, memory: Memory) -> None:
        self._names = names
        self._index: CatalogueIndex = names.products
        self._memory = memory

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

    def named(self, masked: str) -> str:
        """A masked sentence whose pronouns are named after what was spoken of last."""
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

    @property
    def products(self) -> tuple[str, ...]:
        """The products that are being spoken of, those on offer first."""
        offered = [sku for choice in self._memory.options for sku in choice.slots.get("products") or ()]
        frame = self._memory.frame
        own = (frame.slots.get("products") if frame else None) or self._memory.topic.get("products") or ()
        return tuple(offered) or tuple(own)

    def fragment(
        self, tags: Tags, span: tuple[int, int], tool_of: Callable[[str], Tool | None]
    ) -> Filled | None:
        """The slots of the request that this part adds to, or None where it is a request of its own."""
        frame = self._memory.frame
        tool = tool_of(frame.intent) if frame else None
        if frame is None or tool is None:
            return None
        part = tags.within(*span)
        picked, places = self._picked(tags, span)
        left = [
            tags.low(at) for at in range(*span)
            if at not in part.covered() and at not in places and tags.low(at) not in FRAGMENT_WORDS
        ]  # fmt: skip
        if left:
            return None
        if self._memory.options and (choice := self._chosen(tags, span)) is not None:
            return _merged(frame, Filled(dict(choice)), picked=())
        if not part.all() and not picked:
            return None
        if picked:
            part = _without(part, places)
        filled = fill(Reading(frame.intent, tool.slot_kinds, part, *span, self._names.catalogue))
        filled = self._kept_to_topic(filled, part)
        if not picked and not filled.slots:
            return None
        if not self._fits(filled, part, picked):
            return None
        _drop_guesses(filled)
        return _merged(frame, filled, picked)

    def _fits(self, filled: Filled, part: Tags, picked: tuple[str, ...]) -> bool:
        left = [tag for tag in filled.leftovers(part) if not isinstance(tag, Amount)]
        return not left or (bool(picked) and all(isinstance(tag, Mention) for tag in left))

    def _kept_to_topic(self, filled: Filled, part: Tags) -> Filled:
        """As in "and lavender?" after candles: words that name no kind of thing are about the same kind."""
        if "products" not in filled.slots or not self.products:
            return filled
        chosen: set[str] = set()
        for mention in part.mentions:
            skus = mention.skus
            if mention.how == "part":
                near = self._like_the_topic(mention)
                skus = self._index.names(near) if len(near) else skus
            elif set(skus) & set(self.products) and len(skus) > 1 and mention.how != "exact":
                skus = tuple(sorted(set(skus) & set(self.products)))
            chosen.update(skus)
        if chosen:
            filled.slots["products"] = sorted(chosen)
        return filled

    def _like_the_topic(self, mention: Mention) -> Numbers:
        own = self._index.numbers(self.products)
        among = common([own, *(self._index.having(token) for token in mention.said)])
        return among if len(among) else restricted(mention, self._heads(), self._index)

    def _heads(self) -> tuple[str, ...]:
        products = (self._names.catalogue.products.get(sku) for sku in self.products[:20])
        return tuple(dict.fromkeys(self._index.head_of(product.name) for product in products if product))

    def _chosen(self, tags: Tags, span: tuple[int, int]) -> Mapping[str, Any] | None:
        """The offered choice that an ordinal or a bare number picks."""
        options = self._memory.options
        for at in range(*span):
            nth = ordinal_of(tags.low(at))
            if (
                nth is None
                and tags.low(at).isdigit()
                and self._memory.slot not in ("quantity", "threshold")
                and span[1] - span[0] <= 3
            ):
                nth = int(tags.low(at))
            if nth is not None and -1 <= nth - (nth > 0) < len(options) and nth != 0:
                return options[nth - 1 if nth > 0 else -1].slots
        said = tags.text.lower().strip(" .!?")
        return next((choice.slots for choice in options if choice.label.lower() == said), None)

    def _picked(self, tags: Tags, span: tuple[int, int]) -> tuple[tuple[str, ...], frozenset[int]]:
        """Products picked by order, size, price or another quality, and the places of those words."""
        if not self.products:
            return (), frozenset()
        headed = any(mention.how != "part" for mention in tags.within(*span).mentions)
        if headed:
            return (), frozenset()
        for at in range(*span):
            skus, end = self._pick_at(tags, at, span)
            if skus:
                return skus, frozenset(range(at, end))
        return (), frozenset()

    def _pick_at(self, tags: Tags, at: int, span: tuple[int, int]) -> tuple[tuple[str, ...], int]:
        low = tags.low(at)
        shown = self.products if len(self.products) > 1 else self._memory.shown
        nth = ordinal_of(low)
        if nth is not None and len(shown) > 1 and -1 <= nth - (nth > 0) < len(shown) and _pointed(tags, at):
            return (shown[nth - 1 if nth > 0 else -1],), at + 1
        if low in _CHEAP:
            return self._by_price(_CHEAP[low]), at + 1
        if low in ("single", "singles", "individual", "loose"):
            return self._singles(), at + 1
        tokens, end = self._attributes(tags, at, span[1])
        if not tokens:
            return (), at
        return self._with_attributes(tokens), end

    def _attributes(self, tags: Tags, at: int, stop: int) -> tuple[list[str], int]:
        tokens: list[str] = []
        while at < stop:
            size, used = read_size([word.low for word in tags.words[at : at + 3]], 0)
            if size and (size in self._index or size.startswith("#")):
                tokens.append(size)
                at += used
                continue
            word = tags.words[at]
            token = SIZE_WORDS.get(word.low) or (
                "~" + word.stem if "~" + word.stem in self._index else word.stem
            )
            if token not in self._index and token not in ("large", "small"):
                break
            tokens.append(token)
            at += 1
        return tokens, at

    def _with_attributes(self, tokens: Sequence[str]) -> tuple[str, ...]:
        own = self._index.numbers(self.products)
        found = own
        for token in tokens:
            having = self._having(token, found if len(found) else own)
            found = common((found, having)) if len(found) else having
        if len(found) and len(found) < max(2, len(own) + (len(own) == 1)):
            return self._index.names(found)
        mention = Mention(0, 0, (), "part", tuple(tokens))
        wider = (
            restricted(mention, self._heads(), self._index)
            if all(token in self._index for token in tokens)
            else own[:0]
        )
        return self._index.names(wider)

    def _having(self, token: str, among: Numbers) -> Numbers:
        having = common((among, self._index.having(token)))
        if len(having):
            return having
        if token in ("large", "small") and len(among) > 1:
            return self._by_size(among, largest=token == "large")
        if token.startswith("#"):
            skus = [
                sku
                for sku in self._index.names(among)
                if token[1:] in re.findall(r"\d+", self._product(sku).name)
            ]
            return self._index.numbers(skus)
        return having

    def _by_size(self, among: Numbers, *, largest: bool) -> Numbers:
        sized = [
            (max(map(size_number, self._index.sizes_of(self._product(sku).name)), default=Decimal(0)), sku)
            for sku in self._index.names(among)
        ]
        if len({size for size, _ in sized}) < 2:
            return among[:0]
        pick = max(sized) if largest else min(sized)
        return self._index.numbers(sku for size, sku in sized if size == pick[0])

    def _by_price(self, sign: int) -> tuple[str, ...]:
        priced = [
            (sign * product.price, sku)
            for sku in self.products
            if (product := self._product(sku)).price is not None
        ]
        return (min(priced)[1],) if len(priced) > 1 else ()

    def _singles(self) -> tuple[str, ...]:
        single = tuple(sku for sku in self.products if self._product(sku).unit == "each")
        return single if 0 < len(single) < len(self.products) else ()

    def _product(self, sku: str) -> Product:
        return self._names.catalogue.products.get(sku) or Product(0, sku, sku)

    def complete(self, filled: Filled, tool: Tool | None, tags: Tags, span: tuple[int, int]) -> Filled:
        """Add to a request of its own what its pronouns mean and what it needs but leaves out."""
        if tool is None or not (self._memory.topic or self._memory.shown):
            return filled
        kinds = tool.slot_kinds
        said = {tags.low(at) for at in range(*span) if at not in tags.within(*span).covered()}
        picked, _ = self._picked(tags, span)
        if (
            picked
            and "products" in kinds
            and (said & {"one", "ones"} or ("products" not in filled.slots and said & {"the"}))
        ):
            filled.slots["products"] = list(picked)
        self._about_things(filled, tool, said, tags.low(span[0]))
        self._about_others(filled, tool, said)
        text = " ".join(tags.low(at) for at in range(*span))
        if "period" in kinds and "period" not in filled.slots and _OF_TIME.search(text):
            _take(filled, self._memory.topic, "period")
        return filled

    def _about_things(self, filled: Filled, tool: Tool, said: set[str], first: str) -> None:
        if not {"products", "category"} & set(tool.slot_kinds) or {"products", "category"} & set(
            filled.slots
        ):
            return
        needed = _needs_things(tool, filled)
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
            if needed or (said & _PEOPLE and _main_slot(tool) == slot):
                _take(filled, self._memory.topic, slot)
        if said & _HERE and self._memory.topic.get("location"):
            place = "destination" if "destination" in tool.slot_kinds else "location"
            if place in tool.slot_kinds and place not in filled.slots:
                filled.slots[place] = self._memory.topic["location"]


def _pointed(tags: Tags, at: int) -> bool:
    return tags.low(at - 1) in _PICK_BEFORE | {""} or tags.low(at + 1) in _PICK_AFTER


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
