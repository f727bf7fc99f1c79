"""The tiny shop on SQLite, fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.shop import tiny_shop
from tools.store import Store, open_store


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    yield tiny_shop(store)
    store.close()
