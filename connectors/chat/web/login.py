"""Signing in and out, and choosing a name where names are trusted."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from connectors.chat.web.auth import (
    SESSION_COOKIE,
    SESSION_DAYS,
    FormVisitor,
    NotSignedIn,
    Visitor,
    client_of,
    remember_name,
    start_session,
    visitor_of,
)
from connectors.chat.web.door import SESSION_KIND, Door, TheDoor
from connectors.chat.web.pages import page
from tools.store import User

router = APIRouter(include_in_schema=False)
Next = Annotated[str, Form(max_length=500)]
PASSWORD_BYTES = 1_000


def address_for(request: Request) -> str:
    """The login page that leads back to where somebody wanted to go."""
    wanted = request.url.path if request.method == "GET" else "/"
    return f"/login?next={quote(wanted)}" if wanted != "/" else "/login"


def _inside(address: str) -> str:
    """An address of ours; anything else leads to the start."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return address if plain and not parts.netloc and address.isprintable() else "/"


@router.get("/login", response_class=HTMLResponse)
def login_page(request: Request, door: TheDoor, next: str = "/") -> Response:  # noqa: A002 - the address says so
    """Where to sign in; whoever is in already goes on."""
    try:
        visitor_of(request, door)
    except NotSignedIn:
        return _form(request, door, following=_inside(next))
    return RedirectResponse(_inside(next), 303)


@router.post("/login", response_class=HTMLResponse)
def login(
    request: Request,
    door: TheDoor,
    name: Annotated[str, Form(max_length=120)] = "",
    password: Annotated[str, Form(max_length=PASSWORD_BYTES)] = "",
    following: Next = "/",
) -> Response:
    """Check a name and a password, slowly for those who guess."""
    wait = max(door.logins.wait(f"from {client_of(request)}"), door.logins.wait(f"as {name.casefold()}"))
    if wait:
        said = f"Too many tries. Wait {int(wait) + 1} seconds."
        return _form(request, door, following=_inside(following), problem=said, status=429)
    user = door.house.store.people.check_password(name.strip(), password)
    if user is None or not user.active:
        said = "That name and password do not fit together."
        return _form(request, door, following=_inside(following), problem=said, status=401)
    return _let_in(request, door, user, _inside(following))


def _let_in(request: Request, door: Door, user: User, following: str) -> Response:
    if user.id is None:  # pragma: no cover - who has a password has an account
        raise HTTPException(401, "That name has no account.")
    expires = door.house.now() + timedelta(days=SESSION_DAYS)
    token = door.house.store.people.new_token(user.id, SESSION_KIND, "web", expires)
    response = RedirectResponse(following, 303)
    start_session(request, response, token)
    return response


def _form(
    request: Request, door: Door, *, following: str, problem: str = "", status: int = 200
) -> HTMLResponse:
    accounts = door.house.store.people.has_accounts()
    return page(
        request, "login.html", None, status=status, following=following, problem=problem, accounts=accounts
    )


@router.post("/logout")
def logout(door: TheDoor, visitor: FormVisitor) -> Response:
    """End the session."""
    _revoke(door, visitor)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _revoke(door: Door, visitor: Visitor) -> None:
    if visitor.secret and visitor.user.id is not None:
        door.house.store.people.revoke_plain(visitor.secret)


@router.post("/speak-as")
def speak_as(
    door: TheDoor, _visitor: FormVisitor, name: Annotated[str, Form(min_length=1, max_length=120)]
) -> Response:
    """Speak under another name, where names are trusted."""
    if not door.trusts_names:
        raise HTTPException(403, "Names are not trusted here: sign in.")
    response = RedirectResponse("/", 303)
    remember_name(response, name.strip())
    return response
