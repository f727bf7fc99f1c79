"""The buttons of alerts: what they do, for whom, and once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from assistant.alerts import acted_on
from assistant.codec import answer_from_json
from tests.assistant.speaking import ORDER, Shop, sighting, speaking_shop
from tests.shop import NOW
from tools.kit import Ask, Plan, Reply
from tools.kit.handling import handle
from tools.kit.manners import tell
from tools.store import Actor, Store

ANNA = Actor("Anna Bell", "test")


@pytest.fixture
def shop(store: Store) -> Shop:
    return speaking_shop(store)


def turn_on(shop: Shop, name: str) -> None:
    person = shop.store.people.find(name)
    assert person is not None
    tell(shop.store, person, on=True, actor=ANNA, at=NOW)


def test_the_button_not_useful_says_what_it_changes(shop: Shop):
    shop.look(now=[sighting(value=Decimal(40))])
    (incident,) = shop.store.incidents.open()
    anna = shop.store.people.find("Anna")
    assert anna is not None
    ask = Ask(shop.store, anna, shop.clock[0])
    plan = handle(ask, str(incident.id), "useless")
    assert isinstance(plan, Plan)
    applied = shop.store.apply(plan.change, ANNA, request_id="j", at=shop.clock[0])
    told = plan.tell(applied)
    assert "when more than £80.00 is at stake" in told.text


def test_the_snooze_button_says_when_it_comes_back(shop: Shop):
    shop.look(now=[sighting(delivery=NOW.date() + timedelta(days=2))])
    (incident,) = shop.store.incidents.open()
    anna = shop.store.people.find("Anna")
    assert anna is not None
    words = []
    for how in ("hour", "day", "delivery", "mine"):
        plan = handle(Ask(shop.store, anna, shop.clock[0]), str(incident.id), how)
        assert isinstance(plan, Plan)
        words.append(plan.tell(shop.store.apply(plan.change, ANNA, request_id=how, at=NOW)).text)
    assert words[0] == "I'll come back to it at 10:00, if it still stands."
    assert words[1].startswith("I'll come back to it on ")
    assert words[2].startswith("I'll come back to it on ")
    assert words[3].startswith("It is yours.")


def test_the_button_of_somebody_elses_place_does_nothing(shop: Shop):
    shop.look(now=[sighting(location="HARB")])
    (incident,) = shop.store.incidents.open()
    tom = shop.store.people.find("Tom")
    assert tom is not None
    refused = handle(Ask(shop.store, tom, NOW), str(incident.id), "day")
    assert not isinstance(refused, Plan | Reply)
    for number in ("99", "x", "-1"):
        assert not isinstance(handle(Ask(shop.store, tom, NOW), number, "day"), Plan)


def test_two_people_who_both_press_order_order_once(shop: Shop):
    turn_on(shop, "Tom")
    people = {user.name: user for user in shop.store.people.users()}
    shop.store.people.update(people["Tom Reed"].id or 0, actor=ANNA, role="manager", locations=None)
    shop.look(now=[sighting()])
    pressed = [
        action
        for one in shop.told() + shop.told("Tom Reed")
        for action in answer_from_json(one.answer).actions
        if action.label == ORDER.label
    ]
    assert len(pressed) == 3
    claims = [shop.store.talk.claim(action.id, "x", NOW) for action in pressed]
    assert sorted(claims) == [False, False, True]


def test_a_press_that_mends_it_takes_care_of_the_incident(shop: Shop):
    shop.look(now=[sighting()])
    (message, _) = shop.told()
    order = answer_from_json(message.answer).actions[0]
    shop.store.talk.claim(order.id, "Anna Bell", NOW)
    shop.store.talk.finish(order.id, {"text": "Ordered.", "done": True})
    acted_on(shop.store, order.id, ANNA, NOW)
    acted_on(shop.store, order.id, ANNA, NOW)
    (incident,) = shop.store.incidents.open()
    assert (incident.state, incident.handled, incident.handled_by) == ("acted", "Order 24", "Anna Bell")


def test_a_press_that_changed_nothing_leaves_it_open(shop: Shop):
    shop.look(now=[sighting()])
    order = answer_from_json(shop.told()[0].answer).actions[0]
    shop.store.talk.claim(order.id, "Anna Bell", NOW)
    shop.store.talk.finish(order.id, {"text": "Say yes first.", "done": False})
    acted_on(shop.store, order.id, ANNA, NOW)
    assert shop.store.incidents.open()[0].state == "open"
