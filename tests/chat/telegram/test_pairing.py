"""Who is who on Telegram: codes, menus, groups; nobody unpaired reads a number."""

from __future__ import annotations

import re

from tests.chat.telegram.conftest import ANNA, GEMMA, GROUP, STRANGER, TOM, Shop
from tests.chat.telegram.people import Person, until
from tests.chat.telegram.server import BOT


async def test_a_stranger_learns_only_how_to_be_paired(shop: Shop) -> None:
    stranger = shop.person(STRANGER)
    for send in (
        lambda: stranger.say("how many red mugs left?"),
        lambda: stranger.say("/start"),
        lambda: stranger.say("/low"),
        lambda: stranger.send(photo=[{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]),
        lambda: stranger.send(document={"file_id": "d", "file_unique_id": "d", "file_name": "stock.csv"}),
    ):
        send()
        told = (await stranger.answer())["text"]
        assert "pairing code" in told
        assert "/start CODE" in told
        assert not re.search(r"\d", told)
    assert shop.api.called("getFile") == []


async def test_a_deep_link_pairs_and_brings_the_menu_of_the_role(shop: Shop) -> None:
    gemma = Person(shop.api, GEMMA)
    code = shop.code_for("Gemma Lane")
    assert (await gemma.ask(f"/start {code}"))["text"].startswith("Welcome, Gemma Lane.")
    menu = await until(lambda: shop.api.menus.get(GEMMA))
    assert "low" in menu
    assert "sales" not in menu
    assert shop.house.person("telegram", str(GEMMA)).name == "Gemma Lane"
    assert shop.api.menus[None] == ["start", "help"]


async def test_a_typed_code_pairs_and_a_used_one_opens_nothing(shop: Shop) -> None:
    code = shop.code_for("Tom Reed")
    assert (await Person(shop.api, TOM).ask(code))["text"].startswith("Welcome, Tom Reed.")
    stranger = shop.person(STRANGER)
    assert "wrong, used or older" in (await stranger.ask(code))["text"]
    assert "pairing code" in (await stranger.ask("how many red mugs?"))["text"]


async def test_a_code_said_in_a_group_pairs_nobody(shop: Shop) -> None:
    stranger = shop.person(STRANGER, GROUP)
    told = await stranger.ask(f"/start@{BOT['username']} {shop.code_for('Tom Reed')}")
    assert "in private" in told["text"]
    assert shop.house.person("telegram", str(STRANGER)) is None


async def test_a_strangers_press_is_answered_and_does_nothing(shop: Shop) -> None:
    anna, stranger = shop.person(ANNA), shop.person(STRANGER, ANNA)
    offer = dict(await anna.ask("we broke 3 small red mugs in the high street, maybe"))
    toast = await stranger.pressed(offer, "Yes")
    assert "pairing code" in toast["answer"]
    assert "reply_markup" in anna.shown()[0]


async def test_in_a_group_it_answers_those_who_speak_to_it_each_as_themself(shop: Shop) -> None:
    anna, tom = shop.person(ANNA, GROUP), shop.person(TOM, GROUP)
    anna.say("how many red mugs left?")
    anna.say("/low@another_bot")
    answer = await anna.ask(f"@{BOT['username']} how many small red mugs left?")
    assert "57" in answer["text"]
    tom._read = anna._read
    reply = await tom.ask("what do we pay for small red mugs?", reply_to_message=answer)
    assert "may not see costs" in reply["text"] or "3.80" not in reply["text"]
    assert len(anna.shown()) == 2


async def test_commands_speak_for_their_sentences(shop: Shop) -> None:
    anna = shop.person(ANNA)
    assert "57" in (await anna.ask("/stock small red mug"))["text"]
    assert "57" in (await anna.ask(f"/stock@{BOT['username']} small red mug"))["text"]
    assert (await anna.ask("/help"))["text"]
    assert "Anna Bell" in (await anna.ask("/start"))["text"]
