"""The light way of reading that the public sets are measured with: the encoder's layers and words.

They are the miner's own parts, learned anew from each set and thrown away; one recipe for every set.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import Encoder
from intents.signals.features import bag
from intents.signals.linear import FREEDOM, Columns

FREEDOM_LAYERS = 10.0
WORDS_SHARE = 0.5
MOST_ROUNDS = 300
ALIKE = 0.5
"""From which share of common runs of words on two texts are near copies."""
RUN = 3
SEED = 7
_WORD = re.compile(r"[a-z0-9']+")

Row = dict[str, str]
Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]
Places = NDArray[np.int64]


def rows(path: Path) -> list[Row]:
    """A CSV file with its column names."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Texts:
    """Texts with the numbers of the encoder's layers, each through it once."""

    texts: list[str]
    layers: NDArray[np.float16]

    @classmethod
    def of(cls, texts: Sequence[str], encoder: Encoder) -> Texts:
        """Read them; the same words twice are read once."""
        each = sorted(set(texts))
        place = {text: at for at, text in enumerate(each)}
        _, layers = encoder.encode_deep(each)
        where = np.array([place[text] for text in texts], np.int64)
        return cls(list(texts), layers[where])

    def part(self, places: Places) -> Texts:
        """Some of them."""
        return Texts([self.texts[at] for at in places], self.layers[places])


@dataclass(frozen=True)
class Recipe:
    """How a set is learned: ``even`` makes rare classes count as much as common ones."""

    even: bool = False
    folds: int = 5


def log_odds(taught: Sequence[Texts], asked: Sequence[Texts], truth: NDArray[Any], recipe: Recipe) -> Floats:
    """A row for each asked text, a column for each class in order: the sum of what each part says.

    ``taught`` and ``asked`` hold the same texts in one or more shapes (a sentence, a part of it).
    """
    told = np.zeros((len(asked[0].texts), len(np.unique(truth))))
    for before, now in zip(taught, asked, strict=True):
        told += _fitted(*_levelled(before.layers, now.layers), truth, FREEDOM_LAYERS, recipe)
        told += WORDS_SHARE * _fitted(*_worded(before.texts, now.texts), truth, FREEDOM, recipe)
    return told


def crossed(shapes: Sequence[Texts], truth: NDArray[Any], groups: Sequence[object], recipe: Recipe) -> Floats:
    """The log-odds of each text by models that saw none of its group."""
    fold = _folds(groups, recipe.folds)
    told = np.zeros((len(truth), len(np.unique(truth))))
    for one in range(recipe.folds):
        inside, outside = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
        taught, asked = ([shape.part(places) for shape in shapes] for places in (inside, outside))
        told[outside] = log_odds(taught, asked, truth[inside], recipe)
    return told


def near_copies(texts: Sequence[str]) -> list[int]:
    """A group for each text: texts that share half of their runs of three words, of the shorter one, are one.

    Groups are closed: a copy of a copy is in it.  Short texts that say the same fall together.
    """
    leader = list(range(len(texts)))
    having: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    kept: list[frozenset[tuple[str, ...]]] = []
    for at, text in enumerate(texts):
        runs = _runs(text)
        common = Counter(other for run in runs for other in having[run])
        for other, count in common.items():
            if count >= ALIKE * min(len(runs), len(kept[other])):
                leader[_led(leader, at)] = _led(leader, other)
        for run in runs:
            having[run].append(at)
        kept.append(runs)
    return [_led(leader, at) for at in range(len(texts))]


def f1(told: Truth, truth: Truth) -> float:
    """F1 of the positive class; over all cells of a table it is the micro F1."""
    return float(2 * (told & truth).sum() / max(int(told.sum()) + int(truth.sum()), 1))


def macro_f1(told: NDArray[Any], truth: NDArray[Any]) -> float:
    """The mean of the F1 of every class."""
    return float(np.mean([f1(told == one, truth == one) for one in np.unique(truth)]))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return frozenset(zip(*(words[at:] for at in range(RUN)), strict=False)) or frozenset([tuple(words)])


def _led(leader: list[int], at: int) -> int:
    while leader[at] != at:
        leader[at] = leader[leader[at]]
        at = leader[at]
    return at


def _folds(groups: Sequence[object], count: int) -> Places:
    number = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    shuffled = np.random.default_rng(SEED).permutation(len(number)) % count
    return np.array([shuffled[number[group]] for group in groups], np.int64)


def _levelled(taught: NDArray[np.float16], asked: NDArray[np.float16]) -> tuple[Any, Any]:
    """Each column with mean 0 and the same spread, a row of length about 1."""
    known = taught.astype(np.float32)
    middle, spread = known.mean(0), (known.std(0) + 1e-3) * float(np.sqrt(known.shape[1]))
    return (known - middle) / spread, (asked.astype(np.float32) - middle) / spread


def _worded(taught: Sequence[str], asked: Sequence[str]) -> tuple[Any, Any]:
    """The miner's n-grams, cues and pairs of cues as two sparse tables."""
    columns = Columns.learn([bag(text, ()) for text in taught])
    return _table(columns, taught), _table(columns, asked)


def _table(columns: Columns, texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix

    found = [columns.row(bag(text, ())) for text in texts]
    starts = np.cumsum([0, *(len(places) for places, _ in found)])
    values = np.concatenate([values for _, values in found])
    places = np.concatenate([places for places, _ in found])
    return csr_matrix((values, places, starts), shape=(len(texts), len(columns.column)))


def _fitted(taught: Any, asked: Any, truth: NDArray[Any], freedom: float, recipe: Recipe) -> Floats:
    from sklearn.linear_model import LogisticRegression

    weight = "balanced" if recipe.even else None
    model = LogisticRegression(C=freedom, max_iter=MOST_ROUNDS, class_weight=weight).fit(taught, truth)
    told = np.asarray(model.decision_function(asked), np.float64)
    return told if told.ndim == 2 else np.stack([-told / 2, told / 2], axis=1)
