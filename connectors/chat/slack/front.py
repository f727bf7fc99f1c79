"""Bolt in front: every request gets its answer at once, whatever it is and whatever happens behind."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from connectors.chat.slack.config import SlackConfig
from connectors.chat.slack.desk import text_at
from connectors.chat.slack.workspaces import Workspaces

log = structlog.get_logger(__name__)

# What Slack may hear besides 200: that a signature is wrong, or where a browser goes next.
PASSED_ON = frozenset({200, 302, 401})
_TICKET = re.compile(r"(ticket|token|app_id)=[^&\s\"']+")


class Authorize(AsyncAuthorize):
    """Bolt's question for each request: may it be answered, and as whom?

    It is answered without calling Slack, because a request has to be acknowledged first.
    """

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_more: Any
    ) -> AuthorizeResult | None:
        """The token of the workspace that the request came from; None where it has not installed the app."""
        found = await self._workspaces.of(str(team_id or ""), str(enterprise_id or ""))
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.bot_user or None,
            bot_id=found.bot_id or None,
            bot_token=found.token,
            user_id=user_id,
        )


class _Told(logging.Handler):
    """Faults that Bolt or the SDK met, in our own log and without the tickets in their addresses."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        log.error("slack_sdk_fault", told=_TICKET.sub(r"\1=…", record.getMessage())[:500])


def quiet_logger() -> logging.Logger:
    """The log of Bolt and the SDK: their faults in ours, not their notes of every request."""
    logger = logging.getLogger("quartermaster.slack")
    if not logger.handlers:
        logger.addHandler(_Told(logging.ERROR))
        logger.propagate = False
    logger.setLevel(logging.ERROR)
    return logger


def make_app(config: SlackConfig, workspaces: Workspaces, flow: AsyncOAuthFlow | None) -> AsyncApp:
    """A Bolt app without listeners yet."""
    return AsyncApp(
        name="quartermaster",
        logger=quiet_logger(),
        client=AsyncWebClient(base_url=config.base_url),
        signing_secret=config.signing_secret,
        authorize=Authorize(workspaces),  # type: ignore[arg-type]
        oauth_flow=flow,
        raise_error_for_unhandled_request=True,
        # Signatures are checked in connectors.chat.slack.http as well; over a socket there are none.
        request_verification_enabled=bool(config.signing_secret),
        attaching_conversation_kwargs_enabled=False,
    )


def listen_to_the_rest(app: AsyncApp) -> None:
    """What no listener takes is acknowledged, so that Slack does not send it again and again."""

    @app.error
    async def _fault(error: Exception, body: dict[str, Any]) -> BoltResponse:
        kind = text_at(body, "event", "type") or text_at(body, "type")
        if isinstance(error, BoltUnhandledRequestError):
            log.debug("slack_event_not_used", kind=kind)
        else:
            log.error("slack_listener_failed", kind=kind, exc_info=error)
        return BoltResponse(status=200, body="")


async def dispatch(app: AsyncApp, make_request: Callable[[], AsyncBoltRequest]) -> BoltResponse:
    """Bolt's answer; where Bolt itself stumbles over a payload, that is logged and acknowledged."""
    try:
        response: BoltResponse | None = await app.async_dispatch(make_request())
    except Exception:
        log.exception("slack_payload_unreadable")
        return BoltResponse(status=200, body="")
    if response is not None and response.status in PASSED_ON:
        return response
    log.warning("slack_request_not_served", status=response and response.status)
    return BoltResponse(status=200, body="")
