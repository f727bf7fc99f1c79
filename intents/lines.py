"""The ``parse`` command's lines: JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from intents.context import Memory
from intents.parser import Parser
from intents.understanding import Understanding
from tools.kit import Parse
from tools.store import Catalogue


def parse_lines(
    lines: Iterable[str], catalogue: Catalogue, now: datetime, parser: Parser | None = None
) -> Iterator[dict[str, Any]]:
    """One answer for each line ``{"id", "text"}`` or ``{"id", "turns": [text, …]}``; empty lines are skipped.

    Raises:
        ValueError: a line is no such object; the message names the line.
    """
    reader = parser or Parser.load()
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _answer(line, number, catalogue, now, reader)


def _answer(line: str, number: int, catalogue: Catalogue, now: datetime, parser: Parser) -> dict[str, Any]:
    try:
        row = json.loads(line)
        turns = [str(turn) for turn in row["turns"]] if "turns" in row else [str(row["text"])]
        name = row["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f'line {number} is no {{"id", "text"}} or {{"id", "turns"}}: {error}') from error
    understanding = read_turns(turns, parser, catalogue, now)
    return {"id": name, "parses": [parse_json(parse) for parse in understanding.parses]}


def read_turns(turns: list[str], parser: Parser, catalogue: Catalogue, now: datetime) -> Understanding:
    """The last turn, understood after the ones before it."""
    memory = Memory()
    understanding = Understanding(())
    for turn in turns:
        understanding = parser.read(turn, memory, catalogue=catalogue, now=now)
        memory = parser.remember(memory, understanding)
    return understanding


def parse_json(parse: Parse) -> dict[str, Any]:
    """The contract's form of one parse."""
    return {"intent": parse.intent, "confidence": parse.confidence, "slots": dict(parse.slots)}
