"""What every handler of the web door shares: the house, the limits, the key, the figures it keeps."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from connectors.chat.message import House
from connectors.chat.web.limits import Buckets, Once
from connectors.chat.web.metrics import Meters

KEY_FILE = "web.key"
SESSION_KIND = "session"
PERSONAL_KIND = "personal"


@dataclass(frozen=True, slots=True)
class Door:
    """The web door of one house.

    ``loopback`` says that only this machine can reach it; ``files`` is where it may keep files.
    """

    house: House
    files: Path
    loopback: bool
    key: bytes
    meters: Meters = field(default_factory=Meters)
    messages: Buckets = field(default_factory=lambda: Buckets(per_second=30, burst=60))
    local_messages: Buckets = field(default_factory=lambda: Buckets(per_second=300, burst=600))
    logins: Buckets = field(default_factory=lambda: Buckets(per_second=1 / 20, burst=8))
    once: Once = field(default_factory=Once)

    @property
    def trusts_names(self) -> bool:
        """Whether the name that somebody gives is believed: only on this machine, only without accounts."""
        return self.loopback and not self.house.store.people.has_accounts()

    def seal(self, *parts: str) -> str:
        """An unguessable, repeatable name for ``parts``: 43 characters that fit a URL."""
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return url_text(hmac.new(self.key, text, hashlib.sha256).digest())


def url_text(raw: bytes) -> str:
    """Bytes as URL-safe text without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def door_key(files: Path) -> bytes:
    """The door's own secret, made once and kept readable for its owner only."""
    files.mkdir(parents=True, exist_ok=True)
    path = files / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()


def door_of(request: Request) -> Door:
    """The door that this request came through."""
    door: Door = request.app.state.door
    return door


TheDoor = Annotated[Door, Depends(door_of)]
