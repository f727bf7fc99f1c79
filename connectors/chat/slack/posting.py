"""Messages and files on their way to Slack: with blocks, and without them where they are not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import structlog
from anyio.to_thread import run_sync
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from connectors.chat.slack.blocks import Attached, Drawn, Post
from connectors.chat.slack.errors import TROUBLES, code_of, is_form
from connectors.chat.slack.text import escape

log = structlog.get_logger(__name__)

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a channel or direct chat, and the thread in it."""

    channel: str
    thread: str = ""

    @property
    def direct(self) -> bool:
        """Whether it is a person's own chat with the assistant."""
        return self.channel.startswith("D")


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands; by these two it can be edited."""

    channel: str
    ts: str


async def post(client: AsyncWebClient, place: Place, message: Post) -> Posted:
    """Say one message; where Slack does not take its blocks, only its words and buttons.

    Raises:
        SlackApiError: Slack refused it.
    """
    thread = place.thread or None
    blocks = list(message.blocks)
    try:
        told = await client.chat_postMessage(
            channel=place.channel, thread_ts=thread, text=message.text, blocks=blocks or None, **QUIET
        )
    except SlackApiError as error:
        if not is_form(error) or not blocks:
            raise
        log.warning("slack_blocks_refused", error=code_of(error))
        told = await client.chat_postMessage(
            channel=place.channel, thread_ts=thread, text=message.text, blocks=_words(message), **QUIET
        )
    return Posted(str(told.get("channel") or place.channel), str(told.get("ts") or ""))


def _words(message: Post) -> list[dict[str, Any]]:
    text = {"type": "section", "text": {"type": "mrkdwn", "text": message.text[:3_000] or "…"}}
    return [text, *(block for block in message.blocks if block["type"] == "actions")]


async def show(client: AsyncWebClient, place: Place, drawn: Drawn) -> Posted:
    """Say an answer with all its messages and files.

    Raises:
        SlackApiError: the first message was refused, so nothing was shown; later faults are logged.
    """
    first = await post(client, place, drawn.posts[0])
    await show_rest(client, Place(first.channel, place.thread), drawn)
    return first


async def show_rest(client: AsyncWebClient, place: Place, drawn: Drawn) -> None:
    """The messages after the first, and the files; what Slack does not take is logged."""
    try:
        for message in drawn.posts[1:]:
            await post(client, place, message)
    except TROUBLES as error:
        log.warning("slack_rest_of_answer_lost", error=code_of(error))
    await attach(client, place, drawn.files)


async def attach(client: AsyncWebClient, place: Place, files: Sequence[Attached]) -> None:
    """Send files; what Slack does not take is told in words."""
    for file in files:
        try:
            await client.files_upload_v2(
                channel=place.channel,
                thread_ts=place.thread or None,
                file=await run_sync(file.make),
                filename=file.name,
                title=file.title,
                alt_txt=file.words or None,
                request_file_info=False,
            )
        except TROUBLES as error:
            log.warning("slack_file_refused", file=file.name, error=code_of(error))
            await _tell_of_file(client, place, file, code_of(error))


async def _tell_of_file(client: AsyncWebClient, place: Place, file: Attached, code: str) -> None:
    words = f"{file.words or file.title} (Slack did not take the file: {code}.)"
    try:
        await post(client, place, Post(escape(words)))
    except TROUBLES as error:
        log.warning("slack_words_refused", error=code_of(error))


async def update(client: AsyncWebClient, posted: Posted, message: Post) -> bool:
    """Put another message in its place; false where Slack does not let us."""
    for blocks in (list(message.blocks), _words(message)):
        try:
            await client.chat_update(channel=posted.channel, ts=posted.ts, text=message.text, blocks=blocks)
        except TROUBLES as error:
            if is_form(error):
                continue
            log.warning("slack_update_refused", error=code_of(error))
            return False
        return True
    return False


async def whisper(client: AsyncWebClient, place: Place, user: str, text: str) -> None:
    """Say something that only one person sees, else in their own chat."""
    said = Post(escape(text))
    try:
        if not place.direct:
            await client.chat_postEphemeral(
                channel=place.channel, user=user, text=said.text, thread_ts=place.thread or None
            )
            return
    except TROUBLES as error:
        log.info("slack_whisper_refused", error=code_of(error))
        place = Place(user)
    try:
        await post(client, place, said)
    except TROUBLES as error:
        log.warning("slack_words_refused", error=code_of(error))


async def direct_channel(client: AsyncWebClient, user: str) -> str:
    """The id of the chat with a person; their own id where Slack does not tell."""
    try:
        told = await client.conversations_open(users=user)
    except TROUBLES as error:
        log.info("slack_no_direct_channel", error=code_of(error))
        return user
    channel = cast("dict[str, Any]", told.get("channel") or {})
    return str(channel.get("id") or user)


async def respond(url: str, message: Post, *, replace: bool = False) -> bool:
    """Answer through the address that came with a command or button; false where that fails."""
    try:
        told = await AsyncWebhookClient(url).send(
            text=message.text, blocks=list(message.blocks) or None, replace_original=replace or None,
            response_type=None if replace else "ephemeral",
        )  # fmt: skip
    except TROUBLES as error:
        log.warning("slack_respond_failed", error=code_of(error))
        return False
    if told.status_code != 200:
        log.warning("slack_respond_refused", status=told.status_code)
    return told.status_code == 200
