"""What every request passes before a handler sees it: host, origin, size; and what every answer wears."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.chat.web.metrics import Meters

MESSAGE_BYTES = 64 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
UPLOAD_PATHS = ("/import",)
# What a chat sends us is signed by itself, and larger than what a person types.
SIGNED_BYTES = 1024 * 1024
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
}


class Guard:
    """The outermost layer: refuses strange hosts, foreign pages and large bodies, and adds the headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        loopback: bool,
        extra_hosts: frozenset[str],
        meters: Meters,
        signed: frozenset[str] = frozenset(),
    ) -> None:
        self.app = app
        self.signed = signed
        self.loopback = loopback
        self.hosts = LOOPBACK_HOSTS | extra_hosts
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        dressed = self._dressed(scope, send)
        refusal = self._refusal(scope, Headers(scope=scope))
        if refusal is not None:
            status, words = refusal
            await JSONResponse({"detail": words}, status)(scope, receive, dressed)
            return
        await self.app(scope, _bounded(receive, self._most_bytes(scope["path"])), dressed)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host, signed = headers.get("host", "").lower(), scope["path"] in self.signed
        if self.loopback and not signed and _host_name(host) not in self.hosts:
            return 421, "This address is not served here."
        if scope["method"] not in SAFE_METHODS and not signed and _foreign(headers, host):
            return 403, "This came from another site."
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._most_bytes(scope["path"]):
            return 413, "That is too large."
        return None

    def _most_bytes(self, path: str) -> int:
        if path in self.signed:
            return SIGNED_BYTES
        return UPLOAD_BYTES if path in UPLOAD_PATHS else MESSAGE_BYTES

    def _dressed(self, scope: Scope, send: Send) -> Send:
        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
                if scope.get("scheme") == "https":
                    headers.setdefault("strict-transport-security", "max-age=31536000")
                self._count(scope, message["status"])
            await send(message)

        return dress

    def _count(self, scope: Scope, status: int) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self.meters.requests.labels(scope["method"][:12], route, str(status)).inc()


def _host_name(host: str) -> str:
    return host.rsplit("]", 1)[0] + "]" if host.startswith("[") else host.rsplit(":", 1)[0]


def _foreign(headers: Headers, host: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.lower().partition("://")[2] != host


def _bounded(receive: Receive, most: int) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413, "That is too large.")
        return message

    return bounded
