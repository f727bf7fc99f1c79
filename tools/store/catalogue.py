"""All names of the shop, kept in memory until they change."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Connection, Engine, Row, Select, String, cast, insert, select, update

from tools.store.among import LOCATION, PRODUCT, VIRTUAL_KINDS, table_of
from tools.store.engine import Database
from tools.store.facts import Catalogue, Location, Named, Product, Sensor, Supplier, TaughtName
from tools.store.tables import (
    CustomerRow,
    LearnedNameRow,
    ProductAliasRow,
    PurchaseOrderRow,
    SalesOrderRow,
    SensorRow,
    SettingRow,
    SupplierRow,
    VehicleRow,
)

VERSION_KEY = "catalogue_version"
CURRENCY_KEY = "currency"
DEFAULT_CURRENCY = "GBP"
RECHECK_SECONDS = 0.25

_SETTING = table_of(SettingRow)
_ALIAS = table_of(ProductAliasRow)
_SUPPLIER = table_of(SupplierRow)
_SENSOR = table_of(SensorRow)
_LEARNED = table_of(LearnedNameRow)

# The newest version that a writer of this process has made, committed or about to be.
_announced: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()


def bump(connection: Connection) -> int:
    """Say, inside the caller's write transaction, that some name changed; the new version.

    Every writer of products, aliases, taught words, places, suppliers, customers, vehicles, sensors or the
    currency calls it.  This process sees the change as soon as it is committed, others within
    ``RECHECK_SECONDS``.
    """
    counted = cast(cast(_SETTING.c.value, BigInteger) + 1, String)
    changed = update(_SETTING).where(_SETTING.c.key == VERSION_KEY).values(value=counted)
    found = connection.execute(changed.returning(_SETTING.c.value)).scalar()
    if found is None:
        connection.execute(insert(_SETTING).values(key=VERSION_KEY, value="1"))
    version = int(found or 1)
    _announced[connection.engine] = version
    return version


class CatalogueCache:
    """All names of the shop, kept in memory until they change.  Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._held: Catalogue | None = None
        self._checked = float("-inf")

    def get(self) -> Catalogue:
        """The names as they stand now; the same object until one of them changes."""
        held = self._held
        if held is not None and self._fresh(held):
            return held
        with self._lock:
            return self._renewed()

    def _fresh(self, held: Catalogue) -> bool:
        if _announced.get(self._database.engine, 0) > held.version:
            return False
        return time.monotonic() - self._checked < RECHECK_SECONDS

    def _renewed(self) -> Catalogue:
        now = time.monotonic()
        with self._database.reading() as connection:
            version = _version(connection)
            if self._held is None or self._held.version != version:
                self._held = _read(connection, version)
        self._checked = now
        return self._held


def _version(connection: Connection) -> int:
    return int(connection.execute(_VERSION).scalar() or 0)


_VERSION: Select[str] = select(_SETTING.c.value).where(_SETTING.c.key == VERSION_KEY)


def _read(connection: Connection, version: int) -> Catalogue:
    products = _products(connection)
    currency = connection.execute(select(_SETTING.c.value).where(_SETTING.c.key == CURRENCY_KEY)).scalar()
    return Catalogue(
        version=version,
        products={product.sku: product for product in products},
        locations=_locations(connection),
        suppliers=_suppliers(connection),
        customers=_customers(connection),
        vehicles=_vehicles(connection),
        sensors=sensors(connection),
        categories=_categories(products),
        currency=currency or DEFAULT_CURRENCY,
        orders=frozenset(connection.execute(select(table_of(SalesOrderRow).c.order_no)).scalars()),
        purchase_orders=frozenset(connection.execute(select(table_of(PurchaseOrderRow).c.po_no)).scalars()),
        taught=_taught(connection),
    )


def _products(connection: Connection) -> list[Product]:
    aliases = _aliases(connection)
    p = PRODUCT.c
    names = (p.id, p.sku, p.name, p.category, p.unit, p.barcode)
    trade = (p.price, p.cost, _SUPPLIER.c.code, p.pack_size, p.moq, p.lead_time_days)
    goods = (p.shelf_life_days, p.weight_kg, p.volume_l, p.reorder_point, p.temperature)
    query = select(*names, *trade, *goods).outerjoin_from(PRODUCT, _SUPPLIER).where(p.active).order_by(p.id)
    return [Product(*row[:6], aliases.get(row[0], ()), *row[6:]) for row in connection.execute(query)]


def _aliases(connection: Connection) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    query = select(_ALIAS.c.product_id, _ALIAS.c.alias).order_by(_ALIAS.c.position, _ALIAS.c.id)
    for key, alias in connection.execute(query):
        found[key] += (alias,)
    return found


def _categories(products: Iterable[Product]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for product in products:
        if product.category:
            found[product.category].append(product.sku)
    return {name: tuple(skus) for name, skus in sorted(found.items())}


def _locations(connection: Connection) -> tuple[Location, ...]:
    place = LOCATION.c
    query = select(place.id, place.code, place.name, place.kind, place.latitude, place.longitude)
    physical = query.where(place.active, place.kind.not_in(VIRTUAL_KINDS)).order_by(place.id)
    return tuple(Location(*row) for row in connection.execute(physical))


def _suppliers(connection: Connection) -> tuple[Supplier, ...]:
    s = _SUPPLIER.c
    query = select(s.id, s.code, s.name, s.email, s.lead_time_days, s.min_order_value)
    return tuple(Supplier(*row) for row in connection.execute(query.where(s.active).order_by(s.id)))


def _customers(connection: Connection) -> tuple[Named, ...]:
    c = table_of(CustomerRow).c
    query = select(c.code, c.name, c.latitude, c.longitude).where(c.active).order_by(c.id)
    return tuple(Named(*row) for row in connection.execute(query))


def _vehicles(connection: Connection) -> tuple[Named, ...]:
    v = table_of(VehicleRow).c
    query = select(v.code, v.name).where(v.active).order_by(v.id)
    return tuple(Named(*row) for row in connection.execute(query))


def _taught(connection: Connection) -> tuple[TaughtName, ...]:
    name = _LEARNED.c
    query = select(name.id, name.key, name.kind, name.code).where(name.origin == "taught").order_by(name.id)
    return tuple(TaughtName(*row) for row in connection.execute(query))


def sensors(connection: Connection) -> tuple[Sensor, ...]:
    """Every sensor in use, in the order in which they came."""
    s = _SENSOR.c
    query = select(s.code, s.name, s.kind, s.location, s.low, s.high).where(s.active).order_by(s.id)
    return tuple(_sensor(row) for row in connection.execute(query))


def _sensor(row: Row[str, str, str, str, float | None, float | None]) -> Sensor:
    return Sensor(row[0], row[1], row[2], row[3] or None, row[4], row[5])
