"""Reads the lines of messages and what they mean, and compares parses with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.store import Catalogue

HERE = Path(__file__).parent
Gold = list[tuple[str, dict[str, Any]]]


def messages(name: str = "messages.txt") -> list[tuple[str, Gold]]:
    return [_line(line) for line in _lines(name) if line]


def conversations() -> Iterator[list[tuple[str, Gold]]]:
    turns: list[tuple[str, Gold]] = []
    for line in [*_lines("conversations.txt"), ""]:
        if line:
            turns.append(_line(line))
        elif turns:
            yield turns
            turns = []


def _lines(name: str) -> list[str]:
    return [line.strip() for line in (HERE / name).read_text().splitlines() if not line.startswith("#")]


def _line(line: str) -> tuple[str, Gold]:
    text, meaning = line.rsplit(" => ", 1)
    parses = []
    for part in meaning.split("; "):
        intent, slots = part.split(" ", 1)
        parses.append((intent, json.loads(slots)))
    return text, parses


def plain(parses: Any, catalogue: Catalogue) -> list[tuple[str, dict[str, Any]]]:
    """Parses in a form that compares: a category counts as its products, causes and remarks by some word."""
    return sorted(((parse.intent, _comparable(dict(parse.slots), catalogue)) for parse in parses), key=str)


def wanted(gold: Gold, catalogue: Catalogue) -> list[tuple[str, dict[str, Any]]]:
    return sorted(((intent, _comparable(slots, catalogue)) for intent, slots in gold), key=str)


def _comparable(slots: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    out = dict(slots)
    if out.get("category"):
        out["products"] = sorted(catalogue.categories[out.pop("category")])
    if "reason" in out:
        out["reason"] = True
    return out
