"""What customers say and ask for, told with counts that can be counted and quotes that were said."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.shop import ANNA, BLUE, NOW, RED, tiny_shop
from tools.feedback.add import add
from tools.feedback.requests import requests
from tools.feedback.summary import summary
from tools.kit import Ask, Period, Plan, Refused, Reply
from tools.kit.purchases import packed
from tools.kit.said_news import heard_on, news_line, weekly_words
from tools.store import Store, User
from tools.store.changes import NoteRemark
from tools.store.signal_facts import (
    PRAISE,
    PRODUCT,
    QUALITY,
    STOCKOUT,
    VARIANT,
    Mined,
    MinedText,
    Said,
)

TODAY = NOW.date()
# Days ago, customer, channel, text, what it says.
SAID = (
    (2, "C001", "review", "The handle chipped after a week.", Mined(QUALITY, RED, "handle", polarity="neg")),
    (3, "C002", "review", "Chipped. Not happy at all", Mined(QUALITY, RED, polarity="neg", urgency="high")),
    (3, "C002", "review", "It really chipped so soon", Mined(QUALITY, RED, polarity="neg")),
    (5, "C003", "email", "Lovely red, makes me smile", Mined(PRAISE, RED, polarity="pos")),
    (4, "", "chat", "do you do the blue mug in green?", Mined(VARIANT, BLUE, "blue mug", "green")),
    (4, "", "till_note", "asked for oat milk", Mined(PRODUCT, mention="oat milk")),
    (6, "", "till_note", "asked for oat milk", Mined(PRODUCT, mention="oat milk")),
    (7, "C004", "email", "any oatly?", Mined(PRODUCT, mention="oatly")),
    (8, "C005", "chat", "red mugs sold out AGAIN", Mined(STOCKOUT, RED, "red mugs", polarity="neg")),
    (100, "C006", "review", "Fine mug", Mined(PRAISE, RED, polarity="pos")),
    (200, "C007", "review", "Nice", Mined(PRAISE, RED, polarity="pos")),
)


@pytest.fixture
def ask(store: Store) -> Ask:
    shop = tiny_shop(store)
    read = []
    for place, (days, customer, channel, text, one) in enumerate(SAID):
        at = datetime(2026, 3, 16, 8) - timedelta(days=days)
        change = NoteRemark(text, channel, customer, said_at=at, source="test", source_id=str(place))
        applied = shop.apply(change, ANNA, request_id=str(place), at=NOW)
        whole = Mined(*(getattr(one, name) for name in one.__slots__[:6]), 0, len(text), 0.9)
        read.append((int(applied.documents[0].split()[1]), MinedText("neu", (whole,))))
    shop.said.keep(read, "v1")
    shop.said.link([("oat milk", ("oat milk", "oatly"))], NOW)
    return Ask(shop, User(1, "Anna Bell", "owner"), NOW, channel="web")


def told(result: object) -> Reply:
    assert isinstance(result, Reply), result
    return result


def test_what_customers_say_about_a_product_is_counted_by_person_and_quoted(ask: Ask) -> None:
    reply = told(summary(ask, (RED,)))
    assert reply.data["customers"] == 4
    rows = {row["type"]: row for row in reply.data["rows"]}
    assert (rows[QUALITY]["customers"], rows[QUALITY]["signals"]) == (2, 3)
    assert (rows[PRAISE]["customers"], rows[PRAISE]["before"]) == (1, 1)
    assert reply.data["before"] == 1
    assert "up from 1 in the 90 days before" in reply.text
    texts = {text for _, _, _, text, _ in SAID}
    assert {quote["quote"] for quote in reply.data["quotes"]} <= texts
    assert any(f"“{text}”" in reply.text for text in texts)
    assert reply.sources[0].what == "Customers' words, 5 texts (review 3, email 1 and chat 1)"
    assert "last 90 days" in reply.text


def test_a_named_period_a_category_and_silence_are_told(ask: Ask) -> None:
    days = Period(TODAY - timedelta(days=3), TODAY)
    assert told(summary(ask, (RED,), period=days)).data["customers"] == 2
    assert told(summary(ask, category="Mugs")).data["customers"] == 5
    nothing = told(summary(ask, (RED,), period=Period(TODAY, TODAY)))
    assert "Nobody said anything" in nothing.text
    assert isinstance(summary(ask, category="Hats"), Refused)


def test_a_shop_without_words_is_told_how_they_come_in(store: Store) -> None:
    empty = Ask(tiny_shop(store), User(1, "Anna", "owner"), NOW)
    assert "Import reviews" in told(summary(empty)).text
    assert "Nobody asked for anything" in told(requests(empty)).text


def test_what_people_ask_for_is_one_thing_by_all_its_words(ask: Ask) -> None:
    reply = told(requests(ask))
    rows = {(row["kind"], row["name"]): row for row in reply.data["rows"]}
    oats = rows[PRODUCT, "oat milk"]
    assert (oats["customers"], oats["signals"]) == (3, 3)
    assert set(oats["quotes"]) == {"asked for oat milk", "any oatly?"}
    assert rows[VARIANT, "Blue Mug 350ml"]["attribute"] == "green"
    assert rows[STOCKOUT, "Red Mug 350ml"]["customers"] == 1
    assert "oat milk (3)" in reply.text
    only = told(requests(ask, category="Mugs"))
    assert {row["kind"] for row in only.data["rows"]} == {VARIANT, STOCKOUT}


def test_two_taps_note_what_a_customer_asked_for(ask: Ask) -> None:
    first = next(one for one in told(requests(ask)).buttons if one.label.startswith("A customer asked"))
    offered = told(requests(ask, detail=first.call.slots["detail"]))
    assert offered.buttons[0].label == "oat milk"
    plan = add(ask, **offered.buttons[0].call.slots)
    assert isinstance(plan, Plan)
    for press in ("one", "two"):
        ask.store.apply(plan.change, ANNA, request_id=press, at=NOW)
    noted = [one for one in ask.store.said.remarks() if one.text == "A customer asked for oat milk."]
    assert len(noted) == 2
    assert {one.channel for one in noted} == {"till_note"}
    assert told(add(ask, "a customer asked for")).buttons == offered.buttons


def test_a_note_says_what_was_understood_and_is_put_right_by_a_button(ask: Ask) -> None:
    def reads(said: Said) -> MinedText:
        return MinedText("neu", (Mined(PRODUCT, mention="lid", end=len(said.text)),))

    heard = Ask(ask.store, ask.user, NOW, channel="web", reads=reads)
    plan = add(heard, "Mrs Smith wants a lid, 07700 900123")
    assert isinstance(plan, Plan)
    reply = plan.tell(ask.store.apply(plan.change, ANNA, request_id="n", at=NOW))
    assert "I left out what is personal" in reply.text
    assert "07700" not in f"{reply.text} {reply.data} {reply.buttons}", "nor is it said again"
    assert "asked for, not carried (lid)" in reply.text
    which = told(add(heard, **reply.buttons[0].call.slots))
    right = next(one for one in which.buttons if one.label == "Another size or kind")
    change = add(heard, **right.call.slots)
    assert isinstance(change, Plan)
    change.tell(ask.store.apply(change.change, ANNA, request_id="m", at=NOW))
    (now,) = ask.store.said.read_from([int(reply.data["remark"])])
    assert (now.type, now.corrected_by) == (VARIANT, "Anna Bell")


@pytest.mark.parametrize(
    "detail", [packed(do="wrong", remark=10**12), packed(do="label", remark=1, type="x"), "{"]
)
def test_a_stale_button_is_refused(ask: Ask, detail: str) -> None:
    result = add(ask, "oat milk", detail)
    assert isinstance(result, Refused) or detail == "{"


def test_the_morning_and_the_week_tell_what_is_new(ask: Ask) -> None:
    line = news_line(heard_on(ask, TODAY - timedelta(days=3), TODAY))
    assert line == (
        "Customers' words: 2 told of poor quality (Red Mug 350ml); urgent: “Chipped. Not happy at all”."
    )
    week = weekly_words(ask)
    assert week is not None
    assert "Asked for, not carried: oat milk (3)." in week.text
    assert "Quality: 2 customers (Red Mug 350ml)." in week.text
    assert week.data["customers"] == 7
    assert news_line(heard_on(ask, TODAY, TODAY)) == ""


def test_a_pasted_mail_is_noted_as_the_customer_wrote_it(ask: Ask) -> None:
    pasted = (
        "From: Jane Smith <jane@example.org>\nSubject: Jug\nDate: Tue, 3 Mar 2026 10:12:00 +0000\n\n"
        "The jug leaks.\n\nKind regards,\nJane\n\nOn Mon, The Shop wrote:\n> Hello"
    )
    plan = add(Ask(ask.store, ask.user, NOW, channel="web", text=pasted), pasted)
    assert isinstance(plan, Plan)
    reply = plan.tell(ask.store.apply(plan.change, ANNA, request_id="mail", at=NOW))
    kept = ask.store.said.remark(int(reply.data["remark"]))
    assert kept is not None
    assert (kept.text, kept.channel, kept.at.day, kept.customer) == ("The jug leaks.", "email", 3, "")
