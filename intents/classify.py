"""The intent of a sentence, by what its words mean and how they are spelled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intents.encoder import Encoder
from intents.heads import Floats, Head, Seen, probabilities
from intents.templates import UNKNOWN

__all__ = ["Classifier", "Head"]

FAR = 0.62
FAR_PULL = 10.0
# A search goes through every so-manieth example first: near ones of every intent are among these.
STRIDE = 8


class Classifier:
    """Scores sentences.  Without an encoder it goes by n-grams alone (weaker, but it works)."""

    def __init__(self, encoder: Encoder | None, head: Head) -> None:
        self.encoder = encoder
        self.head = head

    def scores(self, text: str) -> dict[str, float]:
        """The probability of each intent, the likeliest first."""
        return self.many([text])[0]

    def many(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The same for several texts, in one pass of the encoder."""
        seen = Seen.through(self.encoder, texts)
        logits = self.head.logits(seen)
        if seen.sentence is not None and len(self.head.examples) and UNKNOWN in self.head.classes:
            logits[:, self.head.classes.index(UNKNOWN)] += FAR_PULL * self._farness(seen.sentence)
        return [self._named(row) for row in probabilities(logits)]

    def _farness(self, embeddings: Floats) -> Floats:
        """How much farther than ``FAR`` the nearest example of each sentence is."""
        return np.array([max(0.0, FAR - self._nearness(row)) for row in embeddings], np.float32)

    def _nearness(self, row: Floats) -> float:
        """The cosine to the nearest example; the search ends where one is near enough to count as such."""
        near = -1.0
        for at in range(STRIDE):
            # einsum stays on one thread; a matrix product this small only wakes the others.
            found = np.einsum("ij,j->i", self.head.examples[at::STRIDE], row)
            near = max(near, float(found.max(initial=-1.0)))
            if near >= FAR:
                break
        return near

    def _named(self, shares: Floats) -> dict[str, float]:
        return {self.head.classes[at]: float(shares[at]) for at in np.argsort(-shares)}
