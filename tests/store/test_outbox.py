"""Messages wait, are claimed by one, sent in order, tried again, given up: none is lost."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from tests.store.incidents import found, letter, look
from tests.store.small_shop import ANN, NOW, do, open_shop
from tools.store import ActOnIncident, Store, StoredAction, Undo, open_store
from tools.store.incidents_facts import ALERT, Letter, Posted

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    return store


def claim(store: Store, at: datetime = NOW, worker: str = "w1", busy: tuple[str, ...] = ()) -> Posted | None:
    return store.outbox.claim("slack", worker, at=at, now=at, until=at + MINUTE, busy=busy)


def number_of(message: Posted | None) -> str:
    return message.answer if message else ""


def test_a_message_is_sent_once_and_marked(shop: Store) -> None:
    shop.outbox.post([letter(1)], NOW)
    taken = claim(shop)
    assert taken is not None
    assert (taken.recipient, taken.conversation, taken.attempts) == ("U1", "slack:U1", 1)
    assert claim(shop, worker="w2") is None
    assert shop.outbox.sent(taken.id, "w1", "ts-1", NOW)
    assert claim(shop, NOW + MINUTE * 2) is None


def test_the_same_message_posted_twice_is_one(shop: Store) -> None:
    assert shop.outbox.post([letter(1), letter(1)], NOW) == 1
    assert shop.outbox.post([letter(1), letter(2)], NOW) == 1


def test_a_message_whose_sender_died_is_taken_by_the_next_when_the_claim_has_run_out(shop: Store) -> None:
    shop.outbox.post([letter(1)], NOW)
    assert claim(shop) is not None
    assert claim(shop, NOW + MINUTE - SECOND, "w2") is None
    again = claim(shop, NOW + MINUTE, "w2")
    assert again is not None
    assert again.attempts == 2
    assert not shop.outbox.sent(again.id, "w1", "late", NOW)
    assert shop.outbox.sent(again.id, "w2", "ts", NOW)


def test_a_conversation_gets_its_messages_in_order(shop: Store) -> None:
    shop.outbox.post([letter(1), letter(2), letter(3, to="U2")], NOW)
    first, other = claim(shop), claim(shop)
    assert (number_of(first), number_of(other)) == ('{"n": 1}', '{"n": 3}')
    assert first is not None
    shop.outbox.later(first.id, "w1", NOW + 5 * MINUTE, "too many")
    assert claim(shop, NOW + SECOND) is None
    again = claim(shop, NOW + 5 * MINUTE)
    assert number_of(again) == '{"n": 1}'


def test_a_conversation_that_is_busy_does_not_stop_another(shop: Store) -> None:
    shop.outbox.post([letter(1), letter(2, to="U2")], NOW)
    assert number_of(claim(shop, busy=("slack:U1",))) == '{"n": 2}'


def test_what_is_not_due_yet_waits_and_holds_nothing_up(shop: Store) -> None:
    shop.outbox.post([letter(1, due=NOW + MINUTE), letter(2)], NOW)
    assert number_of(claim(shop)) == '{"n": 2}'


def test_what_is_over_before_it_was_sent_is_not_sent(shop: Store) -> None:
    (number,) = look(shop, [found()]).opened
    shop.outbox.post([letter(1, incident=number), letter(2)], NOW)
    look(shop, [], NOW + SECOND)
    assert number_of(claim(shop)) == '{"n": 2}'


def test_what_somebody_takes_care_of_is_not_sent_unless_that_is_undone_in_time(shop: Store) -> None:
    (number,) = look(shop, [found()]).opened
    shop.outbox.post([letter(1, incident=number)], NOW)
    done = do(shop, ActOnIncident(number))
    do(shop, Undo(done.group_id))
    assert number_of(claim(shop)) == '{"n": 1}'


def test_an_incident_that_was_told_says_so(shop: Store) -> None:
    (number,) = look(shop, [found()]).opened
    shop.outbox.post([letter(1, incident=number)], NOW)
    taken = claim(shop)
    assert taken is not None
    shop.outbox.sent(taken.id, "w1", "ts", NOW + SECOND)
    incident = shop.incidents.get(number)
    assert incident is not None
    assert (incident.state, incident.told_at) == ("notified", NOW + SECOND)


def test_what_was_given_up_is_shown_and_can_be_tried_again(shop: Store) -> None:
    shop.outbox.post([letter(1), letter(2)], NOW)
    taken = claim(shop)
    assert taken is not None
    shop.outbox.dead(taken.id, "w1", "the chat does not know U1")
    (dead,) = shop.outbox.dead_letters()
    assert (dead.error, dead.person) == ("the chat does not know U1", "Anna")
    (queue,) = shop.outbox.queues()
    assert (queue.channel, queue.waiting, queue.dead) == ("slack", 1, 1)
    assert shop.outbox.retry(dead.id, ANN, NOW)
    assert not shop.outbox.retry(dead.id, ANN, NOW)
    assert number_of(claim(shop)) == '{"n": 1}'


def test_its_buttons_are_there_as_soon_as_it_is(shop: Store) -> None:
    button = StoredAction("tok", "slack:U1", "Anna", "Order", "primary", "po.status", {}, 0, "offered")
    shop.outbox.post([Letter("k", ALERT, "Anna", NOW, "slack", "U1", "{}", None, (button,))], NOW)
    found = shop.talk.action("tok")
    assert found is not None
    assert (found.label, found.conversation) == ("Order", "slack:U1")


def test_one_process_speaks_in_a_channel(shop: Store) -> None:
    lead = shop.outbox.lead
    assert lead("slack", "w1", now=NOW, until=NOW + MINUTE)
    assert not lead("slack", "w2", now=NOW + SECOND, until=NOW + MINUTE)
    assert lead("telegram", "w2", now=NOW, until=NOW + MINUTE)
    assert lead("slack", "w1", now=NOW + SECOND, until=NOW + 2 * MINUTE)
    assert lead("slack", "w2", now=NOW + 2 * MINUTE, until=NOW + 3 * MINUTE)
    shop.outbox.step_down("slack", "w2")
    assert lead("slack", "w1", now=NOW + 2 * MINUTE, until=NOW + 3 * MINUTE)


def test_of_many_who_claim_at_once_each_message_goes_to_one(shop: Store) -> None:
    shop.outbox.post([letter(number, to=f"U{number}") for number in range(40)], NOW)
    taken: list[str] = []

    def work(name: str) -> None:
        books = open_store(shop.url)
        while (message := claim(books, worker=name)) is not None:
            taken.append(message.answer)
        books.close()

    workers = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(taken) == len(set(taken)) == 40
