"""What people do in Slack, as Slack tells the app of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.house import AssistantHouse
from connectors.chat.slack.channel import SlackChannel
from tests.chat.slack.server import APP, BOT, TEAM, Ack, SlackServer, direct

_moments = itertools.count(1)


@dataclass
class Slack:
    """A Slack with the app connected to it."""

    server: SlackServer
    channel: SlackChannel
    house: AssistantHouse
    told: int = 0
    seen: list[str] = field(default_factory=list)

    async def idle(self) -> None:
        """Wait until the app has nothing more to do; Bolt hands on what came a moment after its answer."""
        await asyncio.sleep(0.03)
        await self.channel.desk.idle()

    def posts(self) -> list[dict[str, Any]]:
        return self.server.of("chat.postMessage")

    def person(self, user: str) -> Person:
        return Person(self, user)


@dataclass
class Person:
    """Somebody with a Slack account."""

    slack: Slack
    user: str
    team: str = TEAM

    @property
    def server(self) -> SlackServer:
        return self.slack.server

    def message(self, text: str, channel: str = "", **more: Any) -> dict[str, Any]:
        """The event of something that this person says."""
        channel = channel or direct(self.user)
        event = {
            "type": "message", "user": self.user, "text": text, "ts": self.server.ts(), "team": self.team,
            "channel": channel, "channel_type": "im" if channel.startswith("D") else "channel", **more,
        }  # fmt: skip
        return self.server.event(event)

    def mention(self, text: str, channel: str = "C0SHOP", **more: Any) -> dict[str, Any]:
        payload = self.message(f"<@{BOT}> {text}", channel, **more)
        payload["event"]["type"] = "app_mention"
        return payload

    async def says(self, text: str, **more: Any) -> dict[str, Any]:
        """Say it in the chat with the app; the last message that it showed."""
        return await self.does("events_api", self.message(text, **more))

    async def mentions(self, text: str, channel: str = "C0SHOP", **more: Any) -> dict[str, Any]:
        return await self.does("events_api", self.mention(text, channel, **more))

    async def does(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Deliver it, wait, and give the last message that is shown now."""
        before = len(self.server.messages)
        await self.server.deliver(kind, payload)
        await self.slack.idle()
        shown = list(self.server.messages.values())
        return shown[-1] if len(shown) > before else {}

    def pressing(self, label: str, message: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The payload of a press on the button that begins so."""
        return self.touching(button_of(message, label), message, **more)

    def touching(self, element: dict[str, Any], message: dict[str, Any], **more: Any) -> dict[str, Any]:
        action = {**element, "block_id": "b1", "action_ts": f"17.{next(_moments):06}"}
        container = {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]}
        return {
            **self._interactive("block_actions"),
            "container": {**container, "is_ephemeral": False},
            "channel": {"id": message["channel"], "name": "x"},
            "message": message,
            "actions": [action],
            "response_url": f"{self.server.url}/respond",
            **more,
        }

    async def presses(self, label: str, message: dict[str, Any], **more: Any) -> dict[str, Any]:
        return await self.does("interactive", self.pressing(label, message, **more))

    def _interactive(self, kind: str) -> dict[str, Any]:
        return {
            "type": kind,
            "user": {"id": self.user, "name": "x", "team_id": self.team},
            "team": {"id": TEAM, "domain": "home"},
            "api_app_id": APP,
            "token": "x",
            "trigger_id": f"trigger.{next(_moments)}",
            "is_enterprise_install": False,
        }

    async def command(self, text: str, command: str = "/stock", **more: Any) -> dict[str, Any]:
        """A slash command; what is shown to this person alone."""
        before = len(self.server.responses)
        payload = {
            "command": command, "text": text, "user_id": self.user, "team_id": TEAM, "channel_id": "C0SHOP",
            "channel_name": "shop", "response_url": f"{self.server.url}/respond", "api_app_id": APP,
            "trigger_id": f"trigger.{next(_moments)}", "is_enterprise_install": "false", **more,
        }  # fmt: skip
        await self.server.deliver("slash_commands", payload)
        await self.slack.idle()
        return self.server.responses[-1] if len(self.server.responses) > before else {}

    async def shortcut(self, callback: str, **more: Any) -> None:
        kind = "message_action" if "message" in more else "shortcut"
        payload = {
            **self._interactive(kind),
            "callback_id": callback,
            "action_ts": f"1.{next(_moments)}",
            **more,
        }
        await self.server.deliver("interactive", payload)
        await self.slack.idle()

    async def options(self, action: str, typed: str) -> list[dict[str, Any]]:
        payload = {
            **self._interactive("block_suggestion"), "action_id": action, "block_id": action, "value": typed,
            "container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "modal"},
        }  # fmt: skip
        ack = await self.server.deliver("interactive", payload)
        return list((ack.payload or {}).get("options", ()))

    async def submits(self, view: dict[str, Any], values: dict[str, Any], view_id: str = "V7") -> Ack:
        """Send a modal's form; ``values`` are the elements' states by block."""
        state = {"values": {name: {name: value} for name, value in values.items()}}
        sent = {**view, "id": view_id, "hash": "h", "state": state, "app_installed_team_id": TEAM}
        ack = await self.server.deliver("interactive", {**self._interactive("view_submission"), "view": sent})
        await self.slack.idle()
        return ack

    async def opens_home(self, tab: str = "home") -> dict[str, Any]:
        event = {"type": "app_home_opened", "user": self.user, "channel": direct(self.user), "tab": tab}
        await self.server.deliver("events_api", self.server.event(event))
        await self.slack.idle()
        views = self.server.of("views.publish")
        return dict(views[-1]["view"]) if views else {}


def button_of(message: dict[str, Any], label: str) -> dict[str, Any]:
    """The button that begins so."""
    return next(one for one in buttons_of(message) if one["text"]["text"].startswith(label))


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """All buttons of a message."""
    return [
        element
        for block in message.get("blocks") or ()
        for element in block.get("elements", ())
        if element.get("type") == "button"
    ]


def words_of(message: dict[str, Any]) -> str:
    """All words of a message's blocks."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend(value for key, value in part.items() if key == "text" and isinstance(value, str))
            for value in part.values():
                walk(value)
        elif isinstance(part, list | tuple):
            for value in part:
                walk(value)

    walk(message.get("blocks"))
    return "\n".join(found)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that the app does by itself."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for is told by nobody
            await asyncio.sleep(0.01)
