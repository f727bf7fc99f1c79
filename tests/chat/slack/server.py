"""A Slack of our own on loopback: Socket Mode, the Web API as far as we use it, and faults on demand.

Every payload of blocks is checked by Slack's own models, with the limits that these miss.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

HOME, TEAM, BOT, BOT_ID, APP = "T0HOME", "T0HOME", "U0BOT", "B0BOT", "A0APP"
OWN = ("chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.publish", "views.update")
MOST_BLOCKS = {"message": 50, "view": 100}


@dataclass(frozen=True)
class Call:
    """One call of the Web API."""

    method: str
    args: dict[str, Any]
    token: str
    at: float


@dataclass
class Ack:
    """What came back for an envelope, and after how long."""

    payload: dict[str, Any] | None
    seconds: float


@dataclass
class SlackServer:
    """One workspace and its people; ``calls`` are what the app asked for."""

    calls: list[Call] = field(default_factory=list)
    messages: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    faults: dict[str, deque[web.Response]] = field(default_factory=lambda: defaultdict(deque))
    files: dict[str, bytes] = field(default_factory=dict)
    responses: list[dict[str, Any]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=lambda: {"xoxb-home": TEAM})
    codes: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._sent: dict[str, float] = {}
        self._connected = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # -- running -----------------------------------------------------------------------------------

    async def start(self) -> SlackServer:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{name}", self._upload)
        app.router.add_get("/files/{name}", self._download)
        app.router.add_post("/respond", self._respond)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def stop(self) -> None:
        for socket in self._sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"{self.url}/api/"

    async def connected(self, seconds: float = 10) -> None:
        """Wait until the app has a socket open."""
        await asyncio.wait_for(self._connected.wait(), seconds)

    async def drop(self) -> None:
        """Break the line as a bad network does."""
        self._connected.clear()
        for socket in self._sockets:
            await socket.close()

    async def ask_to_reconnect(self) -> None:
        """Slack refreshes its servers: the app is told to come again."""
        self._connected.clear()
        await self._sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    # -- the Web API -------------------------------------------------------------------------------

    def fail(self, method: str, status: int = 200, error: str = "", retry_after: int | None = None) -> None:
        """The next call of this method ends so."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        body = {"ok": False, "error": error} if error else {"ok": False, "error": "ratelimited"}
        self.faults[method].append(web.json_response(body, status=status, headers=headers))

    def of(self, method: str) -> list[dict[str, Any]]:
        """The arguments of all calls of a method, in order."""
        return [call.args for call in self.calls if call.method == method]

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        args = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token", ""))
        self.calls.append(Call(method, args, token, time.monotonic()))
        if self.faults[method]:
            return self.faults[method].popleft()
        if method in self.unknown or not hasattr(self, _handler(method)):
            return web.json_response({"ok": False, "error": "unknown_method"})
        if token not in self.tokens and not token.startswith("xapp-") and method != "oauth.v2.access":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        problem = _problem_of(method, args)
        if problem:
            self.problems.append(f"{method}: {problem}")
            return web.json_response({"ok": False, "error": "invalid_blocks", "why": problem})
        told = getattr(self, _handler(method))(args, token)
        return web.json_response({"ok": True, **told})

    def _do_auth_test(self, _args: dict[str, Any], token: str) -> dict[str, Any]:
        return {"team_id": self.tokens[token], "user_id": BOT, "bot_id": BOT_ID, "team": "Home", "user": "qm"}

    def _do_oauth_v2_access(self, args: dict[str, Any], _token: str) -> dict[str, Any]:
        team = self.codes.pop(args.get("code", ""), "")
        if not team:
            return {"ok": False, "error": "invalid_code"}
        token = f"xoxb-{team}"
        self.tokens[token] = team
        return {
            "app_id": APP, "access_token": token, "token_type": "bot", "scope": "chat:write", "bot_user_id": BOT,
            "team": {"id": team, "name": f"Team {team}"}, "enterprise": None, "is_enterprise_install": False,
            "authed_user": {"id": "U0ADMIN"},
        }  # fmt: skip

    def _do_apps_connections_open(self, _args: dict[str, Any], _token: str) -> dict[str, Any]:
        return {"url": f"{self.url.replace('http', 'ws')}/link"}

    def _do_chat_postMessage(self, args: dict[str, Any], _token: str) -> dict[str, Any]:  # noqa: N802
        channel = direct(args["channel"]) if args["channel"].startswith("U") else args["channel"]
        message = {
            **args,
            "ts": self.ts(),
            "channel": channel,
            "user": BOT,
            "bot_id": BOT_ID,
            "type": "message",
        }
        self.messages[channel, message["ts"]] = message
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _do_chat_update(self, args: dict[str, Any], _token: str) -> dict[str, Any]:
        message = self.messages.get((args["channel"], args["ts"]))
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.update(args)
        return {"channel": args["channel"], "ts": args["ts"], "text": args.get("text", "")}

    def _do_chat_postEphemeral(self, _args: dict[str, Any], _token: str) -> dict[str, Any]:  # noqa: N802
        return {"message_ts": self.ts()}

    def _do_chat_startStream(self, args: dict[str, Any], token: str) -> dict[str, Any]:  # noqa: N802
        return self._do_chat_postMessage({"text": "", **args}, token)

    def _do_chat_appendStream(self, args: dict[str, Any], _token: str) -> dict[str, Any]:  # noqa: N802
        message = self.messages[args["channel"], args["ts"]]
        message["text"] += str(args.get("markdown_text") or args.get("chunks"))
        return {"channel": args["channel"], "ts": args["ts"]}

    def _do_chat_stopStream(self, args: dict[str, Any], _token: str) -> dict[str, Any]:  # noqa: N802
        return {"channel": args["channel"], "ts": args["ts"]}

    def _do_assistant_threads_setStatus(self, _args: dict[str, Any], _token: str) -> dict[str, Any]:  # noqa: N802
        return {}

    _do_assistant_threads_setSuggestedPrompts = _do_assistant_threads_setStatus  # noqa: N815

    def _do_conversations_open(self, args: dict[str, Any], _token: str) -> dict[str, Any]:
        return {"channel": {"id": direct(args["users"])}}

    def _do_views_publish(self, args: dict[str, Any], _token: str) -> dict[str, Any]:
        return {"view": {**args["view"], "id": f"V{next(self._numbers)}"}}

    _do_views_open = _do_views_publish

    def _do_files_getUploadURLExternal(self, _args: dict[str, Any], _token: str) -> dict[str, Any]:  # noqa: N802
        name = f"F{next(self._numbers)}"
        return {"upload_url": f"{self.url}/upload/{name}", "file_id": name}

    def _do_files_completeUploadExternal(self, args: dict[str, Any], _token: str) -> dict[str, Any]:  # noqa: N802
        missing = [file["id"] for file in args["files"] if file["id"] not in self.files]
        return {"ok": False, "error": f"not uploaded {missing}"} if missing else {"files": args["files"]}

    async def _upload(self, request: web.Request) -> web.Response:
        self.files[request.match_info["name"]] = await request.read()
        return web.Response(text="OK")

    async def _download(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return web.Response(status=302, headers={"Location": f"{self.url}/login"})
        return web.Response(body=self.files[request.match_info["name"]])

    async def _respond(self, request: web.Request) -> web.Response:
        body = await request.json()
        problem = _problem_of("chat.update", body)
        if problem:
            self.problems.append(f"response_url: {problem}")
        self.responses.append(body)
        return web.Response(text="ok")

    # -- Socket Mode -------------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._connected.set()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self._acked(json.loads(message.data))
        return socket

    def _acked(self, said: dict[str, Any]) -> None:
        envelope = said.get("envelope_id", "")
        waiting = self._waiting.pop(envelope, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(Ack(said.get("payload"), time.monotonic() - self._sent[envelope]))

    async def deliver(
        self, kind: str, payload: Any, *, retry: int = 0, envelope: str = "", seconds: float = 10
    ) -> Ack:
        """Send one envelope and wait until the app acknowledges it."""
        envelope = envelope or f"E{next(self._numbers)}"
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[envelope], self._sent[envelope] = waiting, time.monotonic()
        body = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        if retry:
            body |= {"retry_attempt": retry, "retry_reason": "timeout"}
        await self._sockets[-1].send_json(body)
        return await asyncio.wait_for(waiting, seconds)

    def ts(self) -> str:
        """A message's time, each later than the one before."""
        return f"{int(time.time())}.{next(self._numbers):06}"

    def event(self, event: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The payload of an event."""
        event_id = f"Ev{next(self._numbers):08}"
        authorizations = [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}]
        return {
            "token": "x", "team_id": TEAM, "api_app_id": APP, "event": event, "type": "event_callback",
            "event_id": event_id, "event_time": int(time.time()), "authorizations": authorizations, **more,
        }  # fmt: skip


def direct(user: str) -> str:
    """The chat between a person and the app."""
    return f"D{user[1:]}"


def _handler(method: str) -> str:
    return f"_do_{method.replace('.', '_')}"


async def _arguments(request: web.Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.method == "POST":
        args |= {key: str(value) for key, value in (await request.post()).items()}
    for name in ("blocks", "view", "files", "prompts"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    return args


def _problem_of(method: str, args: dict[str, Any]) -> str:
    view = args.get("view")
    kind = "view" if isinstance(view, dict) else "message"
    blocks = view.get("blocks", []) if isinstance(view, dict) else args.get("blocks") or []
    if method in OWN and not blocks and not str(args.get("text") or "").strip():
        return "neither text nor blocks"
    return problem_with(blocks, MOST_BLOCKS[kind])


def problem_with(blocks: list[dict[str, Any]], most: int = 50) -> str:
    """What Slack would not take of these blocks; "" where it takes them."""
    try:
        parsed = Block.parse_all(blocks)
        for block, raw in zip(parsed, blocks, strict=True):
            block.validate_json()
            if raw["type"] != "table" and json.loads(json.dumps(block.to_dict())).keys() - raw.keys():
                return f"{raw['type']} is read otherwise than it was written"
    except (SlackObjectFormationError, ValueError, TypeError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
    return _what_models_miss(blocks, most)


def _what_models_miss(blocks: list[dict[str, Any]], most: int) -> str:
    ids = [
        element["action_id"]
        for block in blocks
        for element in block.get("elements", ())
        if "action_id" in element
    ]
    if len(blocks) > most:
        return f"{len(blocks)} blocks"
    if len(set(ids)) < len(ids):
        return "an action_id twice"
    if any(block["type"] == "header" and block["text"]["type"] != "plain_text" for block in blocks):
        return "mrkdwn in a header"
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        return "two tables"
    for table in tables:
        cells = [cell for row in table["rows"] for cell in row]
        if len(table["rows"]) > 100 or max(map(len, table["rows"])) > 20:
            return "a table too large"
        if any(not cell["text"] for cell in cells) or sum(len(cell["text"]) for cell in cells) > 10_000:
            return "a table with empty or too long cells"
    return ""
