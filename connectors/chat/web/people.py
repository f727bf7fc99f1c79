"""Who may talk to the assistant: people, roles, places, passwords and tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.door import PERSONAL_KIND, Door, TheDoor
from connectors.chat.web.pages import page
from tools.kit import Right
from tools.store import User

router = APIRouter(include_in_schema=False)
ROLES = ("owner", "manager", "staff", "driver")
LEAST_PASSWORD = 10
Role = Annotated[str, Form(pattern="^(owner|manager|staff|driver)$")]
Places = Annotated[list[str], Form(max_length=500)]
Short = Annotated[str, Form(max_length=64)]


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
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    name: Annotated[str, Form(min_length=1, max_length=120)],
    role: Role,
    places: Places = [],  # noqa: B006 - read only
) -> Response:
    """Take somebody on."""
    need(door, visitor, Right.MANAGE)
    plain = " ".join(name.split())
    if not plain or not plain.isprintable():
        return _everybody(request, door, visitor, "A person needs a name.")
    if any(user.name.casefold() == plain.casefold() for user in door.house.store.people.users()):
        return _everybody(request, door, visitor, f"There is somebody called {plain} already.")
    user = door.house.store.people.add(
        plain, role, locations=_known(door, places), actor=visitor.user.name, at=door.house.now()
    )
    return RedirectResponse(f"/people/{user.id}", 303)


@router.get("/people/{number}", response_class=HTMLResponse)
def person_page(request: Request, door: TheDoor, visitor: TheVisitor, number: int) -> Response:
    """One person: role, places, password, tokens."""
    need(door, visitor, Right.MANAGE)
    return _person_page(request, door, visitor, number)


def _person_page(
    request: Request,
    door: Door,
    visitor: Visitor,
    number: int,
    *,
    problem: str = "",
    done: str = "",
    token: str = "",
) -> HTMLResponse:
    return page(
        request,
        "person.html",
        visitor,
        status=400 if problem else 200,
        person=_person(door, number),
        tokens=[one for one in door.house.store.people.tokens(number) if one.kind == PERSONAL_KIND],
        places=door.house.store.catalogue().locations,
        roles=ROLES,
        least_password=LEAST_PASSWORD,
        problem=problem,
        done=done,
        token=token,
    )


@router.post("/people/{number}", response_class=HTMLResponse)
def change_person(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    number: int,
    role: Role,
    places: Places = [],  # noqa: B006 - read only
    slack_id: Short = "",
    telegram_id: Short = "",
    active: Short = "",
) -> Response:
    """Change what somebody may do."""
    need(door, visitor, Right.MANAGE)
    person = _person(door, number)
    if _last_owner(door, person) and (role != "owner" or not active):
        said = "Somebody has to stay owner: make another person owner first."
        return _person_page(request, door, visitor, number, problem=said)
    door.house.store.people.update(
        number,
        role=role,
        locations=_known(door, places),
        slack_id=slack_id.strip(),
        telegram_id=telegram_id.strip(),
        active=bool(active),
        actor=visitor.user.name,
        at=door.house.now(),
    )
    return _person_page(request, door, visitor, number, done="Saved.")


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
    person = _person(door, number)
    if len(password) < LEAST_PASSWORD:
        said = f"A password needs at least {LEAST_PASSWORD} characters."
        return _person_page(request, door, visitor, number, problem=said)
    if door.trusts_names and person.role != "owner":
        said = "Give an owner a password first: from then on everybody has to sign in."
        return _person_page(request, door, visitor, number, problem=said)
    door.house.store.people.set_password(number, password, actor=visitor.user.name, at=door.house.now())
    return _person_page(request, door, visitor, number, done=f"{person.name} can sign in with it now.")


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
    token = door.house.store.people.new_token(
        number, PERSONAL_KIND, label.strip(), None, actor=visitor.user.name, at=door.house.now()
    )
    return _person_page(request, door, visitor, number, token=token)


@router.post("/people/{number}/tokens/{token_id}/revoke", response_class=HTMLResponse)
def revoke_token(
    request: Request, door: TheDoor, visitor: FormVisitor, number: int, token_id: int
) -> Response:
    """Make a token useless."""
    need(door, visitor, Right.MANAGE)
    _person(door, number)
    if all(one.id != token_id for one in door.house.store.people.tokens(number)):
        raise HTTPException(404, "There is no such token.")
    door.house.store.people.revoke(token_id, actor=visitor.user.name, at=door.house.now())
    return _person_page(request, door, visitor, number, done="The token opens nothing any more.")


def _person(door: Door, number: int) -> User:
    found = next((user for user in door.house.store.people.users() if user.id == number), None)
    if found is None:
        raise HTTPException(404, "There is no such person.")
    return found


def _known(door: Door, places: list[str]) -> list[str] | None:
    """The places that exist, of those ticked; None (all places) where none is."""
    codes = {place.code for place in door.house.store.catalogue().locations}
    return [code for code in places if code in codes] or None


def _last_owner(door: Door, person: User) -> bool:
    owners = [user for user in door.house.store.people.users() if user.role == "owner" and user.active]
    return owners == [person]
