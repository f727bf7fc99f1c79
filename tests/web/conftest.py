"""A served shop: over ASGI for the interface, over a socket with a real browser for the pages."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from connectors.chat.web import create_app
from tests.web.shop import NOW, SmallHouse, open_shop
from tools.store import open_store

BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Served:
    """A web app at an address, with the house behind it."""

    address: str
    house: SmallHouse


@pytest.fixture(scope="session")
def shop_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small shop's books, to be copied."""
    folder = tmp_path_factory.mktemp("shop")
    store = open_store(f"sqlite:///{folder}/books.db", clock=lambda: NOW)
    open_shop(store, folder / "export")
    store.settings.set("shop_name", "Harbour & Hill")
    store.close()
    return folder / "books.db"


@pytest.fixture
def house(shop_books: Path, tmp_path: Path) -> Iterator[SmallHouse]:
    """A small house over its own copy of the books."""
    shutil.copy(shop_books, tmp_path / "books.db")
    store = open_store(f"sqlite:///{tmp_path}/books.db", clock=lambda: NOW)
    yield SmallHouse(store)
    store.close()


@pytest.fixture
def app(house: SmallHouse, tmp_path: Path) -> FastAPI:
    """The web app on loopback, where names are trusted until somebody has an account."""
    return create_app(house, files=tmp_path / "files", bind_is_loopback=True)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A program on this machine."""
    async with client_of(app) as opened:
        yield opened


def client_of(app: FastAPI, address: str = "http://localhost", **more: object) -> httpx.AsyncClient:
    """A client that talks to an app without a socket."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=address, **more)  # type: ignore[arg-type]


@pytest.fixture
def served(app: FastAPI, house: SmallHouse) -> Iterator[Served]:
    """The app on a free port of this machine."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", house)
    server.should_exit = True
    thread.join(10)


def find_browser() -> str | None:
    """A Chromium of this machine; None where only Playwright's own may be there."""
    for name in (os.environ.get("QM_CHROMIUM", ""), *BROWSERS):
        found = shutil.which(name) if name else None
        if found:
            return found
    return None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window; its event loop is gone before other modules need theirs."""
    with sync_playwright() as playwright:
        path = find_browser() or playwright.chromium.executable_path
        if not Path(path).exists():
            pytest.fail("the browser tests need a Chromium: set QM_CHROMIUM to its path, or install one")
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()
