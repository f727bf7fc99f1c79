"""Teaches a head: a support vector machine for each class, a network, and how much each of them counts.

The linear part are support vector machines (Cortes and Vapnik 1995) over the sentence's
embedding and its n-grams; the network stands in :mod:`intents.perceptron`.  scikit-learn and
scipy are needed only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import WIDTH, Encoder
from intents.features import Vocabulary
from intents.heads import Floats, Head, Linear, Seen
from intents.perceptron import train_perceptron
from intents.templates import UNKNOWN, Sentence

HELD_OUT = 0.2
FALLBACK_SHARES = (3.0, 0.5)
"""What the parts count where there is too little to learn it from."""

Names = NDArray[np.str_]


def train(sentences: Sequence[Sentence], encoder: Encoder | None) -> Head:
    """Fit a head to these sentences."""
    return fit(
        Seen.through(encoder, [sentence.text for sentence in sentences]),
        np.array([sentence.intent for sentence in sentences]),
        np.array([sentence.group for sentence in sentences]),
    )


def fit(seen: Seen, labels: Names, groups: NDArray[np.int64]) -> Head:
    """The same for texts that went through the encoder; sentences of one group are held out together."""
    held = _held_out(groups)
    shares = np.array(FALLBACK_SHARES, np.float32)
    if held.any() and len(set(labels[~held])) > 2:
        shares = _shares(_parts(seen.part(~held), labels[~held], shares), seen.part(held), labels[held])
    head = _parts(seen, labels, shares)
    first = np.unique(groups, return_index=True)[1]
    first = first[labels[first] != UNKNOWN]
    examples = np.zeros((0, WIDTH), np.float32) if seen.sentence is None else seen.sentence[first]
    return Head(head.classes, head.linear, head.network, shares, examples)


def _held_out(groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """A fifth of the groups, the same ones every time."""
    numbers = np.unique(groups, return_inverse=True)[1]
    out: NDArray[np.bool_] = np.random.default_rng(0).random(int(numbers.max()) + 1)[numbers] < HELD_OUT
    return out


def _parts(seen: Seen, labels: Names, shares: Floats) -> Head:
    """A head whose parts count what ``shares`` says."""
    classes, truth = np.unique(labels, return_inverse=True)
    vocabulary = Vocabulary.learn(seen.texts)
    model = _machines(seen, vocabulary, truth)
    coefficients, bias = model.coef_, model.intercept_
    if len(classes) == 2:
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.array([-bias[0], bias[0]])
    linear = Linear(
        vocabulary, np.ascontiguousarray(coefficients.T, np.float32), np.asarray(bias, np.float32)
    )
    network = None if seen.deep is None else train_perceptron(seen.deep, truth, len(classes))
    return Head(tuple(map(str, classes)), linear, network, shares, np.zeros((0, WIDTH), np.float32))


def _machines(seen: Seen, vocabulary: Vocabulary, truth: NDArray[np.int64]) -> Any:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.svm import LinearSVC

    columns, values, starts = vocabulary.rows(seen.texts)
    size = len(seen.texts)
    sparse = csr_matrix((values, columns, starts), shape=(size, len(vocabulary.rarity)))
    dense = np.zeros((size, WIDTH), np.float32) if seen.sentence is None else seen.sentence
    matrix = hstack([csr_matrix(dense), sparse]).tocsr()
    return LinearSVC(C=1.0, tol=0.01, random_state=0).fit(matrix, truth)


def _shares(head: Head, held: Seen, labels: Names) -> Floats:
    """What each part must count for the held-out sentences to be likeliest (a convex problem)."""
    from scipy.optimize import minimize

    place = {name: at for at, name in enumerate(head.classes)}
    known = np.array([name in place for name in labels])
    held, truth = held.part(known), np.array([place[name] for name in labels[known]])
    parts = [head.margins(held)]
    if head.network is not None and held.deep is not None:
        parts.append(head.network.logits(held.deep))
    stacked = np.stack(parts).astype(np.float64)
    start = np.array(FALLBACK_SHARES[: len(parts)])
    found = minimize(
        _surprise, start, args=(stacked, truth), jac=True, method="L-BFGS-B", bounds=[(0.01, 30)] * len(parts)
    )
    return np.array([*found.x, 0.0][:2], np.float32)


def _surprise(
    shares: NDArray[np.float64], parts: NDArray[np.float64], truth: NDArray[np.int64]
) -> tuple[float, NDArray[np.float64]]:
    """The mean negative log-likelihood of the truth, and its slope."""
    logits = np.tensordot(shares, parts, 1)
    logits -= logits.max(1, keepdims=True)
    powers = np.exp(logits)
    sums = powers.sum(1, keepdims=True)
    rows = np.arange(len(truth))
    loss = float((np.log(sums[:, 0]) - logits[rows, truth]).mean())
    expected = (parts * (powers / sums)).sum(2)
    return loss, (expected - parts[:, rows, truth]).mean(1)
