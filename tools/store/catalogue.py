"""All names of the shop, kept in memory until they change."""

from __future__ import annotations

from tools.store.engine import Database


class CatalogueCache:
    """All names of the shop, kept in memory until they change."""

    def __init__(self, database: Database) -> None:
        self._database = database
