"""The page of what was learned: the shop's words and usual choices, whose they are, how often used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from connectors.chat.web.auth import FormVisitor, TheVisitor, need
from connectors.chat.web.door import TheDoor
from connectors.chat.web.pages import page
from tools.kit import Right
from tools.store import Actor, Catalogue
from tools.store.learned import TAUGHT, LearnedName

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One learned word as the page shows it."""

    id: int
    words: str
    meaning: str
    address: str
    how: str
    by: str
    at: datetime
    used: int
    used_at: datetime | None


@router.get("/learned", response_class=HTMLResponse)
def learned_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """Everything learned that counts, the latest first."""
    need(door, visitor, Right.SEE_STOCK)
    store = door.house.store
    names = [name for name in store.learned.all() if name.counts or name.off]
    return page(
        request,
        "learned.html",
        visitor,
        lines=[_line(name, store.catalogue()) for name in names],
        readings=len(store.readings.all()),
        may_forget=door.house.may(visitor.user, Right.MOVE_STOCK.value),
    )


@router.post("/learned/{number}/forget", response_class=HTMLResponse)
def forget(door: TheDoor, visitor: FormVisitor, number: int) -> Response:
    """Drop one of them for everybody."""
    need(door, visitor, Right.MOVE_STOCK)
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    if door.house.store.learned.forget(number, actor, door.house.now()) is None:
        raise HTTPException(404, "That was forgotten already.")
    return RedirectResponse("/learned", 303)


def _line(name: LearnedName, catalogue: Catalogue) -> Line:
    meaning, address = _meaning(name, catalogue)
    taught = name.origin == TAUGHT
    how = "taught" if taught else "always asked" if name.off else f"chosen {name.times} times"
    return Line(
        name.id, name.words, meaning, address, how, name.learned_by, name.learned_at, name.used, name.used_at
    )


def _meaning(name: LearnedName, catalogue: Catalogue) -> tuple[str, str]:
    """What the words mean, and the page of it; "" where there is none."""
    if name.kind == "product":
        product = catalogue.products.get(name.code)
        return (product.name, f"/stock/{name.code}") if product else (f"{name.code} (gone)", "")
    if name.kind == "place":
        return catalogue.location_name(name.code), ""
    supplier = catalogue.supplier(name.code)
    return (supplier.name if supplier else f"{name.code} (gone)"), ""
