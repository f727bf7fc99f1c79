"""A real server over real books on loopback, for the benchmarks that go through the front door."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def need(path: Path) -> None:
    """Stop politely where public data is not there."""
    if not path.exists():
        print(f"{path.name} is not here; this benchmark needs it and stops.")
        raise SystemExit(0)


def command(*words: str, data: Path, now: str = "") -> subprocess.CompletedProcess[str]:
    """Run one ``quartermaster`` command on the books in ``data``."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *words],
        env=_environment(data, now),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


def _environment(data: Path, now: str) -> dict[str, str]:
    extra = {
        "QUARTERMASTER_DATABASE_URL": f"sqlite:///{data / 'shop.db'}",
        "QUARTERMASTER_LOG_LEVEL": "ERROR",
    }
    return {**os.environ, **extra, **({"QUARTERMASTER_NOW": now} if now else {})}


@contextlib.contextmanager
def server(data: Path, now: str = "") -> Iterator[tuple[httpx.Client, int]]:
    """A running server: a client for it, and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
    with subprocess.Popen(words, env=_environment(data, now), cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                _wait(client, process)
                yield client, process.pid
        finally:
            process.terminate()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the server stopped")
        with contextlib.suppress(httpx.TransportError):
            if client.get("/healthz").status_code == 200:
                return
        time.sleep(0.05)
    raise SystemExit("the server did not come up within 30 s")


def say(client: httpx.Client, text: str, conversation: str = "bench", user: str = "owner") -> dict[str, Any]:
    """One message through the API."""
    body = {"conversation": conversation, "user": user, "text": text}
    response = client.post("/api/v1/messages", json=body)
    response.raise_for_status()
    reply: dict[str, Any] = response.json()
    return reply


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
