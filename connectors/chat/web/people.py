"""Who may talk to the assistant: people, roles, places, passwords and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypedDict

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, Field

from connectors.chat.web import chats
from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.door import PERSONAL_KIND, Door, TheDoor
from connectors.chat.web.models import speakable
from connectors.chat.web.pages import page
from tools.kit import Right
from tools.kit.words import capital
from tools.store import Actor, BooksError, User

router = APIRouter(include_in_schema=False)
router.include_router(chats.router)
ROLES = ("owner", "manager", "staff", "driver")
SHORTEST_PASSWORD = 8
Short = Annotated[str, BeforeValidator(speakable), Field(max_length=64)]
Name = Annotated[str, BeforeValidator(speakable), Field(max_length=120)]


class Wanted(BaseModel):
    """How a person is to be."""

    name: Name = ""
    role: Literal["owner", "manager", "staff", "driver"]
    places: list[Short] = Field(default=[], max_length=500)
    slack_id: Short = ""
    telegram_id: Short = ""
    active: Short = ""


class By(TypedDict):
    """Who changes something, and when."""

    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What a person's page says on top."""

    problem: str = ""
    done: str = ""
    token: str = ""
    code: chats.Code | None = None


NOTHING = Told()


@router.get("/people", response_class=HTMLResponse)
def people_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """Everybody, and a form for somebody new."""
    need(door, visitor, Right.MANAGE)
    return _everybody(request, door, visitor)


def _everybody(request: Request, door: Door, visitor: Visitor, problem: str = "") -> HTMLResponse:
    return page(
        request,
        "people.html",
        visitor,
        status=400 if problem else 200,
        people=door.house.store.people.users(),
        places=door.house.store.catalogue().locations,
        catalogue=door.house.store.catalogue(),
        roles=ROLES,
        problem=problem,
    )


@router.post("/people", response_class=HTMLResponse)
def add_person(
    request: Request, door: TheDoor, visitor: FormVisitor, wanted: Annotated[Wanted, Form()]
) -> Response:
    """Take somebody on."""
    need(door, visitor, Right.MANAGE)
    people, name = door.house.store.people, " ".join(wanted.name.split())
    if not name.isprintable():
        return _everybody(request, door, visitor, "A name is made of letters.")
    try:
        user = people.add(name, wanted.role, locations=_known(door, wanted.places), **_by(door, visitor))
    except BooksError as error:
        return _everybody(request, door, visitor, capital(f"{error}."))
    return RedirectResponse(f"/people/{user.id}", 303)


@router.get("/people/{number}", response_class=HTMLResponse)
def person_page(request: Request, door: TheDoor, visitor: TheVisitor, number: int) -> Response:
    """One person: role, places, password, tokens."""
    need(door, visitor, Right.MANAGE)
    return _person_page(request, door, visitor, number)


def _person_page(
    request: Request, door: Door, visitor: Visitor, number: int, told: Told = NOTHING
) -> HTMLResponse:
    person = _person(door, number)
    return page(
        request,
        "person.html",
        visitor,
        status=400 if told.problem else 200,
        person=person,
        tokens=[one for one in door.house.store.people.tokens(number) if one.kind == PERSONAL_KIND],
        places=door.house.store.catalogue().locations,
        roles=ROLES,
        shortest_password=SHORTEST_PASSWORD,
        told=told,
        code=told.code,
        chats_at=f"/people/{number}",
    )


@router.post("/people/{number}", response_class=HTMLResponse)
def change_person(
    request: Request, door: TheDoor, visitor: FormVisitor, number: int, wanted: Annotated[Wanted, Form()]
) -> Response:
    """Change what somebody may do."""
    need(door, visitor, Right.MANAGE)
    _person(door, number)
    try:
        door.house.store.people.update(
            number,
            role=wanted.role,
            locations=_known(door, wanted.places),
            slack_id=wanted.slack_id.strip(),
            telegram_id=wanted.telegram_id.strip(),
            active=bool(wanted.active),
            **_by(door, visitor),
        )
    except BooksError as error:
        return _person_page(request, door, visitor, number, _because(error))
    return _person_page(request, door, visitor, number, Told(done="Saved."))


@router.post("/people/{number}/password", response_class=HTMLResponse)
def set_password(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    number: int,
    password: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Give somebody a password; from the first one on, everybody signs in."""
    need(door, visitor, Right.MANAGE)
    person, trusted = _person(door, number), door.trusts_names
    if trusted and person.role != "owner":
        said = "Give an owner a password first: from then on everybody has to sign in."
        return _person_page(request, door, visitor, number, Told(problem=said))
    try:
        door.house.store.people.set_password(number, password, **_by(door, visitor))
    except BooksError as error:
        return _person_page(request, door, visitor, number, _because(error))
    if trusted or number == visitor.user.id:
        return RedirectResponse("/login", 303)
    return _person_page(request, door, visitor, number, Told(done=f"{person.name} can sign in with it now."))


@router.post("/people/{number}/tokens", response_class=HTMLResponse)
def make_token(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    number: int,
    label: Annotated[str, Form(min_length=1, max_length=120)],
) -> Response:
    """Make a personal token; it is shown this once."""
    need(door, visitor, Right.MANAGE)
    _person(door, number)
    if door.trusts_names:
        said = "Give an owner a password first: with the first token, names are no longer believed."
        return _person_page(request, door, visitor, number, Told(problem=said))
    people, plain = door.house.store.people, speakable(label).strip()
    try:
        token = people.new_token(number, PERSONAL_KIND, plain, None, **_by(door, visitor))
    except BooksError as error:
        return _person_page(request, door, visitor, number, _because(error))
    return _person_page(request, door, visitor, number, Told(token=token))


@router.post("/people/{number}/tokens/{token_id}/revoke", response_class=HTMLResponse)
def revoke_token(
    request: Request, door: TheDoor, visitor: FormVisitor, number: int, token_id: int
) -> Response:
    """Make a token useless."""
    need(door, visitor, Right.MANAGE)
    _person(door, number)
    if all(one.id != token_id for one in door.house.store.people.tokens(number)):
        raise HTTPException(404, "There is no such token.")
    door.house.store.people.revoke(token_id, **_by(door, visitor))
    return _person_page(request, door, visitor, number, Told(done="The token opens nothing any more."))


@router.post("/people/{number}/code", response_class=HTMLResponse)
def make_code(request: Request, door: TheDoor, visitor: FormVisitor, number: int) -> Response:
    """Make a pairing code for somebody; it is shown this once."""
    need(door, visitor, Right.MANAGE)
    try:
        code = chats.new_code(door, visitor, _person(door, number))
    except BooksError:
        said = "Somebody who does not work here gets no code."
        return _person_page(request, door, visitor, number, Told(problem=said))
    return _person_page(request, door, visitor, number, Told(code=code))


@router.post("/people/{number}/unpair", response_class=HTMLResponse)
def unpair(request: Request, door: TheDoor, visitor: FormVisitor, number: int, chat: chats.Chat) -> Response:
    """Take somebody's identity in a chat away."""
    need(door, visitor, Right.MANAGE)
    done = chats.unpair(door, visitor, _person(door, number), chat)
    return _person_page(request, door, visitor, number, Told(done=done))


def _person(door: Door, number: int) -> User:
    found = next((user for user in door.house.store.people.users() if user.id == number), None)
    if found is None:
        raise HTTPException(404, "There is no such person.")
    return found


def _known(door: Door, places: list[str]) -> list[str] | None:
    """The places that exist, of those ticked; None (all places) where none is."""
    codes = {place.code for place in door.house.store.catalogue().locations}
    return [code for code in places if code in codes] or None


def _because(error: BooksError) -> Told:
    return Told(problem=capital(f"{error}."))


def _by(door: Door, visitor: Visitor) -> By:
    """Who makes a change, and when, for the audit."""
    return {"actor": Actor(visitor.user.name, "web", visitor.user.id), "at": door.house.now()}
