"""The way in for data from elsewhere."""

from __future__ import annotations

from tools.store.engine import Database


class Imports:
    """The way in for data from elsewhere."""

    def __init__(self, database: Database) -> None:
        self._database = database
