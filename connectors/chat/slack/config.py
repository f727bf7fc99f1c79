"""What the Slack door needs to know: tokens, addresses and where it may keep files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """How this shop reaches Slack.

    ``app_token`` (``xapp-``) asks for Socket Mode; without it requests come over HTTP and are signed with
    ``signing_secret``.  ``client_id`` and ``client_secret`` let several workspaces install the app.
    ``public_url`` is where this app is reached from outside.
    """

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""
    api_url: str = API
    public_url: str = ""
    files: Path | None = None

    @property
    def base_url(self) -> str:
        """The Web API's address, ending in a slash."""
        return (self.api_url or API).rstrip("/") + "/"

    @property
    def over_socket(self) -> bool:
        """Whether events come over a web socket that this app opens."""
        return bool(self.app_token)

    @property
    def many_workspaces(self) -> bool:
        """Whether workspaces install the app by themselves."""
        return bool(self.client_id and self.client_secret)

    @property
    def usable(self) -> bool:
        """Whether there is enough to begin: a way in, and a token or a way to get one."""
        return bool(self.app_token or self.signing_secret) and bool(self.bot_token or self.many_workspaces)

    def __repr__(self) -> str:
        """Without secrets."""
        return f"SlackConfig(over_socket={self.over_socket}, api_url={self.api_url!r})"
