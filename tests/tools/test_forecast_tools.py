"""What will sell, when it runs out, how good that was and what is odd: answered from the stored forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tests.shop import ANNA, BLUE, MILK, NOW, RED, TEA, TODAY
from tests.tools.people import OWNER, TOM, call, data, no, say
from tools.kit import Ask, Chart, Reply
from tools.kit.watch import THE_SHOP, all_watches
from tools.store import Store
from tools.store.planning_facts import ForecastOverride, StoredForecast

YESTERDAY = TODAY - timedelta(days=1)
EVEN = (1 / 7,) * 7
NEXT_WEEK = {"from": "2026-03-23", "to": "2026-03-29"}
THIS_WEEK = {"from": "2026-03-16", "to": "2026-03-22"}


def row(
    sku: str,
    weekly: float,
    location: str | None = None,
    *,
    cut_off: date = YESTERDAY,
    periods: int = 60,
    note: str = "",
) -> StoredForecast:
    """A steady forecast with half as much variance again as mean."""
    return StoredForecast(
        sku,
        location,
        run_id=0,
        cut_off=cut_off,
        version="1",
        made_at=NOW,
        model="mean of SES and theta",
        demand_class="smooth",
        law="counts",
        weekly=(weekly,) * 13,
        sum_variance=tuple(1.5 * weekly * week for week in range(1, 14)),
        profile=EVEN,
        periods=periods,
        note=note,
        scores={"rmsse": 0.8, "bias": -0.4, "windows": 3},
    )


def forecast(shop: Store, rows: Sequence[StoredForecast], cut_off: date = YESTERDAY) -> int:
    """A complete run with these rows."""
    run = shop.forecasts.start(cut_off, f"test {cut_off}", len(rows), NOW)
    assert run is not None
    shop.forecasts.save(run, rows, NOW)
    shop.forecasts.finish(run, {}, NOW)
    return run


def ready(shop: Store) -> Store:
    """Red mugs at two places, milk at one."""
    forecast(
        shop, [row(RED, 14), row(RED, 10, "HIGH"), row(RED, 4, "HARB"), row(MILK, 35), row(MILK, 35, "HIGH")]
    )
    return shop


def test_a_product_is_told_with_its_range_its_places_and_what_is_there(shop: Store) -> None:
    text = say(ready(shop), "forecast.demand", products=[RED], period=NEXT_WEEK)
    assert text.startswith(
        "About 14 × Red Mug 350ml next week (Mon 23 – Sun 29 Mar); in 8 of 10 cases 8 to 20. "
        "By place: High Street 10, Harbour 4. You have 55 to sell and 24 on order."
    )
    found = data(shop, "forecast.demand", products=[RED], period=NEXT_WEEK)["rows"]
    assert (found[0]["mean"], found[0]["weeks_known"], found[0]["known_until"]) == (14, 60, "2026-03-15")
    assert [one["mean"] for one in found[1:]] == [10, 4]


def test_the_picture_has_what_sold_what_is_expected_and_a_band(shop: Store) -> None:
    reply = call(ready(shop), "forecast.demand", products=[RED], period=NEXT_WEEK)
    assert isinstance(reply, Reply)
    chart = next(block for block in reply.blocks if isinstance(block, Chart))
    assert [(series.name, series.look) for series in chart.series] == [
        ("sold", ""), ("expected", ""), ("low", "edge"), ("high", "edge"),
    ]  # fmt: skip
    assert [one for one in chart.series[0].values if one is not None] == [14, 14, 13]
    assert any("60 weeks of history" in line for source in reply.sources for line in source.rows)


def test_weeks_days_and_months_agree(shop: Store) -> None:
    ready(shop)
    days = sum(
        data(shop, "forecast.demand", products=[MILK], period={"from": str(day), "to": str(day)})["rows"][0][
            "mean"
        ]
        for day in (date(2026, 4, 1) + timedelta(days=number) for number in range(30))
    )
    month = data(shop, "forecast.demand", products=[MILK], period={"from": "2026-04-01", "to": "2026-04-30"})
    assert abs(days - month["rows"][0]["mean"]) < 0.2


def test_days_that_are_over_are_counted_not_forecast(shop: Store) -> None:
    ready(shop)
    march = {"from": "2026-03-01", "to": "2026-03-31"}
    text = say(shop, "forecast.demand", products=[RED], period=march)
    assert text.startswith("About 61 × Red Mug 350ml in March;")
    assert "Of these 29 sold already from Sun 1 to Sun 15 Mar. Still to come by place: " in text
    past = {"from": "2026-03-09", "to": "2026-03-15"}
    assert say(shop, "forecast.demand", products=[RED], period=past) == (
        "That is over already: 13 units of Red Mug 350ml sold last week (Mon 9 – Sun 15 Mar)."
    )


def test_one_place_is_told_alone_and_a_person_sees_only_theirs(shop: Store) -> None:
    ready(shop)
    text = say(shop, "forecast.demand", products=[RED], period=NEXT_WEEK, location="HARB")
    assert text.startswith("About 4 × Red Mug 350ml at Harbour next week")
    text = say(shop, "forecast.demand", TOM, products=[RED], period=NEXT_WEEK)
    assert text.startswith("About 10 × Red Mug 350ml at High Street next week")
    assert "not one of your places" in no(shop, "forecast.demand", TOM, products=[RED], location="HARB")


def test_what_history_does_not_show_is_said(shop: Store) -> None:
    forecast(shop, [row(RED, 14, periods=20), row(BLUE, 3, periods=3), row(TEA, 0, periods=0)])
    december = {"from": "2026-12-01", "to": "2026-12-31"}
    assert "I forecast a quarter of a year ahead" in no(
        shop, "forecast.demand", products=[RED], period=december
    )
    june = {"from": "2026-06-01", "to": "2026-06-07"}
    assert "No June is in its history yet" in say(shop, "forecast.demand", products=[RED], period=june)
    assert "Only 3 weeks of its sales are known" in say(shop, "forecast.demand", products=[BLUE])
    assert "never sold that I know of" in no(shop, "forecast.demand", products=[TEA])
    assert "never sold that I know of" in no(shop, "forecast.demand", products=[MILK])


def test_without_a_forecast_or_sales_it_says_how_to_get_one(shop: Store) -> None:
    assert "quartermaster replan" in no(shop, "forecast.demand", products=[RED])
    assert shop.forecasts.start(YESTERDAY, "1", 6, NOW) is not None
    assert "being made right now (0 of 6 products done)" in no(shop, "forecast.demand", products=[RED])
    assert "being made right now" in no(shop, "forecast.stockout", products=[RED])


def test_the_whole_shop_is_summed_with_money_and_the_most(shop: Store) -> None:
    ready(shop)
    text = say(shop, "forecast.demand", period=THIS_WEEK)
    assert text.startswith("About 49 units this week (Mon 16 – Sun 22 Mar); in 8 of 10 cases ")
    assert "At list prices that is £180. Most: 35 × Whole Milk 1L and 14 × Red Mug 350ml." in text


def test_a_persons_figure_counts_and_is_named(shop: Store) -> None:
    ready(shop)
    week = (date(2026, 3, 23), date(2026, 3, 29))
    own = ForecastOverride(0, RED, None, *week, Decimal(40), Decimal(14), "fair in town", "Anna Bell", NOW)
    shop.forecasts.override(own, ANNA)
    text = say(shop, "forecast.demand", products=[RED], period=NEXT_WEEK)
    assert text.startswith("About 40 × Red Mug 350ml next week")
    assert "That goes by Anna Bell's figure of 40 (the model said 14)." in text
    assert "By place: High Street 29, Harbour 11." in text


def test_stock_runs_out_on_a_day_or_earlier_and_what_comes_is_told(shop: Store) -> None:
    forecast(shop, [row(RED, 70), row(MILK, 35)])
    text = say(shop, "forecast.stockout", products=[RED])
    assert text.startswith("55 × Red Mug 350ml run out on Mon 23 Mar, or as early as ")
    assert "24 come Fri 20 Mar (PO-1042), in time." in text
    text = say(shop, "forecast.stockout", products=[MILK])
    assert text.startswith("33 × Whole Milk 1L run out on Sun 22 Mar")
    assert "Nothing is on order." in text


def test_what_runs_out_first_leads_the_list(shop: Store) -> None:
    forecast(shop, [row(RED, 7), row(MILK, 70), row(TEA, 5)])
    text = say(shop, "forecast.stockout")
    assert text.startswith(
        "1 out already (Earl Grey Tea 250g); 1 runs out within 14 days: Whole Milk 1L Thu 19 Mar."
    )
    assert "Red Mug 350ml does not sell" in say(shop, "forecast.stockout", products=[BLUE]).replace(
        "Blue Mug", "Red Mug"
    )


def test_past_forecasts_are_held_against_what_came(shop: Store) -> None:
    before = YESTERDAY - timedelta(days=7)
    forecast(shop, [row(RED, 20, cut_off=before), row(MILK, 36, cut_off=before)], before)
    ready(shop)
    text = say(shop, "forecast.accuracy")
    assert text.startswith("Over 1 week from Mon 9 Mar the forecasts were off by 17 % of what sold")
    assert "17 % too high in sum" in text
    assert "Farthest off: Red Mug 350ml (7 too many) and Whole Milk 1L (1 too many)." in text
    found = data(shop, "forecast.accuracy", products=[MILK])["classes"]["all"]
    assert (found["series"], found["inside"]) == (1, 1.0)


def test_before_a_week_has_passed_the_look_back_answers(shop: Store) -> None:
    ready(shop)
    assert "A week after the first forecast" in no(shop, "forecast.accuracy")
    text = say(shop, "forecast.accuracy", products=[RED])
    assert "was 80 % as far off as saying “as the week before”, on average 0.4 a week too little." in text


def test_peoples_figures_are_judged_by_what_came(shop: Store) -> None:
    ready(shop)
    week = (date(2026, 3, 9), date(2026, 3, 15))
    made = NOW - timedelta(days=10)
    for quantity, model in (("14", "30"),):
        own = ForecastOverride(0, RED, None, *week, Decimal(quantity), Decimal(model), "", "Anna Bell", made)
        shop.forecasts.override(own, ANNA)
    text = say(shop, "forecast.accuracy", products=[RED])
    assert "People's own figures were nearer than the model in 1 of 1 cases." in text


def test_an_odd_day_is_found_with_what_may_be_behind_it(shop: Store) -> None:
    ready(shop)
    assert say(shop, "forecast.anomalies").startswith("Nothing odd in the sales")
    from tools.store import Sell

    step = Sell(MILK, "FRIDGE", Decimal(20), sold_at=NOW - timedelta(days=1))
    shop.apply(step, ANNA, request_id="a feast", at=NOW)
    text = say(shop, "forecast.anomalies", period={"from": "2026-03-15", "to": "2026-03-15"})
    assert text.startswith(
        "1 product sold oddly yesterday: 25 × Whole Milk 1L instead of about 5.0, one sale of 20."
    )


def test_the_brief_looks_ahead_and_back_at_what_was_expected(shop: Store) -> None:
    before = YESTERDAY - timedelta(days=1)
    forecast(shop, [row(RED, 70, cut_off=before), row(MILK, 105, cut_off=before)], before)
    forecast(shop, [row(RED, 120), row(MILK, 35)])
    lines = say(shop, "report.daily").splitlines()
    assert lines[0].startswith("Yesterday: £25.75, 7 units sold (72% fewer than the 25 expected)")
    assert "• 1 runs out before a delivery can be here (Red Mug 350ml Thu 19 Mar)." in lines
    assert lines[-1] == "To decide: PO-1043 to Acme Ceramics, £22.80, waits for a yes."
    assert len(lines) <= 12
    assert OWNER.role == "owner"


def watched(shop: Store) -> dict[str, str]:
    seen = all_watches()["forecast.drift"].look(Ask(shop, THE_SHOP, NOW, position=shop.stock.position()))
    return {one.subject: one.reply.text for one in seen}


def test_products_that_left_their_forecast_are_seen_together(shop: Store) -> None:
    run = forecast(shop, [row(RED, 7), row(MILK, 70)])
    assert watched(shop) == {}
    flags = [{"sku": RED, "way": "more"}, {"sku": MILK, "way": "less"}]
    shop.forecasts.finish(run, {"drifting": flags}, NOW)
    assert watched(shop)["demand"].startswith(
        "2 products left their forecasts: Red Mug 350ml sells more and Whole Milk 1L sells less."
    )


def test_forecasts_that_lean_to_one_side_are_seen(shop: Store) -> None:
    before = YESTERDAY - timedelta(days=7)
    forecast(shop, [row(RED, 20, cut_off=before), row(MILK, 36, cut_off=before)], before)
    ready(shop)
    assert watched(shop) == {"bias": "The forecasts were too high by 17 %, all products together."}
