"""What signals suggest for forecasts: proposed at night, decided by a person, over by the last day."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from tools.store.among import PRODUCT, only, product_skus
from tools.store.engine import Database
from tools.store.ledger import plain
from tools.store.signal_facts import ADJUSTED, DECLINED, EXPIRED, PROPOSED, SignalAdjustment
from tools.store.signal_made import ADJUSTMENT, HISTORY, PLACE

# A proposal that no night renews is over, and what was declined is not proposed again, after so long.
FORGOTTEN = timedelta(days=7)
DECLINED_LASTS = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the forecast of a product might take from signals.

    ``quantity`` (base unit) is what would be expected of all its days together, ``multiplier`` by how much
    each day is raised; ``figures`` are what it stands on, by name.
    """

    sku: str
    first: date
    last: date
    quantity: Decimal
    multiplier: Decimal
    reason: str
    figures: Mapping[str, float]


class SignalAdjustments:
    """Proposals, and what people made of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def propose(self, proposals: Sequence[Proposal], at: datetime) -> int:
        """Keep tonight's proposals; how many stand.

        A product has one open proposal: a new one takes its place.  Nothing is proposed while one that was
        agreed holds, nor for three weeks after one was declined.
        """
        with self._database.writing() as connection:
            ids = {sku: key for key, sku in product_skus(connection, {one.sku for one in proposals}).items()}
            kept = [one for one in proposals if one.sku in ids and not _decided(connection, ids[one.sku], at)]
            for one in kept:
                _put(connection, ids[one.sku], one, at)
        return len(kept)

    def expire(self, today: date, at: datetime) -> int:
        """What is over: the days have passed, or nothing renewed the proposal; how many."""
        column = ADJUSTMENT.c
        stale = (column.state == PROPOSED) & (column.made_at < at - FORGOTTEN)
        ended = column.state.in_((PROPOSED, ADJUSTED)) & (column.last_day < today)
        with self._database.writing() as connection:
            gone = update(ADJUSTMENT).where(or_(stale, ended)).values(state=EXPIRED)
            return int(connection.execute(gone).rowcount)

    def of(
        self,
        skus: Collection[str] | None = None,
        *,
        states: Collection[str] = (PROPOSED, ADJUSTED),
        first: date | None = None,
        last: date | None = None,
    ) -> list[SignalAdjustment]:
        """Adjustments of some products (of all without) in these states about these days, oldest first."""
        column = ADJUSTMENT.c
        with self._database.reading() as connection:
            query = _adjustments().where(column.state.in_(tuple(states)))
            if skus is not None:
                query = query.where(*only(column.product_id, product_skus(connection, skus)))
            if first is not None:
                query = query.where(column.last_day >= first)
            if last is not None:
                query = query.where(column.first_day <= last)
            return [_adjustment(row) for row in connection.execute(query.order_by(column.id))]

    def one(self, number: int) -> SignalAdjustment | None:
        """One of them by its number."""
        query = _adjustments().where(ADJUSTMENT.c.id == number)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _adjustment(row)


def _decided(connection: Connection, product: int, at: datetime) -> bool:
    """Whether a person's word about this product still holds."""
    column = ADJUSTMENT.c
    agreed = (column.state == ADJUSTED) & (column.last_day >= at.date())
    declined = (column.state == DECLINED) & (column.made_at >= at - DECLINED_LASTS)
    query = select(column.id).where(column.product_id == product, or_(agreed, declined)).limit(1)
    return connection.execute(query).first() is not None


def _put(connection: Connection, product: int, one: Proposal, at: datetime) -> None:
    row = {
        "product_id": product,
        "first_day": one.first,
        "last_day": one.last,
        "quantity": one.quantity,
        "multiplier": one.multiplier,
        "reason": plain(one.reason, 500),
        "state": PROPOSED,
        "gate": json.dumps(dict(one.figures)),
        "made_at": at,
        "decided_by": "",
    }
    column = ADJUSTMENT.c
    standing = select(column.id).where(column.product_id == product, column.state == PROPOSED)
    number = connection.execute(standing.order_by(column.id.desc()).limit(1)).scalar()
    if number is None:
        connection.execute(insert(ADJUSTMENT), row)
    else:
        connection.execute(update(ADJUSTMENT).where(column.id == number).values(**row))


def _adjustments() -> Select[Any]:
    event = HISTORY.events.c
    decided = (
        select(func.max(event.at))
        .where(event.place == PLACE, event.row_id == ADJUSTMENT.c.id, event.undone_by == "")
        .scalar_subquery()
    )
    joined = ADJUSTMENT.join(PRODUCT, PRODUCT.c.id == ADJUSTMENT.c.product_id)
    return select(ADJUSTMENT, PRODUCT.c.sku, decided.label("decided_at")).select_from(joined)


def _adjustment(row: Row[Any]) -> SignalAdjustment:
    return SignalAdjustment(
        id=row.id,
        sku=row.sku,
        first=row.first_day,
        last=row.last_day,
        quantity=row.quantity,
        multiplier=row.multiplier,
        reason=row.reason,
        state=row.state,
        gate=json.loads(row.gate),
        made_at=row.made_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
