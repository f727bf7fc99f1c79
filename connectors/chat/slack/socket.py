"""Socket Mode: a web socket that this app opens, kept open through every kind of fault."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from functools import partial
from typing import Any

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from connectors.chat.slack.config import SlackConfig
from connectors.chat.slack.desk import text_at
from connectors.chat.slack.errors import TROUBLES, code_of
from connectors.chat.slack.front import dispatch, quiet_logger

log = structlog.get_logger(__name__)

# Payloads whose acknowledgement says something.
ANSWERED = frozenset({"block_suggestion", "view_submission"})
PING_SECONDS = 5.0
LOOK_SECONDS = 2.0
# The SDK mends its connection by itself; where it does not, a new one is made.
GIVE_UP_SECONDS = 40.0


class Handler(AsyncSocketModeHandler):
    """Bolt behind a web socket."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """One envelope."""
        make = partial(AsyncBoltRequest, mode="socket_mode", body=req.payload, headers=build_headers(req))
        response = await dispatch(self.app, make)
        if not needs_answer({"payload": req.payload}):
            return
        try:
            await send_async_response(client, req, response, time.time())
        except (*TROUBLES, AttributeError, RuntimeError) as error:
            # The socket is gone: Slack delivers the envelope again, and it is known then.
            log.info("slack_ack_not_sent", error=code_of(error))


class Early:
    """Acknowledges what needs no answer of its own in the moment in which it arrives, before it is even read.

    So Slack waits for no other work of this process; Bolt's own acknowledgement of it is dropped.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    async def __call__(self, arrived: WSMessage) -> None:
        """One message of the web socket."""
        try:
            message = json.loads(arrived.data)
        except (TypeError, ValueError):
            return
        envelope = message.get("envelope_id") if isinstance(message, dict) else None
        if isinstance(envelope, str) and not needs_answer(message):
            with contextlib.suppress(*TROUBLES, AttributeError, RuntimeError):
                await self._client.send_socket_mode_response({"envelope_id": envelope})
        if isinstance(envelope, str) and not isinstance(message.get("payload"), dict):
            log.warning("slack_payload_unreadable", kind=str(message.get("type"))[:40])


def needs_answer(message: dict[str, Any]) -> bool:
    """Whether Slack waits for more than a nod: what is wrong with a form, or what there is to choose from."""
    return text_at(message, "payload", "type") in ANSWERED


class Socket:
    """The connection of one app."""

    def __init__(self, app: AsyncApp, config: SlackConfig) -> None:
        self._app = app
        self._config = config
        self._task: asyncio.Task[None] | None = None
        self.connected = False

    def start(self) -> None:
        """Connect, and see to it that it stays so."""
        self._task = asyncio.ensure_future(self._keep())

    async def stop(self) -> None:
        """Disconnect."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _keep(self) -> None:
        while True:
            client = self._client()
            try:
                await self._watch(client)
            finally:
                self.connected = False
                await _close(client)

    def _client(self) -> Any:
        """The SDK's client (its methods have no types), handing every envelope to Bolt."""
        web = AsyncWebClient(token=self._config.app_token, base_url=self._config.base_url)
        token = self._config.app_token
        client = Handler(self._app, token, quiet_logger(), web_client=web, ping_interval=PING_SECONDS).client
        client.on_message_listeners.append(Early(client))
        return client

    async def _watch(self, client: Any) -> None:
        """Until the connection has been gone for so long that a new one is better."""
        connecting = asyncio.ensure_future(client.connect())
        last = time.monotonic()
        try:
            while time.monotonic() - last < GIVE_UP_SECONDS:
                await asyncio.sleep(0.05 if not self.connected else LOOK_SECONDS)
                stands = bool(await client.is_connected())
                if stands != self.connected:
                    log.info("slack_connected" if stands else "slack_disconnected")
                self.connected = stands
                last = time.monotonic() if stands else last
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        log.warning("slack_unreachable", why=await self._why())

    async def _why(self) -> str:
        try:
            await AsyncWebClient(
                token=self._config.app_token, base_url=self._config.base_url
            ).apps_connections_open(app_token=self._config.app_token)
        except TROUBLES as error:
            return code_of(error)
        return "the web socket does not open"


async def _close(client: Any) -> None:
    """Leave nothing of a client behind, also where its line is broken already."""
    with contextlib.suppress(*TROUBLES):
        await client.close()
    for task in (client.message_processor, client.current_session_monitor, client.message_receiver):
        if task is not None:
            task.cancel()
    await client.aiohttp_client_session.close()
