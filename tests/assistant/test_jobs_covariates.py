"""What is known in advance: a list price that demand follows, a plan of promotions, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from assistant.jobs import run
from assistant.jobs_calendar import SHOP, ShopDays, shop_days
from assistant.jobs_covariates import covariates
from assistant.jobs_forecasting import horizon_for
from assistant.jobs_histories import DAY_WEEKS, lines_of
from connectors.feeds import load
from tools.maths.weeks import Closing
from tools.store import Actor, Product, Store

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


def test_what_is_known_reaches_as_far_as_each_series_is_forecast(store: Store, tmp_path: Path) -> None:
    """Milk goes by the day and mugs by the week: the run refuses a plan that is too short or too long."""
    store.clock = lambda: datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    (tmp_path / "products.csv").write_text(
        "sku,name,price,shelf_life_days\nMUG,Red Mug,9.50,\nMLK,Milk,1.30,7\n"
    )
    rows = ["sold_at,sku,quantity,unit_price"]
    for back in range(WEEKS * 7):
        day = CUT_OFF - timedelta(days=back)
        cheap = back // 7 % 5 == 0
        rows.append(f"{day}T09:00,MLK,{30 if cheap else 10},{0.9 if cheap else 1.3}")
        rows.append(f"{day}T10:00,MUG,{6 if cheap else 2},{6.5 if cheap else 9.5}")
    (tmp_path / "sales.csv").write_text("\n".join(rows) + "\n")
    assert load(store, tmp_path, actor=Actor("Anna", "test"), at=store.clock()).state == "applied"
    shop = shop_days(store, CUT_OFF, ahead=0)
    products = list(store.catalogue().products.values())
    lines = lines_of(store, shop, products, horizon=horizon_for(shop))
    reach = {
        (line.grain, name): len(plan) - len(line.history.values)
        for line in lines
        for name, plan in line.history.covariates.items()
    }
    assert reach == {("D", "price"): DAY_WEEKS * 7, ("W", "price"): horizon_for(shop)}
    assert run(store).state == "done"
