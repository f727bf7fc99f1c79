"""How long a part lasts: a Weibull law, learned from a short service log and the maker's figures.

A small fleet sees no failure, or one, so plain maximum likelihood cannot be fitted or is far out.  What the
maker says stands as log-normal priors on shape and life; the log moves them (the posterior's mode, MAP).
Lives that ended before the part failed, and parts that still run, count as right-censored (Meeker and
Escobar, Statistical Methods for Reliability Data, 1998, sections 3.5, 8.2 and 14.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

# How far off the maker's figures may be (standard deviation of the logarithm).
LIFE_SPREAD, SHAPE_SPREAD = 0.30, 0.25
_GRID = np.linspace(-3.2, 3.2, 13)
_STEP = 1e-3
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Life:
    """Kilometres that one part ran; ``failed`` False: it was changed in time, or still runs."""

    km: float
    failed: bool


@dataclass(frozen=True, slots=True)
class Weibull:
    """The law: of parts of age t the share exp(-(t / life) ** shape) still runs.

    Attributes:
        shape: Above 1 the risk grows with age.
        life: Characteristic life in kilometres, at which 63 % have failed.
    """

    shape: float
    life: float

    def surviving(self, km: float) -> float:
        """The share that runs at least so far."""
        return exp(-((max(km, 0.0) / self.life) ** self.shape))

    def failing(self, age: float, within: float) -> float:
        """The chance that a part of this age fails within the next so many kilometres."""
        gone = (max(age, 0.0) / self.life) ** self.shape
        return 1.0 - exp(gone - (max(age + within, 0.0) / self.life) ** self.shape)


@dataclass(frozen=True, slots=True)
class Prior:
    """The maker's figures, and how far off each may be (standard deviation of its logarithm)."""

    shape: float
    life: float
    shape_spread: float = SHAPE_SPREAD
    life_spread: float = LIFE_SPREAD


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is known of a part's life now.

    Attributes:
        law: The likeliest law.
        failures: How many failures the log has.
        lives: How many lives it has in all.
        laws: Laws that are about as likely, with their weights (they sum to 1).
    """

    law: Weibull
    failures: int
    lives: int
    laws: tuple[tuple[float, Weibull], ...]

    def failing(self, age: float, within: float) -> float:
        """The chance that a part of this age fails within so many kilometres, over all likely laws.

        That it has come to this age counts already where it is among the lives of the log.
        """
        return sum(weight * law.failing(age, within) for weight, law in self.laws)


def fit(lives: Sequence[Life], prior: Prior) -> Fitted:
    """The posterior's mode and its surroundings; without lives the maker's figures themselves."""
    known = [life for life in lives if life.km > 0.0]
    km = np.array([life.km for life in known], dtype=np.float64)
    failed = np.array([life.failed for life in known], dtype=np.bool_)
    cost = _Cost(km, failed, prior)
    from scipy import optimize

    found = optimize.minimize(cost, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-9})
    best: Numbers = np.asarray(found.x, dtype=np.float64)
    laws = _around(cost, best)
    return Fitted(cost.law(best), int(failed.sum()), len(known), laws)


@dataclass(frozen=True, slots=True)
class _Cost:
    """Minus the logarithm of the posterior, up to a constant, at a point in steps of the priors' spreads."""

    km: Numbers
    failed: NDArray[np.bool_]
    prior: Prior

    def law(self, point: Numbers) -> Weibull:
        prior = self.prior
        return Weibull(
            prior.shape * exp(prior.shape_spread * float(point[0])),
            prior.life * exp(prior.life_spread * float(point[1])),
        )

    def __call__(self, point: Numbers) -> float:
        law = self.law(point)
        scaled = np.log(self.km / law.life)
        with np.errstate(over="ignore"):
            used = float(np.exp(law.shape * scaled).sum())
        ended = float((log(law.shape / law.life) + (law.shape - 1.0) * scaled[self.failed]).sum())
        return float(point @ point) / 2.0 + used - ended


def _around(cost: _Cost, best: Numbers) -> tuple[tuple[float, Weibull], ...]:
    """A grid along the posterior's own axes (by its curvature at the mode), weighed by the posterior."""
    values, axes = np.linalg.eigh(_curvature(cost, best))
    spreads = 1.0 / np.sqrt(np.maximum(values, 0.1))
    points = [best + axes @ (spreads * np.array([a, b])) for a in _GRID for b in _GRID]
    least = cost(best)
    weights = np.array([exp(min(least - cost(point), 0.0)) for point in points])
    weights /= weights.sum()
    kept = [(float(w), cost.law(p)) for w, p in zip(weights, points, strict=True) if w > 1e-6]
    total = sum(weight for weight, _ in kept)
    return tuple((weight / total, law) for weight, law in kept)


def _curvature(cost: _Cost, best: Numbers) -> NDArray[Any]:
    """The second derivatives at the mode, by central differences."""
    step, unit = _STEP, np.eye(2)
    found = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            a, b = step * unit[i], step * unit[j]
            four = cost(best + a + b) - cost(best + a - b) - cost(best - a + b) + cost(best - a - b)
            found[i, j] = four / (4.0 * step * step)
    return found if np.all(np.isfinite(found)) and abs(found).max() < inf else unit
