"""Alerts in people's own words, through the real understanding."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.assistant.conftest import Conversation
from tests.shop import NOW

SET = (
    ("tell me when red mugs 350ml drop below 20", "drops below 20"),
    ("ping me if the small red mugs go under ten at the harbour", "drops below 10 at Harbour"),
    ("Notify me if anything in Mugs falls below 5.", "anything in Mugs drops below 5"),
    ("alert MUG-RED-350 < 6", "drops below 6"),
    ("give me a shout when blue mugs are down to 3", "is down to 3"),
    ("Heads up when earl grey hits 2", "is down to 2"),
    ("warn me when there are only 4 blue mugs left", "is down to 4"),
    ("shout when fewer than 3 blue mugs are left at the high street", "drops below 3 at High Street"),
    ("Kindly set reminder when gala apples stock is less than 5 kg", "drops below 5 kg"),
    ("let me know when whole milk goes under 12", "drops below 12"),
    ("tell me when the fridge is above 8", "Fridge temperature reads above 8"),
)
QUIET = (
    ("shut up about the blue mugs", "Blue Mug 350ml for good"),
    ("mute fruit this week", "Fruit until Mon 23 Mar"),
    ("stop the mug alerts until Monday", "until Mon 23 Mar"),
    ("no more messages about earl grey please", "Earl Grey Tea 250g for good"),
    ("mute all alerts till tomorrow", "everything until tomorrow"),
    ("Snooze mugs notifications for the rest of the week", "Mugs until Mon 23 Mar"),
)
LISTED = ("which alerts do I have?", "my alerts", "what have I asked you to watch", "show all active alerts")


@pytest.mark.parametrize(("said", "told"), SET)
def test_an_alert_is_set_as_people_say_it(talk: Callable[..., Conversation], said: str, told: str) -> None:
    answer = talk().say(said)
    assert answer.text.startswith("Done: I tell you when ")
    assert told in answer.text


@pytest.mark.parametrize(("said", "told"), QUIET)
def test_alerts_are_muted_as_people_say_it(talk: Callable[..., Conversation], said: str, told: str) -> None:
    answer = talk().say(said)
    assert answer.text.startswith("I am quiet about ")
    assert told in answer.text


def test_what_names_something_unknown_does_not_quiet_everything_unasked(
    talk: Callable[..., Conversation],
) -> None:
    anna = talk()
    anna.say("mute the zeppelin alerts")
    assert not anna.house.store.incidents.mutes(NOW)


def test_alerts_are_listed_as_people_say_it(talk: Callable[..., Conversation]) -> None:
    anna = talk()
    anna.say("tell me when blue mugs drop below 3")
    for said in LISTED:
        assert "• Blue Mug 350ml drops below 3" in anna.say(said).text


def test_the_number_can_come_after_the_question(talk: Callable[..., Conversation]) -> None:
    anna = talk()
    assert "below how many" in anna.say("set up an alert for blue mugs").text
    assert anna.say("3").text.startswith("Done: I tell you when Blue Mug 350ml drops below 3")


def test_an_alert_is_taken_back_by_undo_and_by_its_button(talk: Callable[..., Conversation]) -> None:
    anna = talk()
    anna.say("tell me when blue mugs drop below 3")
    anna.say("undo")
    assert not anna.house.store.incidents.alerts("Anna Bell", at=NOW)
    anna.say("tell me when blue mugs drop below 4")
    listed = anna.say("my alerts")
    assert anna.press("Drop", listed).text.startswith("Dropped: ")
    assert not anna.house.store.incidents.alerts("Anna Bell", at=NOW)


def test_a_driver_may_not_set_alerts(talk: Callable[..., Conversation]) -> None:
    assert "may not" in talk("Gemma").say("tell me when blue mugs drop below 3").text
