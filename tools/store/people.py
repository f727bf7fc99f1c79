"""Who may talk to the assistant."""

from __future__ import annotations

from tools.store.engine import Database


class People:
    """Who may talk to the assistant."""

    def __init__(self, database: Database) -> None:
        self._database = database
