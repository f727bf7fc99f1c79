"""The page of customers' words: what they said, what was read from it, and putting that right."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.pages import page
from connectors.chat.web.said_api import CHANNELS, remark_of
from tools.kit import Right
from tools.kit.said import ASPECTS
from tools.store import Actor, BooksError, Catalogue, Change, Undo
from tools.store.persons import KEEP
from tools.store.said_changes import AddSignal, CorrectSignal, Label
from tools.store.signal_facts import (
    CONFIRMED,
    DOUBTFUL,
    POLARITIES,
    REJECTED,
    STAFF_CHANNELS,
    TYPES,
    URGENCIES,
    Remark,
    Signal,
)

router = APIRouter(include_in_schema=False)
ON_PAGE, TO_CHECK, MOST_GOODS = 20, 5, 500
NOTHING = "nothing"
MOODS = {"neg": "unhappy", "neu": "neither", "pos": "happy"}
HURRY = {"low": "can wait", "medium": "wants something done", "high": "urgent"}
WORDS_GONE = "Those words are gone."


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; ``type`` "" where nothing was read from it."""

    words: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One signal as the page shows it."""

    signal: Signal
    name: str
    thing: str


@dataclass(frozen=True, slots=True)
class Card:
    """One remark with what was read from it."""

    remark: Remark
    parts: tuple[Part, ...]
    signals: tuple[Shown, ...]
    product: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of it is shown: a type, a product, the doubtful ones; which page, and what was just kept."""

    kind: Annotated[str, Query(max_length=24)] = ""
    product: Annotated[str, Query(max_length=300)] = ""
    show: Annotated[str, Query(max_length=10)] = ""
    at: Annotated[int, Query(ge=0, le=100_000)] = 0
    group: Annotated[str, Query(max_length=32)] = ""


@dataclass(frozen=True, slots=True)
class LabelForm:
    """What a person says that it is."""

    kind: Annotated[str, Form(max_length=24)]
    product: Annotated[str, Form(max_length=300)] = ""
    polarity: Annotated[str, Form(max_length=8)] = "neu"
    urgency: Annotated[str, Form(max_length=8)] = "low"
    attribute: Annotated[str, Form(max_length=200)] = ""


@router.get("/said", response_class=HTMLResponse)
def said_page(
    request: Request, door: TheDoor, visitor: TheVisitor, chosen: Annotated[Chosen, Depends()]
) -> Response:
    """What customers said, the latest first; what a person should look at stands before it."""
    need(door, visitor, Right.SEE_SALES)
    store, catalogue = door.house.store, door.house.store.catalogue()
    found = _found(door, chosen)
    narrowed = bool(chosen.kind or chosen.product or chosen.show)
    doubts = [] if narrowed or chosen.at else store.said.doubtful(TO_CHECK * 3)
    first = list(dict.fromkeys(one.remark for one in doubts))[:TO_CHECK]
    return page(
        request,
        "said.html",
        visitor,
        check=_cards(door, store.said.remarks(numbers=first), catalogue) if first else [],
        cards=_cards(door, found[:ON_PAGE], catalogue),
        more=len(found) > ON_PAGE,
        figures=store.said.figures(),
        right=_how_right(store.said.judged()),
        chosen=chosen,
        aspects=ASPECTS,
        moods=MOODS,
        hurry=HURRY,
        channels=CHANNELS,
        goods=[one.name for one in list(catalogue.products.values())[:MOST_GOODS]],
        staff=STAFF_CHANNELS,
        keeps=store.settings.get(KEEP) == "1",
        may_correct=door.house.may(visitor.user, Right.MOVE_STOCK.value),
        manages=door.house.may(visitor.user, Right.MANAGE.value),
    )


@router.post("/said/signal/{number}", response_class=HTMLResponse)
def correct(
    door: TheDoor, visitor: FormVisitor, number: int, form: Annotated[LabelForm, Depends()]
) -> Response:
    """Say what it really is; the same again says that it was right."""
    need(door, visitor, Right.MOVE_STOCK)
    label = Label("") if form.kind == NOTHING else _label(door, form)
    return _kept(door, visitor, CorrectSignal(number, label))


@router.post("/said/remark/{number}/add", response_class=HTMLResponse)
def add_missed(
    door: TheDoor, visitor: FormVisitor, number: int, form: Annotated[LabelForm, Depends()]
) -> Response:
    """Say what a text says as well, which was not read from it."""
    need(door, visitor, Right.MOVE_STOCK)
    return _kept(door, visitor, AddSignal(number, _label(door, form)))


@router.post("/said/undo/{group}", response_class=HTMLResponse)
def take_back(door: TheDoor, visitor: FormVisitor, group: str) -> Response:
    """Take a correction back."""
    need(door, visitor, Right.MOVE_STOCK)
    if door.house.store.made(group).kinds - {"signal", "remark"}:
        raise HTTPException(404, "That was no correction.")
    _kept(door, visitor, Undo(group))
    return RedirectResponse("/said", 303)


@router.post("/said", response_class=HTMLResponse)
async def note(
    door: TheDoor,
    visitor: FormVisitor,
    text: Annotated[str, Form(max_length=40_000)],
    channel: Annotated[str, Form(max_length=12)] = "email",
    customer: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep a text that was pasted: an e-mail, a chat, a note from the till."""
    need(door, visitor, Right.TALK)
    change = remark_of(text, channel if channel in CHANNELS else "web", customer, None)
    return await run_sync(_kept, door, visitor, change)


@router.post("/said/remark/{number}/forget", response_class=HTMLResponse)
def forget(door: TheDoor, visitor: FormVisitor, number: int) -> Response:
    """Delete a text, and all that the same person said."""
    need(door, visitor, Right.MANAGE)
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    if not door.house.store.said.forget_remark(number, actor, door.house.now()):
        raise HTTPException(404, WORDS_GONE)
    return RedirectResponse("/said", 303)


@router.post("/said/privacy", response_class=HTMLResponse)
def choose_privacy(
    door: TheDoor, visitor: FormVisitor, keep: Annotated[str, Form(max_length=4)] = ""
) -> Response:
    """Whether names, addresses and numbers are left in what customers say from now on."""
    need(door, visitor, Right.MANAGE)
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    door.house.store.settings.set(KEEP, "1" if keep else "0", actor=actor, at=door.house.now())
    return RedirectResponse("/said", 303)


def sku_of(door: Door, product: str) -> str | None:
    """The product that somebody wrote into a field: by SKU or name; None for none of ours."""
    products = door.house.store.catalogue().products
    if product in products:
        return product
    called = product.strip().lower()
    return next((sku for sku, one in products.items() if one.name.lower() == called), None)


def _found(door: Door, chosen: Chosen) -> list[Remark]:
    """The remarks of one page, and one more where there are more."""
    sku = sku_of(door, chosen.product) if chosen.product else None
    narrow = door.house.store.said.having(
        types=[chosen.kind] if chosen.kind else None,
        skus=[sku or ""] if chosen.product else None,
        states=[DOUBTFUL] if chosen.show == DOUBTFUL else None,
    )
    narrowed = bool(chosen.kind or chosen.product or chosen.show)
    signals = narrow if narrowed else None
    return door.house.store.said.remarks(signals=signals, limit=ON_PAGE + 1, offset=chosen.at * ON_PAGE)


def _label(door: Door, form: LabelForm) -> Label:
    product = form.product.strip()
    sku = sku_of(door, product) if product else None
    if product and sku is None:
        raise HTTPException(422, f"There is no product called {product}.")
    if form.kind not in TYPES or form.polarity not in POLARITIES or form.urgency not in URGENCIES:
        raise HTTPException(422, "That is no label.")
    return Label(form.kind, sku, form.polarity, form.urgency, form.attribute.strip())


def _kept(door: Door, visitor: Visitor, change: Change) -> Response:
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    try:
        applied = door.house.store.apply(
            change, actor, request_id=f"said:{secrets.token_hex(16)}", at=door.house.now()
        )
    except BooksError as error:
        raise HTTPException(409, f"That can't be kept: {error}.") from error
    return RedirectResponse(f"/said?group={applied.group_id}", 303)


def _how_right(judged: Sequence[Signal]) -> tuple[int, int]:
    """Of what was read and looked at by a person: how much was right, how much there was."""
    right = sum(one.state == CONFIRMED and bool(one.model) for one in judged)
    return right, right + sum(one.state == REJECTED for one in judged)


def _cards(door: Door, remarks: Sequence[Remark], catalogue: Catalogue) -> list[Card]:
    read: dict[int, list[Signal]] = {}
    for one in door.house.store.said.read_from([remark.id for remark in remarks]):
        read.setdefault(one.remark, []).append(one)
    wishes = {wish.id: wish.name for wish in door.house.store.said.wishes(confident=False)}
    return [
        Card(
            remark,
            tuple(parts(remark.text, read.get(remark.id, ()))),
            tuple(_shown(one, catalogue, wishes) for one in read.get(remark.id, ())),
            _name(remark.sku, catalogue),
        )
        for remark in remarks
    ]


def _shown(one: Signal, catalogue: Catalogue, wishes: dict[int, str]) -> Shown:
    name = _name(one.sku, catalogue)
    return Shown(one, name, name or wishes.get(one.wish or 0, "") or one.mention)


def _name(sku: str | None, catalogue: Catalogue) -> str:
    product = catalogue.products.get(sku or "")
    return product.name if product else (sku or "")


def parts(text: str, read: Sequence[Signal]) -> list[Part]:
    """The text cut at the quotes of its signals; where two overlap, the earlier one keeps its words."""
    found, place = [], 0
    for one in sorted(read, key=lambda each: (each.start, -each.end)):
        start, end = max(one.start, place), min(one.end, len(text))
        if start >= end:
            continue
        if start > place:
            found.append(Part(text[place:start]))
        found.append(Part(text[start:end], one.type))
        place = end
    return [*found, *([Part(text[place:])] if place < len(text) else [])]
