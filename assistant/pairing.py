"""Who speaks in a chat: the person whose code was said there, and the sentences around it."""

from __future__ import annotations

from datetime import datetime

from assistant.codec import answer_to_json
from connectors.chat.message import HOW_TO_PAIR, Answer, says_code
from tools.kit import Reply
from tools.store import BooksError, Store, User
from tools.store.incidents_facts import Letter
from tools.store.pairing import NotPaired, typed

WHY_NOT = {
    NotPaired.WRONG: "That code is wrong, used or older than ten minutes; ask for a new one.",
    NotPaired.TOO_MANY: "Too many wrong codes came lately; try again in a quarter of an hour.",
    NotPaired.TAKEN: "This {channel} account speaks for somebody else already; unpair it there first.",
}

MOVED = (
    "This account does not speak for {name} any more: another {channel} account was paired with a code of "
    "theirs. If that was not you, tell an owner, who unpairs it on the page People."
)


def pair(store: Store, channel: str, identity: str, code: str, at: datetime) -> User | str:
    """Tie a chat's identity to the person whose code it is; else why not, as one sentence."""
    if not typed(code):  # small talk of a stranger is no guess
        return HOW_TO_PAIR.format(says=says_code(channel))
    try:
        found = store.people.pairing.pair(channel, identity, code, at=at)
    except BooksError as error:
        return f"That can't be paired: {error}."
    if isinstance(found, NotPaired):
        return WHY_NOT[found].format(channel=channel.title())
    user = store.people.of_chat(channel, identity)
    if user is not None and found.before:
        _tell_the_account_before(store, user, channel, found.before, at)
    return user or WHY_NOT[NotPaired.WRONG]


def _tell_the_account_before(store: Store, user: User, channel: str, before: str, at: datetime) -> None:
    """Whoever was this person until now hears of it, so that a stolen code does not go unseen."""
    text = MOVED.format(name=user.name, channel=channel.title())
    answer = answer_to_json(Answer(f"{channel}:{before}", (Reply(text),)))
    key = f"moved:{user.id}:{channel}:{before}:{at.isoformat()}"
    store.outbox.post([Letter(key, "notice", user.name, at, channel, before, answer)], at)
