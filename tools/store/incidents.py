"""Incidents: one for each rule, thing and place that needs a person, from its opening to its end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, or_, select, update

from tools.store.alert_changes_made import INCIDENT, MUTE, OPINION, RULE
from tools.store.among import only
from tools.store.engine import Database
from tools.store.incidents_facts import (
    LIVE,
    AlertRule,
    Found,
    Incident,
    Letter,
    Mute,
    Opinion,
    Situation,
)
from tools.store.ledger import plain
from tools.store.outbox_queue import post, pushed_since

# More urgent is further to the right.
URGENCIES = ("digest", "today", "now")
# What came back so soon after it was over is the same thing still: it is not told anew.
COOLDOWN = {"now": timedelta(hours=4), "today": timedelta(hours=24), "digest": timedelta(hours=24)}
NEWS_LASTS = timedelta(hours=36)
_CENT = Decimal("0.0001")
_DEAREST = Decimal(10) ** 12

Decide = Callable[[Situation], Iterable[Letter]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a look: the numbers of the incidents, and how many messages were posted."""

    opened: tuple[int, ...] = ()
    resolved: tuple[int, ...] = ()
    letters: int = 0


class Incidents:
    """What needs a person, and what people want told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- reading ---------------------------------------------------------------------------------

    def get(self, number: int) -> Incident | None:
        """One incident."""
        found = self._found(*only(INCIDENT.c.id, [number]))
        return found[0] if found else None

    def open(self, rule: str | None = None) -> list[Incident]:
        """All that is not resolved, put off and taken care of included; the most at stake first."""
        wanted = INCIDENT.c.state != "resolved"
        return self._found(wanted if rule is None else and_(wanted, INCIDENT.c.rule == rule))

    def resolved(self, since: datetime, limit: int = 100) -> list[Incident]:
        """What was resolved since an instant, the latest first."""
        query = (
            select(INCIDENT)
            .where(INCIDENT.c.state == "resolved", INCIDENT.c.resolved_at >= since)
            .order_by(INCIDENT.c.resolved_at.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_incident(row) for row in connection.execute(query).mappings()]

    def alerts(self, person: str | None = None, *, at: datetime | None = None) -> list[AlertRule]:
        """What people (or one of them) asked to be told of; with ``at`` without what has ended by then."""
        query = select(RULE).where(RULE.c.dropped_at.is_(None)).order_by(RULE.c.id)
        if person is not None:
            query = query.where(RULE.c.person == plain(person, 120))
        if at is not None:
            query = query.where(or_(RULE.c.until.is_(None), RULE.c.until > at))
        with self._database.reading() as connection:
            return [_rule(row) for row in connection.execute(query).mappings()]

    def mutes(self, at: datetime) -> list[Mute]:
        """What is not to be told at an instant."""
        holds = and_(MUTE.c.dropped_at.is_(None), or_(MUTE.c.until.is_(None), MUTE.c.until > at))
        with self._database.reading() as connection:
            rows = connection.execute(select(MUTE).where(holds).order_by(MUTE.c.id)).mappings()
            return [_mute(row) for row in rows]

    def opinions(self, since: datetime) -> list[Opinion]:
        """What people found useful, or not, oldest first."""
        holds = and_(OPINION.c.dropped_at.is_(None), OPINION.c.made_at >= since)
        columns = OPINION.c
        query = select(
            columns.id,
            columns.incident_id,
            columns.rule,
            columns.subject,
            columns.person,
            columns.useful,
            columns.value,
            columns.made_at,
        )
        with self._database.reading() as connection:
            return [Opinion(*row) for row in connection.execute(query.where(holds).order_by(columns.id))]

    def counts(self) -> dict[str, int]:
        """How many incidents there are in each state but resolved."""
        query = select(INCIDENT.c.state, func.count()).group_by(INCIDENT.c.state)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(INCIDENT.c.state != "resolved"))
            return {state: int(number) for state, number in rows}

    def _found(self, *conditions: ColumnElement[bool]) -> list[Incident]:
        query = select(INCIDENT).where(*conditions).order_by(INCIDENT.c.value.desc(), INCIDENT.c.id)
        with self._database.reading() as connection:
            return [_incident(row) for row in connection.execute(query).mappings()]

    # -- the engine's writes ---------------------------------------------------------------------

    def record(self, looks: Mapping[str, Sequence[Found]], at: datetime, decide: Decide) -> Recorded:
        """Write down what watches see, and post what ``decide`` wants told, in one transaction.

        What is new is opened, what a looked-at rule no longer shows is resolved, what was put off
        long enough wakes.  ``decide`` is handed what there is to tell; it must not touch the books.
        """
        with self._database.writing() as connection:
            standing = _standing(connection, list(looks))
            _wake(connection, at)
            opened = [number for rule in looks for number in _open(connection, looks[rule], standing, at)]
            seen = {bounded(found.key) for founds in looks.values() for found in founds}
            gone = [row["id"] for key, row in standing.items() if key not in seen]
            _resolve(connection, gone, at)
            letters = post(connection, decide(_situation(connection, at)), at)
        return Recorded(tuple(opened), tuple(gone), letters)

    def report(self, found: Found, at: datetime, decide: Decide) -> Recorded:
        """Open (or see again) one incident that no watch looks for."""
        with self._database.writing() as connection:
            standing = _standing(connection, [found.rule])
            opened = _open(connection, [found], standing, at)
            letters = post(connection, decide(_situation(connection, at)), at)
        return Recorded(tuple(opened), (), letters)

    def over(self, key: str, at: datetime) -> bool:
        """One incident that no watch looks for is over; whether it stood."""
        with self._database.writing() as connection:
            query = select(INCIDENT.c.id).where(INCIDENT.c.open_key == bounded(key))
            numbers = list(connection.execute(query).scalars())
            _resolve(connection, numbers, at)
        return bool(numbers)


def bounded(key: str) -> str:
    """A key as it fits its column."""
    return plain(key, 300)


def _standing(connection: Connection, rules: Sequence[str]) -> dict[str, RowMapping]:
    """The incidents of these rules that are not resolved, by key."""
    query = select(INCIDENT).where(INCIDENT.c.open_key.is_not(None), *only(INCIDENT.c.rule, list(rules)))
    return {row["key"]: row for row in connection.execute(query).mappings()} if rules else {}


def _wake(connection: Connection, at: datetime) -> None:
    slept = and_(INCIDENT.c.state.in_(("snoozed", "acted")), INCIDENT.c.snoozed_until <= at)
    woken = {"state": "open", "snoozed_until": None, "news_at": at, "tellings": INCIDENT.c.tellings + 1}
    connection.execute(update(INCIDENT).where(slept).values(**woken))


def _open(
    connection: Connection, founds: Sequence[Found], standing: Mapping[str, RowMapping], at: datetime
) -> list[int]:
    """Open what is new, bring up to date what stands; the numbers of what was opened."""
    opened, rows = [], []
    lately = _resolved_lately(connection, at)
    for found in {bounded(one.key): one for one in founds}.values():
        known = standing.get(bounded(found.key))
        if known is not None:
            _see_again(connection, known, found, at)
        elif (before := lately.get(bounded(found.key))) is not None:
            _reopen(connection, before, found, at)
            opened.append(int(before["id"]))
        else:
            rows.append({**_columns(found), "key": bounded(found.key), **_new(found, at)})
    if rows:
        opened += list(connection.execute(insert(INCIDENT).returning(INCIDENT.c.id), rows).scalars())
    return opened


def _new(found: Found, at: datetime) -> dict[str, Any]:
    return {
        "open_key": bounded(found.key),
        "rule": plain(found.rule, 64),
        "subject": plain(found.subject, 200),
        "location": plain(found.location, 64),
        "state": "open",
        "opened_at": at,
        "seen_at": at,
        "news_at": at,
    }


def _resolved_lately(connection: Connection, at: datetime) -> dict[str, RowMapping]:
    """What was resolved so short a time ago that it would be the same incident still, by key."""
    since = at - max(COOLDOWN.values())
    query = select(INCIDENT).where(INCIDENT.c.state == "resolved", INCIDENT.c.resolved_at > since)
    rows = connection.execute(query.order_by(INCIDENT.c.id)).mappings()
    return {row["key"]: row for row in rows if row["resolved_at"] > at - COOLDOWN[row["urgency"]]}


def _reopen(connection: Connection, before: RowMapping, found: Found, at: datetime) -> None:
    """The same thing again: what was told of it stays told, unless it is more urgent now."""
    again: dict[str, Any] = {"open_key": before["key"], "resolved_at": None, "seen_at": at}
    if before["told_at"] is None:
        again |= {"state": "open", "news_at": at, "tellings": before["tellings"] + 1}
    else:
        again |= {"state": "notified"}
    changed = {**again, **_columns(found), **_escalated(before, found, at)}
    connection.execute(update(INCIDENT).where(INCIDENT.c.id == before["id"]).values(**changed))


def _see_again(connection: Connection, known: RowMapping, found: Found, at: datetime) -> None:
    values = {**_columns(found), **_escalated(known, found, at)}
    if any(known[name] != value for name, value in values.items()):
        changed = update(INCIDENT).where(INCIDENT.c.id == known["id"])
        connection.execute(changed.values(**values, seen_at=at))


def _escalated(known: RowMapping, found: Found, at: datetime) -> dict[str, Any]:
    """What is more urgent than it was is news once more, also where it was put off."""
    if URGENCIES.index(found.urgency) <= URGENCIES.index(known["urgency"]):
        return {}
    return {"state": "open", "snoozed_until": None, "news_at": at, "tellings": known["tellings"] + 1}


def _columns(found: Found) -> dict[str, Any]:
    return {
        "urgency": found.urgency,
        "needs": plain(found.needs, 40),
        "value": min(max(found.value, Decimal(0)), _DEAREST).quantize(_CENT),
        "products": json.dumps(sorted(found.products)),
        "delivery": found.delivery,
        "who": plain(found.who, 120),
        "reply": found.reply,
    }


def _resolve(connection: Connection, numbers: Sequence[int], at: datetime) -> None:
    over = {"state": "resolved", "open_key": None, "resolved_at": at, "snoozed_until": None}
    if numbers:
        connection.execute(update(INCIDENT).where(*only(INCIDENT.c.id, list(numbers))).values(**over))


def _situation(connection: Connection, at: datetime) -> Situation:
    since = at - NEWS_LASTS
    fresh = and_(INCIDENT.c.state.in_(LIVE), INCIDENT.c.news_at >= since)
    rows = connection.execute(select(INCIDENT).where(fresh).order_by(INCIDENT.c.id)).mappings()
    return Situation(tuple(_incident(row) for row in rows), pushed_since(connection, since))


def _incident(row: RowMapping) -> Incident:
    kept = {name: row[name] for name in Incident.__slots__ if name != "products"}
    return Incident(**kept, products=tuple(json.loads(row["products"])))


def _rule(row: RowMapping) -> AlertRule:
    kept = {name: row[name] for name in AlertRule.__slots__ if name != "products"}
    return AlertRule(**kept, products=tuple(json.loads(row["products"])))


def _mute(row: RowMapping) -> Mute:
    kept = {name: row[name] for name in Mute.__slots__ if name != "products"}
    return Mute(**kept, products=tuple(json.loads(row["products"])))
