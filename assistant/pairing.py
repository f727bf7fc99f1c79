"""Who speaks in a chat: the person whose code was said there, and the sentences around it."""

from __future__ import annotations

from datetime import datetime

from connectors.chat.message import HOW_TO_PAIR, says_code
from tools.store import BooksError, Store, User
from tools.store.pairing import NotPaired, typed

WHY_NOT = {
    NotPaired.WRONG: "That code is wrong, used or older than ten minutes; ask for a new one.",
    NotPaired.TOO_MANY: "Too many wrong codes came lately; try again in a quarter of an hour.",
    NotPaired.TAKEN: "This {channel} account speaks for somebody else already; unpair it there first.",
}


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
    return store.people.of_chat(channel, identity) or WHY_NOT[NotPaired.WRONG]
