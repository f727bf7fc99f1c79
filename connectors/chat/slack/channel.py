"""Slack as a channel: started and stopped with the app, and a way to speak up."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from functools import partial

import structlog
from fastapi import APIRouter

from connectors.chat.channel import Delivery, Later, Never, Sent
from connectors.chat.documents import Documents
from connectors.chat.message import Answer, House
from connectors.chat.slack import http
from connectors.chat.slack.blocks import draw
from connectors.chat.slack.config import SlackConfig
from connectors.chat.slack.desk import CHANNEL, Desk
from connectors.chat.slack.errors import LONG_PAUSE, TROUBLES, delivery_of
from connectors.chat.slack.extras import listen_to_extras
from connectors.chat.slack.front import listen_to_the_rest, make_app
from connectors.chat.slack.handlers import listen, listen_to_leaving
from connectors.chat.slack.install import oauth_flow
from connectors.chat.slack.posting import Place, post, show_rest
from connectors.chat.slack.socket import Socket
from connectors.chat.slack.workspaces import Workspaces

log = structlog.get_logger(__name__)

GRACE_SECONDS = 10.0
# Threads that think give way to the event loop five times sooner than by default: Slack waits for it.
SWITCH_SECONDS = 0.001
ASK_AGAIN_SECONDS = 30.0


class SlackChannel:
    """Implements :class:`connectors.chat.channel.Channel` for one Slack app."""

    def __init__(self, house: House, config: SlackConfig) -> None:
        self.config = config
        self.workspaces = Workspaces(config, house.store)
        documents = Documents(house, config.files / "documents") if config.files else None
        self.desk = Desk(house, self.workspaces, documents)
        self.flow = oauth_flow(config, house.store)
        self.app = make_app(config, self.workspaces, self.flow)
        listen(self.app, self.desk)
        listen_to_extras(self.app, self.desk)
        listen_to_leaving(self.app, self.desk)
        listen_to_the_rest(self.app)
        self.socket = Socket(self.app, config) if config.over_socket else None
        self._introducing: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """How the outbox and messages call it."""
        return CHANNEL

    def routes(self) -> APIRouter | None:
        """What Slack calls over HTTP, and where workspaces install the app; None over a socket alone."""
        return http.routes(self.app, self.config, self.flow)

    async def start(self) -> None:
        """Begin to answer; who we are in Slack is asked until it says so."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._introducing = asyncio.ensure_future(self._begin())

    async def _begin(self) -> None:
        trouble = await self.workspaces.introduce()
        if self.socket is not None:
            self.socket.start()
        while trouble:
            log.warning("slack_does_not_know_us", why=trouble)
            await asyncio.sleep(ASK_AGAIN_SECONDS)
            trouble = await self.workspaces.introduce()

    async def stop(self) -> None:
        """Disconnect, and finish what is under way."""
        if self._introducing is not None:
            self._introducing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._introducing
        if self.socket is not None:
            await self.socket.stop()
        await self.desk.idle(GRACE_SECONDS)
        await self.workspaces.close()

    async def send(self, to: str, answer: Answer) -> Delivery:
        """Show an answer to a person or channel.  Never raises."""
        workspace, plain = await self.workspaces.addressee(to)
        if workspace is None:
            return Never("That Slack workspace has not installed the app.")
        if not workspace.token:
            return Later(LONG_PAUSE, "Slack has no token yet.")
        client, drawn = self.workspaces.client(workspace.token, patient=False), draw(answer)
        try:
            shown = await post(client, Place(plain), drawn.posts[0])
        except TROUBLES as error:
            return delivery_of(error)
        # It is shown: whatever becomes of its pictures, it must not be sent again.
        patient = self.workspaces.client(workspace.token)
        self.desk.work.submit(to, partial(show_rest, patient, Place(shown.channel), drawn))
        return Sent(f"{shown.channel}:{shown.ts}")
