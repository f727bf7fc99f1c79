"""A button that was pressed: one effect, and the message says who did what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from anyio.to_thread import run_sync

from connectors.chat.message import Answer, Message
from connectors.chat.slack.blocks import MOST_BLOCKS, Json, Post, context, draw, section, without_buttons
from connectors.chat.slack.desk import CHANNEL, HOW, Caller, Desk
from connectors.chat.slack.errors import TROUBLES, code_of
from connectors.chat.slack.posting import Place, Posted, respond, show, update, whisper
from connectors.chat.slack.text import escape, pieces
from tools.store import StoredAction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Press:
    """One press.  ``message`` is what the button stood in, ``response_url`` where only one person sees it."""

    caller: Caller
    place: Place
    conversation: str
    token: str
    event_id: str
    posted: Posted
    message: Json
    response_url: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the house said to a press, and the button that settled the message (None: none did)."""

    answer: Answer
    used: StoredAction | None
    repeated: bool


async def press(desk: Desk, pressed: Press) -> None:
    """Make what the button offers, once, and show what came of it."""
    installations = desk.house.store.installations
    if await run_sync(installations.was_told, pressed.event_id):
        return
    outcome = await outcome_of(desk, pressed)
    if outcome is None:
        return
    try:
        await _show(desk, pressed, outcome)
    except TROUBLES as error:
        log.warning("slack_outcome_not_shown", error=code_of(error))
        desk.seen.forget(pressed.event_id)
        return
    await run_sync(installations.told, pressed.event_id)


async def outcome_of(desk: Desk, pressed: Press) -> Outcome | None:
    """The house's answer to a press; None where nobody known pressed, who is told how to be."""
    person = await desk.person(pressed.caller)
    if person is None:
        await tell(pressed, HOW)
        return None
    message = Message(pressed.conversation, person, CHANNEL, action=pressed.token, event_id=pressed.event_id)
    answer = desk.documents and await desk.documents.press(message)
    answer = answer or await desk.answer(message)
    used = await run_sync(_used, desk, pressed.token)
    refused = any("another choice" in str(reply.data.get("refused", "")) for reply in answer.replies)
    return Outcome(answer, used, answer.repeated or refused)


def _used(desk: Desk, token: str) -> StoredAction | None:
    """The button of its offer that was used; None while all of them still wait."""
    talk = desk.house.store.talk
    action = talk.action(token)
    if action is None or action.used_by or action.state in {"expired", "done"}:
        return action
    return next((other for other in talk.offer_actions(action.offer) if other.used_by), None)


async def _show(desk: Desk, pressed: Press, outcome: Outcome) -> None:
    if outcome.used is None:
        return await tell(pressed, outcome.answer.text)
    first = not pressed.posted.ts or desk.settle(pressed.posted)
    if outcome.repeated:
        await tell(pressed, outcome.answer.text)
    if not first and outcome.repeated:
        return None
    drawn = draw(outcome.answer)
    small = len(drawn.posts) == 1 and not drawn.files and not outcome.repeated
    if await _replace(pressed, _settled(pressed, outcome, drawn.posts[0] if small else None)) and small:
        return None
    if not outcome.repeated:
        await show(pressed.caller.client, where(pressed), drawn)
    return None


def where(pressed: Press) -> Place:
    """Where the outcome is told: beside the button, else (App Home) in the person's own chat."""
    return pressed.place if pressed.place.channel else Place(pressed.caller.user)


def _settled(pressed: Press, outcome: Outcome, told: Post | None) -> Post:
    """The message without its buttons, with who did what and when, and what came of it."""
    kept = without_buttons(pressed.message.get("blocks") or ()) or _words_of(pressed.message)
    line = who_when(outcome.used) if outcome.used else ""
    made: tuple[Json, ...] = (context(line),) if line else ()
    if told is not None:
        made += told.blocks
    elif outcome.repeated:
        made += tuple(section(escape(part)) for part in pieces(outcome.answer.text)[:2])
    text = told.text if told else escape(outcome.answer.text[:2_000])
    return Post(" – ".join(filter(None, (line, text))), (*kept, *made)[-MOST_BLOCKS:])


def _words_of(message: Json) -> tuple[Json, ...]:
    text = message.get("text")
    return (section(text[:2_900]),) if isinstance(text, str) and text.strip() else ()


def who_when(used: StoredAction) -> str:
    """Who pressed what, and when in the reader's own time: "✓ Anna Bell: Approve · 16 March 09:30"."""
    who = escape(used.used_by or used.user)
    return f"✓ *{who}*: {escape(used.label)}{_when(used.used_at)}"


def _when(at: datetime | None) -> str:
    if at is None:
        return ""
    plain = f"{at.day} {at:%b %H:%M}"
    return f" · <!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{plain}>"


async def _replace(pressed: Press, message: Post) -> bool:
    if pressed.response_url:
        return await respond(pressed.response_url, message, replace=True)
    return bool(pressed.posted.ts) and await update(pressed.caller.client, pressed.posted, message)


async def tell(pressed: Press, text: str) -> None:
    """Say something to who pressed, and to nobody else."""
    if pressed.response_url and await respond(pressed.response_url, Post(escape(text))):
        return
    await whisper(pressed.caller.client, where(pressed), pressed.caller.user, text)
