"""Buttons: keyboards under a message, and how they ended once somebody pressed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from connectors.chat.message import OfferedAction
from connectors.chat.telegram.spans import short
from tools.store import Store, StoredAction

MOST_DATA_BYTES = 64
MOST_LABEL = 64
# Two buttons share a row where both labels are this short.
SHORT_LABEL = 16
LOOKS = {"primary": "primary", "danger": "danger"}


def keyboard(actions: Sequence[OfferedAction]) -> InlineKeyboardMarkup | None:
    """The offered buttons; None where there is nothing to press."""
    rows: list[list[InlineKeyboardButton]] = []
    for action in actions:
        if len(action.id.encode()) > MOST_DATA_BYTES:
            continue
        button = InlineKeyboardButton(
            short(action.label, MOST_LABEL) or "…", callback_data=action.id, style=LOOKS.get(action.style)
        )
        if rows and len(rows[-1]) == 1 and _is_short(rows[-1][0]) and _is_short(button):
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def tokens_of(markup: InlineKeyboardMarkup | None) -> list[str]:
    """The tokens of the buttons under a message, in order."""
    rows = markup.inline_keyboard if markup else ()
    return [str(button.callback_data) for row in rows for button in row if button.callback_data]


def standing(store: Store, tokens: Sequence[str]) -> list[StoredAction]:
    """These buttons as they stand in the books."""
    return [found for token in tokens if (found := store.talk.action(token)) is not None]


def still_offered(actions: Sequence[StoredAction]) -> InlineKeyboardMarkup | None:
    """The keyboard of what can still be pressed."""
    left = [action for action in actions if action.state == "offered"]
    return keyboard([OfferedAction(action.token, action.label, action.style) for action in left])


def fates(actions: Sequence[StoredAction], now: datetime) -> list[str]:
    """Who pressed what and when, a line for each button that was used."""
    return [_fate(action, now) for action in actions if action.used_at is not None]


def _fate(action: StoredAction, now: datetime) -> str:
    at = (action.used_at or now).astimezone(now.tzinfo)
    when = f"{at:%H:%M}" if at.date() == now.date() else f"{at.day} {at:%b}, {at:%H:%M}"
    return f"✓ {action.label} · {action.used_by}, {when}"


def _is_short(button: InlineKeyboardButton) -> bool:
    return len(button.text) <= SHORT_LABEL
