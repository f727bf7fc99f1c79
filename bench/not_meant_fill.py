"""Names to put into sentence patterns: a shop's own, and those that lie one slip beside them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter

from rapidfuzz.distance import OSA

from tools.store import Catalogue, Product, Store

FOLDER = Path(__file__).parent / "not_meant_language"
COLOURS = ("black", "white", "red", "blue", "green", "yellow", "navy", "pink", "ivory", "sage", "mustard")
SIZES = ("small", "medium", "large")
ADDED = (
    "set",
    "gift set",
    "refill",
    "lid",
    "stand",
    "cover",
    "label",
    "holder",
    "case",
    "bundle",
    "stickers",
)
STRANGE = ("purple", "orange", "silver", "gigantic", "transparent", "left-handed", "inflatable", "vegan")
GHOSTS = (
    "unicorn lamps", "garden gnomes", "trampolines", "violins", "bicycles", "toasters", "surfboards",
    "snow globes", "hammocks", "telescopes", "wheelbarrows", "chess boards", "umbrella stands", "tea cosies",
)  # fmt: skip
MOST_AT_STAKE = Decimal(40)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One hand-written sentence pattern; ``allowed`` is ``nothing`` or ``question``."""

    text: str
    family: str
    allowed: str
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goods:
    """A product that can be sold: its name in full, and a place that has plenty of it."""

    product: Product
    place: str

    @property
    def name(self) -> str:
        """The full name as people write it."""
        return self.product.name.lower()


def patterns(path: Path) -> list[Pattern]:
    """The patterns of a file, in order; ``== family | allowed | contexts`` heads each group."""
    out = []
    family, allowed, contexts = "", "", ("fresh",)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            parts = [part.strip() for part in line[3:].split("|")]
            family, allowed = parts[0], parts[1] if len(parts) > 1 else ""
            contexts = tuple(parts[2].split()) if len(parts) > 2 else ("fresh",)
        elif line.strip() and not (line.startswith("# ") and not family):
            out.append(Pattern(line, family, allowed, contexts))
    return out


class Names:
    """Fills patterns, the same way for the same seed."""

    def __init__(self, store: Store, seed: int, today: date) -> None:
        self.random = random.Random(seed)
        self.catalogue: Catalogue = store.catalogue()
        self.goods = list(self._plenty(store, today))
        self.places = [one.code for one in self.catalogue.locations if one.code not in {"COLD", "POPUP"}]
        self._near = _near(self.catalogue)
        self._blends = _blends([one.name for one in self.goods])
        self._several = _several(self.catalogue)

    def _plenty(self, store: Store, today: date) -> Iterator[Goods]:
        for level in store.stock.levels(today=today):
            product = self.catalogue.products[level.sku]
            cheap = (product.cost or Decimal(0)) < MOST_AT_STAKE
            if level.location and product.unit == "each" and cheap and level.available >= 12:
                yield Goods(product, level.location)

    def place(self, code: str) -> str:
        """A place as people call it."""
        return self.catalogue.location_name(code).lower().removesuffix(" shop")

    def some(self) -> Goods:
        """Any product of which there is plenty."""
        return self.random.choice(self.goods)

    def fill(self, text: str, goods: Goods) -> str:
        """The pattern with everything in braces replaced; ``goods`` is what it is about."""
        wanted = {name for _, name, _, _ in Formatter().parse(text) if name}
        return text.format(**{name: value for name, value in self._values(goods).items() if name in wanted})

    def _values(self, goods: Goods) -> Mapping[str, str]:
        pick, few = self.random.choice, self.random.sample(range(2, 8), 2)
        others = [code for code in self.places if code != goods.place]
        return {
            "p": goods.name,
            "q": pick([one.name for one in self.goods if one.product != goods.product]),
            "n": str(few[0]),
            "m": str(few[1]),
            "L": self.place(goods.place),
            "K": self.place(pick(others)),
            "s": pick([supplier.name for supplier in self.catalogue.suppliers]),
            "near": pick(self._near),
            "blend": pick(self._blends),
            "amb": pick(self._several),
            "ghost": pick(GHOSTS),
            "sku": goods.product.sku,
        }


def _near(catalogue: Catalogue) -> list[str]:
    """Names one word off: another colour or size than there is, another figure, a further noun."""
    names = {product.name.lower() for product in catalogue.products.values()}
    out: list[str] = []
    for name in sorted(names):
        words = name.split()
        out += [f"{name} {more}" for more in random.Random(name).sample(ADDED, 2)]
        out.append(f"{random.Random(name).choice(STRANGE)} {name}")
        for at, word in enumerate(words):
            out += [" ".join([*words[:at], other, *words[at + 1 :]]) for other in _others(word)]
    heads = {" ".join(sorted(name.split())) for name in names}
    return [name for name in out if not any(set(one.split()) >= set(name.split()) for one in heads)]


def _others(word: str) -> list[str]:
    for group in (COLOURS, SIZES):
        if word in group:
            return [other for other in group if other != word]
    digits = "".join(letter for letter in word if letter.isdecimal())
    if digits and word[: len(digits)] == digits:
        return [f"{int(digits) * 3 + 1}{word[len(digits) :]}"]
    return []


def _blends(names: Sequence[str]) -> list[str]:
    """Names in which one word lies half way between those of two products."""
    by_shape = defaultdict(set)
    for name in set(names):
        words = name.split()
        for at in range(len(words)):
            by_shape[(*words[:at], "", *words[at + 1 :])].add(words[at])
    known = {word for name in names for word in name.split()}
    out = []
    for shape, found in sorted(by_shape.items()):
        for one in sorted(found):
            for two in sorted(found - {one}):
                blend = one[: len(one) // 2] + two[len(two) // 2 :]
                if blend.isalpha() and blend not in known and _between(blend, found):
                    out.append(" ".join(word or blend for word in shape))
    return out


def _between(blend: str, words: Collection[str]) -> bool:
    """Whether two of the words may have been meant; next to one and far from all others it is a plain slip."""
    nearest = sorted(OSA.distance(blend, word) for word in words)
    return nearest[1] - nearest[0] <= 1


def _several(catalogue: Catalogue) -> list[str]:
    """Words that several products share at the end of their names, in the plural."""
    found = defaultdict(set)
    for product in catalogue.products.values():
        words = [word for word in product.name.lower().split() if word.isalpha()]
        for length in (1, 2):
            if len(words) >= length:
                found[" ".join(words[-length:])].add(product.sku)
    return sorted(
        f"{name}{'' if name.endswith('s') else 's'}" for name, skus in found.items() if len(skus) > 1
    )
