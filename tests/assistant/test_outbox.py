"""What the assistant says of its own accord arrives: in order, at a pace, once, whatever a chat does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from assistant.codec import answer_from_json, answer_to_json
from assistant.outbox import MOST_ATTEMPTS, Line, Sender, Times, backoff, findings
from assistant.outbox_pace import LIMITS, Limits, Pace
from connectors.chat.channel import Delivery, Later, Never
from connectors.chat.message import Answer, Message
from tests.assistant.conftest import Conversation
from tests.assistant.speaking import FakeChat, Shop, sighting, speaking_shop
from tests.shop import RED
from tools.kit import Button, Call, Reply
from tools.store import Store, open_store
from tools.store.incidents_facts import Letter
from tools.store.outbox_queue import OUTBOX

QUICK = Times(look=0.01)
NOW = datetime.now(UTC)


@pytest.fixture
def books(store: Store) -> Store:
    """Books with nothing in them but messages."""
    return store


def post(store: Store, count: int, *, to: Callable[[int], str] = lambda n: f"U{n}") -> None:
    answers = [answer_to_json(Answer("", (Reply(f"message {n}"),))) for n in range(count)]
    store.outbox.post(
        [Letter(f"k{n}", "brief", "Anna", NOW, "slack", to(n), text) for n, text in enumerate(answers)], NOW
    )


def waiting(store: Store) -> int:
    return sum(queue.waiting for queue in store.outbox.queues())


async def sent_by(store: Store, *chats: FakeChat, until: Callable[[], bool], most: float = 20) -> None:
    """Senders run until something is so, then stop."""
    sender = Sender(store, chats, QUICK)
    await sender.start()
    for _ in range(round(most / 0.02)):
        if until():
            break
        await asyncio.sleep(0.02)
    await sender.stop()
    assert until()


async def test_every_message_arrives_once(books: Store):
    post(books, 30)
    chat = FakeChat()
    await sent_by(books, chat, until=lambda: waiting(books) == 0)
    assert sorted(chat.taken) == sorted((f"U{n}", f"message {n}") for n in range(30))


async def test_a_person_gets_their_messages_in_order_one_a_second(books: Store):
    post(books, 3, to=lambda _n: "U1")
    chat = FakeChat()
    await sent_by(books, chat, until=lambda: len(chat.taken) == 3)
    assert [text for _, text in chat.taken] == ["message 0", "message 1", "message 2"]


async def test_two_processes_at_once_send_nothing_twice(books: Store):
    post(books, 40)
    other = open_store(books.url)
    chats = FakeChat(), FakeChat()
    await asyncio.gather(
        sent_by(books, chats[0], until=lambda: waiting(books) == 0),
        sent_by(other, chats[1], until=lambda: waiting(other) == 0),
    )
    taken = chats[0].taken + chats[1].taken
    assert len(taken) == len(set(taken)) == 40
    other.close()


async def test_a_chat_that_asks_for_patience_stops_nobody_else(books: Store):
    post(books, 6)
    chat = FakeChat(answers=lambda to, _answer: Later(60, "too many") if to == "U0" else None)
    await sent_by(books, chat, until=lambda: len(chat.taken) == 5)
    assert waiting(books) == 1
    with books.database.reading() as connection:
        (row,) = connection.execute(OUTBOX.select().where(OUTBOX.c.recipient == "U0")).all()
    assert row.not_before > datetime.now(UTC) + timedelta(seconds=50)
    assert row.error == "too many"


async def test_a_channel_that_is_down_stops_no_other(books: Store):
    post(books, 2)
    letter = Letter("t", "brief", "Anna", NOW, "telegram", "5101", answer_to_json(Answer("", (Reply("hi"),))))
    books.outbox.post([letter], NOW)
    down = FakeChat(answers=lambda _to, _answer: Later(30, "no network"))
    up = FakeChat("telegram")
    await sent_by(books, down, up, until=lambda: len(up.taken) == 1)


async def test_a_chat_that_breaks_is_tried_again(books: Store):
    post(books, 1)
    broken = [True]

    def once(_to: str, _answer: Answer) -> Delivery | None:
        if broken.pop() if broken else False:
            raise RuntimeError("half an answer")
        return None

    chat = FakeChat(answers=once)
    await sent_by(books, chat, until=lambda: len(chat.taken) == 1)


async def test_who_blocked_the_assistant_is_not_tried_again(books: Store):
    post(books, 1)
    chat = FakeChat(answers=lambda _to, _answer: Never("Anna has blocked the bot"))
    await sent_by(books, chat, until=lambda: waiting(books) == 0)
    (dead,) = books.outbox.dead_letters()
    assert dead.error == "Anna has blocked the bot"
    (finding,) = findings(books)
    assert not finding.ok
    assert "1 messages in Slack could not be sent (the latest, to Anna: Anna has blocked" in finding.what
    assert "/needs" in finding.remedy


async def test_what_failed_too_often_is_given_up(books: Store):
    post(books, 1)
    with books.database.writing() as connection:
        connection.execute(update(OUTBOX).values(attempts=MOST_ATTEMPTS - 1))
    chat = FakeChat(answers=lambda _to, _answer: Later(1, "no network"))
    await sent_by(books, chat, until=lambda: bool(books.outbox.dead_letters()))
    assert books.outbox.dead_letters()[0].error == f"given up after {MOST_ATTEMPTS} tries: no network"


def test_the_pauses_between_tries_grow_to_an_hour():
    assert [backoff(number) for number in (1, 2, 3, 12, 13, 400)] == [1, 2, 4, 2048, 3600, 3600]
    assert 12 < sum(backoff(number) for number in range(1, MOST_ATTEMPTS)) / 3600 < 16


async def test_a_chat_that_takes_nothing_for_long_is_a_fault_until_it_does(books: Store):
    post(books, 1)
    chat = FakeChat(answers=lambda _to, _answer: Later(0, "no network"))
    line = Line(books, chat, "w", Times(fault=0))
    await line.step()
    (fault,) = books.incidents.open()
    assert (fault.rule, fault.subject) == ("connector.failing", "slack")
    chat.answers = lambda _to, _answer: None
    await asyncio.sleep(1.05)
    await line.step()
    assert books.incidents.open() == []


async def test_what_waits_for_a_chat_that_is_not_set_up_is_told(books: Store):
    post(books, 1)
    books.clock = lambda: NOW + timedelta(minutes=11)
    (finding,) = findings(books)
    assert finding.what.startswith("1 messages wait for Slack since ")
    assert "set up" in finding.remedy


def test_an_empty_outbox_is_well(books: Store):
    assert [finding.ok for finding in findings(books)] == [True]


# -- pace ----------------------------------------------------------------------------------------


def test_one_message_a_second_to_each_conversation():
    pace = Pace(LIMITS["slack"])
    pace.sent("slack:U1", "U1", 100.0)
    assert pace.busy(100.9) == {"slack:U1"}
    assert pace.busy(101.0) == frozenset()


def test_thirty_a_second_over_all_of_telegram():
    pace = Pace(LIMITS["telegram"])
    now, sent = 0.0, 0
    while now < 10:
        now += pace.wait(now) or 1e-9
        if not pace.wait(now):
            pace.sent(f"telegram:{sent}", str(sent), now)
            sent += 1
    assert 299 <= sent <= 302


def test_twenty_a_minute_to_a_group_and_nobody_else_is_held_up():
    pace = Pace(LIMITS["telegram"])
    for number in range(20):
        pace.sent("telegram:-7", "-7", number * 1.0)
    assert "telegram:-7" in pace.busy(59.9)
    assert "telegram:5101" not in pace.busy(59.9)
    assert "telegram:-7" not in pace.busy(60.0)


def test_a_chat_without_known_limits_gets_one_a_second():
    assert Limits().one == 1.0


# -- buttons -------------------------------------------------------------------------------------


def test_a_button_of_a_message_works_after_a_restart(store: Store, talk: Callable[..., Conversation]):
    anna = talk("Anna").user
    shop = Shop(store, [store.clock()])
    ask = Button("How many?", Call("stock.query", {"products": [RED]}))
    shop.look(now=[sighting(reply=Reply("Red mugs run low.", {}, buttons=(ask,)))])
    sent = answer_from_json(shop.told()[0].answer)
    house = talk("Anna", name=sent.conversation).house
    pressed = house.answer_now(
        Message(sent.conversation, anna, "slack", action=sent.actions[0].id, event_id="e1")
    )
    assert "57" in pressed.text


def test_what_was_sent_reads_as_it_was_enqueued(store: Store):
    shop = speaking_shop(store)
    shop.look(now=[sighting()])
    (message, _) = shop.told()
    answer = answer_from_json(message.answer)
    assert (answer.conversation, answer.text) == ("slack:U0ANNA", f"{RED} runs low.")
    assert [action.label for action in answer.actions][:2] == ["Order 24", "In an hour"]


def pressed_by_anna(store: Store, talk: Callable[..., Conversation], label: str) -> list[Answer]:
    """A real alert is told, and its button pressed twice; what was answered."""
    anna = talk("Anna").user
    Shop(store, [store.clock()]).look(now=[sighting()])
    (message, _) = Shop(store, [store.clock()]).told()
    sent = answer_from_json(message.answer)
    button = next(action for action in sent.actions if action.label == label)
    house = talk("Anna").house
    return [
        house.answer_now(Message(sent.conversation, anna, "slack", action=button.id, event_id=event))
        for event in ("e1", "e2")
    ]


def test_the_button_tomorrow_puts_it_off_once_and_can_be_undone(
    store: Store, talk: Callable[..., Conversation]
):
    first, second = pressed_by_anna(store, talk, "Tomorrow")
    assert "I'll come back to it on" in first.text
    assert second.text.startswith("Already done: I'll come back to it")
    (incident,) = store.incidents.open()
    assert (incident.state, incident.handled_by) == ("snoozed", "Anna Bell")
    undo = next(action for action in first.actions if action.label == "Undo")
    anna = store.people.find("Anna")
    assert anna is not None
    talk("Anna").house.answer_now(Message(first.conversation, anna, "slack", action=undo.id, event_id="e3"))
    assert store.incidents.open()[0].state in {"open", "notified"}


def test_the_button_not_useful_is_answered_with_what_changes(store: Store, talk: Callable[..., Conversation]):
    first, second = pressed_by_anna(store, talk, "Not useful")
    assert "when more than £80.00 is at stake" in first.text
    assert second.text.startswith("Already done")
    assert len(store.incidents.opinions(store.clock() - timedelta(days=1))) == 1


def test_a_press_that_orders_takes_care_of_the_incident(store: Store, talk: Callable[..., Conversation]):
    first, second = pressed_by_anna(store, talk, "Order 24")
    (incident,) = store.incidents.open()
    assert (incident.state, incident.handled) == ("acted", "Order 24"), first.text
    assert second.text.startswith("Already done")
