"""A stand-in for Telegram's Bot API over real HTTP: as strict as the real one where it matters to us."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

from tests.chat.telegram import table
from tests.chat.telegram.markup import CannotParse, parse, units

TOKEN = "7000001:telegram-stand-in-token"
BOT = {"id": 7000001, "is_bot": True, "first_name": "Quartermaster", "username": "quartermaster_bot"}
MOST_TEXT, MOST_CAPTION, MOST_DATA, MOST_TOAST = 4096, 1024, 64, 200
MOST_DOWN, MOST_PHOTO = 20 * 1024 * 1024, 10 * 1024 * 1024
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")


class Refuse(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, why: str, **parameters: Any) -> None:
        super().__init__(why)
        self.code, self.why, self.parameters = code, why, parameters


@dataclass
class Fault:
    """What happens to the next call of a method instead of an answer."""

    code: int = 0  # 0: the connection drops
    retry_after: int = 0
    after: bool = False  # the call takes effect, and only its answer is lost


@dataclass(frozen=True)
class Call:
    """One call that was made."""

    method: str
    given: Mapping[str, Any]
    at: float = field(default_factory=time.monotonic)


class BotApi:
    """All that Telegram knows: chats, messages, files, updates to fetch."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.wrong: list[str] = []
        self.refused: list[str] = []
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.floods: dict[int, float] = {}
        self.blocked: set[int] = set()
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.sent_files: list[tuple[str, str, bytes]] = []
        self.presses: dict[str, dict[str, Any]] = {}
        self.menus: dict[int | None, list[str]] = {}
        self.webhook: dict[str, Any] = {}
        self.updates: list[dict[str, Any]] = []
        self.numbers = count(1000)
        self.message_numbers = count(1)
        self._news = asyncio.Event()
        self._poll = 0

    # -- what people do -------------------------------------------------------------------------

    def put(self, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Something happened that the bot may fetch."""
        update = {"update_id": next(self.numbers), kind: dict(content)}
        self.updates.append(update)
        self._news.set()
        return update

    def again(self, update: dict[str, Any]) -> None:
        """Bring an update once more."""
        if update not in self.updates:
            self.updates.insert(0, update)
            self._news.set()

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    # -- HTTP ------------------------------------------------------------------------------------

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path}", self._download)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await _given(request)
        self.calls.append(Call(method, given))
        self.wrong += table.faults_of(method, given)
        fault = self.faults[method].pop(0) if self.faults[method] else None
        try:
            if request.match_info["token"] != TOKEN:
                raise Refuse(401, "Unauthorized")
            if fault is not None and not fault.after:
                _fail(fault, request)
            self._flood(given)
            serve = getattr(self, re.sub("(^|[A-Z])", lambda found: f"_{found[0].lower()}", method), None)
            if serve is None:
                raise Refuse(404, "Not Found")
            result = await serve(given)
            if fault is not None:
                _fail(fault, request)
        except Refuse as refused:
            if refused.code == 400:
                self.refused.append(f"{method}: {refused.why}")
            return web.json_response(
                {"ok": False, "error_code": refused.code, "description": refused.why, "parameters": refused.parameters},
                status=refused.code,
            )  # fmt: skip
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"]])

    def _flood(self, given: Mapping[str, Any]) -> None:
        until = self.floods.get(int(given.get("chat_id", 0)), 0.0)
        wait = until - time.monotonic()
        if wait > 0:
            raise Refuse(429, "Too Many Requests", retry_after=int(wait) + 1)

    # -- methods ---------------------------------------------------------------------------------

    async def _get_me(self, _given: Mapping[str, Any]) -> Any:
        return BOT

    async def _get_updates(self, given: Mapping[str, Any]) -> Any:
        if self.webhook.get("url"):
            raise Refuse(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, limit = int(given.get("offset", 0)), int(given.get("limit", 100))
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        self._poll += 1
        mine = self._poll
        self._news.set()  # of two that poll, the later one is served
        await self._wait(float(given.get("timeout", 0)))
        if mine != self._poll:
            raise Refuse(409, "Conflict: terminated by other getUpdates request")
        return self.updates[:limit]

    async def _wait(self, seconds: float) -> None:
        if not self.updates and seconds:
            self._news = asyncio.Event()
            try:
                await asyncio.wait_for(self._news.wait(), seconds)
            except TimeoutError:
                return

    async def _set_webhook(self, given: Mapping[str, Any]) -> Any:
        if not str(given["url"]).startswith("https://"):
            raise Refuse(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = dict(given)
        return True

    async def _delete_webhook(self, _given: Mapping[str, Any]) -> Any:
        self.webhook = {}
        return True

    async def _get_webhook_info(self, _given: Mapping[str, Any]) -> Any:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": 0,
        }

    async def _send_message(self, given: Mapping[str, Any]) -> Any:
        text, entities = _read(given, "text", MOST_TEXT, "message is too long")
        if not text.strip():
            raise Refuse(400, "Bad Request: message text is empty")
        return self._kept(given, text=text, entities=entities)

    async def _send_photo(self, given: Mapping[str, Any]) -> Any:
        return self._sent_file(given, "photo", MOST_PHOTO)

    async def _send_document(self, given: Mapping[str, Any]) -> Any:
        return self._sent_file(given, "document", 50 * 1024 * 1024)

    def _sent_file(self, given: Mapping[str, Any], kind: str, most: int) -> Any:
        caption, _ = _read(given, "caption", MOST_CAPTION, "message caption is too long")
        content, name = given[kind], given.names[kind]  # type: ignore[attr-defined]
        if len(content) > most or not content:
            raise Refuse(400, "Bad Request: wrong file")
        self.sent_files.append((kind, name, content))
        number = {"file_id": name, "file_unique_id": name, "file_name": name}
        dots = {"file_id": name, "file_unique_id": name, "width": 960, "height": 600}
        return self._kept(given, caption=caption, **{kind: [dots] if kind == "photo" else number})

    async def _send_chat_action(self, _given: Mapping[str, Any]) -> Any:
        return True

    async def _edit_message_text(self, given: Mapping[str, Any]) -> Any:
        text, entities = _read(given, "text", MOST_TEXT, "message is too long")
        return self._changed(given, text=text, entities=entities, reply_markup=_keyboard(given))

    async def _edit_message_reply_markup(self, given: Mapping[str, Any]) -> Any:
        return self._changed(given, reply_markup=_keyboard(given))

    async def _answer_callback_query(self, given: Mapping[str, Any]) -> Any:
        press = self.presses.get(given["callback_query_id"])
        if press is None or "answer" in press:
            raise Refuse(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        if units(given.get("text", "")) > MOST_TOAST:
            raise Refuse(400, "Bad Request: MESSAGE_TOO_LONG")
        press["answer"] = given.get("text", "")
        press["alert"] = given.get("show_alert") == "true"
        return True

    async def _get_file(self, given: Mapping[str, Any]) -> Any:
        content = self.files.get(given["file_id"])
        if content is None:
            raise Refuse(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > MOST_DOWN:
            raise Refuse(400, "Bad Request: file is too big")
        name = given["file_id"]
        return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": name}

    async def _set_my_commands(self, given: Mapping[str, Any]) -> Any:
        commands = json.loads(given["commands"])
        for command in commands:
            if not COMMAND_NAME.fullmatch(command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise Refuse(400, "Bad Request: BOT_COMMAND_INVALID")
        scope = json.loads(given.get("scope", "{}"))
        self.menus[scope.get("chat_id")] = [command["command"] for command in commands]
        return True

    # -- messages --------------------------------------------------------------------------------

    def _kept(self, given: Mapping[str, Any], **content: Any) -> Any:
        chat = int(given["chat_id"])
        if chat in self.blocked:
            raise Refuse(403, "Forbidden: bot was blocked by the user")
        message = {
            "message_id": next(self.message_numbers),
            "date": int(time.time()),
            "chat": chat_of(chat),
            "from": BOT,
            **{name: value for name, value in content.items() if value},
        }
        keyboard = _keyboard(given)
        if keyboard:
            message["reply_markup"] = keyboard
        self.messages[chat, message["message_id"]] = message
        return message

    def _changed(self, given: Mapping[str, Any], **content: Any) -> Any:
        message = self.messages.get((int(given["chat_id"]), int(given["message_id"])))
        if message is None:
            raise Refuse(400, "Bad Request: message to edit not found")
        after = {**message, **content}
        after = {name: value for name, value in after.items() if value}
        if after == message:
            raise Refuse(400, "Bad Request: message is not modified")
        message.clear()
        message.update(after)
        return message


def chat_of(chat: int) -> dict[str, Any]:
    if chat < 0:
        return {"id": chat, "type": "supergroup", "title": "Shop floor"}
    return {"id": chat, "type": "private", "first_name": f"Person {chat}"}


class Given(dict[str, Any]):
    """A form's fields; ``names`` are those of its files."""

    names: dict[str, str]


async def _given(request: web.Request) -> Given:
    given = Given()
    given.names = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            given[name], given.names[name] = value.file.read(), value.filename
        else:
            given[name] = value
    for name, value in list(given.items()):  # the library sends a file under a name of its own
        if isinstance(value, str) and value.startswith("attach://"):
            part = value.removeprefix("attach://")
            given[name], given.names[name] = given.pop(part), given.names.pop(part)
    return given


def _read(given: Mapping[str, Any], name: str, most: int, too_long: str) -> tuple[str, list[dict[str, Any]]]:
    text, entities = given.get(name, ""), []
    if given.get("parse_mode") == "HTML":
        try:
            text, entities = parse(text)
        except CannotParse as error:
            raise Refuse(400, f"Bad Request: can't parse entities: {error}") from error
    elif "parse_mode" in given:
        raise Refuse(400, "Bad Request: unsupported parse_mode")
    if units(text) > most:
        raise Refuse(400, f"Bad Request: {too_long}")
    return text, entities


def _keyboard(given: Mapping[str, Any]) -> dict[str, Any] | None:
    if "reply_markup" not in given:
        return None
    markup: dict[str, Any] = json.loads(given["reply_markup"])
    for row in markup["inline_keyboard"]:
        for button in row:
            if not 1 <= len(button.get("callback_data", "").encode()) <= MOST_DATA or not button["text"]:
                raise Refuse(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup if markup["inline_keyboard"] else None


def _fail(fault: Fault, request: web.Request) -> None:
    if fault.code == 0:
        assert request.transport is not None
        request.transport.abort()
        raise asyncio.CancelledError
    more = {"retry_after": fault.retry_after} if fault.retry_after else {}
    raise Refuse(fault.code, "Too Many Requests" if fault.code == 429 else "Internal Server Error", **more)
