"""Doctor's look at people: whom the chats know, and whether an owner can be told anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.cli.faults import fault
from assistant.settings import Settings
from tools.kit import listed
from tools.store import Finding, Store, User

CHATS = {"slack": "Slack", "telegram": "Telegram"}
MANY_GUESSES = 5


def check_people(settings: Settings, store: Store) -> Iterator[Finding]:
    """Who is paired, twice or not at all."""
    users = [user for user in store.people.users() if user.active]
    chats = [name for name, there in _configured(settings).items() if there]
    owners = [user for user in users if user.role == "owner"]
    if users and not owners:
        yield fault("people.no_owner")
    for chat in chats:
        paired = [user for user in users if _identity(user, chat)]
        if paired:
            yield Finding(True, f"{len(paired)} of {len(users)} people are paired in {CHATS[chat]}")
        else:
            yield fault("people.nobody", chat=CHATS[chat])
    if chats and not any(_identity(user, chat) for user in owners for chat in chats):
        yield fault("people.owner", chats=listed([CHATS[chat] for chat in chats], "or"))
    for chat in CHATS:
        yield from _twice(users, chat)
    yield from _guessing(store)


def _configured(settings: Settings) -> dict[str, bool]:
    return {"slack": settings.has_slack, "telegram": settings.has_telegram}


def _identity(user: User, chat: str) -> str:
    return user.slack_id if chat == "slack" else user.telegram_id


def _twice(users: Sequence[User], chat: str) -> Iterator[Finding]:
    held: dict[str, list[str]] = defaultdict(list)
    for user in users:
        held[_identity(user, chat)].append(user.name)
    for identity, names in held.items():
        if identity and len(names) > 1:
            yield fault("people.twice", names=listed(names, "and"), chat=CHATS[chat], channel=chat)


def _guessing(store: Store) -> Iterator[Finding]:
    wrong = store.people.pairing.guesses(store.clock())
    if len(wrong) >= MANY_GUESSES:
        yield fault("people.guessing", count=len(wrong), who=listed(sorted(set(wrong))[:3], "and"))
