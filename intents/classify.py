"""The intent of a sentence: a linear head over its embedding and its n-grams, calibrated.

Frozen sentence embeddings beside TF-IDF, a linear support vector machine for each class
(Cortes and Vapnik 1995), and its margins turned into probabilities by one temperature
(Guo et al. 2017).  scikit-learn is needed only while training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import WIDTH, Encoder
from intents.features import Vocabulary
from intents.templates import UNKNOWN, Sentence

HELD_OUT = 0.2
FAR = 0.62
FAR_PULL = 10.0

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """What training learned; ``weights`` has a row for each feature, the embedding's first."""

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    temperature: float
    examples: Floats
    """Embeddings of the in-scope templates, one sentence of each."""

    def margins(self, text: str, embedding: Floats | None) -> Floats:
        """One number for each class; larger is likelier."""
        columns, values = self.vocabulary.weights(text)
        out = self.bias + values @ self.weights[WIDTH + columns]
        if embedding is not None:
            out = out + embedding @ self.weights[:WIDTH]
        return np.asarray(out, np.float32)


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
        embeddings = self.encoder.encode(texts) if self.encoder else [None] * len(texts)
        return [self._scored(text, embedding) for text, embedding in zip(texts, embeddings, strict=True)]

    def _scored(self, text: str, embedding: Floats | None) -> dict[str, float]:
        margins = self.head.margins(text, embedding) / self.head.temperature
        if embedding is not None and len(self.head.examples) and UNKNOWN in self.head.classes:
            # einsum stays on one thread; a matrix product this small only wakes the others.
            nearest = float(np.einsum("ij,j->i", self.head.examples, embedding).max())
            margins[self.head.classes.index(UNKNOWN)] += FAR_PULL * max(0.0, FAR - nearest)
        shares = np.exp(margins - margins.max())
        shares /= shares.sum()
        order = np.argsort(-shares)
        return {self.head.classes[at]: float(shares[at]) for at in order}


def train(sentences: Sequence[Sentence], encoder: Encoder | None) -> Head:
    """Fit the head and its temperature."""
    texts = [sentence.text for sentence in sentences]
    labels = np.array([sentence.intent for sentence in sentences])
    groups = np.array([sentence.group for sentence in sentences])
    embeddings = encoder.encode(texts) if encoder else np.zeros((len(texts), WIDTH), np.float32)
    vocabulary = Vocabulary.learn(texts)
    matrix = _matrix(embeddings, vocabulary, texts)
    model = _fit(matrix, labels)
    return Head(
        classes=tuple(str(name) for name in model.classes_),
        vocabulary=vocabulary,
        weights=np.ascontiguousarray(model.coef_.T, np.float32),
        bias=np.asarray(model.intercept_, np.float32),
        temperature=_temperature(matrix, labels, groups),
        examples=embeddings[_first_of_each(labels, groups)] if encoder else np.zeros((0, WIDTH), np.float32),
    )


def _first_of_each(labels: NDArray[np.str_], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the first sentence of every in-scope template stands."""
    first: NDArray[np.int64] = np.unique(groups, return_index=True)[1]
    return np.asarray(first[labels[first] != UNKNOWN], np.int64)


def _matrix(embeddings: Floats, vocabulary: Vocabulary, texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    columns, values, starts = vocabulary.rows(texts)
    sparse = csr_matrix((values, columns, starts), shape=(len(texts), len(vocabulary.rarity)))
    return hstack([csr_matrix(embeddings), sparse]).tocsr()


def _fit(matrix: Any, labels: NDArray[np.str_]) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=1.0, tol=0.01, random_state=0).fit(matrix, labels)


def _temperature(matrix: Any, labels: NDArray[np.str_], groups: NDArray[np.int64]) -> float:
    """The temperature under which held-out templates are likeliest."""
    held = np.random.default_rng(0).random(int(groups.max()) + 1)[groups] < HELD_OUT
    if len(set(labels[~held])) < 3 or not held.any():
        return 0.3
    model = _fit(matrix[~held], labels[~held])
    place = {name: at for at, name in enumerate(model.classes_)}
    known = np.array([name in place for name in labels[held]])
    margins = model.decision_function(matrix[held])[known]
    truth = np.array([place[name] for name in labels[held][known]])
    candidates = np.geomspace(0.05, 2.0, 40)
    losses = [_loss(margins, truth, heat) for heat in candidates]
    return float(candidates[int(np.argmin(losses))])


def _loss(margins: NDArray[np.float64], truth: NDArray[np.int64], heat: float) -> float:
    scaled = margins / heat
    top = scaled.max(1, keepdims=True)
    log_sums = top[:, 0] + np.log(np.exp(scaled - top).sum(1))
    return float((log_sums - scaled[np.arange(len(truth)), truth]).sum())


def save_head(head: Head, target: Path) -> None:
    """Write a head to a file."""
    grams = sorted(head.vocabulary.column, key=head.vocabulary.column.__getitem__)
    with target.open("wb") as file:
        np.savez(
            file,
            classes=np.frombuffer("\n".join(head.classes).encode(), np.uint8),
            grams=np.frombuffer("\n".join(grams).encode(), np.uint8),
            rarity=head.vocabulary.rarity,
            weights=head.weights.astype(np.float16),
            bias=head.bias,
            temperature=np.array([head.temperature], np.float32),
            examples=head.examples.astype(np.float16),
        )


def load_head(path: Path) -> Head:
    """The inverse of :func:`save_head`."""
    with np.load(path, allow_pickle=False) as stored:
        grams = stored["grams"].tobytes().decode().split("\n")
        return Head(
            classes=tuple(stored["classes"].tobytes().decode().split("\n")),
            vocabulary=Vocabulary({gram: at for at, gram in enumerate(grams)}, stored["rarity"]),
            weights=stored["weights"].astype(np.float32),
            bias=stored["bias"],
            temperature=float(stored["temperature"][0]),
            examples=stored["examples"].astype(np.float32),
        )
