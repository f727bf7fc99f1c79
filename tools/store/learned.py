"""The shop's own words and usual choices: taught, counted, used, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from tools.store import audit
from tools.store.among import only, plain_text, table_of
from tools.store.catalogue import bump
from tools.store.changes import Actor, BooksError
from tools.store.engine import Database
from tools.store.tables import LearnedNameRow

TAUGHT, CHOSEN = "taught", "chosen"
# So often the same answer was given to the same question before it is taken without asking.
TIMES_ENOUGH = 2
MOST_NAMES = 2_000

_NAME = table_of(LearnedNameRow)


@dataclass(frozen=True, slots=True)
class LearnedName:
    """A word of the shop: ``words`` as they were said mean the ``kind`` of thing with this code.

    ``origin`` is taught or chosen; a chosen one counts from ``TIMES_ENOUGH`` answers on and not
    where it is ``off``.
    """

    id: int
    key: str
    words: str
    kind: str
    code: str
    origin: str
    times: int
    off: bool
    used: int
    used_at: datetime | None
    learned_by: str
    learned_at: datetime
    request_id: str
    before: str

    @property
    def counts(self) -> bool:
        """Whether it is used."""
        return self.origin == TAUGHT or (self.times >= TIMES_ENOUGH and not self.off)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words mean, as somebody says; ``key`` is their one spelling, ``among`` names what was on offer."""

    key: str
    words: str
    kind: str
    code: str
    among: str = ""


class LearnedNames:
    """The shop's own words and usual choices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[LearnedName]:
        """Everything learned, the latest first; also choices that do not count yet."""
        return self._found()

    def get(self, number: int) -> LearnedName | None:
        """One of them."""
        found = self._found(*only(_NAME.c.id, [number]))
        return found[0] if found else None

    def called(self, key: str) -> list[LearnedName]:
        """What is learned about these words."""
        return self._found(_NAME.c.key == key)

    def _found(self, *conditions: ColumnElement[bool]) -> list[LearnedName]:
        query = select(_NAME).where(*conditions).order_by(_NAME.c.learned_at.desc(), _NAME.c.id.desc())
        with self._database.reading() as connection:
            return [LearnedName(*row) for row in connection.execute(query)]

    def teach(self, meaning: Meaning, actor: Actor, at: datetime, request_id: str = "") -> LearnedName:
        """Let words mean something from now on, instead of what they meant before.

        Asked again under the same id, or with the same meaning, nothing changes.

        Raises:
            BooksError: there are too many words already.
        """
        request = plain_text(request_id)[:200]
        with self._database.writing() as connection:
            known = _one(connection, meaning.key, TAUGHT)
            same = known and (known.kind, known.code) == (meaning.kind, meaning.code)
            if known and (same or (request and known.request_id == request)):
                return known
            _check_room(connection, TAUGHT)
            _drop(connection, meaning.key)
            row = _row(meaning, actor, at, TAUGHT)
            before = f"{known.kind}:{known.code}" if known else ""
            connection.execute(insert(_NAME).values(**{**row, "request_id": request, "before": before}))
            bump(connection)
            _note(connection, actor, "learn", meaning.words, f"{meaning.kind} {meaning.code}", at)
            return _must(connection, meaning.key, TAUGHT)

    def forget(self, number: int, actor: Actor, at: datetime) -> LearnedName | None:
        """Drop one; what it was, None where it is gone already."""
        with self._database.writing() as connection:
            known = _by_number(connection, number)
            if known is None:
                return None
            connection.execute(delete(_NAME).where(_NAME.c.id == number))
            bump(connection)
            _note(connection, actor, "forget", known.words, f"{known.kind} {known.code}", at)
            return known

    def take_back(self, number: int, actor: Actor, at: datetime) -> LearnedName | None:
        """Undo a teaching: the words mean what they meant before it, or nothing again.

        Returns what was undone; None where that is gone already.
        """
        with self._database.writing() as connection:
            known = _by_number(connection, number)
            if known is None:
                return None
            connection.execute(delete(_NAME).where(_NAME.c.id == number))
            kind, _, code = known.before.partition(":")
            if code:
                row = _row(Meaning(known.key, known.words, kind, code), actor, at, TAUGHT)
                connection.execute(insert(_NAME).values(**row))
            bump(connection)
            _note(connection, actor, "unlearn", known.words, f"{known.kind} {known.code}", at)
            return known

    def chose(self, meaning: Meaning, actor: Actor, at: datetime) -> LearnedName:
        """Somebody was asked which, and answered so; another answer, or another question, starts anew."""
        with self._database.writing() as connection:
            known = _one(connection, meaning.key, CHOSEN)
            if known is None:
                _make_room(connection)
                row = {**_row(meaning, actor, at, CHOSEN), "times": 1}
                connection.execute(insert(_NAME).values(**row))
            elif not known.off:
                same = (known.code, known.before) == (meaning.code, meaning.among)
                told = {"code": meaning.code, "before": meaning.among, "learned_by": _name(actor)}
                times = known.times + 1 if same else 1
                counted = update(_NAME).where(_NAME.c.id == known.id)
                connection.execute(counted.values(**told, times=times, learned_at=at))
            now = _must(connection, meaning.key, CHOSEN)
            if now.times == TIMES_ENOUGH and not now.off:
                _note(connection, actor, "learn", meaning.words, f"chosen twice: {meaning.code}", at)
            return now

    def doubted(self, key: str, code: str) -> None:
        """A choice that was taken was not meant, or was undone: one answer fewer, so it is asked again."""
        with self._database.writing() as connection:
            known = _one(connection, key, CHOSEN)
            if known is None or known.code != code:
                return
            mine = _NAME.c.id == known.id
            if min(known.times, TIMES_ENOUGH) <= 1:
                connection.execute(delete(_NAME).where(mine, _NAME.c.off.is_(False)))
            else:
                connection.execute(update(_NAME).where(mine).values(times=TIMES_ENOUGH - 1))

    def always_ask(self, number: int, actor: Actor, at: datetime) -> LearnedName | None:
        """Never take this choice without asking, until it is forgotten."""
        with self._database.writing() as connection:
            known = _by_number(connection, number)
            if known is not None:
                connection.execute(update(_NAME).where(_NAME.c.id == number).values(off=True))
                _note(connection, actor, "always ask", known.words, known.code, at)
            return known

    def use(self, numbers: Sequence[int], at: datetime) -> None:
        """These were used in a message."""
        if numbers:
            used = update(_NAME).where(*only(_NAME.c.id, list(numbers)))
            with self._database.writing(durable=False) as connection:
                connection.execute(used.values(used=_NAME.c.used + 1, used_at=at))


def _row(meaning: Meaning, actor: Actor, at: datetime, origin: str) -> dict[str, object]:
    return {
        "key": meaning.key,
        "words": plain_text(meaning.words)[:120],
        "kind": meaning.kind,
        "code": meaning.code,
        "origin": origin,
        "times": 0,
        "off": False,
        "used": 0,
        "learned_by": _name(actor),
        "learned_at": at,
        "request_id": "",
        "before": meaning.among,
    }


def _name(actor: Actor) -> str:
    return plain_text(actor.name)[:120]


def _one(connection: Connection, key: str, origin: str) -> LearnedName | None:
    query = select(_NAME).where(_NAME.c.key == key, _NAME.c.origin == origin)
    row = connection.execute(query).one_or_none()
    return LearnedName(*row) if row else None


def _by_number(connection: Connection, number: int) -> LearnedName | None:
    row = connection.execute(select(_NAME).where(*only(_NAME.c.id, [number]))).one_or_none()
    return LearnedName(*row) if row else None


def _must(connection: Connection, key: str, origin: str) -> LearnedName:
    found = _one(connection, key, origin)
    if found is None:  # pragma: no cover - written in this transaction
        raise BooksError("what was learned is gone")
    return found


def _drop(connection: Connection, key: str) -> None:
    """A taught meaning replaces the one before, and the choices made of the same words."""
    connection.execute(delete(_NAME).where(_NAME.c.key == key))


def _check_room(connection: Connection, origin: str) -> None:
    numbers = connection.execute(select(_NAME.c.id).where(_NAME.c.origin == origin).limit(MOST_NAMES)).all()
    if len(numbers) >= MOST_NAMES:
        raise BooksError(f"I know {MOST_NAMES:,} words of this shop already; forget some first")


def _make_room(connection: Connection) -> None:
    """The choices that were made longest ago go where there are too many."""
    kept = and_(_NAME.c.origin == CHOSEN, or_(_NAME.c.times < TIMES_ENOUGH, _NAME.c.off.is_(False)))
    query = select(_NAME.c.id).where(kept).order_by(_NAME.c.learned_at.desc()).offset(MOST_NAMES - 1)
    old = list(connection.execute(query).scalars())
    if old:
        connection.execute(delete(_NAME).where(*only(_NAME.c.id, old)))


def _note(connection: Connection, actor: Actor, action: str, subject: str, detail: str, at: datetime) -> None:
    audit.append(connection, actor, action=action, subject=subject, detail=detail, at=at)
