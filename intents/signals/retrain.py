"""The heads learned once more with a shop's corrections, and the judge of it.

A state is only taken where it does no worse than the one in use: on corrections that it was not taught,
and on the texts that are kept apart for everybody.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from intents.model_files import cached, content_key, default_cache
from intents.signals.heads import Heads, load_heads
from intents.signals.linking import Shelf
from intents.signals.miner import Miner
from intents.signals.train import APART, Labelled, Shelves, found, learn_heads, own_texts

# With fewer corrections nothing could be judged.
LEAST_TEXTS, LEAST_HELD = 10, 3
# A corrected text is the shop's own voice and counts as much as so many of ours.
COPIES = 3
ALLOWED_LOSS = 0.005
_HELD_OF_TEN = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a training: ``key`` names the state; scores are before and after, 0 to 1."""

    accepted: bool
    reason: str
    key: str = ""
    texts: int = 0
    held_out: int = 0
    own: tuple[float, float] = (0.0, 0.0)
    general: tuple[float, float] = (0.0, 0.0)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "accepted": self.accepted, "reason": self.reason, "key": self.key, "texts": self.texts,
            "held_out": self.held_out, "own": list(self.own), "general": list(self.general),
        }  # fmt: skip


def retrain(miner: Miner, extra: Sequence[Labelled], shelf: Shelf, folder: Path | None = None) -> Verdict:
    """Learn with corrected texts; keep the state where it does no worse (a minute).

    ``extra``: objects as in our own files, ``{"text", "channel", "rating", "signals"}``, without a shop.
    ``shelf`` is the catalogue that they speak of.
    """
    held = [one for one in extra if held_out(one)]
    taught = [one for one in extra if not held_out(one)]
    key = content_key(miner.version, repr(sorted(repr(one) for one in extra)), str((COPIES, _HELD_OF_TEN)))
    verdict = Verdict(False, "", key, len(extra), len(held))
    if len(extra) < LEAST_TEXTS or len(held) < LEAST_HELD or not taught:
        few = f"{len(extra)} corrected texts are too few; it takes {LEAST_TEXTS} or some more"
        return replace(verdict, reason=few)
    fresh = learn_heads([*own_texts(), *(list(taught) * COPIES)], miner.tools, shelf)
    shelves = Shelves(miner.tools, shelf)
    own = _both(miner.heads, fresh, shelves, held)
    general = _both(miner.heads, fresh, shelves, own_texts((APART,)))
    verdict = replace(verdict, own=own, general=general)
    if own[1] < own[0]:
        return replace(verdict, reason="it does worse on your own corrected texts")
    if general[1] < general[0] - ALLOWED_LOSS:
        return replace(verdict, reason="it does worse on the general texts")
    cached(state_path(key, folder), partial(_save, fresh))
    return replace(verdict, accepted=True, reason="it does no worse, so it is in use")


def state_path(key: str, folder: Path | None = None) -> Path:
    """Where an accepted state lies."""
    return (folder or default_cache()) / f"signal-heads-shop-{key}.npz"


def with_state(miner: Miner, key: str, folder: Path | None = None) -> Miner:
    """The miner with an accepted state; as it was where this machine does not have it."""
    path = state_path(key, folder)
    return Miner(miner.tools, load_heads(path)) if path.exists() else miner


def held_out(one: Labelled) -> bool:
    """Whether a corrected text is for judging only: always the same ones, also when more come."""
    return zlib.crc32(one["text"].encode()) % 10 < _HELD_OF_TEN


def _save(heads: Heads, target: Path) -> None:
    heads.save(target)


def _both(old: Heads, new: Heads, shelves: Shelves, texts: Sequence[Labelled]) -> tuple[float, float]:
    return _score(old, shelves, texts), _score(new, shelves, texts)


def _score(heads: Heads, shelves: Shelves, texts: Sequence[Labelled]) -> float:
    return round(found(texts, shelves.read(texts, heads), heads), 4)
