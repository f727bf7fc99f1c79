"""The calls that we make of the Bot API, field by field: name, type, and whether it has to be there.

Made by hand from the public documentation.  Where the whole of it is at hand as data,
``bench/telegram_chat.py`` checks every call against that, too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

INTEGER, STRING, BOOLEAN, FILE = "Integer", "String", "Boolean", "InputFile"
KEYBOARD, REPLY, PREVIEW = "InlineKeyboardMarkup", "ReplyParameters", "LinkPreviewOptions"
COMMANDS, SCOPE, STRINGS = "Array of BotCommand", "BotCommandScope", "Array of String"
NEEDED, OPTIONAL = True, False

_PLACE = {
    "chat_id": (INTEGER, NEEDED),
    "message_thread_id": (INTEGER, OPTIONAL),
    "disable_notification": (BOOLEAN, OPTIONAL),
    "reply_parameters": (REPLY, OPTIONAL),
    "reply_markup": (KEYBOARD, OPTIONAL),
    "parse_mode": (STRING, OPTIONAL),
}
_CAPTION = {"caption": (STRING, OPTIONAL)}
_EDITED = {
    "chat_id": (INTEGER, NEEDED),
    "message_id": (INTEGER, NEEDED),
    "reply_markup": (KEYBOARD, OPTIONAL),
}

METHODS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    "getMe": {},
    "getUpdates": {
        "offset": (INTEGER, OPTIONAL),
        "limit": (INTEGER, OPTIONAL),
        "timeout": (INTEGER, OPTIONAL),
        "allowed_updates": (STRINGS, OPTIONAL),
    },
    "setWebhook": {
        "url": (STRING, NEEDED),
        "secret_token": (STRING, OPTIONAL),
        "allowed_updates": (STRINGS, OPTIONAL),
    },
    "deleteWebhook": {"drop_pending_updates": (BOOLEAN, OPTIONAL)},
    "getWebhookInfo": {},
    "sendMessage": _PLACE | {"text": (STRING, NEEDED), "link_preview_options": (PREVIEW, OPTIONAL)},
    "sendPhoto": _PLACE | _CAPTION | {"photo": (FILE, NEEDED)},
    "sendDocument": _PLACE | _CAPTION | {"document": (FILE, NEEDED)},
    "sendChatAction": {
        "chat_id": (INTEGER, NEEDED),
        "action": (STRING, NEEDED),
        "message_thread_id": (INTEGER, OPTIONAL),
    },
    "editMessageText": _EDITED
    | {"text": (STRING, NEEDED), "parse_mode": (STRING, OPTIONAL), "link_preview_options": (PREVIEW, OPTIONAL)},
    "editMessageReplyMarkup": _EDITED,
    "answerCallbackQuery": {
        "callback_query_id": (STRING, NEEDED),
        "text": (STRING, OPTIONAL),
        "show_alert": (BOOLEAN, OPTIONAL),
    },
    "getFile": {"file_id": (STRING, NEEDED)},
    "setMyCommands": {"commands": (COMMANDS, NEEDED), "scope": (SCOPE, OPTIONAL), "language_code": (STRING, OPTIONAL)},
}  # fmt: skip


def faults_of(method: str, given: Mapping[str, Any]) -> list[str]:
    """What is wrong with a call, by our table."""
    fields = METHODS.get(method)
    if fields is None:
        return [f"{method}: not in our table"]
    found = [
        f"{method}: {name} is missing" for name, (_, needed) in fields.items() if needed and name not in given
    ]
    for name, value in given.items():
        if name not in fields:
            found.append(f"{method}: {name} is unknown")
        elif not fits(fields[name][0], value):
            found.append(f"{method}: {name}={value!r} is no {fields[name][0]}")
    return found


def fits(kind: str, value: Any) -> bool:
    """Whether a form's value can be read as this type."""
    if kind == STRING:
        return isinstance(value, str)
    if kind == FILE:
        return isinstance(value, bytes)
    try:
        read = json.loads(value)
    except (TypeError, ValueError):
        return False
    if kind in (INTEGER, BOOLEAN):
        return isinstance(read, bool) == (kind == BOOLEAN) and isinstance(read, int)
    return isinstance(read, list if kind.startswith("Array") else dict)
