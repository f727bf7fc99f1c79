"""Picking among products that were named: "the second one", "the big ones", "25cm", "the cheaper one"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from intents.catalogue_index import CatalogueIndex, Numbers, common
from intents.context import Memory
from intents.mentions import Mention, restricted
from intents.product_words import SIZE_WORDS, read_size, size_number
from intents.quantities import UNITS, ordinal_of
from intents.tags import Names, Tag, Tags
from tools.store import Product

_PICK_BEFORE = frozenset({
    "the", "that", "this", "these", "those", "of", "and", "or", "only", "just", "about", "mean", "meant",
    "in",
})  # fmt: skip
_PICK_AFTER = frozenset({
    "one", "ones", "please", "pls", "version", "size", "option", "?", ".", ",", "too", "instead", "then", "",
})  # fmt: skip
_LONE = frozenset({"single", "singles", "individual", "loose"})
_ALL_OF = frozenset({"of", "three", "four", "five", "the", "them", "those", "these", "", "please", "."})
MOST_OF_A_CATEGORY = 2_000
_EVERYTHING = frozenset({"all", "everything", "both", "them", "every", "lot", "any"})
_CHEAP = {"cheap": 1, "cheaper": 1, "cheapest": 1}
_DEAR = {"expensive": -1, "dear": -1, "dearer": -1, "dearest": -1, "pricey": -1, "priciest": -1}
_BY_PRICE = {**_CHEAP, **_DEAR}


class Picks:
    """Chooses among the products that a conversation is about."""

    def __init__(self, names: Names, memory: Memory) -> None:
        self._names = names
        self._index: CatalogueIndex = names.products
        self._memory = memory

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The products that were spoken of last; of a category all."""
        frame = self._memory.frame
        for slots in (frame.slots if frame else {}, self._memory.topic):
            if slots.get("products"):
                return tuple(slots["products"])
            if slots.get("category"):
                skus = self._names.catalogue.categories.get(str(slots["category"]), ())
                return tuple(sorted(skus)) if len(skus) <= MOST_OF_A_CATEGORY else ()
        return ()

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The products to pick from: those on offer, else the group from which the last one was picked."""
        offered = [sku for choice in self._memory.options for sku in choice.slots.get("products") or ()]
        if offered:
            return tuple(offered)
        picked = len(self.own) == 1 and set(self.own) < set(self._memory.among)
        return self._memory.among if picked else self.own

    def heads(self) -> tuple[str, ...]:
        """What kinds of thing are being spoken of."""
        products = (self._names.catalogue.products.get(sku) for sku in self.products[:20])
        return tuple(dict.fromkeys(self._index.head_of(product.name) for product in products if product))

    def chosen(self, tags: Tags, span: tuple[int, int]) -> Mapping[str, Any] | None:
        """The offered choice that an ordinal or a bare number picks."""
        options = self._memory.options
        lone = sum(tags.low(at).isdecimal() for at in range(*span)) == 1  # "1/2" and "1 or 2" pick nothing
        for at in range(*span):
            nth = ordinal_of(tags.low(at))
            if (
                nth is None
                and lone
                and tags.low(at).isdecimal()
                and self._memory.slot not in ("quantity", "threshold")
                and span[1] - span[0] <= 3
            ):
                nth = int(tags.low(at))
            if nth is not None and -1 <= nth - (nth > 0) < len(options) and nth != 0:
                return options[nth - 1 if nth > 0 else -1].slots
        said = tags.text.lower().strip(" .!?")
        return next((choice.slots for choice in options if choice.label.lower() == said), None)

    def picked(
        self, tags: Tags, span: tuple[int, int], leaving: Collection[int] = ()
    ) -> tuple[tuple[str, ...], frozenset[int]]:
        """Products picked by order, size, price or another quality, and the places of those words.

        Words at the places ``leaving`` pick nothing.
        """
        if not self.products:
            return (), frozenset()
        part = tags.within(*span)
        named = [mention for mention in part.mentions if not set(leaving) & {mention.start}]
        if any(mention.how != "part" for mention in named):
            return (), frozenset()
        dated = [
            span for span in part.periods if span.end - span.start > 1 or not ordinal_of(tags.low(span.start))
        ]
        others: list[Tag] = [*part.entities, *dated, *part.references]
        taken = {at for tag in others for at in range(tag.start, tag.end)} | set(leaving)
        for at in range(*span):
            skus, end = self._pick_at(tags, at, span) if at not in taken else ((), at)
            if skus and not set(range(at, end)) & taken:
                return skus, frozenset(range(at, end))
        return (), frozenset()

    def all_but(
        self, tags: Tags, span: tuple[int, int], out: Collection[int]
    ) -> tuple[tuple[str, ...], frozenset[int]] | None:
        """As in "all except the goats": what was spoken of less what is ruled out."""
        said = [tags.low(at) for at in range(*span) if at not in out]
        every = set(said) <= _EVERYTHING | _PICK_AFTER | _PICK_BEFORE and set(said) & _EVERYTHING
        if not out or not every:
            return None
        named = {sku for mention in tags.within(*span).mentions for sku in mention.skus}
        left = tuple(sku for sku in self.products if sku not in named)
        return (left, frozenset(range(*span))) if left and len(left) < len(self.products) else None

    def _pick_at(self, tags: Tags, at: int, span: tuple[int, int]) -> tuple[tuple[str, ...], int]:
        low = tags.low(at)
        shown = self.products if len(self.products) > 1 else self._memory.shown
        nth = ordinal_of(low)
        if nth is not None and len(shown) > 1 and -1 <= nth - (nth > 0) < len(shown) and _pointed(tags, at):
            return (shown[nth - 1 if nth > 0 else -1],), at + 1
        group = self._of_the_group(low, tags, at)
        if group:
            return group, at + 1
        if low in _BY_PRICE:
            return self._by_price(_BY_PRICE[low]), at + 1
        if low in ("single", "singles", "individual", "loose"):
            return self._singles(), at + 1
        tokens, end = self._attributes(tags, at, span[1])
        if not tokens:
            return (), at
        return self._with_attributes(tokens), end

    def _of_the_group(self, low: str, tags: Tags, at: int) -> tuple[str, ...]:
        """As in "both", "all of them" and "the other one"."""
        if low in ("both", "all") and len(self.products) > 1:
            counted = low == "both" or tags.low(at + 1) in _ALL_OF
            return self.products if counted and (low == "all" or len(self.products) == 2) else ()
        if low in ("other", "others") and tags.low(at - 1) in ("the", "those", "that"):
            rest = tuple(sku for sku in self.products if sku not in self.own)
            return rest if tags.low(at + 1) in _PICK_AFTER else ()
        return ()

    def _attributes(self, tags: Tags, at: int, stop: int) -> tuple[list[str], int]:
        tokens: list[str] = []
        while at < stop:
            size, used = read_size([word.low for word in tags.words[at : at + 3]], 0)
            bare = size.startswith("#")
            if bare and not (tokens or len(self._having(size, self._index.numbers(self.products)))):
                break
            if size and (size in self._index or bare):
                tokens.append(size)
                at += used
                continue
            word = tags.words[at]
            if word.low in UNITS and word.low not in _LONE and tags.low(at - 1)[:1].isdecimal():
                break
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
            restricted(mention, self.heads(), self._index)
            if all(token in self._index for token in tokens)
            else own[:0]
        )
        return self._index.names(wider)

    def _having(self, token: str, among: Numbers) -> Numbers:
        having = common((among, self._index.having(token)))
        if len(having):
            return having
        if token in ("large", "small") and len(among) > 1:
            return self._by_size(among, largest="large" in token)
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


def _pointed(tags: Tags, at: int) -> bool:
    return tags.low(at - 1) in _PICK_BEFORE | {""} or tags.low(at + 1) in _PICK_AFTER
