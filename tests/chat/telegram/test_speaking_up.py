"""What the assistant says by itself, and by webhook: sent, later or never; only with our secret."""

from __future__ import annotations

import time

import httpx
import pytest
from fastapi import FastAPI

from connectors.chat.channel import Later, Never, Sent
from connectors.chat.message import Answer, OfferedAction
from connectors.chat.telegram import open_telegram
from connectors.chat.telegram.webhook import PATH, address_of, path_of, secret_for
from tests.chat.telegram.conftest import ANNA, Shop
from tests.chat.telegram.people import until
from tests.chat.telegram.server import TOKEN, Fault
from tools.kit import Chart, Reply, Series

PUSH = Answer("telegram:5101", (Reply("Milk runs out."),), actions=(OfferedAction("token", "Reorder 24"),))
CHART = Answer("c", (Reply("Look.", blocks=(Chart("Sold", "bar", ("a",), (Series("s", (1.0,)),)),)),))
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "hush-hush"}


async def test_a_push_arrives_with_its_buttons_and_its_reference(shop: Shop) -> None:
    sent = await shop.door.send(str(ANNA), PUSH)
    shown = await shop.person(ANNA).answer()
    assert sent == Sent(f"{ANNA}:{shown['message_id']}")
    assert shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "token"


@pytest.mark.parametrize(
    ("fault", "seconds"), [(Fault(429, retry_after=7), 7), (Fault(500), 15), (Fault(502), 15), (Fault(0), 15)]
)
async def test_what_telegram_cannot_take_now_is_for_later(shop: Shop, fault: Fault, seconds: float) -> None:
    shop.api.faults["sendMessage"] = [fault]
    later = await shop.door.send(str(ANNA), PUSH)
    assert isinstance(later, Later)
    assert later.seconds == seconds


async def test_one_chat_that_must_wait_delays_no_push_to_another(shop: Shop) -> None:
    shop.api.floods[ANNA] = time.monotonic() + 60
    assert isinstance(await shop.door.send(str(ANNA), PUSH), Later)
    assert isinstance(await shop.door.send("5102", PUSH), Sent)


async def test_who_blocked_the_bot_or_is_no_chat_is_never_tried_again(shop: Shop) -> None:
    shop.api.blocked.add(ANNA)
    assert isinstance(await shop.door.send(str(ANNA), PUSH), Never)
    assert isinstance(await shop.door.send("U0ANNA", PUSH), Never)
    assert isinstance(await shop.new_door().send(str(ANNA), PUSH), Later)


async def test_a_chart_that_could_not_follow_does_not_repeat_the_message(shop: Shop) -> None:
    shop.api.faults["sendPhoto"] = [Fault(400)]
    assert isinstance(await shop.door.send(str(ANNA), CHART), Sent)
    assert len(shop.person(ANNA).shown()) == 1
    assert shop.api.refused.pop().startswith("sendPhoto")


async def test_a_wrong_token_is_told_and_tried_again_quietly(shop: Shop) -> None:
    door = open_telegram(shop.house, token="1:wrong", files=shop.files, api_url=shop.url)
    await door.start()
    settings = shop.house.store.settings
    await until(lambda: "does not know this bot token" in settings.get("telegram_trouble"))
    await door.stop()


# -- webhook -----------------------------------------------------------------------------------


async def pushed(client: httpx.AsyncClient, update: dict, **headers: str) -> int:
    return (await client.post("/hook", json=update, headers=headers)).status_code


@pytest.fixture
async def hooked(shop: Shop):
    """The same shop, reached by webhook."""
    await shop.door.stop()
    shop.door = shop.new_door("https://shop.example/hook")
    app = FastAPI()
    app.include_router(shop.door.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop") as client:
        yield client


async def test_by_webhook_the_same_handlers_answer_each_update_once(
    shop: Shop, hooked: httpx.AsyncClient
) -> None:
    anna = shop.person(ANNA)
    assert await pushed(hooked, anna.say("help"), **SECRET) == 503
    await shop.door.start()
    await until(lambda: shop.api.webhook.get("secret_token") == "hush-hush")
    assert shop.api.webhook["url"] == "https://shop.example/hook"
    said = anna.say("we broke 3 small red mugs in the high street")
    await until(lambda: shop.door._connected)
    assert [await pushed(hooked, said, **SECRET) for _ in range(3)] == [200, 200, 200]
    assert len(anna.shown()) == 1
    assert "12 → 9" in anna.shown()[0]["text"]
    assert (await hooked.post("/hook", content=b"[1]", headers=SECRET)).status_code == 400
    assert (await hooked.post("/hook", content=b"\xff", headers=SECRET)).status_code == 400


async def test_without_our_secret_nothing_gets_in(shop: Shop, hooked: httpx.AsyncClient) -> None:
    await shop.door.start()
    await until(lambda: shop.door._connected)
    said = shop.person(ANNA).say("we broke 3 small red mugs in the high street")
    wrong = ("", "hush-hus", "hush-hush ", "Hush-hush", "hush-hushh", "x")
    assert {await pushed(hooked, said, **{"X-Telegram-Bot-Api-Secret-Token": one}) for one in wrong} == {403}
    assert await pushed(hooked, said) == 403
    assert shop.person(ANNA).shown() == []


def test_the_webhooks_address_and_secret_follow_from_what_is_set() -> None:
    assert address_of("https://shop.example") == f"https://shop.example{PATH}"
    assert address_of("https://shop.example/tg/") == "https://shop.example/tg"
    assert (path_of("https://shop.example/"), path_of("https://shop.example/tg")) == (PATH, "/tg")
    assert secret_for(TOKEN) == secret_for(TOKEN) != secret_for("other")
    assert secret_for(TOKEN, "chosen") == "chosen"
