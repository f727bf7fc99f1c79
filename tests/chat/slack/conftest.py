"""A tiny shop in a Slack: Anna (owner), Tom (staff of High Street), and a stranger."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.house import AssistantHouse
from connectors.chat.slack import SlackConfig, open_slack
from intents.model_files import default_cache
from intents.parser import Parser
from tests.chat.slack.people import Person, Slack
from tests.chat.slack.server import SlackServer
from tests.shop import NOW, tiny_shop
from tools.store import Store, open_store


@pytest.fixture(scope="session")
def parser() -> Parser:
    """The understanding, as `make install` prepared it."""
    return Parser.load(default_cache())


@pytest.fixture
def books(sqlite_url: str) -> Store:
    """The tiny shop's books."""
    return tiny_shop(open_store(sqlite_url, clock=lambda: NOW))


@pytest.fixture
def house(books: Store, parser: Parser) -> AssistantHouse:
    return AssistantHouse(books, parser, lambda: NOW)


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    started = await SlackServer().start()
    yield started
    await started.stop()
    assert started.problems == []


@pytest.fixture
async def slack(server: SlackServer, house: AssistantHouse, tmp_path: Path) -> AsyncIterator[Slack]:
    """The app, connected in Socket Mode."""
    files = tmp_path / "files"
    config = SlackConfig(bot_token="xoxb-home", app_token="xapp-1", api_url=server.api, files=files)
    channel = open_slack(house, config)
    await channel.start()
    await server.connected()
    opened = Slack(server, channel, house)
    yield opened
    await opened.channel.stop()
    house.store.close()


@pytest.fixture(autouse=True)
def _faults_are_failures(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)


@pytest.fixture
def anna(slack: Slack) -> Person:
    """The owner."""
    return slack.person("U0ANNA")


@pytest.fixture
def tom(slack: Slack) -> Person:
    """Staff, at High Street only."""
    return slack.person("U0TOM")


@pytest.fixture
def stranger(slack: Slack) -> Person:
    """Somebody whom no code made known."""
    return slack.person("U0WHO")
