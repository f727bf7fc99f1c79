"""Who speaks: a session, a personal token, or (on this machine, without accounts) a trusted name."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Depends, Form, Header, HTTPException, Request, Response

from connectors.chat.web.door import PERSONAL_KIND, SESSION_KIND, Door, TheDoor
from tools.kit import Right
from tools.store import User

SESSION_DAYS = 14
TRUSTED_NAME = "owner"
SESSION_COOKIE = "quartermaster"
NAME_COOKIE = "quartermaster_name"


class NotSignedIn(Exception):
    """Nobody is known to speak: a page leads to the login, the HTTP interface answers 401."""


class NotAllowed(Exception):
    """The person's role does not have the right; its text says which."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is allowed in.  ``secret`` ties forms to the session (empty where names are trusted)."""

    user: User
    secret: str = ""
    by_token: bool = False


def visitor_of(request: Request, door: TheDoor) -> Visitor:
    """The person behind a request.

    Raises:
        NotSignedIn: no valid session or token, and names are not trusted here.
    """
    found = _from_token(request, door) or _from_session(request, door)
    if found is not None:
        return found
    if door.trusts_names:
        return Visitor(door.house.user_named(chosen_name(request)))
    raise NotSignedIn


TheVisitor = Annotated[Visitor, Depends(visitor_of)]


def chosen_name(request: Request) -> str:
    """The name that somebody speaks under where names are trusted."""
    name = unquote(request.cookies.get(NAME_COOKIE, "")).strip()
    return name[:120] if name.isprintable() and name else TRUSTED_NAME


def _from_token(request: Request, door: Door) -> Visitor | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    user = door.house.store.people.user_of_token(token.strip(), PERSONAL_KIND)
    if user is None or not user.active:
        raise NotSignedIn
    return Visitor(user, secret=token, by_token=True)


def _from_session(request: Request, door: Door) -> Visitor | None:
    token = request.cookies.get(SESSION_COOKIE, "")
    user = door.house.store.people.user_of_token(token, SESSION_KIND) if token else None
    return Visitor(user, secret=token) if user is not None and user.active else None


def form_token(door: Door, visitor: Visitor | None) -> str:
    """What a page's forms carry, so that no other page can post them."""
    return door.seal("form", visitor.secret if visitor else "")


def from_our_page(
    door: TheDoor,
    visitor: TheVisitor,
    form: Annotated[str, Form(alias="form_token", max_length=100)] = "",
    header: Annotated[str, Header(alias="x-form-token", max_length=100)] = "",
) -> Visitor:
    """The visitor, where a form that we gave out was posted.

    Raises:
        HTTPException: 403, the form is not ours or older than the session.
    """
    given = header or form
    if not hmac.compare_digest(given.encode(), form_token(door, visitor).encode()):
        raise HTTPException(403, "This page is out of date. Load it again and try once more.")
    return visitor


FormVisitor = Annotated[Visitor, Depends(from_our_page)]


def need(door: Door, visitor: Visitor, right: Right) -> None:
    """Let the visitor pass.

    Raises:
        NotAllowed: the role does not have the right.
    """
    if not door.house.may(visitor.user, right.value):
        raise NotAllowed(f"Your role ({visitor.user.role}) may not {right.value}.")


def start_session(request: Request, response: Response, token: str) -> None:
    """Hand the session out in a cookie that scripts cannot read."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=SESSION_DAYS * 86_400,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def remember_name(response: Response, name: str) -> None:
    """Keep the trusted name for the next pages."""
    response.set_cookie(NAME_COOKIE, quote(name), max_age=365 * 86_400, httponly=True, samesite="lax")


def client_of(request: Request) -> str:
    """Where a request came from, as far as the connection tells."""
    return request.client.host if request.client else "unknown"
