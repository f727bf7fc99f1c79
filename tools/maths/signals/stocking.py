"""What a thing that is not carried might sell: what things like it sold in their first weeks.

Like are those whose names share words with it, rare words most (Salton and Buckley, 1988), and those of its
category.  The doubt is that of a newcomer's level, as measured on 800 products that a real shop launched: its
standard deviation is nine tenths of what its likes sold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from tools.maths.demand.laws import Law, Numbers
from tools.maths.demand.newcomers import LEVEL_ERROR, SAME_GROUP

LIKES = 5
# A thing with a smaller share of words in common is not like it.
LEAST_ALIKE = 0.15
EARLY_WEEKS = 8
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Carried:
    """A product that is sold: ``early`` are the units of its first weeks."""

    key: str
    name: str
    group: str
    early: Numbers
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What it might sell in so many weeks.

    Attributes:
        weeks: How many.
        mean: Units.
        low: In eight of ten cases no fewer.
        high: In eight of ten cases no more.
        like: The products that it is taken from, the likest first.
        alike: How like the likest one is, 0 to 1; 0 where nothing is like it and all newcomers speak.
        price: What the likes cost, None where nobody knows.
    """

    weeks: int
    mean: float
    low: float
    high: float
    like: tuple[str, ...]
    alike: float
    price: float | None


def worth_stocking(name: str, group: str, carried: Sequence[Carried], weeks: int = 4) -> Estimate | None:
    """What a thing of this name (and category, "" unknown) might sell; None where nothing was ever sold."""
    known = [one for one in carried if one.early.size and np.isfinite(one.early).any()]
    if not known:
        return None
    alike = _alike(name, group, known)
    best = [place for place in np.argsort(-alike, kind="stable")[:LIKES] if alike[place] >= LEAST_ALIKE]
    chosen = [known[place] for place in best] or known
    weight = np.array([alike[place] for place in best]) if best else np.ones(len(known))
    levels = np.array([float(np.nanmean(one.early[:EARLY_WEEKS])) for one in chosen])
    mean = float(levels @ weight / weight.sum()) * weeks
    unlike = sqrt(float(weight @ (levels - levels @ weight / weight.sum()) ** 2 / weight.sum())) * weeks
    law = Law(mean, mean + max(LEVEL_ERROR * mean, unlike) ** 2)
    prices = [one.price for one in chosen if one.price]
    return Estimate(
        weeks,
        mean,
        law.quantile(LOW),
        law.quantile(HIGH),
        tuple(one.key for one in chosen) if best else (),
        float(alike[best[0]]) if best else 0.0,
        float(np.median(prices)) if prices else None,
    )


def _alike(name: str, group: str, known: Sequence[Carried]) -> Numbers:
    """How like each one is: the cosine of their weighted words, and a little for the same category."""
    words = [_words(f"{one.name} {one.group}") for one in known]
    counts = Counter(word for some in words for word in some)
    rare = {word: log((1 + len(known)) / (1 + count)) + 1 for word, count in counts.items()}
    wanted = _words(name)
    # A word that nothing carried has is rarer than all.
    own = sqrt(sum(rare.get(word, log(1 + len(known)) + 1) ** 2 for word in sorted(wanted)))
    found = np.zeros(len(known))
    for place, some in enumerate(words):
        both = sum(rare[word] ** 2 for word in sorted(wanted & some))
        size = sqrt(sum(rare[word] ** 2 for word in sorted(some)))
        found[place] = both / (own * size) if own and size else 0.0
        found[place] += SAME_GROUP if group and known[place].group == group else 0.0
    return found


def _words(text: str) -> set[str]:
    """The words of a name, a plural as its singular.

    >>> sorted(_words("Oat Milks 1L"))
    ['milk', 'oat']
    """
    found = re.findall(r"[^\W\d_]{2,}", text.lower())
    return {word[:-1] if word.endswith("s") and len(word) > 3 and word[-2] != "s" else word for word in found}
