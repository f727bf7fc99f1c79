"""Forecasts that hold for any history: never negative, flat where flat, the same however cut."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.maths.demand import Forecast, History, Settings, backtest, forecast

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


def with_promotions(rows: int, effect: float) -> list[History]:
    """Weekly series with a promotion in some weeks, the last of them to come."""
    rng = np.random.default_rng(7)
    found = []
    for row in range(rows):
        promotion = (rng.uniform(size=78) < 0.25).astype(float)
        level = rng.uniform(20, 60)
        sold = rng.poisson(level * np.exp(effect * promotion)).astype(float)
        found.append(History(f"P{row}", sold[:72], MONDAY, {"promotion": promotion}))
    return found


def test_a_promotion_that_is_known_in_advance_lifts_its_weeks() -> None:
    histories = with_promotions(8, 1.0)
    found = forecast(histories, horizon=6, grain="W")
    plans = np.array([one.covariates["promotion"][72:] for one in histories])
    means = np.array([one.mean for one in found])
    usual = np.array([one.values.mean() for one in histories])[:, None]
    assert "plan" in found[0].model
    assert (means / usual)[plans == 1].mean() > 1.6
    assert (means / usual)[plans == 0].mean() < 1.0


def test_a_plan_that_changes_nothing_is_left_out() -> None:
    found = forecast(with_promotions(8, 0.0), horizon=6, grain="W")
    assert "plan" not in found[0].model


def test_the_numbers_do_not_depend_on_the_company_a_chunk_travels_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    histories = [
        History(f"S{row}", rng.poisson(rng.uniform(0.1, 9), rng.integers(5, 60)).astype(float), MONDAY)
        for row in range(40)
    ]
    whole = forecast(histories, horizon=4, grain="W")
    monkeypatch.setattr("tools.maths.demand.pipeline.CHUNK", 7)
    for one, other in zip(whole, forecast(histories, horizon=4, grain="W"), strict=True):
        assert np.array_equal(one.mean, other.mean)
        assert np.array_equal(one.sum_variance, other.sum_variance)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=10, max_size=40), st.sampled_from([2.0, 10.0]))
def test_ten_times_the_demand_gives_ten_times_the_forecast(numbers: list[int], factor: float) -> None:
    small, large = one(numbers), one([value * factor for value in numbers])
    assert np.allclose(large.mean, small.mean * factor, rtol=0.02, atol=1e-6)


def test_a_new_product_sells_like_those_that_are_like_it() -> None:
    rng = np.random.default_rng(5)
    mugs = [
        History(
            f"M{row}", rng.poisson(20, 40).astype(float), MONDAY, name=f"red mug number {word}", price=8.0
        )
        for row, word in enumerate(
            ["ant", "bee", "cow", "dog", "elk", "fox", "gnu", "hen", "owl", "pig", "rat"]
        )
    ]
    lamps = [
        History(f"L{row}", rng.poisson(2, 40).astype(float), MONDAY, name=f"brass lamp {word}", price=90.0)
        for row, word in enumerate(["tall", "wide", "low", "old"])
    ]
    nothing = History("NEW", np.zeros(0), MONDAY, name="blue mug", price=9.0)
    week = History("WEEK", np.array([40.0]), MONDAY, name="green mug", price=9.0)
    found = {one.key: one for one in forecast([*mugs, *lamps, nothing, week], horizon=4, grain="W")}
    assert found["NEW"].mean[0] == pytest.approx(20, rel=0.1)
    assert 20 < found["WEEK"].mean[0] < 40
    assert "similar products" in found["NEW"].note
    assert found["NEW"].sum_variance[3] > found["M0"].sum_variance[3]


def test_a_shop_that_is_closed_on_sundays_sells_nothing_on_sundays() -> None:
    rng = np.random.default_rng(2)
    sold = rng.poisson(9, 70).astype(float)
    sold[6::7] = np.nan
    found = one(list(sold), 14, "D")
    assert np.all(found.mean[[6, 13]] == 0)
    assert found.mean[:6].mean() == pytest.approx(9, rel=0.15)


def test_busy_saturdays_stay_busy() -> None:
    rng = np.random.default_rng(2)
    sold = rng.poisson(np.tile([5, 5, 5, 5, 5, 20, 5], 12)).astype(float)
    found = one(list(sold), 7, "D")
    assert found.mean[5] > 2 * found.mean[:5].max()


def test_a_plan_that_does_not_reach_the_horizon_is_refused() -> None:
    short = History("A", np.ones(20), MONDAY, {"promotion": np.zeros(20)})
    with pytest.raises(ValueError, match="promotion has 20 numbers"):
        forecast([short], horizon=3, grain="W")


def test_a_quick_forecast_without_past_windows_has_a_spread_too() -> None:
    rng = np.random.default_rng(1)
    history = History("A", rng.poisson(6, 40).astype(float), MONDAY)
    (found,) = forecast([history], horizon=3, grain="W", settings=Settings(windows=0, boost=False))
    assert found.errors is None
    assert found.quantiles([0.95])[0, 0] > found.mean[0]


def test_one_wild_week_at_the_end_does_not_become_every_week() -> None:
    usual = [5, 3, 8, 2, 4, 3, 10, 12, 3, 4] * 4
    calm, wild = one([float(x) for x in usual], 4), one([float(x) for x in [*usual, 196]], 4)
    assert wild.mean[0] < 4 * calm.mean[0]
