"""What customers ask for and do not find."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tools.kit import (
    Ask,
    Block,
    Button,
    Category,
    Detail,
    Refused,
    Reply,
    Result,
    Right,
    Span,
    Table,
    tool,
    words,
)
from tools.kit.choose import category_skus
from tools.kit.demand_signals_wishes import worth_by_wish, worth_line, worth_source
from tools.kit.purchases import packed, unpacked
from tools.kit.reply import Call
from tools.kit.said import quoted, source_of, unread_words, usual_days
from tools.kit.said_wishes import Wanted, picks, wanted
from tools.store.signal_facts import PRODUCT, STOCKOUT, VARIANT

MOST_SAID, MOST_ROWS, MOST_FIGURES = 4, 30, 200
NAMED = {
    PRODUCT: "things we don't carry",
    VARIANT: "other kinds of what we carry",
    STOCKOUT: "things that were not to be had",
}
PICK = "pick"


@tool(
    right=Right.SEE_SALES,
)
def requests(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    detail: Detail | None = None,
) -> Result:
    """List what customers ask for: things not carried, other kinds, what was not to be had."""
    days, assumed = usual_days(ask, period)
    if unpacked(detail).get("do") == PICK:
        return _offered(picks(ask, days))
    skus = category_skus(ask, category) if category else None
    if isinstance(skus, Refused):
        return skus
    found = wanted(ask, days, skus)
    within = f" in {category}" if category else ""
    when = words.during(days, ask.today)
    note = Button("A customer asked for …", Call("feedback.requests", {"detail": packed(do=PICK)}))
    worths = worth_by_wish(ask, days) if any(one.wish for one in found) else {}
    rows = [
        {**one.row, "estimate": worths[one.wish].row} if one.wish in worths else one.row
        for one in found[:MOST_FIGURES]
    ]
    data = {"rows": rows, "period": days.to_json()}
    if not found:
        none = f"Nobody asked for anything{within} {when} that we could not sell."
        text = words.sentences(none, assumed, unread_words(ask))
        return Reply(text, {**data, "total": 0}, buttons=(note,))
    parts = [part for part in (_part(found, kind) for kind in NAMED) if part]
    text = words.sentences(
        f"What people ask for{within} {when}: {'; '.join(parts) or _unnamed(found)}.",
        worth_line(ask, list(worths.values())),
        f"Last: {quoted(_latest(found).latest.quote)}.",
        assumed,
        unread_words(ask),
    )
    totals = {"total": len(found), "customers": {kind: _sum(found, kind) for kind in NAMED}}
    every = {one.remark for each in found for one in each.said}
    texts = {remark.id: remark for remark in ask.store.said.remarks(numbers=sorted(every), limit=len(every))}
    source = source_of([one for each in found for one in each.said], texts)
    sources = (source, worth_source(ask, list(worths.values()))) if worths else (source,)
    return Reply(text, {**data, **totals}, _blocks(ask, found), (note,), sources)


def _offered(buttons: tuple[Button, ...]) -> Reply:
    names = [button.label for button in buttons]
    if not names:
        return Reply(
            "What did the customer ask for? Say it like “a customer asked for oat milk”.", {"options": []}
        )
    return Reply(
        "What did the customer ask for? Choose, or say it in your words.", {"options": names}, (), buttons
    )


def _part(found: Sequence[Wanted], kind: str) -> str:
    mine = [one for one in found if one.kind == kind]
    named = [f"{_name(one)} ({one.customers})" for one in mine if one.is_named]
    return f"{NAMED[kind]}: {words.first_few(named, MOST_SAID)}" if named else ""


def _unnamed(found: Sequence[Wanted]) -> str:
    return f"{words.plural(len(found), 'thing')} that nobody named"


def _name(one: Wanted) -> str:
    return f"{one.name}, {one.attribute}" if one.attribute else one.name


def _sum(found: Sequence[Wanted], kind: str) -> int:
    return sum(one.customers for one in found if one.kind == kind)


def _latest(found: Sequence[Wanted]) -> Wanted:
    return max(found, key=lambda one: one.latest.at)


def _blocks(ask: Ask, found: Sequence[Wanted]) -> tuple[Block, ...]:
    rows = tuple(
        (
            words.capital(_name(one)),
            NAMED[one.kind],
            Decimal(one.customers),
            words.near_day(one.latest.at.date(), ask.today),
            quoted(one.latest.quote),
        )
        for one in found[:MOST_ROWS]
    )
    return (Table(("Asked for", "", "Customers", "Last", "In their words"), rows),)
