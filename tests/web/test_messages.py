"""Messages over HTTP: the contract's form, once per id, within bounds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from connectors.chat.web import create_app
from tests.web.conftest import client_of
from tests.web.shop import SmallHouse

ASKED = {"conversation": "c1", "user": "anna", "text": "how many red mugs are left?"}
BROKE = {"conversation": "c1", "user": "anna", "text": "we broke 3 red mugs"}


async def say(client: httpx.AsyncClient, **body: object) -> httpx.Response:
    return await client.post("/api/v1/messages", json=body)


async def test_a_reply_has_the_contracts_form(client: httpx.AsyncClient) -> None:
    response = await say(client, **ASKED)
    assert response.status_code == 200
    assert response.json() == {
        "conversation": "c1",
        "text": "42 Red Mug 350ml left.",
        "parses": [{"intent": "stock.query", "confidence": 0.98, "slots": {"products": ["MUG-RED"]}}],
        "data": {"rows": [{"sku": "MUG-RED", "location": None, "on_hand": 42}]},
        "actions": [],
        "attachments": [],
    }


async def test_a_button_is_offered_pressed_and_takes_effect_once(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    offered = (await say(client, **BROKE)).json()["actions"]
    assert [(one["label"], one["style"]) for one in offered] == [
        ("Yes, take 3 off", "primary"),
        ("No", "default"),
    ]
    before = house.store.stock.position()
    pressed = await say(client, conversation="c1", user="anna", action=offered[0]["id"])
    assert "12 → 9" in pressed.json()["text"]
    again = await say(client, conversation="c1", user="anna", action=offered[0]["id"])
    assert again.json()["text"] == "That was answered already."
    assert house.store.stock.position() == before + 1


async def test_the_same_id_has_one_effect_and_one_answer(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    key = {"Idempotency-Key": "till-7"}
    answers = await asyncio.gather(
        *(client.post("/api/v1/messages", json=ASKED, headers=key) for _ in range(5))
    )
    assert {answer.text for answer in answers} == {answers[0].text}
    assert len(house.turns) == 1
    by_body = await say(client, **ASKED, id="till-7")
    assert by_body.json() == answers[0].json()


async def test_an_id_cannot_come_to_mean_something_else(client: httpx.AsyncClient) -> None:
    await say(client, **ASKED, id="till-8")
    other = await say(client, **{**ASKED, "text": "sell 5 mugs"}, id="till-8")
    assert other.status_code == 409
    elsewhere = await say(client, **{**ASKED, "conversation": "c2"}, id="till-8")
    assert elsewhere.status_code == 409
    somebody_else = await say(client, **{**ASKED, "user": "ben"}, id="till-8")
    assert somebody_else.status_code == 200


async def test_an_id_keeps_its_meaning_over_a_restart(
    client: httpx.AsyncClient, house: SmallHouse, tmp_path: Path
) -> None:
    await say(client, **ASKED, id="till-9")
    restarted = create_app(house, files=tmp_path / "files", bind_is_loopback=True)
    async with client_of(restarted) as again:
        assert (await say(again, **{**ASKED, "text": "sell 5 mugs"}, id="till-9")).status_code == 409
        assert (await say(again, **ASKED, id="till-9")).status_code == 200
    assert len(house.turns) == 1


async def test_charts_come_as_pictures_for_their_reader(client: httpx.AsyncClient) -> None:
    reply = (await say(client, conversation="c1", user="owner", text="the chart please")).json()
    assert [one["kind"] for one in reply["attachments"]] == ["image/png", "image/png"]
    picture = await client.get(reply["attachments"][0]["url"])
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


async def test_pictures_are_not_for_others(client: httpx.AsyncClient) -> None:
    reply = (await say(client, conversation="c1", user="anna", text="the chart please")).json()
    url = reply["attachments"][0]["url"]
    assert (await client.get(url)).status_code == 404
    mine = await client.get(url, headers={"Cookie": "quartermaster_name=anna"})
    assert mine.status_code == 200
    assert (await client.get("/files/" + "a" * 43 + ".png")).status_code == 404
    assert (await client.get("/files/..%2Fweb.key.png")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"conversation": "c1", "user": "anna"},
        {**ASKED, "action": "both"},
        {**ASKED, "colour": "red"},
        {**ASKED, "text": ""},
        {**ASKED, "text": "x" * 4_001},
        {**ASKED, "text": 7},
        {**ASKED, "conversation": ""},
        {**ASKED, "conversation": "c" * 121},
        {**ASKED, "conversation": "c\x00d"},
        {**ASKED, "user": "an\nna"},
        {**ASKED, "user": None, "action": None},
        {"conversation": "c1", "user": "anna", "action": ""},
        [ASKED],
        "how many",
        None,
    ],
)
async def test_what_is_not_in_the_contract_is_refused(client: httpx.AsyncClient, body: object) -> None:
    response = await client.post("/api/v1/messages", json=body)
    assert response.status_code == 422
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"conversation"', "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b"", "application/json"),
        (b"conversation=c1&text=hi&user=anna", "application/x-www-form-urlencoded"),
        (b'{"conversation": "c1", "user": "anna", "text": "hi"}', "text/plain"),
        (b"[" * 60_000, "application/json"),
    ],
)
async def test_what_is_not_json_is_refused(client: httpx.AsyncClient, content: bytes, kind: str) -> None:
    response = await client.post("/api/v1/messages", content=content, headers={"Content-Type": kind})
    assert 400 <= response.status_code < 500


async def test_half_characters_and_nul_do_no_harm(client: httpx.AsyncClient, house: SmallHouse) -> None:
    content = b'{"conversation": "c1", "user": "anna", "text": "say \\ud800 and \\u0000 and \\ud83d\\ude00"}'
    headers = {"Content-Type": "application/json"}
    response = await client.post("/api/v1/messages", content=content, headers=headers)
    assert response.status_code == 200
    assert house.turns[-1].text == "say � and   and 😀"
    name = b'{"conversation": "c\\udfff", "user": "anna", "text": "hi"}'
    refused = await client.post("/api/v1/messages", content=name, headers=headers)
    assert refused.status_code == 422


async def test_a_message_has_at_most_64_kb(client: httpx.AsyncClient) -> None:
    big = b" " * (64 * 1024) + b'{"conversation": "c1", "user": "a", "text": "hi"}'
    headers = {"Content-Type": "application/json"}
    assert (await client.post("/api/v1/messages", content=big, headers=headers)).status_code == 413

    async def drip():
        for _ in range(70):
            yield b" " * 1024

    assert (await client.post("/api/v1/messages", content=drip(), headers=headers)).status_code == 413


async def test_a_fault_behind_the_door_is_told_without_details(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    house.failures = 1
    response = await say(client, **ASKED)
    assert response.status_code == 500
    assert "fire" not in response.text


async def test_twenty_people_at_once_are_not_slowed_down(client: httpx.AsyncClient) -> None:
    async def one(number: int) -> list[int]:
        body = {"conversation": f"c{number}", "user": f"user{number}", "text": "hello"}
        return [(await say(client, **body)).status_code for _ in range(10)]

    found = await asyncio.gather(*(one(number) for number in range(20)))
    assert {status for statuses in found for status in statuses} == {200}
