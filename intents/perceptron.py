"""A network with one hidden layer over the encoder's layers, trained in numpy.

Rectified units with dropout (Srivastava et al. 2014) on what goes in and on what is hidden,
softmax and cross-entropy, Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov
and Hutter 2019) and a step that falls as a cosine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.encoder import WIDTH

HIDDEN = 256
DIRECTIONS = 512
MEASURED = 4000
TURNS = 4
PIECE = 2048
ROUNDS = 30
LEAST_STEPS, MOST_STEPS = 600, 2000
BATCH = 128
STEP = 2e-3
DECAY = 1e-4
DROPPED_INPUT = 0.3
DROPPED_HIDDEN = 0.5
MOMENTUM, SQUARES = 0.9, 0.99

Floats = NDArray[np.float32]
Layers = NDArray[np.float16]


@dataclass(frozen=True)
class Perceptron:
    """What was learned: ``first`` has a row for each number of the encoder's layers."""

    centre: Floats
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats

    def logits(self, layers: Layers) -> Floats:
        """One number for each class and each row of ``layers``; larger is likelier."""
        hidden = np.maximum((_unit(layers) - self.centre) @ self.first + self.first_bias, 0)
        return np.asarray(hidden @ self.second + self.second_bias, np.float32)


def train_perceptron(layers: Layers, truth: NDArray[np.int64], classes: int) -> Perceptron:
    """Learn classes ``0 .. classes - 1`` from the layers of their sentences; always the same result."""
    pieces = np.array_split(layers, len(layers) // PIECE + 1)
    centre = sum(_unit(piece).sum(0) for piece in pieces) / np.float32(len(layers))
    some = np.random.default_rng(0).permutation(len(layers))[:MEASURED]
    spread = _main_directions(_unit(layers[np.sort(some)]) - centre)
    values = np.concatenate([(_unit(piece) - centre) @ spread for piece in pieces])
    learned = _descend(values, truth, classes)
    return Perceptron(centre, np.ascontiguousarray(spread @ learned[0]), *learned[1:])


def _unit(layers: Layers) -> Floats:
    """Every layer's part scaled to length 1."""
    parts = np.asarray(layers, np.float32).reshape(len(layers), -1, WIDTH)
    lengths = np.maximum(np.linalg.norm(parts, axis=2, keepdims=True), 1e-9)
    return np.asarray((parts / lengths).reshape(layers.shape), np.float32)


def _main_directions(centred: Floats) -> Floats:
    """A map to the directions of most variance (Pearson 1901); every layer weighs the same.

    They are found by repeated products with a random start (Halko, Martinsson and Tropp 2011).
    """
    parts = centred.reshape(len(centred), -1, WIDTH)
    scale = 1 / np.sqrt(np.maximum((parts**2).sum(2).mean(0), 1e-12))
    weights = np.repeat(scale, WIDTH).astype(np.float32) / np.float32(np.sqrt(parts.shape[1]))
    scaled = centred * weights
    products = scaled.T @ scaled
    width = min(DIRECTIONS, len(products))
    kept = np.random.default_rng(1).normal(size=(len(products), width)).astype(np.float32)
    for _ in range(TURNS):
        kept = np.linalg.qr(products @ kept)[0]
    _, turn = np.linalg.eigh(kept.T @ (products @ kept))
    return np.asarray(weights[:, None] * (kept @ turn) * np.float32(np.sqrt(width)), np.float32)


def _descend(values: Floats, truth: NDArray[np.int64], classes: int) -> list[Floats]:
    chance = np.random.default_rng(0)
    weights = [
        chance.normal(0, np.sqrt(2 / values.shape[1]), (values.shape[1], HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        np.zeros((HIDDEN, classes), np.float32),
        np.zeros(classes, np.float32),
    ]
    batch = min(BATCH, len(values))
    each = len(values) // batch
    rounds = -(-min(MOST_STEPS, max(LEAST_STEPS, ROUNDS * each)) // each)
    steps = rounds * each
    descent = _Adam(weights, steps)
    for _ in range(rounds):
        order = chance.permutation(len(values))
        for start in range(0, len(values) - batch + 1, batch):
            rows = order[start : start + batch]
            descent.move(_slopes(weights, values[rows], truth[rows], chance))
    return weights


def _slopes(
    weights: list[Floats], values: Floats, truth: NDArray[np.int64], chance: np.random.Generator
) -> list[Floats]:
    """How the mean loss of these rows changes with every weight."""
    first, first_bias, second, second_bias = weights
    seen = values * _kept(values.shape, DROPPED_INPUT, chance)
    before = seen @ first + first_bias
    open_units = _kept(before.shape, DROPPED_HIDDEN, chance) * (before > 0)
    hidden = before * open_units
    logits = hidden @ second + second_bias
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(truth)), truth] -= 1
    shares /= len(truth)
    back = (shares @ second.T) * open_units
    return [seen.T @ back, back.sum(0), hidden.T @ shares, shares.sum(0)]


def _kept(shape: tuple[int, ...], dropped: float, chance: np.random.Generator) -> Floats:
    kept = chance.random(shape, dtype=np.float32) >= dropped
    return np.asarray(kept / np.float32(1 - dropped), np.float32)


class _Adam:
    """Moves weights against their slopes, in place."""

    def __init__(self, weights: list[Floats], steps: int) -> None:
        self._weights = weights
        self._steps = steps
        self._means = [np.zeros_like(array) for array in weights]
        self._squares = [np.zeros_like(array) for array in weights]
        self._taken = 0

    def move(self, slopes: list[Floats]) -> None:
        self._taken += 1
        size = np.float32(STEP * 0.5 * (1 + np.cos(np.pi * self._taken / self._steps)))
        size_means = np.float32(1 - MOMENTUM**self._taken)
        size_squares = np.float32(1 - SQUARES**self._taken)
        for weight, slope, mean, square in zip(
            self._weights, slopes, self._means, self._squares, strict=True
        ):
            mean += np.float32(1 - MOMENTUM) * (slope - mean)
            square += np.float32(1 - SQUARES) * (slope * slope - square)
            change = mean / size_means / (np.sqrt(square / size_squares) + np.float32(1e-8))
            if weight.ndim == 2:
                change += np.float32(DECAY) * weight
            weight -= size * change
