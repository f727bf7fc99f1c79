"""Teaches the encoder our texts and writes ``adapter.npz``: ``make train-signals``.  Needs torch.

One thread, fixed seeds; about a quarter of an hour on one core.  It learns from ``texts_train`` and
``texts_more`` only; the texts kept apart only tell how it stands.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from intents.encoder import Floats, load_encoder, read_weights
from intents.model_files import model_folder
from intents.signals.adapter import ADAPTER
from intents.signals.encoder import marked, signal_tokenizer
from intents.signals.train import APART, Shelves, Tools, own_texts
from intents.signals.training_network import Batch, Network, seeded
from intents.signals.training_samples import Forms, Sample, sample_of
from intents.signals.types import (
    COUNT,
    MENTION,
    PIECE_HIGH,
    PIECE_MEDIUM,
    PIECE_NEGATIVE,
    TEXT_HIGH,
    TEXT_MEDIUM,
    TOKEN_TYPES,
)  # fmt: skip
from tools.store.signal_facts import OTHER, TYPES

ROUNDS = 13
BATCH, BUCKET = 16, 8
STEP, ENDING_STEP, DECAY = 1.5e-3, 2e-3, 0.01
WARM, LEAST_STEP = 0.06, 0.02
SEED = 0
PIECES_SHARE = 0.25
POLARITY_SHARE, URGENCY_SHARE, ASIDE_SHARE = 0.3, 0.5, 0.5
LONGEST_SLOPE = 1.0

Truth = tuple[Tensor, Tensor, Tensor, Tensor]


def main(target: Path = ADAPTER) -> None:
    """Train, print how it stands now and then, and write the adapter."""
    torch.set_num_threads(1)
    folder = model_folder()
    if folder is None:
        sys.exit("the sentence encoder's weights are not installed")
    shelves = Shelves(Tools(load_encoder(), None))
    taught, apart = own_texts(), own_texts((APART,))
    samples = [sample_of(one, shelves.of(one["shop"]).index) for one in taught]
    judged = [sample_of(one, shelves.of(one["shop"]).index) for one in apart]
    aliases = shelves.aliases(sorted({one["shop"] for one in taught}))
    teacher = _Teacher(seeded(read_weights(folder), SEED), signal_tokenizer(folder))
    teacher.teach(samples, Forms(taught, aliases, SEED), judged)
    teacher.network.adapter().save(target)
    print(f"{target} written, {target.stat().st_size:,} bytes")  # noqa: T201


class _Teacher:
    def __init__(self, network: Network, tokenizer: Any) -> None:
        self.network = network
        self._tokenizer = tokenizer
        self._groups = [
            {"params": network.body(), "weight_decay": DECAY, "most": STEP},
            {"params": network.endings(), "weight_decay": DECAY, "most": ENDING_STEP},
        ]

    def teach(self, samples: Sequence[Sample], forms: Forms, judged: Sequence[Sample]) -> None:
        """All rounds; each sees every text in a new form."""
        descent = torch.optim.AdamW(self._groups, lr=STEP)
        steps, taken, began = ROUNDS * (len(samples) // BATCH), 0, time.process_time()
        for turn in range(1, ROUNDS + 1):
            self.network.train()
            loss, groups = 0.0, _alike(forms.of(samples), forms)
            for group in groups:
                size = min(1.0, taken / (WARM * steps + 1)) * max(LEAST_STEP, 1 - taken / steps)
                for part in descent.param_groups:
                    part["lr"] = part["most"] * size
                loss += self._step(descent, group)
                taken += 1
            spent = time.process_time() - began
            print(  # noqa: T201
                f"round {turn}: loss {loss / len(groups):.2f}, {spent:.0f} s, "
                f"types of the texts kept apart {self.judge(judged):.3f}", flush=True,
            )  # fmt: skip

    def _step(self, descent: torch.optim.Optimizer, group: Sequence[Sample]) -> float:
        batch, truth = self._numbers(group)
        text, token = self.network(batch)
        loss = _loss(text, token, truth)
        descent.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_([*self.network.body(), *self.network.endings()], LONGEST_SLOPE)
        descent.step()
        return float(loss.detach())

    def judge(self, samples: Sequence[Sample]) -> float:
        """Micro F1 of the types of whole texts, at an even chance."""
        self.network.eval()
        right = told = gold = 0
        with torch.no_grad():
            for start in range(0, len(samples), 2 * BATCH):
                batch, truth = self._numbers(samples[start : start + 2 * BATCH])
                said = self.network(batch)[0][:, :TOKEN_TYPES] > 0
                true = truth[0][:, :TOKEN_TYPES] > 0
                right += int((said & true).sum())
                told, gold = told + int(said.sum()), gold + int(true.sum())
        return 2 * right / max(told + gold, 1)

    def _numbers(self, samples: Sequence[Sample]) -> tuple[Batch, Truth]:
        encoded = self._tokenizer.encode_batch([sample.text for sample in samples])
        longest = max(len(one.ids) for one in encoded)
        ids, mask, known = (
            np.zeros((len(samples), longest), kind) for kind in (np.int64, np.float32, np.float32)
        )
        text, text_counts = (np.zeros((len(samples), 2 * COUNT + 2), np.float32) for _ in range(2))
        token, token_counts = (
            np.zeros((len(samples), longest, PIECE_HIGH + 1), np.float32) for _ in range(2)
        )
        for row, (sample, one) in enumerate(zip(samples, encoded, strict=True)):
            length = len(one.ids)
            spans = np.array(one.offsets, np.int64)
            ids[row, :length], mask[row, :length] = one.ids, 1
            known[row, :length] = marked(spans, sample.known)
            text[row], text_counts[row] = _of_text(sample)
            token[row, :length], token_counts[row, :length] = _of_pieces(sample, spans)
        batch = Batch(*(torch.from_numpy(array) for array in (ids, mask, known)))
        truth = tuple(torch.from_numpy(array) for array in (text, text_counts, token, token_counts))
        return batch, (truth[0], truth[1], truth[2], truth[3])


def _alike(samples: Sequence[Sample], forms: Forms) -> list[Sequence[Sample]]:
    """Batches of texts of like length, in a new order."""
    out: list[Sequence[Sample]] = []
    for start in range(0, len(samples), BATCH * BUCKET):
        some = sorted(samples[start : start + BATCH * BUCKET], key=lambda sample: len(sample.text))
        out.extend(some[at : at + BATCH] for at in range(0, len(some), BATCH))
    forms.shuffle(out)
    return out


def _of_text(sample: Sample) -> tuple[Floats, Floats]:
    """What is true of a whole text, and how much each answer counts."""
    truth, counts = (np.zeros(2 * COUNT + 2, np.float32) for _ in range(2))
    counts[:COUNT], counts[TEXT_MEDIUM:] = 1, URGENCY_SHARE
    for signal in sample.signals:
        at = TYPES.index(signal["type"])
        truth[at], counts[COUNT + at] = 1, POLARITY_SHARE
        truth[COUNT + at] = max(truth[COUNT + at], signal["polarity"] == "neg")
        truth[TEXT_MEDIUM] = max(truth[TEXT_MEDIUM], signal["urgency"] != "low")
        truth[TEXT_HIGH] = max(truth[TEXT_HIGH], signal["urgency"] == "high")
    return truth, counts


def _of_pieces(sample: Sample, spans: np.ndarray[Any, Any]) -> tuple[Floats, Floats]:
    """What is true of each piece, and how much each answer counts; the signs at the ends count nothing."""
    truth, counts = (np.zeros((len(spans), PIECE_HIGH + 1), np.float32) for _ in range(2))
    counts[1:-1, : MENTION + 1] = 1
    for spot in sample.spots:
        inside = (spans[:, 0] < spot.end) & (spans[:, 1] > spot.start) & (spans[:, 1] > spans[:, 0])
        truth[inside, MENTION] = 1
        counts[inside, MENTION + 1 :] = ASIDE_SHARE
        for signal in spot.signals:
            if signal["type"] != OTHER:
                truth[inside, TYPES.index(signal["type"])] = 1
            told = (signal["polarity"] == "neg", signal["urgency"] != "low", signal["urgency"] == "high")
            for at, yes in zip((PIECE_NEGATIVE, PIECE_MEDIUM, PIECE_HIGH), told, strict=True):
                truth[inside, at] = np.maximum(truth[inside, at], yes)
    return truth, counts


def _loss(text: Tensor, token: Tensor, truth: Truth) -> Tensor:
    """Cross-entropy of every answer, a text's and its pieces'."""
    of_text = functional.binary_cross_entropy_with_logits(text, truth[0], weight=truth[1], reduction="sum")
    of_pieces = functional.binary_cross_entropy_with_logits(token, truth[2], weight=truth[3], reduction="sum")
    return (of_text + PIECES_SHARE * of_pieces) / len(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ADAPTER)
