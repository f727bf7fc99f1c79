"""Several workspaces: each installs the app by OAuth, and its consent is kept in the books."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from connectors.chat.slack.config import API, SlackConfig
from connectors.chat.slack.front import quiet_logger
from connectors.chat.slack.workspaces import HOME_TEAM
from tools.store import Store
from tools.store.installations import SlackInstallation

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
# What the bot may do; the manifests list the same.
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
)


class ConsentStore(AsyncInstallationStore):
    """Bolt's installation store over the books."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def logger(self) -> logging.Logger:
        """Bolt's log."""
        return quiet_logger()

    async def async_save(self, installation: Installation) -> None:
        """Keep a workspace's consent; the first one is where the shop is at home."""
        await run_sync(self._save, installation)

    def _save(self, installation: Installation) -> None:
        team = installation.team_id or ""
        consent = SlackInstallation(
            enterprise_id=installation.enterprise_id or "",
            team_id="" if installation.is_enterprise_install else team,
            team_name=(installation.team_name or installation.enterprise_name or "")[:120],
            bot_token=installation.bot_token or "",
            bot_id=installation.bot_id or "",
            bot_user_id=installation.bot_user_id or "",
            scopes=",".join(installation.bot_scopes or ()),
            installed_by=installation.user_id or "",
            installed_at=datetime.fromtimestamp(installation.installed_at, UTC),
        )
        self._store.installations.save(consent)
        if not self._store.settings.get(HOME_TEAM):
            self._store.settings.claim(HOME_TEAM, team or consent.enterprise_id)

    async def async_save_bot(self, bot: Bot) -> None:
        """Nothing: the consent holds the bot's token."""

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace."""
        found = await self._found(enterprise_id, None if is_enterprise_install else team_id)
        return None if found is None else _installation(found).to_bot()

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - people give no tokens of their own
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The consent of a workspace."""
        found = await self._found(enterprise_id, None if is_enterprise_install else team_id)
        return None if found is None else _installation(found)

    async def _found(self, enterprise_id: str | None, team_id: str | None) -> SlackInstallation | None:
        return await run_sync(self._store.installations.find, enterprise_id or "", team_id or "")

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace."""
        await run_sync(self._store.installations.remove, enterprise_id or "", team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget a workspace; what one person takes back was never kept."""
        if user_id is None:
            await self.async_delete_bot(enterprise_id=enterprise_id, team_id=team_id)


class States(AsyncOAuthStateStore):
    """Installs under way, over the books."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def logger(self) -> logging.Logger:
        """Bolt's log."""
        return quiet_logger()

    async def async_issue(self, *_args: Any, **_more: Any) -> str:
        """A new install."""
        return await run_sync(self._store.installations.begin)

    async def async_consume(self, state: str) -> bool:
        """Whether it was begun here, and not used before."""
        return await run_sync(self._store.installations.complete, state)


def oauth_flow(config: SlackConfig, store: Store) -> AsyncOAuthFlow | None:
    """How workspaces install the app; None where only one is configured."""
    if not config.many_workspaces:
        return None
    public = config.public_url.rstrip("/")
    settings = AsyncOAuthSettings(
        client_id=config.client_id,
        client_secret=config.client_secret,
        scopes=list(SCOPES),
        authorization_url=_authorize_address(config),
        redirect_uri=f"{public}{REDIRECT}" if public else None,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        installation_store=ConsentStore(store),
        installation_store_bot_only=True,
        state_store=States(store),
        logger=quiet_logger(),
    )
    return AsyncOAuthFlow(
        settings=settings, client=AsyncWebClient(base_url=config.base_url), logger=quiet_logger()
    )


def _authorize_address(config: SlackConfig) -> str:
    address = urlsplit(config.base_url)
    known = config.base_url == API
    return f"{address.scheme}://{'slack.com' if known else address.netloc}/oauth/v2/authorize"


def _installation(found: SlackInstallation) -> Installation:
    return Installation(
        enterprise_id=found.enterprise_id or None,
        team_id=found.team_id or None,
        team_name=found.team_name,
        bot_token=found.bot_token,
        bot_id=found.bot_id,
        bot_user_id=found.bot_user_id,
        bot_scopes=found.scopes,
        user_id=found.installed_by,
        is_enterprise_install=not found.team_id,
        installed_at=found.installed_at.timestamp(),
    )
