"""A turn that died on the way, and the same event again: one effect, and an answer that is true."""

import json
from decimal import Decimal

import pytest

from tests.shop import BLUE
from tools.kit import all_tools
from tools.store.talk import Talk


@pytest.fixture
def dying(talk, monkeypatch):
    """Say something in a turn that changes the books and dies before anybody hears the answer."""

    def say(person, text, event_id):
        with monkeypatch.context() as patch:
            patch.setattr(Talk, "remember", _die)
            assert person.say(text, event_id=event_id).data["fault"]

    return say


def _die(*_args: object, **_kwargs: object) -> None:
    raise OSError("killed")


def blue_mugs(person) -> Decimal:
    return Decimal(person.on_hand(BLUE, "HIGH"))


def test_a_sale_of_all_there_was_is_told_as_done_when_it_is_said_again(talk, dying):
    anna = talk()
    dying(anna, "sold 7 blue mugs at high street", "e1")
    again = anna.say("sold 7 blue mugs at high street", event_id="e1")
    assert "done before" in again.text
    assert "7 → 0" in again.text
    assert blue_mugs(anna) == 0


def test_a_count_is_told_as_done_when_it_is_said_again(talk, dying):
    anna = talk()
    dying(anna, "I counted 6 blue mugs at high street", "e1")
    assert "7 → 6" in anna.say("I counted 6 blue mugs at high street", event_id="e1").text
    assert blue_mugs(anna) == 6


def test_an_undo_that_is_said_again_takes_nothing_else_back(talk, dying):
    anna = talk()
    anna.say("sold 1 blue mug at high street")
    anna.later(minutes=2)
    anna.say("sold 2 blue mugs at high street")
    dying(anna, "undo that", "e1")
    assert "Undone" in anna.say("undo that", event_id="e1").text
    assert blue_mugs(anna) == 6


def test_a_question_that_was_answered_is_not_open_any_more(talk, dying):
    anna = talk()
    anna.say("we broke 3 small red mugs")
    dying(anna, "at the harbour", "e1")
    assert "5 → 2" in anna.say("at the harbour", event_id="e1").text
    memory = json.loads(anna.house.store.talk.memory(anna.name, anna.user.name))
    assert memory["words"]["pending"] is None


def test_a_turn_that_fails_tells_what_it_had_changed(talk, monkeypatch):
    anna = talk()
    with monkeypatch.context() as patch:
        patch.setattr(type(all_tools()["product.info"]), "call", _only_sales)
        failed = anna.say("sold 1 blue mug at high street and what's the price of earl grey tea")
    assert failed.data["fault"]
    assert "7 → 6" in failed.text
    assert "6 → 7" in anna.say("undo that").text


def _only_sales(tool, ask, slots):
    if tool.intent != "sales.record":
        raise OSError("killed")
    return tool.run(
        ask, products=tuple(slots["products"]), quantity=Decimal(slots["quantity"]), location="HIGH"
    )
