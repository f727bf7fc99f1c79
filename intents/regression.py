"""Softmax regression over sentences' embeddings, run until it stands still."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STRENGTH = 10.0
"""How freely it may fit: the inverse weight of the squares of what is learned."""
MOST_ROUNDS = 300

Floats = NDArray[np.float32]


def regress(rows: Floats, truth: NDArray[np.int64], classes: int, strength: float = STRENGTH) -> Floats:
    """A row of weights for each number of ``rows`` and a last one for the bias (Cox 1958).

    The rows are centred and scaled to a mean square of 1 while it learns; the answer fits them as
    they are.
    """
    from scipy.optimize import minimize

    centre = rows.mean(0)
    scale = np.float32(1 / np.sqrt(((rows - centre) ** 2).sum(1).mean()))
    values = (rows - centre) * scale
    size = values.shape[1]
    found = minimize(
        _loss,
        np.zeros((size + 1) * classes),
        args=(values, truth, classes, np.float32(strength)),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_ROUNDS, "gtol": 1e-6, "ftol": 1e-9},
    )
    learned = found.x.astype(np.float32).reshape(size + 1, classes)
    weights = scale * learned[:size]
    return np.vstack([weights, learned[size] - centre @ weights])


def _loss(
    flat: NDArray[np.float64],
    values: Floats,
    truth: NDArray[np.int64],
    classes: int,
    strength: np.float32,
) -> tuple[float, NDArray[np.float64]]:
    """Cross-entropy with a penalty on squares, for each sentence, and its slope."""
    count, size = values.shape
    learned = flat.astype(np.float32).reshape(size + 1, classes)
    logits = values @ learned[:size] + learned[size]
    logits -= logits.max(1, keepdims=True)
    of_truth = logits[np.arange(count), truth].sum(dtype=np.float64)
    shares = np.exp(logits)
    sums = shares.sum(1, keepdims=True)
    shares /= sums
    shares[np.arange(count), truth] -= 1
    slope = np.vstack([values.T @ shares + learned[:size] / strength, shares.sum(0)])
    penalty = float((learned[:size].astype(np.float64) ** 2).sum()) / (2 * float(strength))
    loss = float(np.log(sums).sum(dtype=np.float64) - of_truth) + penalty
    return loss / count, (slope / count).ravel().astype(np.float64)
