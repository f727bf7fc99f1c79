"""Sentences to vectors: MiniLM, run by onnxruntime (8-bit) or by plain numpy, without torch.

The network is BERT (Devlin et al. 2019) with 6 layers, distilled as MiniLM (Wang et al. 2020);
a sentence is the mean of its word vectors, scaled to length 1 (Reimers and Gurevych 2019).
The same pass also gives the means of earlier layers and the last one's largest values: what a
word is stands in the first layers, what a sentence means in the last (Jawahar et al. 2019).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.model_files import cached, default_cache, file_key, model_folder

WIDTH = 384
LAYERS = 6
HEADS = 12
EPSILON = 1e-12
LONGEST = 128
GRAPH_VERSION = "2"
MEANS = (0, 2, 4, 5, 6)
"""The layers whose means are given; 0 is the input of the first."""
DEEP = (len(MEANS) + 1) * WIDTH

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Whole = NDArray[np.int64]
Forward = Callable[[Whole, Whole], tuple[Floats, Floats]]


class Encoder:
    """Turns sentences into vectors of length 1.  Safe to use from several threads."""

    def __init__(self, tokenizer: Any, forward: Forward, engine: str) -> None:
        self._tokenizer = tokenizer
        self._forward = forward
        self.engine = engine

    def encode(self, sentences: Sequence[str], batch: int = 32) -> Floats:
        """One row for each sentence; sentences of like length share a batch."""
        return self.encode_deep(sentences, batch)[0]

    def encode_deep(self, sentences: Sequence[str], batch: int = 32) -> tuple[Floats, Halves]:
        """The same, and beside it ``DEEP`` numbers of half precision from all layers of the same pass."""
        encoded = self._tokenizer.encode_batch(list(sentences))
        order = sorted(range(len(encoded)), key=lambda row: len(encoded[row].ids))
        out = np.zeros((len(encoded), WIDTH), np.float32)
        deep = np.zeros((len(encoded), DEEP), np.float16)
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            longest = max(len(encoded[row].ids) for row in rows)
            ids = np.zeros((len(rows), longest), np.int64)
            mask = np.zeros((len(rows), longest), np.int64)
            for place, row in enumerate(rows):
                length = len(encoded[row].ids)
                ids[place, :length] = encoded[row].ids
                mask[place, :length] = 1
            out[rows], deep[rows] = self._forward(ids, mask)
        return out, deep

    def word_pieces(self) -> frozenset[str]:
        """All whole words that the model knows: a fair sample of English."""
        pieces = self._tokenizer.get_vocab()
        return frozenset(piece for piece in pieces if piece.isalpha() and len(piece) > 2)


def load_encoder(cache_dir: Path | None = None, engine: str = "auto") -> Encoder | None:
    """The encoder, or None where the model is not installed.

    ``engine``: ``int8`` or ``fp32`` (onnxruntime), ``numpy``, or ``auto`` (int8 where possible).
    """
    folder = model_folder()
    if folder is None or importlib.util.find_spec("tokenizers") is None:
        return None
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    if engine == "auto":
        engine = "int8" if _onnx_possible() else "numpy"
    forward = _numpy_forward(folder) if engine == "numpy" else _onnx_forward(folder, cache_dir, engine)
    return Encoder(tokenizer, forward, engine)


def read_weights(folder: Path) -> dict[str, Floats]:
    """The network's arrays by name."""
    from safetensors.numpy import load_file

    weights: dict[str, Floats] = load_file(folder / "model.safetensors")
    return weights


def _onnx_possible() -> bool:
    return all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime"))


def _onnx_forward(folder: Path, cache_dir: Path | None, engine: str) -> Forward:
    import onnxruntime

    weights = folder / "model.safetensors"
    stamp = weights.stat()
    key = f"{stamp.st_size}-{_remembered_key(weights, cache_dir)}"
    path = (cache_dir or default_cache()) / f"encoder-{GRAPH_VERSION}-{engine}-{key}.onnx"
    cached(path, lambda target: _write_graph(folder, target, engine))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def forward(ids: Whole, mask: Whole) -> tuple[Floats, Floats]:
        rows, deep = session.run(["sentence", "deep"], {"ids": ids, "mask": mask})
        return rows, deep

    return forward


def _write_graph(folder: Path, target: Path, engine: str) -> None:
    from intents.encoder_graph import write_graph

    write_graph(read_weights(folder), target, engine)


def _remembered_key(weights: Path, cache_dir: Path | None) -> str:
    """The weights' content key; hashing 90 MB at every start would take longer than the rest."""
    stamp = weights.stat()
    note = (cache_dir or default_cache()) / f"weights-{stamp.st_size}-{stamp.st_mtime_ns}.key"
    cached(note, lambda target: _write_text(target, file_key(weights)))
    return note.read_text()


def _write_text(target: Path, text: str) -> None:
    target.write_text(text)


def _numpy_forward(folder: Path) -> Forward:
    weights = read_weights(folder)

    def forward(ids: Whole, mask: Whole) -> tuple[Floats, Floats]:
        return numpy_forward(weights, ids, mask)

    return forward


def numpy_forward(weights: dict[str, Floats], ids: Whole, mask: Whole) -> tuple[Floats, Floats]:
    """The whole network in numpy: the reference, and the way out where onnxruntime is missing."""
    words = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    return _pooled(numpy_layers(weights, words, mask), mask[:, :, None].astype(np.float32))


def numpy_layers(weights: dict[str, Floats], words: Floats, mask: Whole) -> list[Floats]:
    """The input of the first layer and the output of each, from vectors of words and places."""
    hidden = _norm(words, weights, "embeddings.LayerNorm")
    away: Floats = ((1 - mask)[:, None, None, :] * np.float32(-1e9)).astype(np.float32)
    all_layers = [hidden]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        attended = _attend(weights, name, hidden, away)
        hidden = _norm(
            hidden + _dense(weights, f"{name}.attention.output.dense", attended),
            weights,
            f"{name}.attention.output.LayerNorm",
        )
        inner = _gelu(_dense(weights, f"{name}.intermediate.dense", hidden))
        hidden = _norm(
            hidden + _dense(weights, f"{name}.output.dense", inner), weights, f"{name}.output.LayerNorm"
        )
        all_layers.append(hidden)
    return all_layers


def _pooled(layers: list[Floats], kept: Floats) -> tuple[Floats, Floats]:
    means = [(layers[at] * kept).sum(1) / np.maximum(kept.sum(1), 1e-9) for at in MEANS]
    largest = (layers[-1] + (1 - kept) * np.float32(-100)).max(1)
    last = means[-1]
    scaled: Floats = last / np.maximum(np.linalg.norm(last, axis=1, keepdims=True), 1e-12)
    return scaled, np.concatenate([*means, largest], axis=1)


def _dense(weights: dict[str, Floats], name: str, values: Floats) -> Floats:
    out: Floats = values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return out


def _norm(values: Floats, weights: dict[str, Floats], name: str) -> Floats:
    centred = values - values.mean(-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + EPSILON)
    out: Floats = centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return out


def _attend(weights: dict[str, Floats], name: str, hidden: Floats, away: Floats) -> Floats:
    rows, length, _ = hidden.shape

    def heads(part: str) -> Floats:
        flat = _dense(weights, f"{name}.attention.self.{part}", hidden)
        split: Floats = flat.reshape(rows, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
        return split

    scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.sqrt(np.float32(WIDTH // HEADS)) + away
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = (scores / scores.sum(-1, keepdims=True)) @ heads("value")
    out: Floats = mixed.transpose(0, 2, 1, 3).reshape(rows, length, WIDTH)
    return out


def _gelu(values: Floats) -> Floats:
    out: Floats = (values * np.float32(0.5) * (1 + _erf(values / np.sqrt(np.float32(2))))).astype(np.float32)
    return out


def _erf(values: Floats) -> Floats:
    """The error function to 1.5e-7 (Abramowitz and Stegun 1964, formula 7.1.26)."""
    size = np.abs(values)
    part = 1 / (1 + np.float32(0.3275911) * size)
    sums = part * (
        0.254829592
        + part
        * (-0.284496736 + part * (1.421413741 + part * (-1.453152027 + part * np.float32(1.061405429))))
    )
    out: Floats = np.sign(values) * (1 - sums * np.exp(-size * size))
    return out
