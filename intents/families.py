"""Which family of things that the assistant does not do a sentence belongs to, and what to say to it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.encoder import WIDTH, Encoder
from intents.model_files import cached, content_key
from intents.out_of_scope import FAMILIES, FAMILY_ANSWERS

# Below this cosine a sentence is far from every family, and naming one would be a guess.
ALIKE = 0.5
# How freely the families may be fitted: they have fewer sentences than the intents.
STRENGTH = 3.0
# Sentences about one person lie near each other whatever they want, so names do not count.
_PERSON = re.compile(r"\b(?:mrs|mr|ms|miss|dr)\.? [a-z]+(?:'s)?", re.IGNORECASE)
SOMEBODY = "the customer"
# What is wanted shows in the beginning; long ones take time.
LONGEST = 200
_VERSION = "2"

Floats = NDArray[np.float32]


class Families:
    """What tells the families apart, and their sentences as embeddings, kept beside the trained head."""

    def __init__(self, encoder: Encoder | None, folder: Path) -> None:
        self._encoder = encoder
        self._families = tuple(FAMILIES)
        self._learned = _learned(encoder, folder) if encoder else None

    def name(self, text: str) -> str:
        """The family that a sentence out of scope belongs to; empty where none is near."""
        if self._encoder is None or self._learned is None or not text.strip():
            return ""
        rows, weights = self._learned
        asked = self._encoder.encode([_nameless(text)])[0]
        if np.einsum("ij,j->i", rows, asked).max() < ALIKE:
            return ""
        return self._families[int(np.argmax(asked @ weights[:WIDTH] + weights[WIDTH]))]

    def answer(self, text: str) -> str:
        """What to say to a sentence that is out of scope; empty where no family is near."""
        name = self.name(text)
        return FAMILY_ANSWERS[name] if name else ""


def _nameless(text: str) -> str:
    return _PERSON.sub(SOMEBODY, text[:LONGEST].lower())


def _learned(encoder: Encoder, folder: Path) -> tuple[Floats, Floats]:
    """Embeddings of all sentences but those much like others, and a regression's weights."""
    said = [_nameless(sentence) for sentences in FAMILIES.values() for sentence in sentences]
    key = content_key(_VERSION, encoder.engine, repr(list(FAMILIES)), *said)

    def make(target: Path) -> None:
        from intents.regression import regress
        from intents.training import thinned

        sizes = [len(sentences) for sentences in FAMILIES.values()]
        rows = encoder.encode(said)
        weights = regress(rows, np.repeat(np.arange(len(sizes)), sizes), len(sizes), STRENGTH)
        with target.open("wb") as file:
            np.savez(file, rows=thinned(rows).astype(np.float16), weights=weights)

    with np.load(cached(folder / f"families-{key}.npz", make)) as kept:
        return np.asarray(kept["rows"], np.float32), np.asarray(kept["weights"], np.float32)
