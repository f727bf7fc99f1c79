"""Doctor's look at speaking up: does anybody hear, does anything hold it back, does the app watch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from assistant.cli.faults import fault
from assistant.outbox import findings as outbox_findings
from assistant.settings import Settings
from tools.kit.manners import USUAL, listeners, read_manners
from tools.store import Finding, Store
from tools.store.outbox import LEADER

# The app's leases are far shorter; one that ran out so long ago was never given back.
GONE = timedelta(minutes=10)
# What the assistant reports about itself.
OWN_FAULTS = ("watch.failed", "connector.failing", "job.failed", "import.broken")


def check_alerts(settings: Settings, store: Store) -> Iterator[Finding]:
    """Whether what needs a person would be told to one."""
    chats = [
        name for name, there in (("slack", settings.has_slack), ("telegram", settings.has_telegram)) if there
    ]
    yield from _heard(store, chats)
    yield from _choices(store)
    yield from _muted(store)
    for rule in OWN_FAULTS:
        for incident in store.incidents.open(rule):
            yield fault("alerts.failing", rule=rule, subject=incident.subject)
    yield from _watching(store)
    yield from outbox_findings(store)


def _heard(store: Store, chats: list[str]) -> Iterator[Finding]:
    reached = listeners(store, chats)
    told = [one.user.name for one in reached if one.on and one.addresses]
    if reached and not told:
        yield fault("alerts.off")
    elif told:
        yield Finding(True, f"Told of what needs a person: {', '.join(told)}")


def _choices(store: Store) -> Iterator[Finding]:
    chosen = {key: store.settings.get(key) or usual for key, usual in USUAL.items()}
    try:
        manners = read_manners(chosen)
    except ValueError as error:
        yield fault("alerts.unreadable", why=error)
        return
    if manners.cap == 0:
        yield fault("alerts.none_a_day")


def _muted(store: Store) -> Iterator[Finding]:
    for mute in store.incidents.mutes(store.clock()):
        all_of_it = not (mute.rule or mute.products or mute.category or mute.location or mute.person)
        if all_of_it:
            until = f"until {mute.until:%d %b %H:%M} UTC" if mute.until else "for good"
            yield fault("alerts.muted", who=mute.made_by, until=until)


def _watching(store: Store) -> Iterator[Finding]:
    """A running app holds a lease; one that stopped gave it back, one that died did not."""
    _, _, end = store.settings.get(f"{LEADER}watches").partition(" ")
    try:
        ended = datetime.fromisoformat(end)
    except ValueError:
        return
    if datetime.now(UTC) - ended > GONE:
        yield fault("app.gone", since=f"{ended:%d %b %H:%M} UTC")
