"""The way in for customers' words from elsewhere: a form on a web site, a help desk, an e-mail passed on."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Annotated, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, HTTPException
from pydantic import BaseModel, BeforeValidator, Field

from connectors.chat.web.auth import TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.models import NAME, POSTED, SHARED, Name, Strict, speakable
from tools.kit import Right
from tools.kit.said_mail import looks_like_mail, plain_mail
from tools.store import Actor, Applied, BooksError
from tools.store.changes import NoteRemark
from tools.store.remarks import KNOWN, LONGEST

router = APIRouter(prefix="/api/v1")
EARLIEST, LATEST = 1990, 2199
CHANNELS = ("email", "review", "chat", "social", "survey", "phone", "in_store", "till_note", "web")
Channel = Literal["email", "review", "chat", "social", "survey", "phone", "in_store", "till_note", "web"]


class Feedback(Strict):
    """What a customer said."""

    text: Annotated[str, BeforeValidator(speakable), Field(min_length=1, max_length=LONGEST)] = Field(
        description="The customer's own words; of a whole e-mail, what is quoted and signed is left out.",
        examples=["Do you have oat milk?"],
    )
    channel: Channel = Field(default="web", description="Where it was said.")
    customer: Annotated[str, BeforeValidator(speakable), Field(max_length=200)] = Field(
        default="", description="Who said it: a code, name or address. Kept as a keyed hash alone."
    )
    sku: Name | None = Field(default=None, description="The product that it was said about, if known.")
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    said_at: datetime | None = Field(default=None, description="When; now if left out.")
    id: Name | None = Field(
        default=None, description="Your number of it: the same number counts once. So does Idempotency-Key."
    )


class FeedbackOut(BaseModel):
    """What came of it.  ``repeated``: it was known; ``masked``: something personal was left out."""

    id: int
    repeated: bool
    masked: bool


@router.post(
    "/feedback",
    tags=["Customers' words"],
    summary="Hand in what a customer said",
    responses=SHARED | POSTED,
)
async def post_feedback(
    body: Feedback,
    door: TheDoor,
    visitor: TheVisitor,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=120, pattern=NAME)] = None,
) -> FeedbackOut:
    """Keep one text, once.  It is read within a minute; nothing that it says is ever carried out."""
    if not visitor.by_token:
        words = "Send your personal token: Authorization: Bearer …"
        raise HTTPException(401, words, {"WWW-Authenticate": "Bearer"})
    need(door, visitor, Right.TALK)
    wait = door.messages.wait(f"feedback:{visitor.user.name}")
    if wait:
        raise HTTPException(429, "That is a lot at once. Wait a moment.", {"Retry-After": str(int(wait) + 1)})
    try:
        applied = await run_sync(_noted, door, visitor, body, idempotency_key or body.id or "")
    except BooksError as error:
        raise HTTPException(400, f"That can't be kept: {error}.") from error
    number = int(applied.documents[0].split()[1])
    kept = await run_sync(door.house.store.said.remark, number)
    known = applied.repeated or KNOWN in applied.notes
    return FeedbackOut(id=number, repeated=known, masked=kept is not None and kept.masked)


def _noted(door: Door, visitor: Visitor, body: Feedback, key: str) -> Applied:
    change = remark_of(body.text, body.channel, body.customer, _wall(door, body.said_at))
    whose = f"{visitor.user.name}\n{key or secrets.token_hex(16)}"
    named = hashlib.sha256(whose.encode()).hexdigest()[:40]
    change = NoteRemark(
        change.text,
        change.channel,
        change.customer,
        body.sku,
        body.rating,
        change.said_at,
        source="api",
        source_id=named if key else "",
    )
    actor = Actor(visitor.user.name, "api", visitor.user.id)
    return door.house.store.apply(
        change, actor, request_id=f"feedback:{secrets.token_hex(16)}", at=door.house.now()
    )


def remark_of(text: str, channel: str, customer: str, said_at: datetime | None) -> NoteRemark:
    """A text as a remark; of an e-mail only what the customer wrote, with who sent it and when."""
    if channel != "email" and not looks_like_mail(text):
        return NoteRemark(text, channel, customer, said_at=said_at)
    mail = plain_mail(text)
    words = mail.text or mail.subject or text
    return NoteRemark(words, "email", customer or mail.sender, said_at=said_at or mail.sent)


def _wall(door: Door, said_at: datetime | None) -> datetime | None:
    """An instant as the shop's clock showed it."""
    if said_at is not None and not EARLIEST <= said_at.year <= LATEST:
        raise BooksError(f"it was said in the year {said_at.year}")
    if said_at is None or said_at.tzinfo is None:
        return said_at
    return said_at.astimezone(door.house.now().tzinfo).replace(tzinfo=None)
