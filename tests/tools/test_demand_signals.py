"""Customers' words over time: told with their quotes, into the forecast on a yes, and what else they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from assistant.jobs_calendar import shop_days
from assistant.jobs_signals import suggest
from tests.shop import ANNA, BLUE, MILK, NOW, RED, TEA, TODAY
from tests.tools.people import OWNER, TOM, call, data, do, no, plan, say
from tests.tools.test_forecast_tools import NEXT_WEEK, THIS_WEEK, YESTERDAY, forecast, ready, row
from tools.kit import Ask, Button, Refused, Reply, Right
from tools.kit.demand_signals import WANTED, talk
from tools.kit.demand_signals_forecast import gate_for, gates_of, keep_gates, proposals
from tools.kit.demand_signals_wishes import early_sales, worth, worth_words
from tools.kit.demand_signals_words import decided, proposal_buttons
from tools.kit.watch import THE_SHOP, Sighting, all_watches
from tools.maths.signals.lift import Gate, Rule
from tools.store import Sell, Store
from tools.store.changes import Count, NoteRemark, Receive, Undo
from tools.store.signal_facts import PRODUCT, PROPOSED, QUALITY, STOCKOUT, VARIANT, Mined, MinedText

_requests = count(1)
WALL = NOW.replace(tzinfo=None)
WORDS = [
    "red",
    "blue",
    "tall",
    "small",
    "round",
    "shiny",
    "lovely",
    "sturdy",
    "plain",
    "heavy",
    "little",
    "striped",
    "dotted",
    "matt",
    "glossy",
]


def hear(
    shop: Store,
    text: str,
    days_ago: float,
    type_: str = STOCKOUT,
    *,
    sku: str | None = RED,
    customer: str = "",
    mention: str | None = None,
) -> None:
    """A customer says it, and it is read as one signal."""
    note = NoteRemark(
        text,
        "chat",
        customer=customer,
        said_at=WALL - timedelta(days=days_ago),
        source="chat",
        source_id=f"m{next(_requests)}",
    )
    applied = shop.apply(note, ANNA, request_id=f"said {next(_requests)}", at=NOW)
    number = int(applied.documents[0].partition(" ")[2])
    (remark,) = shop.said.remarks(numbers=[number])
    mined = Mined(type_, sku, mention, start=0, end=len(remark.text), confidence=0.9)
    shop.said.keep([(number, MinedText("neg", (mined,)))], "test")


def usual_talk(shop: Store, sku: str | None = BLUE) -> None:
    """Half a year of little talk, so that it is known what is usual."""
    for week in range(25, 3, -4):
        hear(shop, f"is the {WORDS[week % 15]} one back yet", 7 * week, sku=sku, customer=f"old{week}")


def much_asked(shop: Store, customers: int = 9, sku: str = RED) -> None:
    """Many different customers within nine days."""
    usual_talk(shop)
    for number in range(customers):
        hear(
            shop, f"where are the {WORDS[number]} mugs gone?", 8 - number % 9, sku=sku, customer=f"c{number}"
        )


def proposed(shop: Store) -> Store:
    """As after a night: much was asked, and a proposal stands."""
    ready(shop)
    much_asked(shop)
    assert shop.adjustments.propose(proposals(shop, TODAY), NOW) == 1
    return shop


def look(shop: Store, rule: str, now: datetime = NOW) -> list[Sighting]:
    ask = Ask(shop, THE_SHOP, now)
    return list(all_watches()[rule].look(ask))


def labelled(buttons: Sequence[Button], start: str) -> Button:
    return next(button for button in buttons if button.label.startswith(start))


def pressed(shop: Store, button: Button, user: object = OWNER) -> Reply:
    return do(shop, button.call.intent, user, **button.call.slots)  # type: ignore[arg-type]


# -- voices and bursts -------------------------------------------------------------------------------


def test_many_customers_in_two_weeks_are_a_burst_with_their_own_words(shop: Store) -> None:
    much_asked(shop)
    (burst,) = (one for one in talk(shop, TODAY, WANTED).bursts() if one.thing == RED)
    assert len(burst.voices) == 9 and burst.usual < 1.5
    assert {signal.quote for signal in burst.quotes} <= {
        f"where are the {word} mugs gone?" for word in WORDS[:9]
    }


def test_copies_of_one_text_and_one_loud_person_are_no_burst(shop: Store) -> None:
    usual_talk(shop)
    long = "I was so looking forward to the red mugs and now they are gone once again, shame"
    for number in range(12):
        hear(shop, f"{long} {number}", number / 3)
    for number in range(8):
        hear(shop, f"where are the {WORDS[number]} mugs?", number / 2, sku=BLUE, customer="loud")
    heard = talk(shop, TODAY, WANTED)
    assert heard.bursts() == []
    assert len(heard.heard[RED].campaigns) == 1 and not heard.heard[RED].counted


def test_before_four_weeks_of_words_are_known_nothing_is_more_than_usual(shop: Store) -> None:
    for number in range(9):
        hear(shop, f"where are the {WORDS[number]} mugs?", number, customer=f"c{number}")
    assert talk(shop, TODAY, WANTED).bursts() == []


def test_a_signal_fades_and_is_over(shop: Store) -> None:
    much_asked(shop)
    strengths = [talk(shop, TODAY + timedelta(days=day), WANTED).heard[RED].strength for day in (0, 10, 40)]
    values = [one.value for one in strengths if one is not None]
    assert len(values) == 3
    assert values[1] == pytest.approx(values[0] / 2, rel=1e-3) and values[2] < 0.5
    assert talk(shop, TODAY + timedelta(days=40), WANTED).bursts() == []


# -- into the forecast -------------------------------------------------------------------------------


def test_a_burst_is_proposed_with_figures_and_the_forecast_waits_for_a_yes(shop: Store) -> None:
    proposed(shop)
    text = say(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert text.startswith("About 14 × Red Mug 350ml this week")
    assert "9 customers asked for it in two weeks" in text
    assert "if you agree. That is a cautious guess: too few such bursts are on record here" in text
    found = data(shop, "forecast.demand", products=[RED], period=THIS_WEEK)["proposal"]
    assert found["voices"] == 9 and found["proposed"] == pytest.approx(1.2 * found["model"], rel=1e-3)


def test_agreed_it_is_in_the_forecast_and_in_what_to_order_with_who_and_when(shop: Store) -> None:
    proposed(shop)
    before = shop.forecasts.of([RED])[0].weekly[0]
    asked = call(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert isinstance(asked, Reply)
    done = pressed(shop, labelled(asked.buttons, "Agree: +"))
    assert done.text.startswith("Agreed: the forecast of Red Mug 350ml goes +")
    text = say(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert text.startswith("About 17 × Red Mug 350ml this week")
    assert "of it is from what customers asked, agreed by Anna Bell on Mon 16 Mar." in text
    assert shop.forecasts.of([RED])[0].weekly[0] == before
    reply = call(shop, "reorder.suggest", products=[RED])
    assert isinstance(reply, Reply)
    told = " ".join((reply.text, str(reply.data), *(row for one in reply.sources for row in one.rows)))
    assert "from what customers asked" in told and "agreed by Anna Bell on 2026-03-16" in told


def test_at_each_place_it_is_raised_in_proportion(shop: Store) -> None:
    proposed(shop)
    asked = call(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert isinstance(asked, Reply)
    pressed(shop, labelled(asked.buttons, "Agree"))
    rows = data(shop, "forecast.demand", products=[RED], period=THIS_WEEK)["rows"]
    assert sum(row["mean"] for row in rows[1:]) == pytest.approx(rows[0]["mean"], rel=0.01)
    assert rows[1]["mean"] > 10 and rows[2]["mean"] > 4


def test_undone_the_forecast_is_what_it_was(shop: Store) -> None:
    proposed(shop)
    (one,) = shop.adjustments.of([RED], states=(PROPOSED,))
    reply = call(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert isinstance(reply, Reply) and reply.data["proposal"]["adjustment"] == one.id
    made = plan(shop, "forecast.demand", **labelled(reply.buttons, "Agree").call.slots)
    applied = shop.apply(made.change, ANNA, request_id="yes", at=NOW)
    shop.apply(Undo(applied.group_id), ANNA, request_id="undo", at=NOW)
    assert data(shop, "forecast.demand", products=[RED], period=THIS_WEEK)["rows"][0]["mean"] == 14


def test_a_model_that_caught_up_by_itself_is_not_raised_again(shop: Store) -> None:
    proposed(shop)
    asked = call(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert isinstance(asked, Reply)
    pressed(shop, labelled(asked.buttons, "Agree"))
    forecast(shop, [row(RED, 30, cut_off=YESTERDAY)])
    found = data(shop, "forecast.demand", products=[RED], period=THIS_WEEK)["rows"][0]
    assert found["mean"] == 30


def test_no_leaves_the_forecast_and_a_stale_button_is_refused(shop: Store) -> None:
    proposed(shop)
    reply = call(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert isinstance(reply, Reply)
    agree, decline = labelled(reply.buttons, "Agree"), labelled(reply.buttons, "No")
    much = f'{{"do":"agree","adjustment":{shop.adjustments.of([RED])[0].id},"to":"99"}}'
    changed = call(shop, "forecast.demand", products=[RED], detail=much)
    assert isinstance(changed, Refused) and "The figures have changed since" in changed.reason
    assert pressed(shop, decline).text.endswith("I won't propose that again for three weeks.")
    assert no(shop, agree.call.intent, **agree.call.slots) == "Anna Bell has declined that already."
    assert data(shop, "forecast.demand", products=[RED], period=THIS_WEEK)["rows"][0]["mean"] == 14


def test_staff_see_the_words_and_only_buyers_may_agree(shop: Store) -> None:
    proposed(shop)
    (one,) = shop.adjustments.of([RED])
    ask = Ask(shop, TOM, NOW, may=lambda right: right is not Right.BUY)
    buttons = proposal_buttons(ask, shop.catalogue().products[RED], one)
    assert [button.label for button in buttons] == ["Show what they said"]
    assert isinstance(decided(ask, {"do": "agree", "adjustment": one.id}), Refused)


def test_where_the_past_shows_no_gain_nothing_is_proposed_and_that_is_said(shop: Store) -> None:
    ready(shop)
    much_asked(shop)
    keep_gates(shop, {WANTED: {"smooth": Gate("shut", Rule(1.2, 14, 3.0), -0.002, 0.001, 12, 4)}}, NOW)
    assert proposals(shop, TODAY) == []
    (seen,) = look(shop, "feedback.demand")
    assert "Here such talk has not led to more sales so far, so the forecast stays." in seen.reply.text


def test_what_was_learnt_sets_the_size_and_is_told(shop: Store) -> None:
    ready(shop)
    much_asked(shop)
    keep_gates(shop, {WANTED: {"smooth": Gate("open", Rule(1.5, 21, 2.2), 0.031, 0.004, 14, 4)}}, NOW)
    assert gate_for(gates_of(shop), WANTED, "smooth").rule.days == 21
    shop.adjustments.propose(proposals(shop, TODAY), NOW)
    text = say(shop, "forecast.demand", products=[RED], period=THIS_WEEK)
    assert "After 14 such bursts here the forecasts of goods like it would have been 3.1% nearer." in text


def test_bad_goods_and_other_makes_never_raise_a_forecast_by_themselves(shop: Store) -> None:
    ready(shop)
    usual_talk(shop)
    for number in range(9):
        hear(shop, f"the {WORDS[number]} lid leaks", number, QUALITY, customer=f"q{number}")
        hear(shop, f"do you have it in {WORDS[number]}", number, VARIANT, sku=MILK, customer=f"v{number}")
    assert proposals(shop, TODAY) == []


def test_the_nightly_look_judges_proposes_and_lets_go(shop: Store) -> None:
    ready(shop)
    much_asked(shop)
    shop.clock = lambda: NOW
    days = shop_days(shop, YESTERDAY, ahead=7)
    products = list(shop.catalogue().products.values())
    assert suggest(shop, days, products, NOW) == 1
    assert suggest(shop, days, products, NOW) == 1
    assert len(shop.adjustments.of([RED])) == 1


# -- by itself ---------------------------------------------------------------------------------------


def test_a_burst_is_told_once_with_quotes_and_its_buttons(shop: Store) -> None:
    proposed(shop)
    (seen,) = look(shop, "feedback.demand")
    assert seen.subject == RED and seen.products == (RED,)
    assert "9 customers asked for it in two weeks" in seen.reply.text and "“where are the" in seen.reply.text
    assert [button.label.partition(":")[0] for button in seen.reply.buttons] == [
        "Agree",
        "No",
        "Show what they said",
    ]


def test_what_was_agreed_or_declined_is_not_told_again(shop: Store) -> None:
    proposed(shop)
    (seen,) = look(shop, "feedback.demand")
    pressed(shop, labelled(seen.reply.buttons, "No"))
    assert look(shop, "feedback.demand", NOW + timedelta(days=3)) == []


def test_a_quiet_shop_says_nothing(shop: Store) -> None:
    ready(shop)
    usual_talk(shop)
    for rule in ("feedback.demand", "feedback.quality", "stock.said_out"):
        assert look(shop, rule) == []


def test_sold_out_with_stock_on_record_asks_for_a_count_and_a_count_settles_it(shop: Store) -> None:
    hear(shop, "the blue mugs are sold out again", -2, sku=BLUE, customer="c1")
    later = NOW + timedelta(days=2, hours=1)
    (seen,) = look(shop, "stock.said_out", later)
    assert seen.reply.text == (
        "1 customer found Blue Mug 350ml sold out (today: “the blue mugs are sold out again”), "
        "but the books have 7 at High Street. Is it there?"
    )
    button = seen.reply.buttons[0]
    assert (button.label, button.call.intent) == ("Count High Street", "stock.count")
    counted = Count(BLUE, "HIGH", Decimal(7), shop.stock.position())
    shop.apply(counted, ANNA, request_id="count", at=later)
    assert look(shop, "stock.said_out", later) == []


def test_sold_out_before_the_delivery_came_is_no_reason_to_count(shop: Store) -> None:
    hear(shop, "the blue mugs are sold out again", 1, sku=BLUE, customer="c1")
    assert look(shop, "stock.said_out") == []


def test_sold_out_of_what_the_books_do_not_have_is_no_news(shop: Store) -> None:
    hear(shop, "no tea left", 0.1, sku=TEA, customer="c1")
    assert look(shop, "stock.said_out") == []


def test_three_leaks_in_one_lot_offer_to_hold_it_and_it_can_be_freed(shop: Store) -> None:
    usual_talk(shop)
    for number, word in enumerate(WORDS[:3]):
        hear(shop, f"{word} bottle of lot M2 leaked", number, QUALITY, sku=MILK, customer=f"q{number}")
    (seen,) = look(shop, "feedback.quality")
    assert seen.reply.text.startswith("3 customers complained of lot M2 of Whole Milk 1L in four weeks: “")
    assert "Put what is left of it into quarantine?" in seen.reply.text
    done = pressed(shop, labelled(seen.reply.buttons, "Quarantine lot M2"))
    assert done.text == "Lot M2 of Whole Milk 1L is in quarantine: it is neither sold nor promised."
    assert look(shop, "feedback.quality") == []
    freed = pressed(shop, labelled(done.buttons, "Free it again"))
    assert freed.text == "Lot M2 of Whole Milk 1L may be sold again."


def test_leaks_without_a_lot_are_the_only_lots_that_was_sold(shop: Store) -> None:
    usual_talk(shop)
    shop.apply(
        Receive(TEA, "HIGH", Decimal(20), supplier="ACME", lot="T7"),
        ANNA,
        request_id="in",
        at=NOW - timedelta(days=5),
    )
    shop.apply(Sell(TEA, "HIGH", Decimal(5)), ANNA, request_id="sold", at=NOW - timedelta(days=4))
    for number, word in enumerate(WORDS[:3]):
        hear(shop, f"{word} tin smells odd", number / 2, QUALITY, sku=TEA, customer=f"q{number}")
    (seen,) = look(shop, "feedback.quality")
    assert "lot T7 of Earl Grey Tea 250g" in seen.reply.text and "It came from Acme" in seen.reply.text


def test_many_complaints_of_one_product_are_told_with_its_supplier(shop: Store) -> None:
    usual_talk(shop)
    for number in range(6):
        hear(shop, f"{WORDS[number]} handle came off", number, QUALITY, customer=f"q{number}")
    (seen,) = look(shop, "feedback.quality")
    assert seen.reply.text.startswith(
        "6 customers found Red Mug 350ml bad in two weeks, far more than usual: "
    )
    assert [button.call.intent for button in seen.reply.buttons] == ["feedback.summary", "supplier.score"]


def test_a_supplier_is_scored_by_complaints_beside_its_share_of_sales(shop: Store) -> None:
    for number in range(3):
        hear(shop, f"{WORDS[number]} handle came off", 3 * number, QUALITY, customer=f"q{number}")
    hear(shop, "the milk was sour", 2, QUALITY, sku=MILK, customer="m1")
    found = data(shop, "supplier.score", supplier="ACME")
    assert (found["complaints"], found["complaints_share"]) == (3, 0.75)
    text = say(shop, "supplier.score", supplier="ACME")
    assert "3 customers found its goods bad in 91 days (75% of all such complaints, with 2" in text
    assert ": Red Mug 350ml, as in “" in text
    assert "found its goods bad" not in say(shop, "supplier.score", supplier="ACME", period=NEXT_WEEK)


# -- things that are not carried ---------------------------------------------------------------------


def test_a_wish_is_worth_what_things_like_it_sold_with_its_doubt(shop: Store) -> None:
    for number in range(5):
        hear(
            shop,
            f"do you have oat milk for the {WORDS[number]} one?",
            number,
            PRODUCT,
            sku=None,
            customer=f"w{number}" if number < 4 else "w0",
            mention="oat milk",
        )
    shop.said.link([("oat milk", ["oat milk"])], NOW)
    ask = Ask(shop, OWNER, NOW)
    (one,) = worth(ask, shop.said.wishes())
    assert (one.customers, one.known) == (4, 4)
    assert one.estimate is not None and one.estimate.like[0] == MILK
    assert one.estimate.low < one.estimate.mean < one.estimate.high
    text = worth_words(ask, one)
    assert f"{one.customers} customers asked for oat milk since" in text
    assert "Worth stocking? Things like it (Whole Milk 1L" in text and "in 8 of 10 cases" in text
    assert one.row["customers"] == one.customers


def test_what_sold_in_its_first_weeks_is_told_also_where_the_books_are_young(shop: Store) -> None:
    (red,) = [one for one in early_sales(shop, TODAY) if one.key == RED]
    assert (len(red.early), sum(red.early)) == (3, 41), (
        "weeks before the books began are no weeks without sales"
    )


def test_of_years_of_sales_only_the_weeks_in_question_are_read(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sku in (BLUE, TEA):
        shop.apply(Receive(sku, "HIGH", Decimal(200)), ANNA, request_id=f"came {sku}", at=NOW)
    sales = [(TEA, 600), (TEA, 592), *((BLUE, ago) for ago in range(30, 701, 10))]
    for number, (sku, ago) in enumerate(sales):
        sold = Sell(sku, "HIGH", Decimal(2))
        shop.apply(sold, ANNA, request_id=f"sold {number}", at=NOW - timedelta(days=ago))
    read = type(shop.demand).net
    rows: list[Any] = []

    def counted(*given: Any, **days: Any) -> Iterator[Any]:
        found = list(read(*given, **days))
        rows.extend(found)
        return iter(found)

    monkeypatch.setattr(type(shop.demand), "net", counted)
    found = {one.key: list(one.early) for one in early_sales(shop, TODAY)}
    assert found[TEA] == [2, 2, 0, 0, 0, 0, 0, 0]
    assert sum(row[0] == BLUE for row in rows) == 3, "it has sold on 68 days"


def test_a_shop_without_sales_estimates_nothing(shop: Store) -> None:
    assert worth(Ask(shop, OWNER, NOW), []) == []
