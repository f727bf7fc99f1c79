"""One change being written: looks names up, takes and puts stock, remembers what it did to each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from sqlalchemy import Connection, bindparam, select

from tools.store.allocate import NO_LOT, Pile, allocate, anything, is_usable
from tools.store.changes import BooksError, Effect, NotEnough
from tools.store.ledger import BALANCE, Header, Journal, Posting
from tools.store.tables import LocationRow, LotRow, ProductRow, SettingRow

PRODUCTS = ProductRow.__table__  # type: ignore[attr-defined]
LOCATIONS = LocationRow.__table__  # type: ignore[attr-defined]
LOTS = LotRow.__table__  # type: ignore[attr-defined]
SETTINGS = SettingRow.__table__  # type: ignore[attr-defined]

SUPPLIER, CUSTOMER = "@supplier", "@customer"
ADJUSTMENT, SCRAP, TRANSIT = "@adjustment", "@scrap", "@transit"

_LARGEST = Decimal(10) ** 12
_PRODUCT = select(PRODUCTS.c.id, PRODUCTS.c.sku, PRODUCTS.c.name, PRODUCTS.c.price).where(
    PRODUCTS.c.sku == bindparam("wanted")
)
_PLACES = select(LOCATIONS.c.id, LOCATIONS.c.code, LOCATIONS.c.name)
_PILES = (
    select(BALANCE.c.lot_id, BALANCE.c.quantity, LOTS.c.code, LOTS.c.expires_on, LOTS.c.status)
    .select_from(BALANCE.outerjoin(LOTS, LOTS.c.id == BALANCE.c.lot_id))
    .where(BALANCE.c.product_id == bindparam("product"), BALANCE.c.location_id == bindparam("place"))
    .where(BALANCE.c.quantity != 0)
)
_SETTING = select(SETTINGS.c.value).where(SETTINGS.c.key == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class Good:
    """A product, as far as the books need it."""

    id: int
    sku: str
    name: str
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Place:
    """A location, as far as the books need it."""

    id: int
    code: str
    name: str

    @property
    def is_physical(self) -> bool:
        """Whether goods can lie there and be seen."""
        return not self.code.startswith("@")


@dataclass(frozen=True, slots=True)
class Words:
    """What is written beside a move."""

    kind: str
    reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Which:
    """Which stock may leave: one lot or all, and whether expired and quarantined goods leave, too."""

    lot: str | None = None
    expired: bool = False


ONLY_GOOD = Which()


class Entry:
    """One change on its way into the books; lives inside one write transaction."""

    def __init__(self, connection: Connection, header: Header) -> None:
        self.connection = connection
        self.header = header
        self.journal = Journal(connection, header)
        self.notes: list[str] = []
        self.documents: list[str] = []
        self.sales = 0
        self.taken: dict[tuple[str, str], Decimal] = {}
        self._effects: dict[tuple[str, str], Effect] = {}
        self._goods: dict[str, Good] = {}

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What happened at each physical place, in the order of happening."""
        return tuple(self._effects.values())

    @property
    def day(self) -> date:
        """The business date."""
        return self.header.day

    @cached_property
    def allows_negative(self) -> bool:
        """Whether the shop lets stock go below zero."""
        return self.setting("allow_negative") == "1"

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {row.code: Place(row.id, row.code, row.name) for row in self.connection.execute(_PLACES)}

    def setting(self, key: str) -> str:
        """A setting of the shop; empty where it was never set."""
        return str(self.connection.execute(_SETTING, {"wanted": key}).scalar() or "")

    def good(self, sku: str) -> Good:
        """The product with this SKU.

        Raises:
            BooksError: there is none.
        """
        if sku not in self._goods:
            row = self.connection.execute(_PRODUCT, {"wanted": sku}).first()
            if row is None:
                raise BooksError(f"there is no product {sku}")
            self._goods[sku] = Good(row.id, row.sku, row.name, row.price)
        return self._goods[sku]

    def place(self, code: str, *, or_transit: bool = False) -> Place:
        """The physical location with this code; also the road where ``or_transit``.

        Raises:
            BooksError: there is none.
        """
        place = self._places.get(code)
        if place is None or not (place.is_physical or (or_transit and code == TRANSIT)):
            raise BooksError(f"there is no place {code}")
        return place

    @property
    def physical_places(self) -> tuple[Place, ...]:
        """Every place where goods can lie, by code."""
        found = sorted(self._places.values(), key=lambda place: place.code)
        return tuple(place for place in found if place.is_physical)

    def good_of(self, product_id: int) -> Good:
        """The product with this number."""
        sku = self.connection.execute(select(PRODUCTS.c.sku).where(PRODUCTS.c.id == product_id)).scalar_one()
        return self.good(sku)

    def place_of(self, location_id: int) -> Place:
        """The location with this number."""
        return next(place for place in self._places.values() if place.id == location_id)

    def virtual(self, code: str) -> Place:
        """One of the places that are on no map."""
        return self._places[code]

    def piles(self, good: Good, place: Place) -> list[Pile]:
        """What lies at the place now, lot by lot."""
        return read_piles(self.connection, good.id, place.id)

    def take(
        self,
        good: Good,
        place: Place,
        quantity: Decimal,
        *,
        to: Place,
        words: Words,
        which: Which = ONLY_GOOD,
    ) -> list[tuple[Pile, Decimal]]:
        """Move stock away from ``place``, first expired first.

        Raises:
            NotEnough: there is less, and the shop does not let stock go below zero.
        """
        piles = self.piles(good, place)
        offered = piles if which.lot is None else [pile for pile in piles if pile.code == which.lot]
        found = allocate(offered, quantity, anything if which.expired else self._usable)
        picks = list(found.picks)
        if found.short:
            if which.lot is not None or not (self.allows_negative and place.is_physical):
                have = max(found.have, Decimal(0))
                raise NotEnough(good.sku, place.code, have, quantity, max(total(offered) - have, Decimal(0)))
            picks.append((Pile(NO_LOT, Decimal(0)), found.short))
        self._post(good, place, to, picks, words)
        self.remember(good, place, total(piles), -quantity, [pile for pile, _ in picks])
        key = (good.sku, place.code)
        self.taken[key] = self.taken.get(key, Decimal(0)) + quantity
        if found.short:
            self.note_oversold(good, place, found.short)
        return picks

    def put(
        self,
        good: Good,
        place: Place,
        picks: Sequence[tuple[Pile, Decimal]],
        *,
        source: Place | None,
        words: Words,
    ) -> None:
        """Stock arrives at ``place``; with no ``source`` its move was posted already, by ``take``."""
        arrived = sum((quantity for _, quantity in picks), Decimal(0))
        before = total(self.piles(good, place)) - (Decimal(0) if source else arrived)
        if source:
            self._post(good, source, place, picks, words)
        self.remember(good, place, before, arrived, [pile for pile, _ in picks])

    def remember_nothing(self, good: Good, place: Place) -> None:
        """Tell that the place was looked at and stayed as it was."""
        self.remember(good, place, total(self.piles(good, place)), Decimal(0), [])

    def _usable(self, pile: Pile) -> bool:
        return is_usable(pile, self.day)

    def _post(
        self, good: Good, source: Place, to: Place, picks: Sequence[tuple[Pile, Decimal]], words: Words
    ) -> None:
        self.journal.post(
            [
                Posting(
                    good.id, pile.lot_id, quantity, source.id, to.id, words.kind, words.reason, words.document
                )
                for pile, quantity in picks
            ]
        )

    def remember(
        self, good: Good, place: Place, before: Decimal, change: Decimal, piles: Sequence[Pile]
    ) -> None:
        """Tell what happened to a physical place; later steps of a batch add to it."""
        if not place.is_physical:
            return
        key = (good.sku, place.code)
        labels = [pile.label for pile in piles if pile.label]
        earlier = self._effects.get(key)
        if earlier:
            before, labels = earlier.before, [*earlier.lots, *labels]
            change += earlier.after - earlier.before
        lots = tuple(dict.fromkeys(labels))
        self._effects[key] = Effect(good.sku, place.code, before, before + change, lots)

    def note_oversold(self, good: Good, place: Place, short: Decimal = Decimal(0)) -> None:
        """Say where more left than good stock was there: somebody has to count."""
        below = max(-self._effects[good.sku, place.code].after, short)
        if below > 0:
            words = f"{good.name} at {place.name} is oversold by {below.normalize():f}"
            self.notes.append(f"{words}: please count it.")


def read_piles(connection: Connection, product_id: int, place_id: int) -> list[Pile]:
    """What lies at one place of one product, lot by lot."""
    rows = connection.execute(_PILES, {"product": product_id, "place": place_id})
    return [
        Pile(row.lot_id, row.quantity, row.code or "", row.expires_on, row.status or "good") for row in rows
    ]


def total(piles: Sequence[Pile]) -> Decimal:
    """All lots together."""
    return sum((pile.quantity for pile in piles), Decimal(0))


def check_quantity(quantity: Decimal, *, or_zero: bool = False) -> Decimal:
    """The quantity, where the books can hold it exactly.

    Raises:
        BooksError: it is no number, not above zero, too large, or finer than three places.
    """
    if not quantity.is_finite() or abs(quantity) > _LARGEST:
        raise BooksError(f"{quantity} is more than the books can hold")
    if quantity < 0 or (quantity == 0 and not or_zero):
        raise BooksError(f"the quantity has to be above zero, not {quantity}")
    if quantity.scaleb(3) % 1:
        raise BooksError(f"{quantity} has more than 3 decimal places")
    return quantity
