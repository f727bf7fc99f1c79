"""How the shop orders: its service levels, review days and costs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, cast

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.pages import page
from tools.kit import Right
from tools.kit.autonomy import LEVELS, Level, Rung, put_on, rungs, would_have
from tools.kit.planning_policy import CHOICES, wrong_choice
from tools.store import Actor

router = APIRouter(include_in_schema=False)


@router.get("/policy", response_class=HTMLResponse)
def policy_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """The figures that every proposal goes by."""
    need(door, visitor, Right.BUY)
    return _page(request, door, visitor, {}, {})


@router.post("/policy", response_class=HTMLResponse)
async def keep_policy(request: Request, door: TheDoor, visitor: FormVisitor) -> Response:
    """Keep the figures of the form, all or none; an empty field takes the usual one."""
    need(door, visitor, Right.MANAGE)
    form = {str(name): str(value).strip() for name, value in (await request.form()).items()}
    said = {choice.key: form.get(choice.key, "") for choice in CHOICES}
    wrong = {key: why for key, value in said.items() if value and (why := wrong_choice(key, value))}
    if wrong:
        return await run_sync(_page, request, door, visitor, said, wrong)
    await run_sync(_keep, door, visitor, said)
    return RedirectResponse("/policy", 303)


@router.post("/policy/supplier/{code}", response_class=HTMLResponse)
def put_supplier(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    code: str,
    level: Annotated[str, Form(max_length=10)],
    limit: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """How far the assistant may buy of a supplier by itself."""
    need(door, visitor, Right.MANAGE)
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    try:
        wanted = Rung(code, cast("Level", level), Decimal(limit.strip() or "0"))
    except InvalidOperation:
        return _page(request, door, visitor, {}, {code: f"{limit} is no amount of money."})
    wrong = put_on(door.house.store, wanted, actor=actor, at=door.house.now())
    if wrong:
        return _page(request, door, visitor, {}, {code: wrong})
    return RedirectResponse("/policy", 303)


def _suppliers(door: Door) -> list[tuple[str, Rung, str]]:
    """Each supplier's name, where it stands, and what the next step would have done."""
    store, today = door.house.store, door.house.now().date()
    currency, found = store.catalogue().currency, []
    for rung in rungs(store):
        supplier = store.catalogue().supplier(rung.supplier)
        name = supplier.name if supplier else rung.supplier
        following = LEVELS[min(LEVELS.index(rung.level) + 1, len(LEVELS) - 1)]
        told = would_have(store, rung.supplier, today, level=following, limit=rung.limit)
        found.append((name, rung, told.words(name, currency)))
    return found


def _keep(door: Door, visitor: Visitor, said: dict[str, str]) -> None:
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    settings = door.house.store.settings
    for key, value in said.items():
        if settings.get(key) != value:
            settings.set(key, value, actor=actor, at=door.house.now())


def _page(
    request: Request, door: Door, visitor: Visitor, said: dict[str, str], wrong: dict[str, str]
) -> HTMLResponse:
    kept = door.house.store.settings
    return page(
        request,
        "policy.html",
        visitor,
        status=422 if wrong else 200,
        choices=[(choice, said.get(choice.key, kept.get(choice.key))) for choice in CHOICES],
        wrong=wrong,
        suppliers=_suppliers(door),
        levels=LEVELS,
        manages=door.house.may(visitor.user, Right.MANAGE.value),
    )
