"""Answers as JSON and back: what was said once can be told again, word for word."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from connectors.chat.message import Answer, OfferedAction
from tools.kit import Block, Button, Call, Chart, Parse, Prose, Reply, Series, Source, Table


def answer_to_json(answer: Answer) -> str:
    """One answer as text."""
    return json.dumps(_plain(dataclasses.asdict(_named_blocks(answer))), ensure_ascii=False)


def answer_from_json(text: str) -> Answer:
    """The inverse of :func:`answer_to_json`."""
    raw = json.loads(text)
    return Answer(
        conversation=raw["conversation"],
        replies=tuple(_reply(reply) for reply in raw["replies"]),
        parses=tuple(Parse(**parse) for parse in raw["parses"]),
        actions=tuple(OfferedAction(**action) for action in raw["actions"]),
        repeated=raw["repeated"],
    )


def plain_json(value: Any) -> Any:
    """Any reply data as JSON values: whole Decimals become int, others float."""
    return _plain(value)


def _named_blocks(answer: Answer) -> Answer:
    replies = tuple(
        dataclasses.replace(reply, blocks=tuple(_Named(block) for block in reply.blocks))  # type: ignore[misc]
        for reply in answer.replies
    )
    return dataclasses.replace(answer, replies=replies)


@dataclasses.dataclass(frozen=True)
class _Named:
    """A block with the name of its kind, so that it can be read back."""

    block: Block
    kind: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self.block).__name__.lower())


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _reply(raw: Mapping[str, Any]) -> Reply:
    return Reply(
        text=raw["text"],
        data=raw["data"],
        blocks=tuple(_block(named) for named in raw["blocks"]),
        buttons=tuple(
            Button(label=item["label"], call=Call(**item["call"]), style=item["style"])
            for item in raw["buttons"]
        ),
        sources=tuple(
            Source(what=item["what"], as_of=item["as_of"], rows=tuple(item["rows"]))
            for item in raw["sources"]
        ),
    )


def _block(named: Mapping[str, Any]) -> Block:
    raw = dict(named["block"])
    if named["kind"] == "table":
        rows = tuple(tuple(row) for row in raw["rows"])
        return Table(columns=tuple(raw["columns"]), rows=rows, title=raw["title"])
    if named["kind"] == "chart":
        series = tuple(Series(name=item["name"], values=tuple(item["values"])) for item in raw["series"])
        labels = tuple(raw["labels"])
        return Chart(title=raw["title"], kind=raw["kind"], labels=labels, series=series, unit=raw["unit"])
    return Prose(text=raw["text"])
