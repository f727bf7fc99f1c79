"""What customers said about some things in some days: who, what, how often, in whose words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tools.kit.ask import Ask
from tools.kit.reply import Chart, Series, Source, Table
from tools.kit.slots import Period
from tools.kit.words import first_few, near_day, plural
from tools.maths.signals.voices import Utterance, voices
from tools.store.signal_facts import (
    DELIVERY,
    OTHER,
    PRAISE,
    PRICE,
    PRODUCT,
    QUALITY,
    RETURN,
    STOCKOUT,
    VARIANT,
    Remark,
    Signal,
)

USUAL_DAYS = 90
MOST_QUOTES, MOST_LETTERS = 8, 160
WEEK = timedelta(days=7)
ASPECTS: Mapping[str, str] = {
    STOCKOUT: "Not to be had",
    PRODUCT: "Asked for, not carried",
    VARIANT: "Another size or kind",
    QUALITY: "Quality",
    DELIVERY: "Delivery",
    PRICE: "Price",
    PRAISE: "Praise",
    RETURN: "Sent back",
    OTHER: "Other",
}
"""What each type of signal is called where it stands in a table."""
TOLD: Mapping[str, tuple[str, str]] = {
    STOCKOUT: ("found it not to be had", "found it not to be had"),
    PRODUCT: ("asked for something we don't carry", "asked for something we don't carry"),
    VARIANT: ("wants another size or kind", "want another size or kind"),
    QUALITY: ("told of poor quality", "told of poor quality"),
    DELIVERY: ("had trouble with a delivery", "had trouble with a delivery"),
    PRICE: ("found it dear", "found it dear"),
    PRAISE: ("praised it", "praised it"),
    RETURN: ("wanted to send it back", "wanted to send it back"),
}
"""What one customer, or several, did."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One type of signal: how many different customers, now and in the same days before (None: unknown)."""

    type: str
    customers: int
    signals: int
    share: float
    before: int | None

    @property
    def row(self) -> dict[str, Any]:
        """For ``data``."""
        return {
            "type": self.type,
            "aspect": ASPECTS[self.type],
            "customers": self.customers,
            "signals": self.signals,
            "share": round(self.share, 3),
            "before": self.before,
        }


@dataclass(frozen=True)
class Heard:
    """What was said about some products (all for None) in some days."""

    ask: Ask
    skus: tuple[str, ...] | None
    days: Period

    @cached_property
    def signals(self) -> list[Signal]:
        """What figures are made of: sure or confirmed, and about something."""
        return _about(self.ask, self.skus, self.days)

    @cached_property
    def _before(self) -> list[Signal] | None:
        """The same for as many days before; None where no words are known from then."""
        earlier, first = self.days.previous, self.ask.store.said.figures().first
        known = first is not None and first <= earlier.first
        return _about(self.ask, self.skus, earlier) if known else None

    @cached_property
    def remarks(self) -> dict[int, Remark]:
        """The texts behind the signals, by number."""
        numbers = {one.remark for one in (*self.signals, *(self._before or ()))}
        found = self.ask.store.said.remarks(numbers=sorted(numbers), limit=max(len(numbers), 1))
        return {remark.id: remark for remark in found}

    @cached_property
    def customers(self) -> int:
        """Different customers, each once, whatever they said."""
        return customers(self.signals, self.remarks)

    @cached_property
    def customers_before(self) -> int | None:
        """The same in as many days before."""
        return None if self._before is None else customers(self._before, self.remarks)

    @cached_property
    def aspects(self) -> list[Aspect]:
        """By type, the most customers first."""
        now, before = _by_type(self.signals), _by_type(self._before or ())
        total = sum(len(said) for said in now.values())
        found = [
            Aspect(
                kind,
                customers(said, self.remarks),
                len(said),
                len(said) / total,
                None if self._before is None else customers(before.get(kind, ()), self.remarks),
            )
            for kind, said in now.items()
        ]
        return sorted(found, key=lambda one: (-one.customers, one.type))

    def quotes(self, most: int = MOST_QUOTES) -> list[Signal]:
        """Signals to quote: of each type in turn the latest, each text once, readable ones first."""
        queues = [
            sorted((one for one in self.signals if one.type == aspect.type), key=_quotable)
            for aspect in self.aspects
        ]
        found: dict[str, Signal] = {}
        for turn in range(max((len(queue) for queue in queues), default=0)):
            for queue in queues:
                if turn < len(queue) and len(found) < most:
                    found.setdefault(queue[turn].quote, queue[turn])
        return list(found.values())

    def chart(self, title: str) -> Chart | None:
        """Customers by week, praise beside the rest; None for less than two weeks."""
        first = self.days.first - timedelta(days=self.days.first.weekday())
        weeks = [first + number * WEEK for number in range((self.days.last - first).days // 7 + 1)]
        if len(weeks) < 2 or not self.signals:
            return None
        sets = {
            "Praise": [one for one in self.signals if one.type == PRAISE],
            "Wishes and troubles": [one for one in self.signals if one.type != PRAISE],
        }
        series = tuple(
            Series(name, tuple(float(self._in_week(said, week)) for week in weeks))
            for name, said in sets.items()
            if said
        )
        return Chart(title, "bar", tuple(week.isoformat() for week in weeks), series, "customers a week")

    def _in_week(self, said: Sequence[Signal], week: date) -> int:
        return customers([one for one in said if week <= one.at.date() < week + WEEK], self.remarks)

    def source(self) -> Source:
        """Where the figures come from, text by text."""
        return source_of(self.signals, self.remarks)


def _about(ask: Ask, skus: Collection[str] | None, days: Period) -> list[Signal]:
    found = ask.store.said.signals(skus=skus, since=days.first, until=days.last)
    return [one for one in found if one.type != OTHER]


def _by_type(said: Iterable[Signal]) -> dict[str, list[Signal]]:
    found: dict[str, list[Signal]] = defaultdict(list)
    for one in said:
        found[one.type].append(one)
    return found


def _quotable(one: Signal) -> tuple[bool, bool, float]:
    return len(one.quote) > MOST_LETTERS, "\n" in one.quote, -one.at.timestamp()


def customers(said: Sequence[Signal], remarks: Mapping[int, Remark]) -> int:
    """Different customers behind some signals: a person once, copies of one text once (see ``voices``)."""
    spoken = {one.remark: one for one in said}
    uttered = [
        Utterance(one.at, remarks[number].text if number in remarks else one.quote, one.person, one.channel)
        for number, one in spoken.items()
    ]
    heard = voices(uttered)
    named = {uttered[one.members[0]].person for one in heard} - {""}
    return len(named) + sum(1 for one in heard if not uttered[one.members[0]].person)


def quoted(text: str) -> str:
    """A customer's own words in quotation marks; what is too long is cut behind a word, and told."""
    if len(text) <= MOST_LETTERS:
        return f"“{text}”"
    return f"“{text[:MOST_LETTERS].rsplit(None, 1)[0]}” …"


def quote_row(one: Signal) -> dict[str, Any]:
    """One quote for ``data``, exactly as it was written."""
    return {
        "quote": one.quote,
        "type": one.type,
        "sku": one.sku,
        "channel": one.channel,
        "at": one.at.isoformat(timespec="minutes"),
        "remark": one.remark,
    }


def quotes_table(ask: Ask, said: Sequence[Signal]) -> Table:
    """Quotes with what they are about."""
    rows = tuple(
        (
            quoted(one.quote),
            ASPECTS[one.type],
            one.channel.replace("_", " "),
            near_day(one.at.date(), ask.today),
        )
        for one in said
    )
    return Table(("In their words", "About", "Where", "When"), rows)


def source_of(said: Sequence[Signal], remarks: Mapping[int, Remark]) -> Source:
    """The texts behind some signals, by channel."""
    numbers = sorted({one.remark for one in said})
    channels = Counter(remarks[number].channel for number in numbers if number in remarks)
    where = first_few(
        [f"{name.replace('_', ' ') or 'unknown'} {count}" for name, count in channels.most_common()]
    )
    what = f"Customers' words, {plural(len(numbers), 'text')}" + (f" ({where})" if where else "")
    rows = tuple(
        f"{one.at:%Y-%m-%d} {one.type}{f' {one.sku}' if one.sku else ''}: {quoted(one.quote)}"
        for one in said[-50:]
    )
    models = sorted({one.model for one in said if one.model})
    return Source(what, as_of=f"read by {models[-1]}" if models else "", rows=rows)


def usual_days(ask: Ask, asked: Period | None) -> tuple[Period, str]:
    """The days that a question is about, and the assumption in words where none were named."""
    if asked is not None:
        return asked, ""
    days = Period(ask.today - timedelta(days=USUAL_DAYS - 1), ask.today)
    return days, f"You named no days, so this is the last {USUAL_DAYS} days."


def unread_words(ask: Ask) -> str:
    """The sentence about texts that nobody has read yet; "" where all are read."""
    waiting = ask.store.said.figures().never
    if not waiting:
        return ""
    verb = "text has" if waiting == 1 else "texts have"
    return f"{waiting:,} {verb} not been read yet, so there may be more; the app reads them by itself."
