"""Weeks from days, and how far forecasts were off."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.maths import forecast_errors, weeks
from tools.maths.forecast_errors import Outcomes, drifting, figures
from tools.maths.weeks import closing, group_profile, rounded_like, shop_profile, weekly

EVEN = np.full(7, 1 / 7)


def test_the_examples_in_the_words_hold() -> None:
    for module in (weeks, forecast_errors):
        assert doctest.testmod(module).failed == 0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(0, 6))
def test_what_is_wholly_known_is_summed_exactly_from_the_end(days: list[int], weekday: int) -> None:
    panel = np.array([days], dtype=float)
    found = weekly(panel, np.ones(panel.shape, dtype=bool), EVEN, weekday)[0]
    last = [
        sum(days[max(0, len(days) - 7 * (back + 1)) : len(days) - 7 * back]) for back in range(len(found))
    ]
    whole = len(days) // 7
    assert found[::-1][:whole].tolist() == last[:whole]


def test_unknown_days_scale_their_week_and_too_many_make_it_unknown() -> None:
    panel = np.array([[2.0] * 14])
    known = np.ones((1, 14), dtype=bool)
    known[0, 7:9] = False
    known[0, 0:5] = False
    found = weekly(panel, known, EVEN, 0)
    assert np.isnan(found[0, 0])
    assert found[0, 1] == pytest.approx(14)
    assert rounded_like(np.array([[13.6]]), panel).tolist() == [[14.0]]
    assert rounded_like(np.array([[13.6]]), panel + 0.25).tolist() == [[13.6]]


def test_a_shop_with_quiet_days_is_not_taken_for_closed() -> None:
    chance = np.random.default_rng(3)
    found = closing((chance.random(70) < 0.5).astype(float), 0)
    assert not found.weekdays.any()
    assert not found.days.any()


def test_a_category_of_few_sales_keeps_the_shops_week() -> None:
    shop = shop_profile(np.array([1.0, 1, 1, 1, 2, 3, 0] * 10), np.ones(70, dtype=bool), 0)
    panel = np.zeros((1, 70))
    panel[0, 6] = 1.0
    own = group_profile(panel, np.ones((1, 70), dtype=bool), 0, shop)
    assert own.sum() == pytest.approx(1)
    assert own[6] < 0.02
    assert group_profile(np.zeros((1, 70)), np.ones((1, 70), dtype=bool), 0, shop) is shop


def outcomes(said: float, came: list[float]) -> Outcomes:
    rows = np.array([came, came])
    mean = np.full(rows.shape, said)
    sums = mean.sum(axis=1)
    return Outcomes(("smooth",) * 2, mean, rows, sums * 0.8, sums * 1.2, sums * 1.3)


def test_errors_lean_and_band_are_told_as_shares() -> None:
    found = figures(outcomes(12, [10, 10, 10, 10]))
    assert (found["wape"], found["bias"], found["inside"], found["series"]) == (0.2, 0.2, 1.0, 2)
    assert figures(outcomes(5, [0, 0, 0, 0]))["wape"] is None


def test_demand_that_left_its_forecast_is_told_with_its_way() -> None:
    assert drifting(outcomes(10, [20, 22, 19, 21]), 1) == ["more"]
    assert drifting(outcomes(10, [4, 5, 3, 5]), 1) == ["less"]
    assert drifting(outcomes(10, [12, 8, 11, 10]), 1) == [""]
