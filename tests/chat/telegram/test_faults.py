"""What goes wrong between Telegram and us, and what people notice of it: nothing, or the plain truth."""

from __future__ import annotations

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from connectors.chat.telegram import open_telegram, polling, posting
from connectors.chat.telegram.channel import TROUBLE_KEY
from connectors.chat.telegram.drawing import Drawing
from connectors.chat.telegram.spans import PageOfText
from tests.chat.telegram.conftest import ANNA, TOM, Shop
from tests.chat.telegram.people import until
from tests.chat.telegram.server import TOKEN, Fault
from tests.shop import RED

QUESTION = "how many small red mugs left?"


def on_hand(shop: Shop) -> int:
    levels = shop.house.store.stock.levels([RED], locations=["HIGH"], today=shop.house.now().date())
    return int(sum(level.on_hand for level in levels))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polling tries again at once, so that a test need not wait."""
    monkeypatch.setattr(polling, "FIRST_BACKOFF", 0.02)
    monkeypatch.setattr(polling, "LONGEST_BACKOFF", 0.02)


@pytest.mark.parametrize("fault", [Fault(500), Fault(502), Fault(0), Fault(429, retry_after=1)])
async def test_an_answer_is_sent_again_where_telegram_did_not_take_it(shop: Shop, fault: Fault) -> None:
    shop.api.faults["sendMessage"] = [fault]
    assert "57" in (await shop.person(ANNA).ask(QUESTION))["text"]


async def test_one_chat_that_has_to_wait_stops_no_other(shop: Shop) -> None:
    anna, tom = shop.person(ANNA), shop.person(TOM)
    shop.api.floods[ANNA] = time.monotonic() + 2
    anna.say(QUESTION)
    assert (await tom.ask("help"))["text"]
    assert anna.shown() == []
    assert "57" in (await anna.answer())["text"]


@pytest.mark.usefixtures("quick")
async def test_polling_goes_on_after_faults_of_all_kinds(shop: Shop) -> None:
    anna = shop.person(ANNA)
    shop.api.faults["getUpdates"] = [Fault(0), Fault(500), Fault(429, retry_after=1), Fault(0, after=True)]
    for _ in range(3):
        assert "57" in (await anna.ask(QUESTION))["text"]


async def test_updates_that_nobody_can_read_hold_nothing_up(shop: Shop) -> None:
    anna = shop.person(ANNA)
    with capture_logs() as logs:
        shop.api.put("message", {"message_id": "x", "chat": 7, "date": []})
        shop.api.put("callback_query", {"id": 5})
        shop.api.put("message", {"message_id": 1, "chat": {"id": 7, "type": "private"}, "date": []})
        shop.api.updates.append({"nonsense": True})
        assert "57" in (await anna.ask(QUESTION))["text"]
    told = {line["event"] for line in logs}
    assert {"telegram_update_odd", "telegram_update_not_read", "telegram_update_without_id"} <= told


async def test_an_update_brought_again_has_one_effect_and_one_answer(shop: Shop) -> None:
    anna = shop.person(ANNA)
    said = anna.say("we broke 3 small red mugs in the high street")
    await anna.answer()
    shop.api.again(said)
    assert "54" in (await anna.ask(QUESTION))["text"]
    assert len(anna.shown()) == 2
    assert on_hand(shop) == 9


async def test_an_update_brought_again_after_a_restart_has_one_effect_and_tells_the_first_answer(
    shop: Shop,
) -> None:
    anna = shop.person(ANNA)
    said = anna.say("we broke 3 small red mugs in the high street")
    first = await anna.answer()
    await shop.restart()
    shop.api.again(said)
    assert (await anna.answer())["text"] == first["text"]
    assert on_hand(shop) == 9


async def test_updates_are_confirmed_only_once_they_are_served(shop: Shop) -> None:
    anna = shop.person(ANNA)
    gate, house_answer = asyncio.Event(), shop.house.answer

    async def slow(message, *, hear=None):
        await gate.wait()
        return await house_answer(message, hear=hear)

    shop.house.answer = slow
    first = anna.say(QUESTION)
    await asyncio.sleep(0.5)
    assert first in shop.api.updates
    assert "chat_id" in shop.api.called("sendChatAction")[0].given
    gate.set()
    await anna.answer()
    await until(lambda: first not in shop.api.updates)


async def test_messages_of_one_chat_are_answered_in_order_and_other_chats_do_not_wait(shop: Shop) -> None:
    anna, tom = shop.person(ANNA), shop.person(TOM)
    gate, served = asyncio.Event(), []
    house_answer = shop.house.answer

    async def slow(message, *, hear=None):
        if message.text == "first":
            await gate.wait()
        served.append(message.text)
        return await house_answer(message, hear=hear)

    shop.house.answer = slow
    anna.say("first")
    anna.say("second")
    tom.say("other")
    await tom.answer()
    assert served == ["other"]
    gate.set()
    await anna.answer()
    await anna.answer()
    assert served == ["other", "first", "second"]


async def test_updates_out_of_order_have_their_effect_once_each(shop: Shop) -> None:
    anna = shop.person(ANNA)
    later = anna.say("we broke 1 small red mug in the high street")
    shop.api.updates.remove(later)
    anna.say("we broke 2 small red mugs in the high street")
    shop.api.updates.append(later)
    await anna.answer()
    await anna.answer()
    assert on_hand(shop) == 9


async def test_a_press_is_answered_in_time_even_while_its_turn_takes_long(shop: Shop) -> None:
    anna = shop.person(ANNA)
    offer = dict(await anna.ask("we broke 3 small red mugs in the high street, maybe"))
    shop.door._desk.bells.patience = 0.05
    gate, house_answer = asyncio.Event(), shop.house.answer

    async def slow(message, *, hear=None):
        await gate.wait()
        return await house_answer(message, hear=hear)

    shop.house.answer = slow
    assert (await anna.pressed(offer, "Yes"))["answer"] == ""
    gate.set()
    await anna.answer()
    assert on_hand(shop) == 9
    gate.clear()
    assert (await anna.pressed(offer, "Yes"))["answer"] == ""
    gate.set()
    assert (await anna.answer())["text"].startswith("Already done: ")


@pytest.mark.usefixtures("quick")
async def test_a_second_program_that_polls_is_told_to_the_log_and_to_doctor(shop: Shop) -> None:
    settings = shop.house.store.settings
    other = shop.new_door()
    with capture_logs() as logs:
        await other.start()
        await until(lambda: settings.get(TROUBLE_KEY))
        assert "Another program" in settings.get(TROUBLE_KEY)
        await other.stop()
    assert any(line["event"] == "telegram_trouble" for line in logs)
    assert "57" in (await shop.person(ANNA).ask(QUESTION))["text"]
    await until(lambda: settings.get(TROUBLE_KEY) == "")


async def test_html_that_telegram_refuses_is_sent_as_plain_words(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "draw", lambda _answer: Drawing((PageOfText("<b>57", "57"),)))
    assert (await shop.person(ANNA).ask(QUESTION))["text"] == "57"
    assert shop.api.refused.pop().startswith("sendMessage: Bad Request: can't parse entities")


async def test_what_breaks_inside_is_logged_and_the_next_message_answered(shop: Shop) -> None:
    anna, house_answer = shop.person(ANNA), shop.house.answer

    async def broken(message, *, hear=None):
        raise RuntimeError("on purpose")

    shop.house.answer = broken
    with capture_logs() as logs:
        anna.say(QUESTION)
        await until(lambda: [line for line in logs if line["event"] == "telegram_update_failed"])
    shop.house.answer = house_answer
    assert "57" in (await anna.ask(QUESTION))["text"]


async def test_the_bots_token_is_never_written_to_a_log(
    shop: Shop, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("INFO")
    shop.api.faults["sendMessage"] = [Fault(0), Fault(404), Fault(500)]
    door = open_telegram(shop.house, token="77:canary-of-a-token", files=shop.files, api_url=shop.url)
    away = open_telegram(
        shop.house, token="78:canary-of-a-token", files=shop.files, api_url="http://127.0.0.1:9"
    )
    for one in (door, away):
        await one.start()
        await until(lambda: shop.house.store.settings.get(TROUBLE_KEY))
        await one.stop()
    shop.person(ANNA).say(QUESTION)
    await until(lambda: not shop.api.updates)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.")]
    told = "".join((*ours, *capsys.readouterr()))
    assert "canary" not in told
    assert TOKEN not in told
