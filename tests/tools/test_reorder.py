"""What to buy: proposals that say why, drafts that hold them, and nothing proposed twice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.assistant.conftest import parser, talk  # noqa: F401 - the conversation's fixtures
from tests.shop import ANNA, BLUE, MILK, NOW, RED, TODAY
from tests.tools.people import TOM, call, data, say
from tools.kit import Chart, Missing, Paper, Refused, Reply
from tools.store import Adjust, Store
from tools.store.planning_facts import PurchaseOrder, StoredForecast


def order(store: Store, number: str) -> PurchaseOrder:
    found = store.purchasing.order(number)
    assert found is not None
    return found


def forecast(sku: str, weekly: float, location: str | None = None) -> StoredForecast:
    weeks = 13
    return StoredForecast(
        sku,
        location,
        run_id=0,
        cut_off=TODAY - timedelta(days=1),
        version="combination 1",
        made_at=NOW,
        model="combination",
        demand_class="smooth",
        law="counts",
        weekly=(weekly,) * weeks,
        sum_variance=tuple(weekly * 1.5 * week for week in range(1, weeks + 1)),
        profile=(1 / 7,) * 7,
        periods=60,
    )


def forecasted(store: Store, *forecasts: StoredForecast) -> Store:
    run = store.forecasts.start(TODAY - timedelta(days=1), "combination 1", len(forecasts), NOW)
    assert run is not None
    store.forecasts.save(run, forecasts, NOW)
    store.forecasts.finish(run, {}, NOW)
    return store


def without_stock(store: Store, sku: str = RED) -> Store:
    """The product sold out, and the order that is on its way cancelled."""
    for place, left in (("HIGH", 12), ("HARB", 5), ("WH", 40)):
        step = Adjust(sku, place, Decimal(-left), "lost")
        store.apply(step, ANNA, request_id=f"gone {sku} {place}", at=NOW)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE purchase_order SET status = 'cancelled' WHERE po_no = 'PO-1042'")
    return store


def test_the_proposal_says_how_many_from_whom_when_and_why(shop: Store) -> None:
    forecasted(without_stock(shop), forecast(RED, 14))
    text = say(shop, "reorder.suggest", products=[RED])
    assert text.startswith(
        "Order 54 × Red Mug 350ml from Acme Ceramics, £205.20, here Thu 26 Mar; it is out."
    )
    assert "position -2 ≤ reorder point" in text
    assert "demand over 10 + 7 days 34 ±" in text
    assert "packs of 6" in text


def test_the_figures_of_a_proposal_stand_in_the_data_under_their_standard_names(shop: Store) -> None:
    forecasted(without_stock(shop), forecast(RED, 14))
    row = data(shop, "reorder.suggest", products=[RED])["rows"][0]
    assert (row["quantity"], row["unit_cost"], row["cost"], row["on_hand"]) == (54, 3.8, 205.2, 0)
    assert row["lead_time"] == 10
    assert row["service_level"] == 0.97
    assert row["reorder_point"] == row["order_up_to"]
    assert row["safety_stock"] == pytest.approx(row["reorder_point"] - row["demand"])
    assert row["quantity"] >= row["order_up_to"] - row["position"]


def test_what_is_enough_says_so_with_the_inequality(shop: Store) -> None:
    forecasted(shop, forecast(RED, 14))
    text = say(shop, "reorder.suggest", products=[RED])
    assert "No need to order Red Mug 350ml now: position 79 > reorder point 51" in text


def test_without_a_forecast_the_mean_is_taken_and_called_rough(shop: Store) -> None:
    assert "This is rough: no forecast yet" in say(shop, "reorder.suggest", products=[RED])


def test_why_shows_the_forecast_its_days_and_the_lead_time(talk) -> None:  # noqa: F811
    anna = talk()
    forecasted(without_stock(anna.house.store), forecast(RED, 14))
    anna.say("should I order small red mugs?")
    why = anna.say("why?").text
    assert "forecast of run 1 (combination, smooth), sales up to 2026-03-15, 60 weeks of history" in why
    assert "Acme Ceramics: 10 ± 2 days, from the 10 days stated" in why


def test_an_order_that_arrives_too_late_is_no_cover(shop: Store) -> None:
    forecasted(without_stock(shop), forecast(RED, 14))
    with shop.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE purchase_order SET status = 'sent', expected_on = '2026-08-01' WHERE po_no = 'PO-1042'"
        )
    row = data(shop, "reorder.suggest", products=[RED])["rows"][0]
    assert (row["on_order"], row["position"], row["quantity"]) == (24, -2, 54)


def test_what_is_drafted_is_not_proposed_again(talk) -> None:  # noqa: F811
    anna = talk()
    forecasted(without_stock(anna.house.store), forecast(RED, 14))
    asked = anna.say("what should I reorder from Acme?")
    drafted = anna.press("Draft this order", asked)
    assert "54 × Red Mug 350ml" in drafted.text
    assert "Nothing is bought before it is approved." in drafted.text
    again = anna.say("what should I reorder from Acme?")
    assert "Nothing has to be ordered now" in again.text
    assert "On drafts already, and counted: " in again.text
    assert "Red Mug 350ml" in again.text.partition("counted: ")[2]


def test_the_draft_button_works_once_and_its_order_is_approved_with_one_more(talk) -> None:  # noqa: F811
    anna = talk()
    forecasted(without_stock(anna.house.store), forecast(RED, 14))
    asked = anna.say("what should I reorder from Acme?")
    drafted = anna.press("Draft this order", asked)
    assert anna.press("Draft this order", asked).text.startswith("Already done")
    approved = anna.press("Approve PO-1043", drafted)
    assert approved.text.startswith("PO-1043 is approved")
    lines = {line.sku: line.quantity for line in order(anna.house.store, "PO-1043").lines}
    assert lines == {BLUE: 6, RED: 54}


def test_a_proposal_that_no_longer_holds_is_not_drafted(talk) -> None:  # noqa: F811
    anna = talk()
    forecasted(without_stock(anna.house.store), forecast(RED, 14))
    asked = anna.say("what should I reorder from Acme?")
    talk("Ben", "c2").say("order 60 small red mugs from Acme")
    late = anna.press("Draft this order", asked)
    assert late.text == "Stock or orders have changed since, so I drafted nothing."
    assert [action.label for action in late.actions] == ["Show what to order now"]


def test_drafts_of_several_suppliers_are_made_together_and_approved_together(talk) -> None:  # noqa: F811
    anna = talk()
    store = forecasted(without_stock(anna.house.store), forecast(RED, 14), forecast(MILK, 350))
    asked = anna.say("what should I reorder?")
    assert "2 products" in asked.text
    made = anna.press("Draft these orders", asked)
    assert made.text.startswith("2 drafts made: PO-1044 (Dairy Direct, £326.40, due tomorrow) and PO-1043")
    approved = anna.press("Approve all 2", made)
    if approved.actions and approved.actions[0].label.startswith("Yes"):
        approved = anna.press("Yes", approved)
    assert {one.status for one in store.purchasing.orders(po_nos=["PO-1043", "PO-1044"])} == {"approved"}
    assert len([block for block in approved.replies[0].blocks if isinstance(block, Paper)]) == 2


def test_an_undone_proposal_leaves_the_older_draft_as_it_was(talk) -> None:  # noqa: F811
    anna = talk()
    forecasted(without_stock(anna.house.store), forecast(RED, 14))
    anna.press("Draft this order", anna.say("what should I reorder from Acme?"))
    anna.say("undo")
    found = order(anna.house.store, "PO-1043")
    assert [(line.sku, line.quantity) for line in found.lines] == [(BLUE, 6)]


def test_a_budget_cuts_what_loses_least_and_is_told(shop: Store) -> None:
    forecasted(without_stock(shop), forecast(RED, 14), forecast(MILK, 350))
    whole = data(shop, "reorder.suggest")["cost"]
    less = call(shop, "reorder.suggest", text="reorder for next week, budget £150")
    assert isinstance(less, Reply)
    assert less.data["cost"] <= 150 < whole
    assert "Budget 150" in less.text


def test_stock_elsewhere_is_moved_before_anything_is_bought(shop: Store) -> None:
    forecasted(shop, forecast(RED, 42), forecast(RED, 42, "HIGH"))
    text = say(shop, "reorder.suggest", products=[RED], location="HIGH")
    assert text.startswith("Move first, before buying: 40 × Red Mug 350ml from Warehouse to High Street")


def test_staff_see_quantities_for_their_place_but_no_costs(shop: Store) -> None:
    forecasted(without_stock(shop), forecast(RED, 14, "HIGH"))
    result = call(shop, "reorder.suggest", TOM, products=[RED])
    assert isinstance(result, Reply)
    assert "£" not in result.text
    assert "unit_cost" not in result.data["rows"][0]


def test_staff_get_no_button_to_draft(talk) -> None:  # noqa: F811
    tom = talk("Tom")
    forecasted(without_stock(tom.house.store), forecast(RED, 14, "HIGH"))
    assert tom.say("should I order small red mugs?").actions == ()


def test_one_product_is_shown_with_its_path(shop: Store) -> None:
    forecasted(without_stock(shop), forecast(RED, 14))
    result = call(shop, "reorder.suggest", products=[RED])
    assert isinstance(result, Reply)
    (chart,) = [block for block in result.blocks if isinstance(block, Chart)]
    assert [series.name for series in chart.series][:2] == ["without it", "with the order"]
    assert max(chart.series[1].values) > max(chart.series[0].values)


# -- orders asked for --------------------------------------------------------------------------------


def test_an_order_becomes_a_draft_rounded_to_packs(talk) -> None:  # noqa: F811
    anna = talk()
    anna.say("cancel PO 1043")
    answer = anna.say("order 50 small red mugs from Acme")
    assert answer.text.startswith("Draft PO-1044: 54 × Red Mug 350ml from Acme Ceramics, £205.20 in all")
    assert "50 → 54 of Red Mug 350ml: packs of 6." in answer.text
    assert [action.label for action in answer.actions] == ["Approve PO-1044 (£205.20)", "Undo"]


def test_an_order_goes_onto_the_suppliers_open_draft_and_says_so(talk) -> None:  # noqa: F811
    answer = talk().say("order 12 small red mugs from Acme")
    assert "6 × Blue Mug 350ml and 12 × Red Mug 350ml" in answer.text
    assert "It goes onto the open draft PO-1043." in answer.text


def test_cases_are_turned_into_pieces(talk) -> None:  # noqa: F811
    answer = talk().say("order 2 cases of small red mugs from Acme")
    assert "12 × Red Mug 350ml" in answer.text


def test_the_wanted_day_is_kept_where_the_supplier_can_and_put_right_where_not(talk) -> None:  # noqa: F811
    anna = talk()
    answer = anna.say("order 12 small red mugs from Acme for Friday")
    assert "Acme Ceramics takes about 10 days, so it comes about Thu 26 Mar, after Fri 20 Mar." in answer.text
    assert order(anna.house.store, "PO-1043").expected_on == TODAY + timedelta(days=10)


def test_no_quantity_takes_what_the_policy_asks_for(talk) -> None:  # noqa: F811
    anna = talk()
    forecasted(without_stock(anna.house.store), forecast(RED, 14))
    answer = anna.say("order small red mugs")
    assert "54 × Red Mug 350ml" in answer.text
    assert "You named no quantity, so this is what the policy asks for" in answer.text


def test_no_quantity_and_no_need_asks_how_many(shop: Store) -> None:
    result = call(shop, "reorder.create", products=[BLUE])
    assert isinstance(result, Missing)
    assert result.question.startswith("How many? Blue Mug 350ml needs none by the policy")


def test_the_supplier_is_asked_for_where_none_is_known(talk) -> None:  # noqa: F811
    anna = talk()
    asked = anna.say("order 20 earl grey tea")
    assert "From whom is Earl Grey Tea 250g bought" in asked.text
    assert "20 × Earl Grey Tea 250g from Dairy Direct" in anna.press("Dairy Direct", asked).text


def test_a_supplier_below_its_minimum_is_told(talk) -> None:  # noqa: F811
    assert "Dairy Direct wants £60.00 at least: £40.80 more." in talk().say("order 24 milk").text


def test_more_of_what_is_on_the_draft_already_is_asked_about(talk) -> None:  # noqa: F811
    anna = talk()
    asked = anna.say("order 12 blue mugs from Acme")
    assert "6 × Blue Mug 350ml is on the draft PO-1043 already; this comes on top." in asked.text
    anna.say("yes")
    assert order(anna.house.store, "PO-1043").lines[0].quantity == 18


def test_two_people_add_to_one_draft_and_neither_is_lost(talk) -> None:  # noqa: F811
    anna, ben = talk(), talk("Ben", "c2")
    anna.say("order 12 small red mugs from Acme")
    ben.say("order 6 big red mugs from Acme")
    assert [line.quantity for line in order(anna.house.store, "PO-1043").lines] == [6, 12, 6]


def test_a_yes_to_a_draft_that_changed_since_adds_to_what_is_there_now(talk) -> None:  # noqa: F811
    anna, ben = talk(), talk("Ben", "c2")
    asked = anna.say("order 12 blue mugs from Acme")
    ben.say("order 6 big red mugs from Acme")
    anna.press("Yes", asked)
    assert sorted(line.quantity for line in order(anna.house.store, "PO-1043").lines) == [6, 18]


def test_an_ordered_thing_is_undone(talk) -> None:  # noqa: F811
    anna = talk()
    anna.say("order 24 milk")
    assert anna.say("undo").text == "Undone: PO-1044 is cancelled."


def test_staff_may_not_order(talk) -> None:  # noqa: F811
    assert "may not order from suppliers" in talk("Tom").say("order 12 small red mugs from Acme").text


def test_a_supplier_that_nobody_knows_is_refused(shop: Store) -> None:
    result = call(shop, "reorder.create", products=[RED], quantity=6, supplier="NOBODY")
    assert result == Refused("I know no supplier called NOBODY.")


def test_the_draft_just_made_is_approved_by_saying_so(talk) -> None:  # noqa: F811
    anna = talk()
    anna.say("order 24 milk")
    assert anna.say("approve it").text.startswith("PO-1044 is approved")


def test_a_supplier_spoken_of_before_is_not_taken_for_another_product(talk) -> None:  # noqa: F811
    anna = talk()
    anna.say("how reliable is Acme?")
    assert "24 × Whole Milk 1L from Dairy Direct" in anna.say("order 24 whole milk").text


def test_another_supplier_that_is_named_is_taken_and_told(talk) -> None:  # noqa: F811
    text = talk().say("order 24 whole milk from Acme").text
    assert "24 × Whole Milk 1L from Acme Ceramics" in text
    assert "Whole Milk 1L usually comes from Dairy Direct" in text
