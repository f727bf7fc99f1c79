"""Which Slack member and Telegram user a person is: pairing codes and unpairing, for oneself and others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from connectors.chat.links import telegram_link
from connectors.chat.message import says_code
from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.pages import page
from tools.store import Actor, User
from tools.store.pairing import LIFE

router = APIRouter(include_in_schema=False)
Chat = Annotated[Literal["slack", "telegram"], Form()]


@dataclass(frozen=True, slots=True)
class Code:
    """A new code as a page shows it, this once."""

    code: str
    slack: str
    telegram: str
    link: str
    minutes: int


def new_code(door: Door, visitor: Visitor, person: User) -> Code:
    """Make a code for this person.

    Raises:
        BooksError: the person does not work here any more.
    """
    store = door.house.store
    code = store.people.pairing.new_code(person.id or 0, actor=actor_of(visitor), at=door.house.now())
    minutes = int(LIFE.total_seconds() // 60)
    link = telegram_link(store, code)
    return Code(code, says_code("slack", code), says_code("telegram", code), link, minutes)


def unpair(door: Door, visitor: Visitor, person: User, chat: str) -> str:
    """Take a person's identity in a chat away; what to say about it."""
    pairing = door.house.store.people.pairing
    gone = pairing.unpair(person.id or 0, chat, actor=actor_of(visitor), at=door.house.now())
    return f"Unpaired from {chat.title()}." if gone else f"Nothing was paired in {chat.title()}."


def actor_of(visitor: Visitor) -> Actor:
    """Who does it, for the audit."""
    return Actor(visitor.user.name, "web", visitor.user.id)


@router.get("/me", response_class=HTMLResponse)
def my_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """One's own chats."""
    return _mine(request, door, visitor)


@router.post("/me/code", response_class=HTMLResponse)
def my_code(request: Request, door: TheDoor, visitor: FormVisitor) -> Response:
    """A code for oneself; it is shown this once."""
    return _mine(request, door, visitor, code=new_code(door, visitor, _me(door, visitor)))


@router.post("/me/unpair", response_class=HTMLResponse)
def unpair_me(request: Request, door: TheDoor, visitor: FormVisitor, chat: Chat) -> Response:
    """Take one's own identity in a chat away."""
    return _mine(request, door, visitor, done=unpair(door, visitor, _me(door, visitor), chat))


def _mine(
    request: Request, door: Door, visitor: Visitor, *, code: Code | None = None, done: str = ""
) -> HTMLResponse:
    person = _me(door, visitor)
    return page(request, "me.html", visitor, person=person, code=code, done=done, chats_at="/me")


def _me(door: Door, visitor: Visitor) -> User:
    """The visitor as the books have them now."""
    users = door.house.store.people.users() if visitor.user.id is not None else []
    found = next((user for user in users if user.id == visitor.user.id), None)
    if found is None:
        raise HTTPException(404, "You are nobody of the shop yet; an owner adds you on the page People.")
    return found
