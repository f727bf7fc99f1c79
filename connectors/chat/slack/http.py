"""Slack over HTTP: signed requests, and the pages by which a workspace installs the app."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response

from connectors.chat.slack.config import SlackConfig
from connectors.chat.slack.errors import TROUBLES, code_of
from connectors.chat.slack.front import dispatch
from connectors.chat.slack.install import INSTALL, REDIRECT

log = structlog.get_logger(__name__)

EVENTS = "/slack/events"
MOST_BYTES = 1024 * 1024
# Slack refuses, and so do we, what is older than five minutes.
REMEMBERED_SECONDS = 600.0
MOST_REMEMBERED = 100_000


class Signatures:
    """Whether a request was signed by Slack, lately, and did not come before."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._verifier = SignatureVerifier(secret)
        self._clock = clock
        self._used: OrderedDict[str, float] = OrderedDict()

    def accept(self, body: bytes, timestamp: str, signature: str) -> bool:
        """True for the first request with this good signature."""
        if not (timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
            return False
        try:
            genuine = self._verifier.is_valid(body, timestamp, signature)
        except ValueError:  # no text
            return False
        now = self._clock()
        while self._used and (
            len(self._used) > MOST_REMEMBERED or next(iter(self._used.values())) < now - REMEMBERED_SECONDS
        ):
            self._used.popitem(last=False)
        if not genuine or signature in self._used:
            return False
        self._used[signature] = now
        return True


def routes(app: AsyncApp, config: SlackConfig, flow: AsyncOAuthFlow | None) -> APIRouter | None:
    """The addresses that Slack calls and that installers visit; None where there are none."""
    if not (config.signing_secret or flow):
        return None
    router = APIRouter(include_in_schema=False)
    if config.signing_secret:
        router.add_api_route(EVENTS, _events(app, config.signing_secret), methods=["POST"])
    if flow is not None:
        router.add_api_route(INSTALL, _visited(flow.handle_installation), methods=["GET"])
        router.add_api_route(REDIRECT, _visited(flow.handle_callback), methods=["GET"])
    return router


def _events(app: AsyncApp, secret: str) -> Callable[..., object]:
    signatures = Signatures(secret)

    async def events(request: Request) -> Response:
        """Everything that Slack tells: events, commands, buttons, forms."""
        body, told = await request.body(), request.headers
        timestamp = told.get("x-slack-request-timestamp", "")
        if len(body) > MOST_BYTES or not signatures.accept(
            body, timestamp, told.get("x-slack-signature", "")
        ):
            log.warning("slack_signature_refused")
            return Response("The signature is not Slack's, is old, or was used before.", 401)
        return to_starlette_response(await dispatch(app, lambda: to_async_bolt_request(request, body)))

    return events


def _visited(answer: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Callable[..., object]:
    async def page(request: Request) -> Response:
        """A page of the installation, for a browser."""
        try:
            return to_starlette_response(await answer(to_async_bolt_request(request, b"")))
        except (*TROUBLES, ValueError) as error:
            log.warning("slack_install_failed", error=code_of(error))
            return Response("Slack could not be asked just now. Begin again at /slack/install.", 502)

    return page
