"""Talking on Telegram: text in, answer out, buttons pressed once."""

from __future__ import annotations

from tests.chat.telegram.conftest import ANNA, TOM, Shop
from tests.chat.telegram.people import until
from tests.shop import RED


def labels(message: dict) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def on_hand(shop: Shop, place: str) -> int:
    levels = shop.house.store.stock.levels([RED], locations=[place], today=shop.house.now().date())
    return int(sum(level.on_hand for level in levels))


async def test_a_question_gets_its_answer(shop: Shop) -> None:
    answer = await shop.person(ANNA).ask("how many small red mugs left?")
    assert "57" in answer["text"]


async def test_a_pressed_button_acts_once_and_its_message_tells_who_did_what_and_when(shop: Shop) -> None:
    anna = shop.person(ANNA)
    offer = await anna.ask("we broke 3 small red mugs in the high street, maybe")
    before = on_hand(shop, "HIGH")
    toast = await anna.pressed(offer, "Yes")
    assert toast["answer"] == ""
    done = await anna.answer()
    assert on_hand(shop, "HIGH") == before - 3
    assert "9" in done["text"]
    assert labels(done) == ["Undo"]
    edited = await until(lambda: anna.shown()[0] if "✓" in anna.shown()[0]["text"] else None)
    assert edited["text"].endswith("✓ Yes, do it · Anna Bell, 09:00")
    assert labels(edited) == []


async def test_a_second_press_tells_the_first_outcome_in_its_toast(shop: Shop) -> None:
    anna = shop.person(ANNA)
    offer = dict(await anna.ask("we broke 3 small red mugs in the high street, maybe"))
    before = on_hand(shop, "HIGH")
    first, second = anna.press(offer, "Yes"), anna.press(offer, "Yes")
    await until(lambda: "answer" in anna.toast(second))
    assert anna.toast(first)["answer"] == ""
    assert anna.toast(second)["answer"].startswith("Already done: ")
    assert on_hand(shop, "HIGH") == before - 3
    assert len(anna.shown()) == 2


async def test_a_press_after_a_restart_tells_the_first_outcome(shop: Shop) -> None:
    anna = shop.person(ANNA)
    offer = dict(await anna.ask("we broke 3 small red mugs in the high street, maybe"))
    await anna.pressed(offer, "Yes")
    await shop.restart()
    assert (await anna.pressed(offer, "Yes"))["answer"].startswith("Already done: ")
    assert (await anna.pressed(offer, "No"))["answer"].startswith("“Yes, do it” was chosen already: ")
    assert on_hand(shop, "HIGH") == 9


async def test_who_may_not_press_is_told_so_and_the_button_stays(shop: Shop) -> None:
    anna, tom = shop.person(ANNA), shop.person(TOM)
    tom.chat = anna.chat
    offer = dict(await anna.ask("order 600 small red mugs from Acme"))
    toast = await tom.pressed(offer, labels(offer)[0])
    assert toast["alert"]
    assert "may not" in toast["answer"]
    assert labels(anna.shown()[0]) == labels(offer)
