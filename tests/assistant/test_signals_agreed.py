"""What customers ask for reaches the forecast in a conversation: told, agreed by a button, once, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.shop import RED
from tests.tools.test_demand_signals import proposed
from tests.tools.test_forecast_tools import forecast, row
from tools.store import Store
from tools.store.signal_facts import ADJUSTED, PROPOSED

QUESTION = "how many red mugs 350ml will we sell this week?"


def started(store: Store, talk: Callable[..., Any], name: str = "Anna") -> Any:
    conversation = talk(name)
    proposed(store)
    return conversation


def test_a_yes_by_button_puts_it_into_the_forecast_and_a_second_press_says_so(
    store: Store, talk: Callable[..., Any]
) -> None:
    anna = started(store, talk)
    told = anna.say(QUESTION)
    assert "9 customers asked for it in two weeks" in told.text
    agreed = anna.press("Agree: +", told)
    assert agreed.text.startswith("Agreed: the forecast of Red Mug 350ml goes +")
    assert "Already done: Agreed" in anna.press("Agree: +", told).text
    assert len(store.adjustments.of([RED], states=(ADJUSTED,))) == 1
    assert "from what customers asked, agreed by Anna Bell on Mon 16 Mar" in anna.say(QUESTION).text


def test_undo_takes_it_back_in_words(store: Store, talk: Callable[..., Any]) -> None:
    anna = started(store, talk)
    anna.press("Agree: +", anna.say(QUESTION))
    assert "Nothing" not in anna.say("undo that").text
    assert [one.state for one in store.adjustments.of([RED])] == [PROPOSED]
    assert "from what customers asked" not in anna.say(QUESTION).text


def test_who_may_not_buy_sees_the_words_and_no_yes(store: Store, talk: Callable[..., Any]) -> None:
    tom = started(store, talk, "Tom")
    forecast(store, [row(RED, 14), row(RED, 10, "HIGH")])
    told = tom.say(QUESTION)
    assert not any(action.label.startswith("Agree") for action in told.actions)
