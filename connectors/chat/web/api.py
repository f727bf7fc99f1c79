"""The HTTP interface: messages in, replies out."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, HTTPException

from connectors.chat.message import Answer, Hear, Message
from connectors.chat.web.auth import TheVisitor, Visitor
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.files import charts_of, keep_chart
from connectors.chat.web.models import (
    NAME,
    POSTED,
    SHARED,
    ActionOut,
    AttachmentOut,
    ParseOut,
    Pressed,
    ReplyOut,
    Said,
)
from connectors.chat.web.papers import keep_paper, papers_of
from connectors.chat.web.plain import plain
from connectors.chat.web.ready import keep_ready, media_of, ready_of
from tools.kit import Links
from tools.store import User

CHANNEL = "web"
USED = "This id was used before, for something else."
router = APIRouter(prefix="/api/v1")


@router.post(
    "/messages", tags=["Messages"], summary="Say something or press a button", responses=SHARED | POSTED
)
async def post_message(
    body: Said | Pressed,
    door: TheDoor,
    visitor: TheVisitor,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=120, pattern=NAME)] = None,
) -> ReplyOut:
    """One message or one button of a conversation, answered.

    The same ``id`` (or Idempotency-Key) with the same words has one effect and gets the same answer.
    """
    user = await run_sync(speaker, door, visitor, body.user)
    event_id = event_name(user, idempotency_key or body.id)
    words, action = (body.text, None) if isinstance(body, Said) else ("", body.action)
    message = Message(body.conversation, user, CHANNEL, words, action, event_id)
    await admit(door, message)
    answer = await answered(door, message)
    return await run_sync(reply_json, door, message, answer)


def speaker(door: Door, visitor: Visitor, claimed: str | None) -> User:
    """Whom a message is from: a claimed name counts only where names are trusted."""
    if claimed is not None and not visitor.secret and door.trusts_names:
        return door.house.user_named(claimed)
    return visitor.user


def event_name(user: User, key: str | None) -> str:
    """The event's id in the books: one person's keys never meet another's."""
    if key is None:
        return f"web:{secrets.token_hex(16)}"
    whose = f"{user.name}\n{key}"
    return f"web:{hashlib.sha256(whose.encode()).hexdigest()[:40]}"


async def admit(door: Door, message: Message) -> None:
    """Let a message in, within the limits, and its event id with one meaning.

    Raises:
        HTTPException: 409 for an id that stood for something else, 429 for too many at once.
    """
    buckets = door.local_messages if door.loopback else door.messages
    wait = buckets.wait(message.user.name)
    if wait:
        raise HTTPException(429, "That is a lot at once. Wait a moment.", {"Retry-After": str(int(wait) + 1)})
    # The books know it over a restart; what has just been said elsewhere only we know.
    kept = await run_sync(door.house.store.talk.words_of, message.conversation, message.event_id)
    meaning = f"{message.conversation}\n{message.said}"
    if kept not in (None, message.said) or not door.once.fits(message.event_id, meaning):
        raise HTTPException(409, USED)


async def answered(door: Door, message: Message, hear: Hear | None = None) -> Answer:
    """What the house answers to a message that was let in, and how long it took for the figures."""
    started = time.perf_counter()
    answer = await door.house.answer(message, hear=hear)
    door.meters.seconds.observe(time.perf_counter() - started)
    kind = "message" if message.action is None else "action"
    door.meters.turns.labels(kind, str(answer.repeated).lower()).inc()
    return answer


def reply_json(door: Door, message: Message, answer: Answer) -> ReplyOut:
    """The contract's form of an answer."""
    return ReplyOut(
        conversation=message.conversation,
        text=answer.text,
        parses=[
            ParseOut(intent=parse.intent, confidence=parse.confidence, slots=plain(parse.slots))
            for parse in answer.parses
        ],
        data=plain(answer.data),
        actions=[
            ActionOut(id=action.id, label=action.label, style=action.style) for action in answer.actions
        ],
        attachments=[
            *_pictures(door, message, answer),
            *_papers(door, message, answer),
            *_ready(door, message, answer),
        ],
    )


def _pictures(door: Door, message: Message, answer: Answer) -> list[AttachmentOut]:
    return [
        AttachmentOut(
            kind="image/png",
            title=chart.title,
            url=keep_chart(door, chart, user=message.user, event_id=message.event_id, number=number),
        )
        for number, chart in enumerate(charts_of(answer.replies))
    ]


def _papers(door: Door, message: Message, answer: Answer) -> list[AttachmentOut]:
    found = []
    for number, paper in enumerate(papers_of(answer.replies)):
        url = keep_paper(door, paper, user=message.user, event_id=message.event_id, number=number)
        found.append(AttachmentOut(kind="application/pdf", title=paper.title, url=f"{url}.pdf"))
        found.append(AttachmentOut(kind="text/csv", title=paper.title, url=f"{url}.csv"))
    return found


def _ready(door: Door, message: Message, answer: Answer) -> list[AttachmentOut]:
    found = []
    for number, block in enumerate(ready_of(answer.replies)):
        url = keep_ready(door, block, user=message.user, event_id=message.event_id, number=number)
        found.append(AttachmentOut(kind=media_of(block), title=block.title, url=url))
    blocks = (block for reply in answer.replies for block in reply.blocks)
    links = (link for block in blocks if isinstance(block, Links) for link in block.links)
    return [*found, *(AttachmentOut(kind="text/uri-list", title=label, url=url) for label, url in links)]
