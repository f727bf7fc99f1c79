"""``quartermaster user pair``: the code, and where to say it."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.settings import Settings
from connectors.chat.links import telegram_link
from connectors.chat.message import says_code
from tools.store import Store, User
from tools.store.pairing import LIFE


def code_lines(settings: Settings, store: Store, user: User) -> Iterator[str]:
    """Make a code for this person and say what to do with it.

    Raises:
        BooksError: the person does not work here any more.
    """
    code = store.people.pairing.new_code(user.id or 0, actor="terminal", at=store.clock())
    minutes = int(LIFE.total_seconds() // 60)
    yield f"{code}  (for {user.name}, {minutes} minutes, one use)"
    yield f"Slack: {user.name} writes to the app in a direct message: {says_code('slack', code)}"
    link = telegram_link(store, code)
    if link:
        yield f"Telegram: {user.name} opens {link}"
    else:
        yield f"Telegram: {user.name} writes to the bot: {says_code('telegram', code)}"
    if not (settings.has_slack or settings.has_telegram):
        yield "No chat is set up yet: quartermaster setup slack, or quartermaster setup telegram."
