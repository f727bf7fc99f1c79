"""A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) in numpy.

A row has a fixed number of named features (their numbers; 0 is none) and a dense vector.  Learning
maximises the likelihood of whole sequences with a penalty on squares, by L-BFGS; reading gives the best
sequence (Viterbi 1967) and each tag's chance (forward and backward sums, Rabiner 1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PENALTY = 0.6
MOST_ROUNDS = 90

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]


@dataclass(frozen=True)
class Rows:
    """The tokens of one text: ``named`` has one column for each kind of feature, ``dense`` a vector each."""

    named: Whole
    dense: Floats


@dataclass(frozen=True)
class Field:
    """What was learned: weights of named and dense features by tag, of a tag after another, of starts."""

    named: Floats
    dense: Floats
    moves: Floats
    starts: Floats

    def chances(self, rows: Rows) -> Floats:
        """Scores of each tag for each token, before its neighbours have a say."""
        scores: Floats = self.named[rows.named].sum(1) + rows.dense @ self.dense
        return scores

    def best(self, scores: Floats) -> list[int]:
        """The likeliest tags of one text."""
        if not len(scores):
            return []
        best = self.starts + scores[0]
        came: list[list[int]] = []
        for row in scores[1:]:
            ways = best[:, None] + self.moves
            came.append(ways.argmax(0).tolist())
            best = ways.max(0) + row
        tags = [int(best.argmax())]
        for origin in reversed(came):
            tags.append(origin[tags[-1]])
        return tags[::-1]

    def shares(self, scores: Floats) -> Floats:
        """How likely each tag of each token of one text is, 0 to 1."""
        ahead, behind = _sums(scores[None], self.moves, self.starts, np.array([len(scores)]))
        total = ahead[0] + behind[0]
        shares: Floats = np.exp(total - _log_sum(total, 1)[:, None]).astype(np.float32)
        return shares


def learn(texts: Sequence[Rows], tags: Sequence[Sequence[int]], size: int, kinds: int) -> Field:
    """Learn from texts and the tag (0 to ``kinds`` - 1) of each token; ``size`` named features exist."""
    from scipy.optimize import minimize

    problem = _Problem(texts, tags, size, kinds)
    found = minimize(
        problem.loss, np.zeros(problem.count), jac=True, method="L-BFGS-B",
        options={"maxiter": MOST_ROUNDS, "ftol": 1e-7, "maxcor": 8},
    )  # fmt: skip
    return problem.field(found.x)


class _Problem:
    """The likelihood of all texts and its slope."""

    def __init__(self, texts: Sequence[Rows], tags: Sequence[Sequence[int]], size: int, kinds: int) -> None:
        from scipy.sparse import csr_matrix

        order = sorted(range(len(texts)), key=lambda at: -len(tags[at]))
        texts, tags = [texts[at] for at in order], [tags[at] for at in order]
        self.kinds, self.size = kinds, size
        self.lengths = np.array([len(said) for said in tags])
        named = np.concatenate([rows.named for rows in texts])
        self.dense = np.concatenate([rows.dense for rows in texts]).astype(np.float64)
        wide = named.shape[1]
        pointers = np.arange(0, named.size + 1, wide)
        ones = (named.ravel() > 0).astype(np.float64)
        self.named = csr_matrix((ones, named.ravel(), pointers), shape=(len(named), size))
        self.across = self.named.T.tocsr()
        self.truth = np.concatenate([np.asarray(said) for said in tags])
        longest = int(self.lengths[0])
        self.places = np.concatenate(
            [row * longest + np.arange(length) for row, length in enumerate(self.lengths)]
        )
        self.shape = (len(texts), longest, kinds)
        self.count = (size + self.dense.shape[1] + kinds + 1) * kinds
        self._observe(tags)

    def _observe(self, tags: Sequence[Sequence[int]]) -> None:
        one = np.zeros((len(self.truth), self.kinds))
        one[np.arange(len(self.truth)), self.truth] = 1
        self.seen = one
        self.seen_moves = np.zeros((self.kinds, self.kinds))
        self.seen_starts = np.zeros(self.kinds)
        for said in tags:
            self.seen_starts[said[0]] += 1
            for first, second in pairwise(said):
                self.seen_moves[first, second] += 1

    def _parts(self, flat: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        rows = flat.reshape(-1, self.kinds)
        dense_end = self.size + self.dense.shape[1]
        return [rows[: self.size], rows[self.size : dense_end], rows[dense_end:-1], rows[-1]]

    def field(self, flat: NDArray[np.float64]) -> Field:
        named, dense, moves, starts = (part.astype(np.float32) for part in self._parts(flat))
        return Field(named, dense, moves, starts)

    def loss(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        named, dense, moves, starts = self._parts(flat)
        scores = np.zeros((self.shape[0] * self.shape[1], self.kinds))
        scores[self.places] = self.named @ named + self.dense @ dense
        padded = scores.reshape(self.shape)
        ahead, behind = _sums(padded, moves, starts, self.lengths)
        totals = _log_sum(ahead[:, 0] + behind[:, 0], 1)
        expected, turned = self._expected(padded, moves, (ahead, behind), totals)
        value = totals.sum() - (self.seen * scores[self.places]).sum()
        value -= (self.seen_moves * moves).sum() + (self.seen_starts * starts).sum()
        first = np.exp(ahead[:, 0] + behind[:, 0] - totals[:, None]).sum(0)
        gap = expected - self.seen
        slope = np.vstack(
            [self.across @ gap, self.dense.T @ gap, turned - self.seen_moves, first - self.seen_starts]
        )
        return float(value + PENALTY / 2 * (flat @ flat)), slope.ravel() + PENALTY * flat

    def _expected(
        self,
        padded: NDArray[np.float64],
        moves: NDArray[np.float64],
        sums: tuple[NDArray[np.float64], NDArray[np.float64]],
        totals: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ahead, behind = sums
        shares = np.exp(ahead + behind - totals[:, None, None]).reshape(-1, self.kinds)[self.places]
        turned = np.zeros_like(moves)
        for at in range(1, self.shape[1]):
            live = int((self.lengths > at).sum())
            both = ahead[:live, at - 1, :, None] + moves + (padded[:live, at] + behind[:live, at])[:, None, :]
            turned += np.exp(both - totals[:live, None, None]).sum(0)
        return shares, turned


def _sums(
    scores: NDArray[np.floating], moves: NDArray[np.floating], starts: NDArray[np.floating],
    lengths: NDArray[np.integer],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Log sums of all ways to and from each tag; texts are sorted by falling length."""
    ahead = np.zeros(scores.shape)
    behind = np.zeros(scores.shape)
    if not scores.shape[1]:
        return ahead, behind
    ahead[:, 0] = starts + scores[:, 0]
    for at in range(1, scores.shape[1]):
        live = int((lengths > at).sum())
        ahead[:live, at] = _log_sum(ahead[:live, at - 1, :, None] + moves, 1) + scores[:live, at]
    for at in range(scores.shape[1] - 2, -1, -1):
        live = int((lengths > at + 1).sum())
        later = scores[:live, at + 1] + behind[:live, at + 1]
        behind[:live, at] = _log_sum(moves + later[:, None, :], 2)
    return ahead, behind


def _log_sum(values: NDArray[np.floating], axis: int) -> NDArray[np.float64]:
    return np.asarray(np.logaddexp.reduce(values, axis), np.float64)
