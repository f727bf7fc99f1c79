"""Teaches a head: a support vector machine for each class, a regression, a network, and what each counts.

The linear part are support vector machines (Cortes and Vapnik 1995) over the sentence's
embedding and its n-grams, and where sentences are few a softmax regression over the embedding,
which errs less there; the network stands in :mod:`intents.perceptron`.  scikit-learn and scipy
are needed only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import WIDTH, Encoder
from intents.features import Vocabulary
from intents.heads import Floats, Head, Linear, Seen
from intents.perceptron import Perceptron, train_perceptron
from intents.regression import regress
from intents.templates import UNKNOWN, Sentence

HELD_OUT = 0.2
FALLBACK_SHARES = (3.0, 0.5, 0.5)
"""What the parts count where there is too little to learn it from."""
FEW = 5000
"""With more sentences than this a regression adds nothing to the other parts."""
ALWAYS = -1
"""The group of sentences that are never held out."""
ALIKE = 0.75
"""Of examples that are nearer to each other than this cosine, one is kept."""
BLOCK = 256

Names = NDArray[np.str_]


@dataclass(frozen=True)
class _Parts:
    """What each way of learning came to."""

    classes: tuple[str, ...]
    machines: Linear
    network: Perceptron | None
    regression: Floats | None
    """A row for each number of the embedding, and the last one for the bias."""

    def said(self, seen: Seen) -> list[Floats]:
        """What each part says of each text."""
        head = self.pooled(np.array([1.0, 0.0, 0.0], np.float32))
        out = [head.margins(seen)]
        if self.network is not None and seen.deep is not None:
            out.append(self.network.logits(seen.deep))
        if self.regression is not None and seen.sentence is not None:
            out.append(seen.sentence @ self.regression[:WIDTH] + self.regression[WIDTH])
        return out

    def pooled(self, shares: Floats) -> Head:
        """The head in which each part counts its share."""
        weights, bias = shares[0] * self.machines.weights, shares[0] * self.machines.bias
        if self.regression is not None:
            weights[:WIDTH] += shares[2] * self.regression[:WIDTH]
            bias = bias + shares[2] * self.regression[WIDTH]
        linear = Linear(self.machines.vocabulary, weights, bias)
        rest = np.array([1.0, shares[1]], np.float32)
        return Head(self.classes, linear, self.network, rest, np.zeros((0, WIDTH), np.float32))


def train(sentences: Sequence[Sentence], encoder: Encoder | None) -> Head:
    """Fit a head to these sentences."""
    return fit(
        Seen.through(encoder, [sentence.text for sentence in sentences]),
        np.array([sentence.intent for sentence in sentences]),
        np.array([sentence.group for sentence in sentences]),
    )


def fit(seen: Seen, labels: Names, groups: NDArray[np.int64]) -> Head:
    """The same for texts that went through the encoder; sentences of one group are held out together.

    The sentences of the group ``ALWAYS`` are never held out.
    """
    held = _held_out(groups)
    shares = np.array(FALLBACK_SHARES, np.float32)
    if held.any() and len(set(labels[~held])) > 2:
        shares = _shares(_learn(seen.part(~held), labels[~held]), seen.part(held), labels[held])
    head = _learn(seen, labels).pooled(shares)
    inside = np.unique(groups, return_index=True)[1]
    inside = inside[(labels[inside] != UNKNOWN) & (groups[inside] != ALWAYS)]
    return replace(head, examples=thinned(seen.sentence[inside])) if seen.sentence is not None else head


def thinned(rows: Floats) -> Floats:
    """Enough of the embeddings that every other one is like one of them."""
    kept = rows[:0]
    for block in np.array_split(rows, len(rows) // BLOCK + 1):
        fresh = block[(block @ kept.T).max(1, initial=-1) < ALIKE]
        left, chosen = np.ones(len(fresh), bool), []
        for at in range(len(fresh)):
            if left[at]:
                chosen.append(at)
                left[at:] &= fresh[at:] @ fresh[at] < ALIKE
        kept = np.concatenate([kept, fresh[chosen]])
    return kept


def _held_out(groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """A fifth of the groups, the same ones every time."""
    numbers = np.unique(groups, return_inverse=True)[1]
    chosen = np.random.default_rng(0).random(int(numbers.max()) + 1) < HELD_OUT
    out: NDArray[np.bool_] = chosen[numbers] & (groups != ALWAYS)
    return out


def _learn(seen: Seen, labels: Names) -> _Parts:
    """Teach every part these sentences."""
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
    few = seen.sentence is not None and len(truth) <= FEW
    regression = regress(seen.sentence, truth, len(classes)) if few and seen.sentence is not None else None
    return _Parts(tuple(map(str, classes)), linear, network, regression)


def _machines(seen: Seen, vocabulary: Vocabulary, truth: NDArray[np.int64]) -> Any:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.svm import LinearSVC

    columns, values, starts = vocabulary.rows(seen.texts)
    size = len(seen.texts)
    sparse = csr_matrix((values, columns, starts), shape=(size, len(vocabulary.rarity)))
    dense = np.zeros((size, WIDTH), np.float32) if seen.sentence is None else seen.sentence
    matrix = hstack([csr_matrix(dense), sparse]).tocsr()
    return LinearSVC(C=1.0, tol=0.01, random_state=0).fit(matrix, truth)


def _shares(parts: _Parts, held: Seen, labels: Names) -> Floats:
    """What each part must count for the held-out sentences to be likeliest (a convex problem)."""
    from scipy.optimize import minimize

    place = {name: at for at, name in enumerate(parts.classes)}
    known = np.array([name in place for name in labels])
    held, truth = held.part(known), np.array([place[name] for name in labels[known]])
    stacked = np.stack(parts.said(held)).astype(np.float64)
    count = len(stacked)
    start = np.array(FALLBACK_SHARES[:count])
    found = minimize(
        _surprise, start, args=(stacked, truth), jac=True, method="L-BFGS-B", bounds=[(0.0, 30)] * count
    )
    return np.array([*found.x, 0.0, 0.0][:3], np.float32)


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
