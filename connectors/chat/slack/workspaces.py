"""Which workspaces have the app, with which token; and the clients to talk to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp
import structlog
from anyio.to_thread import run_sync
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from connectors.chat.slack.config import SlackConfig
from connectors.chat.slack.errors import TROUBLES, code_of
from tools.store import Store
from tools.store.installations import SlackInstallation

log = structlog.get_logger(__name__)

HOME_TEAM = "slack_home_team"
TIMEOUT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace that the assistant is in."""

    team: str
    token: str
    bot_user: str = ""
    bot_id: str = ""


class Workspaces:
    """The configured workspace, and those that installed the app: from memory and the books."""

    def __init__(self, config: SlackConfig, store: Store) -> None:
        self.config = config
        self.store = store
        self.own: Workspace | None = Workspace("", config.bot_token) if config.bot_token else None
        self._session: aiohttp.ClientSession | None = None

    @property
    def home(self) -> str:
        """The team whose people go by their plain Slack id; "" while Slack has not told it."""
        if self.own is not None and self.own.team:
            return self.own.team
        return self.store.settings.get(HOME_TEAM)

    def identity(self, team: str, user: str) -> str:
        """How a person is called in the books: by their id, with the team where it is not the home team."""
        return user if not team or team == (self.home or team) else f"{team}:{user}"

    async def of(self, team: str, enterprise: str = "") -> Workspace | None:
        """The workspace with this id; None where the app is not installed."""
        if self.own is not None and (not team or team == (self.own.team or team)):
            return self.own
        if not self.config.many_workspaces:
            return self.own
        return await self._installed(team, enterprise)

    async def _installed(self, team: str, enterprise: str = "") -> Workspace | None:
        found = await run_sync(self.store.installations.find, enterprise, team)
        return _workspace(found) if found else None

    async def addressee(self, identity: str) -> tuple[Workspace | None, str]:
        """The workspace of a person or channel, and their plain id there."""
        team, _, plain = identity.rpartition(":")
        return await self.of(team or self.home), plain

    async def introduce(self) -> str:
        """Ask Slack who we are, once; "" or what is wrong."""
        if self.own is None or self.own.team:
            return ""
        try:
            told = await self.client(self.own.token).auth_test()
        except TROUBLES as error:
            return code_of(error)
        team, user, bot = (str(told.get(name) or "") for name in ("team_id", "user_id", "bot_id"))
        self.own = Workspace(team, self.own.token, user, bot)
        await run_sync(self.store.settings.claim, HOME_TEAM, team)
        return ""

    def client(self, token: str, *, patient: bool = True) -> AsyncWebClient:
        """A client for one token; an impatient one leaves pauses and repeats to its caller."""
        handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=3)]
        handlers += [AsyncConnectionErrorRetryHandler(), AsyncServerErrorRetryHandler(max_retry_count=2)]
        return AsyncWebClient(
            token=token,
            base_url=self.config.base_url,
            timeout=TIMEOUT_SECONDS,
            session=self.session(),
            retry_handlers=handlers if patient else [],
        )

    def session(self) -> aiohttp.ClientSession:
        """The connections that all clients share."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)


def _workspace(found: SlackInstallation) -> Workspace:
    return Workspace(found.team_id or found.enterprise_id, found.bot_token, found.bot_user_id, found.bot_id)
