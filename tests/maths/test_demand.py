"""Forecasts that hold for any history: never negative, flat where flat, the same however cut."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.maths.demand import Forecast, History, backtest, forecast

MONDAY = date(2026, 1, 5)
LEVELS = (0.005, 0.025, 0.1, 0.165, 0.25, 0.5, 0.75, 0.835, 0.9, 0.975, 0.995)
values = st.lists(st.integers(0, 60), min_size=1, max_size=40)


def one(numbers: list[float], horizon: int = 6, grain: str = "W") -> Forecast:
    (found,) = forecast([History("A", np.array(numbers, dtype=float), MONDAY)], horizon=horizon, grain=grain)
    return found


@settings(max_examples=40, deadline=None)
@given(values)
def test_a_forecast_is_never_negative_and_its_quantiles_never_cross(numbers: list[int]) -> None:
    found = one(numbers)
    quantiles = found.quantiles(LEVELS)
    assert np.all(found.mean >= 0)
    assert np.all(quantiles >= 0)
    assert np.all(np.diff(quantiles, axis=1) >= 0)
    assert np.allclose(found.sum_mean, np.cumsum(found.mean))
    assert np.all(np.diff(found.sum_variance) >= 0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.integers(1, 60), st.sampled_from(["D", "W", "M"]))
def test_a_flat_history_gives_a_flat_forecast(level: int, length: int, grain: str) -> None:
    found = one([level] * length, 12, grain)
    assert np.allclose(found.mean, level)


def test_days_out_of_stock_are_not_days_without_demand() -> None:
    rng = np.random.default_rng(4)
    true = rng.poisson(8, 30).astype(float)
    seen = true.copy()
    seen[rng.choice(30, 15, replace=False)] = np.nan
    assert one(list(seen), 7, "D").mean.mean() == pytest.approx(8, rel=0.2)
    as_zeros = np.nan_to_num(seen)
    assert one(list(as_zeros), 7, "D").mean.mean() < 6


def test_what_is_wanted_over_a_lead_time_grows_with_its_length_and_its_spread() -> None:
    found = one([4, 6, 5, 3, 7, 5, 4, 6, 5, 6, 4, 5] * 3)
    plain = [found.sum_quantile(0.95, periods) for periods in (0.5, 1, 2, 3.5, 6, 9)]
    assert plain == sorted(plain)
    assert found.sum_quantile(0.95, 3, 1.0) > found.sum_quantile(0.95, 3)


def test_the_scores_say_from_how_many_past_origins_they_come() -> None:
    histories = [History("A", np.arange(40.0) % 5, MONDAY), History("B", np.array([3.0]), MONDAY)]
    (score,) = backtest(histories, horizon=4, grain="W", windows=3)
    assert score.key == "A"
    assert score.windows == 3


def test_no_series_give_no_forecasts_and_a_horizon_of_nothing_is_refused() -> None:
    assert forecast([], horizon=3, grain="W") == []
    with pytest.raises(ValueError, match="horizon"):
        forecast([History("A", np.ones(3), MONDAY)], horizon=0, grain="W")
