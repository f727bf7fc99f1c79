"""The HTTP interface's description as a page, drawn from its own OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from connectors.chat.web.auth import NotSignedIn, visitor_of
from connectors.chat.web.door import TheDoor
from connectors.chat.web.pages import page

router = APIRouter(include_in_schema=False)
EXAMPLE = """curl -s -X POST {address}/api/v1/messages \\
     -H 'Content-Type: application/json' \\
     -d '{{"conversation": "c1", "user": "anna", "text": "how many red mugs are left?"}}'"""


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that a program can ask for."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    body: str
    answers: list[tuple[str, str, str]]


@router.get("/docs", response_class=HTMLResponse)
def docs_page(request: Request, door: TheDoor) -> Response:
    """Everything that programs can ask for; /openapi.json has the same for tools."""
    document = request.app.openapi()
    try:
        visitor = visitor_of(request, door)
    except NotSignedIn:
        visitor = None
    example = EXAMPLE.format(address=str(request.base_url).rstrip("/"))
    schemas = {name: _pretty(schema) for name, schema in document["components"]["schemas"].items()}
    routes = list(_routes(document))
    return page(request, "docs.html", visitor, routes=routes, schemas=schemas, example=example)


def _routes(document: dict[str, Any]) -> Iterator[Route]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield Route(
                method=method.upper(),
                path=path,
                summary=told.get("summary", ""),
                description=told.get("description", "").replace("`", ""),
                parameters=told.get("parameters", []),
                body=_names(told.get("requestBody", {})),
                answers=[
                    (status, answer["description"], _names(answer))
                    for status, answer in sorted(told["responses"].items())
                ],
            )


def _names(part: dict[str, Any]) -> str:
    """The schemas that a body may have, by name."""
    names = []
    for content in part.get("content", {}).values():
        schema = content.get("schema", {})
        choices = schema.get("anyOf", [schema.get("items", schema)])
        names += [choice["$ref"].rsplit("/", 1)[1] for choice in choices if "$ref" in choice]
    return " or ".join(names)


def _pretty(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False)
