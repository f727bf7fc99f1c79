"""What is where, asked of the ledger and its balance."""

from __future__ import annotations

from tools.store.engine import Database


class StockReader:
    """What is where, asked of the ledger and its balance."""

    def __init__(self, database: Database) -> None:
        self._database = database
