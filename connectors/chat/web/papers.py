"""Papers of replies under names that nobody can guess: made when they are fetched, for those who asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Response
from fastapi import Path as InPath

from connectors.chat.paper import comma_separated, pdf
from connectors.chat.web.auth import TheVisitor
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.models import SHARED, ProblemOut
from connectors.chat.web.plain import plain
from tools.kit import Paper, Reply, Table
from tools.store import User

PAPERS = "papers"
KINDS = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
router = APIRouter()


def keep_paper(door: Door, paper: Paper, *, user: User, event_id: str, number: int) -> str:
    """Keep a paper for its reader and give its address without the ending."""
    name = door.seal("paper", user.name, event_id, str(number))
    kept = door.files / PAPERS / f"{name}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"for": user.name, "paper": plain(asdict(paper))}), encoding="utf-8")
    return f"/files/{name}"


def papers_of(replies: tuple[Reply, ...]) -> list[Paper]:
    """All papers of an answer, in order."""
    return [block for reply in replies for block in reply.blocks if isinstance(block, Paper)]


@router.get(
    "/files/{name}.{kind}",
    tags=["Messages"],
    summary="A paper of a reply",
    response_class=Response,
    responses=SHARED
    | {
        200: {"content": {"application/pdf": {}, "text/csv": {}}, "description": "The file"},
        404: {"model": ProblemOut, "description": "There is no such paper for you"},
    },
)
def paper_file(
    name: Annotated[str, InPath(pattern=r"^[A-Za-z0-9_-]{43}$")],
    kind: Literal["pdf", "csv"],
    door: TheDoor,
    visitor: TheVisitor,
) -> Response:
    """The paper as PDF or CSV, for the person whose reply it belongs to."""
    try:
        kept = json.loads((door.files / PAPERS / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = None
    if kept is None or kept["for"] != visitor.user.name:
        raise HTTPException(404, "There is no such paper for you.")
    paper = _paper(kept["paper"])
    content = pdf(paper) if kind == "pdf" else comma_separated(paper)
    headers = {
        "cache-control": "private, max-age=86400",
        "content-disposition": f'attachment; filename="{paper.name}.{kind}"',
    }
    return Response(content, media_type=KINDS[kind], headers=headers)


def _paper(kept: dict[str, Any]) -> Paper:
    raw = kept["table"]
    table = Table(tuple(raw["columns"]), tuple(tuple(row) for row in raw["rows"]), raw["title"])
    head = tuple((label, value) for label, value in kept["head"])
    codes = tuple((label, address) for label, address in kept.get("codes", ()))
    return Paper(kept["title"], kept["name"], head, table, tuple(kept["foot"]), codes)
