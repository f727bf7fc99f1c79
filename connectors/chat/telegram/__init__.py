"""The Telegram door: long polling or a webhook, the same handlers behind both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.chat.message import House

if TYPE_CHECKING:
    from connectors.chat.channel import Channel

__all__ = ["open_telegram"]


def open_telegram(
    house: House,
    *,
    token: str,
    files: Path,
    api_url: str = "",
    webhook_url: str = "",
    webhook_secret: str = "",
) -> Channel:
    """Telegram, ready to be started.

    Args:
        house: Who answers.
        token: The bot's token.
        files: A folder for files on their way in.
        api_url: Another Bot API server than Telegram's own.
        webhook_url: The public address that Telegram pushes to; without one we poll.
        webhook_secret: What Telegram sends along; made from the token where none is given.
    """
    from connectors.chat.telegram.channel import Address, Telegram

    address = Address(token, api_url or "https://api.telegram.org", webhook_url, webhook_secret)
    return Telegram(house, address, files)
