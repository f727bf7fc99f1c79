"""Chats start and stop with the app, and what they push to us gets through: nothing else does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request

from connectors.chat.channel import Delivery, Sent
from connectors.chat.message import Answer
from connectors.chat.web import create_app
from tests.web.conftest import client_of
from tests.web.shop import SmallHouse


@dataclass
class Chat:
    """A chat that tells what happened to it, and takes what is pushed to one path."""

    name: str
    log: list[str] = field(default_factory=list)
    broken: bool = False

    async def start(self) -> None:
        self.log.append(f"{self.name} starts")
        if self.broken:
            raise RuntimeError("wrong token")

    async def stop(self) -> None:
        self.log.append(f"{self.name} stops")

    async def send(self, _to: str, _answer: Answer) -> Delivery:
        return Sent("1")

    def routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)

        @router.post(f"/{self.name}/events")
        async def take(request: Request) -> dict[str, int]:
            return {"bytes": len(await request.body())}

        return router


def app_with(house: SmallHouse, folder: Path, *chats: Chat) -> FastAPI:
    return create_app(house, files=folder / "files", bind_is_loopback=True, channels=chats)


async def test_chats_start_and_stop_with_the_app(house: SmallHouse, tmp_path: Path) -> None:
    log: list[str] = []
    app = app_with(house, tmp_path, Chat("one", log), Chat("two", log))
    async with app.router.lifespan_context(app):
        assert log == ["one starts", "two starts"]
    assert log == ["one starts", "two starts", "two stops", "one stops"]


async def test_a_chat_that_cannot_start_stops_nobody_else(house: SmallHouse, tmp_path: Path) -> None:
    log: list[str] = []
    app = app_with(house, tmp_path, Chat("one", log, broken=True), Chat("two", log))
    async with app.router.lifespan_context(app):
        assert "two starts" in log
    assert log[-1] == "two stops"
    assert "one stops" not in log


@pytest.fixture
def pushed(house: SmallHouse, tmp_path: Path) -> httpx.AsyncClient:
    """Somebody outside, who came through a proxy under the shop's public name."""
    return client_of(app_with(house, tmp_path, Chat("one")), "http://shop.example")


async def test_what_a_chat_pushes_gets_through_under_the_public_name(pushed: httpx.AsyncClient) -> None:
    answer = await pushed.post(
        "/one/events", content=b"x" * 200_000, headers={"origin": "http://one.example"}
    )
    assert (answer.status_code, answer.json()) == (200, {"bytes": 200_000})


async def test_nothing_else_gets_through_there(pushed: httpx.AsyncClient) -> None:
    for path in ("/today", "/one/events/more", "/one", "/api/v1/messages"):
        assert (await pushed.get(path)).status_code == 421
    assert (await pushed.post("/one/events", content=b"x" * 1_100_000)).status_code == 413
