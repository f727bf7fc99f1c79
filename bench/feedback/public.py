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


def embedded(encoder: Encoder, taught: Sequence[str], asked: Sequence[str], truth: Truth) -> Floats:
    """The log-odds of a regression over sentences' embeddings."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=FREEDOM, max_iter=500).fit(encoder.encode(taught), truth)
    return np.asarray(model.decision_function(encoder.encode(asked)))


def worded(taught: Sequence[str], asked: Sequence[str], truth: Truth) -> Floats:
    """The log-odds of the miner's own linear model over n-grams and cues."""
    learned = learn([bag(text, ()) for text in taught], {"yes": list(map(bool, truth))})
    return np.array([learned.log_odds(bag(text, ()))[0] for text in asked])


def both(encoder: Encoder, taught: Sequence[str], asked: Sequence[str], truth: Truth) -> Floats:
    """The sum of the two."""
    return embedded(encoder, taught, asked, truth) + worded(taught, asked, truth)


def f1(told: Truth, truth: Truth) -> float:
    """F1 of the positive class."""
    return round(float(2 * (told & truth).sum() / max(told.sum() + truth.sum(), 1)), 4)


def suggestions(folder: Path, encoder: Encoder) -> dict[str, object]:
    """SemEval-2019 task 9 A; the limit is found by folds of the training part."""
    taught, asked = (rows(folder / f"suggestion_{part}_a.csv") for part in ("train", "dev"))
    texts, truth = _texts(taught)
    others, gold = _texts(asked)
    out = _crossed(texts, truth, encoder)
    limits = np.quantile(out, np.linspace(0.5, 0.98, 49))
    limit = max(limits, key=lambda value: f1(out >= value, truth))
    return {
        "set": "SemEval-2019 task 9 A", "texts": len(others), "f1": f1(both(encoder, texts, others, truth) >= limit, gold),
        "published": "0.781 (BERT ensemble), 0.749 (rules)",
    }  # fmt: skip


def sentiment(folder: Path, encoder: Encoder) -> dict[str, object]:
    """The three sources of labelled sentences (Kotzias et al. 2015), by folds within each."""
    told: dict[str, object] = {"set": "sentiment sentences"}
    every = rows(folder / "sentiment_sentences.csv")
    names = sorted({_value(row, "source") for row in every})
    for name in names:
        texts, truth = _texts([row for row in every if _value(row, "source") == name])
        told[name] = round(float(((_crossed(texts, truth, encoder) > 0) == truth).mean()), 4)
    return told


def _crossed(texts: Sequence[str], truth: Truth, encoder: Encoder) -> Floats:
    fold = np.arange(len(texts)) % FOLDS
    out = np.zeros(len(texts))
    for one in range(FOLDS):
        inside, outside = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
        taught, asked = ([texts[at] for at in part] for part in (inside, outside))
        out[outside] = both(encoder, taught, asked, truth[inside])
    return out


def _texts(found: Sequence[dict[str, str]]) -> tuple[list[str], Truth]:
    return [_value(row, "text", "sentence") for row in found], np.array(
        [_value(row, "label", "sentiment", "suggestion") in ("1", "pos", "positive", "yes") for row in found]
    )


def _value(row: dict[str, str], *names: str) -> str:
    return next((row[name] for name in names if name in row), "")


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
