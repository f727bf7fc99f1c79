"""How far the assistant may buy by itself, per supplier: watch, draft, or approve under a limit.

Each step up is a person's choice, and before it the report says what it would have done.  Whatever is
done by itself carries the rule in its note, is audited and can be taken back until it has been sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from tools.kit.proposals import Advice, Wish, advise, order_line
from tools.kit.words import money, pennies, plural, sentences
from tools.maths.replenishment import ProposedLine
from tools.store import Actor, Applied, BooksError, Store
from tools.store.buying_changes import ApproveOrder, DraftOrder

Level = Literal["watch", "draft", "auto"]
LEVELS: tuple[Level, ...] = ("watch", "draft", "auto")
BY_ITSELF = "Quartermaster"
CHANNEL = "autonomy"
KEPT_DAYS = 92
REPORT_DAYS = 28
DEAREST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Rung:
    """Where one supplier stands: ``limit`` is the most that one order may cost to be approved by itself."""

    supplier: str
    level: Level = "watch"
    limit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class AutonomousOrder:
    """What was done, or would have been done, for one supplier on one day.

    ``done`` is "watched", "drafted" or "approved"; ``po_no`` is empty where nothing was written, ``why``
    tells what kept it from the next step.
    """

    supplier: str
    day: date
    done: str
    lines: int
    cost: Decimal
    po_no: str = ""
    why: str = ""


def rung(store: Store, supplier: str) -> Rung:
    """Where a supplier stands; who was never put anywhere is only watched."""
    raw = _read(store.settings.get(_key(supplier)))
    level, limit = raw.get("level", "watch"), _money(raw.get("limit", "0"))
    if level not in LEVELS or limit is None:
        return Rung(supplier)
    return Rung(supplier, cast("Level", level), limit)


def rungs(store: Store) -> list[Rung]:
    """Where all suppliers stand."""
    return [rung(store, supplier.code) for supplier in store.catalogue().suppliers]


def put_on(store: Store, wanted: Rung, *, actor: Actor, at: datetime) -> str | None:
    """Put a supplier on a rung, with its audit row; why that cannot be, as a sentence, or None."""
    if store.catalogue().supplier(wanted.supplier) is None:
        return f"I know no supplier called {wanted.supplier}."
    if wanted.level not in LEVELS:
        return f"The levels are watch, draft and auto, not {wanted.level}."
    if not wanted.limit.is_finite() or not 0 <= wanted.limit <= DEAREST:
        return f"A limit is an amount of money up to {DEAREST:,}."
    if wanted.level == "auto" and wanted.limit == 0:
        return "To approve by itself it needs a limit above 0."
    value = json.dumps({"level": wanted.level, "limit": str(wanted.limit)})
    store.settings.set(_key(wanted.supplier), value, actor=actor, at=at)
    return None


def autonomous_orders(store: Store, now: datetime) -> list[AutonomousOrder]:
    """Do for each supplier what its rung allows, once a day, and tell what was or would have been done.

    Safe with several processes: each order is made under a name of its day and supplier, and its lines
    count as on order from then on.
    """
    today = now.date()
    advice = advise(store, list(store.catalogue().products.values()), Wish(today))
    found = []
    for code, lines in advice.by_supplier.items():
        if any(one.day == today for one in past(store, code)):
            continue
        one = _act(store, advice, rung(store, code), lines, now)
        _keep(store, one)
        found.append(one)
    return found


def _act(
    store: Store, advice: Advice, at: Rung, lines: Sequence[ProposedLine], now: datetime
) -> AutonomousOrder:
    cost = pennies(Decimal(str(sum(line.cost or 0.0 for line in lines))))
    day = now.date()
    if at.level == "watch":
        return AutonomousOrder(at.supplier, day, "watched", len(lines), cost)
    note = f"by itself, rule {at.level}" + (f" up to {at.limit}" if at.level == "auto" else "")
    change = DraftOrder(
        at.supplier,
        tuple(order_line(line, advice.places) for line in lines),
        max(line.arrives_on for line in lines),
        note,
    )
    try:
        number = _apply(store, change, f"autonomy:{day}:{at.supplier}:draft", now).documents[0]
    except BooksError as error:  # another process was there first, with other figures
        return AutonomousOrder(at.supplier, day, "watched", len(lines), cost, why=str(error))
    held = _held_back(at, lines, cost)
    if held:
        return AutonomousOrder(at.supplier, day, "drafted", len(lines), cost, number, held)
    try:
        _apply(store, ApproveOrder(number), f"autonomy:{day}:{at.supplier}:approve", now)
    except BooksError as error:
        return AutonomousOrder(at.supplier, day, "drafted", len(lines), cost, number, str(error))
    return AutonomousOrder(at.supplier, day, "approved", len(lines), cost, number)


def _held_back(at: Rung, lines: Sequence[ProposedLine], cost: Decimal) -> str:
    """Why an order has to wait for a person; "" where it may go."""
    if at.level != "auto":
        return "it waits for a person's yes"
    if any(line.unit_cost is None for line in lines):
        return "a line has no cost"
    if cost > at.limit:
        return f"it costs more than the limit of {at.limit}"
    return ""


def _apply(store: Store, change: DraftOrder | ApproveOrder, request_id: str, now: datetime) -> Applied:
    return store.apply(change, Actor(BY_ITSELF, CHANNEL), request_id=request_id, at=now, day=now.date())


# -- what was, and what would have been --------------------------------------------------------------


def past(store: Store, supplier: str) -> list[AutonomousOrder]:
    """What was or would have been done for a supplier, oldest first."""
    raw = _read(store.settings.get(_log(supplier)))
    return [
        AutonomousOrder(
            supplier,
            date.fromisoformat(one["day"]),
            one["done"],
            int(one["lines"]),
            Decimal(one["cost"]),
            one.get("po_no", ""),
            one.get("why", ""),
        )
        for one in raw.get("days", ())
    ]


def _keep(store: Store, one: AutonomousOrder) -> None:
    oldest = one.day - timedelta(days=KEPT_DAYS)
    kept = [*(each for each in past(store, one.supplier) if each.day > oldest), one]
    rows = [
        {
            "day": each.day.isoformat(),
            "done": each.done,
            "lines": each.lines,
            "cost": str(each.cost),
            "po_no": each.po_no,
            "why": each.why,
        }
        for each in kept
    ]
    store.settings.set(_log(one.supplier), json.dumps({"days": rows}))


@dataclass(frozen=True, slots=True)
class WouldHave:
    """What the next rung would have done in some days, beside what people did."""

    supplier: str
    days: int
    level: Level
    looked: int
    orders: int
    cost: Decimal
    approved: int
    people: int
    people_cost: Decimal

    def words(self, name: str, currency: str) -> str:
        """The report as sentences."""
        if not self.looked:
            return f"Nothing was watched for {name} yet, so I can't say what I would have done."
        verb = "drafted" if self.level == "draft" else "ordered"
        start = (
            f"Over {plural(self.days, 'day')} I would have {verb} {plural(self.orders, 'order')} from {name}"
        )
        spent = f"{start} for {money(self.cost, currency)}."
        alone = f"{self.approved} of them within the limit, without asking." if self.level == "auto" else ""
        people = f"You ordered {plural(self.people, 'time')} for {money(self.people_cost, currency)}."
        return sentences(spent, alone, people)


def would_have(
    store: Store,
    supplier: str,
    today: date,
    *,
    level: Level,
    limit: Decimal = Decimal(0),
    days: int = REPORT_DAYS,
) -> WouldHave:
    """What a rung would have done over the last days.

    A need that nobody met is seen again each night: it counts once, until people ordered or a lead
    time's worth of days (a week) has passed.
    """
    first = today - timedelta(days=days)
    seen = [one for one in past(store, supplier) if one.day > first]
    theirs = [
        order
        for order in store.purchasing.orders(supplier=supplier)
        if order.ordered_at is not None and order.ordered_at > first and order.status != "cancelled"
    ]
    counted = _once(seen, [order.ordered_at for order in theirs if order.ordered_at])
    return WouldHave(
        supplier,
        days,
        level,
        len(seen),
        len(counted),
        sum((one.cost for one in counted), Decimal(0)),
        sum(1 for one in counted if level == "auto" and one.cost <= limit),
        len(theirs),
        sum((order.value for order in theirs), Decimal(0)),
    )


def _once(seen: Sequence[AutonomousOrder], ordered: Sequence[date]) -> list[AutonomousOrder]:
    found: list[AutonomousOrder] = []
    for one in seen:
        last = found[-1].day if found else None
        met = last is not None and any(last <= day <= one.day for day in ordered)
        if last is None or met or (one.day - last).days >= 7 or one.done != "watched":
            found.append(one)
    return found


def _key(supplier: str) -> str:
    return f"autonomy:{supplier}"


def _log(supplier: str) -> str:
    return f"autonomy_log:{supplier}"


def _read(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _money(text: str) -> Decimal | None:
    try:
        found = Decimal(str(text))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= DEAREST else None
