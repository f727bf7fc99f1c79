"""Character and word n-grams of a sentence with TF-IDF weights (Salton and Buckley 1988), in plain Python."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARE = 0.5
LARGEST = 16_000


def grams(text: str) -> tuple[Counter[str], Counter[str]]:
    """Counts of character n-grams (2 to 5, inside words) and of words and word pairs."""
    words = text.split()
    letters: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        for size in range(2, 6):
            if size >= len(padded):
                letters[padded] += 1
                break
            letters.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    pairs = Counter(f"w:{word}" for word in words)
    pairs.update(f"w:{first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True))
    return letters, pairs


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams that count, each with its column and its inverse document frequency."""

    column: dict[str, int]
    rarity: NDArray[np.float32]

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Vocabulary:
        """The n-grams that occur in more than one text, the most frequent first."""
        documents: Counter[str] = Counter()
        total = 0
        for text in texts:
            total += 1
            for counts in grams(text):
                documents.update(counts.keys())
        kept = [(count, gram) for gram, count in documents.items() if count > 1]
        kept.sort(key=lambda pair: (-pair[0], pair[1]))
        kept = kept[:LARGEST]
        rarity = [math.log((1 + total) / (1 + count)) + 1 for count, _ in kept]
        return cls({gram: at for at, (_, gram) in enumerate(kept)}, np.array(rarity, np.float32))

    def weights(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Columns and weights of a text; both families of n-grams have length ``SHARE``."""
        columns: list[int] = []
        values: list[float] = []
        for counts in grams(text):
            known = [(self.column[gram], count) for gram, count in counts.items() if gram in self.column]
            raw = [float(self.rarity[at]) * (1 + math.log(count)) for at, count in known]
            length = math.sqrt(sum(value * value for value in raw)) or 1.0
            columns.extend(at for at, _ in known)
            values.extend(SHARE * value / length for value in raw)
        return np.array(columns, np.int32), np.array(values, np.float32)

    def rows(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
        """Many texts as the three arrays of a sparse matrix: columns, weights, row starts."""
        pieces = [self.weights(text) for text in texts]
        starts = np.cumsum([0, *(len(columns) for columns, _ in pieces)]).astype(np.int64)
        return (
            np.concatenate([columns for columns, _ in pieces] or [np.zeros(0, np.int32)]),
            np.concatenate([values for _, values in pieces] or [np.zeros(0, np.float32)]),
            starts,
        )
