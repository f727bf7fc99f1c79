"""When to buy and how much: what holds for every item, and cases that a person can check by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tools.maths.demand.laws import chances
from tools.maths.replenishment.items import Arrival, Item
from tools.maths.replenishment.lead_time import LeadTime, Receipt, learn
from tools.maths.replenishment.outlook import Outlook, Override, steady
from tools.maths.replenishment.policy import Decision, Policy, decide, newsvendor_level
from tools.maths.replenishment.shortfall import expected_beyond

TODAY = date(2026, 3, 2)
WEEKLY = Policy(review_days=7)
rates = st.floats(0.02, 60)
ratios = st.floats(0.2, 8)


def mug(rate: float = 2.0, ratio: float = 1.5, **changes: object) -> Item:
    usual = Item("MUG", steady(rate, rate * ratio, TODAY), LeadTime(10.0, 2.0), unit_cost=4.0, price=9.0)
    return replace(usual, **changes)


def decided(item: Item, policy: Policy = WEEKLY) -> Decision:
    return decide([item], policy, TODAY)[0]


def test_days_weeks_and_months_add_up() -> None:
    profile = (0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.0)
    seen = Outlook(TODAY, (7.0, 14.0, 21.0, 28.0, 10.0), (5.0, 12.0, 20.0, 30.0, 42.0), profile)
    days = [seen.between(TODAY + timedelta(days=day), TODAY + timedelta(days=day)).mean for day in range(35)]
    assert sum(days) == pytest.approx(80.0)
    assert sum(days[:7]) == pytest.approx(7.0)
    assert days[5] == pytest.approx(2.8)
    assert days[6] == 0
    assert seen.between(date(2026, 3, 1), date(2026, 3, 31)).mean == pytest.approx(sum(days[:30]))
    assert seen.law(0, 14).variance == pytest.approx(12.0)
    assert sum(seen.daily(0, 35)) == pytest.approx(80.0)


def test_beyond_the_horizon_the_last_weeks_go_on() -> None:
    seen = Outlook(TODAY, (10.0,) * 4, (9.0, 20.0, 33.0, 48.0))
    assert seen.mean(0, 700) == pytest.approx(1000.0)
    assert seen.variance(0, 56) == pytest.approx(48 * 2**1.5)


def test_a_persons_figure_replaces_the_days_it_is_for() -> None:
    seen = Outlook(TODAY, (7.0,) * 8, tuple(9.0 * week for week in range(1, 9)))
    raised = replace(seen, overrides=(Override(TODAY, TODAY + timedelta(days=6), 21.0),))
    assert raised.mean(0, 7) == pytest.approx(21.0)
    assert raised.mean(7, 14) == pytest.approx(7.0)
    assert raised.variance(0, 7) == pytest.approx(9.0 * 9)
    assert seen.times(1.3).mean(0, 20) == pytest.approx(1.3 * seen.mean(0, 20))
    december = seen.times(1.5, TODAY + timedelta(days=7), TODAY + timedelta(days=13))
    assert december.mean(0, 21) == pytest.approx(7 + 10.5 + 7)


@given(st.lists(st.floats(0, 50), min_size=2, max_size=12), st.integers(0, 80), st.integers(1, 60))
def test_a_stretch_is_as_unsure_wherever_the_mean_is_the_same(
    weeks: list[float], start: int, days: int
) -> None:
    seen = Outlook(TODAY, tuple(weeks), tuple(2.0 * k * k for k in range(1, len(weeks) + 1)))
    assert seen.variance(start, start + days) >= 0
    assert seen.mean(start, start + days) == pytest.approx(float(seen.daily(start, days).sum()), abs=1e-6)


@given(rates, ratios, st.floats(-1, 200), st.sampled_from(["counts", "amounts"]))
def test_what_is_wanted_beyond_the_stock_agrees_with_summing_it_up(
    mean: float, ratio: float, stock: float, kind: str
) -> None:
    found = float(expected_beyond(mean, mean * ratio, stock, kind))
    if kind == "amounts":
        edges = np.linspace(max(stock, 0), max(stock, 0) + 60 * (mean + ratio), 200_001)
        summed = float(np.trapezoid(1 - chances(mean, mean * ratio, edges, kind), edges)) + max(-stock, 0)
        assert found == pytest.approx(summed, rel=1e-2, abs=1e-3)
    elif ratio > 1.01:
        law = stats.nbinom(mean / (ratio - 1), 1 / ratio)
        most = int(law.ppf(1 - 1e-12)) + 2
        demand = np.arange(most)
        assert found == pytest.approx(
            float((np.maximum(demand - stock, 0) * law.pmf(demand)).sum()), abs=1e-6
        )


def test_the_decision_says_why() -> None:
    found = decided(mug(rate=1.0, ratio=1.0, on_hand=8, lead=LeadTime(10.0, 0.0)))
    assert found.reorder_point == stats.poisson.ppf(0.95, 17)
    assert found.why == "position 8 ≤ reorder point 24: demand over 10 + 7 days 17 ± 4.1 at 95 %"
    assert found.quantity == 16
    assert found.arrives_on == date(2026, 3, 12)
    assert found.risk == pytest.approx(stats.poisson.sf(8, 10))
    assert found.short == pytest.approx(float(expected_beyond(10.0, 10.0, 8.0)))
    assert found.money_at_risk == pytest.approx(found.short * 5.0)


def test_with_enough_stock_nothing_is_bought() -> None:
    found = decided(mug(on_hand=500, moq=100))
    assert (found.needed, found.quantity) == (0, 0)
    assert " > reorder point " in found.why


def test_goods_that_come_after_the_protection_time_do_not_count() -> None:
    near, far = mug(on_order=(Arrival(16, 40),)), mug(on_order=(Arrival(18, 40),))
    assert decided(near).position == 40
    assert (decided(far).position, decided(far).too_late) == (0, 40)
    assert decided(far).quantity > decided(near).quantity


@given(rates, ratios, st.floats(0.5, 0.99), st.floats(0.001, 0.009))
def test_the_reorder_point_grows_with_the_service_level(
    rate: float, ratio: float, level: float, more: float
) -> None:
    low, high = mug(rate, ratio, service_level=level), mug(rate, ratio, service_level=level + more)
    assert decided(low).reorder_point <= decided(high).reorder_point


@given(rates, ratios, st.floats(1, 60), st.floats(0.1, 30))
def test_the_reorder_point_grows_with_the_lead_time(
    rate: float, ratio: float, days: float, more: float
) -> None:
    short, long = (
        mug(rate, ratio, lead=LeadTime(days, 1.0)),
        mug(rate, ratio, lead=LeadTime(days + more, 1.0)),
    )
    assert decided(short).reorder_point <= decided(long).reorder_point


@given(rates, ratios, st.floats(0, 10), st.floats(0.1, 10))
def test_the_reorder_point_grows_with_the_spread_of_amounts(
    rate: float, ratio: float, spread: float, more: float
) -> None:
    seen = steady(rate, rate * ratio, TODAY, "real")
    sure = mug(outlook=seen, lead=LeadTime(10.0, spread))
    unsure = mug(outlook=seen, lead=LeadTime(10.0, spread + more))
    assert decided(sure).reorder_point < decided(unsure).reorder_point


@given(
    rates,
    st.integers(-20, 300),
    st.sampled_from([1.0, 6.0, 12.0, 2.5]),
    st.sampled_from([0.0, 10.0, 50.0]),
    st.one_of(st.none(), st.floats(2, 90)),
)
def test_a_proposal_covers_the_need_in_packs_unless_goods_would_go_off(
    rate: float, available: int, pack: float, least: float, life: float | None
) -> None:
    found = decided(
        mug(
            rate,
            on_hand=max(available, 0),
            reserved=max(-available, 0),
            pack_size=pack,
            moq=least,
            shelf_life_days=life,
        )
    )
    assert found.quantity / pack == pytest.approx(round(found.quantity / pack))
    assert found.quantity == 0 or found.quantity >= least
    assert (found.quantity > 0) <= (found.needed > 0)
    assert found.quantity >= found.needed - 1e-6 or found.limits
    assert found.position + found.quantity >= found.reorder_point - 1e-6 or found.limits


def test_a_minimum_is_no_reason_to_buy_what_nobody_wants() -> None:
    assert decided(mug(rate=0.0, moq=100)).quantity == 0


def test_fresh_goods_are_bought_for_their_shelf_life_only() -> None:
    milk = mug(rate=10, lead=LeadTime(1.0, 0.0), shelf_life_days=3)
    found = decided(milk)
    assert found.order_up_to == 40
    assert found.quantity == 40
    assert found.limits == ("shelf life 3 days: 40 can be sold in time",)


def test_a_box_that_would_mostly_go_off_is_not_bought_and_one_that_pays_is() -> None:
    slow = mug(rate=0.5, lead=LeadTime(1.0, 0.0), shelf_life_days=5, pack_size=24)
    assert decided(slow).quantity == 0
    assert "go off" in decided(slow).limits[-1]
    assert decided(replace(slow, unit_cost=0.5)).quantity == 24


def test_goods_bought_to_order_only_cover_what_is_promised() -> None:
    assert decided(mug(stocked=False)).quantity == 0
    assert decided(mug(stocked=False, on_hand=1, reserved=4)).quantity == 3


def test_costly_orders_are_larger() -> None:
    often = decided(mug(rate=3, on_hand=0))
    seldom = decided(mug(rate=3, on_hand=0), Policy(7, order_cost=40.0))
    assert seldom.reorder_point == often.reorder_point
    assert seldom.order_up_to > often.order_up_to
    assert decided(mug(rate=3), Policy(7, cover_days=28)).order_up_to == often.reorder_point + 63


def test_the_margin_tells_a_service_level() -> None:
    assert newsvendor_level(mug(), 14) == pytest.approx(5 / (5 + 4 * 0.25 * 14 / 365))
    assert newsvendor_level(mug(price=None), 14) is None
    assert newsvendor_level(mug(price=4.0), 14) is None


def test_the_dearer_tier_is_never_paid_and_the_cheaper_never_below_its_minimum() -> None:
    item = mug(price_tiers=((1, 4.0), (50, 3.5), (100, 3.0)))
    assert [item.cost_of_one(quantity) for quantity in (1, 49, 50, 99, 100, 1000)] == [4, 4, 3.5, 3.5, 3, 3]
    assert mug().cost_of_one(7) == 4.0


def test_few_receipts_are_drawn_to_what_the_supplier_states() -> None:
    one, many = learn([Receipt(20.0)], 10.0), learn([Receipt(20.0)] * 24, 10.0)
    assert 10 < one.mean_days < 13
    assert 18 < many.mean_days < 20
    assert learn([], None).words == "7 ± 1.4 days, from no record: a guess"
    assert one.words == "12.5 ± 4.7 days, from 1 receipt and the 10 days stated"


def test_a_supplier_that_spreads_is_told_from_one_that_does_not() -> None:
    steady_one = learn([Receipt(10.0, promised=10.0)] * 12, 10.0)
    wild = learn([Receipt(4.0, promised=10.0), Receipt(16.0, promised=10.0)] * 6, 10.0)
    assert wild.mean_days == pytest.approx(steady_one.mean_days)
    assert wild.sd_days > 3 * steady_one.sd_days
    assert (steady_one.on_time, wild.on_time) == (1.0, 0.5)
    assert wild.later_than(10) > 0.3
    assert steady_one.within(0.95) < wild.within(0.95)
