"""Good or bad, of what, and what an app's users ask: sentences, stars, aspects, laptops, apps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.feedback.public_figures import Figure
from bench.feedback.public_models import (
    Floats,
    Recipe,
    Row,
    Texts,
    crossed,
    f1,
    macro_f1,
    near_copies,
    rows,
)
from intents.encoder import Encoder
from intents.signals.clauses import clauses

PLAIN, EVEN = Recipe(), Recipe(even=True)
TEN = Recipe(folds=10)
THREE = Recipe(folds=3)
NEIGHBOURS = 6
"""So many words on each side of an aspect are looked at on their own."""
BAD, GOOD = 2, 4
ATTRIBUTE_LIMIT = -0.8
"""From which log-odds on an attribute counts; the likeliest always does."""
SENTENCES = {"amazon_cells": 0.905, "imdb": 0.895, "yelp": 0.898}
ASPECTS = {
    "restaurants": (0.760, 0.639, "0.81 (2014), 0.87 (LCF-BERT), ca."),
    "laptops": (0.726, 0.670, "0.70 (2014), 0.82 (LCF-BERT), ca."),
}
UNKNOWN = "none that is comparable"


def sentiment(folder: Path, encoder: Encoder) -> Iterator[Figure]:
    """The three sources of labelled sentences (Kotzias et al. 2015), by folds within each."""
    every = rows(folder / "sentiment_sentences.csv")
    right = []
    for source, before in SENTENCES.items():
        found = [row for row in every if row["source"] == source]
        texts, truth = _read(found, encoder), np.array([row["label"] for row in found])
        told = _told(crossed([texts], truth, near_copies(texts.texts), TEN), truth)
        right.extend(told == truth)
        yield _grouped(f"sentences, {source}", "accuracy", len(truth), _share(told, truth), before)
    mean = float(np.mean(list(SENTENCES.values())))
    yield _grouped("sentences, all three", "accuracy", len(right), float(np.mean(right)), mean)


def stars(folder: Path, encoder: Encoder) -> Iterator[Figure]:
    """Reviews of a loudspeaker: at most two stars or at least four."""
    every = rows(folder / "alexa_reviews.csv")
    found = [row for row in every if not BAD < int(row["rating"]) < GOOD]
    texts, truth = _read(found, encoder), np.array([int(row["rating"]) >= GOOD for row in found])
    told = _told(crossed([texts], truth, near_copies(texts.texts), EVEN), truth)
    yield _grouped("Alexa stars", "macro F1", len(truth), macro_f1(told, truth), 0.842)


def aspects(folder: Path, encoder: Encoder) -> Iterator[Figure]:
    """SemEval-2014 task 4: is it good, bad or neither, what is said of this word of the sentence?"""
    every = rows(folder / "absa14_aspect_polarity.csv")
    for domain, (accuracy, macro, published) in ASPECTS.items():
        found = [row for row in every if row["domain"] == domain]
        said = [row["text"].replace("$T$", row["aspect"]) for row in found]
        shapes = [Texts.of(texts, encoder) for texts in (said, [_around(row) for row in found])]
        truth = np.array([row["label"] for row in found])
        told = _told(crossed(shapes, truth, said, EVEN), truth)
        where = "folds of the training part, by sentence (the facts asked the test part)"
        name, count = f"aspects, {domain}", len(truth)
        yield Figure(name, where, "accuracy", count, _share(told, truth), accuracy, published)
        yield Figure(name, where, "macro F1", count, macro_f1(told, truth), macro, UNKNOWN)


def laptops(folder: Path, encoder: Encoder) -> Iterator[Figure]:
    """Sentences about laptops (ACOS): good, bad or neither where all of one says the same; and about what."""
    found = rows(folder / "acos_laptop.csv")
    texts, groups = _read(found, encoder), near_copies([row["text"] for row in found])
    told_of = [json.loads(row["quads"]) for row in found]
    said = [sorted({quad[2] for quad in quads}) for quads in told_of]
    one = np.array([at for at, polarities in enumerate(said) if len(polarities) == 1], np.int64)
    truth = np.array([said[at][0] for at in one])
    told = _told(crossed([texts.part(one)], truth, [groups[at] for at in one], EVEN), truth)
    yield _grouped("laptop sentences", "accuracy", len(truth), _share(told, truth), 0.782)
    yield _grouped("laptop sentences", "macro F1", len(truth), macro_f1(told, truth), 0.639)
    attributes = [{quad[1].split("#")[1] for quad in quads} for quads in told_of]
    names = sorted(set().union(*attributes))
    true = np.array([[name in have for name in names] for have in attributes])
    odds = np.stack([_yes(crossed([texts], true[:, at], groups, THREE)) for at in range(len(names))], axis=1)
    yes = odds >= ATTRIBUTE_LIMIT
    yes[np.arange(len(yes)), odds.argmax(1)] = True
    yield _grouped(f"laptop attributes ({len(names)})", "micro F1", len(true), f1(yes, true), 0.611)


def apps(folder: Path, encoder: Encoder) -> Iterator[Figure]:
    """App reviews: a bug, a wish, a rating, or how it is used."""
    found = rows(folder / "app_requests.csv")
    texts, truth = _read(found, encoder), np.array([row["label"] for row in found])
    told = _told(crossed([texts], truth, near_copies(texts.texts), PLAIN), truth)
    published = "0.8-0.9 (tuned encoders, other sets)"
    where = "folds that keep near copies together"
    yield Figure("app reviews", where, "macro F1", len(truth), macro_f1(told, truth), 0.694, published)


def _grouped(name: str, measure: str, texts: int, ours: float, baseline: float) -> Figure:
    return Figure(name, "folds that keep near copies together", measure, texts, ours, baseline, UNKNOWN)


def _around(row: Row) -> str:
    """The words beside an aspect, within its clause."""
    before, _, after = row["text"].partition("$T$")
    said = before + row["aspect"] + after
    held = next((one for one in clauses(said) if one.start <= len(before) < one.end), None)
    if held is not None:
        before, after = before[held.start :], said[len(before) + len(row["aspect"]) : held.end]
    return " ".join([*before.split()[-NEIGHBOURS:], row["aspect"], *after.split()[:NEIGHBOURS]])


def _told(odds: Floats, truth: NDArray[np.generic]) -> NDArray[np.generic]:
    told: NDArray[np.generic] = np.unique(truth)[odds.argmax(1)]
    return told


def _share(told: NDArray[np.generic], truth: NDArray[np.generic]) -> float:
    return float(np.mean(told == truth))


def _yes(odds: Floats) -> Floats:
    return np.asarray(odds[:, 1] - odds[:, 0], np.float64)


def _read(found: list[Row], encoder: Encoder) -> Texts:
    return Texts.of([row["text"] for row in found], encoder)
