"""Who did what, when, in a chain of hashes."""

from __future__ import annotations

from tools.store.engine import Database


class Audit:
    """Who did what, when, in a chain of hashes."""

    def __init__(self, database: Database) -> None:
        self._database = database
