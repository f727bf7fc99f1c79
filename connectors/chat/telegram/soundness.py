"""Whether an update is what Telegram says that updates are, where we build on it.

The library takes any JSON; what is of another type would come back to Telegram in our calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.chat.telegram.lanes import Raw

PLACE = (("chat", dict), ("chat.id", int), ("chat.type", str), ("message_id", int))
SENDER = (("from.id", int), ("from.is_bot", bool))
# Kind of update -> what has to be there, and what has to have its type where it is there.
NEEDED: Mapping[str, Sequence[tuple[str, type]]] = {
    "message": PLACE,
    "edited_message": PLACE,
    "callback_query": (("id", str), *SENDER),
}
CONTENT = (
    ("from", dict),
    *SENDER,
    ("text", str),
    ("caption", str),
    ("message_thread_id", int),
    ("is_topic_message", bool),
    ("location", dict),
    ("location.latitude", float),
    ("location.longitude", float),
    ("document.file_id", str),
    ("document.file_name", str),
    ("document.mime_type", str),
    ("document.file_size", int),
    ("photo", list),
    ("entities", list),
    ("caption_entities", list),
    ("reply_to_message", dict),
    ("reply_to_message.from.id", int),
)
TYPED: Mapping[str, Sequence[tuple[str, type]]] = {
    "message": CONTENT,
    "edited_message": CONTENT,
    "callback_query": (
        ("data", str),
        ("message", dict),
        *((f"message.{path}", kind) for path, kind in CONTENT),
        ("message.reply_markup.inline_keyboard", list),
    ),
}
LARGEST_ID = 2**52  # of a chat or person, says the Bot API
_MISSING = object()


def fault_of(raw: Raw) -> str:
    """What is odd about an update; "" where it can be served."""
    if not _is(raw.get("update_id"), int):
        return "update_id"
    for kind, needed in NEEDED.items():
        if kind in raw:
            return next(_faults(kind, raw[kind], needed), "")
    return ""


def _faults(kind: str, content: Any, needed: Sequence[tuple[str, type]]) -> Iterator[str]:
    if not isinstance(content, dict):
        yield kind
        return
    for path, wanted in needed:
        if not _is(_at(content, path), wanted):
            yield f"{kind}.{path}"
    for path, wanted in TYPED[kind]:
        found = _at(content, path)
        if found is not _MISSING and not _is(found, wanted):
            yield f"{kind}.{path}"
    pressed = content.get("message")
    if kind == "callback_query" and isinstance(pressed, dict):
        yield from (f"{kind}.message.{path}" for path, wanted in PLACE if not _is(_at(pressed, path), wanted))
    shown = pressed if isinstance(pressed, dict) else content
    yield from _entity_faults(kind, shown.get("entities") or shown.get("caption_entities"))
    yield from _photo_faults(kind, content.get("photo"))


def _entity_faults(kind: str, entities: Any) -> Iterator[str]:
    for one in entities if isinstance(entities, list) else ():
        spans = isinstance(one, dict) and all(_is(one.get(name), int) for name in ("offset", "length"))
        if not spans or not _is(one.get("type"), str):
            yield f"{kind}.entities"


def _photo_faults(kind: str, photo: Any) -> Iterator[str]:
    for one in photo if isinstance(photo, list) else ():
        sound = isinstance(one, dict) and _is(one.get("file_id"), str) and _is(one.get("file_size", 0), int)
        if not sound or not all(_is(one.get(name), int) for name in ("width", "height")):
            yield f"{kind}.photo"


def _at(content: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(content, dict) or name not in content:
            return _MISSING
        content = content[name]
    return content


def _is(value: Any, wanted: type) -> bool:
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, wanted)
