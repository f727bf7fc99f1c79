"""The way in for what vehicles measure themselves: a tracker, a battery monitor, a diagnostic plug."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, HTTPException
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from connectors.chat.web.auth import TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.models import NAME, POSTED, SHARED, Name, ProblemOut, Strict
from tools.kit import Right
from tools.store import Actor, Applied, BooksError
from tools.store.upkeep_changes import Measured, NoteFaults, NoteReadings, UpkeepStep, UpkeepSteps

router = APIRouter(prefix="/api/v1")
MOST = 500
EARLIEST, LATEST = 1990, 2199
Figure = Annotated[float, Field(ge=-1_000, le=5_000_000)]
Degrees = Annotated[float, Field(ge=-90, le=90)]
FaultCode = Annotated[str, Field(pattern=r"^[PCBU][0-3][0-9A-F]{3}$")]
Moment = Annotated[
    datetime, Field(description="When; now if left out. Without an offset: the shop's own time.")
]


class ReadingIn(Strict):
    """One measurement."""

    kind: Literal["odometer", "voltage", "temperature"] = Field(
        description="Kilometres on the clock, volts of the battery at rest, °C of the engine."
    )
    value: Figure
    at: Moment | None = None
    ambient: Degrees | None = Field(default=None, description="°C outside, where it is known.")


class ReadingsIn(Strict):
    """What a vehicle measured, and the fault codes that it shows."""

    readings: Annotated[list[ReadingIn], Field(max_length=MOST, default_factory=list)]
    faults: Annotated[list[FaultCode], Field(max_length=50, default_factory=list)]
    id: Name | None = Field(
        default=None, description="Your number of it: the same number counts once. So does Idempotency-Key."
    )


class ReadingsOut(BaseModel):
    """What came of it.  ``repeated``: it was known already."""

    vehicle: str
    readings: int
    faults: list[str]
    repeated: bool


@router.post(
    "/vehicles/{code}/readings",
    tags=["Vehicles"],
    summary="Hand in what a vehicle measured",
    responses=SHARED | POSTED | {404: {"model": ProblemOut, "description": "There is no such vehicle"}},
)
async def post_readings(
    code: Annotated[str, InPath(max_length=64, pattern=NAME)],
    body: ReadingsIn,
    door: TheDoor,
    visitor: TheVisitor,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=120, pattern=NAME)] = None,
) -> ReadingsOut:
    """Keep readings and fault codes of one vehicle, once; all of them or none."""
    if not visitor.by_token:
        words = "Send your personal token: Authorization: Bearer …"
        raise HTTPException(401, words, {"WWW-Authenticate": "Bearer"})
    need(door, visitor, Right.DELIVER)
    wait = door.messages.wait(f"vehicles:{visitor.user.name}")
    if wait:
        raise HTTPException(429, "That is a lot at once. Wait a moment.", {"Retry-After": str(int(wait) + 1)})
    if all(vehicle.code != code for vehicle in door.house.store.catalogue().vehicles):
        raise HTTPException(404, "There is no such vehicle.")
    try:
        applied = await run_sync(_noted, door, visitor, code, body, idempotency_key or body.id or "")
    except BooksError as error:
        raise HTTPException(400, f"That can't be kept: {error}.") from error
    repeated = applied is None or applied.repeated
    return ReadingsOut(vehicle=code, readings=len(body.readings), faults=body.faults, repeated=repeated)


def _noted(door: Door, visitor: Visitor, code: str, body: ReadingsIn, number: str) -> Applied | None:
    """Keep it; None where it says nothing that was not known."""
    house, user = door.house, visitor.user
    at = house.now()
    steps: list[UpkeepStep] = []
    if body.readings:
        steps.append(NoteReadings(code, tuple(_measured(each, at) for each in body.readings)))
    standing = {fault.code for fault in house.store.upkeep.faults([code])}
    fresh = tuple(each for each in dict.fromkeys(body.faults) if each not in standing)
    whose = hashlib.sha256(f"{user.name}\n{code}\n{number}".encode()).hexdigest()[:40]
    request_id = f"vehicle:{whose if number else secrets.token_hex(16)}"
    known = house.store.outcome(request_id)
    if known is not None:
        return replace(known, repeated=True)
    steps += [NoteFaults(code, fresh, at.replace(tzinfo=None, microsecond=0))] if fresh else []
    if not steps:
        return None
    actor = Actor(user.name, "api", user.id)
    return house.store.apply(UpkeepSteps(tuple(steps)), actor, request_id=request_id, at=at)


def _measured(reading: ReadingIn, now: datetime) -> Measured:
    """A reading at the shop's wall time."""
    at = reading.at or now
    if not EARLIEST <= at.year <= LATEST:
        raise BooksError(f"it was measured in the year {at.year}")
    wall = at.astimezone(now.tzinfo).replace(tzinfo=None) if at.tzinfo else at
    ambient = None if reading.ambient is None else _exact(reading.ambient)
    return Measured(reading.kind, _exact(reading.value), wall, ambient)


def _exact(figure: float) -> Decimal:
    """A figure as the books keep it."""
    return Decimal(str(round(figure, 3)))
