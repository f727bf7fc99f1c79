"""Short questions to the chats' own interfaces, for ``doctor`` and ``setup``: one try, ten seconds."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from assistant.settings import Settings

SLACK_API = "https://slack.com/api"
TELEGRAM_API = "https://api.telegram.org"
PATIENCE = 10.0
MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Heard:
    """What a chat answered.  ``error`` is its own word for what is wrong, ``unreachable`` why none came.

    ``ahead`` says by how many seconds our clock is ahead of the one that dated the answer.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    unreachable: str = ""
    scopes: frozenset[str] = frozenset()
    ahead: float | None = None
    status: int = 0

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return not self.error and not self.unreachable


def ask_slack(settings: Settings, method: str, token: str, **given: str) -> Heard:
    """Call a method of Slack's Web API."""
    base = (settings.slack_api_url or SLACK_API).rstrip("/")
    heard, body = _post(f"{base}/{method}", given, {"Authorization": f"Bearer {token}"})
    if heard.unreachable or body.get("ok") is True:
        return heard
    return _with_error(heard, str(body.get("error") or f"HTTP {heard.status}"))


def ask_telegram(settings: Settings, method: str, token: str, **given: str) -> Heard:
    """Call a method of Telegram's Bot API."""
    base = (settings.telegram_api_url or TELEGRAM_API).rstrip("/")
    heard, body = _post(f"{base}/bot{token}/{method}", given, {})
    if heard.unreachable or body.get("ok") is True:
        return heard
    return _with_error(heard, str(body.get("description") or f"HTTP {heard.status}"))


def _with_error(heard: Heard, error: str) -> Heard:
    return Heard(heard.data, error, "", heard.scopes, heard.ahead, heard.status)


def _post(url: str, given: Mapping[str, str], headers: Mapping[str, str]) -> tuple[Heard, Mapping[str, Any]]:
    asked = time.time()
    try:
        if urlsplit(url).scheme not in {"http", "https"}:
            return Heard(unreachable="the address has to begin with https://"), {}
        request = Request(url, urlencode(given).encode(), dict(headers))  # noqa: S310 - checked above
        status, told, raw = _fetch(request)
    except (URLError, HTTPException, OSError, ValueError) as error:
        # Not the error itself: it may hold the address, and Telegram's holds the token.
        return Heard(unreachable=_why(error)), {}
    body = _json(raw)
    scopes = frozenset(filter(None, (part.strip() for part in told.get("x-oauth-scopes", "").split(","))))
    ahead = _ahead(told.get("date", ""), (asked + time.time()) / 2)
    return Heard(body, scopes=scopes, ahead=ahead, status=status), body


def _fetch(request: Request) -> tuple[int, Mapping[str, str], bytes]:
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - the scheme is checked
            told = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, told, answer.read(MOST_BYTES)
    except HTTPError as refused:
        with refused:
            told = {name.lower(): value for name, value in refused.headers.items()}
            return refused.code, told, refused.read(MOST_BYTES)


def _json(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return f"no answer within {PATIENCE:.0f} seconds"
    return getattr(reason, "strerror", None) or type(reason).__name__


def _ahead(date: str, here: float) -> float | None:
    try:
        return here - parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return None
