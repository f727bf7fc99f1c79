"""Something said in Slack: who said it, the house's answer, and the answer shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog
from anyio.to_thread import run_sync

from connectors.chat.message import Message
from connectors.chat.slack import blocks
from connectors.chat.slack.desk import CHANNEL, HOW, Caller, Desk, Json, pairing_code
from connectors.chat.slack.errors import TROUBLES, code_of
from connectors.chat.slack.posting import Place, whisper
from connectors.chat.slack.progress import Progress
from tools.store import User

log = structlog.get_logger(__name__)

PAIR_IN_PRIVATE = "Please send me that code in a direct message, where nobody else reads it."


@dataclass(frozen=True, slots=True)
class Said:
    """One message.  ``addressed``: it was said to the assistant, not merely in a thread with it."""

    caller: Caller
    place: Place
    event_id: str
    text: str
    addressed: bool = True
    files: tuple[Json, ...] = ()


async def converse(desk: Desk, said: Said) -> None:
    """Answer a message, once."""
    installations = desk.house.store.installations
    if await run_sync(installations.was_told, said.event_id):
        return
    person = await desk.person(said.caller)
    if not said.addressed and (person is None or not await _in_talk(desk, said, person)):
        return
    try:
        await _answer(desk, said, person)
    except TROUBLES as error:
        log.warning("slack_answer_not_shown", error=code_of(error), conversation=said.place.channel)
        desk.seen.forget(said.event_id)
        return
    await run_sync(installations.told, said.event_id)


async def _in_talk(desk: Desk, said: Said, person: User) -> bool:
    """Whether this person has spoken with the assistant in this thread."""
    conversation = desk.conversation(said.caller, said.place)
    return bool(await run_sync(desk.house.store.talk.history, conversation, person.name, 1))


async def _answer(desk: Desk, said: Said, person: User | None) -> None:
    caller, place = said.caller, said.place
    code = pairing_code(said.text, known=person is not None)
    if code:
        await whisper(caller.client, place, caller.user, await _paired(desk, said, code))
    elif person is None:
        await whisper(caller.client, place, caller.user, HOW)
    else:
        await _turn(desk, said, person)


async def _paired(desk: Desk, said: Said, code: str) -> str:
    if not said.place.direct:
        return PAIR_IN_PRIVATE
    result = await run_sync(desk.house.pair, CHANNEL, said.caller.identity, code)
    if isinstance(result, str):
        return result
    examples = " ".join(f"“{sentence}”" for sentence in desk.house.suggestions(result)[:3])
    return f"Hello {result.name}, now I know you here. Ask me, for example: {examples}"


async def _turn(desk: Desk, said: Said, person: User) -> None:
    message = Message(
        desk.conversation(said.caller, said.place), person, CHANNEL, said.text, event_id=said.event_id
    )
    if said.files:
        return await _files(desk, said, message)
    progress = Progress(desk, said.caller, said.place)
    answer = await desk.answer(message, progress.heard)
    await progress.finish(blocks.draw(answer))
    return None


async def _files(desk: Desk, said: Said, message: Message) -> None:
    """Each shared file is an event of its own; the words go with the first."""
    from connectors.chat.slack.incoming import answer_to

    for number, file in enumerate(said.files):
        event = said.event_id if number == 0 else f"{said.event_id}:{number}"
        one = replace(message, event_id=event, text=message.text if number == 0 else "")
        progress = Progress(desk, said.caller, said.place)
        answer = await answer_to(desk, said.caller, one, file)
        await progress.finish(blocks.draw(answer))
