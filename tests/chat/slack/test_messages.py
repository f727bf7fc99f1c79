"""What is said in Slack is answered in its thread, and buttons tell who pressed them."""

from __future__ import annotations

from tests.chat.slack.people import buttons_of, words_of
from tests.shop import BLUE


def on_hand(slack, sku, place="HIGH"):
    levels = slack.house.store.stock.levels([sku], locations=[place], today=slack.house.now().date())
    return sum(level.on_hand for level in levels)


async def test_a_direct_message_is_answered_in_its_thread(slack, anna):
    said = anna.message("how many blue mugs left?")
    await anna.server.deliver("events_api", said)
    await slack.idle()
    (post,) = slack.posts()
    assert "7" in post["text"]
    assert post["channel"] == "D0ANNA"
    assert post["thread_ts"] == said["event"]["ts"]


async def test_a_mention_is_answered_in_its_thread(slack, anna):
    answer = await anna.mentions("how many blue mugs left?")
    assert "7" in words_of(answer)
    assert answer["channel"] == "C0SHOP"
    assert answer["thread_ts"]


async def test_a_thread_goes_on_without_another_mention(slack, anna):
    first = await anna.mentions("how many blue mugs left?")
    thread = first["thread_ts"]
    answer = await anna.says("and red mugs?", channel="C0SHOP", thread_ts=thread)
    assert "57" in words_of(answer)


async def test_what_people_say_to_each_other_is_not_answered(slack, anna, tom):
    first = await anna.mentions("how many blue mugs left?")
    assert await tom.says("how many red mugs left?", channel="C0SHOP", thread_ts=first["thread_ts"]) == {}
    assert await anna.says("how many red mugs left?", channel="C0SHOP") == {}
    assert await anna.says("how many red mugs left?", bot_id="B1", subtype="bot_message") == {}
    assert await anna.says("how many red mugs left?", subtype="message_changed") == {}


async def test_a_mention_that_is_delivered_as_a_message_too_is_answered_once(slack, anna):
    first = await anna.mentions("how many blue mugs left?")
    text = "<@U0BOT> and red mugs?"
    await anna.says(text, channel="C0SHOP", thread_ts=first["thread_ts"])
    assert len(slack.posts()) == 1


async def test_a_pressed_button_gives_way_to_who_pressed_it_and_what_came_of_it(slack, anna):
    done = await anna.says("sold 2 blue mugs at high street")
    assert on_hand(slack, BLUE) == 5
    assert await anna.presses("Undo", done) == {}
    assert on_hand(slack, BLUE) == 7
    told = slack.server.messages[done["channel"], done["ts"]]
    assert "Anna Bell" in words_of(told)
    assert "Undo" in words_of(told)
    assert "5 → 7" in words_of(told)
    assert buttons_of(told) == []


async def test_a_second_press_tells_the_first_outcome_and_changes_nothing(slack, anna):
    done = dict(await anna.says("sold 2 blue mugs at high street"))
    await anna.presses("Undo", done)
    before = words_of(slack.server.messages[done["channel"], done["ts"]])
    again = await anna.presses("Undo", done)
    assert "Already done" in again["text"]
    assert "5 → 7" in again["text"]
    assert on_hand(slack, BLUE) == 7
    assert words_of(slack.server.messages[done["channel"], done["ts"]]) == before


async def test_the_same_event_again_is_answered_once(slack, anna):
    said = anna.message("sold 2 blue mugs at high street")
    for retry in range(3):
        await anna.server.deliver("events_api", said, retry=retry)
    await slack.idle()
    assert len(slack.posts()) == 1
    assert on_hand(slack, BLUE) == 5


async def test_a_chart_comes_as_a_picture_in_the_same_thread(slack, anna):
    answer = await anna.says("how many red mugs did we sell in the last 14 days?")
    uploads = slack.server.of("files.completeUploadExternal")
    assert uploads
    assert uploads[0]["channel_id"] == "D0ANNA"
    assert uploads[0]["thread_ts"] == answer["thread_ts"]
    assert slack.server.files[uploads[0]["files"][0]["id"]].startswith(b"\x89PNG")


async def test_a_refused_file_is_told_in_words(slack, anna):
    slack.server.fail("files.completeUploadExternal", error="storage_limit_reached")
    await anna.says("how many red mugs did we sell in the last 14 days?")
    assert "Slack did not take the file: storage_limit_reached" in slack.posts()[-1]["text"]


async def test_refused_blocks_are_said_in_words_with_their_buttons(slack, anna):
    slack.server.fail("chat.postMessage", error="invalid_blocks")
    shown = await anna.says("sold 2 blue mugs at high street")
    assert "7 → 5" in shown["text"]
    assert [button["text"]["text"] for button in buttons_of(shown)] == ["Undo"]


async def test_pauses_and_faults_of_slack_are_waited_out(slack, anna):
    slack.server.fail("chat.postMessage", status=429, retry_after=0)
    slack.server.fail("chat.postMessage", status=503, error="service_unavailable")
    assert "7" in words_of(await anna.says("how many blue mugs left?"))
    assert len(slack.posts()) == 3


async def test_after_a_dropped_line_the_app_comes_back(slack, anna):
    await slack.server.ask_to_reconnect()
    await slack.server.connected()
    assert "7" in words_of(await anna.says("how many blue mugs left?"))
