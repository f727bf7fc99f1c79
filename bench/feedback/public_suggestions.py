"""Is this sentence a suggestion?  SemEval-2019 task 9: software forums (A) and hotel reviews (B)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.feedback.public_figures import Figure
from bench.feedback.public_models import (
    Floats,
    Recipe,
    Texts,
    Truth,
    crossed,
    f1,
    log_odds,
    near_copies,
    rows,
)
from intents.encoder import Encoder

TAUGHT = Recipe(folds=3)
HOTELS = Recipe(folds=10)
TENTH = 0.1
DRAWS = 20
PUBLISHED = "0.781 (BERTs), 0.749 (rules)"


def forums(folder: Path, encoder: Encoder) -> Iterator[Figure]:
    """A: learned from the training part, asked the trial part; the limit comes from folds of the first alone.

    Half of the trial part are suggestions.  Systems were ranked on another part, with a tenth: so the trial
    part is also thinned to a tenth, many times, with a limit for a tenth.
    """
    texts, truth = _read(folder / "suggestion_train_a.csv", encoder)
    others, gold = _read(folder / "suggestion_dev_a.csv", encoder)
    groups = near_copies([*texts.texts, *others.texts])
    known, asked = groups[: len(truth)], groups[len(truth) :]
    within = _yes(crossed([texts], truth, known, TAUGHT))
    told = _yes(log_odds([texts], [others], truth, TAUGHT))
    even = told >= limit(within, truth, float(truth.mean()))
    new = ~np.isin(asked, known)
    name = "suggestions A, forums"
    yield Figure(name, "trial part, half are suggestions", "F1", len(gold), f1(even, gold), None, PUBLISHED)
    where = "the same without near copies of the training part"
    yield Figure(name, where, "F1", int(new.sum()), f1(even[new], gold[new]), None, PUBLISHED)
    draws = _thinned(told >= limit(within, truth, TENTH), gold)
    where = f"trial part thinned to a tenth, mean of {DRAWS} draws (spread {np.std(draws):.3f})"
    yield Figure(name, where, "F1", len(gold), float(np.mean(draws)), 0.641, PUBLISHED)


def hotels(folder: Path, encoder: Encoder) -> Iterator[Figure]:
    """B: folds of its trial part; the published systems learned from A alone."""
    texts, truth = _read(folder / "suggestion_dev_b.csv", encoder)
    told = _yes(crossed([texts], truth, near_copies(texts.texts), HOTELS)) >= 0
    where = "folds of the trial part (the facts asked the test part)"
    yield Figure(
        "suggestions B, hotels", where, "F1", len(truth), f1(told, truth), 0.82, "0.858, from A alone"
    )


def limit(told: Floats, truth: Truth, share: float) -> float:
    """The limit with the best F1 if ``share`` of the texts were suggestions, counted by weights."""
    order = np.argsort(-told)
    right = np.cumsum(truth[order]) * share / truth.mean()
    wrong = np.cumsum(~truth[order]) * (1 - share) / (1 - truth.mean())
    every = truth.sum() * share / truth.mean()
    return float(told[order][np.argmax(2 * right / (right + wrong + every))])


def _thinned(told: Truth, gold: Truth) -> list[float]:
    others, yes = np.flatnonzero(~gold), np.flatnonzero(gold)
    count = round(len(others) * TENTH / (1 - TENTH))
    out = []
    for seed in range(DRAWS):
        kept = np.concatenate([others, np.random.default_rng(seed).choice(yes, count, replace=False)])
        out.append(f1(told[kept], gold[kept]))
    return out


def _yes(told: Floats) -> Floats:
    return np.asarray(told[:, 1] - told[:, 0], np.float64)


def _read(path: Path, encoder: Encoder) -> tuple[Texts, Truth]:
    found = rows(path)
    return Texts.of([row["text"] for row in found], encoder), np.array([row["label"] == "1" for row in found])
