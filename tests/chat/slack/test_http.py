"""Slack over HTTP: signatures, the same handlers, and several workspaces that install the app."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.signature import SignatureVerifier

from connectors.chat.slack import SlackConfig, open_slack
from tests.chat.slack.people import Slack, words_of
from tests.chat.slack.server import BOT
from tests.shop import BLUE

# The SDK asks for a token in a way that aiohttp would rather have otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Signed:
    """Slack's servers, signing what they send."""

    def __init__(self, client: httpx.AsyncClient, slack: Slack) -> None:
        self.client, self.slack = client, slack

    async def send(self, payload, *, secret=SECRET, at=None, body=None, form=False, **headers):
        sent = body if body is not None else (urlencode(payload) if form else json.dumps(payload))
        stamp = str(int(at if at is not None else time.time()))
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=sent)
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        told = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature, "content-type": kind}
        told = {name: value for name, value in {**told, **headers}.items() if value is not None}
        response = await self.client.post("/slack/events", content=sent, headers=told)
        await self.slack.idle()
        return response


@pytest.fixture
async def over_http(server, house) -> AsyncIterator[Signed]:
    config = SlackConfig(
        bot_token="xoxb-home", signing_secret=SECRET, api_url=server.api,
        client_id="1.2", client_secret="s", public_url="https://shop.example",
    )  # fmt: skip
    channel = open_slack(house, config)
    await channel.start()
    app = FastAPI()
    app.include_router(channel.routes())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://shop.example") as client:
        signed = Signed(client, Slack(server, channel, house))
        await channel.workspaces.introduce()
        yield signed
    await channel.stop()
    house.store.close()


async def test_a_signed_message_is_answered(over_http):
    anna = over_http.slack.person("U0ANNA")
    response = await over_http.send(anna.message("how many blue mugs left?"))
    assert response.status_code == 200
    assert "7" in over_http.slack.posts()[-1]["text"]


async def test_a_signed_button_is_pressed(over_http):
    anna = over_http.slack.person("U0ANNA")
    await over_http.send(anna.message("sold 2 blue mugs at high street"))
    (message,) = over_http.slack.server.messages.values()
    body = {"payload": json.dumps(anna.pressing("Undo", message))}
    assert (await over_http.send(body, form=True)).status_code == 200
    assert "5 → 7" in words_of(message)


async def test_slacks_question_about_the_address_is_answered(over_http):
    response = await over_http.send({"type": "url_verification", "token": "x", "challenge": "abc"})
    assert response.status_code == 200
    assert response.json()["challenge"] == "abc"


async def test_what_slack_did_not_sign_changes_nothing(over_http):
    anna = over_http.slack.person("U0ANNA")
    sale = anna.message("sold 2 blue mugs at high street")
    refused = [
        await over_http.send(sale, secret="another"),
        await over_http.send(sale, **{"x-slack-signature": None}),
        await over_http.send(sale, **{"x-slack-request-timestamp": None}),
        await over_http.send(sale, at=time.time() - 400),
        await over_http.send(sale, at=time.time() + 400),
        await over_http.send(sale, **{"x-slack-request-timestamp": "now"}),
        await over_http.send(sale, **{"x-slack-signature": "v0=" + "0" * 64}),
        await over_http.client.post("/slack/events", content=b"\xff\xfe"),
    ]
    assert [response.status_code for response in refused] == [401] * len(refused)
    assert over_http.slack.posts() == []


async def test_a_request_that_was_recorded_and_sent_again_is_refused(over_http):
    anna = over_http.slack.person("U0ANNA")
    sale, now = anna.message("sold 2 blue mugs at high street"), time.time()
    assert (await over_http.send(sale, at=now)).status_code == 200
    assert (await over_http.send(sale, at=now)).status_code == 401
    # Slack's own second try is signed anew; it is taken, and nothing is done twice.
    assert (await over_http.send(sale, at=now + 1, **{"x-slack-retry-num": "1"})).status_code == 200
    (level,) = over_http.slack.house.store.stock.levels([BLUE], locations=["HIGH"], today=_today(over_http))
    assert level.on_hand == 5


def _today(signed):
    return signed.slack.house.now().date()


async def _install(over_http, team):
    begun = await over_http.client.get("/slack/install")
    link = urlsplit(re.search(r'href="([^"]*/authorize[^"]*)"', begun.text)[1].replace("&amp;", "&"))
    asked = parse_qs(link.query)
    over_http.slack.server.codes[f"code-{team}"] = team
    cookie = begun.headers["set-cookie"].split(";")[0]
    query = urlencode({"code": f"code-{team}", "state": asked["state"][0]})
    return (
        await over_http.client.get(f"/slack/oauth_redirect?{query}", headers={"cookie": cookie}),
        query,
        cookie,
    )


async def test_a_second_workspace_installs_the_app_and_its_people_have_names_of_their_own(over_http):
    done, _query, _cookie = await _install(over_http, "T2")
    assert done.status_code == 200
    anna = over_http.slack.person("U0ANNA")  # the same id, in another workspace
    there = anna.message("how many blue mugs left?", team="T2", team_id="T2")
    there |= {"team_id": "T2", "authorizations": [{"enterprise_id": None, "team_id": "T2", "user_id": BOT}]}
    await over_http.send(there)
    assert "I don't know you yet" in over_http.slack.posts()[-1]["text"]
    assert over_http.slack.server.calls[-1].token == "xoxb-T2"
    person = over_http.slack.house.store.people.find("Ben Osei")
    over_http.slack.house.store.people.update(person.id, slack_id="T2:U0ANNA")
    there["event_id"] = "Ev-later"
    await over_http.send(there)
    assert "7" in over_http.slack.posts()[-1]["text"]


async def test_an_install_counts_once_and_only_where_it_was_begun(over_http):
    done, query, cookie = await _install(over_http, "T2")
    assert done.status_code == 200
    again = await over_http.client.get(f"/slack/oauth_redirect?{query}", headers={"cookie": cookie})
    assert again.status_code == 401
    stolen = await over_http.client.get(f"/slack/oauth_redirect?{query}")
    assert stolen.status_code == 400


async def test_a_workspace_that_removed_the_app_is_forgotten(over_http):
    await _install(over_http, "T2")
    store = over_http.slack.house.store.installations
    assert store.find("", "T2").bot_token == "xoxb-T2"
    gone = over_http.slack.server.event({"type": "app_uninstalled"}) | {"team_id": "T2", "authorizations": []}
    early = {**gone, "event_time": int(time.time()) - 1_000, "event_id": "Ev-early"}
    await over_http.send(early)
    assert store.find("", "T2") is not None
    gone["event_time"] = int(time.time()) + 5
    await over_http.send(gone)
    await over_http.slack.idle()
    assert store.find("", "T2") is None


async def test_revoked_tokens_are_forgotten_only_where_they_are_the_bots(over_http):
    await _install(over_http, "T2")
    store = over_http.slack.house.store.installations
    for tokens, left in (({"oauth": ["U1"]}, True), ({"bot": [BOT]}, False)):
        event = over_http.slack.server.event({"type": "tokens_revoked", "tokens": tokens})
        await over_http.send(
            {**event, "team_id": "T2", "event_time": int(time.time()) + 5, "authorizations": []}
        )
        assert (store.find("", "T2") is not None) is left
