"""Stand-ins for the few methods of Slack's and Telegram's interfaces that doctor and setup call, over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from time import time
from typing import Any

from aiohttp import web

BOT_TOKEN = "xoxb-1111-2222-standin"
APP_TOKEN = "xapp-1-A0QM-3333-standin"
TELEGRAM_TOKEN = "7000001:stand-in-token-of-a-bot"
WELL = {
    "auth.test": {"ok": True, "team": "Moor & Mill", "team_id": "T1", "user_id": "UBOT", "bot_id": "B1"},
    "bots.info": {"ok": True, "bot": {"id": "B1", "app_id": "A0QM"}},
    "apps.connections.open": {"ok": True, "url": "wss://stand-in/link"},
    "conversations.open": {"ok": True, "channel": {"id": "D1"}},
    "chat.postMessage": {"ok": True, "ts": "1.2", "channel": "D1"},
    "getMe": {
        "ok": True,
        "result": {"id": 7000001, "is_bot": True, "first_name": "Q", "username": "moor_mill_bot"},
    },
    "getWebhookInfo": {
        "ok": True,
        "result": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    },
    "sendMessage": {"ok": True, "result": {"message_id": 1}},
}


@dataclass
class ChatApis:
    """Both interfaces at one address; ``answers`` is what each method says, ``scopes`` what a token may."""

    url: str = ""
    answers: dict[str, dict[str, Any]] = field(default_factory=lambda: dict(WELL))
    scopes: str = ""
    ahead: float = 0.0
    status: dict[str, int] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    async def slack(self, request: web.Request) -> web.Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        wanted = APP_TOKEN if request.match_info["method"] == "apps.connections.open" else BOT_TOKEN
        answer = await self._answer(request, token)
        if not token:
            answer = {"ok": False, "error": "not_authed"}
        elif token != wanted:
            answer = {"ok": False, "error": "invalid_auth"}
        return self._say(request, answer, {"x-oauth-scopes": self.scopes})

    async def telegram(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        answer = await self._answer(request, token)
        if token != TELEGRAM_TOKEN:
            self.status[request.match_info["method"]] = 401
            answer = {"ok": False, "error_code": 401, "description": "Unauthorized"}
        return self._say(request, answer, {})

    async def _answer(self, request: web.Request, token: str) -> dict[str, Any]:
        method = request.match_info["method"]
        given = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((method, token, given))
        return self.answers.get(method, {"ok": False, "error": "unknown_method"})

    def _say(self, request: web.Request, answer: dict[str, Any], headers: dict[str, str]) -> web.Response:
        status = self.status.get(request.match_info["method"], 200)
        date = formatdate(time() - self.ahead, usegmt=True)
        return web.json_response(answer, status=status, headers={**headers, "Date": date})


@contextmanager
def chat_apis() -> Iterator[ChatApis]:
    """The stand-ins, served from a thread of their own."""
    apis, ready, loop = ChatApis(), threading.Event(), asyncio.new_event_loop()

    async def serve() -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/api/{method}", apis.slack)
        app.router.add_post("/bot{token}/{method}", apis.telegram)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        apis.url = f"http://{host}:{port}"
        ready.set()
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield apis
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
