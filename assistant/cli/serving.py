"""``serve`` and ``demo``: the web app, the API, and a first look."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

from rich.console import Console

from assistant.app import open_books, open_house, serve, start_logging
from assistant.cli.main import Trouble
from assistant.house import AssistantHouse
from assistant.settings import Settings

console = Console(highlight=False)


def serve_shop(settings: Settings, host: str, port: int, url: str | None = None) -> None:
    """Serve one shop until stopped."""
    start_logging(settings.log_level)
    _check_port(host, port)
    house = open_house(settings, url)
    serve(
        house,
        host,
        port,
        files=settings.data / "files",
        ready=lambda: _greet(house, host, port),
        settings=settings,
    )


def serve_demo(settings: Settings, host: str, port: int) -> None:
    """Serve the sample shop, made on first start and kept from then on."""
    from connectors.feeds import load
    from connectors.feeds.sample_shop import make_sample_shop
    from tools.store import Actor

    url = settings.url("demo.db")
    clock, store = settings.clock(), open_books(settings, url)
    if not store.catalogue().products:
        console.print("Making a sample shop: homeware and deli, fourteen months of sales ...")
        with tempfile.TemporaryDirectory() as folder:
            make_sample_shop(Path(folder), clock().date())
            load(store, Path(folder), actor=Actor("demo", "demo"), at=clock())
    store.close()
    serve_shop(settings, host, port, url)


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Trouble(
                f"can't serve on {host}:{port} ({error.strerror}); choose another with --port"
            ) from error


def _greet(house: AssistantHouse, host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    console.print(f"Quartermaster serves on http://{shown}:{port}/  (stop with Ctrl-C)")
    console.print("Ask it, for example:")
    for sentence in house.suggestions(house.user_named("")):
        console.print(f"  • {sentence}", markup=False)
