"""The life of parts, when to change them, and what drifts: the textbooks' own examples and plain checks.

B: Barlow and Hunter, Optimum Preventive Maintenance Policies, Operations Research 8, 1960.
R: ReliaSoft, System Analysis Reference, "Determining preventive maintenance optimal replacement time".
M: Montgomery, Introduction to Statistical Quality Control, 6th edition 2009, section 9.1.
"""

from __future__ import annotations

from math import erf, exp, inf, log, pi, sqrt

import numpy as np
import pytest
from scipy import integrate, stats

from tools.maths.upkeep.drift import cumulative
from tools.maths.upkeep.parts import PARTS
from tools.maths.upkeep.replacement import best_age, cost_per_km, mean_km
from tools.maths.upkeep.weibull import Life, Prior, Weibull, fit

# M, table 9.1: 20 samples of a process at its target of 10, then 10 after it has moved to 11.
MONTGOMERY = (
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08,
    9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52,
)  # fmt: skip


def test_the_reference_example_of_age_replacement_gives_its_age() -> None:
    # R: shape 2.5, life 1,000 h, a failure costs 5 and a planned change 1: 493.0470 h.
    assert best_age(Weibull(2.5, 1000.0), 1.0, 5.0) == pytest.approx(493.0470, abs=1e-3)


def test_the_mean_life_of_a_rayleigh_law_has_its_closed_form() -> None:
    law = Weibull(2.0, 1.0)
    assert mean_km(law, inf) == pytest.approx(sqrt(pi) / 2)
    assert mean_km(law, 0.7) == pytest.approx(sqrt(pi) / 2 * erf(0.7))
    assert cost_per_km(law, 0.7, 1.0, 4.0) == pytest.approx(
        (exp(-0.49) + 4 * (1 - exp(-0.49))) / (sqrt(pi) / 2 * erf(0.7))
    )


@pytest.mark.parametrize("shape", [1.2, 1.8, 2.8, 3.5, 4.0])
@pytest.mark.parametrize("failure", [1.6, 2.9, 10.0])
def test_no_other_age_costs_less_than_the_best(shape: float, failure: float) -> None:
    law = Weibull(shape, 50_000.0)
    best = best_age(law, 1.0, failure)
    least = cost_per_km(law, best, 1.0, failure)
    ages = [*np.linspace(1_000, 250_000, 500), inf]
    assert least <= min(cost_per_km(law, age, 1.0, failure) for age in ages) + 1e-12


def test_waiting_for_the_failure_is_best_where_age_or_cost_say_so() -> None:
    assert best_age(Weibull(1.0, 1000.0), 1.0, 9.0) == inf  # B: a constant hazard is never replaced
    assert best_age(Weibull(3.0, 1000.0), 1.0, 1.0) == inf
    assert best_age(Weibull(0.7, 1000.0), 1.0, 9.0) == inf


def test_the_mean_km_are_the_integral_of_the_survival() -> None:
    law = Weibull(3.5, 45_000.0)
    found, _ = integrate.quad(law.surviving, 0, 31_000)
    assert mean_km(law, 31_000.0) == pytest.approx(found)


def test_without_a_log_the_makers_figures_stand() -> None:
    fitted = fit([], Prior(3.5, 45_000.0))
    assert (fitted.law.shape, fitted.law.life) == pytest.approx((3.5, 45_000.0), rel=1e-3)
    assert (fitted.failures, fitted.lives) == (0, 0)


def test_a_long_log_wins_over_a_prior_that_is_far_off() -> None:
    drawn = stats.weibull_min.rvs(3.0, scale=60_000, size=400, random_state=2)
    lives = [Life(min(km, 55_000.0), km < 55_000.0) for km in drawn]
    fitted = fit(lives, Prior(2.0, 40_000.0))
    assert fitted.law.shape == pytest.approx(3.0, rel=0.1)
    assert fitted.law.life == pytest.approx(60_000.0, rel=0.05)


def test_a_wide_prior_gives_the_maximum_likelihood_of_the_library() -> None:
    drawn = stats.weibull_min.rvs(2.5, scale=30_000, size=60, random_state=4)
    km, running = np.minimum(drawn, 35_000.0), drawn >= 35_000.0
    shape, _, life = stats.weibull_min.fit(stats.CensoredData.right_censored(km, running), floc=0)
    lives = [Life(float(one), not still) for one, still in zip(km, running, strict=True)]
    fitted = fit(lives, Prior(2.0, 40_000.0, 50.0, 50.0))
    assert (fitted.law.shape, fitted.law.life) == pytest.approx((shape, life), rel=2e-3)


def test_the_mode_is_where_the_posterior_is_highest() -> None:
    lives = [Life(30_000.0, False), Life(41_000.0, True), Life(12_000.0, False)]
    prior = Prior(3.5, 45_000.0)

    def posterior(shape: float, life: float) -> float:
        found = -((log(shape / 3.5) / 0.25) ** 2 + (log(life / 45_000) / 0.30) ** 2) / 2
        for one in lives:
            law = stats.weibull_min(shape, scale=life)
            found += law.logpdf(one.km) + log(one.km) if one.failed else law.logsf(one.km)
        return float(found)

    law = fit(lives, prior).law
    best = posterior(law.shape, law.life)
    for shape in (0.97, 1.03):
        assert posterior(law.shape * shape, law.life) < best
        assert posterior(law.shape, law.life * shape) < best


def test_parts_that_outlive_the_makers_word_lengthen_the_life() -> None:
    prior = Prior(3.5, 45_000.0)
    longer = fit([Life(52_000.0, False)] * 4, prior).law
    shorter = fit([Life(25_000.0, True)] * 4, prior).law
    assert shorter.life < 45_000 < longer.life


def test_the_chance_of_failing_grows_with_age_and_stays_a_chance() -> None:
    fitted = fit([Life(41_000.0, True)], Prior(3.5, 45_000.0))
    chances = [fitted.failing(age, 3_000.0) for age in range(0, 90_001, 10_000)]
    assert chances == sorted(chances)
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    law = Weibull(2.0, 10_000.0)
    assert law.failing(5_000.0, 3_000.0) == pytest.approx(1 - exp(-(0.64 - 0.25)))


def test_the_sum_follows_the_textbooks_table() -> None:
    # M, table 9.2: target 10, sigma 1, k = 0.5, h = 5: the sum passes h at sample 29 with 5.28.
    sums = cumulative([value - 10.0 for value in MONTGOMERY], 0.5)
    assert sums[:5] == pytest.approx([0, 0, 0, 1.16, 2.82])
    assert next(number for number, score in enumerate(sums, 1) if score > 5.0) == 29
    assert sums[28] == pytest.approx(5.28)


def test_the_run_to_a_false_alarm_is_as_long_as_the_textbook_says() -> None:
    # M, table 9.3 (two-sided, k = 0.5, h = 4): 168 samples; one side alone takes twice as long.
    chance = np.random.default_rng(3)
    runs = []
    for _ in range(400):
        score = length = 0.0
        while score <= 4.0:
            score = max(0.0, score + chance.normal() - 0.5)
            length += 1
        runs.append(length)
    assert np.mean(runs) == pytest.approx(336, rel=0.15)


def test_the_list_of_parts_is_sound() -> None:
    for part in PARTS.values():
        assert part.every_km or part.every_days or part.wears, part.code
        assert part.failure_cost >= part.planned_cost > 0
        if part.wears and part.every_km and part.life_km:
            assert 0.5 * part.life_km <= part.every_km <= 0.8 * part.life_km, part.code
