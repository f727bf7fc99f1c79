"""When and to whom the assistant speaks up: the shop's own choices, kept in its settings."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tools.store import Actor, Store, User

QUIET, CAP, BRIEF_AT = "alert_quiet", "alert_cap", "alert_brief_at"
PERSON = "alert_person:"
OFF = "off"
USUAL = {QUIET: "21:00-07:00", CAP: "5", BRIEF_AT: "08:00"}
MOST_CAP = 100


@dataclass(frozen=True, slots=True)
class Manners:
    """Quiet hours (None: none), messages a day to a person, and when the morning brief goes out."""

    quiet: tuple[time, time] | None
    cap: int
    brief_at: time | None

    def is_quiet(self, at: datetime) -> bool:
        """Whether an instant (in the shop's time) lies in the quiet hours."""
        if self.quiet is None:
            return False
        first, last = self.quiet
        now = at.time()
        return first <= now < last if first < last else now >= first or now < last

    def fresh_since(self, at: datetime) -> datetime:
        """What is older than this is yesterday's news: when the quiet hours last began, else midnight."""
        start = self.quiet[0] if self.quiet else time(0)
        began = datetime.combine(at.date(), start, at.tzinfo)
        return began if began <= at else datetime.combine(at.date() - timedelta(days=1), start, at.tzinfo)

    def room(self, urgency: str) -> int:
        """How many messages a day may be of this urgency: some are kept for what cannot wait."""
        return self.cap if urgency == "now" else self.cap - self.cap * 2 // 5


@dataclass(frozen=True, slots=True)
class Listener:
    """A person who could be told: their chats (name and their own id there), and what they want.

    ``on`` is whether they are told of what needs somebody; ``not_in`` are chats to be left out.
    """

    user: User
    chats: tuple[tuple[str, str], ...]
    on: bool
    not_in: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """The chats in which they are told."""
        return tuple(chat for chat in self.chats if chat[0] not in self.not_in)


def manners_of(store: Store) -> Manners:
    """The shop's choices; what cannot be read is as usual."""
    chosen = {key: store.settings.get(key) or usual for key, usual in USUAL.items()}
    try:
        return read_manners(chosen)
    except ValueError:
        return read_manners(USUAL)


def read_manners(chosen: Mapping[str, str]) -> Manners:
    """The choices as they are written: "21:00-07:00", "5", "08:00", or "off".

    Raises:
        ValueError: one cannot be read; the text says which and what it should look like.
    """
    return Manners(_quiet(chosen[QUIET]), _cap(chosen[CAP]), _brief(chosen[BRIEF_AT]))


def _quiet(text: str) -> tuple[time, time] | None:
    if text == OFF:
        return None
    first, dash, last = text.partition("-")
    if not dash:
        raise ValueError(f"quiet hours are written like 21:00-07:00, or off; not {text!r}")
    span = _clock(first), _clock(last)
    return span if span[0] != span[1] else None


def _cap(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_CAP:
        raise ValueError(f"messages a day are a number from 0 to {MOST_CAP}, not {text!r}")
    return int(text)


def _brief(text: str) -> time | None:
    return None if text == OFF else _clock(text)


def _clock(text: str) -> time:
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day
    except ValueError as error:
        raise ValueError(f"a time is written like 08:00, not {text!r}") from error


def choose(store: Store, chosen: Mapping[str, str], actor: Actor, at: datetime) -> None:
    """Keep the shop's choices.

    Raises:
        ValueError: one cannot be read; nothing is kept.
    """
    read_manners({**USUAL, **chosen})
    for key, value in chosen.items():
        if (store.settings.get(key) or USUAL[key]) != value:
            store.settings.set(key, value, actor=actor, at=at)


# -- who -----------------------------------------------------------------------------------------


def listeners(store: Store, channels: Collection[str]) -> list[Listener]:
    """Everybody who could be told in these chats.

    Owners are told unless they turned it off; others where it was turned on for them.  Where no
    owner can be reached, managers take their place, so that a warning never goes to nobody.
    """
    chosen = store.settings.all()
    reached = [
        (user, chats, _wishes(chosen, user))
        for user in store.people.users()
        if user.active and (chats := _chats(user, channels))
    ]
    told = "owner" if any(user.role == "owner" for user, _, _ in reached) else "manager"
    return [
        Listener(
            user,
            chats,
            user.role == told if wishes.on is None else wishes.on,
            wishes.not_in,
        )
        for user, chats, wishes in reached
    ]


def _chats(user: User, channels: Collection[str]) -> tuple[tuple[str, str], ...]:
    known = (("slack", user.slack_id), ("telegram", user.telegram_id))
    return tuple((name, identity) for name, identity in known if identity and name in channels)


@dataclass(frozen=True, slots=True)
class _Wishes:
    on: bool | None = None
    not_in: tuple[str, ...] = ()


def _wishes(chosen: Mapping[str, str], user: User) -> _Wishes:
    try:
        wishes = json.loads(chosen.get(f"{PERSON}{user.id}", "{}"))
        return _Wishes(wishes.get("on"), tuple(wishes.get("not_in", ())))
    except (AttributeError, TypeError, ValueError):
        return _Wishes()


def tell(
    store: Store, user: User, *, on: bool, not_in: Collection[str] = (), actor: Actor, at: datetime
) -> None:
    """Whether a person is told of what needs somebody, and in which of their chats not."""
    wishes = json.dumps({"on": on, "not_in": sorted(not_in)})
    store.settings.set(f"{PERSON}{user.id}", wishes, actor=actor, at=at)
