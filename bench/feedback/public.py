"""The light ways of reading on public sets: suggestions and sentiment.  Nothing of it ships.

usage: python -m bench.feedback.public FOLDER [suggestions|sentiment ...]
``FOLDER`` holds the sets (``suggestion_*_a.csv``, ``sentiment_sentences.csv``); some
of them may not be used for anything that is sold, so what is learned here is thrown away.
Printed beside each figure is the best published one that we know of.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.encoder import Encoder, load_encoder
from intents.signals.features import bag
from intents.signals.linear import learn

FOLDS = 5
FREEDOM = 3.0

Truth = NDArray[np.bool_]
Floats = NDArray[np.float64]


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file with its column names."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Texts:
    """Texts with their vectors, each through the encoder once."""

    texts: list[str]
    vectors: NDArray[np.float32]

    def part(self, places: NDArray[np.int64]) -> Texts:
        """Some of them."""
        return Texts([self.texts[at] for at in places], self.vectors[places])


def embedded(taught: Texts, asked: Texts, truth: Truth) -> Floats:
    """The log-odds of a regression over sentences' embeddings."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=FREEDOM, max_iter=500).fit(taught.vectors, truth)
    return np.asarray(model.decision_function(asked.vectors))


def worded(taught: Texts, asked: Texts, truth: Truth) -> Floats:
    """The log-odds of the miner's own linear model over n-grams and cues."""
    learned = learn([bag(text, ()) for text in taught.texts], {"yes": list(map(bool, truth))})
    return np.array([learned.log_odds(bag(text, ()))[0] for text in asked.texts])


def both(taught: Texts, asked: Texts, truth: Truth) -> Floats:
    """The sum of the two."""
    return embedded(taught, asked, truth) + worded(taught, asked, truth)


def f1(told: Truth, truth: Truth) -> float:
    """F1 of the positive class."""
    return round(float(2 * (told & truth).sum() / max(told.sum() + truth.sum(), 1)), 4)


def suggestions(folder: Path, encoder: Encoder) -> dict[str, object]:
    """SemEval-2019 task 9 A, on its trial part; the limit is found by folds of the training part.

    Half of the trial part are suggestions, of the test that systems were ranked on a tenth: the figures
    are no rivals of each other.
    """
    texts, truth = _texts(rows(folder / "suggestion_train_a.csv"), encoder)
    others, gold = _texts(rows(folder / "suggestion_dev_a.csv"), encoder)
    out = _crossed(texts, truth)
    limit = max(np.quantile(out, np.linspace(0.5, 0.98, 49)), key=lambda value: f1(out >= value, truth))
    return {
        "set": "SemEval-2019 task 9 A, trial part",
        "positive": round(float(gold.mean()), 3),
        "texts": len(gold),
        "f1": f1(both(texts, others, truth) >= limit, gold),
        "published": "0.781 (BERTs), 0.749 (rules), on another part with a tenth positive",
    }


def sentiment(folder: Path, encoder: Encoder) -> dict[str, object]:
    """The three sources of labelled sentences (Kotzias et al. 2015), by folds within each."""
    told: dict[str, object] = {"set": "sentiment sentences"}
    every = rows(folder / "sentiment_sentences.csv")
    for name in sorted({row["source"] for row in every}):
        texts, truth = _texts([row for row in every if row["source"] == name], encoder)
        told[name] = round(float(((_crossed(texts, truth) > 0) == truth).mean()), 4)
    return told


def _crossed(texts: Texts, truth: Truth) -> Floats:
    fold = np.arange(len(texts.texts)) % FOLDS
    out = np.zeros(len(fold))
    for one in range(FOLDS):
        inside, outside = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
        out[outside] = both(texts.part(inside), texts.part(outside), truth[inside])
    return out


def _texts(found: Sequence[dict[str, str]], encoder: Encoder) -> tuple[Texts, Truth]:
    said = [row["text"] for row in found]
    return Texts(said, encoder.encode(said)), np.array([row["label"] == "1" for row in found])


SETS: dict[str, Callable[[Path, Encoder], dict[str, object]]] = {
    "suggestions": suggestions,
    "sentiment": sentiment,
}


def main() -> None:
    """Print a line for each set."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
    encoder = load_encoder()
    if encoder is None or not (folder / "sentiment_sentences.csv").exists():
        sys.exit("needs the encoder's weights and the folder of the public sets")
    for name in sys.argv[2:] or SETS:
        print(json.dumps(SETS[name](folder, encoder)), flush=True)


if __name__ == "__main__":
    main()
