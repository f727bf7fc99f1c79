"""Answers as JSON and back: what was said once can be told again, word for word."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from connectors.chat.message import Answer, OfferedAction
from tools.kit import (
    Attached,
    Block,
    Button,
    Call,
    Chart,
    Links,
    Paper,
    Parse,
    Prose,
    Reply,
    Series,
    Source,
    Table,
)
from tools.kit.route_map import map_from


def answer_to_json(answer: Answer) -> str:
    """One answer as text."""
    return json.dumps(plain_json(answer), ensure_ascii=False)


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


def reply_to_json(reply: Reply) -> str:
    """One reply as text."""
    return json.dumps(plain_json(reply), ensure_ascii=False)


def reply_from_json(text: str) -> Reply:
    """The inverse of :func:`reply_to_json`."""
    return _reply(json.loads(text))


def plain_json(value: Any) -> Any:
    """Reply data as JSON values: whole Decimals become int, others float; a block carries its kind.

    The content of a file is base64.
    """
    if isinstance(value, Mapping):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_json(item) for item in value]
    if isinstance(value, Block):
        return {"kind": type(value).__name__.lower(), "block": _fields(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    return _plain_value(value)


def _plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: plain_json(getattr(value, field.name)) for field in dataclasses.fields(value)}


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
    made = _MADE.get(named["kind"], _prose)
    return made(named["block"])


def _prose(raw: Mapping[str, Any]) -> Prose:
    return Prose(text=raw["text"])


def _chart(raw: Mapping[str, Any]) -> Chart:
    series = tuple(
        Series(name=item["name"], values=tuple(item["values"]), look=item.get("look", ""))
        for item in raw["series"]
    )
    labels = tuple(raw["labels"])
    return Chart(title=raw["title"], kind=raw["kind"], labels=labels, series=series, unit=raw["unit"])


def _paper(raw: Mapping[str, Any]) -> Paper:
    head = tuple((label, value) for label, value in raw["head"])
    codes = tuple((label, address) for label, address in raw.get("codes", ()))
    return Paper(raw["title"], raw["name"], head, _table(raw["table"]["block"]), tuple(raw["foot"]), codes)


def _attached(raw: Mapping[str, Any]) -> Attached:
    return Attached(**{**raw, "content": base64.b64decode(raw["content"])})


def _links(raw: Mapping[str, Any]) -> Links:
    return Links(tuple((label, address) for label, address in raw["links"]), raw["title"])


def _table(raw: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(row) for row in raw["rows"])
    return Table(columns=tuple(raw["columns"]), rows=rows, title=raw["title"])


_MADE: dict[str, Callable[[Mapping[str, Any]], Block]] = {
    "prose": _prose,
    "table": _table,
    "chart": _chart,
    "paper": _paper,
    "routemap": map_from,
    "attached": _attached,
    "links": _links,
}
