"""The page of people: adding, limiting, passwords, tokens."""

from __future__ import annotations

import re

import httpx

from tests.web.shop import SmallHouse
from tests.web.test_who_speaks import PASSWORD, add_owner, sign_in, token_on


async def post(client: httpx.AsyncClient, path: str, **form: object) -> httpx.Response:
    token = token_on(await client.get("/people"))
    return await client.post(path, data={"form_token": token, **form})


async def test_a_person_is_added_and_limited_to_a_place(client: httpx.AsyncClient, house: SmallHouse) -> None:
    added = await post(client, "/people", name="  Wanda   Ware ", role="staff", places=["WH", "NOWHERE"])
    assert added.status_code == 303
    wanda = house.store.people.find("Wanda Ware")
    assert wanda is not None
    assert (wanda.role, wanda.locations) == ("staff", frozenset({"WH"}))
    page = await client.get(added.headers["location"])
    assert "Wanda Ware" in page.text


async def test_what_cannot_be_is_said(client: httpx.AsyncClient, house: SmallHouse) -> None:
    await post(client, "/people", name="Wanda", role="staff")
    for name in ("Wanda", "", "W\x07"):
        refused = await post(client, "/people", name=name, role="staff")
        assert refused.status_code == 400
        assert 'role="alert"' in refused.text
    assert (await post(client, "/people", name="Xena", role="queen")).status_code == 422
    assert len(house.store.people.users()) == 1


async def test_the_last_owner_stays(client: httpx.AsyncClient, house: SmallHouse) -> None:
    olga = house.store.people.add("Olga", "owner")
    refused = await post(client, f"/people/{olga.id}", role="staff", active="on")
    assert refused.status_code == 400
    assert "owner" in refused.text
    kept = house.store.people.find("Olga")
    assert kept is not None
    assert kept.role == "owner"


async def test_the_first_password_closes_the_door_and_lets_its_owner_in(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    olga, sam = house.store.people.add("Olga", "owner"), house.store.people.add("Sam", "staff")
    first = await post(client, f"/people/{sam.id}/password", password=PASSWORD)
    assert "Give an owner a password first" in first.text
    short = await post(client, f"/people/{olga.id}/password", password="short")
    assert short.status_code == 400
    done = await post(client, f"/people/{olga.id}/password", password=PASSWORD)
    assert done.headers["location"] == "/login"
    assert (await client.get("/people")).status_code == 303
    assert (await sign_in(client)).status_code == 303
    assert (await client.get("/people")).status_code == 200


async def test_a_token_is_shown_once_and_can_be_revoked(client: httpx.AsyncClient, house: SmallHouse) -> None:
    olga = house.store.people.add("Olga", "owner").id
    early = await post(client, f"/people/{olga}/tokens", label="till")
    assert "Give an owner a password first" in early.text
    house.store.people.set_password(olga or 0, PASSWORD)
    await sign_in(client)
    made = await post(client, f"/people/{olga}/tokens", label="till <1>")
    found = re.search(r'class="secret"[^>]*>([^<]+)<', made.text)
    assert found is not None
    bearer = {"Authorization": f"Bearer {found[1]}"}
    assert (await client.get("/api/v1/tools", headers=bearer)).status_code == 200
    page = await client.get(f"/people/{olga}")
    assert found[1] not in page.text
    assert "till &lt;1&gt;" in page.text
    number = next(one.id for one in house.store.people.tokens(olga or 0) if one.kind == "personal")
    await post(client, f"/people/{olga}/tokens/{number}/revoke")
    client.cookies.clear()
    assert (await client.get("/api/v1/tools", headers=bearer)).status_code == 401


async def test_somebody_who_left_is_out_at_once(client: httpx.AsyncClient, house: SmallHouse) -> None:
    add_owner(house)
    sam = house.store.people.add("Sam", "staff").id or 0
    house.store.people.set_password(sam, PASSWORD)
    await sign_in(client, "Sam")
    assert (await client.get("/stock")).status_code == 200
    house.store.people.update(sam, active=False)
    assert (await client.get("/stock")).status_code == 303


async def test_there_is_no_page_of_nobody(client: httpx.AsyncClient) -> None:
    assert (await client.get("/people/99")).status_code == 404
    assert (await client.get("/people/x")).status_code == 422
