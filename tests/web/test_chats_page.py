"""The page of one's own chats, and of somebody else's: codes and unpairing."""

from __future__ import annotations

import re

import httpx
import pytest

from connectors.chat.links import remember_bot
from tests.web.shop import NOW, SmallHouse
from tests.web.test_people_page import post
from tests.web.test_who_speaks import PASSWORD, add_owner, sign_in, token_on
from tools.store.pairing import Paired

CODE = re.compile(r'class="secret"[^>]*aria-label="Pairing code">([^<]+)<')


def code_on(page: httpx.Response) -> str:
    found = CODE.search(page.text)
    assert found is not None
    return found[1]


async def add_staff(client: httpx.AsyncClient, house: SmallHouse) -> int:
    """Sam, signed in, in a shop whose owner is Olga."""
    add_owner(house)
    sam = house.store.people.add("Sam", "staff").id or 0
    house.store.people.set_password(sam, PASSWORD)
    await sign_in(client, "Sam")
    return sam


async def mine(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    token = token_on(await client.get("/me"))
    return await client.post(path, data={"form_token": token, **form})


async def test_an_owner_makes_a_code_for_somebody_and_it_is_shown_once(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    sam = house.store.people.add("Sam", "staff").id
    page = await post(client, f"/people/{sam}/code")
    code = code_on(page)
    assert f"pair {code}" in page.text
    assert f"/start {code}" in page.text
    assert code not in (await client.get(f"/people/{sam}")).text
    assert house.store.people.pairing.pair("slack", "U9", code, at=NOW) == Paired(sam or 0)
    assert "U9" in (await client.get(f"/people/{sam}")).text
    assert "Slack" in (await client.get("/people")).text


async def test_the_code_comes_with_a_link_once_the_bot_is_known(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    remember_bot(house.store, "moor_mill_bot")
    sam = house.store.people.add("Sam", "staff").id
    page = await post(client, f"/people/{sam}/code")
    assert f'href="https://t.me/moor_mill_bot?start={code_on(page).replace("-", "")}"' in page.text


async def test_people_make_codes_for_themselves_and_for_nobody_else(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    sam = await add_staff(client, house)
    page = await mine(client, "/me/code")
    assert house.store.people.pairing.pair("telegram", "77", code_on(page), at=NOW) == Paired(sam)
    olga = house.store.people.find("Olga")
    assert olga is not None
    assert (await mine(client, f"/people/{olga.id}/code")).status_code == 403
    assert (await mine(client, f"/people/{olga.id}/unpair", chat="slack")).status_code == 403


async def test_people_unpair_themselves_and_owners_anybody(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    sam = await add_staff(client, house)
    house.store.people.update(sam, slack_id="U9", telegram_id="77")
    assert "Unpaired from Slack" in (await mine(client, "/me/unpair", chat="slack")).text
    assert house.store.people.of_slack("U9") is None
    await sign_in(client)
    assert "Unpaired from Telegram" in (await post(client, f"/people/{sam}/unpair", chat="telegram")).text
    assert house.store.people.of_telegram("77") is None
    assert "Nothing was paired" in (await post(client, f"/people/{sam}/unpair", chat="telegram")).text
    assert (await post(client, f"/people/{sam}/unpair", chat="fax")).status_code == 422


async def test_somebody_who_left_gets_no_code(client: httpx.AsyncClient, house: SmallHouse) -> None:
    house.store.people.add("Olga", "owner")
    sam = house.store.people.add("Sam", "staff", active=False).id
    page = await post(client, f"/people/{sam}/code")
    assert page.status_code == 400
    assert CODE.search(page.text) is None


async def test_whoever_is_nobody_of_the_shop_has_no_chats(client: httpx.AsyncClient) -> None:
    page = await client.get("/me", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "an owner adds you" in page.text


@pytest.mark.parametrize("path", ["/me/code", "/me/unpair"])
async def test_another_site_makes_no_code(client: httpx.AsyncClient, house: SmallHouse, path: str) -> None:
    await add_staff(client, house)
    assert (await client.post(path, data={"chat": "slack"})).status_code in {403, 422}
    assert (await client.post(path, data={"form_token": "x", "chat": "slack"})).status_code == 403


async def test_a_chat_identity_that_is_somebody_elses_is_refused_on_the_page(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    house.store.people.add("Olga", "owner", slack_id="U1")
    sam = house.store.people.add("Sam", "staff").id
    refused = await post(client, f"/people/{sam}", role="staff", slack_id="U1", active="on")
    assert refused.status_code == 400
    assert "belongs to Olga" in refused.text
