"""The rest of what Slack offers: /stock, shortcuts, forms, App Home, suggested prompts."""

from __future__ import annotations

import re
from functools import partial

import structlog
from anyio.to_thread import run_sync
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from connectors.chat.message import Answer, Message
from connectors.chat.slack import forms, home, offers
from connectors.chat.slack.blocks import Json, Post, draw
from connectors.chat.slack.desk import CHANNEL, HOW, Caller, Desk, caller_of, pairing_code, text_at
from connectors.chat.slack.errors import TROUBLES, code_of, is_not_there
from connectors.chat.slack.posting import Place, attach, direct_channel, respond, show, whisper
from connectors.chat.slack.talk import PAIR_IN_PRIVATE
from connectors.chat.slack.text import escape, plain
from tools.kit import Button, Call
from tools.store import User

log = structlog.get_logger(__name__)

STOCK, FEEDBACK = "/stock", "customer_feedback"
PROMPTS = "assistant.threads.setSuggestedPrompts"
MOST_PROMPTS = 4
LOW = "what's running low?"
_SENTENCE = re.compile(
    r"^(how|what|where|which|who|whose|when|why|do|does|did|is|are|any|have|has|can|show|list|find|help|count"
    r"|sold|we|i|move|order|reorder|undo|yes|no|tell|price|value|revenue|best|top)\b|\?\s*$",
    re.IGNORECASE,
)


def listen_to_extras(app: AsyncApp, desk: Desk) -> None:
    """Commands, shortcuts, forms and App Home."""
    _listen_to_commands(app, desk)
    _listen_to_forms(app, desk)

    @app.event("app_home_opened")
    async def opened(event: Json, context: AsyncBoltContext) -> None:
        caller = caller_of(desk, context)
        if caller:
            on_messages = text_at(event, "tab") == "messages"
            job = partial(prompt, desk, caller, event) if on_messages else partial(publish, desk, caller)
            desk.views.submit(caller.identity, job)


def _listen_to_commands(app: AsyncApp, desk: Desk) -> None:
    @app.command(STOCK)
    async def stock(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        caller, event = caller_of(desk, context), text_at(body, "trigger_id")
        if caller and desk.seen.first(event):
            desk.work.submit(f"{CHANNEL}:{caller.identity}", partial(answer_command, desk, caller, body))

    @app.shortcut(FEEDBACK)
    async def feedback(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        caller, event = caller_of(desk, context), text_at(body, "trigger_id")
        if caller and desk.seen.first(event):
            desk.work.submit(f"{CHANNEL}:{caller.identity}", partial(note_feedback, desk, caller, body))


def _listen_to_forms(app: AsyncApp, desk: Desk) -> None:
    @app.shortcut(forms.COUNT)
    async def count(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        caller = caller_of(desk, context)
        if caller and desk.seen.first(text_at(body, "trigger_id")):
            desk.views.submit(caller.identity, partial(open_form, desk, caller, text_at(body, "trigger_id")))

    @app.options(forms.PRODUCT)
    async def products(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        caller = caller_of(desk, context)
        person = await desk.person(caller) if caller else None
        typed = text_at(body, "value")
        await ack(options=await run_sync(forms.options, desk.house, typed) if person else [])

    @app.view(forms.COUNT)
    async def counted(ack: AsyncAck, body: Json, view: Json, context: AsyncBoltContext) -> None:
        caller = caller_of(desk, context)
        person = await desk.person(caller) if caller else None
        if caller is None or person is None:
            await ack(response_action="update", view=forms.stranger_form())
            return
        wanted = await run_sync(forms.filled, desk.house, person, view)
        if isinstance(wanted, dict):
            await ack(response_action="errors", errors=wanted)
            return
        await ack()
        view_id = text_at(view, "id") or text_at(body, "trigger_id")
        if desk.seen.first(f"form:{view_id}"):
            conversation = f"{CHANNEL}:{caller.identity}"
            desk.work.submit(conversation, partial(write_count, desk, caller, person, view_id, wanted))


# -- /stock and the shortcuts -------------------------------------------------------------------------


def words_for(typed: str) -> str:
    """What is asked with "/stock": how much is left of what is named, what runs low, or a whole sentence."""
    text = plain(typed)
    if not text:
        return LOW
    return text if _SENTENCE.search(text) or len(text.split()) > 5 else f"how many {text} do we have left?"


async def answer_command(desk: Desk, caller: Caller, body: Json) -> None:
    """Answer a command to who gave it, and to nobody else."""
    person, typed, url = await desk.person(caller), text_at(body, "text"), text_at(body, "response_url")
    if person is None:
        code = pairing_code(plain(typed), known=False)
        await say_privately(caller, body, PAIR_IN_PRIVATE if code else HOW)
        return
    message = Message(
        f"{CHANNEL}:{caller.identity}",
        person,
        CHANNEL,
        words_for(typed),
        event_id=text_at(body, "trigger_id"),
    )
    await show_privately(caller, url, await desk.answer(message))


async def show_privately(caller: Caller, url: str, answer: Answer) -> None:
    """Messages where the command was given, that only one person sees; files in their own chat."""
    drawn = draw(answer)
    try:
        if not (url and await respond(url, drawn.posts[0])):
            await show(caller.client, Place(caller.user), drawn)
            return
        for message in drawn.posts[1:]:
            await respond(url, message)
        if drawn.files:
            channel = await direct_channel(caller.client, caller.user)
            await attach(caller.client, Place(channel), drawn.files)
    except TROUBLES as error:
        log.warning("slack_answer_not_shown", error=code_of(error))


async def say_privately(caller: Caller, body: Json, text: str) -> None:
    """One sentence that only one person sees."""
    url = text_at(body, "response_url")
    if not (url and await respond(url, Post(escape(text)))):
        await whisper(caller.client, Place(caller.user), caller.user, text)


async def note_feedback(desk: Desk, caller: Caller, body: Json) -> None:
    """Keep what a customer said, as it stands in a message."""
    person, said = await desk.person(caller), plain(text_at(body, "message", "text"))
    if person is None:
        await say_privately(caller, body, HOW)
        return
    if not said:
        await say_privately(caller, body, "There are no words in that message.")
        return
    call = Button("Note customer feedback", Call("feedback.add", {"text": said[:4_000]}))
    answer = await _run(desk, caller, person, text_at(body, "trigger_id"), call, 0)
    await show_privately(caller, text_at(body, "response_url"), answer)


async def _run(desk: Desk, caller: Caller, person: User, event: str, call: Button, position: int) -> Answer:
    """Make a call as if its button had been pressed: rights, limits and doubts are the same."""
    conversation = f"{CHANNEL}:{caller.identity}"
    token = await run_sync(offers.offer_form, desk.house, person, conversation, event, call, position)
    return await desk.answer(Message(conversation, person, CHANNEL, action=token, event_id=f"form:{event}"))


# -- the form -----------------------------------------------------------------------------------------


async def open_form(desk: Desk, caller: Caller, trigger: str) -> None:
    """Open the form at once: Slack takes a trigger for three seconds."""
    person = await desk.person(caller)
    view = forms.stranger_form()
    if person is not None:
        ask = await run_sync(desk.ask, person, caller)
        view = await run_sync(forms.count_form, desk.house, ask) if ask.places else forms.no_place_form()
    try:
        await caller.client.views_open(trigger_id=trigger, view=view)
    except TROUBLES as error:
        log.warning("slack_form_not_opened", error=code_of(error))


async def write_count(desk: Desk, caller: Caller, person: User, view_id: str, counted: forms.Counted) -> None:
    """Write a count down, and tell in the person's own chat what came of it."""
    answer = await _run(desk, caller, person, view_id, counted.button, counted.position)
    try:
        await show(caller.client, Place(caller.user), draw(answer))
    except TROUBLES as error:
        log.warning("slack_answer_not_shown", error=code_of(error))


# -- App Home -----------------------------------------------------------------------------------------


async def publish(desk: Desk, caller: Caller) -> None:
    """Draw App Home."""
    person = await desk.person(caller)
    view = home.stranger_view()
    if person is not None:
        ask = await run_sync(desk.ask, person, caller)
        view = await run_sync(home.view_of, desk.house, ask)
    try:
        await caller.client.views_publish(user_id=caller.user, view=view)
    except TROUBLES as error:
        log.warning("slack_home_not_drawn", error=code_of(error))


async def prompt(desk: Desk, caller: Caller, event: Json) -> None:
    """Suggest what could be asked, where somebody opens the chat with the assistant."""
    person, channel = await desk.person(caller), text_at(event, "channel")
    if person is None or not channel or not desk.has(caller, PROMPTS):
        return
    sentences = await run_sync(desk.house.suggestions, person)
    prompts = [{"title": sentence, "message": sentence} for sentence in sentences[:MOST_PROMPTS]]
    try:
        await caller.client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
    except TROUBLES as error:
        log.info("slack_method_refused", method=PROMPTS, error=code_of(error))
        if is_not_there(error):
            desk.lacks(caller, PROMPTS)
