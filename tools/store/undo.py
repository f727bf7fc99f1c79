"""Undo: reversing moves, never a deletion; refused with a reason where later facts stand on the change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, Select, case, exists, or_, select, update

from tools.store import outcomes, remarks, trip_events
from tools.store.alert_changes_made import alert_blocker, alert_events, take_back_alerts
from tools.store.allocate import NO_LOT
from tools.store.buying_events import events_of, standing_in_the_way, take_back
from tools.store.changes import BooksError
from tools.store.counting import COUNT, COUNTS
from tools.store.entry import LOCATIONS, LOTS, PRODUCTS, SETTINGS, Entry, read_piles, total
from tools.store.ledger import MOVES, Posting
from tools.store.outcomes import REQUESTS
from tools.store.said_made import signal_blocker, signal_events, take_back_signals
from tools.store.selling import take_back_sales
from tools.store.signal_made import decision_blocker, decisions_of, take_back_decisions
from tools.store.upkeep_made import events_of_upkeep, take_back_upkeep, upkeep_blocker

_ALREADY = "it was undone already"
_ITSELF = "that was an undo itself; make the change again instead"


@dataclass(frozen=True, slots=True)
class Group:
    """What one request wrote: moves, counts, steps of orders, alerts, a remark; no ``kind`` for an import."""

    kind: str

    moves: Sequence[RowMapping]
    counts: Sequence[RowMapping]
    events: Sequence[RowMapping]
    alerts: Sequence[RowMapping] = ()
    remark: bool = False
    upkeep: Sequence[RowMapping] = ()
    trips: Sequence[RowMapping] = ()
    signals: Sequence[RowMapping] = ()
    decisions: Sequence[RowMapping] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What a request wrote ("stock", "alert", "stop", "trip", kinds of steps of orders), and whose it was."""

    kinds: frozenset[str]
    actor: str


def made(connection: Connection, group_id: str) -> Made:
    """What this group changed, and whose change it was; nothing and "" where there is no such group."""
    group = _read(connection, group_id)
    kinds = {str(event["kind"]) for event in group.events}
    kinds |= {"stock"} if (group.moves or group.counts) and not group.trips else set()
    kinds |= {trip_events.right_kind(event["kind"]) for event in group.trips}
    kinds |= {"alert"} if group.alerts else set()
    kinds |= {"remark"} if group.remark else set()
    kinds |= {"upkeep"} if group.upkeep else set()
    kinds |= {"signal"} if group.signals else set()
    kinds |= {str(event["place"]) for event in group.decisions}
    actor = connection.execute(select(REQUESTS.c.actor).where(REQUESTS.c.group_id == group_id)).scalar()
    return Made(frozenset(kinds), str(actor or ""))


def blocker(connection: Connection, group_id: str) -> str | None:
    """Why this group cannot be undone, as the rest of a sentence; None where it can."""
    return _blocker(connection, _read(connection, group_id))


def undo(entry: Entry, group_id: str) -> None:
    """Reverse every move of the group, take back its sales and mark its counts.

    Raises:
        BooksError: later facts stand on it; the text says which.
    """
    group = _read(entry.connection, group_id)
    reason = _blocker(entry.connection, group)
    if reason:
        raise BooksError(reason)
    _tell_effects(entry, group)
    entry.journal.post([_reversed(move) for move in reversed(group.moves)])
    take_back_sales(entry, group_id)
    take_back(entry, group.events)
    take_back_alerts(entry, group.alerts)
    take_back_upkeep(entry, group.upkeep)
    trip_events.take_back(entry, group.trips)
    take_back_signals(entry, group.signals)
    take_back_decisions(entry, group.decisions)
    remarks.take_back(entry.connection, group_id)
    entry.connection.execute(update(COUNTS).where(COUNTS.c.group_id == group_id).values(undone=True))
    outcomes.mark_undone(entry.connection, group_id, entry.header.group_id)


def _read(connection: Connection, group_id: str) -> Group:
    moves = connection.execute(select(MOVES).where(MOVES.c.group_id == group_id).order_by(MOVES.c.seq))
    counts = connection.execute(select(COUNTS).where(COUNTS.c.group_id == group_id).order_by(COUNTS.c.id))
    kind = connection.execute(select(REQUESTS.c.kind).where(REQUESTS.c.group_id == group_id)).scalar()
    events, alerts = events_of(connection, group_id), alert_events(connection, group_id)
    remark = remarks.noted(connection, group_id)
    upkeep = events_of_upkeep(connection, group_id)
    trips = trip_events.events_of(connection, group_id)
    booked = (moves.mappings().all(), counts.mappings().all())
    signals, decisions = signal_events(connection, group_id), decisions_of(connection, group_id)
    return Group(kind or "", *booked, events, alerts, remark, upkeep, trips, signals, decisions)


def _blocker(connection: Connection, group: Group) -> str | None:
    if group.kind == outcomes.UNDO:
        return _ITSELF
    told = (group.events, group.alerts, group.remark, group.upkeep, group.trips)
    if not any((group.moves, group.counts, *told, group.signals, group.decisions)):
        return "there is no such change"
    if _is_undone(connection, group):
        return _ALREADY
    later = standing_in_the_way(connection, group.events) or alert_blocker(connection, group.alerts)
    later = later or upkeep_blocker(connection, group.upkeep)
    later = later or trip_events.standing_in_the_way(connection, group.trips)
    later = later or signal_blocker(connection, group.signals)
    later = later or decision_blocker(connection, group.decisions)
    return later or _counted_since(connection, group) or _gone_since(connection, group)


def _is_undone(connection: Connection, group: Group) -> bool:
    steps = (*group.events, *group.alerts, *group.upkeep, *group.trips, *group.signals, *group.decisions)
    if any(count["undone"] for count in group.counts) or any(step["undone_by"] for step in steps):
        return True
    seqs = [move["seq"] for move in group.moves]
    reversing = select(MOVES.c.seq).where(MOVES.c.reverses.in_(seqs)).limit(1)
    return connection.execute(reversing).first() is not None


def _counted_since(connection: Connection, group: Group) -> str | None:
    """A count that saw these moves has judged them already."""
    for move in group.moves:
        count = _judging_count(connection, group, move) or _judging_import(connection, move)
        if count:
            product, place = _names(connection, move["product_id"], count["location_id"])
            when = f"{count['recorded_at']:%d %b %Y}"
            return f"{product} at {place} was counted since, by {count['actor']} on {when}"
    return None


def _judging_count(connection: Connection, group: Group, move: RowMapping) -> RowMapping | None:
    own = max((count["id"] for count in group.counts), default=None)
    later = COUNTS.c.at_seq >= move["seq"]
    if move["kind"] == COUNT and own is not None:
        later = or_(later, COUNTS.c.id > own)
    found = connection.execute(
        select(COUNTS)
        .where(COUNTS.c.product_id == move["product_id"], COUNTS.c.undone.is_(False))
        .where(COUNTS.c.location_id.in_((move["from_location_id"], move["to_location_id"])))
        .where(or_(COUNTS.c.lot_id.is_(None), COUNTS.c.lot_id == move["lot_id"]), later)
        .limit(1)
    )
    return found.mappings().first()


def _judging_import(connection: Connection, move: RowMapping) -> RowMapping | None:
    """Stock figures that were imported later: their moves are counts, without a count row."""
    undoing = MOVES.alias("undoing")
    place = case(
        (MOVES.c.to_location_id.in_(_virtual()), MOVES.c.from_location_id), else_=MOVES.c.to_location_id
    )
    found = connection.execute(
        select(MOVES.c.actor, MOVES.c.recorded_at, place.label("location_id"))
        .where(MOVES.c.product_id == move["product_id"], MOVES.c.seq > move["seq"], MOVES.c.kind == COUNT)
        .where(
            MOVES.c.group_id != move["group_id"],
            place.in_((move["from_location_id"], move["to_location_id"])),
        )
        .where(~exists().where(COUNTS.c.group_id == MOVES.c.group_id))
        .where(~exists().where(undoing.c.reverses == MOVES.c.seq))
        .limit(1)
    )
    return found.mappings().first()


def _virtual() -> Select[tuple[int]]:
    return select(LOCATIONS.c.id).where(LOCATIONS.c.code.like("@%"))


def _gone_since(connection: Connection, group: Group) -> str | None:
    """Goods that would have to go back and are no longer there."""
    for (product_id, location_id, lot_id), change in _net(group.moves).items():
        if change < 0:
            reason = _missing(connection, (product_id, location_id, lot_id), -change)
            if reason:
                return reason
    return None


def _net(moves: Sequence[RowMapping]) -> dict[tuple[int, int, int], Decimal]:
    """What reversing the moves does to each place."""
    change: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for move in moves:
        lot = move["lot_id"] or NO_LOT
        change[move["product_id"], move["from_location_id"], lot] += move["quantity"]
        change[move["product_id"], move["to_location_id"], lot] -= move["quantity"]
    return change


def _missing(connection: Connection, key: tuple[int, int, int], wanted: Decimal) -> str | None:
    product_id, location_id, lot_id = key
    code = connection.execute(select(LOCATIONS.c.code).where(LOCATIONS.c.id == location_id)).scalar_one()
    if code.startswith("@") and code != "@transit":
        return None
    have = _may_leave(connection, key, may_owe=not code.startswith("@"))
    if have is None or have >= wanted:
        return None
    product, place = _names(connection, product_id, location_id)
    of_lot = _lot_words(connection, lot_id)
    return (
        f"only {have.normalize():f} of {product}{of_lot} are left at {place}, "
        f"and {wanted.normalize():f} would have to go back"
    )


def _may_leave(connection: Connection, key: tuple[int, int, int], *, may_owe: bool) -> Decimal | None:
    """How much of the lot can leave the place; None where the shop lets it go below zero."""
    product_id, location_id, lot_id = key
    piles = read_piles(connection, product_id, location_id)
    of_lot = total([pile for pile in piles if pile.lot_id == lot_id])
    if _allows_negative(connection):
        return None if may_owe and lot_id == NO_LOT else of_lot
    return max(min(of_lot, total(piles)), Decimal(0))


def _allows_negative(connection: Connection) -> bool:
    value = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.key == "allow_negative")).scalar()
    return value == "1"


def _names(connection: Connection, product_id: int, location_id: int) -> tuple[str, str]:
    product = connection.execute(select(PRODUCTS.c.name).where(PRODUCTS.c.id == product_id)).scalar_one()
    place = connection.execute(select(LOCATIONS.c.name).where(LOCATIONS.c.id == location_id)).scalar_one()
    return str(product), str(place)


def _lot_words(connection: Connection, lot_id: int) -> str:
    code = connection.execute(select(LOTS.c.code).where(LOTS.c.id == lot_id)).scalar()
    return f" (lot {code})" if code else ""


def _reversed(move: RowMapping) -> Posting:
    return Posting(
        product_id=move["product_id"],
        lot_id=move["lot_id"] or NO_LOT,
        quantity=move["quantity"],
        source_id=move["to_location_id"],
        destination_id=move["from_location_id"],
        kind=outcomes.UNDO,
        reason=f"undo: {move['kind']}",
        document=move["document"],
        reverses=move["seq"],
    )


def _tell_effects(entry: Entry, group: Group) -> None:
    change: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for (product_id, location_id, _), delta in _net(group.moves).items():
        change[product_id, location_id] += delta
    for (product_id, location_id), delta in change.items():
        place = entry.place_of(location_id)
        if place.is_physical:
            good = entry.good_of(product_id)
            piles = entry.piles(good, place)
            touched = [pile for pile in piles if _touches(group.moves, product_id, location_id, pile.lot_id)]
            entry.remember(good, place, total(piles), delta, touched)
            entry.note_oversold(good, place)


def _touches(moves: Sequence[RowMapping], product_id: int, location_id: int, lot_id: int) -> bool:
    return any(
        move["product_id"] == product_id
        and (move["lot_id"] or NO_LOT) == lot_id
        and location_id in (move["from_location_id"], move["to_location_id"])
        for move in moves
    )
