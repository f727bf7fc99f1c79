"""A shop to talk to, on both databases, with the real understanding."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from assistant.house import AssistantHouse
from connectors.chat.message import Answer, Message
from intents.model_files import default_cache
from intents.parser import Parser
from tests.conftest import postgresql_books
from tests.shop import NOW, tiny_shop
from tools.store import Store, User, open_store


@pytest.fixture(scope="session")
def parser() -> Parser:
    """The understanding, as `make install` prepared it."""
    return Parser.load(default_cache())


@dataclass
class Conversation:
    """One person talking; ``later`` moves the clock on."""

    house: AssistantHouse
    user: User
    name: str = "c1"
    clock: list[datetime] = field(default_factory=list)

    def say(self, text: str, event_id: str = "") -> Answer:
        return self.house.answer_now(Message(self.name, self.user, "test", text, event_id=event_id))

    def press(self, label: str, answer: Answer) -> Answer:
        action = next(action for action in answer.actions if action.label.startswith(label))
        return self.house.answer_now(Message(self.name, self.user, "test", action=action.id))

    def later(self, **span: int) -> None:
        self.clock[0] += timedelta(**span)

    def on_hand(self, sku: str, location: str) -> str:
        levels = self.house.store.stock.levels([sku], locations=[location], today=NOW.date())
        return (
            f"{sum((level.on_hand for level in levels), start=type(levels[0].on_hand)(0)) if levels else 0:f}"
        )


@pytest.fixture
def talk(store: Store, parser: Parser) -> Callable[..., Conversation]:
    """Start a conversation as somebody: ``talk("Tom")``."""
    tiny_shop(store)
    clock = [NOW]
    store.clock = lambda: clock[0]
    house = AssistantHouse(store, parser, lambda: clock[0])

    def start(who: str = "Anna", name: str = "c1") -> Conversation:
        return Conversation(house, house.user_named(who), name, clock)

    return start


@pytest.fixture(scope="module")
def books_of_module(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Store]]:
    """Fresh books for a whole file of tests, on the database that is named."""
    with ExitStack() as opened:

        def open_books(database: str) -> Store:
            if database == "sqlite":
                path = tmp_path_factory.mktemp("books") / "books.db"
                shutil.copy(request.getfixturevalue("sqlite_template"), path)
                url = f"sqlite:///{path}"
            else:
                names = ("postgresql_server", "postgresql_template")
                found = map(request.getfixturevalue, names)
                url = opened.enter_context(postgresql_books(*found, quick=True))
            return opened.enter_context(closing(open_store(url)))

        yield open_books
