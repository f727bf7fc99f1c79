"""The types of a text and of each thing in it: what the encoder, the words and the clause say, pooled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.signals.encoder import Outcome
from tools.store.signal_facts import PRODUCT, STOCKOUT, TYPES, VARIANT

COUNT = len(TYPES)
"""How many endings of a text are types; as many more tell whether one is negative, two how urgent."""
TOKEN_TYPES = COUNT - 1
MENTION, PIECE_NEGATIVE, PIECE_MEDIUM, PIECE_HIGH = range(TOKEN_TYPES, TOKEN_TYPES + 4)
TEXT_MEDIUM, TEXT_HIGH = 2 * COUNT, 2 * COUNT + 1
FAR = 8.0
_CARRIED = {STOCKOUT: 1.0, VARIANT: 0.5, PRODUCT: -1.0}
"""Whose sign tells whether a type is one of things that are carried, or of others."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """A weighted sum of what several say, and a bias for each case (Genest and Zidek 1986)."""

    weights: Floats
    biases: Floats

    def log_odds(self, said: Floats, case: int) -> float:
        """The log-odds of one case; ``said`` is one number from each."""
        return float(said @ self.weights + self.biases[case])


def fit_pool(said: Sequence[Floats], cases: Sequence[int], truth: Sequence[bool], count: int) -> Pool:
    """Weights for all cases and a bias for each of ``count`` (logistic regression); needs scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    values = np.stack(said)
    own = np.zeros((len(values), count))
    own[np.arange(len(values)), np.array(cases)] = 1.0
    model = LogisticRegression(C=1.0, max_iter=1000).fit(np.hstack([values, own]), np.array(truth))
    width = values.shape[1]
    return Pool(model.coef_[0][:width], model.coef_[0][width:] + model.intercept_[0])


def chance(log_odds: float) -> float:
    """The logistic function.

    >>> chance(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-min(max(log_odds, -30.0), 30.0)))


def near(log_odds: float) -> float:
    """Log-odds that say no more than ``FAR`` for or against."""
    return min(max(log_odds, -FAR), FAR)


def said_of_text(outcome: Outcome, words: NDArray[np.float32], at: int) -> Floats:
    """What the encoder's text ending, its pieces and the words say of one type of a text."""
    pieces = -FAR
    if at < TOKEN_TYPES and len(outcome.pieces):
        both = np.minimum(outcome.pieces[:, at], outcome.pieces[:, MENTION])
        pieces = near(float(both.max()))
    return np.array([near(float(outcome.text[at])), pieces if at < TOKEN_TYPES else 0.0, float(words[at])])


def of_pieces(outcome: Outcome, start: int, end: int) -> NDArray[np.float32]:
    """What the pieces of a stretch of the text say on the whole; far below where it has none."""
    inside = (outcome.spans[:, 0] < end) & (outcome.spans[:, 1] > start)
    if not inside.any():
        return np.full(
            outcome.pieces.shape[1] if outcome.pieces.ndim == 2 else PIECE_HIGH + 1, -FAR, np.float32
        )
    return np.asarray(np.clip(outcome.pieces[inside], -FAR, FAR).mean(0), np.float32)


def said_of_thing(
    pieces: NDArray[np.float32], words: NDArray[np.float32], text: float, thing: tuple[float, float], at: int
) -> Floats:
    """What tells whether a thing is what a type is about.

    ``pieces``: what its own pieces say; ``words``: its clause; ``text``: the pooled log-odds of the type;
    ``thing``: the chances that it is a thing spoken of, and that it is carried.
    """
    score, carried = thing
    sign = _CARRIED.get(TYPES[at], 0.0)
    return np.array([pieces[at], pieces[MENTION], words[at], text, score, sign * (2 * carried - 1)])
