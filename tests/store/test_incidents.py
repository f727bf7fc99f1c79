"""One incident for each rule, thing and place: opened once, put off, taken care of, over by itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.store.incidents import found, letter, look
from tests.store.small_shop import ANN, NOW, assert_sound, do, open_shop
from tools.store import (
    ActOnIncident,
    Actor,
    BooksError,
    CreateAlert,
    DropAlert,
    Incident,
    JudgeIncident,
    MuteAlerts,
    SnoozeIncident,
    Store,
    Undo,
    UnmuteAlerts,
)
from tools.store.incidents_facts import Letter, Situation

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    return store


def the_one(store: Store) -> Incident:
    (incident,) = store.incidents.open()
    return incident


def opened(store: Store, **more: object) -> int:
    return look(store, [found(**more)]).opened[0]  # type: ignore[arg-type]


def test_what_is_seen_again_and_again_is_one_incident(shop: Store) -> None:
    first = look(shop, [found(), found("P2")])
    again = look(shop, [found(), found("P2")], NOW + HOUR)
    assert len(first.opened) == 2
    assert again.opened == again.resolved == ()
    assert [incident.state for incident in shop.incidents.open()] == ["open", "open"]


def test_what_is_no_longer_seen_is_over_by_itself(shop: Store) -> None:
    look(shop, [found(), found("P2")])
    gone = look(shop, [found("P2")], NOW + HOUR)
    assert len(gone.resolved) == 1
    assert the_one(shop).subject == "P2"
    (over,) = shop.incidents.resolved(NOW)
    assert (over.subject, over.state, over.resolved_at) == ("P1", "resolved", NOW + HOUR)


def test_another_rule_leaves_it_alone(shop: Store) -> None:
    look(shop, [found()])
    look(shop, [], rule="po.late")
    assert the_one(shop).subject == "P1"


def test_the_latest_figures_of_it_are_kept(shop: Store) -> None:
    look(shop, [found(value=Decimal(10))])
    look(shop, [found(value=Decimal("12.5"), reply='{"text": "Lower"}')], NOW + HOUR)
    assert (the_one(shop).value, the_one(shop).reply) == (Decimal("12.5"), '{"text": "Lower"}')


def test_it_and_the_messages_about_it_are_written_together_or_not_at_all(shop: Store) -> None:
    def tell(situation: Situation) -> list[Letter]:
        return [letter(one.id, incident=one.id) for one in situation.news]

    def fail(_situation: Situation) -> list[Letter]:
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        look(shop, [found()], decide=fail)
    assert shop.incidents.open() == []
    assert look(shop, [found()], decide=tell).letters == 1
    assert [message.incident for message in shop.outbox.of(the_one(shop).id)] == [the_one(shop).id]


def test_what_comes_back_at_once_is_the_same_incident(shop: Store) -> None:
    first = opened(shop)
    look(shop, [], NOW + HOUR)
    again = look(shop, [found()], NOW + 2 * HOUR)
    assert again.opened == (first,)
    assert the_one(shop).id == first


def test_what_comes_back_days_later_is_a_new_one(shop: Store) -> None:
    first = opened(shop)
    look(shop, [], NOW + HOUR)
    look(shop, [found()], NOW + 2 * DAY)
    assert the_one(shop).id != first


def test_what_gets_more_urgent_is_news_once_more(shop: Store) -> None:
    opened(shop, urgency="digest")
    look(shop, [found(urgency="now")], NOW + HOUR)
    assert (the_one(shop).tellings, the_one(shop).news_at) == (2, NOW + HOUR)
    look(shop, [found(urgency="today")], NOW + 2 * HOUR)
    assert the_one(shop).tellings == 2


def test_a_snooze_of_an_hour_wakes_after_an_hour(shop: Store) -> None:
    number = opened(shop)
    do(shop, SnoozeIncident(number, "hour"))
    assert (the_one(shop).state, the_one(shop).handled_by) == ("snoozed", "ann")
    look(shop, [found()], NOW + HOUR / 2)
    assert the_one(shop).state == "snoozed"
    look(shop, [found()], NOW + HOUR)
    assert (the_one(shop).state, the_one(shop).tellings) == ("open", 2)


def test_a_snooze_until_the_delivery_wakes_when_its_day_is_over(shop: Store) -> None:
    number = opened(shop, delivery=NOW.date() + timedelta(days=2))
    do(shop, SnoozeIncident(number, "delivery"))
    assert the_one(shop).snoozed_until == NOW.replace(hour=0, minute=0) + 3 * DAY


def test_a_delivery_that_nobody_knows_of_is_not_waited_for(shop: Store) -> None:
    number = opened(shop)
    with pytest.raises(BooksError, match="no delivery"):
        do(shop, SnoozeIncident(number, "delivery"))


def test_what_somebody_takes_care_of_stays_quiet_until_it_is_over(shop: Store) -> None:
    number = opened(shop)
    do(shop, ActOnIncident(number, "ordered 24"))
    look(shop, [found()], NOW + DAY)
    assert (the_one(shop).state, the_one(shop).handled) == ("acted", "ordered 24")
    look(shop, [found()], NOW + 2 * DAY)
    assert the_one(shop).state == "acted"
    look(shop, [], NOW + 2 * DAY)
    assert shop.incidents.open() == []


def test_what_somebody_took_care_of_and_still_stands_days_later_is_news_again(shop: Store) -> None:
    number = opened(shop)
    do(shop, ActOnIncident(number, "on it"))
    look(shop, [found()], NOW + 3 * DAY)
    assert (the_one(shop).state, the_one(shop).tellings) == ("open", 2)


def test_what_waits_for_its_delivery_is_not_asked_about_before(shop: Store) -> None:
    number = opened(shop, delivery=NOW.date() + timedelta(days=9))
    do(shop, ActOnIncident(number, "ordered"))
    look(shop, [found(delivery=NOW.date() + timedelta(days=9))], NOW + 9 * DAY)
    assert the_one(shop).state == "acted"


def test_what_is_over_cannot_be_put_off(shop: Store) -> None:
    number = opened(shop)
    look(shop, [], NOW + HOUR)
    with pytest.raises(BooksError, match="over already"):
        do(shop, SnoozeIncident(number, "day"))


def test_an_incident_that_never_was_is_told_so(shop: Store) -> None:
    for number in (7, -1, 2**70):
        with pytest.raises(BooksError, match="there is no incident"):
            do(shop, ActOnIncident(number))


def test_pressed_twice_it_takes_effect_once(shop: Store) -> None:
    change = SnoozeIncident(opened(shop), "hour")
    first = shop.apply(change, ANN, request_id="press", at=NOW)
    again = shop.apply(change, ANN, request_id="press", at=NOW + HOUR)
    assert (first.repeated, again.repeated) == (False, True)
    assert the_one(shop).snoozed_until == NOW + HOUR


def test_a_snooze_can_be_undone(shop: Store) -> None:
    done = do(shop, SnoozeIncident(opened(shop), "day"))
    do(shop, Undo(done.group_id))
    assert (the_one(shop).state, the_one(shop).snoozed_until) == ("open", None)
    assert shop.undo_blocker(done.group_id) == "it was undone already"


def test_a_snooze_that_somebody_changed_since_is_not_undone(shop: Store) -> None:
    number = opened(shop)
    done = do(shop, SnoozeIncident(number, "day"))
    do(shop, ActOnIncident(number, "on it"), actor=Actor("ben", "test"))
    assert shop.undo_blocker(done.group_id) == "ben has changed it since"


def test_an_opinion_is_kept_with_what_was_at_stake_and_can_be_taken_back(shop: Store) -> None:
    done = do(shop, JudgeIncident(opened(shop, value=Decimal(38)), useful=False))
    (opinion,) = shop.incidents.opinions(NOW - DAY)
    assert (opinion.person, opinion.useful, opinion.value) == ("ann", False, Decimal(38))
    do(shop, Undo(done.group_id))
    assert shop.incidents.opinions(NOW - DAY) == []


def test_an_alert_stands_until_it_is_dropped(shop: Store) -> None:
    made = do(shop, CreateAlert(products=("P1", "P2"), threshold=Decimal(20)))
    (rule,) = shop.incidents.alerts("ann")
    assert (rule.products, rule.threshold, rule.rule) == (("P1", "P2"), Decimal(20), "threshold")
    assert made.documents == (f"alert {rule.id}",)
    dropped = do(shop, DropAlert(rule.id))
    assert shop.incidents.alerts() == []
    do(shop, Undo(dropped.group_id))
    assert [one.id for one in shop.incidents.alerts()] == [rule.id]


def test_making_an_alert_can_be_undone(shop: Store) -> None:
    made = do(shop, CreateAlert(category="Mugs", threshold=Decimal(5), location="SHOP"))
    do(shop, Undo(made.group_id))
    assert shop.incidents.alerts() == []


def test_an_alert_that_has_ended_does_not_stand(shop: Store) -> None:
    do(shop, CreateAlert(products=("P1",), threshold=Decimal(5), until=NOW + DAY))
    assert len(shop.incidents.alerts(at=NOW)) == 1
    assert shop.incidents.alerts(at=NOW + DAY) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (CreateAlert(products=("NONE",), threshold=Decimal(5)), "there is no product NONE"),
        (CreateAlert(products=("P1",), location="MOON", threshold=Decimal(5)), "there is no place MOON"),
        (CreateAlert(products=("P1",)), "needs a number"),
        (CreateAlert(products=("P1",), threshold=Decimal(-1)), "above zero"),
        (CreateAlert(threshold=Decimal(5)), "needs a product, a category or a place"),
        (DropAlert(7), "there is no alert 7"),
        (UnmuteAlerts(7), "there is no mute 7"),
        (MuteAlerts(until=NOW - HOUR), "passed already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(shop: Store, change: object, why: str) -> None:
    with pytest.raises(BooksError, match=why):
        do(shop, change)  # type: ignore[arg-type]


def test_a_mute_holds_for_the_one_who_made_it_or_for_everybody(shop: Store) -> None:
    do(shop, MuteAlerts(category="Mugs", until=NOW + DAY))
    made = do(shop, MuteAlerts(rule="stock.low", everybody=True))
    mine, ours = shop.incidents.mutes(NOW)
    assert (mine.person, mine.category, ours.person, ours.until) == ("ann", "Mugs", "", None)
    assert [one.id for one in shop.incidents.mutes(NOW + DAY)] == [ours.id]
    do(shop, UnmuteAlerts(ours.id))
    assert shop.undo_blocker(made.group_id) == "ann has changed it since"
    assert [one.id for one in shop.incidents.mutes(NOW)] == [mine.id]


def test_every_change_stands_in_the_audit(shop: Store) -> None:
    number = opened(shop)
    do(shop, SnoozeIncident(number, "hour"))
    (event, *_) = shop.audit.rows()
    assert (event.action, event.subject, event.actor) == ("snoozeincident", f"incident {number}", "ann")
    assert_sound(shop)


def test_a_fault_that_no_watch_looks_for_is_opened_once_and_ended_by_hand(shop: Store) -> None:
    fault = found("sales.csv", rule="import.failed")
    assert shop.incidents.report(fault, NOW, lambda _s: ()).opened
    assert shop.incidents.report(fault, NOW + HOUR, lambda _s: ()).opened == ()
    assert shop.incidents.over(fault.key, NOW + HOUR)
    assert not shop.incidents.over(fault.key, NOW + HOUR)
    assert shop.incidents.open() == []
