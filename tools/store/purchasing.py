"""What is on order."""

from __future__ import annotations

from tools.store.engine import Database


class PurchasingReader:
    """What is on order."""

    def __init__(self, database: Database) -> None:
        self._database = database
