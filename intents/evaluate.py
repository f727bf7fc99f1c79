"""The classifier on anybody's sentences: train on one file, score on another.

Out of scope is told by the margin over the best intent together with the nearest example
(both from a part of the training sentences that was held out to set the thresholds).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import Encoder, load_encoder
from intents.heads import Head, Seen, probabilities
from intents.templates import UNKNOWN, Sentence
from intents.training import ALWAYS, fit
from intents.words import clean, lows, words_of

OUT_OF_SCOPE = frozenset({"oos", "out_of_scope", UNKNOWN})
HELD_OUT = 0.15
NEAREST_WEIGHT = 6.0
KEPT = (0.95, 0.97)
_BINS = 15
_NAME_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|[_./:-]+")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """What a head says of some sentences: the best in-scope intent and how much it is in scope."""

    best: NDArray[np.str_]
    sure: Floats
    likely: Floats
    said_unknown: NDArray[np.bool_]


def train_and_evaluate(
    train_file: Path, evaluate_file: Path, cache_dir: Path | None = None
) -> dict[str, Any]:
    """Accuracy, out-of-scope figures and seconds, as plain numbers.

    Raises:
        ValueError: a line is no ``{"text", "intent"}``; the message names file and line.
    """
    began = time.perf_counter()
    learned, asked = _read(train_file), _read(evaluate_file)
    encoder = load_encoder(cache_dir)
    got = measure(
        encoder,
        Seen.through(encoder, [sentence.text for sentence in learned]),
        [sentence.intent for sentence in learned],
        Seen.through(encoder, [sentence.text for sentence in asked]),
        [sentence.intent for sentence in asked],
    )
    got["seconds"] = round(time.perf_counter() - began, 2)
    got["sentences"] = {"train": len(learned), "evaluate": len(asked)}
    return got


def measure(
    encoder: Encoder | None, learned: Seen, labels: Sequence[str], asked: Seen, truth: Sequence[str]
) -> dict[str, Any]:
    """Train on some sentences, ask others: accuracy, calibration and what is told to be out of scope."""
    lesson = Lesson.of(encoder, learned, labels)
    inside = np.array(truth) != UNKNOWN
    thresholds = {} if inside.all() else _thresholds(lesson)
    return figures(judge(lesson.learn(), asked), np.array(truth), thresholds)


@dataclass(frozen=True)
class Lesson:
    """What a head is taught: sentences, and beside them what each intent is called."""

    seen: Seen
    labels: NDArray[np.str_]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, encoder: Encoder | None, seen: Seen, labels: Sequence[str]) -> Lesson:
        """These sentences; an intent's name says what it means, which helps where sentences are few."""
        names = sorted(set(labels) - {UNKNOWN})
        called = [as_read(_NAME_JOINTS.sub(" ", name)) for name in names]
        return cls(
            seen.and_also(Seen.through(encoder, called)),
            np.array([*labels, *names]),
            np.concatenate([np.arange(len(labels)), np.full(len(names), ALWAYS)]),
        )

    def part(self, rows: NDArray[np.bool_]) -> Lesson:
        """Some of it."""
        return Lesson(self.seen.part(rows), self.labels[rows], self.groups[rows])

    def learn(self) -> Head:
        """The head that this teaches."""
        return fit(self.seen, self.labels, self.groups)


def _read(path: Path) -> list[Sentence]:
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, intent = str(row["text"]), str(row["intent"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f'{path}:{number}: no {{"text", "intent"}}: {error}') from error
        out.append(Sentence(as_read(text), UNKNOWN if intent in OUT_OF_SCOPE else intent, number))
    return out


def as_read(text: str) -> str:
    """A sentence as the classifier is given it: its words in lower case."""
    return lows(words_of(clean(text)))


def judge(head: Head, asked: Seen) -> Judged:
    """What a head says of these sentences."""
    logits = head.logits(asked).astype(np.float64)
    names = np.array(head.classes)
    inside = names != UNKNOWN
    top = logits[:, inside].max(1)
    rival = logits[:, ~inside].max(1) if UNKNOWN in head.classes else np.zeros(len(logits))
    near = np.zeros(len(logits)) if asked.sentence is None else _nearest(head.examples, asked.sentence)
    return Judged(
        names[inside][logits[:, inside].argmax(1)],
        probabilities(head.logits(asked)[:, inside]).max(1).astype(np.float64),
        top - rival + NEAREST_WEIGHT * near,
        (rival > top) & (UNKNOWN in head.classes),
    )


def _nearest(examples: NDArray[np.float32], embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosine of each embedding's nearest example."""
    rows = [(part @ examples.T).max(1) for part in np.array_split(embeddings, len(embeddings) // 256 + 1)]
    return np.concatenate(rows)


def _thresholds(lesson: Lesson) -> dict[float, float]:
    """How much in scope a sentence must be so that a share of good ones is kept."""
    chosen = np.random.default_rng(1).random(len(lesson.labels)) < HELD_OUT
    held = chosen & (lesson.groups != ALWAYS)
    tried = held & (lesson.labels != UNKNOWN)
    if tried.sum() < 20 or len(set(lesson.labels[~held])) < 3:
        return {}
    likely = judge(lesson.part(~held).learn(), lesson.seen.part(tried)).likely
    return {share: float(np.quantile(likely, 1 - share)) for share in KEPT}


def figures(judged: Judged, truth: NDArray[np.str_], thresholds: dict[float, float]) -> dict[str, Any]:
    """Accuracy and calibration in scope, and what is told to be out of scope at each threshold."""
    inside = truth != UNKNOWN
    right = judged.best == truth
    out: dict[str, Any] = {
        "accuracy": _share(right[inside]),
        "calibration_error": round(calibration_error(judged.sure[inside], right[inside]), 4),
    }
    if inside.all():
        return out
    out["out_of_scope"] = {
        "auroc": round(_auroc(judged.likely[inside], judged.likely[~inside]), 4),
        "argmax": {
            "accuracy": _share((right & ~judged.said_unknown)[inside]),
            "recall": _share(judged.said_unknown[~inside]),
        },
    }
    for share, least in thresholds.items():
        out["out_of_scope"][f"keep_{round(100 * share)}"] = {
            "accuracy": _share((right & (judged.likely >= least))[inside]),
            "recall": _share((judged.likely < least)[~inside]),
        }
    return out


def calibration_error(sure: Floats, right: NDArray[np.bool_]) -> float:
    """How far accuracy is from confidence, over 15 equal bins of confidence (Guo et al. 2017)."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float((right[bins == at] - sure[bins == at]).sum())) for at in range(_BINS)]
    return sum(gaps) / max(1, len(right))


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4) if len(hits) else 0.0


def _auroc(good: Floats, bad: Floats) -> float:
    """The chance that a good one scores above a bad one (Mann and Whitney 1947)."""
    order = np.sort(bad)
    below = np.searchsorted(order, good, "left") + np.searchsorted(order, good, "right")
    return float(below.mean() / (2 * len(bad)))
