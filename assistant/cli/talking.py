"""``chat``, ``ask`` and ``parse``: words in, words out."""

from __future__ import annotations

import json
from typing import TextIO

from assistant.app import load_parser, open_house, start_logging
from assistant.cli.main import Trouble
from assistant.codec import plain_json
from assistant.settings import Settings
from connectors.chat.message import Answer, Message


def ask_once(settings: Settings, text: str, *, user: str, conversation: str, as_json: bool) -> None:
    """One message, one reply on standard output."""
    from connectors.chat.terminal import draw

    start_logging("ERROR")
    house = open_house(settings)
    speaker = house.user_named(user)
    answer = house.answer_now(Message(conversation, speaker, "terminal", text))
    print(json.dumps(answer_json(answer), ensure_ascii=False) if as_json else draw(answer))  # noqa: T201


def answer_json(answer: Answer) -> dict[str, object]:
    """The contract's reply, without pictures (a terminal has no files to serve)."""
    return {
        "conversation": answer.conversation,
        "text": answer.text,
        "parses": [
            {"intent": parse.intent, "confidence": round(parse.confidence, 4), "slots": dict(parse.slots)}
            for parse in answer.parses
        ],
        "data": plain_json(answer.data),
        "actions": [
            {"id": action.id, "label": action.label, "style": action.style} for action in answer.actions
        ],
        "attachments": [],
    }


def talk(settings: Settings, user: str) -> None:
    """A conversation in the terminal, until the end of input or "bye"."""
    from connectors.chat.terminal import converse

    start_logging("ERROR")
    house = open_house(settings)
    converse(house, house.user_named(user))


def parse_lines(settings: Settings, lines: TextIO, out: TextIO) -> None:
    """The contract's ``parse``: JSON lines in, JSON lines out."""
    from intents.lines import parse_lines as read_all
    from tools.store import open_store

    clock = settings.clock()
    store = open_store(settings.url(), clock=clock)
    parser = load_parser()
    try:
        for result in read_all(lines, store.catalogue(), clock(), parser):
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
            out.flush()
    except ValueError as error:
        raise Trouble(str(error)) from error
