"""What the encoder learned from our own texts: small changes to its weights, and the endings that read them.

Every matrix of the network is changed by a product of two thin ones (LoRA, Hu et al. 2021), so the
file is small; it is merged into the weights once, when the graph is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ADAPTER = Path(__file__).with_name("adapter.npz")
KNOWN = "known.vector"
"""The vector that is added to the words of the catalogue."""
ENDINGS = ("text.weight", "text.bias", "token.weight", "token.bias")
DOWN, UP, CHANGE = ".down", ".up", ".change"


@dataclass(frozen=True)
class Adapter:
    """Arrays by name: thin products (``.down``, ``.up``), whole changes (``.change``), endings."""

    arrays: dict[str, Floats]

    def merged(self, weights: dict[str, Floats]) -> dict[str, Floats]:
        """The network's weights with these changes, the endings beside them."""
        out = dict(weights)
        for name, array in self.arrays.items():
            if name.endswith(DOWN):
                whole = name.removesuffix(DOWN)
                out[whole] = weights[whole] + self.arrays[whole + UP] @ array
            elif name.endswith(CHANGE):
                whole = name.removesuffix(CHANGE)
                out[whole] = weights[whole] + array
            elif not name.endswith(UP):
                out[name] = array
        return out

    def save(self, target: Path) -> None:
        """Write it in half precision."""
        with target.open("wb") as file:
            halves: dict[str, Any] = {name: array.astype(np.float16) for name, array in self.arrays.items()}
            np.savez_compressed(file, **halves)


def load_adapter(path: Path = ADAPTER) -> Adapter:
    """The inverse of :meth:`Adapter.save`."""
    with np.load(path, allow_pickle=False) as stored:
        return Adapter({name: stored[name].astype(np.float32) for name in stored.files})
