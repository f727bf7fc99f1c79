"""Double entry: every move takes from one place and gives to another, and the balance follows at once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from tools.store.allocate import NO_LOT
from tools.store.changes import Actor
from tools.store.tables import StockBalanceRow, StockMoveRow

MOVES = StockMoveRow.__table__  # type: ignore[attr-defined]
BALANCE = StockBalanceRow.__table__  # type: ignore[attr-defined]

_INSERT_MOVE = insert(MOVES).returning(MOVES.c.seq)
_INSERT_MOVES = insert(MOVES).returning(MOVES.c.seq, sort_by_parameter_order=True)
_LAST = select(func.coalesce(func.max(MOVES.c.seq), 0))
_BALANCE_KEY = ("product_id", "location_id", "lot_id")

Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Header:
    """What all moves of one request share.  ``day`` is the business date, ``at`` the instant."""

    request_id: str
    actor: Actor
    at: datetime
    day: date

    @property
    def group_id(self) -> str:
        """The name of this request's group of moves; the same request always has the same."""
        return hashlib.blake2b(self.request_id.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Posting:
    """One move before it is written: ``quantity`` > 0 in the base unit, lot 0 for none."""

    product_id: int
    lot_id: int
    quantity: Decimal
    source_id: int
    destination_id: int
    kind: str
    reason: str = ""
    document: str = ""
    reverses: int | None = None


class Journal:
    """Writes moves and their effect on the balance, inside the caller's write transaction."""

    def __init__(self, connection: Connection, header: Header) -> None:
        self.connection = connection
        self.header = header
        self.lines = 0
        self._last: int | None = None

    @property
    def position(self) -> int:
        """The last move of the ledger, as this transaction sees it."""
        if self._last is None:
            self._last = last_position(self.connection)
        return self._last

    def post(self, postings: Sequence[Posting]) -> None:
        """Append the moves and change the balance of both ends of each."""
        if not postings:
            return
        rows = [self._row(posting) for posting in postings]
        if len(rows) == 1:
            seqs = [int(self.connection.execute(_INSERT_MOVE, rows[0]).scalar_one())]
        else:
            seqs = [int(seq) for seq in self.connection.execute(_INSERT_MOVES, rows).scalars()]
        self._last = seqs[-1]
        _add_to_balance(self.connection, zip(postings, seqs, strict=True))

    def _row(self, posting: Posting) -> dict[str, Any]:
        header, actor = self.header, self.header.actor
        self.lines += 1
        return {
            "group_id": header.group_id,
            "line": self.lines,
            "request_id": header.request_id,
            "product_id": posting.product_id,
            "lot_id": posting.lot_id or None,
            "quantity": posting.quantity,
            "from_location_id": posting.source_id,
            "to_location_id": posting.destination_id,
            "kind": posting.kind,
            "reason": plain(posting.reason, 300),
            "document": plain(posting.document, 120),
            "business_date": header.day,
            "recorded_at": header.at,
            "actor": plain(actor.name, 120),
            "channel": plain(actor.channel, 32),
            "conversation": plain(actor.conversation, 200),
            "message": plain(actor.message, 200),
            "reverses": posting.reverses,
        }


def last_position(connection: Connection) -> int:
    """The number of the newest move; 0 for an empty ledger."""
    return int(connection.execute(_LAST).scalar_one())


def plain(text: str, size: int) -> str:
    """Text as every database takes it: without NUL and half characters, cut to the column's size."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:size]


def _add_to_balance(connection: Connection, posted: Iterable[tuple[Posting, int]]) -> None:
    change: dict[Key, Decimal] = defaultdict(Decimal)
    last: dict[Key, int] = {}
    for posting, seq in posted:
        lot = posting.lot_id or NO_LOT
        for place, sign in ((posting.source_id, -1), (posting.destination_id, 1)):
            key = (posting.product_id, place, lot)
            change[key] += sign * posting.quantity
            last[key] = seq
    rows = [
        {**dict(zip(_BALANCE_KEY, key, strict=True)), "quantity": delta, "last_seq": last[key]}
        for key, delta in change.items()
    ]
    connection.execute(_UPSERTS[connection.dialect.name], rows)


def _build_upsert(dialect: Any) -> Any:
    statement = dialect.insert(BALANCE)
    return statement.on_conflict_do_update(
        index_elements=_BALANCE_KEY,
        set_={
            "quantity": BALANCE.c.quantity + statement.excluded.quantity,
            "last_seq": statement.excluded.last_seq,
        },
    )


_UPSERTS = {"sqlite": _build_upsert(sqlite), "postgresql": _build_upsert(postgresql)}
