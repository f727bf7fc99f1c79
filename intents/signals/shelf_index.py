"""A catalogue by the words of its names: built once, asked for each word of a customer's text."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.product_words import JOINERS, is_size, read_name
from intents.words import stem

LONG_WORD = 7
SHORTEST_MISSPELT = 4
_SLANG = frozenset({
    "bruh", "bro", "bruv", "ngl", "lol", "lmao", "tbh", "omg", "wtf", "idk", "imo", "plz", "thx", "gonna",
    "wanna", "gotta", "dunno", "yous", "yis", "yiz", "cust", "custs", "mrs", "tmrw", "whats", "wheres",
    "thats", "theres", "havent", "doesnt", "isnt", "wasnt", "didnt", "cant", "wont", "youre", "theyre",
})  # fmt: skip
MOST_BEGUN = 3
MOST_SHARING = 400
"""A word of more products than this brings only these to the choice."""

# As in "Dinner plate 27 cm cream", "Beeswax candles (pair)" and "Saucepan with lid".
_LATER = re.compile(r"(?<=\w)\s*[(\[].*|(?<=\w)\s+(?:with|for|in|from)\s.*|(?<=[a-z])\s+\d.*")

Numbers = NDArray[np.int32]
Listed = tuple[str, str, str, Sequence[str]]
NOTHING: Numbers = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of a product: its stems without sizes, its sizes, its head noun.

    ``kind`` are the stems before the first size, bracket or "with": what it is rather than how it comes.
    """

    core: frozenset[str]
    sizes: frozenset[str]
    head: str
    kind: frozenset[str]
    written: str
    proper: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A product as the index knows it; the first entry is its proper name."""

    sku: str
    category: str
    entries: tuple[Entry, ...]
    words: frozenset[str]


class ShelfIndex:
    """Answers which products have a word, a head noun or a whole name."""

    def __init__(self, products: Iterable[Listed], english: frozenset[str] = frozenset()) -> None:
        """``english``: ordinary words that are never taken for a misspelt name."""
        self.products = tuple(_kept(*product) for product in products)
        self.numbers = {product.sku: number for number, product in enumerate(self.products)}
        self._english = english
        postings: defaultdict[str, list[int]] = defaultdict(list)
        heads: defaultdict[str, list[int]] = defaultdict(list)
        named: defaultdict[str, list[int]] = defaultdict(list)
        categories: set[str] = set()
        self.joined: dict[str, tuple[str, ...]] = {}
        for number, product in enumerate(self.products):
            for word in product.words:
                postings[word].append(number)
            for head in {entry.head for entry in product.entries}:
                heads[head].append(number)
            for entry in product.entries:
                named[_key(entry.core)].append(number)
                named[_key(entry.kind)].append(number)
                self._join(entry.written)
            categories.update(_stems(product.category))
        self.kinds = frozenset(
            word for product in self.products for entry in product.entries for word in entry.kind
        )
        """The words that say what a thing is rather than how it comes ("with lid")."""
        self._postings = _arrays(postings)
        self._rarest = self._rarity(0)
        self._rarities = {word: self._rarity(len(held)) for word, held in self._postings.items()}
        self._heads = _arrays(heads)
        self._named = _arrays(named)
        self.categories = frozenset(categories)
        self._begins: defaultdict[str, list[str]] = defaultdict(list)
        self._lengths: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(self._postings):
            if word.isalpha():
                self._lengths[len(word)].append(word)
                self._begins[word[:3]].append(word)
        self.reads = lru_cache(maxsize=65536)(self._reads)

    def __contains__(self, word: str) -> bool:
        return word in self._postings

    def _join(self, written: str) -> None:
        parts = [part for part in written.split() if part.isalpha()]
        for first, second in pairwise(parts):
            if len(first) > 2 and len(second) > 2:
                whole = stem(first + second)
                if whole not in self.joined:
                    self.joined[whole] = (stem(first), stem(second))

    def having(self, word: str) -> Numbers:
        """The products with this stem in a name or an alias."""
        return self._postings.get(word, NOTHING)

    def headed(self, word: str) -> Numbers:
        """The products that are a kind of this, by their name or an alias."""
        return self._heads.get(word, NOTHING)

    def named(self, words: Iterable[str]) -> Numbers:
        """The products of which these are all the words of a name or an alias, sizes aside."""
        return self._named.get(_key(words), NOTHING)

    def _rarity(self, products: int) -> float:
        return max(0.2, math.log((len(self.products) + 1) / (products + 0.5)))

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a word (Robertson and Sparck Jones 1976), at least 0.2."""
        return self._rarities.get(word, self._rarest)

    def _reads(self, low: str) -> tuple[str, ...]:
        """The catalogue's words that a word of a text stands for; nothing for all others.

        In this order: the word itself, two in one ("birdseed"), an ending away ("scratch" for
        "scratching"), the beginning of one ("choc"), one misspelt.
        """
        if len(low) < 2 or not low[0].isalpha():
            return ()
        one = stem(low)
        if one in self._postings:
            return (one,)
        if one in self.joined:
            return self.joined[one]
        for ending in ("ing", "ed", "er", "y", "en"):
            if len(one) > 3 and one + ending in self._postings:
                return (one + ending,)
            if len(one) - len(ending) > 3 and one.removesuffix(ending) in self._postings:
                return (one.removesuffix(ending),)
        if low in _SLANG or low in self._english or one in self._english or not low.isalpha() or len(one) < 3:
            return ()
        found = self._begun(one) or self._misspelt(one)
        return (found,) if found else ()

    def _begun(self, one: str) -> str | None:
        """As "yog" or "choc": the only word of names that begins so, or the commonest of few."""
        same = [
            word for word in self._begins.get(one[:3], ()) if word.startswith(one) and len(word) > len(one)
        ]
        if not same or len(same) > MOST_BEGUN:
            return None
        return max(same, key=lambda word: (len(self._heads.get(word, NOTHING)), len(self._postings[word])))

    def _misspelt(self, one: str) -> str | None:
        if len(one) < SHORTEST_MISSPELT:
            return None
        limit = 1 if len(one) < LONG_WORD else 2
        known = [
            other for length in range(len(one) - limit, len(one) + limit + 1)
            for other in self._lengths.get(length, ())
        ]  # fmt: skip
        found = process.extract(one, known, scorer=OSA.distance, score_cutoff=limit, limit=8)
        fitting = [
            (distance, other[0] != one[0], other) for other, distance, _ in found
            if len(other) >= SHORTEST_MISSPELT and (other[0] == one[0] or distance == 1)
        ]  # fmt: skip
        return min(fitting)[2] if fitting else None


def _kept(sku: str, name: str, category: str, aliases: Sequence[str]) -> Kept:
    entries = tuple(_entry(said, proper=at == 0) for at, said in enumerate((name, *aliases)))
    words = frozenset().union(*(entry.core | entry.sizes for entry in entries))
    return Kept(sku, category, entries, words)


def _entry(said: str, *, proper: bool) -> Entry:
    plain = " ".join(said.lower().replace("-", " ").replace("'", "").split())
    core, sizes, _ = read_name(plain.replace("(", " ").replace(")", " "))
    bare = frozenset(word for word in core if not is_size(word) and len(word) > 1) or frozenset(core)
    kind, _, head = read_name(_LATER.split(plain, maxsplit=1)[0] or plain)
    kind = kind or sorted(bare)
    head = head if head in kind else kind[-1]
    bare |= frozenset(kind)
    return Entry(bare, frozenset(sizes) | (frozenset(core) - bare), head, frozenset(kind), plain, proper)


def _stems(words: str) -> set[str]:
    return {stem(part) for part in words.lower().replace("-", " ").split() if part.isalpha()} - JOINERS


def _key(words: Iterable[str]) -> str:
    return " ".join(sorted(set(words)))


def _arrays(lists: dict[str, list[int]]) -> dict[str, Numbers]:
    return {word: np.unique(np.array(numbers, np.int32)) for word, numbers in lists.items()}
