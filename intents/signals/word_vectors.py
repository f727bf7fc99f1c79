"""A short vector for each word, from the encoder's own table of word pieces: no forward pass.

The table is centred and turned to its directions of most variance, without the first few, which tell
how common a word is and not what it means (Mu and Viswanath 2018).
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.model_files import model_folder

WIDTH = 64
DROPPED = 2
_TABLE = "embeddings.word_embeddings.weight"

Floats = NDArray[np.float32]


class WordVectors:
    """Words to vectors of length 1; all zeros where the encoder is not installed."""

    def __init__(self, table: NDArray[np.float16]) -> None:
        self.table = table
        self._tokenizer = _tokenizer() if len(table) else None
        self.of = lru_cache(maxsize=100_000)(self._of)

    def _of(self, low: str) -> Floats:
        """The mean of its pieces' vectors."""
        out = np.zeros(WIDTH, np.float32)
        if self._tokenizer is None:
            return out
        ids = self._tokenizer.encode(low[:40], add_special_tokens=False).ids
        if ids:
            out = self.table[ids].astype(np.float32).mean(0)
            length = float(np.linalg.norm(out))
            out = out / length if length else out
        return out


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    folder = model_folder()
    if folder is None:
        return None
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def make_table() -> NDArray[np.float16]:
    """The short table, one row a word piece; without rows where the encoder is not installed."""
    folder = model_folder()
    if folder is None or importlib.util.find_spec("safetensors") is None:
        return np.zeros((0, WIDTH), np.float16)
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "np") as weights:
        table = np.asarray(weights.get_tensor(_TABLE), np.float32)
    table = table - table.mean(0)
    _, turn = np.linalg.eigh(table.T @ table)
    kept = turn[:, ::-1][:, DROPPED : DROPPED + WIDTH]
    short = table @ kept
    return np.asarray(short / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-6), np.float16)
