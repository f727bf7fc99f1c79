"""What was only spoken of changes nothing; what is put right is not added on top."""

import pytest

from tests.shop import BIG_RED, RED


@pytest.mark.parametrize("said", [
    "if we sold 2 small red mugs at the high street how many would be left?",
    "I nearly broke a small red mug at the high street",
    "did somebody sell 2 small red mugs at the high street?",
    "we havent sold 2 small red mugs at the high street",
    "tell me whether we sold 2 small red mugs at the high street",
    "should I take 2 broken small red mugs off at the high street?",
])  # fmt: skip
def test_what_is_asked_denied_or_supposed_changes_nothing(talk, said):
    tom = talk("Tom")
    answer = tom.say(said)
    assert tom.on_hand(RED, "HIGH") == "12.000"
    assert "Done" not in answer.text


def test_a_polite_question_for_a_deed_is_done(talk):
    anna = talk()
    anna.say("could you please move 2 small red mugs from the warehouse to the harbour?")
    assert anna.on_hand(RED, "HARB") == "7.000"


def test_a_supposed_change_can_still_be_confirmed(talk):
    tom = talk("Tom")
    tom.say("if we sold 2 small red mugs at the high street")
    tom.say("yes")
    assert tom.on_hand(RED, "HIGH") == "10.000"


def test_a_corrected_number_replaces_the_change_that_was_made(talk):
    tom = talk("Tom")
    tom.say("sold 2 small red mugs at the high street")
    answer = tom.say("no, 4")
    assert "Undone" in answer.text
    assert tom.on_hand(RED, "HIGH") == "8.000"
    tom.say("undo")
    assert tom.on_hand(RED, "HIGH") == "12.000"


def test_another_product_that_was_meant_replaces_the_first(talk):
    tom = talk("Tom")
    tom.say("sold 2 small red mugs at the high street")
    tom.say("I meant the big red mug")
    assert (tom.on_hand(RED, "HIGH"), tom.on_hand(BIG_RED, "HIGH")) == ("12.000", "1.000")


def test_a_second_place_is_one_more_change(talk):
    anna = talk()
    anna.say("sold 2 small red mugs at the high street")
    anna.say("and 1 at the harbour")
    assert (anna.on_hand(RED, "HIGH"), anna.on_hand(RED, "HARB")) == ("10.000", "4.000")


def test_a_bare_number_after_a_change_is_asked_about(talk):
    tom = talk("Tom")
    tom.say("sold 2 small red mugs at the high street")
    answer = tom.say("4")
    assert answer.data.get("needs_yes")
    assert tom.on_hand(RED, "HIGH") == "10.000"


def test_what_is_no_answer_leaves_the_question_open(talk):
    tom = talk("Tom")
    tom.say("broke a red mug at the high street")
    answer = tom.say("dunno")
    assert [action.label.split(" (")[0] for action in answer.actions] == ["Red Mug 350ml", "Red Mug 500ml"]
    tom.say("2nd")
    assert tom.on_hand(BIG_RED, "HIGH") == "2.000"


def test_a_fraction_picks_none_of_the_choices(talk):
    tom = talk("Tom")
    tom.say("broke a red mug at the high street")
    assert tom.say("½").text
    assert (tom.on_hand(RED, "HIGH"), tom.on_hand(BIG_RED, "HIGH")) == ("12.000", "3.000")


def test_each_of_two_products_is_taken_at_its_own_place(talk):
    anna = talk()
    anna.say("sold 2 small red mugs at the harbour and 1 big red mug at the high street")
    assert (anna.on_hand(RED, "HARB"), anna.on_hand(BIG_RED, "HIGH")) == ("3.000", "2.000")


def test_undo_takes_back_what_waits_for_a_yes_before_what_is_done(talk):
    anna = talk()
    anna.say("broke 2 small red mugs at the high street")
    assert anna.say("I nearly broke a small red mug at the harbour").data["needs_yes"]
    anna.say("undo")
    assert anna.on_hand(RED, "HIGH") == "10.000"
    anna.say("undo")
    assert anna.on_hand(RED, "HIGH") == "12.000"


def test_a_bare_place_is_the_end_of_the_move_that_was_asked_for(talk):
    anna = talk()
    anna.say("move 2 small red mugs to the harbour")
    anna.say("the warehouse")
    assert (anna.on_hand(RED, "WH"), anna.on_hand(RED, "HARB")) == ("38.000", "7.000")


def test_a_change_at_two_places_at_once_is_asked_about(talk):
    anna = talk()
    answer = anna.say("sold 2 small red mugs each at the high street and the harbour")
    assert answer.data.get("needs_yes")
    assert anna.on_hand(RED, "HIGH") == "12.000"


def test_what_was_spoken_of_does_not_stand_in_for_a_strange_thing(talk):
    anna = talk()
    anna.say("how many small red mugs left?")
    assert "unicorns" in anna.say("sold 3 unicorns at the harbour").data.get("unknown_product", "")


def test_a_number_out_of_nowhere_is_not_taken_for_a_sum(talk):
    assert "I'm not sure what you want with “4”" in talk().say("4").text
