"""Who speaks in a chat, as its door asks the house."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.codec import answer_from_json
from assistant.house import AssistantHouse
from connectors.chat.message import HOW_TO_PAIR, Message
from tests.assistant.conftest import Conversation
from tools.store import User
from tools.store.pairing import MOST_FROM_ONE

Talk = Callable[..., Conversation]


@pytest.fixture
def house(talk: Talk) -> AssistantHouse:
    return talk().house


def code_for(house: AssistantHouse, name: str) -> str:
    user = house.store.people.find(name)
    assert user is not None
    return house.store.people.pairing.new_code(user.id or 0, actor="Anna Bell", at=house.now())


def test_nobody_is_known_before_a_code_and_the_person_after_it(house: AssistantHouse) -> None:
    assert house.person("slack", "U7") is None
    found = house.pair("slack", "U7", code_for(house, "Ben"))
    assert isinstance(found, User)
    assert (found.name, found.role) == ("Ben Osei", "manager")
    assert house.person("slack", "U7") == found
    assert house.person("telegram", "U7") is None


def test_places_and_role_come_with_the_person(house: AssistantHouse) -> None:
    tom = house.person("slack", "U0TOM")
    assert tom is not None
    assert (tom.role, tom.locations) == ("staff", frozenset({"HIGH"}))


@pytest.mark.parametrize("code", ["", "  ", "—", "ABCD-EFGH", "'; drop table", "\ud800", "7" * 5000])
def test_what_is_no_code_is_answered_with_one_sentence_that_holds_no_figure(
    house: AssistantHouse, code: str
) -> None:
    said = house.pair("telegram", "7001", code)
    assert isinstance(said, str)
    assert said.count("\n") == 0
    assert house.person("telegram", "7001") is None


def test_guessing_ends_and_an_empty_code_is_no_guess(house: AssistantHouse) -> None:
    for _ in range(MOST_FROM_ONE + 1):
        assert house.pair("telegram", "7001", "") == HOW_TO_PAIR.format(says="/start CODE")
    for _ in range(MOST_FROM_ONE):
        assert "wrong" in str(house.pair("telegram", "7001", "2222-2222"))
    assert "Too many" in str(house.pair("telegram", "7001", code_for(house, "Ben")))


def test_a_taken_identity_says_so(house: AssistantHouse) -> None:
    said = house.pair("slack", "U0TOM", code_for(house, "Ben"))
    assert said == "This Slack account speaks for somebody else already; unpair it there first."


def test_a_door_that_is_no_chat_pairs_nobody(house: AssistantHouse) -> None:
    assert isinstance(house.pair("web", "anna", code_for(house, "Ben")), str)
    assert house.person("web", "anna") is None


def test_somebody_who_left_is_nobody_at_once(house: AssistantHouse) -> None:
    tom = house.person("slack", "U0TOM")
    assert tom is not None
    house.store.people.update(tom.id or 0, active=False)
    assert house.person("slack", "U0TOM") is None


def test_a_paired_person_is_answered(house: AssistantHouse) -> None:
    found = house.pair("slack", "U7", code_for(house, "Ben"))
    assert isinstance(found, User)
    answer = house.answer_now(Message("slack:U7", found, "slack", "how many red mugs?"))
    assert answer.text.startswith("78 red mugs")


def test_the_account_that_spoke_for_somebody_before_is_told(house: AssistantHouse) -> None:
    assert isinstance(house.pair("telegram", "7001", code_for(house, "Anna")), User)
    assert house.person("telegram", "5101") is None
    told = house.store.outbox.to("Anna Bell", kind="notice", since=house.now())
    assert [(one.channel, one.recipient) for one in told] == [("telegram", "5101")]
    text = answer_from_json(told[0].answer).text
    assert "does not speak for Anna Bell any more" in text
    assert isinstance(house.pair("slack", "U7", code_for(house, "Ben")), User)
    assert not house.store.outbox.to("Ben Osei", kind="notice", since=house.now())
