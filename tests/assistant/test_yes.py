"""One yes for all that was asked in one message."""

from decimal import Decimal

from tests.shop import BLUE, RED

BOTH = "400 small red mugs came in at the warehouse and 300 blue mugs came in at the warehouse"


def in_the_warehouse(person) -> tuple[Decimal, Decimal]:
    return Decimal(person.on_hand(RED, "WH")), Decimal(person.on_hand(BLUE, "WH"))


def test_a_yes_to_two_changes_makes_both(talk):
    ben = talk("Ben")
    ben.say(BOTH)
    assert in_the_warehouse(ben) == (40, 0)
    done = ben.say("yes")
    assert "440" in done.text
    assert "0 → 300" in done.text
    assert in_the_warehouse(ben) == (440, 300)
    assert "nothing waiting" in ben.say("yes").text.lower()


def test_a_no_to_two_changes_drops_both(talk):
    ben = talk("Ben")
    asked = ben.say(BOTH)
    ben.say("no")
    assert [ben.press("Yes", asked).data.get("refused")] == ["another choice was made"]
    assert in_the_warehouse(ben) == (40, 0)


def test_a_button_makes_one_of_two_changes(talk):
    ben = talk("Ben")
    ben.press("Yes", ben.say(BOTH))
    assert in_the_warehouse(ben) == (440, 0)


def test_a_button_that_only_led_to_a_question_is_not_told_as_done(talk):
    ben = talk("Ben")
    asked = ben.say("400 red mugs came in at the warehouse")
    ben.press("Red Mug 350ml", asked)
    again = ben.press("Red Mug 350ml", asked).text
    assert "pressed already" in again
    assert "done" not in again.split(":")[0].lower()


def test_a_yes_that_died_on_the_way_is_too_old_a_day_later(talk):
    ben = talk("Ben")
    asked = ben.say("400 small red mugs came in at the warehouse")
    token = next(action.id for action in asked.actions if action.label.startswith("Yes"))
    ben.house.store.talk.claim(token, ben.user.name, ben.clock[0])
    ben.later(days=2)
    assert "more than a day old" in ben.press("Yes", asked).text
    assert in_the_warehouse(ben) == (40, 0)


def test_the_price_of_one_thing_is_not_that_of_the_next(talk):
    anna = talk()
    anna.say("12 earl grey tea came in at high street")
    anna.say("sold 1 blue mug at high street")
    assert "£6.25" in anna.say("and the earl grey tea?").text


def test_the_lot_of_one_thing_is_not_that_of_the_next(talk):
    anna = talk()
    anna.say("received 5 whole milk lot M9 use by 2026-03-25 at high street")
    anna.say("and the blue mugs")
    lots = anna.house.store.stock.lots([BLUE], today=anna.clock[0].date())
    assert [(lot.lot, lot.expires_on, lot.quantity) for lot in lots] == [("", None, 12)]
