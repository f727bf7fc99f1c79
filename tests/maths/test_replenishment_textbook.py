"""The textbooks' own examples.

SS: Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition 2019.
N: Nahmias and Olsen, Production and Operations Analysis, 7th edition 2015.
SPT: Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th edition 2017.
"""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tools.maths.replenishment.lot_sizes import (
    LotSize,
    dynamic_lots,
    economic_order_quantity,
    economic_production_quantity,
    joint_cycle,
    with_backorders,
    with_price_breaks,
)
from tools.maths.replenishment.review import (
    Costs,
    Demand,
    OrderUpTo,
    ReorderRule,
    by_backorders,
    by_expected_level,
    by_loss_function,
    by_safety_stock,
    order_up_to_exact,
    poisson_exact,
    power_approximation,
)
from tools.maths.replenishment.single_period import (
    Stock,
    critical_ratio,
    discrete,
    lognormal,
    loss,
    margin_ratio,
    normal,
    normal_profit,
    poisson,
    poisson_cost,
    poisson_quantile,
)

PAPER = Costs(0.225, 7.5, 8), Demand(1300, 150, 1 / 12)


@pytest.mark.parametrize(
    ("found", "quantity", "cost"),
    [
        (economic_order_quantity(8, 0.225, 1300), 304.05, 68.41),  # SS example 3.1
        (economic_order_quantity(12, 0.25 * 0.02, 3120), 3870, 19.35),  # N example 4.1, pencils
        (with_backorders(8, 0.225, 5, 1300)[0], 310.81, 66.92),  # SS example 3.8
        (economic_production_quantity(4, 0.08, 80, 110), 171.27, 3.737),  # SS problem 3.22
        (economic_production_quantity(50, 0.6, 2500, 10000), 745.4, 335.4),  # N example 4.3
        (
            with_price_breaks(8, 0.3, 1300, [(0, 0.75), (400, 0.72), (800, 0.68)]),
            800,
            978.6,
        ),  # SS example 3.5
        (with_price_breaks(8, 0.2, 600, [(0, 0.30), (500, 0.29), (1000, 0.28)]), 500, 198.1),  # N example 4.4
    ],
)
def test_lot_sizes_are_those_of_the_books(found: LotSize, quantity: float, cost: float) -> None:
    assert found.quantity == pytest.approx(quantity, rel=2e-4)
    assert found.cost == pytest.approx(cost, rel=2e-4)


@pytest.mark.parametrize(
    ("demand", "fixed", "holding", "lots", "cost"),
    [
        ([90, 120, 80, 70], 500, 2, [210, 0, 150, 0], 1380),  # SS example 3.9
        ([150, 100, 80, 200], 120, 0.8, [150, 180, 0, 200], 424),  # SS problem 3.27
        # SPT table 5.1: a year of a company's demand, 54 an order, 0.40 a box and month.
        (
            [10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41],
            54,
            0.4,
            [84, 0, 0, 130, 283, 0, 140, 0, 124, 160, 279, 0],
            501.2,
        ),
    ],
)
def test_known_demand_is_met_at_the_least_cost(
    demand: list[float], fixed: float, holding: float, lots: list[float], cost: float
) -> None:
    assert dynamic_lots(demand, fixed, holding) == (lots, pytest.approx(cost))


def test_products_that_share_an_order_are_bought_in_one_cycle() -> None:
    # Silver (1976), as in SS: five products, 10 an order, 0.20 a unit and year.
    found = joint_cycle(10, [1.87, 5.27, 7.94, 8.19, 8.87], [0.2] * 5, [1736, 656, 558, 170, 142])
    assert found.multiples == (1, 1, 1, 3, 3)
    assert found.cost == pytest.approx(218.69, rel=1e-4)
    assert found.time == pytest.approx(0.2814, rel=1e-3)


@pytest.mark.parametrize(
    ("found", "level", "cost"),
    [
        (normal(0.18, 0.70, 50, 8), 56.604, 1.9976),  # SS example 4.1
        (normal(0.18, 0.70, 50, 8, lead_time=4), 264.77, 4.467),  # SS example 4.4
        (normal_profit(1, 0.3, 0.12, 50, 8), 56.604, 33.002),  # SS example 4.2
        (poisson(200, 270, 18), 19, 786.09),  # SS problem 4.8a
        (
            discrete(5e5, 1e6, {1: 0.25, 2: 0.05, 3: 0.1, 4: 0.2, 5: 0.15, 6: 0.1, 7: 0.1, 8: 0.05}),
            5,
            1225000,
        ),
        (lognormal(1, 0.1765, 6, 0.3), 295.63, 29.443),  # SS problem 4.8b
    ],
)
def test_newsvendors_are_those_of_the_books(found: Stock, level: float, cost: float) -> None:
    assert found.level == pytest.approx(level, rel=1e-4)
    assert found.cost == pytest.approx(cost, rel=1e-4)


def test_macs_newsstand_buys_fifteen_papers() -> None:
    # N example 5.1: bought at 0.25, sold at 0.75, 0.10 for what is left; demand 11.73 with sd 4.74.
    assert critical_ratio(0.15, 0.50) == pytest.approx(0.77, abs=0.005)
    assert round(normal(0.15, 0.50, 11.73, 4.74).level) == 15


@pytest.mark.parametrize(("z", "expected"), [(0.0, 0.3989), (0.5, 0.1978), (1.0, 0.0833), (2.0, 0.0085)])
def test_the_standard_loss_is_that_of_the_tables(z: float, expected: float) -> None:
    assert loss(z) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("found", "point", "quantity", "cost"),
    [
        (by_expected_level(*PAPER), 213.97, 318.59, 95.451),  # SS example 5.1, all four methods
        (by_backorders(*PAPER), 128.64, 308.57, None),
        (by_safety_stock(*PAPER), 190.34, 304.05, None),
        (by_loss_function(*PAPER), 126.87, 328.45, None),
        (poisson_exact(Costs(4, 28, 4), 12, 0.5), 6, 7, 28.241),  # SS problem 5.2
        (poisson_exact(Costs(20, 150, 100), 1.5, 2), 3, 5, 107.92),  # SS example 5.8
    ],
)
def test_reorder_rules_are_those_of_the_books(
    found: ReorderRule, point: float, quantity: float, cost: float | None
) -> None:
    assert (found.point, found.quantity) == (
        pytest.approx(point, rel=1e-4),
        pytest.approx(quantity, rel=1e-4),
    )
    assert cost is None or found.cost == pytest.approx(cost, rel=1e-4)


def test_harveys_shop_reorders_its_mustard_as_in_the_book() -> None:
    # N example 5.4: 200 jars a year, six months to come, 100 with sd 25 in that time; 50 an order, 2 a jar
    # and year, 25 for each jar that is wanted in vain.  The book stops at R = 143 and Q = 111.
    found = by_expected_level(Costs(2, 25, 50), Demand(200, 25 / 0.5**0.5, 0.5))
    assert (round(found.point), round(found.quantity)) == (143, 111)


@pytest.mark.parametrize(
    ("found", "point", "level", "cost"),
    [
        (order_up_to_exact(Costs(1, 4, 5), 6), 4, 10, 8.034),  # SS example 4.7
        (order_up_to_exact(Costs(40, 125, 150), 4), 2, 7, 223.57),  # SS problem 4.31
        (power_approximation(Costs(0.18, 0.70, 2.5), Demand(50, 8)), 40.19, 74.29, None),  # SS example 4.8
    ],
)
def test_order_up_to_rules_are_those_of_the_books(
    found: OrderUpTo, point: float, level: float, cost: float | None
) -> None:
    assert (found.point, found.level) == (pytest.approx(point, rel=2e-4), pytest.approx(level, rel=2e-4))
    assert cost is None or found.cost == pytest.approx(cost, rel=1e-4)


def test_a_margin_that_earns_nothing_tells_no_level() -> None:
    assert margin_ratio(4.0, 4.0, 0.25, 14) is None
    assert margin_ratio(5.0, 4.0, 0.25, 14) == pytest.approx(1 / (1 + 4 * 0.25 * 14 / 365))


money = st.floats(0.1, 500)


@given(money, money, money)
def test_no_other_quantity_costs_less_than_the_economic_one(
    fixed: float, holding: float, rate: float
) -> None:
    best = economic_order_quantity(fixed, holding, rate)
    for other in (best.quantity * 0.9, best.quantity * 1.1):
        assert fixed * rate / other + holding * other / 2 >= best.cost


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.floats(1, 300), st.floats(0.1, 5))
def test_no_other_plan_of_lots_costs_less(demand: list[float], fixed: float, holding: float) -> None:
    lots, cost = dynamic_lots(demand, fixed, holding)
    assert sum(lots) == sum(demand)
    for cuts in product([True, False], repeat=len(demand) - 1):
        starts = [0, *(at + 1 for at, cut in enumerate(cuts) if cut), len(demand)]
        total = sum(
            fixed + holding * sum((at - begin) * demand[at] for at in range(begin, end))
            for begin, end in pairwise(starts)
        )
        assert cost <= total + 1e-6


@settings(max_examples=60)
@given(st.floats(0.3, 80), st.floats(0.5, 9), st.floats(0.5, 90))
def test_no_other_stock_costs_less_under_poisson_demand(mean: float, holding: float, stockout: float) -> None:
    best = poisson(holding, stockout, mean)
    for other in (best.level - 1, best.level + 1):
        assert poisson_cost(max(other, 0), holding, stockout, mean) >= best.cost - 1e-9


@given(st.floats(0.01, 0.999), st.floats(0.05, 200))
def test_the_poisson_quantile_is_reached_and_not_before(level: float, mean: float) -> None:
    found = poisson_quantile(level, mean)
    assert stats.poisson.cdf(found, mean) >= level - 1e-9
    assert found == 0 or stats.poisson.cdf(found - 1, mean) < level + 1e-9
