"""What is new in customers' words: a line for the morning, a message for the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tools.kit.ask import Ask
from tools.kit.reply import Reply
from tools.kit.said import ASPECTS, TOLD, Heard, customers, quote_row, quoted
from tools.kit.said_wishes import Wanted, wanted
from tools.kit.slots import Period
from tools.kit.words import first_few, plural
from tools.store.signal_facts import (
    DELIVERY,
    PRAISE,
    PRICE,
    PRODUCT,
    QUALITY,
    RETURN,
    STOCKOUT,
    VARIANT,
    Signal,
)

WEEK_DAYS = 7
MOST_NAMED, MOST_ASPECTS = 3, 3
TROUBLES = (QUALITY, DELIVERY, PRICE, RETURN)
WISHES = {
    PRODUCT: "Asked for, not carried",
    VARIANT: "Wanted in another size or kind",
    STOCKOUT: "Asked for and not to be had",
}


def heard_on(ask: Ask, first: date, last: date) -> Heard:
    """All that was said from one day to another."""
    return Heard(ask, None, Period(first, last))


def news_line(heard: Heard) -> str:
    """What customers said, for the brief of a day; "" where that was nothing, or praise alone."""
    told = [one for one in heard.aspects if one.type != PRAISE]
    if not told:
        return ""
    parts = [
        f"{one.customers} {TOLD[one.type][one.customers != 1]}{_things(heard, one.type)}" for one in told
    ]
    urgent = [one for one in heard.quotes() if one.urgency == "high"]
    words = f"; urgent: {quoted(urgent[0].quote)}" if urgent else ""
    return f"Customers' words: {first_few(parts, MOST_ASPECTS)}{words}."


def _things(heard: Heard, kind: str) -> str:
    """What it is about, the most usual first: " (Red Mug 350ml and 2 more)"."""
    names = Counter(_name(heard.ask, one) for one in heard.signals if one.type == kind)
    named = [name for name, _ in names.most_common() if name]
    return f" ({first_few(named, 2)})" if named else ""


def _name(ask: Ask, one: Signal) -> str:
    product = ask.catalogue.products.get(one.sku or "")
    return product.name if product else one.mention


def news_data(heard: Heard) -> dict[str, Any]:
    """The figures of :func:`news_line`."""
    return {
        "customers": heard.customers,
        "rows": [one.row for one in heard.aspects],
        "quotes": [quote_row(one) for one in heard.quotes(MOST_NAMED)],
    }


def weekly_words(ask: Ask) -> Reply | None:
    """The customers' words of the last seven days in a few lines; None where there were none."""
    days = Period(ask.today - timedelta(days=WEEK_DAYS), ask.today - timedelta(days=1))
    heard = Heard(ask, None, days)
    if not heard.signals:
        return None
    asked = wanted(ask, days)
    doubtful = ask.store.said.figures().doubtful
    lines = [
        *(_asked(asked, kind) for kind in WISHES),
        *(_trouble(heard, kind) for kind in TROUBLES),
        _praise(heard),
        _urgent(heard.signals),
        f"{plural(doubtful, 'thing')} I was not sure of: the page “Customers' words” shows them."
        if doubtful
        else "",
    ]
    before = f" ({heard.customers_before} the week before)" if heard.customers_before is not None else ""
    head = f"What {plural(heard.customers, 'customer')} said last week{before}:"
    text = "\n".join([head, *(f"• {line}" for line in lines if line)])
    data: Mapping[str, Any] = {
        **news_data(heard),
        "before": heard.customers_before,
        "requests": [one.row for one in asked[:10]],
        "doubtful": doubtful,
        "period": days.to_json(),
    }
    return Reply(text, data, sources=(heard.source(),))


def _asked(asked: Sequence[Wanted], kind: str) -> str:
    named = [
        f"{one.name}{f', {one.attribute}' if one.attribute else ''} ({one.customers})"
        for one in asked
        if one.kind == kind
    ]
    return f"{WISHES[kind]}: {first_few(named, MOST_NAMED)}." if named else ""


def _trouble(heard: Heard, kind: str) -> str:
    said = [one for one in heard.signals if one.type == kind]
    if not said:
        return ""
    number = customers(said, heard.remarks)
    latest = max(said, key=lambda one: one.at)
    return f"{ASPECTS[kind]}: {plural(number, 'customer')}{_things(heard, kind)}. {quoted(latest.quote)}"


def _praise(heard: Heard) -> str:
    said = [one for one in heard.signals if one.type == PRAISE]
    return (
        f"Praise from {plural(customers(said, heard.remarks), 'customer')}{_things(heard, PRAISE)}."
        if said
        else ""
    )


def _urgent(said: Sequence[Signal]) -> str:
    high = [one for one in said if one.urgency == "high"]
    return f"Urgent: {first_few([quoted(one.quote) for one in high], MOST_NAMED)}." if high else ""
