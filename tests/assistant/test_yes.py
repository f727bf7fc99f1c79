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
