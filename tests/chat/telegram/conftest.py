"""A shop behind the Telegram door, and Telegram's stand-in in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from assistant.house import AssistantHouse
from connectors.chat.telegram.channel import Address, Telegram
from intents.model_files import default_cache
from intents.parser import Parser
from tests.chat.telegram.people import Person, until
from tests.chat.telegram.server import TOKEN, BotApi
from tests.shop import NOW, tiny_shop
from tools.store import open_store

ANNA, TOM, BEN, GEMMA, STRANGER = 5101, 5102, 5103, 5104, 999
NAMES = {ANNA: "Anna Bell", TOM: "Tom Reed", BEN: "Ben Osei", GEMMA: "Gemma Lane"}
GROUP = -1001


@dataclass
class Shop:
    """A house that answers on Telegram."""

    house: AssistantHouse
    api: BotApi
    url: str
    files: Path
    door: Telegram

    def person(self, number: int, chat: int = 0) -> Person:
        """Somebody with a phone; people of the shop other than Anna are paired first."""
        name = NAMES.get(number, "Stranger")
        if number in NAMES and self.house.person("telegram", str(number)) is None:
            self.house.pair("telegram", str(number), self.code_for(name))
        return Person(self.api, number, name, chat)

    def code_for(self, name: str) -> str:
        people = self.house.store.people
        found = people.find(name)
        assert found is not None
        assert found.id is not None
        return people.pairing.new_code(found.id, at=NOW)

    def new_door(self, webhook: str = "") -> Telegram:
        return Telegram(self.house, Address(TOKEN, self.url, webhook, "hush-hush"), self.files)

    async def restart(self) -> None:
        """The process ends and starts again."""
        await self.door.stop()
        self.door = self.new_door()
        await self.door.start()


@pytest.fixture(scope="session")
def parser() -> Parser:
    """The understanding, as `make install` prepared it."""
    return Parser.load(default_cache())


@pytest.fixture
def house(sqlite_url: str, parser: Parser) -> Iterator[AssistantHouse]:
    """The tiny shop."""
    store = tiny_shop(open_store(sqlite_url, clock=lambda: NOW))
    yield AssistantHouse(store, parser, lambda: NOW)
    store.close()


@asynccontextmanager
async def serving(api: BotApi) -> AsyncIterator[str]:
    """The stand-in at an address."""
    runner = web.AppRunner(api.app(), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
async def shop(house: AssistantHouse, tmp_path: Path) -> AsyncIterator[Shop]:
    """The shop, connected and listening; at the end no call may have been wrong or refused."""
    api = BotApi()
    async with serving(api) as url:
        made = Shop(
            house, api, url, tmp_path / "files", Telegram(house, Address(TOKEN, url), tmp_path / "files")
        )
        await made.door.start()
        await until(lambda: api.called("getUpdates"))
        yield made
        await made.door.stop()
    assert api.wrong == []
    assert [why for why in api.refused if "not modified" not in why] == []
