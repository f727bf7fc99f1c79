"""Links that open a chat with the assistant."""

from __future__ import annotations

from tools.store import Store

TELEGRAM_BOT = "telegram_bot"
_TELEGRAM = "https://t.me/{bot}?start={code}"


def telegram_link(store: Store, code: str) -> str:
    """The link that opens Telegram and says the code there; "" while the bot's name is not known."""
    bot = store.settings.get(TELEGRAM_BOT)
    return _TELEGRAM.format(bot=bot, code=code.replace("-", "")) if bot else ""


def remember_bot(store: Store, name: str) -> None:
    """Keep the bot's name, which Telegram tells, for the links."""
    if name and store.settings.get(TELEGRAM_BOT) != name:
        store.settings.set(TELEGRAM_BOT, name)
