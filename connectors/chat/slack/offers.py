"""Calls that wait behind a button or a form: kept like every other offer, so they take effect once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.chat.message import House, OfferedAction
from tools.kit import Button
from tools.store import StoredAction, User


def offer(house: House, person: User, conversation: str, buttons: Sequence[Button]) -> list[OfferedAction]:
    """Buttons that stand outside an answer: each is an offer of its own."""
    position = house.store.stock.position()
    kept = [_stored(person, conversation, button, secrets.token_urlsafe(16), position) for button in buttons]
    house.store.talk.offer(kept, house.now())
    return [OfferedAction(one.token, one.label, one.style) for one in kept]


def token_of_form(view_id: str) -> str:
    """The token of what a form asks for: the same form is the same request."""
    return f"form-{hashlib.sha256(view_id.encode('utf-8', 'replace')).hexdigest()[:40]}"


def offer_form(
    house: House, person: User, conversation: str, view_id: str, call: Button, position: int
) -> str:
    """Keep what a filled form asks for; its token, to be pressed at once."""
    token = token_of_form(view_id)
    if house.store.talk.action(token) is None:
        house.store.talk.offer([_stored(person, conversation, call, token, position)], house.now())
    return token


def _stored(person: User, conversation: str, button: Button, token: str, position: int) -> StoredAction:
    slots: Mapping[str, Any] = dict(button.call.slots)
    return StoredAction(
        token=token,
        conversation=conversation,
        user=person.name,
        label=button.label,
        style=button.style,
        intent=button.call.intent,
        slots=slots,
        position=position,
        state="offered",
        offer=secrets.token_urlsafe(9),
    )
