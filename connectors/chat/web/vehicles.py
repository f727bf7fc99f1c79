"""The vans: what each needs, what is known of its parts, and the days at the workshop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from connectors.chat.web.auth import TheVisitor, need
from connectors.chat.web.door import TheDoor
from connectors.chat.web.pages import page
from connectors.chat.web.shelves import ask_of
from tools.kit import Right, Table
from tools.kit.upkeep import Health, fleet
from tools.kit.upkeep_words import clock_words, gaps, jobs_table, troubles
from tools.kit.words import capital, near_day

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Card:
    """One vehicle as it is shown."""

    name: str
    state: str
    badge: str
    clock: str
    troubles: Sequence[str]
    workshop: str
    gaps: str
    table: Table | None
    question: str


@router.get("/vehicles", response_class=HTMLResponse)
def vehicles_page(request: Request, door: TheDoor, visitor: TheVisitor) -> HTMLResponse:
    """Every vehicle in use."""
    need(door, visitor, Right.DELIVER)
    ask = ask_of(door, visitor.user)
    found = fleet(ask.store, ask.now)
    return page(request, "vehicles.html", visitor, now=ask.now, cards=[_card(one) for one in found])


def _card(one: Health) -> Card:
    state, badge = ("fine", "fine") if not one.needs_work else ("needs work", "low")
    state, badge = ("not safe to drive", "out") if one.unsafe else (state, badge)
    return Card(
        one.vehicle.name or one.vehicle.code,
        state,
        badge,
        capital(clock_words(one)),
        [capital(each) for each in troubles(one)],
        near_day(one.booking.day, one.today) if one.booking else "",
        gaps(one),
        jobs_table([one]),
        f"how is the {one.vehicle.name.lower()}",
    )
