"""Finds the things that a text speaks of: spans of its words, with how sure it is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.signals.crf import Field, Rows, learn
from intents.signals.shelf_index import ShelfIndex
from intents.signals.tokens import Token
from intents.signals.word_features import FUNCTION, Shelved, named_features, rows_of
from intents.signals.word_vectors import WordVectors

OUT, FIRST, NEXT = range(3)
EAGER = 1.0
"""So much is taken from the score of "no thing": a candidate too many costs less than one too few."""
VECTOR_SCALE = 4.0
LEAST_COUNT = 2
SURE = 0.9
_EDGES = frozenset(
    {"the", "a", "an", "and", "or", "of", "for", "with", "is", "was", "my", "your", "to", "in", "on"}
)
_SPOKEN_OF = frozenset("wh")

Span = tuple[int, int]
Hint = tuple[int, int, float]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Found:
    """A span of tokens ``first`` to ``last`` (not included) that may be a thing, and how likely it is."""

    first: int
    last: int
    chance: float


@dataclass(frozen=True)
class Tagger:
    """Tells things from other words; ``numbers`` are the features by name, ``everyday`` words it knows."""

    field: Field
    numbers: dict[str, int]
    everyday: frozenset[str]
    vectors: WordVectors

    def rows(self, tokens: Sequence[Token], known: Sequence[Shelved]) -> Rows:
        """What is read of each word, as numbers."""
        named = named_features(tokens, known, self.everyday.__contains__)
        return rows_of(named, self.numbers, vectors_of(tokens, self.vectors))

    def find(
        self, tokens: Sequence[Token], known: Sequence[Shelved], hints: Sequence[Hint] = ()
    ) -> tuple[Found, ...]:
        """The spans that may be things, left to right, never over one another.

        ``hints``: how likely stretches of the text are part of a thing, from whoever else read it.
        """
        if not tokens:
            return ()
        scores = self.field.chances(self.rows(tokens, known))
        for at, much in _hinted(tokens, hints).items():
            scores[at, FIRST:] += np.float32(much)
        shares = self.field.shares(scores)
        scores[:, OUT] -= np.float32(EAGER)
        spans = spans_of(self.field.best(scores))
        inside = 1 - shares[:, OUT]
        found = [Found(first, last, float(inside[first:last].mean())) for first, last in spans]
        return _with_named(found, known, inside)


def vectors_of(tokens: Sequence[Token], vectors: WordVectors) -> Floats:
    """A vector for each word."""
    return np.array([vectors.of(token.low) for token in tokens], np.float32) * np.float32(VECTOR_SCALE)


def spans_of(tags: Sequence[int]) -> list[Span]:
    """Stretches that begin with ``FIRST`` (or ``NEXT`` out of the blue) and go on with ``NEXT``."""
    out: list[Span] = []
    start: int | None = None
    for at, tag in enumerate((*tags, OUT)):
        if tag != NEXT and start is not None:
            out.append((start, at))
            start = None
        if tag == FIRST or (tag == NEXT and start is None):
            start = at
    return out


def _hinted(tokens: Sequence[Token], hints: Sequence[Hint]) -> dict[int, float]:
    """The largest log odds of the hints on each token."""
    out: dict[int, float] = {}
    at = 0
    for start, end, chance in sorted(hints):
        odds = math.log(max(chance, 1e-3) / max(1 - chance, 1e-3))
        while at < len(tokens) and tokens[at].end <= start:
            at += 1
        place = at
        while place < len(tokens) and tokens[place].start < end:
            out[place] = max(out.get(place, -9.0), odds)
            place += 1
    return out


def _with_named(found: Sequence[Found], known: Sequence[Shelved], inside: Floats) -> tuple[Found, ...]:
    """Beside them the runs of words that name a product and were passed over."""
    taken = {at for one in found for at in range(one.first, one.last)}
    runs = [run for run in named_runs(known) if not taken & set(range(*run))]
    beside = [Found(first, last, float(inside[first:last].mean())) for first, last in runs]
    return tuple(sorted([*found, *beside], key=lambda one: one.first))


def named_runs(known: Sequence[Shelved]) -> list[Span]:
    """The stretches of words that name a product, or a kind of product, outright."""
    out: list[Span] = []
    at = 0
    while at < len(known):
        end = at + 1
        if known[at].run[:1] == "B" and known[at].run[1:2] in _SPOKEN_OF:
            while end < len(known) and known[end].run[:1] == "I":
                end += 1
            out.append((at, end))
        at = end
    return out


def learn_tagger(
    texts: Sequence[tuple[Sequence[Token], Sequence[Shelved]]],
    tags: Sequence[Sequence[int]],
    vectors: WordVectors,
) -> Tagger:
    """Learn from texts whose tokens are tagged ``OUT``, ``FIRST`` or ``NEXT``; always the same result."""
    counts = Counter(token.low for tokens, _ in texts for token in tokens)
    everyday = frozenset(low for low, count in counts.items() if count >= LEAST_COUNT and low not in FUNCTION)
    named = [named_features(tokens, known, everyday.__contains__) for tokens, known in texts]
    numbers = numbered(named)
    rows = [
        rows_of(names, numbers, vectors_of(tokens, vectors))
        for names, (tokens, _) in zip(named, texts, strict=True)
    ]
    return Tagger(learn(rows, tags, len(numbers) + 1, 3), numbers, everyday, vectors)


def numbered(named: Sequence[Sequence[Sequence[str]]]) -> dict[str, int]:
    """A number from 1 for each feature that is seen at least twice."""
    seen = Counter(name for text in named for names in text for name in names)
    return {name: at for at, name in enumerate(sorted(name for name, count in seen.items() if count > 1), 1)}


def trimmed(tokens: Sequence[Token], first: int, last: int) -> Span:
    """The span without articles, joining words and signs at its ends."""
    while first < last - 1 and (tokens[first].low in _EDGES or not tokens[first].low[0].isalnum()):
        first += 1
    while last - 1 > first and (tokens[last - 1].low in _EDGES or not tokens[last - 1].low[0].isalnum()):
        last -= 1
    return first, last


def covering(tokens: Sequence[Token], start: int, end: int) -> Span:
    """The tokens that stand between two places of the text."""
    inside = [at for at, token in enumerate(tokens) if token.start < end and token.end > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


Known = Callable[[Sequence[Token], ShelfIndex], list[Shelved]]
