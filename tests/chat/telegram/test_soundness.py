"""Updates of any shape: told apart before anything is done with them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.telegram.lanes import _chat_of
from connectors.chat.telegram.soundness import fault_of

NAMES = st.sampled_from(
    ["update_id", "message", "callback_query", "chat", "from", "id", "type", "message_id", "text", "photo", "document",
     "file_id", "data", "is_bot", "reply_markup", "inline_keyboard", "entities", "reply_to_message"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)


def said(**content: Any) -> dict[str, Any]:
    who = {"id": 5, "is_bot": False, "first_name": "Anna"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": who}
    return {"update_id": 7, "message": {**message, **content}}


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_any_json_is_either_served_or_named(raw: dict[str, Any]) -> None:
    assert isinstance(fault_of(raw), str)
    hash(_chat_of(raw))


def test_what_telegram_sends_is_sound() -> None:
    photo = [{"file_id": "f", "file_unique_id": "f", "width": 9, "height": 9}]
    for content in (
        {"text": "hi"},
        {"photo": photo, "caption": "x"},
        {"location": {"latitude": 1, "longitude": 2}},
    ):
        assert fault_of(said(**content)) == ""
    assert fault_of({"update_id": 1, "poll": {}}) == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"text": 5}, "message.text"),
        ({"chat": {"id": "NaN", "type": "private"}}, "message.chat.id"),
        ({"chat": {"id": True, "type": "private"}}, "message.chat.id"),
        ({"message_id": 2**70}, "message.message_id"),
        ({"photo": [{"file_id": {}}]}, "message.photo"),
        ({"document": {"file_id": 1}}, "message.document.file_id"),
        ({"from": {"id": None}}, "message.from.id"),
        ({"text": "hi", "entities": [{"type": "bold", "offset": "0"}]}, "message.entities"),
    ],
)
def test_what_is_odd_is_named(content: dict[str, Any], why: str) -> None:
    assert fault_of(said(**content)) == why
