"""A message about an incident, with buttons that are stored together with it."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Sequence
from datetime import datetime

from assistant import access
from assistant.buttons import MOST_BUTTONS
from assistant.codec import answer_to_json, reply_from_json
from connectors.chat.message import Answer, OfferedAction
from tools.kit import Button, Reply, all_tools
from tools.kit.handling import handling_buttons
from tools.store import Incident, StoredAction, User
from tools.store.incidents_facts import ALERT, FOLDED, Letter


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """One person in one chat."""

    user: User
    channel: str
    identity: str

    @property
    def conversation(self) -> str:
        """Where the message and its buttons live."""
        return f"{self.channel}:{self.identity}"


def telling(incident: Incident, user: User) -> str:
    """The name of one telling of an incident to a person, whatever the chat."""
    return f"alert:{incident.id}:{incident.tellings}:{user.id}"


def alert_letter(incident: Incident, to: Address, due: datetime, position: int) -> Letter:
    """What is sent to one person in one chat about one incident."""
    reply = reply_from_json(incident.reply)
    buttons = _buttons(incident, reply, to.user)
    actions = tuple(_stored(incident, button, to, position) for button in buttons)
    return Letter(
        dedupe_key=f"{telling(incident, to.user)}:{to.channel}",
        kind=ALERT,
        person=to.user.name,
        due_at=due,
        channel=to.channel,
        recipient=to.identity,
        answer=_answer(to, (dataclasses.replace(reply, buttons=buttons),), actions),
        incident=incident.id,
        actions=actions,
    )


def plain_letter(key: str, kind: str, replies: Sequence[Reply], to: Address, due: datetime) -> Letter:
    """A brief or a digest to one person in one chat; what their role may not press is left out."""
    allowed = [dataclasses.replace(reply, buttons=_allowed(reply.buttons, to.user)) for reply in replies]
    actions = tuple(
        _action(button, to, secrets.token_urlsafe(9), 0) for reply in allowed for button in reply.buttons
    )[:MOST_BUTTONS]
    return Letter(
        dedupe_key=f"{key}:{to.user.id}:{to.channel}",
        kind=kind,
        person=to.user.name,
        due_at=due,
        channel=to.channel,
        recipient=to.identity,
        answer=_answer(to, tuple(allowed), actions),
        actions=actions,
    )


def folded(incident: Incident, user: User, due: datetime) -> Letter:
    """The note that a person was told of an incident in a digest."""
    return Letter(
        f"{telling(incident, user)}:{FOLDED}", FOLDED, user.name, due, answer="{}", incident=incident.id
    )


def _answer(to: Address, replies: tuple[Reply, ...], actions: Sequence[StoredAction]) -> str:
    shown = tuple(OfferedAction(action.token, action.label, action.style) for action in actions)
    return answer_to_json(Answer(to.conversation, replies, (), shown))


def _buttons(incident: Incident, reply: Reply, user: User) -> tuple[Button, ...]:
    """What mends it, then what can be done besides; a person gets only what they may press."""
    besides = _allowed(handling_buttons(incident), user)
    mending = _allowed(reply.buttons, user)[: MOST_BUTTONS - len(besides)]
    return (*mending, *besides)


def _allowed(buttons: Sequence[Button], user: User) -> tuple[Button, ...]:
    known = all_tools()
    return tuple(
        button
        for button in buttons
        if button.call.intent in known and access.may(user, known[button.call.intent].right)
    )


def _stored(incident: Incident, button: Button, to: Address, position: int) -> StoredAction:
    return _action(button, to, offer_of(incident, button, to), position)


def offer_of(incident: Incident, button: Button, to: Address) -> str:
    """Which buttons become final together.

    What changes the books is one choice for everybody who was told: two people who both press
    "Order" order once.  To put it off is each person's own choice, and a question is always free.
    """
    tool, about = all_tools()[button.call.intent], f"i{incident.id}.{incident.tellings}"
    if "incident" in button.call.slots:
        return f"{about}.{to.user.id}.{to.channel}.{button.call.slots['how'] == 'useless'}"[:64]
    return about if tool.writes else secrets.token_urlsafe(9)


def _action(button: Button, to: Address, offer: str, position: int) -> StoredAction:
    return StoredAction(
        token=secrets.token_urlsafe(16),
        conversation=to.conversation,
        user=to.user.name,
        label=button.label,
        style=button.style,
        intent=button.call.intent,
        slots=dict(button.call.slots),
        position=position,
        state="offered",
        offer=offer,
    )
