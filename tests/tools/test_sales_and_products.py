"""What sold, what sells best, what a product is, and the brief of the day."""

from __future__ import annotations

import pytest

from tests.shop import APPLES, BLUE, MILK, NOW, RED, TEA
from tests.shop import BIG_RED as BIG
from tests.tools.people import TOM, call, data, do, no, say
from tools.kit import Chart, Reply, Right, Table, all_tools
from tools.store import Store

LAST_WEEK = {"from": "2026-03-09", "to": "2026-03-15"}


def test_one_product_is_told_with_returns_money_and_the_week_before(shop: Store) -> None:
    text = say(shop, "sales.report", products=[RED], period=LAST_WEEK)
    assert text.startswith(
        "Sold 14 Red Mug 350ml last week (Mon 9 – Sun 15 Mar), 1 came back (net 13), £123.50. "
        "That is 7% down on Mon 2 – Sun 8 Mar: £133.00."
    )
    found = data(shop, "sales.report", products=[RED], period=LAST_WEEK)
    assert (found["sold"], found["returned"], found["net"], found["revenue"]) == (14, 1, 13, 123.5)
    assert found["previous"]["revenue"] == 133


def test_the_whole_shop_is_told_by_money_with_charges_apart(shop: Store) -> None:
    text = say(shop, "sales.report", period=LAST_WEEK)
    assert text.startswith("Took £205.25 last week")
    assert "Postage, fees and the like, not counted in that: £4.95." in text


def test_without_days_it_says_which_days_it_took(shop: Store) -> None:
    assert "this is the last 7 days" in say(shop, "sales.report")
    do(shop, "sales.record", products=[RED], quantity=1, location="HIGH")
    assert "Took £9.50 today: 1 unit sold." in say(shop, "sales.report")


def test_several_products_come_with_a_table_and_days_with_a_chart(shop: Store) -> None:
    reply = call(shop, "sales.report", category="Mugs", period=LAST_WEEK)
    assert isinstance(reply, Reply)
    assert reply.text.startswith(
        "Mugs: 16 sold last week (Mon 9 – Sun 15 Mar), 1 came back (net 15), £147.50."
    )
    table, chart = reply.blocks
    assert isinstance(table, Table)
    assert isinstance(chart, Chart)
    assert [row[0] for row in table.rows] == ["Red Mug 350ml", "Red Mug 500ml"]
    assert len(chart.labels) == 7


def test_no_sales_is_an_answer_and_unknown_days_are_said(shop: Store) -> None:
    assert say(shop, "sales.report", products=[TEA], period=LAST_WEEK).startswith(
        "No Earl Grey Tea 250g sold last week"
    )
    old = {"from": "2024-03-01", "to": "2024-03-02"}
    assert say(shop, "sales.report", period=old).endswith("Sales are known from Mon 23 Feb to Sun 15 Mar.")
    soon = {"from": "2026-03-20", "to": "2026-03-21"}
    assert "still to come" in no(shop, "sales.report", period=soon)


def test_a_running_period_is_compared_only_as_far_as_it_is_over(shop: Store) -> None:
    march = {"from": "2026-03-16", "to": "2026-03-22"}
    assert "down on" not in say(shop, "sales.report", period=march)


def test_best_sellers_are_ranked_by_units(shop: Store) -> None:
    text = say(shop, "sales.top", quantity=2, period=LAST_WEEK)
    assert text == (
        "Best sellers last week (Mon 9 – Sun 15 Mar): Whole Milk 1L (35, £47.25) and Red Mug 350ml (13, £123.50)."
    )
    assert [row["sku"] for row in data(shop, "sales.top")["rows"]] == [MILK, RED, APPLES, BIG]
    assert "not 0" in no(shop, "sales.top", quantity=0)
    assert "the last 21 days with sales" in say(shop, "sales.top")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("price", "Red Mug 350ml sells at £9.50."),
        ("cost", "Red Mug 350ml costs us £3.80."),
        ("supplier", "Red Mug 350ml comes from Acme Ceramics."),
        ("barcode", "The barcode of Red Mug 350ml is 5060417007202."),
        ("lead_time", "Red Mug 350ml takes 10 days from order to delivery."),
        ("pack_size", "A case of Red Mug 350ml is 6."),
        ("margin", "The margin on Red Mug 350ml is £5.70 (60% of the price)."),
        ("shelf_life", "I have no shelf life for Red Mug 350ml."),
    ],
)
def test_each_field_is_one_sentence(shop: Store, field: str, said: str) -> None:
    assert say(shop, "product.info", products=[RED], field=field) == said


def test_a_card_leaves_out_what_the_role_may_not_see(shop: Store) -> None:
    assert "cost £3.80, margin £5.70" in say(shop, "product.info", products=[RED])
    assert "£3.80" not in say(shop, "product.info", TOM, products=[RED])
    assert "unit_cost" not in data(shop, "product.info", TOM, products=[RED])["rows"][0]


def test_several_products_are_compared(shop: Store) -> None:
    assert say(shop, "product.info", products=[RED, BIG], field="price") == (
        "Price: Red Mug 350ml £9.50; Red Mug 500ml £12.00."
    )
    assert (
        say(shop, "product.info", products=[RED, BIG], field="supplier")
        == "Both red mugs: supplier Acme Ceramics."
    )


def test_the_range_is_told_by_category_or_words(shop: Store) -> None:
    assert say(shop, "product.search", category="Mugs") == (
        "We carry 3 products in Mugs: Red Mug 350ml, Red Mug 500ml and Blue Mug 350ml."
    )
    assert say(shop, "product.search") == "We carry 6 products in 4 categories: Dairy, Fruit, Mugs and Tea."
    assert say(shop, "product.search", products=[BLUE]) == "We carry one: Blue Mug 350ml (MUG-BLU-350)."


def test_the_brief_of_the_day_tells_what_needs_somebody(shop: Store) -> None:
    assert say(shop, "report.daily").splitlines() == [
        "Yesterday: £25.75, 7 units sold, 23% under a usual Sunday (£33.50).",
        "2 things need you:",
        "• Fridge temperature reads 5.6, over 5, at 08:00.",
        "• 1 lot past the date (4 × Whole Milk 1L).",
        "To decide: PO-1043 to Acme Ceramics, £22.80, waits for a yes.",
    ]


def test_a_quiet_day_needs_nobody(shop: Store) -> None:
    assert say(shop, "report.daily", location="HARB").splitlines()[-1] == "Nothing needs you at Harbour."


def test_help_names_only_what_the_person_may_use(shop: Store) -> None:
    text = say(shop, "meta.help")
    assert "• Stock: “how many red mugs are left”" in text
    assert len(text.splitlines()) <= 16
    assert "stock.value" not in {row["intent"] for row in data(shop, "meta.help", TOM)["rows"]}
    topic = call(shop, "meta.help", text="help stock")
    assert isinstance(topic, Reply)
    assert topic.text.startswith("Stock:\n• “we broke 3 red mugs”")


def test_small_talk_is_one_friendly_line(shop: Store) -> None:
    assert NOW.hour < 12
    assert say(shop, "meta.greet").startswith("Good morning, Anna.")
    assert say(shop, "meta.thanks") == "You're welcome."
    assert say(shop, "meta.affirm").startswith("There is nothing waiting for a yes.")


def test_every_tool_here_has_enough_examples_and_a_right() -> None:
    domains = ("stock", "product", "sales", "report", "meta")
    for intent, tool in all_tools().items():
        if intent.split(".")[0] in domains:
            assert len(set(tool.examples)) >= 30, intent
            assert tool.built, intent
            assert (tool.right is Right.TALK) == intent.startswith("meta."), intent
