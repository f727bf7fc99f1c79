"""Possible futures: they follow the forecast, lose nothing, and answer "what if"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tools.maths.replenishment import Arrival, Item, LeadTime, Outlook, Policy, steady
from tools.maths.replenishment.paths import daily_paths
from tools.maths.replenishment.simulate import Futures, simulate
from tools.maths.replenishment.what_if import Change, newcomer, what_if

TODAY = date(2026, 3, 2)
POLICY = Policy(review_days=7)


def mug(sku: str = "MUG", rate: float = 2.0, **changes: object) -> Item:
    usual = Item(
        sku,
        steady(rate, rate * 1.5, TODAY),
        LeadTime(10.0, 2.0),
        "ACME",
        on_hand=60,
        unit_cost=4.0,
        price=9.0,
    )
    return replace(usual, **changes)


@pytest.mark.parametrize("kind", ["counts", "amounts"])
@pytest.mark.parametrize("growth", [0.0, 3.0])
def test_paths_have_the_mean_and_the_spread_of_the_forecast(kind: str, growth: float) -> None:
    profile = (0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.0)
    variances = tuple(20.0 * week + growth * week * week for week in range(1, 9))
    seen = Outlook(TODAY, (10.0,) * 8, variances, profile, kind)
    drawn = daily_paths(seen, np.random.default_rng(1), 20_000, 0, 56)
    assert drawn.mean(axis=0)[:7] == pytest.approx([1, 1, 1, 1, 2, 4, 0], abs=0.15)
    assert drawn.sum(axis=1).mean() == pytest.approx(80, rel=0.02)
    assert drawn.sum(axis=1).var() == pytest.approx(variances[-1], rel=0.06)
    assert drawn[:, :7].sum(axis=1).var() == pytest.approx(variances[0], rel=0.08)
    assert np.all(drawn >= 0)
    if kind == "counts":
        assert np.all(drawn == np.round(drawn))


def test_in_every_future_what_came_is_sold_left_or_gone_off() -> None:
    items = [
        mug(on_order=(Arrival(3, 12),), pack_size=6.0),
        mug("MILK", 5.0, shelf_life_days=4, lead=LeadTime(1.0, 0.0)),
    ]
    found = simulate(items, Policy(2), TODAY, Futures(40, 200))
    assert np.all(found.sold <= found.wanted)
    assert np.all(found.wasted[0] == 0)
    assert found.wasted[1].sum() > 0
    assert np.all(found.sold + found.wasted <= 72 + found.bought)
    assert np.all(found.bought[0] % 6 == 0)
    again = simulate(items, Policy(2), TODAY, Futures(40, 200))
    assert np.array_equal(found.sold, again.sold)


def test_the_service_level_that_is_promised_is_reached() -> None:
    levels = (0.80, 0.95, 0.99)
    items = [mug(str(level), 3.0, service_level=level, on_hand=80) for level in levels]
    found = simulate(items, POLICY, TODAY, Futures(364, 300))
    cycles = 1 - found.out.mean(axis=1) / 364
    assert np.all(np.diff(found.fill_rate) > 0)
    assert np.all(np.diff(found.stock.mean(axis=1)) > 0)
    assert np.all(cycles > np.array(levels))
    assert found.fill_rate[1] > 0.97


def test_an_empty_shop_sells_nothing_until_goods_come() -> None:
    found = simulate([mug(on_hand=0, lead=LeadTime(10.0, 0.0))], POLICY, TODAY, Futures(10, 50))
    assert found.sold.sum() == 0
    assert found.risk[0] == 1
    assert found.profit.sum() == 0


def test_longer_deliveries_cost_money_and_more_so_as_a_surprise() -> None:
    items = [mug("MUG"), mug("BOWL", 0.3), mug("OTHER", 2.0, supplier="ZEN")]
    late = Change(lead_days=14)
    changed = [late.of(item) if item.supplier == "ACME" else item for item in items]
    known = what_if(items, changed, POLICY, TODAY, Futures(120, 300))
    surprised = what_if(items, changed, POLICY, TODAY, Futures(120, 300), surprise=True)
    assert [effect.difference for effect in known.effects() if effect.item.sku == "OTHER"] == [0]
    assert known.effects()[0].item.sku == "MUG"
    assert known.effects()[0].difference < 0
    mean, low, high = surprised.difference()
    assert low <= mean <= high
    assert mean < known.difference()[0]


def test_more_demand_sells_more_on_the_days_it_is_for() -> None:
    item = mug(on_hand=5000)
    december = Change(demand=1.3, first=date(2026, 3, 9), last=date(2026, 3, 15)).of(item)
    assert december.outlook.mean(0, 7) == pytest.approx(14)
    assert december.outlook.mean(7, 14) == pytest.approx(18.2)
    compared = what_if([item], [december], POLICY, TODAY, Futures(28, 2000))
    assert compared.after.sold.mean() - compared.before.sold.mean() == pytest.approx(4.2, abs=0.8)


def test_nothing_changed_changes_nothing() -> None:
    items = [mug(), mug("BOWL", 0.5)]
    assert what_if(
        items, [Change().of(item) for item in items], POLICY, TODAY, Futures(60, 100)
    ).difference() == (0, 0, 0)


def test_a_new_product_is_like_its_model_but_less_sure() -> None:
    new = newcomer(mug(), "NEW", share=0.5)
    assert new.on_hand == 0
    assert new.outlook.mean(0, 28) == pytest.approx(28)
    assert new.outlook.variance(0, 28) > 4 * mug().outlook.variance(0, 28)


def test_futures_buy_a_box_that_pays_though_some_of_it_goes_off() -> None:
    slow = mug(rate=0.5, on_hand=0, lead=LeadTime(1.0, 0.0), shelf_life_days=5, pack_size=24.0)
    assert simulate([slow], POLICY, TODAY, Futures(28, 50)).bought.sum() == 0
    cheap = simulate([replace(slow, unit_cost=0.3)], POLICY, TODAY, Futures(28, 50))
    assert cheap.bought.min() >= 24
    assert cheap.wasted.sum() > 0


def test_a_policy_that_learnt_the_spread_of_deliveries_keeps_its_promise() -> None:
    truth = mug("MUG", 5.0, on_hand=110, lead=LeadTime(10.0, 5.0))
    naive = replace(truth, lead=LeadTime(10.0, 0.0))
    futures = Futures(364, 200)
    learnt = simulate([truth], POLICY, TODAY, futures)
    fooled = simulate([naive], POLICY, TODAY, futures, really=[truth])
    assert learnt.fill_rate[0] > 0.985
    assert fooled.fill_rate[0] < learnt.fill_rate[0] - 0.01
    assert learnt.profit.mean() > fooled.profit.mean()
