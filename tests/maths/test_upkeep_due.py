"""What is due when, which day spares the van, and when a drift is told."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.maths.upkeep.days import DayLoad, sparest
from tools.maths.upkeep.drift import TEMPERATURE, VOLTAGE, Reading, Signal, watch_drift
from tools.maths.upkeep.due import Clock, Pace, due, pace

TODAY = date(2026, 3, 16)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_the_pace_comes_from_the_readings_of_the_last_months() -> None:
    found = pace([Clock(ago(90), 60_000), Clock(ago(30), 63_000)], [], TODAY)
    assert found is not None
    assert (found.per_day, found.km, found.read_on) == (50.0, 64_500.0, ago(30))


def test_trips_since_the_last_reading_add_their_kilometres() -> None:
    trips = [Clock(ago(day), 80.0) for day in range(1, 20)]
    found = pace([Clock(ago(20), 61_000)], trips, TODAY)
    assert found is not None
    assert found.km == 61_000 + 19 * 80
    assert found.per_day == pytest.approx(76.0)


def test_one_reading_alone_tells_the_kilometres_and_no_pace() -> None:
    assert pace([Clock(ago(5), 61_240)], [], TODAY) == Pace(61_240, ago(5), None)
    assert pace([], [Clock(ago(5), 80)], TODAY) is None


def test_a_slip_of_the_clock_gives_way_to_the_newer_reading() -> None:
    found = pace([Clock(ago(60), 60_000), Clock(ago(40), 610_000), Clock(ago(10), 62_500)], [], TODAY)
    assert found is not None
    assert found.per_day == pytest.approx(50.0)


def test_what_comes_first_is_due() -> None:
    now = Pace(61_000, TODAY, 100.0)
    by_km = due(TODAY, now, last_km=42_000, last_day=ago(30), every_km=20_000, every_days=365)
    assert (by_km.km_left, by_km.days_left, by_km.by_km) == (1_000, 335, True)
    assert by_km.state(TODAY) == "soon"
    by_date = due(TODAY, now, last_km=60_000, last_day=ago(360), every_km=20_000, every_days=365)
    assert (by_date.days_left, by_date.on, by_date.by_km) == (5, TODAY + timedelta(days=5), False)
    over = due(TODAY, now, last_km=40_000, last_day=ago(30), every_km=20_000, every_days=365)
    assert over.state(TODAY) == "overdue"
    assert due(TODAY, None, last_km=None, last_day=None, every_km=9, every_days=9).state(TODAY) == "unknown"


@given(
    st.floats(0, 50_000),
    st.floats(1, 400),
    st.integers(0, 1_000),
    st.floats(100, 60_000),
    st.integers(1, 1_500),
)
def test_what_is_past_one_of_its_limits_is_always_overdue(
    run: float, per_day: float, days: int, every_km: float, every_days: int
) -> None:
    found = due(
        TODAY,
        Pace(50_000 + run, TODAY, per_day),
        last_km=50_000,
        last_day=ago(days),
        every_km=every_km,
        every_days=every_days,
    )
    assert (found.state(TODAY) == "overdue") == (run >= every_km or days >= every_days)
    assert found.on is not None


def test_the_emptiest_day_before_it_is_due_is_taken() -> None:
    loads = [
        DayLoad(TODAY + timedelta(days=day), orders, trips, others=1, open=is_open)
        for day, orders, trips, is_open in (
            (1, 9, 0, True),
            (2, 3, 1, True),
            (3, 4, 0, True),
            (4, 4, 0, True),
            (5, 0, 0, False),
            (8, 1, 0, True),
        )
    ]
    latest = TODAY + timedelta(days=5)
    assert sparest(loads, latest) == loads[2]
    assert sparest(loads, None) == loads[5]
    assert sparest(loads, TODAY) == loads[0]
    assert sparest([loads[4]], None) is None


def readings(signal: Signal, drift: float, *, season: bool = True, seed: int = 1) -> list[Reading]:
    """A year of mornings; in the last sixty days the value moves by ``drift`` in all."""
    chance = np.random.default_rng(seed)
    found = []
    for day in range(365):
        ambient = 10.0 - 10.0 * np.cos(2 * np.pi * (day + 200) / 365) + chance.normal(0, 2)
        spread = 3 * signal.least_spread
        value = 12.6 + signal.per_degree * (ambient - 15.0) + chance.normal(0, spread)
        value += drift * max(0, day - 304) / 60
        found.append(Reading(ago(364 - day), float(value), float(ambient) if season else None))
    return found


def test_a_battery_that_fades_is_found_weeks_ahead() -> None:
    found = watch_drift(readings(VOLTAGE, -0.6), VOLTAGE)
    assert found is not None
    assert found.found is not None
    assert (TODAY - found.found).days >= 21


def test_a_sound_battery_is_no_alarm_in_any_season() -> None:
    for seed in range(20):
        found = watch_drift(readings(VOLTAGE, 0.0, seed=seed), VOLTAGE)
        assert found is not None
        assert found.found is None


def test_an_engine_that_runs_hotter_is_found_and_one_that_runs_cooler_is_not() -> None:
    hot, cool = (watch_drift(readings(TEMPERATURE, move), TEMPERATURE) for move in (15.0, -15.0))
    assert hot is not None
    assert cool is not None
    assert (hot.found is not None, cool.found is not None) == (True, False)


def test_one_wrong_reading_is_no_drift() -> None:
    sound = readings(VOLTAGE, 0.0)
    wrong = [*sound[:-1], Reading(sound[-1].day, 1.2, sound[-1].ambient)]
    found = watch_drift(wrong, VOLTAGE)
    assert found is not None
    assert found.found is None


def test_few_readings_are_no_baseline() -> None:
    few = watch_drift(readings(VOLTAGE, 0.0)[:8], VOLTAGE)
    assert few is not None
    assert (few.usual, few.found, few.baseline) == (None, None, 8)
    assert watch_drift([], VOLTAGE) is None
