"""Who may talk to the assistant, and how they prove it."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from tools.store import audit
from tools.store.among import LOCATION, only, physical_places, plain_text, table_of
from tools.store.changes import Actor, BooksError
from tools.store.engine import Database
from tools.store.facts import AccessToken, User
from tools.store.pairing import CODE, IDENTITIES, Pairing, identities_of, note_changes
from tools.store.passwords import fits, hashed, token_hash
from tools.store.tables import TokenRow, UserLocationRow, UserRow

ROLES = ("owner", "manager", "staff", "driver")
SESSION = "session"
SHORTEST_PASSWORD = 8
_TOKEN_BYTES = 32

_USER = table_of(UserRow)
_PLACE = table_of(UserLocationRow)
_TOKEN = table_of(TokenRow)
_NOBODY = {"active": True, "password_hash": "", "slack_id": "", "telegram_id": ""}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Details(TypedDict, total=False):
    """What can be said of a person besides name and role; ``locations`` None means all places."""

    locations: Collection[str] | None
    slack_id: str
    telegram_id: str
    active: bool


class Person(Details, total=False):
    """All that can be said of a person."""

    name: str
    role: str


class People:
    """Who may talk to the assistant.  Every change says who made it, in the audit."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = _utc_now) -> None:
        self._database = database
        self._clock = clock

    @property
    def pairing(self) -> Pairing:
        """How identities in chats come to belong to people."""
        return Pairing(self._database, lambda: self._clock())

    # -- who is who ------------------------------------------------------------------------------

    def users(self) -> list[User]:
        """Everybody, by name; those without access any more have ``active`` false."""
        return self._users()

    def find(self, name: str) -> User | None:
        """The person of this full name, first name, or beginning of a name that only one has.

        Case does not matter.  Somebody without access is found by the full name only.
        """
        wanted = " ".join(name.casefold().split())
        if not wanted:
            return None
        everybody = self._users()
        full = [user for user in everybody if user.name.casefold() == wanted]
        active = [user for user in everybody if user.active]
        first = [user for user in active if user.name.casefold().split()[:1] == [wanted]]
        start = [user for user in active if user.name.casefold().startswith(wanted)]
        return next((found[0] for found in (full, first, start) if len(found) == 1), None)

    def like(self, name: str) -> list[User]:
        """Everybody whose name or first name begins so, with or without access."""
        wanted = " ".join(name.casefold().split())
        return [user for user in self._users() if user.name.casefold().startswith(wanted)]

    def of_chat(self, channel: str, identity: str) -> User | None:
        """The active person behind an identity in "slack" or "telegram"; two who share one are neither."""
        column = IDENTITIES.get(channel)
        if column is None or not identity or not identity.isprintable():
            return None
        return self._only(*only(column, [identity]))

    def of_slack(self, slack_id: str) -> User | None:
        """The active person behind a Slack member id."""
        return self.of_chat("slack", slack_id)

    def of_telegram(self, telegram_id: str) -> User | None:
        """The active person behind a Telegram user id."""
        return self.of_chat("telegram", telegram_id)

    def has_accounts(self) -> bool:
        """Whether anybody ever got a password or token: names alone are trusted only before that."""
        password = select(_USER.c.id).where(_USER.c.password_hash != "").limit(1)
        with self._database.reading() as connection:
            found = (
                connection.execute(password).first()
                or connection.execute(select(_TOKEN.c.id).where(_TOKEN.c.kind != CODE).limit(1)).first()
            )
        return found is not None

    # -- changes ---------------------------------------------------------------------------------

    def add(
        self,
        name: str,
        role: str,
        *,
        actor: Actor | str = "system",
        at: datetime | None = None,
        **details: Unpack[Details],
    ) -> User:
        """Add a person.

        Raises:
            BooksError: the name is taken or empty, or there is no such role or place.
        """
        person: Person = {"name": name, "role": role, **details}
        with self._database.writing() as connection:
            new = {**_NOBODY, **_checked(connection, person)}
            user_id = int(connection.execute(insert(_USER).values(**new).returning(_USER.c.id)).scalar_one())
            _limit(connection, user_id, details.get("locations"))
            self._tell(connection, "user added", user_id, actor, at, dict(person))
        return self._known(user_id)

    def update(
        self,
        user_id: int,
        *,
        actor: Actor | str = "system",
        at: datetime | None = None,
        **details: Unpack[Person],
    ) -> User:
        """Change what is given and leave the rest.

        Raises:
            BooksError: nobody has this id, the name is taken, there is no such role or place, or
                the shop would be left without an owner.
        """
        with self._database.writing() as connection:
            owners, before = _owners(connection), identities_of(connection, user_id)
            values = {"id": user_id, **_checked(connection, details, user_id)}
            if not connection.execute(_one(user_id).values(**values)).rowcount:
                raise BooksError("there is no such user")
            if owners and not _owners(connection):
                raise BooksError("the shop needs an owner who has access")
            if "locations" in details:
                _limit(connection, user_id, details["locations"])
            self._tell(connection, "user changed", user_id, actor, at, dict(details))
            who = Actor(actor, "") if isinstance(actor, str) else actor
            note_changes(connection, who, user_id, before, at or self._clock())
        return self._known(user_id)

    def set_password(
        self, user_id: int, password: str, *, actor: Actor | str = "system", at: datetime | None = None
    ) -> None:
        """Give a person a new password; who is signed in with the old one is signed out.

        Raises:
            BooksError: the password is too short, or nobody has this id.
        """
        if len(password) < SHORTEST_PASSWORD:
            raise BooksError(f"a password needs at least {SHORTEST_PASSWORD} characters")
        kept = hashed(password)
        sessions = and_(_TOKEN.c.user_id == user_id, _TOKEN.c.kind == SESSION)
        with self._database.writing() as connection:
            if not connection.execute(_one(user_id).values(password_hash=kept)).rowcount:
                raise BooksError("there is no such user")
            connection.execute(update(_TOKEN).where(sessions).values(revoked=True))
            self._tell(connection, "password set", user_id, actor, at, {})

    # -- proofs ----------------------------------------------------------------------------------

    def check_password(self, name: str, password: str) -> User | None:
        """The active person of this full name, where the password is theirs.

        It takes equally long whether the name, the password or both are wrong.
        """
        wanted = " ".join(name.casefold().split())
        query = select(_USER.c.id, _USER.c.name, _USER.c.password_hash).where(_USER.c.active)
        with self._database.reading() as connection:
            found = [row for row in connection.execute(query) if row[1].casefold() == wanted]
        kept = found[0][2] if len(found) == 1 else ""
        return self._known(found[0][0]) if fits(password, kept) else None

    def new_token(
        self,
        user_id: int,
        kind: str,
        label: str = "",
        expires_at: datetime | None = None,
        *,
        actor: Actor | str = "system",
        at: datetime | None = None,
    ) -> str:
        """A new secret of this kind ("personal", "session", "link"); only now is it to be seen.

        Raises:
            BooksError: nobody active has this id.
        """
        plain = secrets.token_urlsafe(_TOKEN_BYTES)
        now = at or self._clock()
        values = {
            "user_id": user_id,
            "kind": kind[:16],
            "label": plain_text(label)[:120],
            "expires_at": expires_at,
        }
        with self._database.writing() as connection:
            active = select(_USER.c.id).where(_USER.c.id == user_id, _USER.c.active)
            if connection.execute(active).first() is None:
                raise BooksError("there is no such user")
            row = {
                **values,
                "expires_at": expires_at,
                "token_hash": token_hash(plain),
                "created_at": now,
                "revoked": False,
            }
            connection.execute(insert(_TOKEN).values(**row))
            said = {"kind": kind, "label": label, "expires_at": expires_at}
            self._tell(connection, "token made", user_id, actor, now, said)
        return plain

    def user_of_token(self, plain: str, kind: str) -> User | None:
        """The active person whose valid token of this kind it is.

        The look-up is by hash, so its time tells nothing about the secrets that are kept.
        """
        query = select(_TOKEN.c.user_id).where(
            _TOKEN.c.token_hash == token_hash(plain),
            _TOKEN.c.kind == kind,
            _TOKEN.c.revoked.is_(False),
            or_(_TOKEN.c.expires_at.is_(None), _TOKEN.c.expires_at > self._clock()),
        )
        with self._database.reading() as connection:
            user_id = connection.execute(query).scalar()
        return None if user_id is None else self._only(_USER.c.id == user_id)

    def tokens(self, user_id: int) -> list[AccessToken]:
        """A person's tokens and sessions, newest first, the revoked ones too."""
        token = _TOKEN.c
        columns = (token.id, token.user_id, token.kind, token.label, token.created_at, token.expires_at)
        query = select(*columns, token.revoked).where(token.user_id == user_id).order_by(token.id.desc())
        with self._database.reading() as connection:
            return [AccessToken(*row) for row in connection.execute(query)]

    def revoke(self, token_id: int, *, actor: Actor | str = "system", at: datetime | None = None) -> bool:
        """Make a token worthless; false where there is none (any more)."""
        return self._revoke(_TOKEN.c.id == token_id, actor, at)

    def revoke_plain(self, plain: str, *, actor: Actor | str = "system", at: datetime | None = None) -> bool:
        """The same by the secret itself: signing out."""
        return self._revoke(_TOKEN.c.token_hash == token_hash(plain), actor, at)

    def use_token(self, plain: str, kind: str) -> User | None:
        """Like :meth:`user_of_token`, and the token is worthless afterwards: a link for one use."""
        user = self.user_of_token(plain, kind)
        return user if user and self.revoke_plain(plain, actor=user.name) else None

    def _revoke(self, which: ColumnElement[bool], actor: Actor | str, at: datetime | None) -> bool:
        valid = and_(which, _TOKEN.c.revoked.is_(False))
        revoked = update(_TOKEN).where(valid).values(revoked=True).returning(_TOKEN.c.user_id, _TOKEN.c.kind)
        with self._database.writing() as connection:
            found = connection.execute(revoked).first()
            if found is not None:
                self._tell(connection, "token revoked", found[0], actor, at, {"kind": found[1]})
        return found is not None

    # -- inside ----------------------------------------------------------------------------------

    def _known(self, user_id: int) -> User:
        return self._users(_USER.c.id == user_id)[0]

    def _only(self, condition: ColumnElement[bool]) -> User | None:
        found = self._users(condition, _USER.c.active)
        return found[0] if len(found) == 1 else None

    def _users(self, *conditions: ColumnElement[bool]) -> list[User]:
        with self._database.reading() as connection:
            places = _places(connection)
            token = select(_TOKEN.c.user_id).where(
                _TOKEN.c.kind.not_in((SESSION, CODE)), _TOKEN.c.revoked.is_(False)
            )
            account = or_(_USER.c.password_hash != "", _USER.c.id.in_(token))
            person = (_USER.c.slack_id, _USER.c.telegram_id, _USER.c.active, account)
            query = select(_USER.c.id, _USER.c.name, _USER.c.role, *person).where(*conditions)
            rows = connection.execute(query.order_by(_USER.c.name, _USER.c.id))
            return [User(row[0], row[1], row[2], places.get(row[0]), *row[3:]) for row in rows]

    def _tell(
        self,
        connection: Connection,
        action: str,
        user_id: int,
        actor: Actor | str,
        at: datetime | None,
        detail: dict[str, Any],
    ) -> None:
        who = Actor(actor, "") if isinstance(actor, str) else actor
        said = json.dumps(detail, ensure_ascii=False, default=_spelled, sort_keys=True)
        when = at or self._clock()
        audit.append(connection, who, action=action, subject=f"user {user_id}", detail=said, at=when)


def _spelled(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset | tuple) else str(value)


def _one(user_id: int) -> Any:
    return update(_USER).where(_USER.c.id == user_id)


def _places(connection: Connection) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    query = select(_PLACE.c.user_id, LOCATION.c.code).join_from(_PLACE, LOCATION)
    for user_id, code in connection.execute(query):
        found[user_id].add(code)
    return {user_id: frozenset(codes) for user_id, codes in found.items()}


def _limit(connection: Connection, user_id: int, locations: Collection[str] | None) -> None:
    connection.execute(delete(_PLACE).where(_PLACE.c.user_id == user_id))
    if locations is None:
        return
    known = physical_places(connection, locations)
    if not known or len(known) < len(set(locations)):
        raise BooksError("somebody who is limited to places needs at least one, and each has to exist")
    connection.execute(insert(_PLACE), [{"user_id": user_id, "location_id": place} for place in known])


def _checked(connection: Connection, person: Person, user_id: int = 0) -> dict[str, Any]:
    values: dict[str, Any] = {
        key: plain_text(value) if isinstance(value, str) else value for key, value in person.items()
    }
    values.pop("locations", None)
    if values.get("role", ROLES[0]) not in ROLES:
        raise BooksError(f"{values['role']} is no role; take one of {', '.join(ROLES)}")
    if "name" in values:
        values["name"] = " ".join(values["name"].split())[:120]
        others = connection.execute(select(_USER.c.id, _USER.c.name).where(_USER.c.id != user_id))
        taken = {name.casefold() for _, name in others}
        if not values["name"] or values["name"].casefold() in taken:
            raise BooksError("a name is needed that nobody else has")
    for channel, column in IDENTITIES.items():
        identity = values.get(column.name)
        held = select(_USER.c.name).where(column == identity, _USER.c.id != user_id, _USER.c.active)
        holder = connection.execute(held).scalar() if identity else None
        if holder:
            raise BooksError(f"that {channel.title()} identity belongs to {holder}; unpair it there first")
    return values


def _owners(connection: Connection) -> int:
    owners = select(func.count()).where(_USER.c.role == "owner", _USER.c.active)
    return int(connection.execute(owners).scalar_one())
