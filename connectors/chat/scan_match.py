"""How well a line of grey fits the bars that a symbol would have, at some blur (a matched filter)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]
Score = Callable[[Line, float], Line]
FINE = 3  # samples in a module
BLURS = (0.2, 0.35, 0.5, 0.65, 0.8, 1.0)  # in modules
_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a code lies on a line, in samples, and its blur in modules.

    ``bend`` is how far its middle is off (seen aslant), ``curl`` how much its ends are pressed
    together (on a can or a bottle).
    """

    start: float
    end: float
    bend: float = 0.0
    curl: float = 0.0
    blur: float = 0.5
    likeness: float = -1.0


@dataclass(frozen=True)
class Alphabet:
    """Patterns of one width, and what stands beside each of them."""

    patterns: tuple[str, ...]
    before: str
    after: str

    @property
    def width(self) -> int:
        """Modules of a pattern."""
        return len(self.patterns[0])


@cache
def looks(alphabet: Alphabet, blur: float) -> NDArray[np.float64]:
    """How each pattern looks between its neighbours, blurred: rows of mean 0 and length 1."""
    rows = []
    reach = int(np.ceil(3.5 * blur * FINE)) + 1
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (blur * FINE)) ** 2)
    for pattern in alphabet.patterns:
        bits = map(float, alphabet.before + pattern + alphabet.after)
        line = np.repeat([_UNKNOWN, _UNKNOWN, *bits, _UNKNOWN, _UNKNOWN], FINE)
        smooth = np.convolve(np.pad(line, reach, mode="edge"), bell / bell.sum(), "valid")
        rows.append(smooth[2 * FINE : -2 * FINE])
    found = np.array(rows)
    found -= found.mean(axis=1, keepdims=True)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def likenesses(
    line: Line, fits: Line, modules: int, places: Sequence[int], alphabet: Alphabet, blur: float
) -> Line:
    """Correlation of -1 to 1 for each fit (rows of start, end, bend, curl) x place x pattern."""
    low, high = -len(alphabet.before), alphabet.width + len(alphabet.after)
    inside = np.arange(low + 0.5 / FINE, high, 1 / FINE)
    at = (np.array(places)[:, None] + inside[None, :]) / modules
    start, end, bend, curl = (fits[:, part, None, None] for part in range(4))
    bulge = 4 * at * (1 - at)
    where = start + (end - start) * at + bend * bulge + curl * bulge * (2 * at - 1)
    seen = np.interp(where, np.arange(line.size), line)
    seen = seen - seen.mean(axis=2, keepdims=True)
    seen /= np.linalg.norm(seen, axis=2, keepdims=True) + 1e-9
    return np.asarray(seen @ looks(alphabet, blur).T)


def around(
    fit: Fit, steps: Sequence[float], bends: Sequence[float] = (0.0,), curls: Sequence[float] = (0.0,)
) -> Line:
    """Fits with the ends moved by every pair of steps, and every bend and curl added."""
    moves = np.array(list(itertools.product(steps, steps, bends, curls)))
    return np.asarray(np.array(as_row(fit)) + moves)


def as_row(fit: Fit) -> tuple[float, float, float, float]:
    """The fit as a row of ``fits``."""
    return (fit.start, fit.end, fit.bend, fit.curl)


def best_of(score: Score, fits: Line, blur: float) -> Fit:
    """The fit that scores best."""
    scores = score(fits, blur)
    best = int(np.argmax(scores))
    start, end, bend, curl = map(float, fits[best])
    return Fit(start, end, bend, curl, blur, float(scores[best]))


def refined(score: Score, fit: Fit, module: float) -> Fit:
    """The best fit near this one: ends, bend, curl and blur in turn, in ever smaller steps."""
    for size in (0.5, 0.25, 0.12):
        steps = (-size * module, 0.0, size * module)
        fit = max((best_of(score, around(fit, steps, steps), fit.blur), fit), key=_likeness)
        fit = max((best_of(score, around(fit, (0.0,), steps, steps), fit.blur), fit), key=_likeness)
        fit = max((best_of(score, around(fit, (0.0,)), blur) for blur in BLURS), key=_likeness)
    return fit


def _likeness(fit: Fit) -> float:
    return fit.likeness
