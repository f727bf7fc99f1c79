"""What customers said, and what was read from it, asked of the books by name."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select, update

from tools.store import audit
from tools.store.among import PRODUCT, only, product_skus
from tools.store.changes import Actor
from tools.store.engine import Database
from tools.store.persons import WordsDoor, forget_key, keys_of
from tools.store.signal_facts import (
    COUNTED,
    DOUBTFUL,
    REJECTED,
    DayCount,
    MinedText,
    Remark,
    Signal,
    Wish,
)
from tools.store.signals_kept import JUDGED, REMARK, SIGNAL, WISH, drop_read, keep, link, wished

MOST = 100_000
_SIGNALS = (
    SIGNAL, REMARK.c.received_at, REMARK.c.channel, REMARK.c.text, REMARK.c.person_key, REMARK.c.source_hash,
    PRODUCT.c.sku,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """How many remarks, how many this version has not read, how many signals a person should look at.

    ``never`` are remarks that no version has read.
    """

    remarks: int
    unread: int
    doubtful: int
    first: date | None = None
    last: date | None = None
    never: int = 0


class CustomersWords:
    """What customers said, and what was read from it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- remarks ---------------------------------------------------------------------------------

    def remarks(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        numbers: Collection[int] | None = None,
        signals: Select[Any] | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Remark]:
        """Remarks, the latest first; both days included.

        ``signals`` picks those that have such a signal (see :meth:`having`).
        """
        query = _remarks(*_days(since, until), *only(REMARK.c.id, numbers))
        if signals is not None:
            query = query.where(REMARK.c.id.in_(signals))
        query = query.order_by(REMARK.c.received_at.desc(), REMARK.c.id.desc()).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return [_remark(row) for row in connection.execute(query).mappings()]

    def having(
        self,
        *,
        types: Collection[str] | None = None,
        skus: Collection[str] | None = None,
        states: Collection[str] | None = None,
    ) -> Select[Any]:
        """Which remarks have a signal of these kinds, to be asked for with :meth:`remarks`."""
        query = select(SIGNAL.c.feedback_id).where(
            *only(SIGNAL.c.type, types), *only(SIGNAL.c.state, states), SIGNAL.c.state != REJECTED
        )
        if skus is not None:
            query = query.join(PRODUCT, PRODUCT.c.id == SIGNAL.c.product_id).where(*only(PRODUCT.c.sku, skus))
        return query

    def remark(self, number: int) -> Remark | None:
        """One remark."""
        found = self.remarks(numbers=[number], limit=1) if 0 < number < 2**31 else []
        return found[0] if found else None

    def unread(self, version: str, limit: int = 100) -> list[Remark]:
        """Remarks that this version has not read, the latest first."""
        query = _remarks(REMARK.c.mined_by != version).order_by(REMARK.c.received_at.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_remark(row) for row in connection.execute(query).mappings()]

    def figures(self, version: str = "") -> Figures:
        """How much there is."""
        unread = func.sum(case((REMARK.c.mined_by != version, 1), else_=0))
        never = func.sum(case((REMARK.c.mined_by == "", 1), else_=0))
        query = select(
            func.count(), unread, func.min(REMARK.c.received_at), func.max(REMARK.c.received_at), never
        ).select_from(REMARK)
        doubtful = select(func.count()).select_from(SIGNAL).where(SIGNAL.c.state == DOUBTFUL)
        with self._database.reading() as connection:
            count, waiting, first, last, new = connection.execute(query).one()
            doubts = connection.execute(doubtful).scalar_one()
        days = (first and first.date(), last and last.date())
        return Figures(int(count), int(waiting or 0), int(doubts), *days, never=int(new or 0))

    # -- signals ---------------------------------------------------------------------------------

    def signals(
        self,
        *,
        skus: Collection[str] | None = None,
        wishes: Collection[int] | None = None,
        types: Collection[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        confident: bool = True,
    ) -> list[Signal]:
        """Signals, oldest first; both days included.

        ``confident`` ones are those that figures are made of (sure, or confirmed by a person); else
        the doubtful ones come as well.  What a person rejected never comes.
        """
        states = COUNTED if confident else (*COUNTED, DOUBTFUL)
        conditions = (
            *only(SIGNAL.c.state, states),
            *only(SIGNAL.c.wish_id, wishes),
            *only(SIGNAL.c.type, types),
            *only(PRODUCT.c.sku, skus),
            *_days(since, until),
        )
        return self._signals(*conditions)

    def read_from(self, remarks: Collection[int]) -> list[Signal]:
        """Everything read from these remarks that nobody rejected, doubtful or not, as it stands there."""
        found = self._signals(*only(SIGNAL.c.feedback_id, remarks), SIGNAL.c.state != REJECTED)
        return sorted(found, key=lambda one: (one.remark, one.start, one.id))

    def signal(self, number: int) -> Signal | None:
        """One signal, also one that was rejected."""
        found = self._signals(SIGNAL.c.id == number) if 0 < number < 2**31 else []
        return found[0] if found else None

    def doubtful(self, limit: int = 50) -> list[Signal]:
        """What a person should look at: texts of which nothing is sure first, the likeliest of them first."""
        found = self._signals(SIGNAL.c.state == DOUBTFUL)
        clear = {one.remark for one in self._signals(SIGNAL.c.state.in_(COUNTED))}
        return sorted(found, key=lambda one: (one.remark in clear, -one.confidence, one.id))[:limit]

    def judged(self) -> list[Signal]:
        """All that a person said about signals, rejected ones too: for learning from it."""
        texts = select(SIGNAL.c.feedback_id).where(SIGNAL.c.state.in_(JUDGED))
        return self._signals(SIGNAL.c.feedback_id.in_(texts))

    def _signals(self, *conditions: ColumnElement[bool]) -> list[Signal]:
        joined = SIGNAL.join(REMARK, REMARK.c.id == SIGNAL.c.feedback_id).outerjoin(
            PRODUCT, PRODUCT.c.id == SIGNAL.c.product_id
        )
        query = select(*_SIGNALS).select_from(joined).where(*conditions)
        query = query.order_by(REMARK.c.received_at, SIGNAL.c.id).limit(MOST)
        with self._database.reading() as connection:
            return [_signal(row) for row in connection.execute(query).mappings()]

    def day_counts(
        self,
        *,
        skus: Collection[str] | None = None,
        wishes: Collection[int] | None = None,
        types: Collection[str] | None = None,
        since: date | None = None,
        until: date | None = None,
        confident: bool = True,
    ) -> list[DayCount]:
        """Different voices by day, type and thing, oldest first; a voice counts once a day."""
        found = self.signals(
            skus=skus, wishes=wishes, types=types, since=since, until=until, confident=confident
        )
        voices: dict[tuple[date, str, str | None, int | None], list[str]] = defaultdict(list)
        for one in found:
            voices[one.at.date(), one.type, one.sku, one.wish].append(one.voice)
        return [DayCount(*key, len(set(said)), len(said)) for key, said in voices.items()]

    def wishes(
        self, *, since: date | None = None, until: date | None = None, confident: bool = True
    ) -> list[Wish]:
        """Things that are asked for and not carried, with their requests; the most wanted first."""
        with self._database.reading() as connection:
            names = {row.id: row.name for row in connection.execute(select(WISH.c.id, WISH.c.name))}
        of_each: dict[int, list[Signal]] = defaultdict(list)
        for one in self.signals(wishes=list(names), since=since, until=until, confident=confident):
            of_each[one.wish or 0].append(one)
        made = [
            Wish(number, names[number], len({one.voice for one in said}), tuple(said))
            for number, said in of_each.items()
        ]
        return sorted(made, key=lambda wish: (-wish.voices, wish.name))

    # -- what reading writes ---------------------------------------------------------------------

    def tidy(self, limit: int = 200) -> int:
        """Bring remarks that older versions took in through the door (see ``persons``); how many."""
        query = select(REMARK).where(REMARK.c.source_hash == "").order_by(REMARK.c.id).limit(limit)
        with self._database.writing() as connection:
            door, gone = WordsDoor(connection), []
            rows = connection.execute(query).mappings().all()
            for row in rows:
                kept = door.admit(row["text"], row["customer"], row["received_at"])
                if kept is None:
                    gone.append(row["id"])
                    continue
                values = {
                    "text": kept.text,
                    "customer": kept.customer,
                    "person_key": kept.person,
                    "source_hash": kept.text_key,
                    "masked": kept.masked,
                }
                connection.execute(update(REMARK).where(REMARK.c.id == row["id"]).values(**values))
            connection.execute(REMARK.delete().where(*only(REMARK.c.id, gone)))
        return len(rows)

    def keep(self, read: Sequence[tuple[int, MinedText]], version: str) -> int:
        """Write what was read from some remarks; how many were news: who comes second changes nothing."""
        with self._database.writing() as connection:
            products = {sku: number for number, sku in product_skus(connection, None).items()}
            return sum(keep(connection, number, found, version, products) for number, found in read)

    def mentions(self) -> list[str]:
        """All words by which things that are not carried are asked for, each once, in the order of asking."""
        with self._database.reading() as connection:
            return list(dict.fromkeys(mention for _, mention, _ in wished(connection)))

    def unlinked(self) -> bool:
        """Whether somebody asks for a thing that is not carried and belongs to no wish yet."""
        with self._database.reading() as connection:
            return any(wish is None for _, _, wish in wished(connection))

    def link(self, clusters: Sequence[tuple[str, Sequence[str]]], at: datetime) -> int:
        """Tie requests to wishes: (name, all words for it) for each thing; how many requests moved."""
        with self._database.writing() as connection:
            return link(connection, clusters, at)

    # -- forgetting ------------------------------------------------------------------------------

    def of_customer(self, customer: str) -> list[Remark]:
        """Everything kept that this person said: found by code, name or address."""
        with self._database.writing(durable=False) as connection:
            keys = keys_of(connection, customer)
        with self._database.reading() as connection:
            query = _remarks(_theirs(customer, keys)).order_by(REMARK.c.received_at)
            return [_remark(row) for row in connection.execute(query).mappings()]

    def forget(self, customer: str, actor: Actor, at: datetime) -> int:
        """Delete what this person said, and what was read from it; how many remarks.

        What they had said until now does not come in again; the audit tells that somebody was
        forgotten, by key, and nothing of what was said.
        """
        with self._database.writing() as connection:
            keys = keys_of(connection, customer)
            numbers = list(connection.execute(select(REMARK.c.id).where(_theirs(customer, keys))).scalars())
            self._drop(connection, numbers)
            for key in keys:
                forget_key(connection, key, at.replace(tzinfo=None))
            subject = f"person {min(keys)[:12]}" if keys else "person"
            told = json.dumps({"remarks": len(numbers)})
            audit.append(connection, actor, action="forget", subject=subject, detail=told, at=at)
        return len(numbers)

    def forget_remark(self, number: int, actor: Actor, at: datetime) -> int:
        """Delete one remark and, where it is known whose it is, all that this person said; how many."""
        remark = self.remark(number)
        if remark is None:
            return 0
        theirs = REMARK.c.person_key == remark.person if remark.person else REMARK.c.id == number
        with self._database.writing() as connection:
            numbers = list(connection.execute(select(REMARK.c.id).where(theirs)).scalars())
            self._drop(connection, numbers)
            if remark.person:
                forget_key(connection, remark.person, at.replace(tzinfo=None))
            told = json.dumps({"remarks": len(numbers)})
            subject = f"person {remark.person[:12]}" if remark.person else f"remark {number}"
            audit.append(connection, actor, action="forget", subject=subject, detail=told, at=at)
        return len(numbers)

    def _drop(self, connection: Connection, numbers: Sequence[int]) -> None:
        if numbers:
            drop_read(connection, select(REMARK.c.id).where(*only(REMARK.c.id, numbers)))
            connection.execute(REMARK.delete().where(*only(REMARK.c.id, numbers)))


def _theirs(customer: str, keys: Collection[str]) -> ColumnElement[bool]:
    return or_(*only(REMARK.c.person_key, keys), REMARK.c.customer == (customer or None))


def _days(since: date | None, until: date | None) -> tuple[ColumnElement[bool], ...]:
    first = () if since is None else (REMARK.c.received_at >= datetime.combine(since, time()),)
    if until is None:
        return first
    return (*first, REMARK.c.received_at < datetime.combine(until + timedelta(days=1), time()))


def _remarks(*conditions: ColumnElement[bool]) -> Select[Any]:
    joined = REMARK.outerjoin(PRODUCT, PRODUCT.c.id == REMARK.c.product_id)
    return select(REMARK, PRODUCT.c.sku).select_from(joined).where(*conditions)


def _remark(row: Mapping[Any, Any]) -> Remark:
    return Remark(
        id=row["id"],
        at=row["received_at"],
        channel=row["channel"],
        text=row["text"],
        rating=row["rating"],
        sku=row["sku"],
        customer=row["customer"],
        person=row["person_key"],
        text_key=row["source_hash"],
        source=row["source"],
        language=row["language"],
        readable=bool(row["readable"]),
        masked=bool(row["masked"]),
        polarity=row["polarity"],
        model=row["mined_by"],
    )


def _signal(row: Mapping[Any, Any]) -> Signal:
    start, end = row["quote_start"], row["quote_end"]
    return Signal(
        id=row["id"],
        remark=row["feedback_id"],
        at=row["received_at"],
        channel=row["channel"],
        type=row["type"],
        sku=row["sku"],
        wish=row["wish_id"],
        mention=row["mention"],
        attribute=row["attribute"],
        polarity=row["polarity"],
        urgency=row["urgency"],
        start=start,
        end=end,
        quote=row["text"][start:end].strip(),
        confidence=row["confidence"],
        state=row["state"],
        person=row["person_key"],
        text_key=row["source_hash"],
        model=row["model_version"],
        corrected_by=row["corrected_by"],
    )
