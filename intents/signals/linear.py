"""Linear models over named features: learned in seconds from texts, and again with a shop's corrections."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_TEXTS = 2
SHARE = 0.7
"""How long each family of features (letters, words, cues) is made."""
FREEDOM = 10.0
"""The inverse weight of the squares of what is learned."""
MOST_ROUNDS = 300

Floats = NDArray[np.float32]
Bag = Mapping[str, int]


@dataclass(frozen=True)
class Columns:
    """The features that count, each with its column and its inverse document frequency."""

    column: dict[str, int]
    rarity: Floats

    @classmethod
    def learn(cls, bags: Sequence[Bag]) -> Columns:
        """The features that occur in more than one text; rare ones weigh more (Salton and Buckley 1988)."""
        texts = Counter(name for bag in bags for name in bag)
        names = sorted(name for name, count in texts.items() if count >= LEAST_TEXTS)
        rarity = [
            1.0 if name.startswith("c:") else math.log((1 + len(bags)) / (1 + texts[name])) + 1
            for name in names
        ]
        return cls({name: at for at, name in enumerate(names)}, np.array(rarity, np.float32))

    def row(self, bag: Bag) -> tuple[NDArray[np.int32], Floats]:
        """Columns and weights of one text; each family of features has length ``SHARE``."""
        column = self.column
        known = [(column[name], count) for name, count in bag.items() if name in column]
        both = np.array(known, np.int32).reshape(-1, 2)
        places = both[:, 0]
        values = self.rarity[places] * (1 + np.log(np.maximum(both[:, 1], 1)))
        families = self.families[places]
        lengths = np.sqrt(np.bincount(families, values**2))
        values *= SHARE / np.maximum(lengths, 1e-9)[families]
        return places, values.astype(np.float32)

    @cached_property
    def families(self) -> NDArray[np.int32]:
        """The family (its letter's number) of each column."""
        return np.array([ord(name[0]) for name in sorted(self.column, key=self.column.__getitem__)], np.int32)


@dataclass(frozen=True)
class Linear:
    """One weight for each feature and each question; answers log-odds."""

    columns: Columns
    questions: tuple[str, ...]
    weights: Floats
    bias: Floats

    def log_odds(self, bag: Bag) -> Floats:
        """One number for each question."""
        places, values = self.columns.row(bag)
        return np.asarray(self.bias + values @ self.weights[places], np.float32)

    def arrays(self, prefix: str) -> dict[str, Any]:
        """What is to be stored, by name."""
        names = sorted(self.columns.column, key=self.columns.column.__getitem__)
        return {
            f"{prefix}names": np.frombuffer("\n".join(names).encode(), np.uint8),
            f"{prefix}questions": np.frombuffer("\n".join(self.questions).encode(), np.uint8),
            f"{prefix}rarity": self.columns.rarity,
            f"{prefix}weights": self.weights.astype(np.float16),
            f"{prefix}bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, Any], prefix: str) -> Linear:
        """The inverse of :meth:`arrays`."""
        names = stored[f"{prefix}names"].tobytes().decode().split("\n")
        columns = Columns({name: at for at, name in enumerate(names)}, stored[f"{prefix}rarity"])
        questions = tuple(stored[f"{prefix}questions"].tobytes().decode().split("\n"))
        weights = stored[f"{prefix}weights"].astype(np.float32)
        return cls(columns, questions, weights, stored[f"{prefix}bias"])


def learn(bags: Sequence[Bag], answers: Mapping[str, Sequence[bool | None]]) -> Linear:
    """A logistic regression (Cox 1958) for each question; texts whose answer is None don't count for it.

    Needs scikit-learn.
    """
    from scipy.sparse import csr_matrix

    columns = Columns.learn(bags)
    rows = [columns.row(bag) for bag in bags]
    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    shape = (len(bags), len(columns.column))
    matrix = csr_matrix((_joined(v for _, v in rows), _joined(p for p, _ in rows), starts), shape=shape)
    learned = [_fit(matrix, given) for given in answers.values()]
    weights = np.stack([weights for weights, _ in learned], axis=1)
    return Linear(columns, tuple(answers), weights, np.array([bias for _, bias in learned], np.float32))


def _joined(arrays: Iterable[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate([*arrays] or [np.zeros(0, np.float32)])


def _fit(matrix: Any, given: Sequence[bool | None]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    rows = np.array([at for at, answer in enumerate(given) if answer is not None], np.int64)
    truth = np.array([bool(given[at]) for at in rows])
    if truth.all() or not truth.any():
        return np.zeros(matrix.shape[1], np.float32), 4.0 if len(truth) and truth.all() else -4.0
    model = LogisticRegression(C=FREEDOM, max_iter=MOST_ROUNDS).fit(matrix[rows], truth)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])
