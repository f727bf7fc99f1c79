"""Who is told of what, now: role and places, mutes, opinions, quiet hours and the day's limit.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from assistant import access
from assistant.alerts_letters import Address, alert_letter, telling
from tools.kit.handling import Bar, bars_of, hears_of
from tools.kit.manners import Listener, Manners
from tools.kit.watch import Urgency
from tools.store import Catalogue, Incident, Mute, User
from tools.store.incidents_facts import Letter, Opinion, Pushed, Situation

# What cannot wait is told so long after it came up, where it could not be told before.
NOW_LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Chooser:
    """All that the choice rests on, read beforehand; ``at`` is the shop's time."""

    at: datetime
    manners: Manners
    listeners: Sequence[Listener]
    opinions: Sequence[Opinion]
    mutes: Sequence[Mute]
    catalogue: Catalogue
    position: int = 0

    def letters(self, situation: Situation) -> Iterator[Letter]:
        """The messages of their own that are due now, the most pressing first."""
        told = {_without_chat(one.key) for one in situation.pushed}
        count = _pushed_today(situation.pushed, self.at)
        for incident in sorted(situation.news, key=_rank):
            if not self._is_due(incident):
                continue
            for listener in self.listeners:
                user = listener.user
                if telling(incident, user) in told or not self._is_pushed(incident, listener):
                    continue
                if count[user.name] >= self.manners.room(incident.urgency):
                    continue
                count[user.name] += 1
                for channel, identity in listener.addresses:
                    yield alert_letter(incident, Address(user, channel, identity), self.at, self.position)

    def lists(self, incident: Incident, listener: Listener) -> bool:
        """Whether an incident may stand in a person's digest."""
        return self._is_for(incident, listener) and self._bar(incident, listener).lists

    def _is_due(self, incident: Incident) -> bool:
        """Whether its news is fresh and this is an hour for it; what is neither waits for the digest."""
        if incident.urgency == Urgency.NOW:
            return incident.news_at >= self.at - NOW_LASTS
        if incident.urgency != Urgency.TODAY or self.manners.is_quiet(self.at):
            return False
        return incident.news_at >= self.manners.fresh_since(self.at)

    def _is_pushed(self, incident: Incident, listener: Listener) -> bool:
        return self._is_for(incident, listener) and self._bar(incident, listener).tells(incident.value)

    def _bar(self, incident: Incident, listener: Listener) -> Bar:
        return self._bars.get((listener.user.name, incident.rule, incident.subject), Bar())

    @cached_property
    def _bars(self) -> Mapping[tuple[str, str, str], Bar]:
        return bars_of(self.opinions)

    def _is_for(self, incident: Incident, listener: Listener) -> bool:
        """Whether this person is told of it at all; what they asked for themselves they always are."""
        user = listener.user
        wanted = listener.on or incident.who == user.name
        return wanted and _may_know(user, incident) and not self._is_muted(incident, user)

    def _is_muted(self, incident: Incident, user: User) -> bool:
        return any(self._covers(mute, incident) for mute in self.mutes if mute.person in ("", user.name))

    def _covers(self, mute: Mute, incident: Incident) -> bool:
        """Whether all that an incident is about is muted."""
        if mute.rule not in ("", incident.rule) or mute.location not in ("", incident.location):
            return False
        if not mute.products and not mute.category:
            return True
        quiet = frozenset(mute.products) | self._of_category(mute.category)
        return bool(incident.products) and quiet.issuperset(incident.products)

    def _of_category(self, category: str) -> frozenset[str]:
        wanted = category.casefold()
        products = self.catalogue.products.values()
        return frozenset(one.sku for one in products if wanted and one.category.casefold() == wanted)


def _may_know(user: User, incident: Incident) -> bool:
    return hears_of(user, lambda right: access.may(user, right), incident)


def _rank(incident: Incident) -> tuple[bool, bool, float, int]:
    """What cannot wait, then what somebody asked for, then the most money at stake."""
    return incident.urgency != Urgency.NOW, not incident.who, -float(incident.value), incident.id


def _without_chat(key: str) -> str:
    return key.rpartition(":")[0]


def _pushed_today(pushed: Sequence[Pushed], at: datetime) -> Counter[str]:
    """How many messages of their own each person gets on this day; both chats of a person are one."""
    today = {
        (one.person, _without_chat(one.key))
        for one in pushed
        if one.due_at.astimezone(at.tzinfo).date() == at.date()
    }
    return Counter(person for person, _ in today)
