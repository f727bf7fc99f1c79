"""Data in: hand in a file, see what it would do, then load it, or take it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from connectors.chat.web import uploads
from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.columns import KINDS, form_for, headers_of, mapping_from
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.pages import page
from connectors.chat.web.plain import plain
from tools.kit import Right

router = APIRouter(include_in_schema=False)
UPLOADS = "uploads"


@router.get("/import", response_class=HTMLResponse)
def import_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """Where to hand in a file, and what was loaded before."""
    need(door, visitor, Right.MANAGE)
    return _first_page(request, door, visitor)


@router.post("/import", response_class=HTMLResponse)
async def hand_in(
    request: Request, door: TheDoor, visitor: FormVisitor, file: Annotated[UploadFile, File()]
) -> Response:
    """Keep the file and check it; nothing is loaded yet."""
    need(door, visitor, Right.MANAGE)
    try:
        kept = await run_sync(uploads.keep, _root(door), file.file, file.filename or "", visitor.user.name)
    except uploads.BadUpload as error:
        return await run_sync(_first_page, request, door, visitor, str(error))
    await _run(door, visitor, kept, dry_run=True)
    return RedirectResponse(f"/import/{kept.token}", 303)


@router.get("/import/{token}", response_class=HTMLResponse)
def report_page(request: Request, door: TheDoor, visitor: TheVisitor, token: str) -> Response:
    """What the file would do, or did."""
    kept = _kept(door, visitor, token)
    form = None if kept.report.get("state") == "applied" else form_for(kept.report)
    return page(request, "import_report.html", visitor, kept=kept, report=kept.report, form=form, kinds=KINDS)


@router.post("/import/{token}")
async def go_on(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    token: str,
    do: Annotated[str, Form(pattern="^(check|load|load-good)$")],
) -> Response:
    """Check again with another reading of the columns, or load."""
    kept = await run_sync(_kept, door, visitor, token)
    mapping = mapping_from(kept.report, await request.form())
    await _run(door, visitor, kept, dry_run=do == "check", keep_good=do == "load-good", mapping=mapping)
    return RedirectResponse(f"/import/{kept.token}", 303)


@router.get("/import/{token}/refused.csv")
def refused_rows(door: TheDoor, visitor: TheVisitor, token: str) -> Response:
    """All refused rows with their reasons, as CSV."""
    kept = _kept(door, visitor, token)
    if not kept.refused_rows.is_file():
        raise HTTPException(404, "No rows were refused.")
    return FileResponse(kept.refused_rows, media_type="text/csv", filename=f"refused-{kept.name}.csv")


@router.post("/imports/{number}/undo", response_class=HTMLResponse)
async def undo(request: Request, door: TheDoor, visitor: FormVisitor, number: int) -> Response:
    """Take a whole import back, where nothing stands on it."""
    need(door, visitor, Right.MANAGE)
    report = plain(await door.house.undo_import(number, actor=visitor.user))
    if report.get("state") == "undone":
        return await run_sync(_first_page, request, door, visitor, "", f"Import {number} is undone.")
    why = " ".join(str(note) for note in report.get("notes", ())) or f"Import {number} stays."
    return await run_sync(_first_page, request, door, visitor, why)


def _first_page(
    request: Request, door: Door, visitor: Visitor, problem: str = "", done: str = ""
) -> HTMLResponse:
    past = door.house.store.imports.past(20)
    status = 400 if problem else 200
    return page(request, "import.html", visitor, status=status, past=past, problem=problem, done=done)


def _root(door: Door) -> Path:
    return door.files / UPLOADS


def _kept(door: Door, visitor: Visitor, token: str) -> uploads.Kept:
    need(door, visitor, Right.MANAGE)
    kept = uploads.find(_root(door), token, visitor.user.name)
    if kept is None:
        raise HTTPException(404, "That upload is gone; hand the file in again.")
    return kept


async def _run(
    door: Door,
    visitor: Visitor,
    kept: uploads.Kept,
    *,
    dry_run: bool,
    keep_good: bool = False,
    mapping: dict[str, Any] | None = None,
) -> None:
    report = await door.house.import_file(
        str(kept.content),
        actor=visitor.user,
        dry_run=dry_run,
        mapping=mapping,
        keep_good=keep_good,
        report_path=str(kept.refused_rows),
    )
    headers = kept.report.get("headers") or await run_sync(headers_of, kept.content)
    asked = {"headers": headers, "asked_kind": (mapping or {}).get("kind", "")}
    await run_sync(kept.with_report, {**plain(report), **asked})
