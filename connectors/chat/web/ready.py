"""Files of replies that are ready as they are, and maps as pictures, for those who asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Response
from fastapi import Path as InPath

from connectors.chat import tiles
from connectors.chat.routes_picture import draw
from connectors.chat.web.auth import TheVisitor
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.models import SHARED, ProblemOut
from tools.kit import Attached, Reply, RouteMap
from tools.kit.route_map import map_from
from tools.store import User

READY = "ready"
ENDINGS = {"application/gpx+xml": "gpx", "image/png": "png"}
MEDIA = {ending: media for media, ending in ENDINGS.items()}
router = APIRouter()


def keep_ready(door: Door, block: RouteMap | Attached, *, user: User, event_id: str, number: int) -> str:
    """Keep a map or file for its reader and give its address; the same event gives the same address."""
    name = door.seal("ready", user.name, event_id, str(number))
    folder = door.files / READY
    if not (folder / f"{name}.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept: dict[str, Any] = {"for": user.name}
        if isinstance(block, RouteMap):
            kept["map"] = asdict(block)
        else:
            kept["name"] = block.name
            (folder / f"{name}.bin").write_bytes(block.content)
        (folder / f"{name}.json").write_text(json.dumps(kept), encoding="utf-8")
    return f"/files/ready/{name}.{ENDINGS[media_of(block)]}"


def media_of(block: RouteMap | Attached) -> Literal["application/gpx+xml", "image/png"]:
    """What a browser is told that it gets."""
    return block.media if isinstance(block, Attached) else "image/png"


def ready_of(replies: tuple[Reply, ...]) -> list[RouteMap | Attached]:
    """All maps and ready files of an answer, in order."""
    return [block for reply in replies for block in reply.blocks if isinstance(block, RouteMap | Attached)]


@router.get(
    "/files/ready/{name}.{kind}",
    tags=["Messages"],
    summary="A map or file of a reply",
    response_class=Response,
    responses=SHARED
    | {
        200: {"content": {"image/png": {}, "application/gpx+xml": {}}, "description": "The file"},
        404: {"model": ProblemOut, "description": "There is no such file for you"},
    },
)
def ready_file(
    name: Annotated[str, InPath(pattern=r"^[A-Za-z0-9_-]{43}$")],
    kind: Literal["png", "gpx"],
    door: TheDoor,
    visitor: TheVisitor,
) -> Response:
    """The map as PNG, or the file, for the person whose reply it belongs to."""
    path = door.files / READY / f"{name}.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = None
    if kept is None or kept["for"] != visitor.user.name:
        raise HTTPException(404, "There is no such file for you.")
    headers = {"cache-control": "private, max-age=86400"}
    if "map" in kept:
        return Response(draw(map_from(kept["map"])), media_type="image/png", headers=headers)
    if kind == "gpx":
        headers["content-disposition"] = f'attachment; filename="{_plain_name(kept["name"])}"'
    return Response(path.with_suffix(".bin").read_bytes(), media_type=MEDIA[kind], headers=headers)


@router.get("/tiles/{zoom}/{x}/{y}", include_in_schema=False)
def map_tile(zoom: int, x: int, y: int, _visitor: TheVisitor) -> Response:
    """One square of the map service that lies under the routes."""
    service = tiles.in_use()
    picture = service.get(zoom, x, y) if service else None
    if picture is None:
        raise HTTPException(404, "There is no such square.")
    headers = {"cache-control": "private, max-age=604800"}
    return Response(picture, media_type=tiles.kind_of(picture), headers=headers)


def _plain_name(name: str) -> str:
    """A file's name that no header is broken by."""
    return "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "-_."))
