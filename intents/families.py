"""Which family of things that the assistant does not do a sentence belongs to, and what to say to it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.encoder import Encoder
from intents.model_files import cached, content_key
from intents.out_of_scope import FAMILIES, FAMILY_ANSWERS

# Below this cosine a sentence is far from every family, and naming one would be a guess.
ALIKE = 0.5
# So many of the nearest sentences vote, each with the square of its cosine.
VOICES = 7
# Sentences about one person lie near each other whatever they want, so names do not count.
_PERSON = re.compile(r"\b(?:mrs|mr|ms|miss|dr)\.? [a-z]+(?:'s)?", re.IGNORECASE)
SOMEBODY = "the customer"
# What is wanted shows in the beginning; long ones take time.
LONGEST = 200


class Families:
    """The families' sentences as embeddings, kept beside the trained head."""

    def __init__(self, encoder: Encoder | None, folder: Path) -> None:
        self._encoder = encoder
        self._families = tuple(FAMILIES)
        sizes = [len(said) for said in FAMILIES.values()]
        self._of = np.repeat(np.arange(len(sizes)), sizes)
        self._rows = _embeddings(encoder, folder) if encoder else None

    def answer(self, text: str) -> str:
        """What to say to a sentence that is out of scope; empty where no family is near."""
        if self._encoder is None or self._rows is None or not text.strip():
            return ""
        nearness = self._rows @ self._encoder.encode([_nameless(text)])[0]
        if nearness.max() < ALIKE:
            return ""
        closest = np.argsort(-nearness)[:VOICES]
        votes = np.bincount(self._of[closest], nearness[closest] ** 2, len(self._families))
        return FAMILY_ANSWERS[self._families[int(np.argmax(votes))]]


def _nameless(text: str) -> str:
    return _PERSON.sub(SOMEBODY, text[:LONGEST].lower())


def _embeddings(encoder: Encoder, folder: Path) -> NDArray[np.float32]:
    said = [_nameless(sentence) for sentences in FAMILIES.values() for sentence in sentences]
    path = folder / f"families-{content_key(encoder.engine, *said)}.npz"

    def make(target: Path) -> None:
        with target.open("wb") as file:
            np.savez(file, rows=encoder.encode(said).astype(np.float16))

    with np.load(cached(path, make)) as kept:
        return np.asarray(kept["rows"], np.float32)
