"""An inverted index over product names, built once for each version of the catalogue.

Everything is kept as arrays of product numbers, so that 100,000 products fit in memory.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.product_words import COUNTED, SIZE_WORDS, figure_of, is_size, read_name
from intents.words import stem
from tools.store import Catalogue, Product

Numbers = NDArray[np.int32]
NOTHING: Numbers = np.zeros(0, np.int32)
MOST_READ = 40
MOST_NEAR = 20
LONG_WORD = 8


@lru_cache(maxsize=16384)
def compact(code: str) -> str:
    """A code without its dashes, in lower case."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


class CatalogueIndex:
    """Answers which products carry a word, have it as their head, or are called exactly so."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.version = catalogue.version
        self._products = catalogue.products
        self.skus: list[str] = sorted(catalogue.products)
        self.codes: dict[str, int] = {}
        self.categories = _category_keys(catalogue.categories)
        self.category_words = frozenset(word for key in self.categories for word in key.split())
        self._words: dict[str, Numbers] = {}
        self._heads: dict[str, Numbers] = {}
        self._cores: dict[str, Numbers] = {}
        self._borrowed: dict[str, Numbers] = {}
        self._build(catalogue.products)
        self.spellings = _spellings(catalogue)
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(self.vocabulary() | self.spellings):
            self._by_length[len(word)].append(word)
        self._figures: defaultdict[str, list[str]] = defaultdict(list)
        for word in filter(is_size, self._words):
            self._figures[figure_of(word)].append(word)
        self._nearby = lru_cache(maxsize=4096)(self._near)

    def _build(self, products: Mapping[str, Product]) -> None:
        words: defaultdict[str, list[int]] = defaultdict(list)
        heads: defaultdict[str, list[int]] = defaultdict(list)
        also: defaultdict[str, list[int]] = defaultdict(list)
        cores: defaultdict[str, list[int]] = defaultdict(list)
        borrowed: defaultdict[str, list[int]] = defaultdict(list)
        for number, sku in enumerate(self.skus):
            product = products[sku]
            self.codes[compact(sku)] = number
            if product.barcode:
                self.codes[compact(product.barcode)] = number
            shelf = {stem(part) for part in product.category.lower().split() if part.isalpha()}
            held: set[str] = set()
            for name in (product.name, *product.aliases):
                core, sizes, head = read_name(name)
                held.update(core, sizes)
                held.update(counted for size in sizes if (counted := size.lstrip("0123456789")) in COUNTED)
                (heads if name is product.name else also)[head].append(number)
                cores[core_key(_less_sizes(core) if name is product.name else core)].append(number)
            for word in held | shelf:
                words[word].append(number)
            for word in shelf - held:
                borrowed[word].append(number)
        self._words, self._cores, self._borrowed = _arrays(words), _arrays(cores), _arrays(borrowed)
        # What an alias calls a thing counts only where no proper name does.
        self._heads = {**_arrays(also), **_arrays(heads)}

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def having(self, word: str) -> Numbers:
        """The products with this word (a stem or a canonical size) in a name, alias or category."""
        return self._words.get(word, NOTHING)

    def sized(self, figure: str) -> Numbers:
        """The products with a size of this number, whatever its unit."""
        found = [self._words[size] for size in (*self._figures.get(figure, ()), f"#{figure}") if size in self]
        return np.unique(np.concatenate(found)) if found else NOTHING

    def headed(self, word: str) -> Numbers:
        """The products that are a kind of this."""
        return self._heads.get(word, NOTHING)

    def by_category_only(self, word: str) -> Numbers:
        """The products that have this word only from their category."""
        return self._borrowed.get(word, NOTHING)

    def writes(self, number: int, word: str) -> bool:
        """Whether a name or alias of a product has the word just as it is written."""
        product = self._products[self.skus[number]]
        return any(word in _as_written(name) for name in (product.name, *product.aliases))

    def called(self, words: Iterable[str]) -> Numbers:
        """The products of which these are all the words of the name or of an alias, sizes aside."""
        return self._cores.get(core_key(words), NOTHING)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a word (Robertson and Sparck Jones 1976)."""
        return math.log((len(self.skus) + 1) / (len(self.having(word)) + 0.5))

    def names(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The SKUs of product numbers, sorted."""
        return tuple(self.skus[number] for number in sorted(numbers))

    def numbers(self, skus: Iterable[str]) -> Numbers:
        """The product numbers of SKUs; unknown ones are left out."""
        found = (self.codes.get(compact(sku)) for sku in skus)
        return np.array(sorted(number for number in found if number is not None), np.int32)

    def with_prefix(self, code: str) -> Numbers:
        """The products whose SKU starts so ("MUG-RED")."""
        low = code.lower()
        return np.array(
            [number for number, sku in enumerate(self.skus) if sku.lower().startswith(low)], np.int32
        )

    def neighbours(self, first: str, second: str, among: Numbers) -> bool:
        """Whether the second word follows the first at once in the name of one of some products."""
        return any(self._follow(first, second, number) for number in among[:MOST_READ])

    def side_by_side(self, first: str, second: str) -> Numbers:
        """The products in whose names the second word follows the first at once."""
        both = common((self.having(first), self.having(second)))[:MOST_READ]
        return np.array([number for number in both if self._follow(first, second, number)], np.int32)

    def _follow(self, first: str, second: str, number: int) -> bool:
        product = self._products[self.skus[number]]
        return any(
            (first, second) in pairwise(read_name(name)[0]) for name in (product.name, *product.aliases)
        )

    def spelled_like(self, word: str) -> tuple[tuple[str, int], ...]:
        """The words of names within a slip of the finger, two for long ones, with how far they are."""
        return self._nearby(word)

    def _near(self, word: str) -> tuple[tuple[str, int], ...]:
        limit = 1 if len(word) < LONG_WORD else 2
        known = [
            other for length in range(len(word) - limit, len(word) + limit + 1)
            for other in self._by_length.get(length, ())
        ]  # fmt: skip
        found = process.extract(word, known, scorer=OSA.distance, score_cutoff=limit, limit=MOST_NEAR)
        nearest: dict[str, int] = {}
        for other, distance, _ in found:
            nearest.setdefault(stem(other), int(distance))
        return tuple(nearest.items())

    def category(self, number: int) -> str:
        """The category of a product."""
        return self._products[self.skus[number]].category

    def own_sizes(self, number: int) -> frozenset[str]:
        """The sizes in a product's proper name, in figures and in words."""
        core, sizes, _ = read_name(self._products[self.skus[number]].name)
        return frozenset(sizes) | {SIZE_WORDS[word] for word in core if word in SIZE_WORDS}

    def name(self, sku: str) -> str:
        """A product's proper name."""
        return self._products[sku].name

    def unit(self, sku: str) -> str:
        """What a product is counted or weighed in."""
        return self._products[sku].unit

    def head_of(self, name: str) -> str:
        """What kind of thing a product of this name is."""
        return read_name(name)[2]

    def sizes_of(self, name: str) -> list[str]:
        """The canonical sizes in a name."""
        return read_name(name)[1]

    def size_figures(self, sku: str) -> frozenset[str]:
        """The numbers in the sizes of a product's name."""
        return frozenset(re.findall(r"\d+", " ".join(self.sizes_of(self._products[sku].name))))

    def vocabulary(self) -> frozenset[str]:
        """All word stems of all names."""
        return frozenset(word for word in self._words if word.isalpha())


def common(sets: Iterable[Numbers]) -> Numbers:
    """The products that are in all of the sets (each sorted, without repetition)."""
    return reduce(lambda left, right: np.intersect1d(left, right, assume_unique=True), sets)


def _as_written(name: str) -> list[str]:
    return re.split(r"[^\w]+", name.lower().replace("'", ""))


def core_key(words: Iterable[str]) -> str:
    """One spelling for a set of words, whatever their order."""
    return " ".join(sorted(set(words)))


def _less_sizes(core: Sequence[str]) -> Sequence[str]:
    return [word for word in core if word not in SIZE_WORDS] or core


def _arrays(lists: Mapping[str, list[int]]) -> dict[str, Numbers]:
    return {word: np.unique(np.array(numbers, np.int32)) for word, numbers in lists.items()}


def _category_keys(categories: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for name in categories:
        keys[core_key(read_name(name)[0])] = name
    return keys


def _spellings(catalogue: Catalogue) -> frozenset[str]:
    """All words of names, as they are written, in the singular and plural, for the spelling fixer."""
    return frozenset(
        form
        for product in catalogue.products.values()
        for name in (product.name, *product.aliases, product.category)
        for part in name.lower().replace("'", "").replace("-", " ").split()
        if part.isalpha() and len(part) > 2
        for form in (part, stem(part), f"{stem(part)}s")
    )
