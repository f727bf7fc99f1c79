"""Products by words, best first: for search boxes and for "did you mean"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.catalogue_index import CatalogueIndex, compact
from intents.words import clean, words_of

# A word counts for a name's word from this share of equal letters on.
ALIKE = 0.7
MOST_SPELLINGS = 40
# Of the weight of all words, this much has to be found in a product's names.
ENOUGH = 0.4


def search(words: str, index: CatalogueIndex, limit: int) -> tuple[str, ...]:
    """SKUs whose names, aliases or categories have the words, or words spelled like them."""
    exact = index.codes.get(compact(words))
    if exact is not None:
        return (index.skus[exact],)
    scores = np.zeros(len(index.skus), np.float32)
    most = sum(_add(scores, word.stem, index) for word in words_of(clean(words)))
    if not most:
        return ()
    found = np.flatnonzero(scores >= ENOUGH * most)
    # Ties go to the shorter list position: the catalogue's own order is what people know.
    best = found[np.lexsort((found, -scores[found]))][:limit]
    return tuple(index.skus[number] for number in best)


def _add(scores: NDArray[np.float32], stem: str, index: CatalogueIndex) -> float:
    """Raise the score of the products that have the word; return the most that it could give."""
    held = index.having(stem)
    if len(held):
        weight = index.rarity(stem)
        scores[held] += weight
        return weight
    best = np.zeros(len(scores), np.float32)
    heaviest = 0.0
    for spelling, likeness in _spellings(stem, index):
        weight = likeness * index.rarity(spelling)
        heaviest = max(heaviest, weight)
        numbers = index.having(spelling)
        best[numbers] = np.maximum(best[numbers], weight)
    scores += best
    return heaviest or index.rarity(stem)


def _spellings(stem: str, index: CatalogueIndex) -> list[tuple[str, float]]:
    known = index.vocabulary()
    begun = [(word, 0.9) for word in known if word.startswith(stem)] if len(stem) > 1 else []
    like = process.extract(
        stem, known, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=MOST_SPELLINGS
    )
    return [*begun[:MOST_SPELLINGS], *((word, likeness) for word, likeness, _ in like)]
