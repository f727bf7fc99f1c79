"""The morning: the brief of the day, and all that was not worth a message of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from assistant import access
from assistant.alerts_choose import Chooser
from assistant.alerts_letters import Address, folded, plain_letter
from tools.kit import Ask, Reply, Right, all_tools
from tools.kit.handling import headline
from tools.kit.manners import Listener, manners_of
from tools.kit.said_news import weekly_words
from tools.kit.scorecard_words import weekly
from tools.kit.words import first_few, plural
from tools.store import Incident, Store, User
from tools.store.incidents_facts import BRIEF, DIGEST, Letter

log = structlog.get_logger(__name__)

POSTED = "brief_posted"
BRIEF_TOOL = "report.daily"
# An app that was off in the morning does not say good morning in the evening.
LATEST = timedelta(hours=4)
MOST_LINES = 8
MONDAY, WEEK = 0, "week"


def morning(store: Store, chooser: Callable[[datetime], Chooser], at: datetime) -> int:
    """Post the brief and the digest at the shop's hour, once a day; how many messages are new."""
    if store.settings.get(POSTED) == at.date().isoformat():
        return 0
    hour = manners_of(store).brief_at
    if hour is None or not timedelta(0) <= at - datetime.combine(at.date(), hour, at.tzinfo) < LATEST:
        return 0
    chosen = chooser(at)
    letters = [letter for listener in chosen.listeners for letter in _of_one(store, chosen, listener)]
    new = store.outbox.post(letters, at)
    store.settings.set(POSTED, at.date().isoformat())
    return new


def _of_one(store: Store, chosen: Chooser, listener: Listener) -> list[Letter]:
    """What one person gets; the brief only where they are told of what needs somebody."""
    at, user = chosen.at, listener.user
    addresses = [Address(user, channel, identity) for channel, identity in listener.addresses]
    letters = []
    if listener.on:
        brief = _brief(store, listener, at)
        name = f"brief:{at.date()}"
        letters += [plain_letter(name, BRIEF, [brief], to, at) for to in addresses if brief]
        week = _week(store, listener, at) if at.weekday() == MONDAY else None
        letters += [plain_letter(f"week:{at.date()}", WEEK, [week], to, at) for to in addresses if week]
        said = _said(store, listener, at) if at.weekday() == MONDAY else None
        letters += [plain_letter(f"said:{at.date()}", WEEK, [said], to, at) for to in addresses if said]
    untold = _untold(store, chosen, listener)
    told = _digest(store, untold, chosen, listener)
    if told is not None and addresses:
        name = f"digest:{at.date()}"
        letters += [plain_letter(name, DIGEST, [told], to, at) for to in addresses]
        letters += [folded(incident, user, at) for incident in untold]
    return letters


def _brief(store: Store, listener: Listener, at: datetime) -> Reply | None:
    """The brief as this person's role and places allow it."""
    user, tool = listener.user, all_tools()[BRIEF_TOOL]
    if access.refusal(user, tool):
        return None
    return _told(lambda: tool.call(_ask(store, user, at), {}), user)


def _week(store: Store, listener: Listener, at: datetime) -> Reply | None:
    """On Mondays the scorecard, to those who see the whole shop and its costs."""
    user = listener.user
    if user.locations is not None or not access.may(user, Right.SEE_COSTS):
        return None
    return _told(lambda: weekly(_ask(store, user, at)), user)


def _said(store: Store, listener: Listener, at: datetime) -> Reply | None:
    """On Mondays what customers said in the week, to those who see the sales of the whole shop."""
    user = listener.user
    if user.locations is not None or not access.may(user, Right.SEE_SALES):
        return None
    return _told(lambda: weekly_words(_ask(store, user, at)), user)


def _ask(store: Store, user: User, at: datetime) -> Ask:
    return Ask(store, user, at, may=lambda right: access.may(user, right), position=store.stock.position())


def _told(make: Callable[[], object], user: User) -> Reply | None:
    """What is made, or nothing where that fails: the rest of the morning goes out all the same."""
    try:
        made = make()
    except Exception:
        log.exception("brief_failed", person=user.name)
        return None
    return made if isinstance(made, Reply) else None


def _untold(store: Store, chosen: Chooser, listener: Listener) -> list[Incident]:
    """What stands and was not told to this person, the most at stake first."""
    told = store.outbox.told_to(listener.user.name)
    return [
        incident
        for incident in store.incidents.open()
        if incident.is_live and incident.id not in told and chosen.lists(incident, listener)
    ]


def _digest(store: Store, untold: Sequence[Incident], chosen: Chooser, listener: Listener) -> Reply | None:
    """What stands in one line each, and what is over by itself in one line together."""
    since = chosen.at - timedelta(days=1)
    over = [one for one in store.incidents.resolved(since) if one.told_at and chosen.lists(one, listener)]
    if not untold:
        return None
    verb = "waits" if len(untold) == 1 else "wait"
    head = f"{plural(len(untold), 'thing')} {verb} for when you have time:"
    lines = [f"• {headline(incident)}" for incident in untold[:MOST_LINES]]
    if len(untold) > MOST_LINES:
        lines.append(f"• and {len(untold) - MOST_LINES} more on the page “Needs you”")
    if over:
        names = first_few([headline(one).rstrip(".") for one in over], 2)
        lines.append(f"Over by itself since yesterday: {len(over)} ({names}).")
    data = {"waiting": [incident.id for incident in untold], "over": [incident.id for incident in over]}
    return Reply("\n".join([head, *lines]), data)
