"""Signed requests, or nearly so, and what the served app logged of them."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from slack_sdk.signature import SignatureVerifier

SECRET = "a-secret-of-the-bench-0123456789"  # noqa: S105
FAULTS = ("slack_listener_failed", "slack_payload_unreadable", "slack_work_failed", "turn_failed")


class Log:
    """The served app's log from here on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.start = self.path.stat().st_size if self.path.exists() else 0

    def tell(self, unchanged: bool) -> None:
        """Which exceptions were logged, and which were not."""
        events: Counter[str] = Counter()
        plain: list[str] = []
        for line in self.path.read_bytes()[self.start :].decode(errors="replace").splitlines():
            try:
                events[json.loads(line)["event"]] += 1
            except (ValueError, KeyError, TypeError):
                plain.append(line)
        unlogged = [line for line in plain if "Traceback" in line or "Error" in line or "never" in line]
        faults = {name: events[name] for name in FAULTS if events[name]}
        print(
            f"  exceptions logged: {faults or 'none'}; exceptions not logged: {len(unlogged)} {unlogged[:3]}"
        )
        print(f"  effect on the books: {'none' if unchanged else 'CHANGED'}")


async def signed(  # noqa: PLR0913 - each is one way to be wrong
    client: httpx.AsyncClient,
    payload: Any,
    *,
    secret: str = SECRET,
    at: float = 0,
    late: float = 0,
    flip: int = -1,
    leave_out: str = "",
) -> httpx.Response:
    """One request as Slack signs it, or nearly so."""
    body, stamp = json.dumps(payload).encode(), str(int((at or time.time()) - late))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    sent = [bytearray(body), bytearray(signature.encode()), bytearray(stamp.encode())]
    if flip >= 0:
        part = sent[flip % 3]
        part[(flip // 3) % len(part)] ^= 1 << (flip % 7)
    headers = {
        "x-slack-signature": bytes(sent[1]).decode("latin-1"),
        "x-slack-request-timestamp": bytes(sent[2]).decode("latin-1"),
        "content-type": "application/json",
    }
    kept = {name: value.encode("latin-1") for name, value in headers.items() if name != leave_out}
    try:
        return await client.post("/slack/events", content=bytes(sent[0]), headers=kept)
    except httpx.HTTPError:  # a header that cannot even be sent
        return httpx.Response(401)
