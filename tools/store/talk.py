"""Conversations, their memory and their buttons."""

from __future__ import annotations

from tools.store.engine import Database


class Talk:
    """Conversations, their memory and their buttons."""

    def __init__(self, database: Database) -> None:
        self._database = database
