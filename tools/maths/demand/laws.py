"""Laws of demand: what may be sold, not only how much on average.

A stored forecast row keeps a mean, a variance and a kind; a :class:`Law` makes quantiles, chances and
random draws of them. It needs numpy and ``scipy.special`` only, so that the chat can ask at once.

Counts follow the Panjer family (Panjer, 1981): negative binomial where the variance is above the mean,
Poisson where they are equal, binomial (with a real number of trials) where it is below. The negative
binomial is what fits the demand of slow and erratic goods (Syntetos, Babai and Altay, 2012); its quantiles
had the least pinball loss and needed the least stock in our replay. Amounts (litres, money) follow a gamma
law (Burgin, 1975) where they vary little, else a Poisson number of exponential sales, which may be none at
all (the compound Poisson law of Tweedie, 1984, with power 1.5); figures that may be negative a normal one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tools.maths.later import special

Kind = Literal["counts", "amounts", "real"]
Numbers = NDArray[np.float64]

# Beneath these a mean is nothing sold, a spread is none.
NOTHING = 1e-9
_EVEN = 1e-6
_SEARCH_STEPS = 45
# From so many sales a period on a sum of sales is as good as a gamma law.
MANY_SALES = 60.0


@dataclass(frozen=True, slots=True)
class Law:
    """The law of one number: demand of a period, or of the sum of several.

    Attributes:
        mean: Expected demand in units; 0 or more except for kind "real".
        variance: Its variance in units squared, 0 or more.
        kind: "counts" of whole things, "amounts" that are never negative, or any "real" number.

    >>> Law(4.0, 8.0).quantile(0.95)
    9.0
    >>> round(Law(4.0, 8.0).cdf(9), 4)
    0.9539
    >>> Law(0.0, 0.0).quantile(0.99)
    0.0
    """

    mean: float
    variance: float
    kind: Kind = "counts"

    def quantile(self, level: float) -> float:
        """The least demand that is not exceeded with chance ``level`` (0 < level < 1)."""
        return float(quantiles(self.mean, self.variance, level, self.kind))

    def cdf(self, demand: float) -> float:
        """The chance that no more than ``demand`` is wanted."""
        return float(chances(self.mean, self.variance, demand, self.kind))

    def sample(self, rng: np.random.Generator, size: int) -> Numbers:
        """``size`` independent draws."""
        uniform = rng.uniform(1e-12, 1 - 1e-12, size)
        return quantiles(self.mean, self.variance, uniform, self.kind)


def chances(mean: ArrayLike, variance: ArrayLike, demand: ArrayLike, kind: Kind = "counts") -> Numbers:
    """The chance of at most ``demand``, elementwise over arrays that broadcast."""
    m, v, x = _together(mean, variance, demand)
    if kind == "real":
        spread = np.sqrt(np.maximum(v, NOTHING**2))
        return np.asarray(special.ndtr((x - m) / spread))
    none = m <= NOTHING
    m = np.maximum(m, NOTHING)
    found = _count_chances(m, v, x) if kind == "counts" else _amount_chances(m, v, x)
    return np.where(none, (x >= 0).astype(float), found)


def sized_chances(mean: ArrayLike, variance: ArrayLike, demand: ArrayLike, kind: Kind) -> Numbers:
    """Chances of at most ``demand`` under the law weighted by size (density x f(x) / mean), for 0 or more.

    Negative binomial, Poisson, binomial and gamma laws stay in their family (Johnson, Kotz and Kemp, 2005,
    section 4.10); a sum of exponential sales gains two more of them: a chi-squared law of four degrees.

    >>> sized_chances(2.0, 2.0, 3.0, "counts") == chances(2.0, 2.0, 2.0, "counts")
    np.True_
    """
    m, v, x = _together(mean, variance, demand)
    m, v = np.maximum(m, NOTHING), np.maximum(v, NOTHING)
    step = 1.0 if kind == "counts" else 0.0
    sized = np.maximum(m + v / m - step, NOTHING)
    if kind == "counts":
        return chances(sized, sized * v / m, x - step, kind)
    gamma = special.gammainc(m * m / v + 1, np.maximum(x, 0.0) * m / v)
    sales = special.chndtr(4 * m / v * np.maximum(x, 0.0), 4.0, np.minimum(4 * m * m / v, 4 * MANY_SALES))
    return np.asarray(np.where(2 * m * m / v < MANY_SALES, sales, gamma))


def quantiles(mean: ArrayLike, variance: ArrayLike, level: ArrayLike, kind: Kind = "counts") -> Numbers:
    """The quantiles at ``level``, elementwise over arrays that broadcast; whole numbers for counts.

    >>> quantiles([2.0, 20.0], [2.0, 80.0], 0.5)
    array([ 2., 19.])
    """
    m, v, p = _together(mean, variance, level)
    if kind == "real":
        return np.asarray(m + np.sqrt(np.maximum(v, 0.0)) * special.ndtri(p))
    none = m <= NOTHING
    m = np.maximum(m, NOTHING)
    found = _count_quantiles(m, v, p) if kind == "counts" else _amount_quantiles(m, v, p)
    return np.where(none, 0.0, found)


def _together(*arrays: ArrayLike) -> tuple[Numbers, ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(array, dtype=float) for array in arrays)))


def _amount_chances(m: Numbers, v: Numbers, x: Numbers) -> Numbers:
    v = np.maximum(v, (m * _EVEN) ** 2)
    above = np.maximum(x, 0.0)
    found = np.array(special.gammainc(m * m / v, above * m / v))
    few = 2 * m * m / v < MANY_SALES
    if few.any():
        found[few] = _sales_chances(m[few], v[few], above[few])
    return np.where(x < 0, 0.0, found)


def _sales_chances(m: Numbers, v: Numbers, x: Numbers) -> Numbers:
    """Chances of a sum of exponential sales, their number Poisson: a chi-squared law of no degrees.

    With 2 m^2 / v sales of v / 2m on average the mean is m and the variance v. The chi-squared law of no
    degrees is that of two plus twice its density (Siegel, 1979).
    """
    centre = 4 * m * m / v
    y = 4 * m / v * x
    bell = np.exp(-((np.sqrt(y) - np.sqrt(centre)) ** 2) / 2) * special.ive(0, np.sqrt(centre * y))
    return np.asarray(np.minimum(special.chndtr(y, 2.0, centre) + bell, 1.0))


def _gamma_quantiles(m: Numbers, v: Numbers, p: Numbers) -> Numbers:
    v = np.maximum(v, (m * _EVEN) ** 2)
    return np.asarray(special.gammaincinv(m * m / v, p) * v / m)


def _amount_quantiles(m: Numbers, v: Numbers, p: Numbers) -> Numbers:
    v = np.maximum(v, (m * _EVEN) ** 2)
    found = _gamma_quantiles(m, v, p)
    few = 2 * m * m / v < MANY_SALES
    if few.any():
        found[few] = _sales_quantiles(m[few], v[few], p[few])
    return found


def _sales_quantiles(m: Numbers, v: Numbers, p: Numbers) -> Numbers:
    """By halving between nothing and more than anybody would want."""
    low, high = np.zeros_like(m), m + 40 * np.sqrt(v) + 40 * v / m
    for _ in range(_SEARCH_STEPS):
        middle = (low + high) / 2
        reached = _sales_chances(m, v, middle) >= p
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(_sales_chances(m, v, np.zeros_like(m)) >= p, 0.0, high)


def _least_variance(m: Numbers) -> Numbers:
    """No law of whole numbers has less variance than the two whole numbers beside the mean."""
    part: Numbers = m - np.floor(m)
    return np.asarray(part * (1 - part))


def _count_chances(m: Numbers, v: Numbers, x: Numbers) -> Numbers:
    k = np.floor(x)
    v = np.maximum(v, _least_variance(m))
    safe = np.maximum(k, 0.0)
    over = v > m * (1 + _EVEN)
    under = v < m * (1 - _EVEN)
    r = m * m / np.where(over, v - m, 1.0)
    wide = special.betainc(r, safe + 1, r / (r + m))
    trials = m * m / np.where(under, m - v, 1.0)
    left = trials - safe
    narrow = np.where(
        left > 0,
        special.betainc(np.maximum(left, NOTHING), safe + 1, np.clip(v / m, 0.0, 1.0)),
        1.0,
    )
    even = special.gammaincc(safe + 1, m)
    found = np.where(over, wide, np.where(under, narrow, even))
    return np.asarray(np.where(k < 0, 0.0, found))


def _count_quantiles(m: Numbers, v: Numbers, p: Numbers) -> Numbers:
    """The least whole number whose chance reaches ``p``: a bracket about the gamma quantile, halved."""
    guess = np.floor(_gamma_quantiles(m, np.maximum(v, m * 1e-3), p))
    width = 2 + np.ceil(np.sqrt(v + m) * 0.1)
    low = np.maximum(guess - width, -1.0)
    high = guess + width
    for _ in range(_SEARCH_STEPS):
        wrong = (low >= 0) & (_count_chances(m, v, low) >= p)
        if not wrong.any():
            break
        low = np.where(wrong, np.maximum(low - width, -1.0), low)
        width = np.where(wrong, width * 2, width)
    for _ in range(_SEARCH_STEPS):
        wrong = _count_chances(m, v, high) < p
        if not wrong.any():
            break
        high = np.where(wrong, high + width, high)
        width = np.where(wrong, width * 2, width)
    while (open_ := high - low > 1).any():
        middle = np.where(open_, np.floor((low + high) / 2), high)
        reached = _count_chances(m, v, middle) >= p
        high = np.where(open_ & reached, middle, high)
        low = np.where(open_ & ~reached, middle, low)
    return np.asarray(high)
