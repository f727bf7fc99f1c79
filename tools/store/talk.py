"""Conversations, their memory and their buttons."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, insert, select, update

from tools.store.among import only, plain_text, table_of
from tools.store.engine import Database
from tools.store.facts import PastMessage, StoredAction
from tools.store.tables import ActionRow, ConversationRow, MessageRow

# Who works on a message for longer than this is taken for dead, and the next one takes over.
WORK_SECONDS = 60.0
BUTTON_HOURS = 24
_POLL_SECONDS = 0.02
_KEY_LENGTH = 200

_MEMORY = table_of(ConversationRow)
_MESSAGE = table_of(MessageRow)
_ACTION = table_of(ActionRow)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Work(NamedTuple):
    answer: str
    at: datetime
    attempt: int


class Talk:
    """Conversations, their memory and their buttons."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime] = _utc_now,
        *,
        work_seconds: float = WORK_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._work_seconds = work_seconds

    # -- memory ----------------------------------------------------------------------------------

    def memory(self, conversation: str, user: str) -> str:
        """What was remembered last, as JSON; "{}" at first."""
        query = select(_MEMORY.c.memory).where(_remembered(conversation, user))
        with self._database.reading() as connection:
            return str(connection.execute(query).scalar() or "{}")

    def remember(self, conversation: str, user: str, memory: str, at: datetime) -> None:
        """Keep the conversation's memory with this person, instead of what was kept before."""
        values = {"memory": memory, "updated_at": at}
        with self._database.writing(durable=False) as connection:
            changed = update(_MEMORY).where(_remembered(conversation, user)).values(**values)
            if not connection.execute(changed).rowcount:
                key = {"id": _key(conversation), "user": _name(user)}
                connection.execute(insert(_MEMORY).values(**key, **values))

    # -- messages --------------------------------------------------------------------------------

    def begin(
        self, conversation: str, event_id: str, *, user: str, channel: str, text: str, at: datetime
    ) -> str | None:
        """Take an event on.  None: it is the caller's to answer (and to ``end``); a string: its answer.

        Of two that bring the same event at once, one gets None and the other waits for its answer.
        An event that nobody has answered for ``WORK_SECONDS`` is given to the next who asks.
        """
        said = {"user": _name(user), "channel": channel[:32], "text": plain_text(text), "at": at}
        key = {"conversation": _key(conversation), "event_id": _key(event_id)}
        with self._database.writing(durable=False) as connection:
            if _work(connection, conversation, event_id) is None:
                connection.execute(insert(_MESSAGE).values(**key, **said))
                return None
        return self._wait(conversation, event_id, at)

    def end(self, conversation: str, event_id: str, answer: str, milliseconds: int = 0) -> str:
        """Keep the answer (JSON) of an event; the first one stands, and is returned."""
        unanswered = and_(_said(conversation, event_id), _MESSAGE.c.answer == "")
        kept = update(_MESSAGE).where(unanswered).values(answer=answer, milliseconds=milliseconds)
        with self._database.writing(durable=False) as connection:
            if connection.execute(kept).rowcount:
                return answer
            work = _work(connection, conversation, event_id)
        return work.answer if work else answer

    def words_of(self, conversation: str, event_id: str) -> str | None:
        """What was said in an event; None where it is new."""
        query = select(_MESSAGE.c.text).where(_said(conversation, event_id))
        with self._database.reading() as connection:
            words = connection.execute(query).scalar()
        return None if words is None else str(words)

    def give_up(self, conversation: str, event_id: str) -> None:
        """Leave an unanswered event to whoever brings it again, at once."""
        unanswered = and_(_said(conversation, event_id), _MESSAGE.c.answer == "")
        long_ago = self._clock() - timedelta(days=3650)
        with self._database.writing(durable=False) as connection:
            connection.execute(update(_MESSAGE).where(unanswered).values(at=long_ago))

    def answer_of(self, conversation: str, event_id: str) -> str | None:
        """The answer that an event got; None where it has none yet."""
        with self._database.reading() as connection:
            work = _work(connection, conversation, event_id)
        return work.answer or None if work else None

    def history(self, conversation: str, user: str | None = None, limit: int = 30) -> list[PastMessage]:
        """The latest turns of a conversation (of one person, where given), oldest first."""
        query = _messages(_MESSAGE.c.conversation == _key(conversation))
        if user is not None:
            query = query.where(_MESSAGE.c.user == _name(user))
        with self._database.reading() as connection:
            return [PastMessage(*row) for row in connection.execute(query.limit(limit))][::-1]

    def _wait(self, conversation: str, event_id: str, at: datetime) -> str | None:
        waited, seen = time.monotonic(), 1
        while True:
            with self._database.reading() as connection:
                work = _work(connection, conversation, event_id)
            if work is None or work.answer:
                return work.answer if work else None
            if work.attempt != seen:
                waited, seen = time.monotonic(), work.attempt
            idle = max(time.monotonic() - waited, (at - work.at).total_seconds())
            if idle >= self._work_seconds and self._take_over(conversation, event_id, at, work.attempt):
                return None
            time.sleep(_POLL_SECONDS)

    def _take_over(self, conversation: str, event_id: str, at: datetime, attempt: int) -> bool:
        mine = and_(_said(conversation, event_id), _MESSAGE.c.answer == "", _MESSAGE.c.attempt == attempt)
        taken = update(_MESSAGE).where(mine).values(attempt=attempt + 1, at=at)
        with self._database.writing(durable=False) as connection:
            return connection.execute(taken).rowcount == 1

    # -- buttons ---------------------------------------------------------------------------------

    def offer(self, actions: Sequence[StoredAction], at: datetime) -> None:
        """Keep buttons.  Those of one ``offer`` become final together: a Yes also retires the No."""
        if not actions:
            return
        with self._database.writing(durable=False) as connection:
            write_offer(connection, actions, at)

    def action(self, token: str) -> StoredAction | None:
        """A button as it stands: offered, claimed, done, retired (another was chosen) or expired."""
        found = self._actions(_is(token))
        return found[0] if found else None

    def offer_actions(self, offer: str) -> list[StoredAction]:
        """All buttons of one offer."""
        return self._actions(*only(_ACTION.c.offer, [offer])) if offer else []

    def claim(self, token: str, by: str, at: datetime) -> bool:
        """Take a button's one use: true for exactly one of all who press any button of its offer.

        False where it, or another of its offer, was used before, or where it is older than
        ``BUTTON_HOURS``.
        """
        fresh = _ACTION.c.created_at > at - timedelta(hours=BUTTON_HOURS)
        mine = and_(_is(token), _ACTION.c.state == "offered", fresh)
        used = update(_ACTION).where(mine).values(state="claimed", used_at=at, used_by=_name(by))
        with self._database.writing(durable=False) as connection:
            offer = connection.execute(used.returning(_ACTION.c.offer)).scalar()
            if offer:
                others = and_(_ACTION.c.offer == offer, _ACTION.c.state == "offered")
                connection.execute(update(_ACTION).where(others).values(state="retired"))
        return offer is not None

    def finish(self, token: str, outcome: Mapping[str, Any]) -> None:
        """Keep what came of a claimed button; what was kept first stays."""
        claimed = and_(_is(token), _ACTION.c.state == "claimed")
        kept = json.dumps(dict(outcome), ensure_ascii=False, default=str)
        with self._database.writing(durable=False) as connection:
            connection.execute(update(_ACTION).where(claimed).values(state="done", outcome=kept))

    def _actions(self, condition: ColumnElement[bool]) -> list[StoredAction]:
        query = select(_ACTION).where(condition).order_by(_ACTION.c.created_at, _ACTION.c.token)
        expired = self._clock() - timedelta(hours=BUTTON_HOURS)
        with self._database.reading() as connection:
            return [_stored(row, expired) for row in connection.execute(query).mappings()]


def write_offer(connection: Connection, actions: Sequence[StoredAction], at: datetime) -> None:
    """Keep buttons, inside the caller's write transaction."""
    if actions:
        connection.execute(insert(_ACTION), [_offered(action, at) for action in actions])


def _key(text: str) -> str:
    """The text as it fits its column; longer ones end in their hash, so that they stay apart."""
    plain = plain_text(text)
    if len(plain) <= _KEY_LENGTH:
        return plain
    return plain[: _KEY_LENGTH - 64] + hashlib.sha256(plain.encode()).hexdigest()


def _name(user: str) -> str:
    return plain_text(user)[:120]


def _is(token: str) -> ColumnElement[bool]:
    return and_(*only(_ACTION.c.token, [token]))


def _remembered(conversation: str, user: str) -> ColumnElement[bool]:
    return and_(_MEMORY.c.id == _key(conversation), _MEMORY.c.user == _name(user))


def _said(conversation: str, event_id: str) -> ColumnElement[bool]:
    return and_(_MESSAGE.c.conversation == _key(conversation), _MESSAGE.c.event_id == _key(event_id))


def _work(connection: Connection, conversation: str, event_id: str) -> _Work | None:
    columns = (_MESSAGE.c.answer, _MESSAGE.c.at, _MESSAGE.c.attempt)
    row = connection.execute(select(*columns).where(_said(conversation, event_id))).one_or_none()
    return None if row is None else _Work(*row)


def _messages(condition: ColumnElement[bool]) -> Any:
    message = _MESSAGE.c
    columns = (message.event_id, message.user, message.channel, message.text, message.answer, message.at)
    return select(*columns).where(condition).order_by(message.id.desc())


def _offered(action: StoredAction, at: datetime) -> dict[str, Any]:
    return {
        "token": action.token,
        "conversation": _key(action.conversation),
        "user": _name(action.user),
        "offer": action.offer,
        "label": plain_text(action.label)[:200],
        "style": action.style,
        "intent": action.intent,
        "slots": json.dumps(dict(action.slots), ensure_ascii=False, default=str),
        "position": action.position,
        "state": "offered",
        "created_at": at,
    }


def _stored(row: RowMapping, expired: datetime) -> StoredAction:
    open_still = row["state"] in ("offered", "claimed")
    gone = open_still and row["created_at"] <= expired
    return StoredAction(
        token=row["token"],
        conversation=row["conversation"],
        user=row["user"],
        label=row["label"],
        style=row["style"],
        intent=row["intent"],
        slots=json.loads(row["slots"]),
        position=row["position"],
        state="expired" if gone else row["state"],
        outcome=json.loads(row["outcome"]) if row["outcome"] else None,
        offer=row["offer"],
        used_by=row["used_by"],
        used_at=row["used_at"],
    )
