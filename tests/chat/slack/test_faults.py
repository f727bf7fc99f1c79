"""What goes wrong between Slack and the app: repeats, restarts, dropped lines, slow turns, strange payloads."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from assistant.dialogue import Dialogue
from connectors.chat.channel import Later, Never, Sent
from connectors.chat.message import Answer, OfferedAction
from connectors.chat.slack import SlackConfig, open_slack
from connectors.chat.slack.work import Seen, Work
from tests.chat.slack.people import Slack, buttons_of, until, words_of
from tests.chat.slack.server import TEAM
from tests.shop import BLUE, NOW
from tools.kit import Chart, Reply, Series


def on_hand(slack):
    (level,) = slack.house.store.stock.levels([BLUE], locations=["HIGH"], today=NOW.date())
    return level.on_hand


async def restarted(slack):
    """The same shop's app in a new process, as far as Slack can tell."""
    await slack.channel.stop()
    slack.server._connected.clear()
    slack.channel = open_slack(slack.house, slack.channel.config)
    await slack.channel.start()
    await slack.server.connected()
    return slack


async def test_an_event_that_comes_again_after_a_restart_is_not_answered_again(slack, anna):
    sale = anna.message("sold 2 blue mugs at high street")
    await anna.does("events_api", sale)
    await restarted(slack)
    await anna.does("events_api", sale)
    assert len(slack.posts()) == 1
    assert on_hand(slack) == 5


async def test_an_answer_that_was_not_shown_is_shown_when_the_event_comes_again(slack, anna):
    sale = anna.message("sold 2 blue mugs at high street")
    for _ in range(3):
        slack.server.fail("chat.postMessage", status=500, error="fatal_error")
    await anna.does("events_api", sale)
    await restarted(slack)
    shown = await anna.does("events_api", sale)
    assert "7 → 5" in words_of(shown)
    assert on_hand(slack) == 5


async def test_a_press_after_a_restart_tells_the_first_outcome(slack, anna):
    done = dict(await anna.says("sold 2 blue mugs at high street"))
    await anna.presses("Undo", done)
    await restarted(slack)
    again = await anna.presses("Undo", done)
    assert "Already done" in again["text"]
    shown = slack.server.messages[done["channel"], done["ts"]]
    assert "Anna Bell" in words_of(shown)
    assert buttons_of(shown) == []
    assert on_hand(slack) == 7


async def test_two_presses_at_once_have_one_effect(slack, anna):
    done = dict(await anna.says("sold 2 blue mugs at high street"))
    presses = [anna.pressing("Undo", done) for _ in range(5)]
    await asyncio.gather(*(slack.server.deliver("interactive", press) for press in presses))
    await slack.idle()
    assert on_hand(slack) == 7
    assert len(slack.server.of("chat.update")) == 1
    assert sum("Already done" in post["text"] for post in slack.posts()) == 4


async def test_the_same_press_delivered_again_says_nothing_more(slack, anna):
    done = dict(await anna.says("sold 2 blue mugs at high street"))
    press = anna.pressing("Undo", done)
    for retry in range(3):
        await slack.server.deliver("interactive", press, retry=retry)
    await slack.idle()
    assert on_hand(slack) == 7
    assert len(slack.server.of("chat.update")) == 1
    assert len(slack.posts()) == 1


async def test_messages_of_one_conversation_are_answered_in_their_order(slack, anna):
    sent = [anna.message(f"sold {n} blue mugs at high street") for n in (1, 2, 3)]
    await asyncio.gather(*(slack.server.deliver("events_api", one) for one in sent))
    await slack.idle()
    assert [post["thread_ts"] for post in slack.posts()] == [one["event"]["ts"] for one in sent]
    assert "3 → 1" not in slack.posts()[0]["text"]
    assert on_hand(slack) == 1


async def test_events_that_arrive_in_another_order_are_each_answered_once(slack, anna):
    sent = [anna.message(f"how many {name} mugs left?") for name in ("blue", "red")]
    for one in (sent[1], sent[0], sent[1]):
        await slack.server.deliver("events_api", one)
    await slack.idle()
    assert [post["thread_ts"] for post in slack.posts()] == [sent[1]["event"]["ts"], sent[0]["event"]["ts"]]


async def test_a_broken_line_is_mended_and_nothing_is_answered_twice(slack, anna, monkeypatch):
    sale = anna.message("sold 2 blue mugs at high street")
    await anna.does("events_api", sale)
    await slack.server.ask_to_reconnect()
    await slack.server.connected()
    await anna.does("events_api", sale)
    assert len(slack.posts()) == 1
    assert "5" in words_of(await anna.says("how many blue mugs left?"))


@pytest.fixture
def slow(monkeypatch):
    """Turns that take until they are let go."""
    go, first = threading.Event(), Dialogue.answer

    def answer(self, *args, **more):
        found = first(self, *args, **more)
        go.wait(20)
        return found

    monkeypatch.setattr(Dialogue, "answer", answer)
    yield go
    go.set()


async def test_slack_is_acknowledged_before_the_work_is_done(slack, anna, slow):
    ack = await slack.server.deliver("events_api", anna.message("how many blue mugs left?"))
    assert ack.payload is None
    assert slack.posts() == []
    slow.set()
    await slack.idle()
    assert len(slack.posts()) == 1


async def test_a_slow_turn_shows_that_it_is_thought_about_and_streams_what_stands(slack, anna, slow):
    await slack.server.deliver("events_api", anna.message("how many blue mugs left?"))
    await until(lambda: bool(slack.server.of("chat.startStream")))
    (status,) = slack.server.of("assistant.threads.setStatus")
    assert status["status"] == "is thinking…"
    slow.set()
    await slack.idle()
    assert slack.server.of("chat.stopStream")
    (shown,) = slack.server.messages.values()
    assert "7" in words_of(shown)


async def test_a_server_without_streaming_is_asked_once_and_answered_plainly(slack, anna, slow):
    slack.server.unknown |= {"chat.startStream", "assistant.threads.setStatus"}
    for _ in range(2):
        await slack.server.deliver("events_api", anna.message("how many blue mugs left?"))
        await asyncio.sleep(0.6)
        slow.set()
        await slack.idle()
        slow.clear()
    assert len(slack.posts()) == 2
    assert len(slack.server.of("chat.startStream")) == 1


STRANGE = [
    {},
    {"type": "event_callback"},
    {"type": "event_callback", "event": None},
    {"type": "event_callback", "event": "message"},
    {"type": "event_callback", "event": {"type": "message"}},
    {"type": "event_callback", "event": {"type": "message", "channel": 5, "user": [], "text": {}}},
    {"type": "event_callback", "event": {"type": "no_such_event"}, "event_id": "E1"},
    {"type": "block_actions", "actions": "press", "user": {"id": "U0ANNA"}},
    {"type": "block_actions", "actions": [], "user": None, "team": "x"},
    {"type": "view_submission", "view": {"callback_id": "count_stock"}, "user": {"id": "U0ANNA"}},
    {"type": "interactive_message", "callback_id": "x", "actions": [{"name": "a"}]},
    {"type": "dialog_submission", "callback_id": "x"},
    {"command": "/other", "text": "x"},
    {"type": {}, "user": {"id": "U0ANNA"}},
    {"type": [[]], "actions": [{"value": []}]},
    0,
    [],
    None,
    "text",
    {"type": "event_callback", "authorizations": "none", "event": {"type": "app_mention"}},
]


@pytest.mark.parametrize("payload", STRANGE)
@pytest.mark.parametrize("kind", ["events_api", "interactive", "slash_commands"])
async def test_whatever_comes_is_acknowledged_and_does_nothing(slack, kind, payload):
    before = slack.house.store.stock.position()
    await slack.server.deliver(kind, payload)
    await slack.idle()
    assert slack.house.store.stock.position() == before
    assert slack.posts() == []


ALERT = Answer(
    "slack:U0ANNA", (Reply("Blue mugs run out on Friday."),), actions=(OfferedAction("t", "Reorder"),)
)


async def test_an_alert_is_shown_in_the_persons_own_chat(slack):
    sent = await slack.channel.send("U0ANNA", ALERT)
    assert isinstance(sent, Sent)
    channel, _, ts = sent.reference.partition(":")
    assert channel == "D0ANNA"
    assert words_of(slack.server.messages[channel, ts]).startswith("Blue mugs run out")


async def test_an_alert_that_is_shown_is_not_sent_again_because_of_its_picture(slack):
    slack.server.fail("files.completeUploadExternal", error="storage_limit_reached")
    chart = Chart("Sold", "bar", ("Mon", "Tue"), (Series("mugs", (1.0, 2.0)),))
    told = await slack.channel.send("U0ANNA", Answer("c", (Reply("Mugs sell.", blocks=(chart,)),)))
    await slack.idle()
    assert isinstance(told, Sent)
    assert "Slack did not take the file" in slack.posts()[-1]["text"]


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, "ratelimited", Later),
        (500, "internal_error", Later),
        (503, "", Later),
        (200, "fatal_error", Later),
        (200, "token_revoked", Later),
        (200, "missing_scope", Later),
        (200, "channel_not_found", Never),
        (200, "user_not_found", Never),
        (200, "is_archived", Never),
        (200, "cannot_dm_bot", Never),
        (200, "no_text", Never),
    ],
)
async def test_what_slack_refuses_is_tried_later_or_never(slack, status, error, kind):
    slack.server.fail(
        "chat.postMessage", status=status, error=error, retry_after=7 if status == 429 else None
    )
    told = await slack.channel.send("U0ANNA", ALERT)
    assert isinstance(told, kind)
    if status == 429:
        assert told.seconds == 7


async def test_an_alert_waits_where_slack_is_not_there_at_all(house):
    config = SlackConfig(bot_token="xoxb-home", app_token="xapp-1", api_url="http://127.0.0.1:9/api/")
    channel = open_slack(house, config)
    assert isinstance(await channel.send("U0ANNA", ALERT), Later)
    await channel.start()
    await channel.stop()
    house.store.close()


async def test_a_workspace_that_left_is_not_written_to(server, house):
    config = SlackConfig(signing_secret="s", client_id="1", client_secret="2", api_url=server.api)
    channel = open_slack(house, config)
    assert isinstance(await channel.send("T9:U0ANNA", ALERT), Never)
    await channel.stop()
    house.store.close()


async def test_no_secret_is_ever_logged(server, house, caplog, capsys):
    secrets = ("xoxb-canary", "xapp-canary", "signing-canary", "client-canary")
    caplog.set_level(logging.DEBUG)
    server.tokens["xoxb-canary"] = TEAM
    config = SlackConfig(
        bot_token="xoxb-canary", app_token="xapp-canary", signing_secret="signing-canary",
        client_id="1", client_secret="client-canary", api_url=server.api,
    )  # fmt: skip
    channel = open_slack(house, config)
    await channel.start()
    await server.connected()
    slack = Slack(server, channel, house)
    await slack.person("U0ANNA").says("how many blue mugs left?")
    await channel.send("U0ANNA", ALERT)
    await channel.stop()
    house.store.close()
    printed = capsys.readouterr()
    told = caplog.text + printed.out + printed.err + repr(config)
    assert not [secret for secret in secrets if secret in told]


def test_an_event_is_remembered_for_hours_and_then_forgotten():
    now = [0.0]
    seen = Seen(lambda: now[0])
    assert seen.first("e")
    assert not seen.first("e")
    now[0] = 3_600.0
    assert not seen.first("e")
    now[0] = 3 * 3_600.0
    assert seen.first("e")
    assert seen.first("") and seen.first("")


async def test_one_job_that_fails_stops_no_other(capsys):
    work, done = Work(), []

    async def fail():
        raise OSError("gone")

    async def succeed():
        done.append(1)

    work.submit("c", fail)
    work.submit("c", succeed)
    await work.idle()
    assert done == [1]
    assert "slack_work_failed" in capsys.readouterr().out
