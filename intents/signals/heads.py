"""What is learned beside the encoder: linear models of words, and how what everybody says is pooled.

Learned at the first start from the texts that ship with the project, kept by the hash of all that it
depends on, and learned again with a shop's corrections (``train``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from intents.signals.linear import Linear
from intents.signals.types import Pool

NEGATIVE, MEDIUM, HIGH = "negative", "medium", "high"
QUESTIONS = (NEGATIVE, MEDIUM, HIGH)
"""What is asked of each signal."""
POOLS = ("types", "things", *QUESTIONS)


@dataclass(frozen=True)
class Heads:
    """``text``: the words' log-odds of each type; ``signal``: of what is asked of a signal.

    ``pools``: how these and the encoder count together.
    ``limits``: from which chance on a type, a thing of it and a high urgency count.
    """

    text: Linear
    signal: Linear
    pools: Mapping[str, Pool]
    limits: Mapping[str, float]

    def with_limits(self, limits: Mapping[str, float]) -> Heads:
        """The same with other limits."""
        return replace(self, limits=dict(limits))

    def save(self, target: Path) -> None:
        """Write them to a file."""
        arrays: dict[str, Any] = {**self.text.arrays("text_"), **self.signal.arrays("signal_")}
        for name, pool in self.pools.items():
            arrays[f"pool_{name}_weights"], arrays[f"pool_{name}_biases"] = pool.weights, pool.biases
        for name, limit in self.limits.items():
            arrays[f"limit_{name}"] = np.array(limit)
        with target.open("wb") as file:
            np.savez_compressed(file, **arrays)


def load_heads(path: Path) -> Heads:
    """The inverse of :meth:`Heads.save`."""
    with np.load(path, allow_pickle=False) as stored:
        pools = {
            name: Pool(stored[f"pool_{name}_weights"], stored[f"pool_{name}_biases"])
            for name in POOLS
            if f"pool_{name}_weights" in stored
        }
        limits = {
            name.removeprefix("limit_"): float(stored[name])
            for name in stored.files
            if name.startswith("limit_")
        }
        return Heads(
            Linear.from_arrays(stored, "text_"), Linear.from_arrays(stored, "signal_"), pools, limits
        )
