"""Speaking up: watches look, incidents open and close, people are told once.

``Alerts.check`` is called every few seconds by the scheduler; of several processes one works.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import structlog

from assistant.alerts_choose import Chooser
from assistant.alerts_digest import morning
from assistant.codec import reply_to_json
from tools.kit import Ask, Reply, Right
from tools.kit.handling import OPINION_LASTS
from tools.kit.manners import listeners, manners_of
from tools.kit.watch import THE_SHOP, Sighting, Urgency, Watch, all_watches
from tools.store import ActOnIncident, Actor, BooksError, Store
from tools.store.incidents import Recorded
from tools.store.incidents_facts import Found

log = structlog.get_logger(__name__)

WATCHED = "watched:"
LEASE = timedelta(seconds=120)
TELL_EVERY = timedelta(minutes=1)
ALWAYS = "tell"
IMPORT_FAILED, IMPORT_BROKEN, FILES = "import.failed", "import.broken", "files"
MOST_WORDS = 300

Result = TypeVar("Result")


class Alerts:
    """Runs the watches of one shop and decides who is told."""

    def __init__(
        self,
        store: Store,
        channels: Collection[str],
        watches: Mapping[str, Watch] | None = None,
        *,
        lease: timedelta = LEASE,
    ) -> None:
        self._store = store
        self._lease = lease
        self._channels = tuple(channels)
        self._watches = all_watches() if watches is None else watches
        self._worker = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._hurry = False

    def hurry(self) -> None:
        """Something came in: every watch looks at the next check."""
        self._hurry = True

    def check(self) -> Recorded | None:
        """Look at what is due, write it down and post what is to be told; None where another does."""
        now = datetime.now(UTC)
        if not self._store.outbox.lead("watches", self._worker, now=now, until=now + self._lease):
            return None
        at = self._store.clock()
        hurry, self._hurry = self._hurry, False
        every = self._watches.values()
        due = [watch for watch in every if hurry or self._is_due(watch.rule, watch.every, at)]
        looks = {watch.rule: seen for watch in due if (seen := self._look(watch, at)) is not None}
        recorded = Recorded()
        if looks or self._is_due(ALWAYS, TELL_EVERY, at):
            recorded = self._store.incidents.record(looks, at, self._chooser(at).letters)
            for rule in (*looks, ALWAYS):
                span = self._watches[rule].every if rule in self._watches else TELL_EVERY
                self._store.settings.set(WATCHED + rule, _slot(span, at))
        morning(self._store, self._chooser, at)
        return recorded

    def stop(self) -> None:
        """Leave the work to another process at once."""
        self._store.outbox.step_down("watches", self._worker)

    def _is_due(self, rule: str, every: timedelta, at: datetime) -> bool:
        return self._store.settings.get(WATCHED + rule) != _slot(every, at)

    def _look(self, watch: Watch, at: datetime) -> list[Found] | None:
        """What one watch sees; None where it failed, so that nothing is taken to be over."""
        try:
            ask = Ask(self._store, THE_SHOP, at, position=self._store.stock.position())
            seen = [found_of(dataclasses.replace(one, rule=watch.rule)) for one in watch.look(ask)]
        except Exception as error:
            log.exception("watch_failed", rule=watch.rule)
            report_fault(self._store, "watch.failed", watch.rule, f"I can't look at {watch.rule}: {error}")
            return None
        fault_over(self._store, "watch.failed", watch.rule)
        return seen

    def _chooser(self, at: datetime) -> Chooser:
        store = self._store
        return Chooser(
            at=at,
            manners=manners_of(store),
            listeners=listeners(store, self._channels),
            opinions=store.incidents.opinions(at - OPINION_LASTS),
            mutes=store.incidents.mutes(at),
            catalogue=store.catalogue(),
            position=store.stock.position(),
        )


def _slot(every: timedelta, at: datetime) -> str:
    """The name of the span of this length that an instant lies in."""
    return str(int(at.timestamp() // every.total_seconds()))


def found_of(sighting: Sighting) -> Found:
    """What a watch sees, as the books keep it."""
    return Found(
        key=sighting.key,
        rule=sighting.rule,
        subject=sighting.subject,
        location=sighting.location,
        urgency=sighting.urgency.value,
        needs=sighting.right.value,
        value=sighting.value,
        reply=reply_to_json(sighting.reply),
        products=sighting.products,
        delivery=sighting.delivery,
        who=sighting.who,
    )


def report_fault(
    store: Store, rule: str, subject: str, words: str, *, urgency: Urgency = Urgency.TODAY
) -> None:
    """Something of the assistant's own does not work: an incident for whoever manages the shop.

    It stays one incident however often it is reported, until :func:`fault_over` ends it.

    Args:
        store: The books.
        rule: What kind of fault ("import.failed", "connector.failing").
        subject: What failed, steady while it lasts (a file's name, a chat).
        words: One sentence for a person.
        urgency: How soon somebody has to know.
    """
    reply = Reply(words, {"rule": rule, "subject": subject})
    sighting = Sighting(rule, subject, "", reply, urgency, Right.MANAGE, Decimal(0))
    store.incidents.report(found_of(sighting), store.clock(), lambda _situation: ())


def fault_over(store: Store, rule: str, subject: str) -> None:
    """It works again; said only in the digest."""
    key = f"{rule}:{subject}:"
    if any(incident.key == key for incident in store.incidents.open(rule)):
        store.incidents.over(key, store.clock())


def faults_told(
    store: Store, rule: str, subject: str, words: str, work: Callable[[], Result]
) -> Callable[[], Result]:
    """The same work; where it raises that becomes a fault, and where it does not the fault is over."""

    def told() -> Result:
        try:
            done = work()
        except Exception as error:
            with contextlib.suppress(Exception):  # the books themselves may be what failed
                report_fault(store, rule, subject, f"{words}: {error}"[:MOST_WORDS])
            raise
        fault_over(store, rule, subject)
        return done

    return told


def import_told(store: Store, name: str, *, refused: bool) -> None:
    """A file that was refused needs somebody, until any import goes through."""
    if refused:
        words = f"The import of {name} was refused. The page Data (/import) shows which rows, and why."
        report_fault(store, IMPORT_FAILED, FILES, words)
    else:
        fault_over(store, IMPORT_FAILED, FILES)


def acted_on(store: Store, token: str, actor: Actor, at: datetime) -> None:
    """After a button was pressed: where it mended an incident, that is taken care of."""
    action = store.talk.action(token)
    if action is None or not (action.outcome or {}).get("done"):
        return
    number, _, telling = action.offer.removeprefix("i").partition(".")
    if not action.offer.startswith("i") or not number.isdecimal() or not telling.isdecimal():
        return
    try:
        change = ActOnIncident(int(number), action.label)
        store.apply(change, actor, request_id=f"acted:{token}", at=at)
    except BooksError as error:
        log.info("not_acted_on", incident=number, why=str(error))
