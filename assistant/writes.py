"""A change that somebody asked for: shown first where it has to be, made once, told with its undo."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, get_args

from assistant import access
from assistant.memory import LastWrite, Recall
from assistant.phrases import SAY_YES, SURE_FIRST, TODAY_ONLY, seconds_ago
from connectors.chat.message import Message
from tools.kit import Ask, Button, Call, Plan, Refused, Reply, all_tools, words
from tools.kit.plans import at_stake
from tools.kit.stop_words import deliveries_now
from tools.store import Actor, Applied, BooksError, Catalogue, Effect, Movement, Undo
from tools.store.alert_changes import AlertChange
from tools.store.buying_changes import ConfirmOrder, DraftOrder, OrderSteps, ReviseOrder
from tools.store.buying_events import STATE_WORDS

YES = "Yes, do it"
NO = "No"
# No message has more requests than this; each is looked up where a turn failed.
MOST_REQUESTS = 20
# Changes of orders to suppliers that move no stock.
PAPERWORK = (DraftOrder, ReviseOrder, ConfirmOrder, OrderSteps)
# What somebody wants told, or not told: it concerns nobody else and is taken back at a word. "Tell me if",
# "when", "less than" and "no more" are how it is said, so they raise no doubt.
MANNERS = get_args(AlertChange)


@dataclass(frozen=True, slots=True)
class Write:
    """One planned change on its way: who, what, under which request id."""

    message: Message
    ask: Ask
    call: Call
    plan: Plan
    request_id: str
    confirmed: bool
    doubts: tuple[str, ...] = ()

    def settled(self) -> Call:
        """The complete request, so that a later yes repeats exactly this."""
        return Call(self.call.intent, dict(self.plan.slots))


def perform(write: Write, recall: Recall) -> tuple[Reply, Recall]:
    """Refuse it, ask for a yes, or do it."""
    beyond = access.too_much(write.ask, write.plan)
    if beyond:
        return Reply(beyond, {"refused": beyond}), recall
    doubts = _doubts(write, recall)
    if not write.confirmed and (doubts or access.needs_yes(write.ask, write.plan)):
        return _offer(write, doubts), recall
    try:
        applied = apply(write)
    except BooksError as error:
        return Reply(f"I didn't do that: {error}.", {"refused": str(error)}), recall
    return _done(write, applied, recall)


def apply(write: Write) -> Applied:
    """Make the change in the books, once for its request id."""
    message, ask = write.message, write.ask
    actor = Actor(
        name=ask.user.name,
        channel=message.channel,
        user_id=ask.user.id,
        conversation=message.conversation,
        message=message.event_id or message.action or "",
    )
    return ask.store.apply(write.plan.change, actor, request_id=write.request_id, at=ask.now, day=ask.today)


def request_name(message: Message, number: int) -> str:
    """The id of the change that is asked for after ``number`` replies to this event: always the same."""
    return f"{message.conversation}:{message.event_id}:{number}"


def made_before(ask: Ask, request_id: str) -> Reply | None:
    """What this request did already, where its answer was lost on the way; None where it is new."""
    applied = ask.store.outcome(request_id)
    if applied is None:
        return None
    told = _tell_undone(ask, applied) if applied.reversed_group else _tell_made(ask, applied)
    return dataclasses.replace(told, data={**told.data, "group": applied.group_id, "repeated": True})


def made_by(ask: Ask, message: Message) -> str:
    """All that one event has changed so far, in words; "" for nothing."""
    names = [request_name(message, number) for number in range(MOST_REQUESTS)]
    if message.action is not None:
        names = [f"action:{message.action}"]
    made = [applied for name in names if (applied := ask.store.outcome(name)) is not None]
    return "; ".join(_changes(ask, applied)[0] or applied.summary for applied in made)


def refusal_reply(refused: Refused) -> Reply:
    """A refusal in words."""
    return Reply(refused.reason, {"refused": refused.reason}, buttons=refused.buttons)


def _doubts(write: Write, recall: Recall) -> tuple[str, ...]:
    doubts = [*write.plan.doubts, *write.doubts]
    if isinstance(write.plan.change, (ConfirmOrder, *MANNERS)):  # the tool asks itself
        doubts = list(write.plan.doubts)
    if isinstance(write.plan.change, PAPERWORK):  # nothing moves today: the days are those of the order
        needless = (TODAY_ONLY.partition("{")[0], SURE_FIRST)
        doubts = [doubt for doubt in doubts if not doubt.startswith(needless)]
    last = recall.last_write
    if last and last.is_same(write.settled(), write.ask.now):
        ago = seconds_ago((write.ask.now - last.at).total_seconds())
        doubts.append(f"You told me exactly this {ago} and it is done ({last.text}). Once more?")
    return tuple(doubts)


def _offer(write: Write, doubts: Sequence[str]) -> Reply:
    call = write.settled()
    yes = Call(call.intent, {**call.slots, "confirmed": True})
    text = " ".join([*doubts, f"{write.plan.summary.rstrip('.')}. {SAY_YES}"])
    buttons = (Button(YES, yes, "primary"), Button(NO, Call("meta.deny")))
    data = {**write.plan.data, "needs_yes": True}
    return Reply(text, data, write.plan.blocks, buttons, write.plan.sources)


def _done(write: Write, applied: Applied, recall: Recall) -> tuple[Reply, Recall]:
    reply = write.plan.tell(applied)
    outcome = {"group": applied.group_id, "position": applied.position, "repeated": applied.repeated}
    data = {**reply.data, **outcome}
    undo = Button("Undo", Call("meta.undo", {"group": applied.group_id}))
    notes = "".join(f" {note}" for note in applied.notes)
    reply = dataclasses.replace(reply, text=f"{reply.text}{notes}", data=data, buttons=(*reply.buttons, undo))
    call = write.settled()
    last = LastWrite(call.intent, call.slots, write.ask.now, reply.text, applied.group_id)
    return reply, dataclasses.replace(recall, last_write=last)


def plan_undo(ask: Ask, message: Message, group: str | None) -> Plan | Refused:
    """The reversal of one change: the one named, else the latest of this person here."""
    changes = ask.store.undoable(message.conversation, ask.user.name)
    if group is None:
        if not changes:
            return Refused("There is no change of yours in this conversation that I could undo.")
        group = changes[0].group_id
    moves, made = ask.store.stock.group(group), ask.store.made(group)
    for right in access.undo_rights(made.kinds):
        if not ask.may(right):
            return Refused(f"Your role ({ask.user.role}) may not {right.value}, so it may not undo that.")
    if any(_starts_outside(ask, move) for move in moves):
        return Refused("I can't undo that: it was made at a place that you have no access to.")
    blocker = ask.store.undo_blocker(group)
    if blocker and not _all_seen(ask, moves):
        return Refused("I can't undo that: more has happened since, at a place that you have no access to.")
    if blocker:
        return Refused(f"I can't undo that: {blocker}.")
    plan = Plan(
        "Undo the change", Undo(group), partial(_tell_undone, ask), {"group": group}, value=_worth(ask, moves)
    )
    beyond = None if made.actor == ask.user.name else access.too_much(ask, plan)
    return Refused(beyond) if beyond else plan


def _worth(ask: Ask, moves: Sequence[Movement]) -> Decimal:
    """The money at stake in moves, as in a change that somebody makes."""
    products = ask.catalogue.products
    known = [(products[move.sku], move.quantity) for move in moves if move.sku in products]
    return sum((at_stake(product, quantity) for product, quantity in known), Decimal(0))


def _starts_outside(ask: Ask, move: Movement) -> bool:
    """Whether the person could not have made this move: it takes from (else gives to) a place of others."""
    where = move.destination if move.source.startswith("@") else move.source
    return where not in ask.places and not where.startswith("@")


def _all_seen(ask: Ask, moves: Sequence[Movement]) -> bool:
    ends = {end for move in moves for end in (move.source, move.destination)}
    return all(end in ask.places or end.startswith("@") for end in ends)


def _tell_undone(ask: Ask, applied: Applied) -> Reply:
    changes, rows = _changes(ask, applied)
    deliveries = deliveries_now(ask.store, applied.documents)
    changes = "; ".join(filter(None, (changes, _orders_now(ask, applied), deliveries)))
    return Reply(f"Undone: {changes}." if changes else "Undone.", {"rows": rows})


def _tell_made(ask: Ask, applied: Applied) -> Reply:
    changes, rows = _changes(ask, applied)
    undo = Button("Undo", Call("meta.undo", {"group": applied.group_id}))
    done = "; ".join(filter(None, (changes, _orders_now(ask, applied)))) or "nothing had to change"
    return Reply(f"That was done before: {done}.", {"rows": rows}, buttons=(*_next_steps(ask, applied), undo))


def _next_steps(ask: Ask, applied: Applied) -> tuple[Button, ...]:
    """What can be done now with the one order that a change touched, whose answer was lost on the way."""
    if len(applied.documents) != 1:
        return ()
    told = all_tools()["po.status"].call(replace(ask, text=""), {"po": applied.documents[0]})
    return told.buttons if isinstance(told, Reply) else ()


def _changes(ask: Ask, applied: Applied) -> tuple[str, list[dict[str, Any]]]:
    """What a change did at the places that this person may see, in words and as figures."""
    effects = [effect for effect in applied.effects if effect.location in ask.places]
    rows = [
        words.facts(sku=effect.sku, location=effect.location, before=effect.before, after=effect.after)
        for effect in effects
    ]
    return "; ".join(_effect_words(ask.catalogue, effect) for effect in effects), rows


def _orders_now(ask: Ask, applied: Applied) -> str:
    """How the purchase orders stand that a change touched."""
    found = ask.store.purchasing.orders(po_nos=applied.documents) if applied.documents else []
    return "; ".join(f"{order.po_no} {STATE_WORDS.get(order.status, order.status)}" for order in found)


def _effect_words(catalogue: Catalogue, effect: Effect) -> str:
    product, place = catalogue.products.get(effect.sku), catalogue.location_name(effect.location)
    figures = f"{words.amount(effect.before)} → {words.amount(effect.after)}"
    return f"{product.name if product else effect.sku} at {place} {figures}"
