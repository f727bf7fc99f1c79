"""Names that are none of the shop's: told, never taken for somebody else."""


def test_an_unknown_supplier_is_told_with_the_answer_about_all(talk):
    said = talk().say("what should I order from Wobblekins?").text
    assert said.startswith("I know no supplier called “Wobblekins”, so this is for all suppliers.")


def test_an_order_from_an_unknown_supplier_waits_for_a_yes(talk):
    said = talk().say("order 24 small red mugs from Wobblekins & Sons")
    assert "I know no supplier called “Wobblekins & Sons”." in said.text
    assert [action.label for action in said.actions] == ["Yes, do it", "No"]


def test_a_delivery_from_an_unknown_supplier_waits_for_a_yes(talk):
    anna = talk()
    before = anna.on_hand("MUG-RED-350", "WH")
    said = anna.say("2 small red mugs came in from Wobblekins at the warehouse")
    assert "I know no supplier called “Wobblekins”." in said.text
    assert anna.on_hand("MUG-RED-350", "WH") == before


def test_a_day_alone_after_an_answer_that_has_none_is_no_request_about_something_else(talk):
    anna = talk()
    anna.say("who is the cheapest supplier for red mugs?")
    assert "I'm not sure what you want" in anna.say("and last week?").text


def test_a_thing_that_the_shop_does_not_have_is_told_once(talk):
    said = talk().say("how many purple mugs are left?").text
    assert said.count("I know no") == 1
