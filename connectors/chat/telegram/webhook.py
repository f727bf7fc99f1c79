"""Updates pushed by Telegram: only with our secret, and acknowledged once they are served."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from connectors.chat.telegram.lanes import Raw

PATH = "/telegram/webhook"
HEADER = "x-telegram-bot-api-secret-token"
# Telegram waits for about a minute before it brings an update again.
PATIENCE = 20.0
MOST_BYTES = 1 << 20

Put = Callable[[Raw], "asyncio.Task[None] | None"]


def secret_for(token: str, chosen: str = "") -> str:
    """The secret that Telegram sends along: the one chosen, else one that follows from the bot's token."""
    return chosen or hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


def path_of(url: str) -> str:
    """Where the webhook is served here, by its public address."""
    path = urlsplit(url).path.rstrip("/")
    return path or PATH


def address_of(url: str) -> str:
    """The address that Telegram is told: an address without a path gets ours."""
    return url.rstrip("/") if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}{PATH}"


def routes(path: str, secret: str, put: Put) -> APIRouter:
    """The one route; ``put`` gives None while the chat is not connected yet."""
    router = APIRouter(include_in_schema=False)
    wanted = hashlib.sha256(secret.encode()).digest()

    @router.post(path)
    async def take(request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(hashlib.sha256(given.encode("utf-8", "replace")).digest(), wanted):
            return Response(status_code=403)
        raw = _read(await request.body())
        if raw is None:
            return Response(status_code=400)
        task = put(raw)
        if task is None:
            return Response(status_code=503, headers={"Retry-After": "5"})
        # A wait, no await: where Telegram hangs up, the update is served all the same.
        await asyncio.wait({task}, timeout=PATIENCE)
        return Response(status_code=200)

    return router


def _read(body: bytes) -> Raw | None:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return raw if isinstance(raw, dict) else None
