"""The classifier trained once more with a shop's own confirmed messages, and the judge of it.

A state is only taken where it does no worse than the one in use: on messages of the shop that it
was not trained on, and on the templates that everybody's is trained on.
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from intents.classify import Classifier, Head, load_head, save_head, train
from intents.encoder import Encoder, load_encoder
from intents.model_files import cached, content_key, default_cache
from intents.templates import Sentence, sentences
from tools.kit import all_tools

# With fewer confirmed messages nothing could be judged.
LEAST_PAIRS, LEAST_HELD = 10, 3
# A confirmed message weighs as much as a template, which has so many variants.
COPIES = 4
# So much of the templates (one in five hundred) may be lost to the shop's own way of speaking.
ALLOWED_LOSS = 0.002
_HELD_OF_TEN = 3
_ASKED_AT_ONCE = 64

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a training: ``key`` names the state, accuracies are before and after, 0 to 1."""

    accepted: bool
    reason: str
    key: str = ""
    pairs: int = 0
    held_out: int = 0
    own: tuple[float, float] = (0.0, 0.0)
    templates: tuple[float, float] = (0.0, 0.0)

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "accepted": self.accepted, "reason": self.reason, "key": self.key, "pairs": self.pairs,
            "held_out": self.held_out, "own": list(self.own), "templates": list(self.templates),
        }  # fmt: skip


def missing_for_training() -> str:
    """What is not installed that training needs; "" where all is there."""
    return "" if importlib.util.find_spec("sklearn") else "scikit-learn"


def identity(head: Head) -> str:
    """A name that changes with anything that a head learned."""
    classes = "\n".join(head.classes)
    return content_key(classes, head.weights.tobytes(), head.bias.tobytes(), str(head.temperature))


def state_key(general: Head, pairs: Sequence[Pair]) -> str:
    """The name of the state that these confirmed messages lead to."""
    return content_key(identity(general), repr(sorted(pairs)), str((COPIES, _HELD_OF_TEN)))


def state_path(key: str, folder: Path | None = None) -> Path:
    """Where an accepted state lies."""
    return (folder or default_cache()) / f"shop-{key}.npz"


def load_state(key: str, folder: Path | None = None) -> Head | None:
    """An accepted state; None where this machine does not have it."""
    path = state_path(key, folder)
    return load_head(path) if path.exists() else None


def retrain(
    general: Head,
    in_use: Head,
    pairs: Sequence[Pair],
    folder: Path | None = None,
    examples: Sequence[Sentence] | None = None,
) -> Verdict:
    """Train with the shop's confirmed messages; keep the state where it does no worse (about a minute).

    ``examples`` are what the general head was trained on: all templates, unless told otherwise.
    """
    known = [pair for pair in pairs if pair[1] in general.classes]
    held = [pair for pair in known if held_out(pair)]
    taught = [pair for pair in known if not held_out(pair)]
    verdict = Verdict(False, "", state_key(general, known), len(known), len(held))
    if len(known) < LEAST_PAIRS or len(held) < LEAST_HELD or not taught:
        few = f"{len(known)} confirmed messages are too few; it takes {LEAST_PAIRS} or some more"
        return replace(verdict, reason=few)
    encoder = load_encoder(default_cache())
    others = list(examples or sentences(all_tools()))
    fresh = train([*others, *_own(taught, others)], encoder)
    own = _both(in_use, fresh, encoder, held)
    templates = _both(in_use, fresh, encoder, _one_of_each(others))
    verdict = replace(verdict, own=own, templates=templates)
    if own[1] < own[0]:
        return replace(verdict, reason="it does worse on your own confirmed messages")
    if templates[1] < templates[0] - ALLOWED_LOSS:
        return replace(verdict, reason="it does worse on the general messages")
    cached(state_path(verdict.key, folder), partial(save_head, fresh))
    return replace(verdict, accepted=True, reason="it does no worse, so it is in use")


def held_out(pair: Pair) -> bool:
    """Whether a message is for judging only: always the same ones, also when more come."""
    return zlib.crc32(pair[0].encode()) % 10 < _HELD_OF_TEN


def _own(pairs: Sequence[Pair], others: Sequence[Sentence]) -> list[Sentence]:
    first = max(sentence.group for sentence in others) + 1
    return [
        Sentence(text, intent, first + at) for at, (text, intent) in enumerate(pairs) for _ in range(COPIES)
    ]


def _one_of_each(examples: Sequence[Sentence]) -> list[Pair]:
    """One sentence of every template."""
    return list({sentence.group: (sentence.text, sentence.intent) for sentence in examples}.values())


def _both(old: Head, new: Head, encoder: Encoder | None, pairs: Sequence[Pair]) -> tuple[float, float]:
    return _accuracy(old, encoder, pairs), _accuracy(new, encoder, pairs)


def _accuracy(head: Head, encoder: Encoder | None, pairs: Sequence[Pair]) -> float:
    classifier, right = Classifier(encoder, head), 0
    for first in range(0, len(pairs), _ASKED_AT_ONCE):
        asked = pairs[first : first + _ASKED_AT_ONCE]
        scores = classifier.many([text for text, _ in asked])
        right += sum(next(iter(score)) == intent for score, (_, intent) in zip(scores, asked, strict=True))
    return round(right / len(pairs), 4)
