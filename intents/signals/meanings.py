"""How alike words and the names of products are by what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.encoder import WIDTH, Encoder
from intents.signals.shelf_index import ShelfIndex
from intents.signals.tokens import whole

MOST_PRODUCTS = 5000
"""Of a larger catalogue only products whose words are said are compared by meaning."""
MOST_KEPT = 20_000
NEAREST = 6
BATCH = 64

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Prepared:
    """Vectors of the words in question, and of the products."""

    vectors: dict[str, Floats]
    names: Floats
    owners: NDArray[np.int32]
    count: int

    def of(self, words: str) -> tuple[Floats | None, tuple[int, ...]]:
        """How alike each product is to the words, and the nearest; None where it cannot be told."""
        vector = self.vectors.get(whole(words).lower()[:80])
        if vector is None or not len(self.names):
            return None, ()
        likeness = np.maximum.reduceat(self.names @ vector, self.owners)
        few = min(NEAREST, len(likeness))
        near = np.argpartition(-likeness, few - 1)[:few]
        return likeness, tuple(int(number) for number in near)


class Meanings:
    """Compares words with products' names; knows nothing where the encoder is not installed."""

    def __init__(self, index: ShelfIndex, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._kept: dict[str, Floats] = {}
        names: list[str] = []
        owners: list[int] = []
        if encoder is not None and len(index.products) <= MOST_PRODUCTS:
            for product in index.products:
                owners.append(len(names))
                names.extend(entry.written for entry in product.entries)
        self._names = encoder.encode(names, BATCH) if encoder and names else np.zeros((0, WIDTH), np.float32)
        self._owners = np.array(owners, np.int32)

    def prepare(self, words: Sequence[str]) -> Prepared:
        """Encodes what was not met before, all at once."""
        lows = list(dict.fromkeys(whole(word).lower()[:80] for word in words))
        fresh = [low for low in lows if low not in self._kept]
        if self._encoder is not None and len(self._names) and fresh:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            vectors = self._encoder.encode(fresh, BATCH)
            self._kept.update(zip(fresh, vectors, strict=True))
        vectors_of = {low: self._kept[low] for low in lows if low in self._kept}
        return Prepared(vectors_of, self._names, self._owners, len(self._owners))
