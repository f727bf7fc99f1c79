"""What a count knows of: sales before it in the same message, and none after it was said."""

from decimal import Decimal

import pytest

from assistant.memory import Recall
from tests.shop import BLUE, NOW, RED


def at_high_street(person, sku) -> Decimal:
    return Decimal(person.on_hand(sku, "HIGH"))


def test_a_count_knows_of_the_sale_before_it_in_the_same_message(talk):
    anna = talk()
    anna.say("sold 3 blue mugs at high street and I counted 4 blue mugs at high street")
    assert at_high_street(anna, BLUE) == 4


def test_a_sale_after_a_count_in_the_same_message_is_taken_off_it(talk):
    anna = talk()
    asked = anna.say("I counted 2 small red mugs at high street and sold 1 small red mug at high street")
    anna.press("Yes", asked)
    assert at_high_street(anna, RED) == 1


def test_a_count_after_a_yes_in_the_same_message_is_one_of_now(talk):
    anna = talk()
    anna.say("sold 40 small red mugs at the warehouse")
    anna.say("yes and I counted 5 blue mugs at high street")
    assert at_high_street(anna, BLUE) == 5


def test_a_sale_while_the_place_of_a_count_is_asked_about_is_no_shrinkage(talk):
    anna = talk()
    tom = type(anna)(anna.house, anna.house.user_named("Tom"), "c2", anna.clock)
    anna.say("I counted 11 small red mugs")
    tom.say("sold 1 small red mug")
    anna.say("high street")
    assert at_high_street(anna, RED) == 10


def test_a_new_count_after_an_open_question_is_one_of_now(talk):
    anna = talk()
    tom = type(anna)(anna.house, anna.house.user_named("Tom"), "c2", anna.clock)
    anna.say("I counted 11 small red mugs")
    tom.say("sold 1 small red mug")
    anna.say("I counted 10 small red mugs at high street")
    assert at_high_street(anna, RED) == 10


@pytest.mark.parametrize("kept", ['{"words": {}}', '{"a": 1}', "nonsense", "[1]", '{"last_write": 3}'])
def test_a_memory_that_cannot_be_read_is_forgotten(talk, kept):
    anna = talk()
    anna.house.store.talk.remember(anna.name, anna.user.name, kept, NOW)
    assert "7" in anna.say("how many blue mugs left?").text
    assert Recall.from_json(kept) == Recall()


def test_a_count_confirmed_after_another_one_is_told_by_what_it_changed(talk):
    anna = talk()
    asked = anna.say("I counted 2 small red mugs at high street")
    tom = type(anna)(anna.house, anna.house.user_named("Tom"), "c2", anna.clock)
    tom.say("I counted 10 small red mugs")
    done = anna.press("Yes", asked)
    assert "8 fewer than the 10 expected: 10 → 2" in done.text
    assert (done.data["expected"], done.data["difference"]) == (10, -8)


def test_why_tells_when_this_place_was_counted_not_another(talk):
    anna = talk()
    anna.say("I counted 40 small red mugs in the warehouse")
    anna.say("how many small red mugs at high street?")
    assert "never counted" in anna.say("why?").text
    anna.say("how many small red mugs in the warehouse?")
    assert "last counted Mon 16 Mar" in anna.say("why?").text
