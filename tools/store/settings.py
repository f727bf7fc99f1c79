"""The shop's own choices."""

from __future__ import annotations

from tools.store.engine import Database


class Settings:
    """The shop's own choices."""

    def __init__(self, database: Database) -> None:
        self._database = database
