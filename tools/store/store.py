"""The one door to the books: named questions to read, one way to change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property

from sqlalchemy import Connection

from tools.store import audit, doctor, migrate, outcomes, reservations, undo
from tools.store.apply import apply
from tools.store.audit import Audit
from tools.store.catalogue import CatalogueCache
from tools.store.changes import Actor, Applied, Change, Hold, UndoableChange
from tools.store.demand import DemandReader
from tools.store.engine import Database
from tools.store.entry import Entry
from tools.store.facts import Catalogue, Finding
from tools.store.forecasts import Forecasts
from tools.store.imports import Imports
from tools.store.incidents import Incidents
from tools.store.installations import Installations
from tools.store.learned import LearnedNames
from tools.store.learned_readings import ConfirmedReadings
from tools.store.ledger import Header
from tools.store.outbox import Outbox
from tools.store.outcomes import request_key
from tools.store.outside import OutsideNumbers
from tools.store.people import People
from tools.store.purchasing import PurchasingReader
from tools.store.said import CustomersWords
from tools.store.sales import SalesReader
from tools.store.settings import Settings
from tools.store.signal_adjustments import SignalAdjustments
from tools.store.stock import StockReader
from tools.store.talk import Talk
from tools.store.travel import TravelTimes
from tools.store.trips import Trips
from tools.store.upkeep import UpkeepReader

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
    def demand(self) -> DemandReader:
        """What customers took, day by day."""
        return DemandReader(self.database)

    @cached_property
    def trips(self) -> Trips:
        """Vehicles and delivery trips."""
        return Trips(self.database)

    @cached_property
    def outside(self) -> OutsideNumbers:
        """Numbers from elsewhere that may explain demand."""
        return OutsideNumbers(self.database)

    @cached_property
    def travel(self) -> TravelTimes:
        """What the books know of the roads."""
        return TravelTimes(self.database)

    @cached_property
    def forecasts(self) -> Forecasts:
        """What the forecaster said, and people beside it."""
        return Forecasts(self.database)

    @cached_property
    def adjustments(self) -> SignalAdjustments:
        """What customers' words suggest for forecasts, and what people made of it."""
        return SignalAdjustments(self.database)

    @cached_property
    def people(self) -> People:
        """Who may talk to the assistant."""
        return People(self.database, self.clock)

    @cached_property
    def talk(self) -> Talk:
        """Conversations, their memory and their buttons."""
        return Talk(self.database, self.clock)

    @cached_property
    def imports(self) -> Imports:
        """The way in for data from elsewhere."""
        return Imports(self.database)

    @cached_property
    def installations(self) -> Installations:
        """The Slack workspaces that installed the app."""
        return Installations(self.database, self.clock)

    @cached_property
    def audit(self) -> Audit:
        """Who did what, when."""
        return Audit(self.database)

    @cached_property
    def settings(self) -> Settings:
        """The shop's own choices."""
        return Settings(self.database)

    @cached_property
    def learned(self) -> LearnedNames:
        """The shop's own words and usual choices."""
        return LearnedNames(self.database)

    @cached_property
    def readings(self) -> ConfirmedReadings:
        """Messages whose reading people confirmed."""
        return ConfirmedReadings(self.database)

    @cached_property
    def said(self) -> CustomersWords:
        """What customers said, and what was read from it."""
        return CustomersWords(self.database)

    @cached_property
    def incidents(self) -> Incidents:
        """What needs a person, and what people want told."""
        return Incidents(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages that the assistant sends of its own accord."""
        return Outbox(self.database)

    @cached_property
    def upkeep(self) -> UpkeepReader:
        """Questions about the upkeep of vehicles."""
        return UpkeepReader(self.database)

    @cached_property
    def _names(self) -> CatalogueCache:
        return CatalogueCache(self.database)

    def catalogue(self) -> Catalogue:
        """All names of the shop, as they stand now."""
        return self._names.get()

    def apply(
        self, change: Change, actor: Actor, *, request_id: str, at: datetime, day: date | None = None
    ) -> Applied:
        """Make a change in one transaction, once for its request id; ``day`` is the business date.

        Asked again under the same id, the first outcome answers with ``repeated``.

        Raises:
            NotEnough: less is there than should leave.
            BooksError: another rule of the books forbids it, or the id belongs to another change.
        """
        header = Header(request_key(request_id), actor, at, day or at.date())
        with self.database.writing() as connection:
            return apply(connection, change, header)

    def outcome(self, request_id: str) -> Applied | None:
        """What a request did; None where it took no effect."""
        with self.database.reading() as connection:
            found = outcomes.find(connection, request_id)
        return found[1] if found else None

    def undoable(self, conversation: str, actor_name: str, limit: int = 5) -> list[UndoableChange]:
        """The latest changes of this person in this conversation that still stand, newest first."""
        with self.database.reading() as connection:
            return outcomes.undoable(connection, conversation, actor_name, limit)

    def made(self, group_id: str) -> undo.Made:
        """What one change wrote, and who asked for it."""
        with self.database.reading() as connection:
            return undo.made(connection, group_id)

    def undo_blocker(self, group_id: str) -> str | None:
        """Why this group cannot be undone, as the rest of a sentence; None where it can."""
        with self.database.reading() as connection:
            return undo.blocker(connection, group_id)

    def reserve(
        self,
        holds: Sequence[Hold],
        *,
        for_type: str,
        for_ref: str,
        actor: Actor,
        at: datetime,
        expires_at: datetime | None = None,
    ) -> tuple[int, ...]:
        """Promise all of it to somebody ("order", "5531"), or none; asked again, the same rows answer.

        Raises:
            NotEnough: less is available (good, unexpired, unpromised), all lines together.
            BooksError: the reference holds something else already.
        """
        header = Header(f"reserve:{for_type}:{for_ref}", actor, at, at.date())
        with self.database.writing() as connection:
            ids = reservations.hold(Entry(connection, header), holds, for_type, for_ref, expires_at)
            self._note(connection, header, "reserve", f"{for_type} {for_ref}")
        return ids

    def release(self, for_type: str, for_ref: str, *, actor: Actor, at: datetime, used: bool = False) -> int:
        """End what is held for a reference, as ``used`` or as released; returns how many rows."""
        header = Header(f"release:{for_type}:{for_ref}", actor, at, at.date())
        with self.database.writing() as connection:
            ended = reservations.settle(connection, for_type, for_ref, "used" if used else "released")
            self._note(connection, header, "use" if used else "release", f"{for_type} {for_ref}")
        return ended

    def expire_reservations(self, at: datetime) -> int:
        """End the promises whose time has passed; returns how many."""
        with self.database.writing() as connection:
            return reservations.expire(connection, at)

    def doctor(self) -> list[Finding]:
        """Check the books against themselves; nothing is changed."""
        with self.database.reading() as connection:
            return doctor.examine(connection, self.clock().date())

    def rebuild_balance(self, actor: Actor, at: datetime) -> int:
        """Replace the balance by the replay of the ledger; returns how many rows were wrong."""
        with self.database.writing() as connection:
            wrong = doctor.rebuild_balance(connection)
            self._note(connection, Header("rebuild", actor, at, at.date()), "rebuild", f"{wrong} wrong")
        return wrong

    def _note(self, connection: Connection, header: Header, action: str, subject: str) -> None:
        audit.append(connection, header.actor, action=action, subject=subject, detail="", at=header.at)

    def close(self) -> None:
        """Give all connections back."""
        self.database.close()


def open_store(url: str | None = None, *, clock: Callable[[], datetime] = _utc_now) -> Store:
    """The books at ``url`` (SQLite or PostgreSQL), with their tables brought up to date."""
    database = Database(url or DEFAULT_URL)
    migrate.upgrade(database)
    return Store(database, clock)
