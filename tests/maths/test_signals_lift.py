"""What bursts did to sales: rules learnt, the gate, orders in the invented shop, and things not carried."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.maths.signals.bursts import shrunk_rate, surprises
from tools.maths.signals.lift import PRIOR, WEEK, Rule, Stretch, gate, learnt, lifted, one_step, saved
from tools.maths.signals.simulator import BUSY, Orders, Setting, served, weekly, world
from tools.maths.signals.stocking import Carried, worth_stocking


def stretch(setting: Setting, seed: int) -> Stretch:
    drawn = world(setting, np.random.default_rng([seed, setting.lead]))
    weeks, history = weekly(drawn.wanted), setting.history
    rate = shrunk_rate(drawn.said[:, :history].sum(axis=1), float(history))
    return Stretch(one_step(weeks), weeks, surprises(drawn.said, rate), history // WEEK)


def flat(weeks: int = 12, level: float = 10.0, burst: int | None = 40) -> Stretch:
    surprise = np.zeros((1, weeks * WEEK))
    if burst is not None:
        surprise[0, burst] = 9.0
    said = np.full((1, weeks), level)
    return Stretch(said, said.copy(), surprise)


# -- the rule ----------------------------------------------------------------------------------------


def test_a_burst_raises_the_weeks_after_it_and_no_others() -> None:
    found = lifted(flat(), Rule(1.5, 14, 3.0))[0]
    # Day 40 is in the sixth week: its rule holds on days 41 to 54.
    assert found[:6].tolist() == [10.0] * 6
    assert found[6] == found[6:8].max() == pytest.approx(15.0)
    assert found[7] == pytest.approx(10 * (1 + 0.5 * 6 / 7))
    assert found[8:].tolist() == [10.0] * 4


def test_a_forecast_that_caught_up_by_itself_is_not_raised_again() -> None:
    one = flat()
    caught_up = np.where(np.arange(12) >= 7, 16.0, 10.0)[None, :]
    found = lifted(Stretch(caught_up, one.came, one.surprise), Rule(1.5, 28, 3.0))[0]
    assert found[7:].tolist() == [16.0] * 5


@given(st.floats(1.0, 3.0), st.integers(7, 28), st.integers(0, 83))
def test_a_rule_never_lowers_a_forecast_nor_lifts_it_beyond_its_multiple(
    lift: float, days: int, day: int
) -> None:
    found = lifted(flat(burst=day), Rule(lift, days, 3.0))
    assert (found >= 10 - 1e-9).all() and (found <= 10 * lift + 1e-9).all()


def test_weeks_that_nobody_knows_judge_nothing() -> None:
    one = flat()
    unknown = np.where(np.arange(12) == 6, np.nan, 10.0)[None, :]
    assert saved(Stretch(one.said, unknown, one.surprise), Rule(2.0, 7, 3.0)) == (0.0, 0.0)


# -- the gate ----------------------------------------------------------------------------------------


def test_talk_that_comes_before_the_demand_opens_the_gate() -> None:
    found = gate([stretch(Setting(voices=BUSY, lead=10), seed) for seed in range(4)])
    assert found.state == "open" and found.gain > 0.0125
    assert 1.2 <= found.rule.lift <= 2.0
    assert found.figures["bursts"] == found.bursts > 8


@pytest.mark.parametrize("setting", [Setting(placebo=True), Setting(lead=0)])
def test_talk_of_other_products_or_without_a_lead_leaves_it_shut(setting: Setting) -> None:
    assert gate([stretch(setting, seed) for seed in range(4)]).state == "shut"


def test_with_few_bursts_nothing_is_proven_and_the_prior_stands_in() -> None:
    found = gate([flat(), flat(burst=None), flat()])
    assert found.state == "unproven" and found.rule == PRIOR and found.gain == 0


def test_what_is_learnt_from_few_bursts_stays_near_the_prior() -> None:
    twice = flat()
    came = np.where((np.arange(12) >= 6) & (np.arange(12) < 10), 20.0, 10.0)[None, :]
    rule = learnt([Stretch(twice.said, came, twice.surprise)])
    assert PRIOR.lift < rule.lift < 1.4


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 1000))
def test_the_order_of_the_products_does_not_matter(seed: int) -> None:
    one = stretch(Setting(products=12), seed)
    rows = np.random.default_rng(seed).permutation(12)
    other = Stretch(one.said[rows], one.came[rows], one.surprise[rows], one.judged)
    assert saved(one, PRIOR) == pytest.approx(saved(other, PRIOR))


# -- the invented shop -------------------------------------------------------------------------------


def test_a_world_is_the_same_from_the_same_seed() -> None:
    one, other = (world(Setting(), np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one.wanted, other.wanted) and np.array_equal(one.said, other.said)


def test_what_is_lost_and_sold_is_what_was_wanted_and_a_right_forecast_loses_little() -> None:
    wanted = np.random.default_rng(1).poisson(5.0, (20, 200)).astype(float)
    right = served(wanted, np.full_like(wanted, 5.0), Orders())
    low = served(wanted, np.full_like(wanted, 3.0), Orders())
    assert (right.lost <= wanted).all() and (right.held >= 0).all()
    assert right.lost.sum() / wanted.sum() < 0.05 < low.lost.sum() / wanted.sum()


def test_smoothing_forecasts_a_steady_demand_exactly_and_leaves_unknown_weeks_out() -> None:
    weeks = np.full((1, 20), 6.0)
    weeks[0, 9] = np.nan
    assert one_step(weeks)[0].tolist() == [6.0] * 20


# -- things that are not carried ---------------------------------------------------------------------

SHELF = (
    Carried("OAT", "Oat Flakes 500g", "Cereal", np.array([2.0, 2.0]), 2.0),
    Carried("MLK", "Whole Milk 1l", "Dairy", np.array([30.0, 34.0]), 1.1),
    Carried("SKM", "Skimmed Milk 1l", "Dairy", np.array([20.0, 20.0]), 1.0),
    Carried("MUG", "Red Mug 350ml", "Mugs", np.array([4.0, 4.0]), 9.0),
)


def test_a_wish_is_taken_from_what_is_like_it_with_its_doubt() -> None:
    found = worth_stocking("goat milks", "", SHELF, weeks=4)
    assert found is not None
    assert set(found.like) == {"MLK", "SKM"} and 80 <= found.mean <= 128
    assert found.low < found.mean < found.high
    assert found.price == pytest.approx(1.05)


def test_a_wish_like_nothing_on_the_shelf_says_so() -> None:
    found = worth_stocking("bicycle pump", "", SHELF)
    assert found is not None and found.like == () and found.alike == 0
    assert worth_stocking("bicycle pump", "", ()) is None


def test_the_order_of_the_shelf_does_not_change_the_estimate() -> None:
    one, other = (worth_stocking("oat milk", "", shelf) for shelf in (SHELF, SHELF[::-1]))
    assert one is not None and other is not None
    assert one.mean == pytest.approx(other.mean) and set(one.like) == set(other.like)
