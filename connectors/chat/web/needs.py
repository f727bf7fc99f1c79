"""What needs a person: incidents and what can be done, messages that were not sent, who is told."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from connectors.chat.message import Message
from connectors.chat.web.api import CHANNEL, admit, answered, event_name
from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.chat import LATEST, conversation_of
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.pages import page
from connectors.chat.web.shelves import ask_of
from tools.kit import Plan, Refused, Right, all_tools
from tools.kit.handling import DELIVERY, LABELS, handle, hears_of
from tools.kit.manners import BRIEF_AT, CAP, QUIET, USUAL, Listener, choose, listeners, tell
from tools.store import Actor, BooksError, Incident, StoredAction
from tools.store.incidents_facts import Posted

router = APIRouter(include_in_schema=False)
CHATS = ("slack", "telegram")
MOST_SHOWN = 60
MOST_PAST = 20
Once = Annotated[str, Form(max_length=64)]


@dataclass(frozen=True, slots=True)
class Need:
    """One incident as the page shows it; ``mends`` are the labels of what mends it, by their number."""

    incident: Incident
    text: str
    standing: str
    mends: tuple[tuple[int, str], ...]
    hows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says after something was done: ``wrong`` where it was not."""

    words: str = ""
    wrong: bool = False
    said: Mapping[str, str] | None = None


@router.get("/needs", response_class=HTMLResponse)
def needs_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """What stands, what is put off, and what is over since this morning."""
    need(door, visitor, Right.SEE_STOCK)
    return _page(request, door, visitor, Told())


@router.post("/needs/{number}/press/{place}")
async def mend(
    request: Request, door: TheDoor, visitor: FormVisitor, number: int, place: int, once: Once = ""
) -> Response:
    """A button of an incident that mends it: pressed in this person's own chat, where it is answered."""
    need(door, visitor, Right.SEE_STOCK)
    action = await run_sync(_offered, door, visitor, number, place, once)
    if action is None:
        told = Told("That is over already.", wrong=True)
        return await run_sync(_page, request, door, visitor, told)
    event = event_name(visitor.user, action)
    message = Message(conversation_of(visitor.user), visitor.user, CHANNEL, "", action, event)
    await admit(door, message)
    await answered(door, message)
    return RedirectResponse(LATEST, 303)


@router.post("/needs/{number}/{how}", response_class=HTMLResponse)
def put_off(
    request: Request, door: TheDoor, visitor: FormVisitor, number: int, how: str, once: Once = ""
) -> Response:
    """Put an incident off, take it on, or say that it was not useful."""
    need(door, visitor, Right.SET_ALERTS)
    ask, store = ask_of(door, visitor.user), door.house.store
    plan = handle(ask, str(number), how)
    if not isinstance(plan, Plan):
        words = plan.reason if isinstance(plan, Refused) else "That can't be done."
        return _page(request, door, visitor, Told(words, wrong=True))
    try:
        request_id = f"needs:{visitor.user.name}:{number}:{how}:{once or secrets.token_urlsafe(9)}"
        applied = store.apply(plan.change, _actor(visitor), request_id=request_id, at=ask.now)
    except BooksError as error:
        return _page(request, door, visitor, Told(f"I didn't do that: {error}.", wrong=True))
    return _page(request, door, visitor, Told(plan.tell(applied).text))


@router.post("/messages/{number}/retry", response_class=HTMLResponse)
def try_again(request: Request, door: TheDoor, visitor: FormVisitor, number: int) -> Response:
    """Try a message again that was given up."""
    need(door, visitor, Right.MANAGE)
    found = door.house.store.outbox.retry(number, _actor(visitor), door.house.now())
    words = "It will be tried again now." if found else "That message is not waiting for another try."
    return _page(request, door, visitor, Told(words, wrong=not found))


@router.post("/telling", response_class=HTMLResponse)
def keep_manners(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    quiet: Annotated[str, Form(max_length=20)],
    cap: Annotated[str, Form(max_length=6)],
    brief_at: Annotated[str, Form(max_length=8)],
) -> Response:
    """Keep the shop's quiet hours, its limit and the hour of the brief, all or none."""
    need(door, visitor, Right.MANAGE)
    said = {QUIET: quiet.strip().lower(), CAP: cap.strip(), BRIEF_AT: brief_at.strip().lower()}
    chosen = {key: value or USUAL[key] for key, value in said.items()}
    try:
        choose(door.house.store, chosen, _actor(visitor), door.house.now())
    except ValueError as error:
        return _page(request, door, visitor, Told(f"Not kept: {error}.", wrong=True, said=said))
    return _page(request, door, visitor, Told("Kept."))


@router.post("/telling/{user_id}", response_class=HTMLResponse)
async def tell_whom(request: Request, door: TheDoor, visitor: FormVisitor, user_id: int) -> Response:
    """Whether a person is told, and in which of their chats: their own choice, or the owner's."""
    if visitor.user.id != user_id:
        need(door, visitor, Right.MANAGE)
    form = await request.form()
    return await run_sync(_tell_whom, request, door, visitor, user_id, {str(name) for name in form})


def _tell_whom(request: Request, door: Door, visitor: Visitor, user_id: int, ticked: set[str]) -> Response:
    store = door.house.store
    person = next((user for user in store.people.users() if user.id == user_id), None)
    if person is None:
        raise HTTPException(404, "There is nobody with this number.")
    not_in = [name for name in CHATS if name not in ticked]
    tell(store, person, on="on" in ticked, not_in=not_in, actor=_actor(visitor), at=door.house.now())
    return _page(request, door, visitor, Told(f"Kept for {person.name}."))


def _actor(visitor: Visitor) -> Actor:
    return Actor(visitor.user.name, "web", visitor.user.id)


# -- what the page shows -------------------------------------------------------------------------


def _page(request: Request, door: Door, visitor: Visitor, told: Told) -> HTMLResponse:
    store, now = door.house.store, door.house.now()
    manages = door.house.may(visitor.user, Right.MANAGE.value)
    found = [one for one in store.incidents.open() if _may_see(door, visitor, one)]
    morning = datetime.combine(now.date(), time(0), now.tzinfo)
    over = [one for one in store.incidents.resolved(morning) if _may_see(door, visitor, one)]
    live = [_need(door, visitor, one) for one in found if one.is_live or one.state == "acted"]
    return page(
        request,
        "needs.html",
        visitor,
        status=422 if told.wrong else 200,
        told=told,
        live=live[:MOST_SHOWN],
        more=max(len(live) - MOST_SHOWN, 0),
        put_off=[_need(door, visitor, one) for one in found if one.state == "snoozed"],
        over=[(_text(one), one) for one in over[:MOST_PAST]],
        dead=_dead(door) if manages else [],
        people=_people(door, visitor, manages=manages),
        chosen={key: (told.said or {}).get(key) or store.settings.get(key) or USUAL[key] for key in USUAL},
        keys={"quiet": QUIET, "cap": CAP, "brief_at": BRIEF_AT},
        manages=manages,
        handles=door.house.may(visitor.user, Right.SET_ALERTS.value),
        sees_costs=door.house.may(visitor.user, Right.SEE_COSTS.value),
        once=secrets.token_urlsafe(12),
        zone=now.tzinfo,
    )


def standing(door: Door, visitor: Visitor) -> int:
    """How many things need this person now."""
    found = door.house.store.incidents.open()
    return sum(one.is_live and _may_see(door, visitor, one) for one in found)


def _may_see(door: Door, visitor: Visitor, incident: Incident) -> bool:
    return hears_of(visitor.user, lambda right: door.house.may(visitor.user, right.value), incident)


def _need(door: Door, visitor: Visitor, incident: Incident) -> Need:
    buttons = json.loads(incident.reply).get("buttons", [])
    mends = tuple(
        (place, str(button["label"]))
        for place, button in enumerate(buttons)
        if _may_press(door, visitor, button["call"]["intent"])
    )
    hows = tuple((how, label) for how, label in LABELS.items() if how != DELIVERY or incident.delivery)
    return Need(incident, _text(incident), _standing(incident, door.house.now()), mends, hows)


def _may_press(door: Door, visitor: Visitor, intent: str) -> bool:
    tool = all_tools().get(intent)
    return tool is not None and tool.built and door.house.may(visitor.user, tool.right.value)


def _text(incident: Incident) -> str:
    return str(json.loads(incident.reply).get("text", ""))


def _standing(incident: Incident, now: datetime) -> str:
    """Since when it stands, and what somebody did with it."""
    since = f"since {_moment(incident.opened_at, now)}"
    if incident.state == "snoozed" and incident.snoozed_until:
        return f"{since} · {incident.handled_by} put it off until {_moment(incident.snoozed_until, now)}"
    if incident.state == "acted":
        return f"{since} · {incident.handled_by}: {incident.handled or 'on it'}"
    return f"{since} · {'told' if incident.told_at else 'not told yet'}"


def _moment(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%a} {local.day} {local:%b %H:%M}"


def _dead(door: Door) -> list[tuple[Posted, str]]:
    return [(one, _first_line(one)) for one in door.house.store.outbox.dead_letters()]


def _first_line(message: Posted) -> str:
    replies: list[dict[str, Any]] = json.loads(message.answer).get("replies", [])
    return str(replies[0]["text"]).partition("\n")[0] if replies else ""


def _people(door: Door, visitor: Visitor, *, manages: bool) -> list[tuple[Listener, list[tuple[str, bool]]]]:
    """Who could be told: everybody for who manages the shop, else the visitor alone."""
    found = listeners(door.house.store, CHATS)
    shown = [one for one in found if manages or one.user.id == visitor.user.id]
    return [(one, [(name, name not in one.not_in) for name, _ in one.chats]) for one in shown]


def _offered(door: Door, visitor: Visitor, number: int, place: int, once: str) -> str | None:
    """The stored button behind a press on the page; the same press finds the same button."""
    store = door.house.store
    incident = store.incidents.get(number)
    if incident is None or incident.state == "resolved" or not _may_see(door, visitor, incident):
        return None
    buttons = json.loads(incident.reply).get("buttons", [])
    if not 0 <= place < len(buttons) or not _may_press(door, visitor, buttons[place]["call"]["intent"]):
        return None
    token = f"n{number}.{place}.{once or secrets.token_urlsafe(12)}"[:64]
    if store.talk.action(token) is None:
        store.talk.offer([_action(door, visitor, incident, buttons[place], token)], door.house.now())
    return token


def _action(
    door: Door, visitor: Visitor, incident: Incident, button: Mapping[str, Any], token: str
) -> StoredAction:
    call = button["call"]
    writes = all_tools()[call["intent"]].writes
    return StoredAction(
        token=token,
        conversation=conversation_of(visitor.user),
        user=visitor.user.name,
        label=button["label"],
        style=button["style"],
        intent=call["intent"],
        slots=call["slots"],
        position=door.house.store.stock.position(),
        state="offered",
        offer=f"i{incident.id}.{incident.tellings}" if writes else token,
    )
