"""Who speaks: trusted names, sessions, tokens; and what is refused before anybody does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from connectors.chat.web import create_app
from tests.web.conftest import client_of
from tests.web.shop import SmallHouse

PASSWORD = "correct horse battery"
HELLO = {"conversation": "c1", "text": "hello"}


@pytest.fixture
async def outside(house: SmallHouse, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A program that reaches an app which is not on loopback."""
    app = create_app(house, files=tmp_path / "outside", bind_is_loopback=False)
    async with client_of(app, "https://shop.example") as client:
        yield client


def add_owner(house: SmallHouse) -> int:
    """Olga, who signs in with a password."""
    user = house.store.people.add("Olga", "owner")
    assert user.id is not None
    house.store.people.set_password(user.id, PASSWORD)
    return user.id


async def sign_in(client: httpx.AsyncClient, name: str = "Olga", password: str = PASSWORD) -> httpx.Response:
    return await client.post("/login", data={"name": name, "password": password, "following": "/today"})


def token_on(page: httpx.Response) -> str:
    """The form token that a page carries."""
    found = re.search(r'name="form-token" content="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def test_names_are_believed_on_this_machine_without_accounts(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    house.store.people.add("Anna", "staff")
    await client.post("/api/v1/messages", json={**HELLO, "user": "anna"})
    assert (house.turns[-1].user.name, house.turns[-1].user.role) == ("Anna", "staff")


async def test_with_accounts_a_name_is_not_enough(client: httpx.AsyncClient, house: SmallHouse) -> None:
    add_owner(house)
    response = await client.post("/api/v1/messages", json={**HELLO, "user": "Olga"})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert house.turns == []


async def test_from_outside_a_name_is_never_enough(outside: httpx.AsyncClient, house: SmallHouse) -> None:
    assert (await outside.post("/api/v1/messages", json={**HELLO, "user": "owner"})).status_code == 401
    for path in ("/api/v1/products", "/api/v1/tools", "/files/" + "a" * 43 + ".png"):
        assert (await outside.get(path)).status_code == 401
    for path in ("/", "/today", "/stock", "/import", "/people"):
        page = await outside.get(path)
        assert (page.status_code, page.headers["location"].partition("?")[0]) == (303, "/login")
    assert "stays closed" in (await outside.get("/login")).text


async def test_a_token_decides_who_speaks(outside: httpx.AsyncClient, house: SmallHouse) -> None:
    olga = add_owner(house)
    token = house.store.people.new_token(olga, "personal", "till")
    bearer = {"Authorization": f"Bearer {token}"}
    body = {**HELLO, "user": "somebody else"}
    assert (await outside.post("/api/v1/messages", json=body, headers=bearer)).status_code == 200
    assert house.turns[-1].user.name == "Olga"
    house.store.people.revoke(house.store.people.tokens(olga)[0].id)
    assert (await outside.post("/api/v1/messages", json=body, headers=bearer)).status_code == 401


@pytest.mark.parametrize(
    "scheme", ["Bearer wrong", "Bearer ", "bearer \x7f", "Basic b2xnYTpvbGdh", "Bearer " + "a" * 9_000]
)
async def test_wrong_tokens_open_nothing(outside: httpx.AsyncClient, house: SmallHouse, scheme: str) -> None:
    add_owner(house)
    found = await outside.post("/api/v1/messages", json=HELLO, headers={"Authorization": scheme})
    assert found.status_code == 401


async def test_a_session_token_is_no_personal_token(outside: httpx.AsyncClient, house: SmallHouse) -> None:
    session = house.store.people.new_token(add_owner(house), "session", "web")
    found = await outside.get("/api/v1/tools", headers={"Authorization": f"Bearer {session}"})
    assert found.status_code == 401


async def test_a_wrong_token_does_not_fall_back_to_a_trusted_name(client: httpx.AsyncClient) -> None:
    found = await client.get("/api/v1/tools", headers={"Authorization": "Bearer wrong"})
    assert found.status_code == 401


async def test_signing_in_and_out(outside: httpx.AsyncClient, house: SmallHouse) -> None:
    add_owner(house)
    entered = await sign_in(outside)
    assert (entered.status_code, entered.headers["location"]) == (303, "/today")
    cookie = entered.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Secure"))
    today = await outside.get("/today")
    assert today.status_code == 200
    kept = outside.cookies["quartermaster"]
    await outside.post("/logout", data={"form_token": token_on(today)})
    outside.cookies.set("quartermaster", kept)
    assert (await outside.get("/today")).status_code == 303


async def test_guessing_passwords_is_slowed_down(outside: httpx.AsyncClient, house: SmallHouse) -> None:
    add_owner(house)
    statuses = [(await sign_in(outside, password=f"guess {number}")).status_code for number in range(10)]
    assert statuses[:8] == [401] * 8
    assert statuses[8:] == [429] * 2
    assert (await sign_in(outside)).status_code == 429


async def test_after_signing_in_only_addresses_of_ours_are_followed(
    outside: httpx.AsyncClient, house: SmallHouse
) -> None:
    add_owner(house)
    for address in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\n/x",
    ):
        entered = await outside.post(
            "/login", data={"name": "Olga", "password": PASSWORD, "following": address}
        )
        assert entered.headers["location"] == "/", address
        outside.cookies.clear()


async def test_forms_are_taken_from_our_own_pages_only(client: httpx.AsyncClient, house: SmallHouse) -> None:
    people = {"name": "Mallory", "role": "owner"}
    assert (await client.post("/people", data=people)).status_code == 403
    assert (await client.post("/people", data={**people, "form_token": "guess"})).status_code == 403
    good = {**people, "form_token": token_on(await client.get("/people"))}
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert (await client.post("/people", data=good, headers=foreign)).status_code == 403
    assert house.store.people.users() == []
    assert (await client.post("/people", data=good)).status_code == 303


async def test_other_sites_cannot_use_the_interface_through_a_browser(client: httpx.AsyncClient) -> None:
    for foreign in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
        found = await client.post("/api/v1/messages", json={**HELLO, "user": "a"}, headers=foreign)
        assert found.status_code == 403
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert (
        await client.post("/api/v1/messages", json={**HELLO, "user": "a"}, headers=own)
    ).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "", "[::2]"])
async def test_other_host_names_are_not_served_on_loopback(app: FastAPI, host: str) -> None:
    async with client_of(app) as client:
        assert (await client.get("/api/v1/products", headers={"Host": host})).status_code == 421


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:80"]
)
async def test_this_machines_names_are_served_on_loopback(app: FastAPI, host: str) -> None:
    async with client_of(app) as client:
        assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


async def test_every_answer_wears_the_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/docs", "/healthz", "/static/base.css", "/nothing", "/api/v1/products/none"):
        headers = (await client.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"


async def test_too_many_at_once_from_outside_wait(outside: httpx.AsyncClient, house: SmallHouse) -> None:
    token = house.store.people.new_token(add_owner(house), "personal", "till")
    bearer = {"Authorization": f"Bearer {token}"}
    found = [await outside.post("/api/v1/messages", json=HELLO, headers=bearer) for _ in range(75)]
    assert found[0].status_code == 200
    assert found[-1].status_code in (200, 429)
    limited = [one for one in found if one.status_code == 429]
    assert all(int(one.headers["retry-after"]) >= 1 for one in limited)


async def test_roles_see_only_their_rooms(client: httpx.AsyncClient, house: SmallHouse) -> None:
    house.store.people.add("Sam", "staff")
    client.cookies.set("quartermaster_name", "Sam")
    page = await client.get("/")
    assert 'href="/stock"' in page.text
    assert 'href="/people"' not in page.text
    for path in ("/people", "/people/1", "/import"):
        refused = await client.get(path)
        assert refused.status_code == 403
        assert "may not manage users and data" in refused.text
    form = {"form_token": token_on(page), "name": "Mallory", "role": "owner"}
    assert (await client.post("/people", data=form)).status_code == 403


async def test_costs_stay_with_those_who_may_see_them(client: httpx.AsyncClient, house: SmallHouse) -> None:
    assert "£4.10" in (await client.get("/stock/MUG-RED")).text
    house.store.people.add("Sam", "staff")
    client.cookies.set("quartermaster_name", "Sam")
    assert "£4.10" not in (await client.get("/stock/MUG-RED")).text


def test_the_doors_key_is_kept_for_its_owner_only(app: FastAPI, tmp_path: Path) -> None:
    key = tmp_path / "files" / "web.key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 32
