"""One parser and one shop for all tests of understanding."""

from __future__ import annotations

import pytest
from moor_and_mill import moor_and_mill

from intents import Parser
from tools.store import Catalogue


@pytest.fixture(scope="session")
def parser() -> Parser:
    return Parser.load()


@pytest.fixture(scope="session")
def shop() -> Catalogue:
    return moor_and_mill()
