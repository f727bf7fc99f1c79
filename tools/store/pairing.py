"""How a Slack or Telegram identity comes to belong to a person: a code of one use, said in that chat.

A code is short, so what guards it is its life of ten minutes, its one use, and how often anybody may guess:
29^8 codes against 50 guesses in a quarter of an hour is one chance in ten thousand million.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update

from tools.store import audit
from tools.store.among import plain_text, table_of
from tools.store.changes import Actor, BooksError
from tools.store.engine import Database
from tools.store.passwords import stretched
from tools.store.tables import TokenRow, UserRow

CODE = "pairing"
LIFE = timedelta(minutes=10)
WINDOW = timedelta(minutes=15)
MOST_FROM_ONE = 5
MOST_FROM_ALL = 50
PAIRED, UNPAIRED, REFUSED = "paired", "unpaired", "pairing refused"
# Letters and digits that nobody takes for another one.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXY"
_LENGTH = 8
_LONGEST_TYPED = 40
_CODE = re.compile(rf"([{_LETTERS}]{{4}})\s?[-–—]?\s?([{_LETTERS}]{{4}})", re.IGNORECASE | re.ASCII)
_LONGEST_IDENTITY = 64

_USER = table_of(UserRow)
_TOKEN = table_of(TokenRow)
# Where the id of a person in each chat is kept.
IDENTITIES = {"slack": _USER.c.slack_id, "telegram": _USER.c.telegram_id}


class NotPaired(StrEnum):
    """Why nothing was paired."""

    WRONG = "wrong or expired code"
    TOO_MANY = "too many wrong codes"
    TAKEN = "belongs to somebody else"


@dataclass(frozen=True, slots=True)
class Paired:
    """The identity belongs to this person now; ``before`` is the one that they had in this chat."""

    user_id: int
    before: str = ""


class Pairing:
    """Codes, and the identities that they tie to people.  Every step is in the audit."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def new_code(self, user_id: int, *, actor: Actor | str = "system", at: datetime | None = None) -> str:
        """A code for this person, as it is typed; earlier ones of theirs open nothing any more.

        Raises:
            BooksError: nobody active has this id.
        """
        now, code = at or self._clock(), "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        row = {
            "user_id": user_id,
            "kind": CODE,
            "token_hash": stretched(code, CODE),
            "label": "",
            "created_at": now,
            "expires_at": now + LIFE,
            "revoked": False,
        }
        with self._database.writing() as connection:
            active = select(_USER.c.id).where(_USER.c.id == user_id, _USER.c.active)
            if connection.execute(active).first() is None:
                raise BooksError("there is no such user")
            _spend(connection, user_id)
            connection.execute(insert(_TOKEN).values(**row))
            detail = {"expires_at": str(row["expires_at"])}
            _tell(connection, _who(actor), "pairing code made", user_id, now, detail)
        return f"{code[:4]}-{code[4:]}"

    def pair(
        self, channel: str, identity: str, code: str, *, at: datetime | None = None
    ) -> Paired | NotPaired:
        """Tie an identity to the person whose code it says; each code does so once.

        What has not even the form of a code is no guess, and is not counted as one.

        Raises:
            BooksError: there is no such chat, or the identity is none.
        """
        column, identity = _column(channel), _proper(identity)
        now, who = at or self._clock(), Actor(f"{channel}:{identity}", channel)
        plain = typed(code)
        if not plain:
            return NotPaired.WRONG
        with self._database.reading() as connection:
            if _guessed_enough(connection, who, now):
                return NotPaired.TOO_MANY
        said = stretched(plain, CODE)
        with self._database.writing() as connection:
            if _guessed_enough(connection, who, now):
                return NotPaired.TOO_MANY
            user_id = _person_of_code(connection, said, now)
            if user_id is None:
                subject = f"{channel} {identity}"
                audit.append(connection, who, action=REFUSED, subject=subject, detail="", at=now)
                return NotPaired.WRONG
            if not _free(connection, column, identity, user_id, now):
                return NotPaired.TAKEN
            return self._tie(connection, channel, identity, user_id, now)

    def unpair(
        self, user_id: int, channel: str, *, actor: Actor | str = "system", at: datetime | None = None
    ) -> bool:
        """Take a person's identity in a chat away; false where they have none.

        Raises:
            BooksError: there is no such chat.
        """
        column, now = _column(channel), at or self._clock()
        with self._database.writing() as connection:
            _spend(connection, user_id)
            return _untie(connection, channel, column, user_id, _who(actor), now)

    def guesses(self, at: datetime) -> list[str]:
        """Who said a wrong code lately ("telegram:7001"), latest first, one entry a guess."""
        with self._database.reading() as connection:
            return _guesses(connection, at)

    def _tie(
        self, connection: Connection, channel: str, identity: str, user_id: int, now: datetime
    ) -> Paired:
        column = IDENTITIES[channel]
        one = _USER.c.id == user_id
        name, before = connection.execute(select(_USER.c.name, column).where(one)).one()
        connection.execute(update(_USER).where(one).values({column: identity}))
        _spend(connection, user_id)
        detail = {"channel": channel, "identity": identity, "before": before}
        _tell(connection, Actor(name, channel, user_id), PAIRED, user_id, now, detail)
        return Paired(user_id, before if before != identity else "")


def typed(code: str) -> str:
    """The code in what somebody typed, without its case, dash and space; "" where it holds none."""
    found = _CODE.fullmatch(code.strip()[:_LONGEST_TYPED])
    return "".join(found.groups()).upper() if found else ""


def identities_of(connection: Connection, user_id: int) -> dict[str, str]:
    """Who the person is in each chat, "" for nobody."""
    found = connection.execute(select(*IDENTITIES.values()).where(_USER.c.id == user_id)).first()
    return dict(zip(IDENTITIES, found, strict=True)) if found else {}


def note_changes(
    connection: Connection, who: Actor, user_id: int, before: Mapping[str, str], at: datetime
) -> None:
    """Tell the audit of identities that were typed in or out, as if a code had been said."""
    for channel, identity in identities_of(connection, user_id).items():
        was = before.get(channel, "")
        if identity and identity != was:
            detail = {"channel": channel, "identity": identity, "before": was}
            _tell(connection, who, PAIRED, user_id, at, detail)
        elif was and not identity:
            _tell(connection, who, UNPAIRED, user_id, at, {"channel": channel, "identity": was})


def settled(connection: Connection) -> dict[str, dict[str, str]]:
    """The identities, by name and column, that people settled themselves: no file changes them."""
    event = audit.EVENTS.c
    told = select(event.subject, event.detail).where(event.action.in_((PAIRED, UNPAIRED)))
    by_hand = {
        (subject, json.loads(detail)["channel"])
        for subject, detail in connection.execute(told)
        if "channel" in detail
    }
    found: dict[str, dict[str, str]] = {}
    columns = (_USER.c.id, _USER.c.name, *IDENTITIES.values())
    for user_id, name, *identities in connection.execute(select(*columns)):
        for (channel, column), identity in zip(IDENTITIES.items(), identities, strict=True):
            if (f"user {user_id}", channel) in by_hand:
                found.setdefault(name, {})[column.name] = identity
    return found


def _column(channel: str) -> Any:
    if channel not in IDENTITIES:
        raise BooksError(f"{channel} is no chat; take one of {', '.join(IDENTITIES)}")
    return IDENTITIES[channel]


def _proper(identity: str) -> str:
    proper = plain_text(identity).strip()
    if not proper or len(proper) > _LONGEST_IDENTITY:
        raise BooksError("an identity has 1 to 64 characters")
    return proper


def _guessed_enough(connection: Connection, who: Actor, now: datetime) -> bool:
    """Whether so many wrong codes came lately, from this identity or from all, that none is looked at.

    The audit is what remembers them: it outlives a restart, and all processes share it.
    """
    wrong = _guesses(connection, now)
    return len(wrong) >= MOST_FROM_ALL or wrong.count(who.name[:120]) >= MOST_FROM_ONE


def _guesses(connection: Connection, now: datetime) -> list[str]:
    event = audit.EVENTS.c
    latest = select(event.actor, event.at).where(event.action == REFUSED).order_by(event.id.desc())
    rows = connection.execute(latest.limit(MOST_FROM_ALL)).all()
    return [actor for actor, at in rows if at > now - WINDOW]


def _person_of_code(connection: Connection, said: str, now: datetime) -> int | None:
    """Whose live code it is; every live code is compared, each in constant time."""
    query = select(_TOKEN.c.token_hash, _TOKEN.c.user_id).join(_USER, _USER.c.id == _TOKEN.c.user_id)
    live = and_(_TOKEN.c.kind == CODE, _TOKEN.c.revoked.is_(False), _TOKEN.c.expires_at > now)
    rows = connection.execute(query.where(live, _USER.c.active)).all()
    found = [user_id for kept, user_id in rows if hmac.compare_digest(kept, said)]
    return found[0] if found else None


def _free(connection: Connection, column: Any, identity: str, user_id: int, now: datetime) -> bool:
    """Whether nobody else has the identity; somebody who has left gives it up."""
    others = select(_USER.c.id, _USER.c.active).where(column == identity, _USER.c.id != user_id)
    held = connection.execute(others).all()
    if any(active for _, active in held):
        return False
    channel = next(name for name, kept in IDENTITIES.items() if kept is column)
    for other, _ in held:
        _untie(connection, channel, column, other, Actor("system", ""), now)
    return True


def _untie(
    connection: Connection, channel: str, column: Any, user_id: int, who: Actor, now: datetime
) -> bool:
    one = _USER.c.id == user_id
    before = connection.execute(select(column).where(one)).scalar()
    if not before:
        return False
    connection.execute(update(_USER).where(one).values({column: ""}))
    _tell(connection, who, UNPAIRED, user_id, now, {"channel": channel, "identity": before})
    return True


def _spend(connection: Connection, user_id: int) -> None:
    """The person's codes open nothing any more."""
    live = and_(_TOKEN.c.user_id == user_id, _TOKEN.c.kind == CODE, _TOKEN.c.revoked.is_(False))
    connection.execute(update(_TOKEN).where(live).values(revoked=True))


def _who(actor: Actor | str) -> Actor:
    return Actor(actor, "") if isinstance(actor, str) else actor


def _tell(
    connection: Connection, who: Actor, action: str, user_id: int, at: datetime, detail: Mapping[str, str]
) -> None:
    said = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    audit.append(connection, who, action=action, subject=f"user {user_id}", detail=said, at=at)
