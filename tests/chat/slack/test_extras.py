"""/stock, shortcuts, forms, App Home and prompts: the same house behind all of them."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from connectors.chat.slack.extras import words_for
from connectors.chat.slack.forms import COUNT
from tests.chat.slack.people import button_of, buttons_of, words_of
from tests.shop import BLUE, NOW, RED
from tools.kit import Right
from tools.store import Actor
from tools.store.buying_changes import DraftOrder, OrderLine
from tools.store.incidents_facts import Found


def on_hand(slack, sku, place):
    levels = slack.house.store.stock.levels([sku], locations=[place], today=NOW.date())
    return sum(level.on_hand for level in levels)


async def test_stock_tells_who_asks_how_much_is_left_and_nobody_else(slack, anna):
    told = await anna.command("blue mugs")
    assert told["response_type"] == "ephemeral"
    assert "7" in words_of(told)
    assert slack.posts() == []


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", "what's running low?"),
        ("red mugs", "how many red mugs do we have left?"),
        ("what sold last week?", "what sold last week?"),
        ("revenue yesterday", "revenue yesterday"),
        ("is the milk going off?", "is the milk going off?"),
        ("&lt;b&gt; tea", "how many <b> tea do we have left?"),
    ],
)
def test_stock_takes_a_name_or_a_sentence(typed, asked):
    assert words_for(typed) == asked


async def test_a_button_under_a_private_answer_replaces_it_for_who_sees_it(slack, anna):
    shown = await anna.command("sold 2 blue mugs at high street")
    message = {**shown, "ts": "17.1", "channel": "C0SHOP"}
    container = {"type": "message", "message_ts": "17.1", "channel_id": "C0SHOP", "is_ephemeral": True}
    await anna.presses("Undo", message, container=container)
    told = slack.server.responses[-1]
    assert told["replace_original"] is True
    assert "5 → 7" in words_of(told)


async def test_a_count_is_written_down_by_a_form(slack, anna):
    await anna.shortcut(COUNT)
    (opened,) = slack.server.of("views.open")
    products = await anna.options("product", "blue mug")
    assert products[0]["value"] == BLUE
    values = {
        "product": {"selected_option": products[0]},
        "place": {"selected_option": {"value": "HIGH"}},
        "quantity": {"value": "6"},
    }
    ack = await anna.submits(opened["view"], values)
    assert ack.payload is None
    assert on_hand(slack, BLUE, "HIGH") == 6
    assert slack.posts()[-1]["channel"] == "U0ANNA"
    await anna.submits(opened["view"], values)
    assert len(slack.posts()) == 1


async def test_what_is_wrong_with_a_form_is_told_at_its_fields(slack, tom):
    await tom.shortcut(COUNT)
    (opened,) = slack.server.of("views.open")
    places = opened["view"]["blocks"][1]["element"]["options"]
    assert [place["value"] for place in places] == ["HIGH"]
    values = {
        "product": {"selected_option": {"value": "NO-SUCH"}},
        "place": {"selected_option": {"value": "WH"}},
        "quantity": {"value": "many"},
    }
    ack = await tom.submits(opened["view"], values)
    assert ack.payload["response_action"] == "errors"
    assert set(ack.payload["errors"]) == {"product", "place", "quantity"}


@pytest.mark.parametrize("number", ["", "-1", "NaN", "1e99", "Infinity", "1.23456", "0x10"])
async def test_a_count_is_a_plain_number(slack, anna, number):
    await anna.shortcut(COUNT)
    values = {
        "product": {"selected_option": {"value": RED}},
        "place": {"selected_option": {"value": "WH"}},
        "quantity": {"value": number},
    }
    ack = await anna.submits(slack.server.of("views.open")[-1]["view"], values)
    assert set(ack.payload["errors"]) == {"quantity"}


async def test_what_a_customer_said_goes_to_the_tool_for_it(slack, anna):
    message = {"text": "A customer asked for oat milk", "ts": "1.1", "user": "U0TOM"}
    url = f"{slack.server.url}/respond"
    await anna.shortcut("customer_feedback", message=message, channel={"id": "C9"}, response_url=url)
    assert "Noted: “A customer asked for oat milk”." in slack.server.responses[-1]["text"]


async def test_home_shows_what_needs_a_person_and_an_approval_is_one_press_away(slack, anna):
    store = slack.house.store
    draft = DraftOrder("ACME", (OrderLine(BLUE, Decimal(12), "HIGH"),), expected_on=NOW.date())
    store.apply(draft, Actor("Anna Bell", "test"), request_id="draft", at=NOW)
    view = await anna.opens_home()
    words = words_of(view)
    assert "Needs a person" in words
    assert "Running low" in words
    approve = next(block["accessory"] for block in view["blocks"] if "accessory" in block)
    payload = anna.touching(approve, {"ts": "", "channel": ""})
    payload |= {"container": {"type": "view", "view_id": "V1"}, "channel": None, "message": None}
    answer = await anna.does("interactive", payload)
    assert "PO-" in words_of(answer)
    assert len(slack.server.of("views.publish")) == 2


async def test_prompts_are_suggested_where_the_chat_is_opened(slack, anna):
    await anna.opens_home(tab="messages")
    (asked,) = slack.server.of("assistant.threads.setSuggestedPrompts")
    assert asked["channel_id"] == "D0ANNA"
    assert "thread_ts" not in asked
    assert 1 <= len(asked["prompts"]) <= 4


async def test_nobody_unknown_reads_a_number(slack, stranger, anna):
    sold = dict(await anna.mentions("sold 2 blue mugs at high street"))
    before = len(slack.server.calls)
    await stranger.says("how many blue mugs left?")
    await stranger.mentions("how many blue mugs left?")
    await stranger.command("blue mugs")
    await stranger.command("pair ABCD2345")
    await stranger.opens_home()
    await stranger.opens_home(tab="messages")
    await stranger.shortcut(COUNT)
    await stranger.presses("Undo", sold)
    form = slack.server.of("views.open")[-1]["view"]
    ack = await stranger.submits({**form, "callback_id": COUNT}, {"quantity": {"value": "1"}})
    assert await stranger.options("product", "mug") == []
    told = [call.args for call in slack.server.calls[before:]] + [slack.server.responses, ack.payload]
    text = json.dumps(told)
    assert "I don't know you yet" in text
    assert "Mug" not in text
    assert "MUG" not in text
    assert on_hand(slack, BLUE, "HIGH") == 5
    assert buttons_of(slack.server.messages[sold["channel"], sold["ts"]])


async def test_somebody_becomes_known_by_a_code_that_is_said_in_private(slack, stranger):
    ben = slack.house.store.people.find("Ben Osei")
    code = slack.house.store.people.pairing.new_code(ben.id)
    await stranger.mentions(f"pair {code}")
    assert "direct message" in slack.server.of("chat.postEphemeral")[-1]["text"]
    told = await stranger.says(f"pair {code}")
    assert told["text"].startswith("Hello Ben Osei")
    assert "7" in words_of(await stranger.says("how many blue mugs left?"))


async def test_a_button_of_somebody_else_stays_theirs(slack, anna, tom):
    asked = dict(await anna.mentions("received 300 MUG-RED-350 from Acme in the warehouse"))
    assert button_of(asked, "Yes")
    await tom.presses("Yes", asked)
    assert slack.server.of("chat.postEphemeral")
    assert buttons_of(slack.server.messages[asked["channel"], asked["ts"]])
    assert on_hand(slack, RED, "WH") == 40


async def test_home_tells_each_person_what_their_role_and_places_let_them_know(slack, anna, tom):
    for place, words in (("HIGH", "Blue mugs <run> out"), ("WH", "Costs of red mugs rose")):
        reply = json.dumps({"text": words})
        needs = Right.SEE_STOCK.value if place == "HIGH" else Right.SEE_COSTS.value
        found = Found(f"stock.low:X:{place}", "stock.low", "X", place, "today", needs, Decimal(0), reply)
        slack.house.store.incidents.report(found, NOW, lambda _situation: ())
    owner, staff = words_of(await anna.opens_home()), words_of(await tom.opens_home())
    assert "Blue mugs &lt;run&gt; out" in owner
    assert "Costs of red mugs rose" in owner
    assert "Blue mugs &lt;run&gt; out" in staff
    assert "Costs" not in staff
    assert "Waits for a yes" not in staff
