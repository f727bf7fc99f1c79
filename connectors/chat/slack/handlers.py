"""Which happening in Slack leads where.  All of it is acknowledged first and worked on after."""

from __future__ import annotations

import re
from functools import partial

import structlog
from anyio.to_thread import run_sync
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from connectors.chat.slack import talk
from connectors.chat.slack.blocks import PRESS
from connectors.chat.slack.desk import CHANNEL, Caller, Desk, Json, caller_of, text_at
from connectors.chat.slack.extras import publish
from connectors.chat.slack.posting import Place, Posted
from connectors.chat.slack.presses import Press, press
from connectors.chat.slack.text import plain

log = structlog.get_logger(__name__)

# Messages that are things people say; all other subtypes are notices, edits and what apps post.
SAID = frozenset({"", "file_share", "thread_broadcast", "me_message"})
MOST_FILES = 5


def listen(app: AsyncApp, desk: Desk) -> None:
    """Messages, mentions and buttons."""

    @app.event("app_mention")
    async def mentioned(event: Json, body: Json, context: AsyncBoltContext) -> None:
        if not text_at(event, "channel").startswith("D"):
            hear(desk, context, event, body, addressed=True)

    @app.event("message")
    async def message(event: Json, body: Json, context: AsyncBoltContext) -> None:
        direct = text_at(event, "channel_type") == "im" or text_at(event, "channel").startswith("D")
        mentions_us = f"<@{context.bot_user_id}>" in text_at(event, "text")
        in_thread = bool(text_at(event, "thread_ts"))
        # A mention comes as an event of its own, too.
        if direct or (in_thread and not mentions_us):
            hear(desk, context, event, body, addressed=direct)

    @app.action(re.compile(f"^{PRESS}:"))
    async def pressed(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        touch(desk, context, body)


def listen_to_leaving(app: AsyncApp, desk: Desk) -> None:
    """Workspaces that take their consent back."""

    @app.event("app_uninstalled")
    async def uninstalled(body: Json) -> None:
        await run_sync(forget, desk, body)

    @app.event("tokens_revoked")
    async def revoked(event: Json, body: Json) -> None:
        tokens = event.get("tokens")
        if isinstance(tokens, dict) and tokens.get("bot"):
            await run_sync(forget, desk, body)


def forget(desk: Desk, body: Json) -> None:
    """A workspace took its consent back: its token is forgotten, unless it consented anew since."""
    enterprise, team = text_at(body, "enterprise_id"), text_at(body, "team_id")
    store = desk.house.store.installations
    kept = store.find(enterprise, team)
    happened = body.get("event_time")
    if kept is None or (isinstance(happened, int) and kept.installed_at.timestamp() > happened + 1):
        return
    if store.remove(kept.enterprise_id, kept.team_id):
        log.warning("slack_workspace_left", team=team)


def hear(desk: Desk, context: AsyncBoltContext, event: Json, body: Json, *, addressed: bool) -> None:
    """A message came: answer it after those before it in its conversation."""
    caller = caller_of(desk, context)
    said = caller and _said(caller, event, body, addressed=addressed)
    if said and desk.seen.first(said.event_id):
        desk.work.submit(desk.conversation(said.caller, said.place), partial(talk.converse, desk, said))


def _said(caller: Caller, event: Json, body: Json, *, addressed: bool) -> talk.Said | None:
    channel, ts = text_at(event, "channel"), text_at(event, "ts")
    event_id = text_at(body, "event_id") or (ts and f"{channel}:{ts}")
    ours = event.get("bot_id") or event.get("hidden") or text_at(event, "subtype") not in SAID
    if ours or not (channel and ts and event_id):
        return None
    shared = event.get("files")
    files = [file for file in shared if isinstance(file, dict)] if isinstance(shared, list) else []
    return talk.Said(
        caller,
        Place(channel, text_at(event, "thread_ts") or ts),
        event_id,
        plain(text_at(event, "text")),
        addressed,
        tuple(files[:MOST_FILES]),
    )


def touch(desk: Desk, context: AsyncBoltContext, body: Json) -> None:
    """A button was pressed: do what it offers after what came before in its conversation."""
    caller = caller_of(desk, context)
    pressed = caller and press_of(desk, caller, body)
    if pressed and desk.seen.first(pressed.event_id):
        desk.work.submit(pressed.conversation, partial(_touched, desk, pressed))


async def _touched(desk: Desk, pressed: Press) -> None:
    await press(desk, pressed)
    if not pressed.place.channel:  # App Home: what it shows is over
        await publish(desk, pressed.caller)


def press_of(desk: Desk, caller: Caller, body: Json) -> Press | None:
    """What a button's payload says; None where it says too little."""
    token, moment = text_at(body, "actions", 0, "value"), text_at(body, "actions", 0, "action_ts")
    if not (token and moment):
        return None
    channel = text_at(body, "channel", "id") or text_at(body, "container", "channel_id")
    message = body.get("message")
    shown = message if isinstance(message, dict) else {}
    ts = text_at(body, "container", "message_ts") or text_at(shown, "ts")
    place = Place(channel, text_at(shown, "thread_ts") or text_at(body, "container", "thread_ts"))
    container = body.get("container")
    private = isinstance(container, dict) and bool(container.get("is_ephemeral"))
    conversation = f"{CHANNEL}:{caller.identity}" if private else desk.conversation(caller, place)
    url = text_at(body, "response_url") if private else ""
    return Press(caller, place, conversation, token, f"{moment}:{token}", Posted(channel, ts), shown, url)
