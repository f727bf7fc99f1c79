"""Texts through the adapted encoder: what the whole text says, and what each of its words does."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import Floats, Whole, numpy_layers, read_weights
from intents.model_files import cached, content_key, default_cache, file_key, model_folder
from intents.signals.adapter import ADAPTER, KNOWN, load_adapter

LONGEST = 256
"""So many pieces of words are read at once."""
GRAPH_VERSION = "1"

Span = tuple[int, int]
Known = tuple[int, int, float]
Forward = Callable[[Whole, Whole, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Outcome:
    """One text: ``text`` has a number for each ending of a text, ``pieces`` a row for each piece.

    ``spans`` says where in the text each piece stands.
    """

    text: Floats
    pieces: Floats
    spans: NDArray[np.int64]


class SignalEncoder:
    """Reads texts with what was learned from ours.  Safe to use from several threads."""

    def __init__(self, tokenizer: Any, forward: Forward, engine: str) -> None:
        self._tokenizer = tokenizer
        self._forward = forward
        self.engine = engine

    def read(self, texts: Sequence[str], known: Sequence[Sequence[Known]], batch: int = 16) -> list[Outcome]:
        """Each text, with the spans of it that are words of the catalogue and how much they are that."""
        encoded = self._tokenizer.encode_batch(list(texts))
        spans = [np.array(one.offsets, np.int64).reshape(-1, 2) for one in encoded]
        out: list[Outcome | None] = [None] * len(encoded)
        order = sorted(range(len(encoded)), key=lambda row: len(encoded[row].ids))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            longest = max(len(encoded[row].ids) for row in rows)
            ids, mask = np.zeros((len(rows), longest), np.int64), np.zeros((len(rows), longest), np.int64)
            marks = np.zeros((len(rows), longest), np.float32)
            for place, row in enumerate(rows):
                length = len(encoded[row].ids)
                ids[place, :length], mask[place, :length] = encoded[row].ids, 1
                marks[place, :length] = marked(spans[row], known[row])
            said, pieces = self._forward(ids, mask, marks)
            for place, row in enumerate(rows):
                inner = slice(1, len(encoded[row].ids) - 1)  # without the signs of beginning and end
                out[row] = Outcome(said[place], pieces[place, inner], spans[row][inner])
        return [one for one in out if one is not None]


def marked(spans: NDArray[np.int64], known: Sequence[Known]) -> Floats:
    """How much each piece is a word of the catalogue."""
    out = np.zeros(len(spans), np.float32)
    for first, last, much in known:
        inside = (spans[:, 0] < last) & (spans[:, 1] > first) & (spans[:, 1] > spans[:, 0])
        out[inside] = np.maximum(out[inside], much)
    return out


def signal_tokenizer(folder: Path) -> Any:
    """The encoder's own tokenizer, with room for longer texts."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def load_signal_encoder(
    cache_dir: Path | None = None, engine: str = "auto", adapter: Path = ADAPTER
) -> SignalEncoder | None:
    """The adapted encoder; None where the model or what was learned is not installed.

    ``engine``: ``int8`` or ``fp32`` (onnxruntime), ``numpy``, or ``auto`` (int8 where possible).
    """
    folder = model_folder()
    if folder is None or not adapter.exists() or importlib.util.find_spec("tokenizers") is None:
        return None
    if engine == "auto":
        possible = all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime"))
        engine = "int8" if possible else "numpy"
    if engine == "numpy":
        forward = _numpy_forward(load_adapter(adapter).merged(read_weights(folder)))
    else:
        forward = _onnx_forward(folder, adapter, cache_dir or default_cache(), engine)
    return SignalEncoder(signal_tokenizer(folder), forward, engine)


def _onnx_forward(folder: Path, adapter: Path, cache_dir: Path, engine: str) -> Forward:
    import onnxruntime

    size = (folder / "model.safetensors").stat().st_size
    key = content_key(str(size), file_key(adapter))
    path = cache_dir / f"signals-{GRAPH_VERSION}-{engine}-{key}.onnx"
    cached(path, lambda target: _write(folder, adapter, target, engine))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def forward(ids: Whole, mask: Whole, known: Floats) -> tuple[Floats, Floats]:
        text, token = session.run(["text", "token"], {"ids": ids, "mask": mask, "known": known})
        return text, token

    return forward


def _write(folder: Path, adapter: Path, target: Path, engine: str) -> None:
    from intents.signals.encoder_graph import write_signal_graph

    write_signal_graph(load_adapter(adapter).merged(read_weights(folder)), target, engine)


def _numpy_forward(weights: dict[str, Floats]) -> Forward:
    def forward(ids: Whole, mask: Whole, known: Floats) -> tuple[Floats, Floats]:
        words = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + weights["embeddings.token_type_embeddings.weight"][0]
            + known[:, :, None] * weights[KNOWN]
        )
        last = numpy_layers(weights, words, mask)[-1]
        kept = mask[:, :, None].astype(np.float32)
        mean = (last * kept).sum(1) / kept.sum(1)
        pooled = np.concatenate([mean, (last + (1 - kept) * np.float32(-100)).max(1)], axis=1)
        text: Floats = pooled @ weights["text.weight"].T + weights["text.bias"]
        token: Floats = last @ weights["token.weight"].T + weights["token.bias"]
        return text, token

    return forward
