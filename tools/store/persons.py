"""The one door for customers' words: whose voice it is, without the name, and what of the text is kept.

A person is kept as a keyed hash (HMAC-SHA256 under a secret that the shop's books make once), so that
one voice is counted once and its words can be found and deleted, while the hash alone tells no name.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, insert, select

from tools.store.among import PRODUCT, plain_text, table_of
from tools.store.catalogue import VERSION_KEY
from tools.store.personal import Masker
from tools.store.settings import write_setting
from tools.store.tables import CustomerRow, ForgottenRow, ProductAliasRow, SalesOrderRow, SettingRow

KEEP = "keep_personal"
"""The setting under which a shop keeps its customers' words as they are; "1" keeps them."""
SECRET = "person_secret"  # noqa: S105 - the name of a setting
SHOP_NAME = "shop_name"
FORGOTTEN = table_of(ForgottenRow)

_SETTING, _CUSTOMER, _ALIAS = table_of(SettingRow), table_of(CustomerRow), table_of(ProductAliasRow)
_ORDER = table_of(SalesOrderRow)
_CODE = re.compile(r"[A-Za-z]{0,8}[-_#]?\d{1,8}")
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof)\.? ")
_SPACES, _NO_WORDS = re.compile(r"\s+"), re.compile(r"[^\w]+")
_KEY_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Admitted:
    """A text as it may be kept; ``person`` is "" where nobody said who spoke."""

    text: str
    customer: str
    person: str
    text_key: str
    masked: bool


@dataclass(frozen=True, slots=True)
class _Books:
    """What the door needs of the books; ``codes`` leads from a customer's name to the code."""

    version: str
    masker: Masker
    customers: frozenset[str]
    codes: dict[str, str]


_held: WeakKeyDictionary[Engine, _Books] = WeakKeyDictionary()


class WordsDoor:
    """Lets customers' words into the books, inside the caller's write transaction."""

    def __init__(self, connection: Connection, *, fresh: bool = False) -> None:
        """``fresh``: names were written in this very transaction, and count."""
        self._books = _read(connection, "") if fresh else _books(connection)
        self._keeps = setting(connection, KEEP) == "1"
        self._secret = secret_of(connection)
        self._forgotten = forgotten(connection)

    def admit(self, text: str, customer: str, at: datetime | str) -> Admitted | None:
        """The words as they are kept; None where this person asked to be forgotten after saying them.

        Args:
            text: What was said.
            customer: A customer's code, or a name or address as it came.
            at: When, by the shop's clock.
        """
        said, known = plain_text(text), self._code(customer)
        person = person_key(self._secret, known or customer)
        until = self._forgotten.get(person)
        if until is not None and _moment(at) <= until:
            return None
        kept = said if self._keeps else self._books.masker.mask(said)
        shown = known or (customer if self._keeps or _CODE.fullmatch(customer) else "")
        return Admitted(kept, shown[:64], person, text_key(said), kept != said)

    def _code(self, customer: str) -> str:
        """The code of a customer of the books; "" for anybody else."""
        called = identity(customer)
        return customer if customer in self._books.customers else self._books.codes.get(called, "")


def identity(customer: str) -> str:
    """A person's code, name or address in the form in which it is the same however it is written."""
    return _TITLE.sub("", _SPACES.sub(" ", plain_text(customer)).strip().casefold())


def person_key(secret: str, customer: str) -> str:
    """The keyed hash of a person; "" for nobody."""
    called = identity(customer)
    if not called:
        return ""
    return hmac.new(bytes.fromhex(secret), called.encode(), hashlib.sha256).hexdigest()[:_KEY_LETTERS]


def text_key(text: str) -> str:
    """The hash of what was said: equal for texts that differ in case, spaces and points alone."""
    words = _NO_WORDS.sub(" ", text.casefold()).strip()
    return hashlib.sha256((words or text).encode()).hexdigest()[:_KEY_LETTERS]


def keys_of(connection: Connection, customer: str) -> frozenset[str]:
    """All keys under which this person's words may stand: by code and by name."""
    secret, books = secret_of(connection), _books(connection)
    called = {customer, books.codes.get(identity(customer), "")}
    called |= {name for name, code in books.codes.items() if code == customer}
    return frozenset(person_key(secret, one) for one in called) - {""}


def setting(connection: Connection, key: str) -> str:
    """One of the shop's choices."""
    return str(connection.execute(select(_SETTING.c.value).where(_SETTING.c.key == key)).scalar() or "")


def secret_of(connection: Connection) -> str:
    """The secret under which persons are hashed; made at its first use, in a write transaction."""
    known = setting(connection, SECRET)
    if not known:
        known = secrets.token_hex(32)
        write_setting(connection, SECRET, known)
    return known


def forgotten(connection: Connection) -> dict[str, datetime]:
    """Persons who asked to be forgotten, and until when what they said stays out."""
    return {row.person_key: row.until for row in connection.execute(select(FORGOTTEN))}


def forget_key(connection: Connection, key: str, until: datetime) -> None:
    """What this person said until then does not come in again."""
    connection.execute(FORGOTTEN.delete().where(FORGOTTEN.c.person_key == key))
    connection.execute(insert(FORGOTTEN).values(person_key=key, until=until))


def _moment(at: datetime | str) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def _books(connection: Connection) -> _Books:
    """The names of the books, read again only when one of them changed."""
    version = f"{setting(connection, VERSION_KEY)} {setting(connection, SHOP_NAME)}"
    held = _held.get(connection.engine)
    if held is None or held.version != version:
        held = _held[connection.engine] = _read(connection, version)
    return held


def _read(connection: Connection, version: str) -> _Books:
    people = [(row.code, row.name) for row in connection.execute(select(_CUSTOMER.c.code, _CUSTOMER.c.name))]
    columns = (PRODUCT.c.sku, PRODUCT.c.name, PRODUCT.c.barcode)
    products = connection.execute(select(*columns)).all()
    goods = [row.name for row in products]
    goods += [str(alias) for alias in connection.execute(select(_ALIAS.c.alias)).scalars()]
    shop = setting(connection, SHOP_NAME)
    codes = [code for row in products for code in (row.sku, row.barcode)]
    codes += [str(number) for number in connection.execute(select(_ORDER.c.order_no)).scalars()]
    masker = Masker.of([name for _, name in people], [*goods, shop], [*codes, shop, shop.replace("&", "and")])
    by_name: dict[str, set[str]] = {}
    for code, name in people:
        by_name.setdefault(identity(name), set()).add(code)
    alone = {name: next(iter(found)) for name, found in by_name.items() if len(found) == 1}
    return _Books(version, masker, frozenset(code for code, _ in people), alone)
