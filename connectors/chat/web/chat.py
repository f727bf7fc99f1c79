"""The chat page: what was said, what is answered, and the buttons."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from connectors.chat.message import MAX_TEXT, Answer, Message, OfferedAction, PastTurn
from connectors.chat.web.api import CHANNEL, admit, answered, event_name
from connectors.chat.web.auth import FormVisitor, TheVisitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.files import charts_of, keep_chart
from connectors.chat.web.models import speakable
from connectors.chat.web.pages import frame, page, render
from connectors.chat.web.papers import keep_paper, papers_of
from connectors.chat.web.ready import keep_ready, ready_of
from tools.kit import Block, Reply, Right
from tools.store import User

router = APIRouter(include_in_schema=False)
MOST_OFFERED = 40
LATEST = "/#latest"
# How the house writes a pressed button down.
BUTTON = re.compile(r"\[button (.+)\]")
EventId = Annotated[str, Form(max_length=120)]


@dataclass(frozen=True, slots=True)
class ShownAction:
    """A button as it stands now: ``offered``, or how it ended (``done``, ``retired``, ``expired``)."""

    id: str
    label: str
    style: str
    state: str = "offered"


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn of the log."""

    text: str
    at: datetime
    replies: Sequence[Reply] = ()
    actions: Sequence[ShownAction] = ()
    pictures: dict[Block, str] = field(default_factory=dict)


@router.get("/", response_class=HTMLResponse)
def chat_page(request: Request, door: TheDoor, visitor: TheVisitor, ask: str = "") -> Response:
    """The conversation so far, and where to go on."""
    need(door, visitor, Right.TALK)
    conversation = conversation_of(visitor.user)
    turns = [
        shown(
            door,
            visitor.user,
            past.answer,
            text=_words(door, past.text),
            at=past.at,
            event_id=_moment(past),
        )
        for past in door.house.past(conversation, visitor.user)
    ]
    suggestions = list(door.house.suggestions(visitor.user))[:6]
    return page(
        request,
        "chat.html",
        visitor,
        turns=turns,
        suggestions=suggestions,
        most_text=MAX_TEXT,
        ask=speakable(ask)[:MAX_TEXT],
        event_id=secrets.token_urlsafe(12),
    )


@router.post("/chat/say", response_class=HTMLResponse)
async def say(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    text: Annotated[str, Form(max_length=MAX_TEXT)] = "",
    event_id: EventId = "",
) -> Response:
    """A message typed on the page."""
    words = speakable(text).strip()
    if not words:
        return RedirectResponse(LATEST, 303)
    event = event_name(visitor.user, event_id or None)
    message = Message(conversation_of(visitor.user), visitor.user, CHANNEL, words, None, event)
    return await _response(request, door, message)


@router.post("/chat/press", response_class=HTMLResponse)
async def press(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    action: Annotated[str, Form(min_length=1, max_length=64)],
    offered: Annotated[str, Form(max_length=MOST_OFFERED * 70)] = "",
    event_id: EventId = "",
) -> Response:
    """A button pressed on the page; all buttons of its row are shown anew."""
    event = event_name(visitor.user, event_id or None)
    message = Message(conversation_of(visitor.user), visitor.user, CHANNEL, "", action, event)
    return await _response(request, door, message, offered.split()[:MOST_OFFERED])


async def _response(request: Request, door: Door, message: Message, pressed: Sequence[str] = ()) -> Response:
    """The answer in pieces for the script that asked; without a script the whole page again."""
    await admit(door, message)
    if "hx-request" not in request.headers:
        await answered(door, message)
        return RedirectResponse(LATEST, 303)
    pieces = _pieces(request, door, message, pressed)
    # A proxy in front must not gather the pieces up.
    return StreamingResponse(pieces, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _pieces(
    request: Request, door: Door, message: Message, pressed: Sequence[str]
) -> AsyncIterator[str]:
    """The answer so far, each time that it has grown; the last piece is whole and has the buttons.

    Where the listener goes away, the turn still ends and its answer is kept for who asks again.
    """
    heard: asyncio.Queue[Reply | None] = asyncio.Queue()
    turn = asyncio.ensure_future(answered(door, message, heard.put_nowait))
    turn.add_done_callback(lambda _turn: heard.put_nowait(None))
    yield ": taken\n\n"
    so_far = Answer(message.conversation, ())
    while (reply := await heard.get()) is not None:
        so_far = replace(so_far, replies=(*so_far.replies, reply))
        yield _piece("more", await run_sync(_turn_html, request, door, message, so_far))
    yield _piece("answer", await run_sync(_turn_html, request, door, message, await turn, pressed))


def _piece(kind: str, html: str) -> str:
    """One server-sent event; as JSON the HTML stays on one line."""
    return f"event: {kind}\ndata: {json.dumps(html)}\n\n"


def _turn_html(
    request: Request, door: Door, message: Message, answer: Answer, pressed: Sequence[str] = ()
) -> str:
    turn = shown(
        door, message.user, answer, text=message.text, at=door.house.now(), event_id=message.event_id
    )
    values = {**frame(request, None), "turn": turn, "pressed": actions_now(door, pressed)}
    return render("parts/answer.html", values)


def _moment(past: PastTurn) -> str:
    """A name for the pictures of an earlier turn."""
    return past.at.isoformat()


def _words(door: Door, text: str) -> str:
    """What was said; for a button pressed, its label."""
    pressed = BUTTON.fullmatch(text)
    action = door.house.store.talk.action(pressed[1]) if pressed else None
    return action.label if action else text


def conversation_of(user: User) -> str:
    """Each person has one conversation on the web, the same on all their devices."""
    return f"web:{user.name}"


def shown(
    door: Door, user: User, answer: Answer | None, *, text: str, at: datetime, event_id: str
) -> ShownTurn:
    """A turn with the present state of its buttons and the addresses of its pictures."""
    if answer is None:
        return ShownTurn(text, at)
    pictures: dict[Block, str] = {
        chart: keep_chart(door, chart, user=user, event_id=event_id, number=number)
        for number, chart in enumerate(charts_of(answer.replies))
    }
    for number, paper in enumerate(papers_of(answer.replies)):
        pictures[paper] = keep_paper(door, paper, user=user, event_id=event_id, number=number)
    for number, block in enumerate(ready_of(answer.replies)):
        pictures[block] = keep_ready(door, block, user=user, event_id=event_id, number=number)
    return ShownTurn(text, at, answer.replies, _states(door, answer.actions), pictures)


def _states(door: Door, actions: Sequence[OfferedAction]) -> list[ShownAction]:
    shown_now = {action.id: action for action in actions_now(door, [action.id for action in actions])}
    return [
        shown_now.get(action.id, ShownAction(action.id, action.label, action.style, "expired"))
        for action in actions
    ]


def actions_now(door: Door, tokens: Sequence[str]) -> list[ShownAction]:
    """These buttons as they stand in the books."""
    found = [door.house.store.talk.action(token) for token in tokens]
    return [ShownAction(one.token, one.label, one.style, one.state) for one in found if one is not None]
