"""What the classifier learned, as arrays: a linear part, a network, and how much each of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import WIDTH, Encoder, Halves
from intents.features import Vocabulary
from intents.perceptron import Perceptron

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Seen:
    """Texts as the encoder sees them; ``None`` where there is no encoder."""

    texts: Sequence[str]
    sentence: Floats | None
    deep: Halves | None

    @classmethod
    def through(cls, encoder: Encoder | None, texts: Sequence[str]) -> Seen:
        """These texts in one pass of the encoder."""
        return cls(texts, *(encoder.encode_deep(texts) if encoder else (None, None)))

    def and_also(self, more: Seen) -> Seen:
        """These texts and others."""
        return Seen(
            [*self.texts, *more.texts],
            None
            if self.sentence is None or more.sentence is None
            else np.concatenate([self.sentence, more.sentence]),
            None if self.deep is None or more.deep is None else np.concatenate([self.deep, more.deep]),
        )

    def part(self, rows: NDArray[Any]) -> Seen:
        """Some of the texts, by number or by a mask."""
        numbers = np.arange(len(self.texts))[rows]
        return Seen(
            [self.texts[at] for at in numbers],
            None if self.sentence is None else self.sentence[numbers],
            None if self.deep is None else self.deep[numbers],
        )


@dataclass(frozen=True)
class Linear:
    """One vector for each class; ``weights`` has a row for each feature, the embedding's first.

    All that was learned of the embedding and of the n-grams without a hidden layer is one sum.
    """

    vocabulary: Vocabulary
    weights: Floats
    bias: Floats

    def margins(self, text: str, embedding: Floats | None) -> Floats:
        """One number for each class; larger is likelier."""
        columns, values = self.vocabulary.weights(text)
        out = self.bias + values @ self.weights[WIDTH + columns]
        if embedding is not None:
            out = out + embedding @ self.weights[:WIDTH]
        return np.asarray(out, np.float32)


@dataclass(frozen=True)
class Head:
    """A linear part and, where there is an encoder, a network; ``shares`` is what each one counts.

    Their weighted sum is the logarithm of a probability but for a constant: a logarithmic pool
    (Genest and Zidek 1986), calibrated on sentences that neither of them was taught.
    """

    classes: tuple[str, ...]
    linear: Linear
    network: Perceptron | None
    shares: Floats
    examples: Floats
    """Embeddings of in-scope sentences, none of which is much like another."""

    def logits(self, seen: Seen) -> Floats:
        """One row for each text and one number for each class; larger is likelier."""
        out = self.shares[0] * self.margins(seen)
        if self.network is not None and seen.deep is not None:
            out = out + self.shares[1] * self.network.logits(seen.deep)
        return np.asarray(out, np.float32)

    def margins(self, seen: Seen) -> Floats:
        """What the linear part says of each text."""
        rows: Any = [None] * len(seen.texts) if seen.sentence is None else seen.sentence
        said = [self.linear.margins(text, row) for text, row in zip(seen.texts, rows, strict=True)]
        return np.stack(said) if said else np.zeros((0, len(self.classes)), np.float32)


def probabilities(logits: Floats) -> Floats:
    """Every row as shares of one."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)


def save_head(head: Head, target: Path) -> None:
    """Write a head to a file."""
    column = head.linear.vocabulary.column
    network = {
        f"network_{field.name}": getattr(head.network, field.name).astype(np.float16)
        for field in (fields(head.network) if head.network else ())
    }
    with target.open("wb") as file:
        np.savez(
            file,
            classes=np.frombuffer("\n".join(head.classes).encode(), np.uint8),
            grams=np.frombuffer("\n".join(sorted(column, key=column.__getitem__)).encode(), np.uint8),
            rarity=head.linear.vocabulary.rarity,
            weights=head.linear.weights.astype(np.float16),
            bias=head.linear.bias,
            shares=head.shares,
            examples=head.examples.astype(np.float16),
            **network,
        )


def load_head(path: Path) -> Head:
    """The inverse of :func:`save_head`."""
    with np.load(path, allow_pickle=False) as stored:
        grams = stored["grams"].tobytes().decode().split("\n")
        vocabulary = Vocabulary({gram: at for at, gram in enumerate(grams)}, stored["rarity"])
        return Head(
            classes=tuple(stored["classes"].tobytes().decode().split("\n")),
            linear=Linear(vocabulary, stored["weights"].astype(np.float32), stored["bias"]),
            network=_network(stored),
            shares=stored["shares"],
            examples=stored["examples"].astype(np.float32),
        )


def _network(stored: Any) -> Perceptron | None:
    if "network_first" not in stored:
        return None
    return Perceptron(*(stored[f"network_{field.name}"].astype(np.float32) for field in fields(Perceptron)))
