"""The laws of demand against textbook ones, and what holds for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from tools.maths.demand import Law

means = st.floats(0.01, 500)
ratios = st.floats(0.05, 20)
levels = st.floats(0.001, 0.999)


@given(means, st.floats(1.01, 20), levels)
def test_wide_counts_follow_the_negative_binomial(mean: float, ratio: float, level: float) -> None:
    r = mean / (ratio - 1)
    law = Law(mean, mean * ratio)
    expected = stats.nbinom.ppf(level, r, 1 / ratio)
    assert law.quantile(level) == pytest.approx(expected, abs=1e-9)
    assert law.cdf(expected) == pytest.approx(stats.nbinom.cdf(expected, r, 1 / ratio), abs=1e-9)


@given(st.integers(1, 60), st.floats(0.05, 0.95), levels)
def test_narrow_counts_follow_the_binomial(trials: int, chance: float, level: float) -> None:
    law = Law(trials * chance, trials * chance * (1 - chance))
    found = law.quantile(level)
    # A level that a whole number meets exactly may be rounded to either side of it.
    assert stats.binom.cdf(found, trials, chance) >= level - 1e-6
    assert stats.binom.cdf(found - 1, trials, chance) <= level + 1e-6


@given(means, ratios, levels, st.sampled_from(["counts", "amounts", "real"]))
def test_a_quantile_is_reached_with_its_chance(mean: float, ratio: float, level: float, kind: str) -> None:
    assume(kind != "amounts" or ratio < 10 * mean)  # what is near 0 is below the least float
    law = Law(mean, mean * ratio, kind)
    quantile = law.quantile(level)
    assert law.cdf(quantile) >= level - 1e-6
    if kind == "counts" and quantile > 0:
        assert law.cdf(quantile - 1) < level + 1e-9


@pytest.mark.parametrize("kind", ["counts", "amounts", "real"])
def test_draws_have_the_mean_and_the_variance_asked_for(kind: str) -> None:
    drawn = Law(6.0, 15.0, kind).sample(np.random.default_rng(1), 40_000)
    assert drawn.mean() == pytest.approx(6, rel=0.03)
    assert drawn.var() == pytest.approx(15, rel=0.06)


def test_nothing_wanted_is_nothing_at_every_level() -> None:
    assert Law(0.0, 0.0).quantile(0.999) == 0
    assert Law(0.0, 0.0).cdf(0) == 1
