"""Buttons: an offer is stored, pressed once, and keeps its final state."""

from __future__ import annotations

import dataclasses
import secrets

from assistant import phrases
from assistant.turn import Turn
from assistant.writes import made_before
from connectors.chat.message import Answer, OfferedAction
from tools.kit import Button, Call, Reply, Unclear, all_tools
from tools.store import Store, StoredAction

MOST_BUTTONS = 6
# What a reply says that asks back: its buttons are answers to one question.
_QUESTIONS = frozenset({"missing", "unsure", "needs_yes"})


def offered(turn: Turn, store: Store) -> Answer:
    """The answer of a turn, its buttons stored behind short random tokens."""
    actions: list[StoredAction] = []
    for reply, position in zip(turn.replies, turn.positions, strict=True):
        actions.extend(_store_all(turn, reply, position))
    if actions:
        store.talk.offer(actions, turn.ask.now)
    waiting = [action.offer for action in actions if action.slots.get("confirmed")]
    if waiting:
        turn.recall = dataclasses.replace(turn.recall, waiting=" ".join(waiting))
    return Answer(
        conversation=turn.message.conversation,
        replies=tuple(turn.replies),
        parses=tuple(turn.parses),
        actions=tuple(OfferedAction(action.token, action.label, action.style) for action in actions),
        repeated=turn.repeated,
    )


def _store_all(turn: Turn, reply: Reply, position: int) -> list[StoredAction]:
    """The buttons of a reply.  Its choices are one offer, of which one is taken; the rest stand alone.

    An Undo can still be pressed after "Copy e-mail": what only tells takes nothing back.
    """
    offer = secrets.token_urlsafe(9)
    asks = bool(_QUESTIONS & set(reply.data))
    return [
        StoredAction(
            token=secrets.token_urlsafe(16),
            conversation=turn.message.conversation,
            user=turn.ask.user.name,
            label=button.label,
            style=button.style,
            intent=button.call.intent,
            slots=dict(button.call.slots),
            position=position,
            state="offered",
            offer=offer if asks or _decides(button) else secrets.token_urlsafe(9),
        )
        for button in reply.buttons[:MOST_BUTTONS]
    ]


def _decides(button: Button) -> bool:
    """Whether it is one way on among others; taking back, telling and asking go with each of them."""
    tool = all_tools().get(button.call.intent)
    if tool is None or button.call.intent == "meta.undo":
        return tool is None
    return tool.writes and tool.missing(button.call.slots) is None


def choices(call: Call, unclear: Unclear) -> Reply:
    """The things that the words fit, as buttons; the question names them, too."""
    buttons = tuple(
        Button(option.label, Call(call.intent, {**call.slots, **option.slots}))
        for option in unclear.options[:MOST_BUTTONS]
    )
    labels = [option.label for option in unclear.options[:MOST_BUTTONS]]
    return Reply(unclear.question, {"missing": unclear.slot, "options": labels}, buttons=buttons)


def claim(turn: Turn, token: str, store: Store) -> StoredAction | Reply:
    """Take the button's one use, or say what came of it before."""
    action = store.talk.action(token)
    if action is None or action.conversation != turn.message.conversation:
        return Reply(phrases.UNKNOWN_BUTTON, {"refused": "unknown action"})
    if action.state == "expired":
        made = made_before(turn.ask, f"action:{token}")
        return made or Reply(phrases.EXPIRED_BUTTON, {"refused": "expired action"})
    if action.outcome is not None:
        start = "Already done" if action.outcome.get("done", True) else "That was pressed already"
        made = made_before(turn.ask, f"action:{token}")  # its answer may have been lost on the way
        text = f"{start}: {action.outcome.get('text', '')}"
        return Reply(text, {"already": action.outcome}, buttons=made.buttons if made else ())
    # Claimed without an outcome: whoever pressed it died on the way. The change behind it is made
    # once for its request id, so running it again completes it and cannot double it.
    unfinished = action.state == "claimed"
    if not unfinished and not store.talk.claim(token, turn.ask.user.name, turn.ask.now):
        return Reply(_sibling_outcome(action, store), {"refused": "another choice was made"})
    return action


def _sibling_outcome(action: StoredAction, store: Store) -> str:
    done = [other for other in store.talk.offer_actions(action.offer) if other.outcome is not None]
    if not done:
        return "Another choice was made here already."
    text = (done[0].outcome or {}).get("text", "")
    return f"“{done[0].label}” was chosen already: {text}"
