"""The classifier on any labelled sentences: how it does on public benchmarks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from intents.classify import Classifier, train
from intents.encoder import load_encoder
from intents.templates import UNKNOWN, Sentence

OUT_OF_SCOPE = "oos"


def train_and_evaluate(train_file: Path, evaluate_file: Path, cache_dir: Path) -> dict[str, Any]:
    """Train on one file of ``{"text", "intent"}`` lines and score on another (``"oos"``: out of scope).

    Returns accuracy over the in-scope lines, recall and precision of "out of scope", the area under
    its curve, the number of lines, and seconds.

    Raises:
        ValueError: a line is not of that form; the message names file and line.
    """
    started = time.perf_counter()
    encoder = load_encoder(cache_dir)
    examples = [Sentence(text, UNKNOWN if intent == OUT_OF_SCOPE else intent, number)
                for number, (text, intent) in enumerate(_lines(train_file))]  # fmt: skip
    classifier = Classifier(encoder, train(examples, encoder))
    trained = time.perf_counter()
    asked = _lines(evaluate_file)
    scores = classifier.many([text for text, _ in asked])
    figures = _figures([intent for _, intent in asked], scores)
    return {
        **figures,
        "train": len(examples),
        "evaluate": len(asked),
        "seconds_to_train": round(trained - started, 2),
        "milliseconds_each": round(1000 * (time.perf_counter() - trained) / max(1, len(asked)), 3),
    }


def _figures(gold: Sequence[str], scores: Sequence[dict[str, float]]) -> dict[str, Any]:
    said = [max(share, key=share.__getitem__) for share in scores]
    pairs = list(zip(said, gold, strict=True))
    inside = [pair for pair in pairs if pair[1] != OUT_OF_SCOPE]
    figures: dict[str, Any] = {"accuracy": _share(a == b for a, b in inside)}
    outside = [gold_one == OUT_OF_SCOPE for gold_one in gold]
    if any(outside):
        refused = [said_one == UNKNOWN for said_one in said]
        both = sum(a and b for a, b in zip(refused, outside, strict=True))
        figures["oos_recall"] = round(both / sum(outside), 4)
        figures["oos_precision"] = round(both / max(1, sum(refused)), 4)
        doubt = [share.get(UNKNOWN, 0.0) or 1 - max(share.values()) for share in scores]
        figures["oos_auroc"] = _area(doubt, outside)
    return figures


def _share(right: Iterable[bool]) -> float:
    marks = list(right)
    return round(sum(marks) / max(1, len(marks)), 4)


def _area(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The chance that a positive scores above a negative (Mann and Whitney 1947)."""
    order = np.argsort(np.argsort(np.asarray(scores))) + 1
    marks = np.asarray(positive)
    up, down = int(marks.sum()), int((~marks).sum())
    if not up or not down:
        return 0.0
    above = float(order[marks].sum()) - up * (up + 1) / 2
    return float(round(above / (up * down), 4))


def _lines(path: Path) -> list[tuple[str, str]]:
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            out.append((str(row["text"]).lower(), str(row["intent"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f'{path.name}, line {number}: expected {{"text", "intent"}}') from error
    return out
