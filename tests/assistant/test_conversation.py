"""What a person gets for what they say, from the words down to the books and back."""

import threading
from decimal import Decimal

from connectors.chat.message import Message
from tests.shop import BIG_RED, BLUE, MILK, RED


def stands(text: str) -> Decimal:
    return Decimal(text).normalize()


def test_a_question_is_answered_with_the_number_and_where_it_is(talk):
    answer = talk().say("how many small red mugs left?")
    assert "57" in answer.text
    assert "Warehouse 40" in answer.text
    assert answer.data["rows"][0] == {
        **answer.data["rows"][0],
        "sku": RED,
        "on_hand": 57,
        "reserved": 2,
        "available": 55,
    }


def test_a_follow_up_keeps_what_was_not_said_again(talk):
    anna = talk()
    anna.say("how many red mugs left at the harbour?")
    answer = anna.say("and the blue ones?")
    assert [parse.intent for parse in answer.parses] == ["stock.query"]
    assert answer.parses[0].slots == {"products": [BLUE], "location": "HARB"}


def test_two_requests_in_one_message_are_answered_in_order(talk):
    answer = talk().say("how many blue mugs left and what's the price of earl grey tea")
    assert [parse.intent for parse in answer.parses] == ["stock.query", "product.info"]
    assert answer.text.index("7") < answer.text.index("£6.25")


def test_each_reply_is_told_before_the_next_request_is_looked_at(talk):
    anna = talk()
    told = []
    message = Message(
        "c1", anna.user, "test", "receive 5 blue mugs at high street and receive 3 milk at high street"
    )
    start = anna.house.store.stock.position()
    answer = anna.house.answer_now(
        message, lambda reply: told.append((reply.text, anna.house.store.stock.position() - start))
    )
    assert told == [(answer.replies[0].text, 1), (answer.replies[1].text, 2)]


async def test_a_door_hears_all_replies_before_the_answer_and_none_again(talk):
    anna = talk()
    message = Message(
        "c1",
        anna.user,
        "test",
        "how many blue mugs left and what's the price of earl grey tea",
        event_id="e1",
    )
    told = []
    answer = await anna.house.answer(message, hear=told.append)
    assert told == list(answer.replies)
    again = await anna.house.answer(message, hear=told.append)
    assert again.text == answer.text
    assert len(told) == 2


def test_a_breakage_is_asked_for_place_then_recorded_and_undone(talk):
    anna = talk()
    asked = anna.say("we broke 3 small red mugs")
    assert "High Street" in asked.text
    assert anna.on_hand(RED, "HARB") == anna.on_hand(RED, "HARB")
    done = anna.say("at the harbour")
    assert "5 → 2" in done.text
    assert stands(anna.on_hand(RED, "HARB")) == 2
    undone = anna.say("undo that")
    assert "2 → 5" in undone.text
    assert stands(anna.on_hand(RED, "HARB")) == 5
    assert "no change" in anna.say("undo").text


def test_words_that_fit_several_products_are_offered_and_chosen(talk):
    anna = talk()
    asked = anna.say("we broke 2 red mugs at high street")
    assert len(asked.actions) == 2
    done = anna.say("the second one")
    assert "3 → 1" in done.text


def test_a_choice_can_be_made_by_button_and_only_once(talk):
    anna = talk()
    asked = anna.say("we broke 2 red mugs at high street")
    done = anna.press("Red Mug 350ml", asked)
    assert "12 → 10" in done.text
    again = anna.press("Red Mug 350ml", asked)
    assert "Already done" in again.text
    other = anna.press("Red Mug 500ml", asked)
    assert "chosen already" in other.text
    assert stands(anna.on_hand(RED, "HIGH")) == 10


def test_what_is_worth_much_waits_for_a_yes(talk):
    tom = talk("Tom")
    asked = tom.say("we broke 11 big red mugs at high street")
    assert "only 3" in asked.text.lower()
    ben = talk("Ben", "c2")
    asked = ben.say("400 small red mugs came in from acme at the warehouse")
    assert "yes" in asked.text.lower()
    assert stands(ben.on_hand(RED, "WH")) == 40
    done = ben.say("yes")
    assert "440" in done.text
    assert stands(ben.on_hand(RED, "WH")) == 440


def test_no_leaves_everything_as_it_was(talk):
    ben = talk("Ben")
    ben.say("400 small red mugs came in from acme at the warehouse")
    assert "nothing" in ben.say("no").text
    assert "nothing waiting" in ben.say("yes").text.lower()
    assert stands(ben.on_hand(RED, "WH")) == 40


def test_the_same_change_said_twice_is_asked_about(talk):
    anna = talk()
    anna.say("sold 1 blue mug at high street")
    asked = anna.say("sold 1 blue mug at high street")
    assert "exactly this" in asked.text
    assert stands(anna.on_hand(BLUE, "HIGH")) == 6
    assert "5" in anna.press("Yes", asked).text
    assert stands(anna.on_hand(BLUE, "HIGH")) == 5


def test_the_same_words_a_minute_later_are_another_sale(talk):
    anna = talk()
    anna.say("sold 1 blue mug at high street")
    anna.later(minutes=2)
    anna.say("sold 1 blue mug at high street")
    assert stands(anna.on_hand(BLUE, "HIGH")) == 5


def test_the_same_event_twice_has_one_effect_and_one_answer(talk):
    anna = talk()
    first = anna.say("sold 1 blue mug at high street", event_id="e1")
    second = anna.say("sold 1 blue mug at high street", event_id="e1")
    assert second.text == first.text
    assert stands(anna.on_hand(BLUE, "HIGH")) == 6


def test_the_same_event_twice_at_once_has_one_effect(talk):
    anna = talk()
    answers = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(anna.say("sold 1 blue mug at high street", event_id="e2"))
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.text for answer in answers}) == 1
    assert stands(anna.on_hand(BLUE, "HIGH")) == 6


def test_packs_are_told_in_both_units(talk):
    answer = talk().say("2 cases of small red mugs came in at the warehouse")
    assert "2 cases = 12" in answer.text
    assert "40 → 52" in answer.text


def test_a_sale_of_another_day_is_not_booked_today_without_a_word(talk):
    anna = talk()
    asked = anna.say("sold 1 blue mug at high street yesterday")
    assert "today's date" in asked.text
    assert stands(anna.on_hand(BLUE, "HIGH")) == 7
    anna.say("yes")
    anna.later(minutes=2)
    assert "6 → 5" in anna.say("sold 1 blue mug at high street today").text


def test_a_count_does_not_take_later_sales_for_shrinkage(talk):
    anna, tom = talk(), talk("Tom", "c2")
    asked = anna.say("I counted 2 small red mugs at high street")
    assert "12" in asked.text
    tom.say("sold 1 small red mug at high street")
    anna.press("Yes", asked)
    assert stands(anna.on_hand(RED, "HIGH")) == 1


def test_why_shows_what_the_last_number_rests_on(talk):
    anna = talk()
    assert "number" in anna.say("why?").text
    anna.say("how many blue mugs left?")
    why = anna.say("why?")
    assert "ledger" in why.text.lower()


def test_help_lists_what_this_person_may_ask(talk):
    owner, driver = talk().say("help").text, talk("Gemma", "c2").say("help").text
    assert "how many" in owner.lower()
    assert len(driver) < len(owner)


def test_what_is_not_built_yet_says_so_and_offers_something_else(talk):
    answer = talk().say("what should we charge for red mugs")
    assert answer.parses[0].intent == "pricing.suggest"
    assert "can't" in answer.text
    assert "yet" in answer.text
    assert "“" in answer.text


def test_what_it_does_not_do_is_said_in_one_line(talk):
    answer = talk().say("can you refund mrs jones")
    assert answer.parses[0].intent == "meta.unknown"
    assert "refund" in answer.text


def test_a_role_without_the_right_is_told_whom_to_ask(talk):
    answer = talk("Gemma").say("revenue yesterday")
    assert "driver" in answer.text
    assert "£" not in answer.text


def test_a_person_limited_to_a_place_sees_only_that_place(talk):
    answer = talk("Tom").say("how many small red mugs left?")
    assert "12" in answer.text
    assert "57" not in answer.text
    assert "Warehouse" not in answer.text
    refused = talk("Tom", "c9").say("how many small red mugs in the warehouse?")
    assert "40" not in refused.text


def test_cancel_drops_a_question(talk):
    anna = talk()
    anna.say("we broke 3 small red mugs")
    assert "nothing" in anna.say("never mind").text
    answer = anna.say("at the harbour")
    assert stands(anna.on_hand(RED, "HARB")) == 5
    assert answer.text


def test_an_unknown_product_is_said_to_be_so(talk):
    answer = talk().say("how many unicorn umbrellas left?")
    assert "unicorn" in answer.text.lower()


def test_memory_outlives_a_restart(talk):
    anna = talk()
    anna.say("we broke 3 small red mugs")
    reborn = type(anna)(
        type(anna.house)(anna.house.store, anna.house.parser, lambda: anna.clock[0]),
        anna.user,
        "c1",
        anna.clock,
    )
    assert "5 → 2" in reborn.say("at the harbour").text


def test_expired_milk_is_not_promised(talk):
    answer = talk().say("how much whole milk do we have in the fridge")
    row = answer.data["rows"][0]
    assert (row["sku"], row["on_hand"], row["available"]) == (MILK, 34, row["available"])
    assert row["available"] <= 30


def test_a_fault_is_told_with_an_id_and_nothing_else(talk, monkeypatch, capsys):
    anna = talk()

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(anna.house.parser), "read", broken)
    answer = anna.say("how many blue mugs left?")
    assert "secret" not in answer.text
    assert answer.data["fault"] in answer.text
    assert "secret detail" in "".join(capsys.readouterr())


def test_what_failed_can_be_said_again_under_the_same_id(talk, monkeypatch):
    anna = talk()
    whole = type(anna.house.parser).read

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(anna.house.parser), "read", broken)
    assert anna.say("sold 1 blue mug at high street", event_id="e9").data["fault"]
    monkeypatch.setattr(type(anna.house.parser), "read", whole)
    assert "7 → 6" in anna.say("sold 1 blue mug at high street", event_id="e9").text


def test_swapped_letters_of_a_short_word_are_read(talk):
    answer = talk().say("how mny rde mugs lft at the harbour")
    assert answer.parses[0].slots == {"products": [RED, BIG_RED], "location": "HARB"}


def test_strange_messages_are_answered(talk):
    anna = talk()
    for text in (
        "",
        "   ",
        "?",
        "😀😀😀",
        "\x00",
        "a" * 5_000,
        "'; DROP TABLE product; --",
        "<script>alert(1)</script>",
        "١٢٣",
    ):
        assert anna.say(text).text
    assert stands(anna.on_hand(RED, "HIGH")) == 12
