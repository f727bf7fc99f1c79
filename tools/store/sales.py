"""What was sold, asked of the sale lines."""

from __future__ import annotations

from tools.store.engine import Database


class SalesReader:
    """What was sold, asked of the sale lines."""

    def __init__(self, database: Database) -> None:
        self._database = database
