"""People on Telegram: what they do becomes updates, what they see is what the stand-in keeps."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.chat.telegram.markup import units
from tests.chat.telegram.server import BOT, BotApi, chat_of

PATIENCE = 30.0
_numbers = count(1)
MENTION, COMMAND = re.compile(r"@\w+"), re.compile(r"^/\w+(@\w+)?")


@dataclass
class Person:
    """Somebody with a phone; ``chat`` is where they write, by default their chat with the bot."""

    api: BotApi
    id: int
    name: str = "Anna"
    chat: int = 0

    def __post_init__(self) -> None:
        self.chat = self.chat or self.id
        self._read = 0

    @property
    def who(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name}

    def send(self, **content: Any) -> dict[str, Any]:
        """A message with any content."""
        message = {
            "message_id": next(self.api.message_numbers),
            "date": int(time.time()),
            "chat": chat_of(self.chat),
            "from": self.who,
            **content,
        }
        return self.api.put("message", message)

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Words, with what Telegram marks in them."""
        return self.send(text=text, **({"entities": marked(text)} if marked(text) else {}), **more)

    def press(self, message: Mapping[str, Any], label: str) -> dict[str, Any]:
        """A press of the button whose label starts so."""
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        found = next(button for button in buttons if button["text"].startswith(label))
        return self.press_data(message, found["callback_data"])

    def press_data(self, message: Mapping[str, Any], data: str) -> dict[str, Any]:
        query = f"query-{next(_numbers)}"
        self.api.presses[query] = {}
        told = {"id": query, "from": self.who, "chat_instance": "1", "data": data}
        return self.api.put("callback_query", {**told, "message": dict(message)})

    def toast(self, update: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.api.presses[update["callback_query"]["id"]]

    # -- what they see ---------------------------------------------------------------------------

    def shown(self) -> list[dict[str, Any]]:
        """All messages of the bot in this chat, oldest first."""
        return [message for (chat, _), message in sorted(self.api.messages.items()) if chat == self.chat]

    async def answer(self) -> dict[str, Any]:
        """The next message of the bot that this person has not read yet."""
        return await until(
            lambda: self.shown()[self._read] if len(self.shown()) > self._read else None, self._seen
        )

    def _seen(self) -> None:
        self._read += 1

    async def ask(self, text: str, **more: Any) -> dict[str, Any]:
        self.say(text, **more)
        return await self.answer()

    async def pressed(self, message: Mapping[str, Any], label: str) -> Mapping[str, Any]:
        """Press and wait until it is answered: the toast."""
        update = self.press(message, label)
        return await until(lambda: self.toast(update) if "answer" in self.toast(update) else None)


async def until(found: Any, then: Any = lambda: None, seconds: float = PATIENCE) -> Any:
    """Wait for something to be there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            then()
            return value
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


def marked(text: str) -> list[dict[str, Any]]:
    kinds = (("bot_command", COMMAND), ("mention", MENTION))
    return [
        {"type": kind, "offset": units(text[: found.start()]), "length": units(found[0])}
        for kind, pattern in kinds
        for found in pattern.finditer(text)
        if kind == "bot_command" or found[0] == f"@{BOT['username']}"
    ]
