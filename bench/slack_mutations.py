"""Slack's payloads, broken at random: keys gone, values of other kinds, text that no one expects."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.chat.slack.people import Person

STRANGE: tuple[Any, ...] = (
    None, "", 0, -1, 1e308, True, [], {}, [[]], [None], {"id": None}, "\x00", "\ud800", "🧺" * 50, "x" * 20_000,
    "<!channel>", "U04BENOK22", "D04BENOK22", "message", "block_actions", "press:0", ["a"] * 200,
)  # fmt: skip


def kind_of(payload: dict[str, Any]) -> str:
    """The envelope that a payload comes in."""
    if "command" in payload:
        return "slash_commands"
    return "events_api" if "event" in payload else "interactive"


def shapes(path: Path) -> list[dict[str, Any]]:
    """The official shapes, as they stand and as Slack's envelope types them."""
    payloads = [json.loads(line)["payload"] for line in path.read_text(encoding="utf-8").splitlines()]
    for payload in payloads:
        if "event" in payload and not payload.get("type"):
            payload["type"] = "event_callback"
    return payloads


def mutated(count: int, seeds: list[dict[str, Any]], seed: int = 5) -> Iterator[tuple[str, Any]]:
    """Envelopes' kinds and payloads, each a seed with one to four faults."""
    chance = random.Random(seed)
    for _ in range(count):
        payload = copy.deepcopy(chance.choice(seeds))
        kind = kind_of(payload)
        for _ in range(chance.randint(1, 4)):
            _break(payload, chance)
        if chance.random() < 0.05:
            kind = chance.choice(("events_api", "interactive", "slash_commands", "no_such_kind"))
        yield kind, copy.deepcopy(chance.choice(STRANGE)) if chance.random() < 0.01 else payload


def _break(payload: Any, chance: random.Random) -> None:
    place, key = chance.choice(list(_places(payload)) or [({}, "x")])
    what = chance.random()
    if what < 0.3 and isinstance(place, dict):
        place.pop(key, None)
    elif what < 0.4 and isinstance(place, dict):
        place[f"{key}_"] = place.get(key)
    else:
        place[key] = copy.deepcopy(chance.choice(STRANGE))


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        yield part, key
        yield from _places(value)


def own_payloads(person: Person) -> list[dict[str, Any]]:
    """What people really do; none of it changes the books."""
    user = person.user
    message = {"ts": "17.1", "channel": f"D{user[1:]}", "blocks": [], "text": "x"}
    element = {
        "type": "button",
        "action_id": "press:0",
        "text": {"type": "plain_text", "text": "Yes"},
        "value": "no-such",
    }
    view = {"id": "V1", "callback_id": "count_stock", "state": {"values": {}}, "private_metadata": "{}"}
    interactive = person.touching(element, message)
    base = {name: interactive[name] for name in ("user", "team", "trigger_id", "api_app_id")}
    return [
        person.message("how many bananas left"),
        person.mention("revenue yesterday"),
        person.message("and now?", "C0SHOP", thread_ts="1.1"),
        person.message("a photo", files=[{"id": "F1", "mimetype": "image/png", "url_private": "http://x/y"}]),
        interactive,
        {**base, "type": "view_submission", "view": view},
        {**base, "type": "block_suggestion", "action_id": "product", "block_id": "product", "value": "mug"},
        {**base, "type": "shortcut", "callback_id": "count_stock"},
        {**base, "type": "message_action", "callback_id": "other", "message": message},
        person.server.event({"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"}),
        {"command": "/stock", "text": "bananas", "user_id": user, "team_id": "T0HOME", "trigger_id": "1.1"},
    ]
