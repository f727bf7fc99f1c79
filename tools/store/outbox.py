"""The outbox: messages are claimed, sent and marked, one conversation in order, by one process at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, update

from tools.store import audit
from tools.store.alert_changes_made import INCIDENT
from tools.store.among import only, table_of
from tools.store.changes import Actor
from tools.store.engine import Database
from tools.store.incidents_facts import ALERT, LIVE, Letter, Posted, Queue
from tools.store.ledger import plain
from tools.store.outbox_queue import OUTBOX, post
from tools.store.settings import write_setting
from tools.store.tables import SettingRow

PENDING = ("waiting", "claimed")
LEADER = "outbox_leader:"
MOST_LOOKED_AT = 50

_SETTING = table_of(SettingRow)
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    OUTBOX.c.id,
    OUTBOX.c.kind,
    OUTBOX.c.incident_id,
    OUTBOX.c.person,
    OUTBOX.c.channel,
    OUTBOX.c.recipient,
    OUTBOX.c.conversation,
    OUTBOX.c.state,
    OUTBOX.c.answer,
    OUTBOX.c.created_at,
    OUTBOX.c.due_at,
    OUTBOX.c.attempts,
    OUTBOX.c.reference,
    OUTBOX.c.error,
    OUTBOX.c.sent_at,
)


class Outbox:
    """Messages that the assistant sends of its own accord."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- posting ---------------------------------------------------------------------------------

    def post(self, letters: Iterable[Letter], at: datetime) -> int:
        """Add messages; those that were posted before are left as they are.  How many are new."""
        with self._database.writing() as connection:
            return post(connection, letters, at)

    # -- sending ---------------------------------------------------------------------------------

    def lead(self, channel: str, worker: str, *, now: datetime, until: datetime) -> bool:
        """Be the one process that speaks in a channel until an instant; false where another one is.

        All instants are of the real clock.  Asked again by the same process, its time is extended.
        """
        key = LEADER + channel
        with self._database.writing(durable=False) as connection:
            held = str(
                connection.execute(select(_SETTING.c.value).where(_SETTING.c.key == key)).scalar() or ""
            )
            holder, _, end = held.partition(" ")
            if holder != worker and end and datetime.fromisoformat(end) > now:
                return False
            write_setting(connection, key, f"{worker} {until.isoformat()}")
        return True

    def step_down(self, channel: str, worker: str) -> None:
        """Let another process speak at once."""
        key = LEADER + channel
        mine = and_(_SETTING.c.key == key, _SETTING.c.value.like(f"{worker} %"))
        with self._database.writing(durable=False) as connection:
            connection.execute(update(_SETTING).where(mine).values(value=""))

    def claim(
        self,
        channel: str,
        worker: str,
        *,
        at: datetime,
        now: datetime,
        until: datetime,
        busy: Collection[str] = (),
    ) -> Posted | None:
        """Take the next message that may be sent, for a while; None where there is none.

        Each conversation gets its messages in the order in which they were due: one that is being
        sent, or waits for another try, holds back those behind it.  What is over by now is dropped.

        Args:
            channel: whose messages.
            worker: who takes it.
            at: the shop's time, by which messages are due.
            now: the real time, by which tries and claims run out.
            until: when the claim runs out, real time.
            busy: conversations that are not to be written to yet.
        """
        with self._database.reading() as connection:
            if not _ready(connection, channel, at, now, busy):
                return None
        with self._database.writing(durable=False) as connection:
            for conversation in _ready(connection, channel, at, now, busy):
                found = _head(connection, channel, conversation, at)
                if found is not None:
                    taken = {"state": "claimed", "claimed_by": worker, "claimed_until": until}
                    mine = update(OUTBOX).where(OUTBOX.c.id == found)
                    connection.execute(mine.values(**taken, attempts=OUTBOX.c.attempts + 1))
                    return _one(connection, found)
        return None

    def sent(self, number: int, worker: str, reference: str, at: datetime) -> bool:
        """It was sent; whether the claim still was this worker's."""
        done = {"state": "sent", "reference": plain(reference, 200), "sent_at": at, "error": ""}
        with self._database.writing(durable=False) as connection:
            mine = self._mark(connection, number, worker, done)
            if mine:
                _told(connection, number, at)
        return mine

    def later(self, number: int, worker: str, not_before: datetime, reason: str) -> bool:
        """It could not be sent now; ``not_before`` is real time."""
        again = {"state": "waiting", "not_before": not_before, "error": plain(reason, 300)}
        with self._database.writing(durable=False) as connection:
            return self._mark(connection, number, worker, again)

    def dead(self, number: int, worker: str, reason: str) -> bool:
        """It will never be sent."""
        given_up = {"state": "dead", "error": plain(reason, 300)}
        with self._database.writing(durable=False) as connection:
            return self._mark(connection, number, worker, given_up)

    def _mark(self, connection: Connection, number: int, worker: str, values: dict[str, Any]) -> bool:
        mine = and_(OUTBOX.c.id == number, OUTBOX.c.state == "claimed", OUTBOX.c.claimed_by == worker)
        marked = update(OUTBOX).where(mine).values(**values, claimed_by="", claimed_until=None)
        return connection.execute(marked).rowcount == 1

    # -- looking after ---------------------------------------------------------------------------

    def dead_letters(self, limit: int = 50) -> list[Posted]:
        """What could not be sent and was given up, the latest first."""
        return self._posted(select(*_COLUMNS).where(OUTBOX.c.state == "dead"), limit)

    def of(self, incident: int) -> list[Posted]:
        """The messages about one incident, the latest first."""
        return self._posted(select(*_COLUMNS).where(*only(OUTBOX.c.incident_id, [incident])), 200)

    def to(self, person: str, *, kind: str = ALERT, since: datetime) -> list[Posted]:
        """What one person was, or is, told since an instant, the latest first."""
        about = and_(OUTBOX.c.person == plain(person, 120), OUTBOX.c.kind == kind)
        return self._posted(select(*_COLUMNS).where(about, OUTBOX.c.created_at >= since), 1000)

    def told_to(self, person: str) -> set[int]:
        """The incidents that stand and of which this person is, or was, told."""
        mine = and_(OUTBOX.c.person == plain(person, 120), OUTBOX.c.state != "dropped")
        query = select(OUTBOX.c.incident_id).join(INCIDENT, INCIDENT.c.id == OUTBOX.c.incident_id)
        with self._database.reading() as connection:
            return set(connection.execute(query.where(mine, INCIDENT.c.state != "resolved")).scalars())

    def queues(self) -> list[Queue]:
        """How many messages wait, and were given up, in each channel."""
        waiting = func.count().filter(OUTBOX.c.state.in_(PENDING))
        dead = func.count().filter(OUTBOX.c.state == "dead")
        oldest = func.min(OUTBOX.c.due_at).filter(OUTBOX.c.state.in_(PENDING))
        query = select(OUTBOX.c.channel, waiting, dead, oldest).where(OUTBOX.c.state.in_((*PENDING, "dead")))
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(OUTBOX.c.channel).order_by(OUTBOX.c.channel))
            return [Queue(*row) for row in rows]

    def retry(self, number: int, actor: Actor, at: datetime) -> bool:
        """Try a message again that was given up; whether there was such a one."""
        again = {"state": "waiting", "attempts": 0, "not_before": None, "error": ""}
        dead = and_(*only(OUTBOX.c.id, [number]), OUTBOX.c.state == "dead")
        with self._database.writing() as connection:
            found = connection.execute(update(OUTBOX).where(dead).values(**again)).rowcount == 1
            if found:
                audit.append(connection, actor, action="retry", subject=f"message {number}", detail="", at=at)
        return found

    def _posted(self, query: Select[Any], limit: int) -> list[Posted]:
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(OUTBOX.c.id.desc()).limit(limit))
            return [Posted(*row) for row in rows]


def _pending(channel: str) -> ColumnElement[bool]:
    return and_(OUTBOX.c.channel == channel, OUTBOX.c.state.in_(PENDING))


def _ready(
    connection: Connection, channel: str, at: datetime, now: datetime, busy: Collection[str]
) -> list[str]:
    """The conversations that may be written to now, the one that waits longest first."""
    held = or_(OUTBOX.c.not_before > now, and_(OUTBOX.c.state == "claimed", OUTBOX.c.claimed_until > now))
    query = (
        select(OUTBOX.c.conversation)
        .where(_pending(channel), OUTBOX.c.due_at <= at)
        .group_by(OUTBOX.c.conversation)
        .having(func.max(case((held, 1), else_=0)) == 0)
        .order_by(func.min(OUTBOX.c.due_at), func.min(OUTBOX.c.id))
    )
    return [name for name in connection.execute(query).scalars() if name not in busy]


def _head(connection: Connection, channel: str, conversation: str, at: datetime) -> int | None:
    """The first message of a conversation; what is over by now is dropped on the way."""
    query = (
        select(OUTBOX.c.id, OUTBOX.c.kind, INCIDENT.c.state)
        .outerjoin(INCIDENT, INCIDENT.c.id == OUTBOX.c.incident_id)
        .where(_pending(channel), OUTBOX.c.conversation == conversation, OUTBOX.c.due_at <= at)
        .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(MOST_LOOKED_AT)
    )
    for row in connection.execute(query).all():
        if row.kind != ALERT or row.state in LIVE:
            return int(row.id)
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(state="dropped"))
    return None


def _one(connection: Connection, number: int) -> Posted:
    return Posted(*connection.execute(select(*_COLUMNS).where(OUTBOX.c.id == number)).one())


def _told(connection: Connection, number: int, at: datetime) -> None:
    """The incident of a message that was sent is known to somebody."""
    about = select(OUTBOX.c.incident_id).where(OUTBOX.c.id == number).scalar_subquery()
    mine = and_(INCIDENT.c.id == about, INCIDENT.c.state.in_(LIVE))
    told = {"state": "notified", "told_at": func.coalesce(INCIDENT.c.told_at, at)}
    connection.execute(update(INCIDENT).where(mine).values(**told))
