"""Pictures under names that nobody can guess, drawn when they are fetched, for those who asked for them."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Response
from fastapi import Path as InPath

from connectors.chat.drawing import draw
from connectors.chat.web.auth import TheVisitor
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.models import SHARED, ProblemOut
from tools.kit import Chart, Reply, Series
from tools.store import User

CHARTS = "charts"
router = APIRouter()


def keep_chart(door: Door, chart: Chart, *, user: User, event_id: str, number: int) -> str:
    """Keep a chart for its reader and give its address; the same event gives the same address."""
    name = door.seal("chart", user.name, event_id, str(number))
    kept = door.files / CHARTS / f"{name}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"for": user.name, "chart": asdict(chart)}), encoding="utf-8")
    return f"/files/{name}.png"


def forget_old_charts(files: Path, days: int = 90) -> None:
    """Delete charts that nobody scrolls back to any more; the page makes them anew if somebody does."""
    oldest = time.time() - days * 86_400
    for path in (files / CHARTS).glob("*.json"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def charts_of(replies: tuple[Reply, ...]) -> list[Chart]:
    """All charts of an answer, in order."""
    return [block for reply in replies for block in reply.blocks if isinstance(block, Chart)]


@router.get(
    "/files/{name}.png",
    tags=["Messages"],
    summary="A chart of a reply",
    response_class=Response,
    responses=SHARED
    | {
        200: {"content": {"image/png": {}}, "description": "The picture"},
        404: {"model": ProblemOut, "description": "There is no such picture for you"},
    },
)
def chart_picture(
    name: Annotated[str, InPath(pattern=r"^[A-Za-z0-9_-]{43}$")], door: TheDoor, visitor: TheVisitor
) -> Response:
    """The chart as PNG, for the person whose question it answers."""
    kept = _kept(door.files / CHARTS / f"{name}.json")
    if kept is None or kept["for"] != visitor.user.name:
        raise HTTPException(404, "There is no such picture for you.")
    headers = {"cache-control": "private, max-age=86400"}
    return Response(draw(_chart(kept["chart"])), media_type="image/png", headers=headers)


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return kept


def _chart(kept: dict[str, Any]) -> Chart:
    series = tuple(Series(one["name"], tuple(one["values"]), one.get("look", "")) for one in kept["series"])
    return Chart(kept["title"], kept["kind"], tuple(kept["labels"]), series, kept["unit"])
