"""What was read from customers' words, as the books keep it: written once for each text and version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from tools.store.among import PRODUCT as GOODS
from tools.store.among import plain_text, table_of
from tools.store.imports_plain import chunks
from tools.store.signal_facts import CONFIRMED, DOUBTFUL, PRODUCT, REJECTED, SURE, Mined, MinedText
from tools.store.tables import DemandSignalRow, FeedbackRow, SignalEventRow, WishRow

REMARK, SIGNAL, WISH = table_of(FeedbackRow), table_of(DemandSignalRow), table_of(WishRow)
EVENT = table_of(SignalEventRow)
JUDGED = (CONFIRMED, REJECTED)
# Beneath this a signal is shown to a person first, whatever its reader thinks of it.
LEAST_CONFIDENCE = 0.5
MOST_LETTERS = 200


def keep(
    connection: Connection, number: int, found: MinedText, version: str, products: Mapping[str, int]
) -> bool:
    """Write what was read from one text, in place of what an older version read; whether it was news.

    A text that a person has judged stays as the person left it.
    """
    marked = update(REMARK).where(REMARK.c.id == number, REMARK.c.mined_by != version)
    values = {
        "mined_by": version,
        "language": found.language[:8],
        "readable": found.readable,
        "polarity": found.doc_polarity,
    }
    columns = (REMARK.c.text, REMARK.c.product_id)
    row = connection.execute(marked.values(**values).returning(*columns)).first()
    if row is None:
        return False
    ours = SIGNAL.c.feedback_id == number
    judged = select(SIGNAL.c.id).where(ours, SIGNAL.c.state.in_(JUDGED)).limit(1)
    if connection.execute(judged).first() is not None:
        return True
    connection.execute(delete(SIGNAL).where(ours))
    rows = [_row(one, row.text, products) for one in found.signals]
    rows = [{**one, "product_id": _product(connection, one, row.product_id)} for one in rows]
    if rows:
        stamp = {"feedback_id": number, "model_version": version}
        connection.execute(insert(SIGNAL), [{**row, **stamp} for row in rows])
    return True


def _product(connection: Connection, one: Mapping[str, Any], filed: int | None) -> int | None:
    """What it is about: what the words name, but for its make the product that the text was filed under.

    A wish for what is not carried, named by its own words, stays one.
    """
    read: int | None = one["product_id"]
    if filed is None or read == filed or (one["type"] == PRODUCT and one["mention"]):
        return read
    if read is None:
        return filed
    kinds = select(GOODS.c.category).where(GOODS.c.id.in_((read, filed))).distinct()
    return filed if len(connection.execute(kinds).all()) == 1 else read


def _row(one: Mined, text: str, products: Mapping[str, int]) -> dict[str, Any]:
    start = min(max(one.start, 0), len(text))
    end = one.end if start < one.end <= len(text) else len(text)
    sure = one.sure and one.confidence >= LEAST_CONFIDENCE
    return {
        "type": one.type,
        "product_id": products.get(one.sku or ""),
        "wish_id": None,
        "mention": plain_text(one.mention or "")[:MOST_LETTERS],
        "attribute": plain_text(one.attribute or "")[:MOST_LETTERS],
        "polarity": one.polarity,
        "urgency": one.urgency,
        "quote_start": start,
        "quote_end": end,
        "confidence": one.confidence,
        "state": SURE if sure else DOUBTFUL,
        "corrected_by": "",
    }


def wished(connection: Connection) -> list[tuple[int, str, int | None]]:
    """Every request for a thing that is not carried: the signal's number, its words, its wish so far."""
    query = select(SIGNAL.c.id, SIGNAL.c.mention, SIGNAL.c.wish_id).where(
        SIGNAL.c.type == PRODUCT,
        SIGNAL.c.product_id.is_(None),
        SIGNAL.c.mention != "",
        SIGNAL.c.state != REJECTED,
    )
    return [(row.id, row.mention, row.wish_id) for row in connection.execute(query.order_by(SIGNAL.c.id))]


def link(connection: Connection, clusters: Sequence[tuple[str, Sequence[str]]], at: datetime) -> int:
    """Tie each request to its wish: ``clusters`` are names with all words for the thing; how many changed.

    A cluster keeps the wish that most of its requests had, so that a thing stays the same one as its words
    become more; wishes that nobody has any more go.
    """
    place = {word: number for number, (_, words) in enumerate(clusters) for word in words}
    of_each: dict[int, list[tuple[int, int | None]]] = {}
    for signal, mention, wish in wished(connection):
        if mention in place:
            of_each.setdefault(place[mention], []).append((signal, wish))
    changed, taken = 0, set[int]()
    for cluster, found in sorted(of_each.items(), key=lambda each: -len(each[1])):
        number = _wish_of(connection, clusters[cluster][0], [wish for _, wish in found], taken, at)
        taken.add(number)
        moved = [signal for signal, wish in found if wish != number]
        changed += len(moved)
        for some in chunks(moved):
            connection.execute(update(SIGNAL).where(SIGNAL.c.id.in_(some)).values(wish_id=number))
    drop_empty_wishes(connection)
    return changed


def _wish_of(
    connection: Connection, name: str, known: Sequence[int | None], taken: set[int], at: datetime
) -> int:
    free = [wish for wish in known if wish is not None and wish not in taken]
    key = plain_text(name).casefold()[:MOST_LETTERS]
    if free:
        number = max(sorted(set(free)), key=free.count)
        other = select(WISH.c.id).where(WISH.c.key == key, WISH.c.id != number)
        if connection.execute(other).first() is None:
            named = {"key": key, "name": plain_text(name)[:MOST_LETTERS]}
            connection.execute(update(WISH).where(WISH.c.id == number).values(**named))
        return number
    same = connection.execute(select(WISH.c.id).where(WISH.c.key == key)).scalar()
    if same is not None and same not in taken:
        return int(same)
    row = {"key": key if same is None else f"{key[:180]} {at:%Y%m%d%H%M%S%f}", "name": name[:MOST_LETTERS]}
    made = insert(WISH).values(**row, made_at=at).returning(WISH.c.id)
    return int(connection.execute(made).scalar_one())


def drop_empty_wishes(connection: Connection) -> None:
    """Wishes that no signal belongs to any more go."""
    used = select(SIGNAL.c.wish_id).where(SIGNAL.c.wish_id.is_not(None))
    connection.execute(delete(WISH).where(WISH.c.id.not_in(used)))


def drop_read(connection: Connection, numbers: Select[Any]) -> int:
    """What was read from these remarks goes, with what people did about it; how many signals."""
    signals = select(SIGNAL.c.id).where(SIGNAL.c.feedback_id.in_(numbers))
    gone = int(connection.execute(select(func.count()).select_from(signals.subquery())).scalar_one())
    if gone:
        connection.execute(delete(EVENT).where(EVENT.c.place == "signal", EVENT.c.row_id.in_(signals)))
        connection.execute(delete(SIGNAL).where(SIGNAL.c.feedback_id.in_(numbers)))
        drop_empty_wishes(connection)
    return gone
