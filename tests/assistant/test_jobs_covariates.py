"""What is known in advance: a list price that demand follows, a plan of promotions, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from assistant.jobs_calendar import SHOP, ShopDays
from assistant.jobs_covariates import covariates
from tools.maths.weeks import Closing
from tools.store import Product

WEEKS, AHEAD = 30, 4
CUT_OFF = date(2026, 3, 15)
MUG = Product(1, "MUG", "Red Mug", price=Decimal("9.50"))


def days(outside: Mapping[str, Mapping[tuple[str, str], Mapping[date, float]]] | None = None) -> ShopDays:
    span = WEEKS * 7
    never = Closing(np.zeros(7, dtype=bool), np.zeros(span, dtype=bool))
    first = CUT_OFF - timedelta(days=span - 1)
    return ShopDays(first, CUT_OFF, {SHOP: never}, {SHOP: np.full(7, 1 / 7)}, outside or {})


def cheap_weeks() -> tuple[np.ndarray, np.ndarray]:
    """Every fifth week the price falls by a third and three times as much sells."""
    cheap = np.arange(WEEKS) % 5 == 0
    price = np.repeat(np.where(cheap, 6.3, 9.5), 7)
    return price, np.where(cheap, 30.0, 10.0)


def test_a_price_that_demand_follows_is_known_to_come_at_the_list_price() -> None:
    price, values = cheap_weeks()
    price[3] = np.nan
    found = covariates(days(), MUG, price, values, AHEAD, 7)["price"]
    assert len(found) == WEEKS + AHEAD
    assert found[:2].tolist() == [6.3, 9.5]
    assert found[-AHEAD:].tolist() == [9.5] * AHEAD


def test_a_price_that_explains_nothing_is_left_out() -> None:
    price, values = cheap_weeks()
    assert covariates(days(), MUG, price, np.roll(values, 2), AHEAD, 7) == {}
    assert covariates(days(), MUG, np.full(WEEKS * 7, 9.5), values, AHEAD, 7) == {}
    assert covariates(days(), MUG, None, values, AHEAD, 7) == {}


def test_a_plan_of_promotions_is_used_where_it_reaches_ahead() -> None:
    planned = {CUT_OFF + timedelta(days=number): 1.0 for number in range(1, 8)}
    past = {CUT_OFF - timedelta(days=number): 1.0 for number in range(20, 27)}
    found = covariates(
        days({"promotion": {("MUG", ""): past | planned}}), MUG, None, np.ones(WEEKS), AHEAD, 7
    )
    assert found["promotion"][WEEKS:].tolist() == [1.0, 0.0, 0.0, 0.0]
    warm = {CUT_OFF - timedelta(days=number): float(number) for number in range(WEEKS * 7)}
    assert covariates(days({"weather": {("", ""): warm}}), MUG, None, np.ones(WEEKS), AHEAD, 7) == {}
