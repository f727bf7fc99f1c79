"""What the store keeps of forecasts, and the demand that they are made from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.shop import ANNA, BLUE, NOW, RED, TODAY, tiny_shop
from tools.store import Adjust, BooksError, Store
from tools.store.planning_facts import ForecastOverride, StoredForecast

WEEK = timedelta(weeks=1)


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def forecast(sku: str, location: str | None = None, level: float = 7.0) -> StoredForecast:
    return StoredForecast(
        sku,
        location,
        run_id=0,
        cut_off=TODAY,
        version="1",
        made_at=NOW,
        model="combination",
        demand_class="smooth",
        law="negative binomial",
        weekly=(level, level),
        sum_variance=(9.0, 18.0),
        profile=(1 / 7,) * 7,
        periods=30,
    )


def finished(shop: Store, *forecasts: StoredForecast) -> int:
    run = shop.forecasts.start(TODAY, "1", len(forecasts), NOW)
    assert run is not None
    shop.forecasts.save(run, forecasts, NOW)
    shop.forecasts.finish(run, {"wape": 0.4}, NOW)
    return run


def test_the_newest_complete_run_answers(shop: Store) -> None:
    finished(shop, forecast(RED))
    latest = finished(shop, forecast(RED, level=9), forecast(RED, "HIGH", 5), forecast(BLUE))
    begun = shop.forecasts.start(TODAY, "1", 3, NOW)
    assert begun is not None
    shop.forecasts.save(begun, [forecast(RED, level=99)], NOW)
    everywhere, there = shop.forecasts.of([RED]), shop.forecasts.of([RED], location="HIGH")
    assert [(one.run_id, one.weekly, one.location) for one in everywhere] == [(latest, (9.0, 9.0), None)]
    assert [one.weekly for one in there] == [(5.0, 5.0)]


def test_two_runs_do_not_go_at_once_and_a_dead_one_is_resumed(shop: Store) -> None:
    run = shop.forecasts.start(TODAY, "1", 2, NOW)
    assert run is not None
    shop.forecasts.save(run, [forecast(RED)], NOW)
    assert shop.forecasts.start(TODAY, "1", 2, NOW + timedelta(minutes=1)) is None
    assert shop.forecasts.start(TODAY, "1", 2, NOW + timedelta(hours=1)) == run
    assert shop.forecasts.done_already(run) == {RED}


def test_a_run_that_failed_leaves_the_one_before(shop: Store) -> None:
    good = finished(shop, forecast(RED))
    bad = shop.forecasts.start(TODAY, "1", 1, NOW)
    assert bad is not None
    shop.forecasts.fail(bad, "out of memory", NOW)
    latest = shop.forecasts.latest()
    assert latest is not None
    assert latest.id == good
    assert [(run.state, run.error) for run in shop.forecasts.runs(1)] == [("failed", "out of memory")]


def test_a_persons_figure_replaces_the_one_before_and_can_be_withdrawn(shop: Store) -> None:
    def own(quantity: str) -> ForecastOverride:
        figures = (Decimal(quantity), Decimal(7))
        return ForecastOverride(0, RED, None, TODAY, TODAY + WEEK, *figures, "market day", "Anna Bell", NOW)

    shop.forecasts.override(own("20"), ANNA)
    newest = shop.forecasts.override(own("30"), ANNA)
    asked = {"first": TODAY, "last": TODAY}
    assert [one.quantity for one in shop.forecasts.overrides([RED], **asked)] == [30]
    assert shop.forecasts.withdraw(newest, ANNA, NOW)
    assert not shop.forecasts.withdraw(newest, ANNA, NOW)
    assert shop.forecasts.overrides([RED], **asked) == []
    assert len(shop.forecasts.overrides([RED], **asked, withdrawn=True)) == 2
    assert shop.audit.verify() is None


def test_demand_by_day_is_what_the_sales_say(shop: Store) -> None:
    first = TODAY - 4 * WEEK
    days = list(shop.demand.days(first=first, last=TODAY, skus=[RED]))
    total = shop.sales.totals(first=first, last=TODAY, skus=[RED])[0]
    assert sum((day.sold for day in days), Decimal(0)) == total.sold
    assert sum((day.returned for day in days), Decimal(0)) == total.returned


def test_days_without_stock_are_told(shop: Store) -> None:
    held = {level.location for level in shop.stock.levels([BLUE], today=TODAY)}
    place = next(code for code in ("FRIDGE", "WH", "HARB", "HIGH") if code not in held)
    start = TODAY - timedelta(days=9)
    for days, change in ((0, 5), (2, -5), (6, 8)):
        step = Adjust(BLUE, place, Decimal(change), "a test")
        shop.apply(step, ANNA, request_id=f"day {days}", at=NOW, day=start + timedelta(days=days))
    empty = shop.demand.empty_days(first=start - WEEK, last=TODAY, skus=[BLUE])
    assert empty[BLUE, place] == {start + timedelta(days=number) for number in (3, 4, 5)}


def test_numbers_from_outside_are_kept_once(shop: Store) -> None:
    shop.outside.keep({"temperature": [(TODAY, "", "", 11.5)]}, actor=ANNA, at=NOW)
    again = [(TODAY, "", "", 12.5), (TODAY, RED, "HIGH", 1.0)]
    shop.outside.keep({"temperature": again}, actor=ANNA, at=NOW)
    found = shop.outside.numbers("temperature", first=TODAY, last=TODAY)
    assert found == {("", ""): {TODAY: 12.5}, (RED, "HIGH"): {TODAY: 1.0}}
    assert [(one.name, one.numbers) for one in shop.outside.series()] == [("temperature", 2)]


def test_numbers_from_outside_about_an_unknown_thing_change_nothing(shop: Store) -> None:
    numbers = {"rain": [(TODAY, "", "", 1.0)], "feast": [(TODAY, "NO-SUCH", "", 1.0)]}
    with pytest.raises(BooksError, match="there is no SKU NO-SUCH"):
        shop.outside.keep(numbers, actor=ANNA, at=NOW)
    assert shop.outside.series() == []


def test_a_series_from_outside_can_be_dropped(shop: Store) -> None:
    shop.outside.keep({"rain": [(TODAY, "", "", 1.0)], "sun": [(TODAY, "", "", 2.0)]}, actor=ANNA, at=NOW)
    assert shop.outside.drop("rain", actor=ANNA, at=NOW) == 1
    assert [one.name for one in shop.outside.series()] == ["sun"]
