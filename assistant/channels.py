"""The chats that are configured, each loaded only then."""

from __future__ import annotations

from pathlib import Path

import structlog

from assistant.settings import Settings
from connectors.chat.channel import Channel
from connectors.chat.message import House

log = structlog.get_logger(__name__)


def open_channels(house: House, settings: Settings, files: Path) -> tuple[Channel, ...]:
    """Every configured chat, not started yet; ``files`` is a folder for what comes in."""
    found = (_slack(house, settings, files), _telegram(house, settings, files))
    return tuple(channel for channel in found if channel is not None)


def _slack(house: House, settings: Settings, files: Path) -> Channel | None:
    if not settings.has_slack:
        return None
    from connectors.chat.slack import SlackConfig, open_slack

    config = SlackConfig(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        api_url=settings.slack_api_url,
        public_url=settings.public_url,
        files=files / "slack",
    )
    if not config.usable:
        log.warning("slack_not_started", why="it needs an app token or a signing secret, and a bot token")
        return None
    return open_slack(house, config)


def _telegram(house: House, settings: Settings, files: Path) -> Channel | None:
    if not settings.has_telegram:
        return None
    from connectors.chat.telegram import open_telegram

    return open_telegram(
        house,
        token=settings.telegram_bot_token.get_secret_value(),
        files=files,
        api_url=settings.telegram_api_url,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
    )
