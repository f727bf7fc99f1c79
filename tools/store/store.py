"""The one door to the books: named questions to read, one way to change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property

from tools.store import migrate
from tools.store.audit import Audit
from tools.store.catalogue import CatalogueCache
from tools.store.changes import Actor, Applied, Change
from tools.store.engine import Database
from tools.store.facts import Catalogue
from tools.store.imports import Imports
from tools.store.people import People
from tools.store.purchasing import PurchasingReader
from tools.store.sales import SalesReader
from tools.store.settings import Settings
from tools.store.stock import StockReader
from tools.store.talk import Talk

DEFAULT_URL = "sqlite:///quartermaster.db"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """The books of one shop.  Safe to use from several threads; made by ``open_store``."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _utc_now) -> None:
        self.database = database
        self.clock = clock

    @property
    def url(self) -> str:
        """Where the books are kept."""
        return self.database.url

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.database.dialect

    @cached_property
    def stock(self) -> StockReader:
        """Questions about what is where."""
        return StockReader(self.database)

    @cached_property
    def sales(self) -> SalesReader:
        """Questions about what was sold."""
        return SalesReader(self.database)

    @cached_property
    def purchasing(self) -> PurchasingReader:
        """Questions about what is on order."""
        return PurchasingReader(self.database)

    @cached_property
    def people(self) -> People:
        """Who may talk to the assistant."""
        return People(self.database)

    @cached_property
    def talk(self) -> Talk:
        """Conversations, their memory and their buttons."""
        return Talk(self.database)

    @cached_property
    def imports(self) -> Imports:
        """The way in for data from elsewhere."""
        return Imports(self.database)

    @cached_property
    def audit(self) -> Audit:
        """Who did what, when."""
        return Audit(self.database)

    @cached_property
    def settings(self) -> Settings:
        """The shop's own choices."""
        return Settings(self.database)

    @cached_property
    def _names(self) -> CatalogueCache:
        return CatalogueCache(self.database)

    def catalogue(self) -> Catalogue:
        """All names of the shop, as they stand now."""
        return self._names.get()

    def close(self) -> None:
        """Give all connections back."""
        self.database.close()


def open_store(url: str | None = None, *, clock: Callable[[], datetime] = _utc_now) -> Store:
    """The books at ``url`` (SQLite or PostgreSQL), with their tables brought up to date."""
    database = Database(url or DEFAULT_URL)
    migrate.upgrade(database)
    return Store(database, clock)
