"""The Slack door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.chat.slack.config import SlackConfig

if TYPE_CHECKING:
    from connectors.chat.message import House
    from connectors.chat.slack.channel import SlackChannel

__all__ = ["SlackConfig", "open_slack"]


def open_slack(house: House, config: SlackConfig) -> SlackChannel:
    """The Slack channel of a house, not yet started.  Slack's packages are loaded only now."""
    from connectors.chat.slack.channel import SlackChannel

    return SlackChannel(house, config)
