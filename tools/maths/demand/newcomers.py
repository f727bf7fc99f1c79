"""Products with little or no history: what products like them sell.

A newcomer's level is drawn towards that of its ten nearest neighbours, near by the words of the name (rare
words count most; Salton and Buckley, 1988), by price and by category, as if their level were one and a half
weeks of its own history. Measured on 800 products launched by a real shop.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.history import Grain, History
from tools.maths.demand.laws import NOTHING, Numbers

NEIGHBOURS = 10
# Of the logarithm of the price: at twice the price a neighbour counts for 6 in 10.
PRICE_WIDTH = 0.7
SAME_GROUP = 0.1
RECENT = 8
ESTABLISHED = 4
# Periods of own history that the neighbours' level weighs as much as: one and a half weeks.
PRIOR: Mapping[Grain, float] = {"H": 252.0, "D": 10.5, "W": 1.5, "M": 0.35, "Q": 0.12, "Y": 0.03}
# With more own history than this many priors the neighbours say nothing more.
ENOUGH = 5.0
# How far the true level lies from the neighbours', as a share of it.
LEVEL_ERROR = 0.9


@dataclass(frozen=True)
class Prior:
    """What neighbours say, for each series of a list; NaN where a series has history enough or no neighbours.

    Attributes:
        level: Demand a period.
        weight: Share of the level in the mean (the rest is the series' own).
    """

    level: Numbers
    weight: Numbers

    def mean(self, own: Numbers) -> Numbers:
        """Means (series x periods) drawn towards the neighbours' level."""
        known = np.isfinite(self.level)[:, None]
        share = self.weight[:, None]
        return np.where(known, (1 - share) * own + share * np.nan_to_num(self.level)[:, None], own)

    def variance(self) -> Numbers:
        """How uncertain the level itself is, as a variance."""
        return np.asarray(np.nan_to_num((LEVEL_ERROR * self.level) ** 2 * self.weight))


def prior(histories: Sequence[History], grain: Grain) -> Prior:
    """What neighbours say of each series that is new; products without name, group and price have none."""
    known = np.array([int((~np.isnan(one.values)).sum()) for one in histories])
    weight = PRIOR[grain] / (PRIOR[grain] + known)
    level = np.full(len(histories), np.nan)
    fresh = [
        row for row, one in enumerate(histories) if known[row] < ENOUGH * PRIOR[grain] and _described(one)
    ]
    settled = [row for row in range(len(histories)) if known[row] >= ESTABLISHED]
    if fresh and settled:
        likeness = _Likeness([histories[row] for row in settled])
        for row in fresh:
            level[row] = likeness.level(histories[row])
    return Prior(level, weight)


def _described(one: History) -> bool:
    return bool(one.name or one.group or one.price)


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", name.lower()))


class _Likeness:
    """How like a newcomer the settled products are."""

    def __init__(self, settled: Sequence[History]) -> None:
        self.keys = [one.key for one in settled]
        self.levels = np.array([_recent_level(one.values) for one in settled])
        self.prices = np.array([one.price if one.price and one.price > 0 else np.nan for one in settled])
        self.groups = np.array([one.group for one in settled], dtype=object)
        words = [_words(one.name) for one in settled]
        counts = Counter(word for some in words for word in some)
        self.rarity = {word: np.log((1 + len(settled)) / (1 + count)) + 1 for word, count in counts.items()}
        having: defaultdict[str, list[int]] = defaultdict(list)
        for row, some in enumerate(words):
            for word in sorted(some):
                having[word].append(row)
        self.having = {word: np.array(rows) for word, rows in having.items()}
        lengths = [np.sqrt(sum(self.rarity[word] ** 2 for word in sorted(some))) for some in words]
        self.lengths = np.maximum(np.array(lengths), NOTHING)

    def level(self, one: History) -> float:
        """The mean level of the nearest, weighted by nearness; of all where none is near."""
        near = self._nearness(one)
        near[[row for row, key in enumerate(self.keys) if key == one.key]] = 0.0
        best = np.argsort(-near, kind="stable")[:NEIGHBOURS]
        total = float(near[best].sum())
        if total <= NOTHING:
            return float(self.levels.mean())
        return float(near[best] @ self.levels[best]) / total

    def _nearness(self, one: History) -> Numbers:
        score = np.zeros(len(self.levels))
        words = sorted(_words(one.name) & self.having.keys())
        for word in words:
            score[self.having[word]] += self.rarity[word] ** 2
        length = max(float(np.sqrt(sum(self.rarity[word] ** 2 for word in words))), NOTHING)
        score = score / self.lengths / length
        if one.group:
            score = score + SAME_GROUP * (self.groups == one.group)
        return np.asarray(score * self._price_nearness(one.price))

    def _price_nearness(self, price: float | None) -> NDArray[np.float64]:
        if not price or price <= 0:
            return np.ones(len(self.levels))
        apart = np.log(self.prices / price)
        return np.asarray(np.where(np.isnan(apart), 0.5, np.exp(-(apart**2) / (2 * PRICE_WIDTH**2))))


def _recent_level(values: Numbers) -> float:
    known = values[~np.isnan(values)][-RECENT:]
    return float(known.mean()) if known.size else 0.0
