"""Worth stocking?  What things that are not carried might sell, who asked, and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from tools.kit.ask import Ask
from tools.kit.demand_signals_words import quoted
from tools.kit.reply import Source
from tools.kit.said import customers
from tools.kit.slots import Period
from tools.kit.words import capital, day, facts, first_few, money, plural
from tools.maths.signals.stocking import Carried, Estimate, worth_stocking
from tools.store import Store
from tools.store.signal_facts import Remark, Signal, Wish

WEEK = 7
EARLY_WEEKS = 8
DAY = timedelta(days=1)
# A first sale so soon after the books begin is no launch: the product was there before.
BEFORE_THE_BOOKS = 28 * DAY
# Further back than this nothing is read.
FURTHEST = 3 * 365 * DAY
WEEKS_TOLD = 4
MOST_LIKE = 3
# One customer's wish is no reason to reckon.
LEAST_ASKED = 2


@dataclass(frozen=True)
class Worth:
    """A thing that is asked for and not carried, and what it might sell.

    ``customers`` are different ones (copies and campaigns count once), ``known`` how many of them are
    known people, ``estimate`` None where nothing was ever sold.
    """

    wish: Wish
    customers: int
    known: int
    first: date
    last: date
    quotes: tuple[Signal, ...]
    estimate: Estimate | None

    @property
    def row(self) -> dict[str, Any]:
        """The figures for ``data``."""
        one = self.estimate
        row = facts(
            wish=self.wish.id,
            name=self.wish.name,
            customers=self.customers,
            known_customers=self.known,
            first_asked=self.first,
            last_asked=self.last,
            quotes=[signal.quote for signal in self.quotes],
        )
        if one is None:
            return row
        return {
            **row,
            "weeks": one.weeks,
            "mean": round(one.mean, 1),
            "low": round(one.low, 1),
            "high": round(one.high, 1),
            "like": list(one.like),
        }


def worth(ask: Ask, wishes: Sequence[Wish]) -> list[Worth]:
    """What these wishes might sell, the most wanted first."""
    asked = [wish for wish in wishes if wish.signals]
    carried = early_sales(ask.store, ask.today) if asked else []
    numbers = sorted({signal.remark for wish in asked for signal in wish.signals})
    texts = ask.store.said.remarks(numbers=numbers, limit=len(numbers)) if numbers else []
    remarks = {remark.id: remark for remark in texts}
    found = [_worth(wish, carried, remarks) for wish in asked]
    return sorted(found, key=lambda one: (-one.customers, one.wish.name))


def worth_by_wish(ask: Ask, days: Period) -> dict[int, Worth]:
    """What was wished for in some days, by the number of the wish."""
    return {one.wish.id: one for one in worth(ask, ask.store.said.wishes(since=days.first, until=days.last))}


def _worth(wish: Wish, carried: Sequence[Carried], remarks: Mapping[int, Remark]) -> Worth:
    days = sorted(one.at.date() for one in wish.signals)
    people = {one.person for one in wish.signals if one.person}
    quotes = tuple({one.quote.lower(): one for one in reversed(wish.signals)}.values())
    return Worth(
        wish,
        customers(wish.signals, remarks),
        len(people),
        days[0],
        days[-1],
        quotes[:3],
        worth_stocking(wish.name, "", carried, WEEKS_TOLD),
    )


def early_sales(store: Store, today: date) -> list[Carried]:
    """What each product sold in its first weeks; of those that were there before the books, in its last."""
    covered = store.sales.coverage()
    if covered is None:
        return []
    first, last = max(covered[0], today - FURTHEST), min(covered[1], today - DAY)
    newest = max(first, last - (EARLY_WEEKS * WEEK - 1) * DAY)
    begun = store.sales.first_sold(first, last)
    starts = {sku: newest if day - first < BEFORE_THE_BOOKS else day for sku, day in begun.items()}
    sold = _sold_from(store, starts, last)
    return [
        Carried(
            sku,
            product.name,
            product.category,
            _early(sold.get(sku, {}), starts[sku], last),
            None if product.price is None else float(product.price),
        )
        for sku, product in store.catalogue().products.items()
        if sku in starts
    ]


def _sold_from(store: Store, starts: Mapping[str, date], last: date) -> dict[str, dict[date, float]]:
    """Units by product and day, of no more than the weeks in question: years of sales are not read."""
    weeks, together = EARLY_WEEKS * WEEK, defaultdict(list)
    for sku, start in starts.items():
        together[(last - start).days // weeks].append(sku)
    sold: dict[str, dict[date, float]] = defaultdict(dict)
    for skus in together.values():
        begin = min(starts[sku] for sku in skus)
        end = min(max(starts[sku] for sku in skus) + weeks * DAY, last)
        for sku, _, when, units, _ in store.demand.net(first=begin, last=end, skus=skus):
            sold[sku][when] = sold[sku].get(when, 0.0) + units
    return sold


def _early(by_day: Mapping[date, float], start: date, last: date) -> Any:
    """Units of each of up to eight whole weeks from a day on."""
    weeks = min(EARLY_WEEKS, ((last - start).days + 1) // WEEK)
    found = np.zeros(max(weeks, 0))
    for when, units in by_day.items():
        week = (when - start).days // WEEK
        if 0 <= week < weeks:
            found[week] += units
    return np.maximum(found, 0.0)


# -- words -------------------------------------------------------------------------------------------


def worth_words(ask: Ask, one: Worth) -> str:
    """One wish in a sentence or two: who asked, what it might sell, and the doubt."""
    since = f"since {day(one.first, ask.today)}" if one.first < ask.today else "today"
    head = f"{plural(one.customers, 'customer')} asked for {one.wish.name} {since}"
    quotes = quoted(one.quotes[:1])
    said = f": {quotes}" if quotes else ""
    return f"{head}{said}. {estimate_words(ask, one)}".strip()


def estimate_words(ask: Ask, one: Worth) -> str:
    """What it might sell: "Worth stocking? Things like it (…) sold about 12 …, in 8 of 10 cases 3 to 28"."""
    found = one.estimate
    if found is None:
        return ""
    span = f"{_units(found.low)} to {_units(found.high)}"
    if not found.like:
        return (
            "Nothing that you carry is like it; any new thing here sold "
            f"about {_units(found.mean)} in its first {found.weeks} weeks (in 8 of 10 cases {span}): a guess."
        )
    names = [ask.catalogue.products[sku].name for sku in found.like if sku in ask.catalogue.products]
    return (
        f"Worth stocking? Things like it ({first_few(names, MOST_LIKE)}) sold about {_units(found.mean)} in "
        f"their first {found.weeks} weeks; for it that means in 8 of 10 cases {span}{_takings(ask, found)}."
    )


def worth_line(ask: Ask, found: Sequence[Worth]) -> str:
    """The most wanted thing that several customers asked for, and what it might sell; "" where none is."""
    most = max(found, key=lambda one: (one.customers, one.last), default=None)
    if most is None or most.customers < LEAST_ASKED or most.estimate is None:
        return ""
    words = estimate_words(ask, most)
    return f"{capital(most.wish.name)}: {words[0].lower()}{words[1:]}"


def _units(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 or value == 0 else f"{value:.1f}"


def _takings(ask: Ask, found: Estimate) -> str:
    if not found.price:
        return ""
    taken = money(Decimal(round(found.mean * found.price)), ask.catalogue.currency).removesuffix(".00")
    return f", about {taken} at the price of these"


def worth_source(ask: Ask, found: Sequence[Worth]) -> Source:
    """What the estimates stand on, a line for each."""
    rows = [
        f"{one.wish.name}: {plural(one.customers, 'customer')}, {one.known} of them known by name"
        + (f"; like {', '.join(one.estimate.like)}" if one.estimate and one.estimate.like else "")
        for one in found
    ]
    return Source(
        "Requests for things that are not carried", f"up to {day(ask.today, ask.today)}", tuple(rows)
    )
