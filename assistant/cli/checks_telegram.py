"""Doctor's look at Telegram: token, webhook or polling, the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from assistant.cli.asking import Heard, ask_telegram
from assistant.cli.checks_machine import check_clock
from assistant.cli.faults import fault
from assistant.settings import Settings
from tools.store import Finding, Store

TOKEN = re.compile(r"\d{5,16}:[A-Za-z0-9_-]{20,64}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
SHORTEST_SECRET = 24
PORTS = (None, 443, 80, 88, 8443)
MOST_WAITING = 100
HOUR = 3600
TROUBLE_KEY = "telegram_trouble"
OTHER_PROGRAM = "Another program"


def check_telegram(settings: Settings, store: Store | None) -> Iterator[Finding]:
    """What is wrong with Telegram, as far as it is set up."""
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        yield Finding(True, "Telegram is not set up (quartermaster setup telegram)")
        return
    if not TOKEN.fullmatch(token):
        yield fault("telegram.form")
        return
    yield from _webhook_settings(settings)
    heard = ask_telegram(settings, "getMe", token)
    trouble = telegram_trouble(heard)
    yield trouble or Finding(True, f"Telegram knows the bot: @{_result(heard).get('username', '')}")
    yield from check_clock(heard.ahead, "Telegram")
    if trouble:
        return
    yield from _webhook(settings, _result(ask_telegram(settings, "getWebhookInfo", token)))
    if store is not None:
        yield from _noted(store.settings.get(TROUBLE_KEY))


def telegram_trouble(heard: Heard) -> Finding | None:
    """Why a call failed; None where it did not."""
    if heard.unreachable:
        return fault("telegram.unreachable", why=heard.unreachable)
    if heard.status in {401, 404}:
        return fault("telegram.revoked", error=heard.error)
    return fault("telegram.odd_answer", error=heard.error) if heard.error else None


def _result(heard: Heard) -> Mapping[str, Any]:
    found = heard.data.get("result")
    return found if isinstance(found, dict) else {}


def _webhook_settings(settings: Settings) -> Iterator[Finding]:
    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret.get_secret_value()
    why = _address_trouble(url) if url else ""
    if why:
        yield fault("telegram.webhook_address", why=why)
    if secret and not SECRET.fullmatch(secret):
        yield fault("telegram.secret_weak", why="has characters that Telegram does not take")
    elif secret and len(secret) < SHORTEST_SECRET:
        yield fault("telegram.secret_weak", why=f"has {len(secret)} characters: it can be guessed")


def _address_trouble(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is no address"
    if parts.scheme != "https" or not host:
        return "does not begin with https://"
    if port not in PORTS:
        return f"has port {port}, which Telegram does not call"
    return "is an address of this network only" if _is_private(host) else ""


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".local", ".internal", ".lan")):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def _webhook(settings: Settings, info: Mapping[str, Any]) -> Iterator[Finding]:
    told, wanted = str(info.get("url") or ""), settings.telegram_webhook_url
    if not wanted:
        if told:
            yield fault("telegram.webhook_left", host=_host(told))
        else:
            yield Finding(True, "Telegram is polled")
        return
    if _host(told) != _host(wanted):
        yield fault("telegram.webhook_other", host=_host(told) or "nowhere")
    at, error = info.get("last_error_date"), info.get("last_error_message")
    if isinstance(at, int) and error:
        age = (datetime.now(UTC) - datetime.fromtimestamp(at, UTC)).total_seconds()
        if age < HOUR:
            yield fault("telegram.webhook_error", ago=f"{age / 60:.0f} minutes ago", error=error)
    waiting = int(info.get("pending_update_count") or 0)
    if waiting > MOST_WAITING:
        yield fault("telegram.webhook_waiting", count=waiting)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return url


def _noted(trouble: str) -> Iterator[Finding]:
    """What the running app wrote down itself: asking for updates here would disturb it."""
    if trouble.startswith(OTHER_PROGRAM):
        yield fault("telegram.other_poller")
    elif trouble:
        yield fault("telegram.trouble", what=trouble)
