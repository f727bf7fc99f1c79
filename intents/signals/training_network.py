"""The encoder in torch with thin products beside its matrices (LoRA, Hu et al. 2021): only for training."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from intents.encoder import EPSILON, HEADS, LAYERS, WIDTH, Floats
from intents.signals.adapter import CHANGE, DOWN, KNOWN, UP, Adapter
from intents.signals.types import COUNT, PIECE_HIGH

RANK = 16
DROPPED = 0.1
START_SIZE = 0.02
FAR = -100.0
_DENSE = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


@dataclass(frozen=True)
class Batch:
    """Texts as numbers: pieces, which of them are there, how much each is a word of the catalogue."""

    ids: Tensor
    mask: Tensor
    known: Tensor


class Dense(nn.Module):
    """A matrix that stays, and a thin product that learns."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.bias = nn.Parameter(bias, requires_grad=False)
        self.down = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.up = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, values: Tensor) -> Tensor:
        """The product and its change."""
        change = functional.linear(functional.linear(values, self.down), self.up)
        return functional.linear(values, self.weight, self.bias) + change


class Network(nn.Module):
    """The encoder with an ending for texts and one for pieces."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        super().__init__()
        self._base = weights
        tensors = {name: torch.from_numpy(np.array(array)) for name, array in weights.items()}
        self._words = tensors["embeddings.word_embeddings.weight"]
        kind = tensors["embeddings.token_type_embeddings.weight"][0]
        self._places = tensors["embeddings.position_embeddings.weight"] + kind
        names = [f"encoder.layer.{layer}.{part}" for layer in range(LAYERS) for part in _DENSE]
        self.dense = nn.ModuleDict(
            {_key(name): Dense(tensors[f"{name}.weight"], tensors[f"{name}.bias"]) for name in names}
        )
        norms = ["embeddings.LayerNorm"]
        norms += [f"encoder.layer.{layer}.{part}" for layer in range(LAYERS) for part in _NORMS]
        self._norms = norms
        self.norms = nn.ParameterDict(
            {
                _key(f"{name}.{part}"): nn.Parameter(tensors[f"{name}.{part}"].clone())
                for name in norms
                for part in ("weight", "bias")
            }
        )
        self.known = nn.Parameter(torch.zeros(WIDTH))
        self.drop = nn.Dropout(DROPPED)
        self.text = nn.Linear(2 * WIDTH, 2 * COUNT + 2)
        self.token = nn.Linear(WIDTH, PIECE_HIGH + 1)
        for ending in (self.text, self.token):
            nn.init.normal_(ending.weight, 0, START_SIZE)
            nn.init.zeros_(ending.bias)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What each text and each piece says."""
        hidden = self._hidden(batch)
        kept = batch.mask[..., None]
        mean = (hidden * kept).sum(1) / kept.sum(1)
        largest = (hidden + (1 - kept) * FAR).amax(1)
        text: Tensor = self.text(self.drop(torch.cat([mean, largest], 1)))
        token: Tensor = self.token(self.drop(hidden))
        return text, token

    def endings(self) -> list[nn.Parameter]:
        """What is learned at the end."""
        return [*self.text.parameters(), *self.token.parameters()]

    def body(self) -> list[nn.Parameter]:
        """What is learned inside."""
        ends = {id(parameter) for parameter in self.endings()}
        return [one for one in self.parameters() if one.requires_grad and id(one) not in ends]

    def adapter(self) -> Adapter:
        """What was learned, to be stored."""
        arrays: dict[str, Floats] = {KNOWN: _array(self.known)}
        for layer in range(LAYERS):
            for part in _DENSE:
                name = f"encoder.layer.{layer}.{part}"
                dense = self.dense.get_submodule(_key(name))
                arrays[f"{name}.weight{DOWN}"] = _array(dense.get_parameter("down"))
                arrays[f"{name}.weight{UP}"] = _array(dense.get_parameter("up"))
        for name in self._norms:
            for part in ("weight", "bias"):
                change = _array(self.norms[_key(f"{name}.{part}")]) - self._base[f"{name}.{part}"]
                arrays[f"{name}.{part}{CHANGE}"] = change
        for ending, linear in (("text", self.text), ("token", self.token)):
            arrays[f"{ending}.weight"], arrays[f"{ending}.bias"] = _array(linear.weight), _array(linear.bias)
        return Adapter(arrays)

    def _hidden(self, batch: Batch) -> Tensor:
        values = self._words[batch.ids] + self._places[: batch.ids.shape[1]]
        values = values + batch.known[..., None] * self.known
        values = self.drop(self._norm("embeddings.LayerNorm", values))
        there = batch.mask[:, None, None, :] > 0
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            attended = self._attend(name, values, there)
            values = self._norm(f"{name}.{_NORMS[0]}", values + self.drop(attended))
            inner = functional.gelu(self._dense(f"{name}.intermediate.dense", values))
            outer = self._dense(f"{name}.output.dense", inner)
            values = self._norm(f"{name}.{_NORMS[1]}", values + self.drop(outer))
        return values

    def _attend(self, name: str, values: Tensor, there: Tensor) -> Tensor:
        rows, length, _ = values.shape
        query, key, value = (
            self._dense(f"{name}.attention.self.{part}", values)
            .view(rows, length, HEADS, WIDTH // HEADS)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        dropped = DROPPED if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=there, dropout_p=dropped)
        return self._dense(f"{name}.attention.output.dense", mixed.transpose(1, 2).reshape(values.shape))

    def _dense(self, name: str, values: Tensor) -> Tensor:
        out: Tensor = self.dense[_key(name)](values)
        return out

    def _norm(self, name: str, values: Tensor) -> Tensor:
        weight, bias = (self.norms[_key(f"{name}.{part}")] for part in ("weight", "bias"))
        return functional.layer_norm(values, (WIDTH,), weight, bias, EPSILON)


def seeded(weights: dict[str, Floats], seed: int) -> Network:
    """A network that begins the same way for the same seed."""
    torch.manual_seed(seed)
    return Network(weights)


def _key(name: str) -> str:
    return name.replace(".", "_")


def _array(value: Tensor) -> Floats:
    return np.asarray(value.detach().numpy(), np.float32)
