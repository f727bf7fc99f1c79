"""What needs a person is told once, to whom it concerns, at an hour when that is welcome, and not too often."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest

from assistant.alerts import Alerts, fault_over, report_fault
from assistant.codec import answer_from_json
from tests.assistant.speaking import Shop, sighting, speaking_shop
from tests.shop import BLUE, NOW, RED, TEA
from tools.kit import Right
from tools.kit.manners import CAP, QUIET, listeners, tell
from tools.kit.watch import Urgency
from tools.store import ActOnIncident, Actor, JudgeIncident, MuteAlerts, SnoozeIncident, Store, open_store

ANNA = Actor("Anna Bell", "test")


@pytest.fixture
def shop(store: Store) -> Shop:
    return speaking_shop(store)


def many(count: int, **more: object) -> list:
    return [sighting(f"S{number}", value=Decimal(number), **more) for number in range(1, count + 1)]


def turn_on(shop: Shop, name: str) -> None:
    person = shop.store.people.find(name)
    assert person is not None
    tell(shop.store, person, on=True, actor=ANNA, at=NOW)


def test_the_owner_is_told_once_in_each_of_their_chats(shop: Shop):
    shop.look(now=[sighting()])
    shop.look(hours=1)
    shop.look(hours=5)
    assert [(one.channel, one.recipient) for one in shop.told()] == [
        ("slack", "U0ANNA"),
        ("telegram", "5101"),
    ]
    assert answer_from_json(shop.told()[0].answer).text == f"{RED} runs low."


def test_a_restart_says_nothing_twice(shop: Shop):
    shop.look(now=[sighting()])
    again = Shop(open_store(shop.store.url, clock=shop.store.clock), shop.clock, shop.seen)
    again.look(hours=1)
    assert again.subjects() == [RED]
    assert len(again.told()) == 2
    again.store.close()


def test_two_processes_do_not_both_speak(shop: Shop):
    shop.seen["stock.low"] = many(4)
    engines = [shop.alerts() for _ in range(2)]
    threads = [threading.Thread(target=engine.check) for engine in engines for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [one.incident for one in shop.told() if one.channel == "slack"]
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) == 3


def test_of_two_processes_the_second_waits_for_the_first_to_end(shop: Shop):
    first, second = Alerts(shop.store, ("slack",), {}), Alerts(shop.store, ("slack",), {})
    assert first.check() is not None
    assert second.check() is None
    first.stop()
    assert second.check() is not None


def test_staff_are_told_nothing_until_it_is_turned_on_for_them(shop: Shop):
    shop.look(now=[sighting(location="HIGH")])
    assert shop.subjects("Tom Reed") == []
    turn_on(shop, "Tom")
    shop.look(hours=1, now=[sighting(location="HIGH"), sighting(BLUE, location="HIGH")])
    assert BLUE in shop.subjects("Tom Reed")


def test_nobody_is_told_of_places_that_they_may_not_see(shop: Shop):
    turn_on(shop, "Tom")
    shop.look(now=[sighting(location="HARB"), sighting(BLUE), sighting(TEA, location="HIGH")])
    assert shop.subjects("Tom Reed") == [TEA]


def test_nobody_is_told_what_their_role_may_not_know(shop: Shop):
    turn_on(shop, "Tom")
    shop.look(now=[sighting(location="HIGH", right=Right.SEE_COSTS)])
    assert shop.subjects("Tom Reed") == []
    assert shop.subjects() == [RED]


def test_a_person_gets_no_button_that_they_may_not_press(shop: Shop):
    turn_on(shop, "Tom")
    shop.look(now=[sighting(location="HIGH")])
    labels = {
        name: [action.label for action in answer_from_json(shop.told(name)[0].answer).actions]
        for name in ("Tom Reed", "Anna Bell")
    }
    assert labels["Tom Reed"] == ["In an hour", "Tomorrow", "I'm on it", "Not useful"]
    assert labels["Anna Bell"] == ["Order 24", *labels["Tom Reed"]]


def test_what_a_person_asked_for_is_told_to_them_alone(shop: Shop):
    shop.look(now=[sighting(location="HIGH", rule="threshold", who="Tom Reed")], rule="threshold")
    assert shop.subjects("Tom Reed") == [RED]
    assert shop.subjects() == []


def test_where_no_owner_can_be_reached_managers_are_told(shop: Shop):
    people = {user.name: user for user in shop.store.people.users()}
    shop.store.people.update(people["Anna Bell"].id or 0, actor=ANNA, slack_id="", telegram_id="")
    shop.store.people.update(people["Ben Osei"].id or 0, actor=ANNA, slack_id="U0BEN")
    shop.look(now=[sighting()])
    assert shop.subjects("Ben Osei") == [RED]


def test_an_owner_can_turn_it_off(shop: Shop):
    anna = shop.store.people.find("Anna")
    assert anna is not None
    tell(shop.store, anna, on=False, actor=ANNA, at=NOW)
    shop.look(now=[sighting()])
    assert shop.told() == []


def test_a_chat_can_be_left_out(shop: Shop):
    anna = shop.store.people.find("Anna")
    assert anna is not None
    tell(shop.store, anna, on=True, not_in=["slack"], actor=ANNA, at=NOW)
    shop.look(now=[sighting()])
    assert [one.channel for one in shop.told()] == ["telegram"]


def test_at_night_it_waits_for_the_morning(shop: Shop):
    shop.look(hours=13, now=[sighting()])
    assert shop.told() == []
    shop.look(hours=8)
    assert shop.told() == []
    shop.look(hours=1.1)
    assert shop.subjects() == [RED]


def test_what_is_over_before_the_morning_is_never_told(shop: Shop):
    shop.look(hours=13, now=[sighting()])
    shop.look(hours=10, now=[])
    assert shop.told() == []


def test_what_cannot_wait_is_told_at_night(shop: Shop):
    shop.look(hours=17, now=[sighting(urgency=Urgency.NOW)])
    assert shop.subjects() == [RED]


def test_quiet_hours_are_the_shops_own_choice(shop: Shop):
    shop.store.settings.set(QUIET, "off")
    shop.look(hours=13, now=[sighting()])
    assert shop.subjects() == [RED]


def test_five_messages_a_day_at_most_and_the_most_at_stake_first(shop: Shop):
    urgent = [sighting(f"N{number}", urgency=Urgency.NOW, rule="sensor.range") for number in range(4)]
    shop.seen["sensor.range"] = urgent
    shop.look(now=many(20))
    assert shop.subjects() == ["N0", "N1", "N2", "N3"]
    shop.seen["sensor.range"] = [*urgent, sighting("N4", urgency=Urgency.NOW, rule="sensor.range")]
    shop.look(hours=1)
    shop.seen["sensor.range"] = [
        *shop.seen["sensor.range"],
        sighting("N5", urgency=Urgency.NOW, rule="sensor.range"),
    ]
    shop.look(hours=1)
    assert len(shop.subjects()) == 5


def test_some_of_the_five_are_kept_for_what_cannot_wait(shop: Shop):
    shop.look(now=many(20))
    assert shop.subjects() == ["S20", "S19", "S18"]
    shop.look(hours=1, rule="sensor.range", now=[sighting("FRG", urgency=Urgency.NOW, rule="sensor.range")])
    assert shop.subjects()[-1] == "FRG"


def test_a_new_day_has_room_again_but_not_for_yesterdays_news(shop: Shop):
    shop.look(now=many(20))
    shop.look(hours=24, now=[*many(20), sighting("NEW")])
    assert shop.subjects() == ["S20", "S19", "S18", "NEW"]


def test_the_limit_is_the_shops_own_choice(shop: Shop):
    shop.store.settings.set(CAP, "0")
    shop.look(now=many(5))
    assert shop.told() == []


def test_what_had_no_room_stands_in_the_next_digest_once(shop: Shop):
    shop.look(now=many(12))
    shop.look(hours=23.5)
    (digest, _telegram) = shop.told(kind="digest")[-2:]
    text = answer_from_json(digest.answer).text
    assert text.splitlines()[0] == "9 things wait for when you have time:"
    assert text.splitlines()[1] == "• S9 runs low."
    assert text.splitlines()[-1] == "• and 1 more on the page “Needs you”"
    shop.look(hours=24)
    assert len(shop.told(kind="digest")) == 2


def test_what_is_for_the_digest_is_never_a_message_of_its_own(shop: Shop):
    shop.look(now=[sighting(urgency=Urgency.DIGEST)])
    assert shop.subjects() == []
    assert f"• {RED} runs low." in answer_from_json(shop.told(kind="digest")[0].answer).text


def test_what_got_more_urgent_is_told_though_it_stood_in_the_digest(shop: Shop):
    shop.look(now=[sighting(urgency=Urgency.DIGEST)])
    shop.look(hours=2, now=[sighting(urgency=Urgency.TODAY)])
    assert shop.subjects() == [RED]


def test_what_is_over_by_itself_is_told_in_the_digest_only(shop: Shop):
    shop.look(now=[sighting()])
    sender(shop)
    shop.look(hours=3, now=[])
    shop.look(hours=20, now=[sighting(BLUE, urgency=Urgency.DIGEST)])
    assert shop.subjects() == [RED]
    text = answer_from_json(shop.told(kind="digest")[-1].answer).text
    assert text.splitlines()[-1] == f"Over by itself since yesterday: 1 ({RED} runs low)."


def sender(shop: Shop) -> None:
    """Everything that is due is sent."""
    at = shop.clock[0]
    for channel in ("slack", "telegram"):
        take = {"at": at, "now": at, "until": at + timedelta(minutes=1)}
        while (one := shop.store.outbox.claim(channel, "w", **take)) is not None:
            shop.store.outbox.sent(one.id, "w", "ref", at)


def test_what_comes_and_goes_within_the_day_is_told_once(shop: Shop):
    shop.look(now=[sighting()])
    sender(shop)
    for _ in range(4):
        shop.look(hours=1, now=[])
        shop.look(hours=1, now=[sighting()])
    assert len(shop.told()) == 2


def test_after_a_snooze_it_is_told_again_where_it_still_stands(shop: Shop):
    shop.look(now=[sighting()])
    (incident,) = shop.store.incidents.open()
    shop.store.apply(SnoozeIncident(incident.id, "hour"), ANNA, request_id="s", at=shop.clock[0])
    shop.look(hours=0.5)
    assert len(shop.told()) == 2
    shop.look(hours=0.5)
    assert len(shop.told()) == 4


def test_what_somebody_is_on_is_not_told_to_others_any_more(shop: Shop):
    shop.look(hours=13, now=[sighting()])
    (incident,) = shop.store.incidents.open()
    shop.store.apply(ActOnIncident(incident.id, "on it"), ANNA, request_id="a", at=shop.clock[0])
    shop.look(hours=11)
    assert shop.told() == []


@pytest.mark.parametrize(
    "mute",
    [
        MuteAlerts(products=(RED,)),
        MuteAlerts(category="mugs"),
        MuteAlerts(rule="stock.low"),
        MuteAlerts(location="HIGH", everybody=True),
        MuteAlerts(),
    ],
)
def test_what_is_muted_is_told_neither_at_once_nor_in_the_digest(shop: Shop, mute: MuteAlerts):
    shop.store.apply(mute, ANNA, request_id="mute", at=NOW)
    shop.look(now=[sighting(location="HIGH")])
    shop.look(hours=23.5)
    assert RED not in shop.subjects()
    assert all(RED not in one.answer for one in shop.told(kind="digest"))


def test_a_mute_of_one_product_does_not_silence_what_is_about_more(shop: Shop):
    shop.store.apply(MuteAlerts(products=(RED,)), ANNA, request_id="mute", at=NOW)
    shop.look(now=[sighting("supplier:ACME", products=(RED, BLUE))])
    assert shop.subjects() == ["supplier:ACME"]


def test_a_mute_of_one_person_leaves_the_others_told(shop: Shop):
    turn_on(shop, "Tom")
    shop.store.apply(MuteAlerts(products=(RED,)), ANNA, request_id="mute", at=NOW)
    shop.look(now=[sighting(location="HIGH")])
    assert (shop.subjects(), shop.subjects("Tom Reed")) == ([], [RED])


def test_a_mute_that_has_ended_is_over(shop: Shop):
    mute = MuteAlerts(products=(RED,), until=NOW + timedelta(hours=2))
    shop.store.apply(mute, ANNA, request_id="mute", at=NOW)
    shop.look(now=[sighting()])
    assert shop.subjects() == []
    shop.look(hours=3)
    assert shop.subjects() == [RED]


def judged(shop: Shop, times: int = 1) -> None:
    (incident,) = shop.store.incidents.open()
    for number in range(times):
        change = JudgeIncident(incident.id, useful=False)
        shop.store.apply(change, ANNA, request_id=f"judge {number}", at=shop.clock[0])


def test_what_was_not_useful_is_told_again_only_when_twice_as_much_is_at_stake(shop: Shop):
    shop.look(now=[sighting(value=Decimal(40))])
    judged(shop)
    shop.look(hours=1, now=[])
    shop.look(hours=72, now=[sighting(value=Decimal(80))])
    assert len(shop.told()) == 2
    shop.look(hours=1, now=[])
    shop.look(hours=48, now=[sighting(value=Decimal(81))])
    assert len(shop.told()) == 4


def test_what_was_not_useful_three_times_is_not_even_in_the_digest(shop: Shop):
    shop.look(now=[sighting(urgency=Urgency.DIGEST)])
    judged(shop, 3)
    shop.look(hours=1, now=[])
    shop.look(hours=72, now=[sighting(urgency=Urgency.DIGEST)])
    assert len(shop.told(kind="digest")) == 2


def test_an_opinion_of_one_person_does_not_silence_another(shop: Shop):
    shop.look(now=[sighting(location="HIGH")])
    judged(shop)
    shop.look(hours=1, now=[])
    turn_on(shop, "Tom")
    shop.look(hours=72, now=[sighting(location="HIGH")])
    assert shop.subjects("Tom Reed") == [RED]
    assert len(shop.told()) == 2


def test_the_morning_brief_comes_at_the_shops_hour_once(shop: Shop):
    shop.look(now=[])
    (slack, telegram) = shop.told(kind="brief")
    assert (slack.channel, telegram.channel) == ("slack", "telegram")
    lines = answer_from_json(slack.answer).text.splitlines()
    assert 0 < len(lines) <= 12
    shop.look(hours=1)
    shop.look(hours=22)
    assert len(shop.told(kind="brief")) == 4


def test_an_app_that_was_off_in_the_morning_does_not_say_good_morning_in_the_evening(shop: Shop):
    shop.look(hours=6, now=[])
    assert shop.told(kind="brief") == []


def test_a_watch_that_fails_is_told_of_and_ends_nothing(shop: Shop):
    shop.look(now=[sighting()])
    shop.seen["stock.low"] = None  # type: ignore[assignment]
    shop.look(hours=1)
    states = {incident.rule: incident.state for incident in shop.store.incidents.open()}
    assert set(states) == {"stock.low", "watch.failed"}
    shop.look(hours=1, now=[sighting()])
    assert [incident.rule for incident in shop.store.incidents.open()] == ["stock.low"]


def test_a_fault_is_told_to_the_owner_once_and_ends_by_itself(shop: Shop):
    shop.seen["stock.low"] = []
    for _ in range(3):
        report_fault(shop.store, "connector.failing", "telegram", "Telegram takes no messages from me.")
        shop.look(hours=0.1)
    assert shop.subjects() == ["telegram"]
    fault_over(shop.store, "connector.failing", "telegram")
    fault_over(shop.store, "connector.failing", "telegram")
    assert shop.store.incidents.open() == []


def test_everybody_who_could_be_told_is_known_with_their_chats(shop: Shop):
    assert [(one.user.name, one.on) for one in listeners(shop.store, ("slack", "telegram"))] == [
        ("Anna Bell", True),
        ("Tom Reed", False),
    ]
    assert listeners(shop.store, ()) == []
