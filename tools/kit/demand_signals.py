"""What customers say of each thing over time: voices, what is usual, and what is more than usual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from tools.maths.signals.bursts import (
    LEAST_DAYS,
    PAST_DAYS,
    Numbers,
    alarms,
    past_rates,
    shrunk_rate,
    surprises,
    threshold_for,
)
from tools.maths.signals.strength import Strength, strength
from tools.maths.signals.voices import Utterance, Voice, voices
from tools.store import Store
from tools.store.signal_facts import PRODUCT, QUALITY, RETURN, STOCKOUT, VARIANT, Remark, Signal

DAY = timedelta(days=1)
# What is told of voices is told of so many days; a burst is news for as long.
TOLD_DAYS = 14
# Fewer voices are no burst, whatever the law says of them.
LEAST_VOICES = 3
HISTORY_DAYS = PAST_DAYS + 2 * TOLD_DAYS
WANTED, OTHERWISE, BROKEN = "wanted", "otherwise", "broken"
KINDS: Mapping[str, tuple[str, ...]] = {
    WANTED: (STOCKOUT, PRODUCT),
    OTHERWISE: (VARIANT,),
    BROKEN: (QUALITY, RETURN),
}
"""What is asked for as it is; asked for in another make; found to be bad."""
_CATEGORY = "category:"
NOTED = "till_note"


@dataclass(frozen=True)
class Heard:
    """What was said of one thing (a SKU, ``wish:3`` or ``category:Mugs``) in one sense, over ``days``.

    ``voices`` are all of them, campaigns too; ``members`` of a voice are places in ``signals``.
    """

    thing: str
    kind: str
    first: date
    today: date
    signals: tuple[Signal, ...]
    voices: tuple[Voice, ...]

    @cached_property
    def counted(self) -> tuple[Voice, ...]:
        """The voices of customers: campaigns and floods stay out."""
        return tuple(one for one in self.voices if not one.campaign)

    @cached_property
    def campaigns(self) -> tuple[Voice, ...]:
        """What looks like one text spread about."""
        return tuple(one for one in self.voices if one.campaign)

    @cached_property
    def daily(self) -> Numbers:
        """Voices a day from ``first`` to ``today``."""
        days = (self.today - self.first).days + 1
        found = np.zeros(days)
        for one in self.counted:
            found[(one.at.date() - self.first).days] += 1
        return found

    @property
    def strength(self) -> Strength | None:
        """How much it still counts today."""
        return strength([one.at.date() for one in self.counted], self.today)

    def since(self, day: date) -> tuple[Voice, ...]:
        """The voices from a day on."""
        return tuple(one for one in self.counted if one.at.date() >= day)

    def quotes(self, most: int = 3, since: date | None = None) -> tuple[Signal, ...]:
        """One signal of each voice, the latest first, no wording twice."""
        found: dict[str, Signal] = {}
        for one in reversed(self.since(since or self.first)):
            signal = self.signals[one.members[0]]
            found.setdefault(signal.quote.lower(), signal)
        return tuple(found.values())[:most]


@dataclass(frozen=True)
class Burst:
    """More voices than usual about one thing.

    ``on`` is the day of the alarm, ``surprise`` that of the day, ``usual`` the voices that two weeks
    usually bring, ``voices`` those of the last two weeks.
    """

    heard: Heard
    on: date
    surprise: float
    usual: float
    voices: tuple[Voice, ...]

    @property
    def thing(self) -> str:
        """What it is about."""
        return self.heard.thing

    @property
    def customers(self) -> int:
        """Different customers behind the voices: a person who spoke in both weeks is one."""
        return customers_of(self.heard, self.voices)

    @property
    def quotes(self) -> tuple[Signal, ...]:
        """What they said, in their own words."""
        return self.heard.quotes(since=self.heard.today - (TOLD_DAYS - 1) * DAY)


@dataclass(frozen=True)
class Talk:
    """All that was said in one sense: by thing, with what is usual for each."""

    kind: str
    first: date
    today: date
    heard: Mapping[str, Heard]
    groups: Mapping[str, str]

    @property
    def days(self) -> int:
        """Days of talk that are known."""
        return (self.today - self.first).days + 1

    def surprise_of(self, things: Sequence[str]) -> Numbers:
        """The surprise of each day of these things (things x days), each held against its category."""
        return self._against(things)[0]

    def _against(self, things: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The surprises, and the usual voices a day."""
        series = np.array([self._daily(thing) for thing in things]).reshape(len(things), self.days)
        found, usual = np.zeros_like(series), np.zeros(len(things))
        by_group: dict[str, list[int]] = defaultdict(list)
        for row, thing in enumerate(things):
            by_group[self.groups.get(thing, "")].append(row)
        for rows in by_group.values():
            past = series[rows][:, : max(self.days - 7, 1)]
            rate = shrunk_rate(past.sum(axis=1), float(past.shape[1]))
            found[rows] = surprises(series[rows], rate)
            usual[rows] = past_rates(series[rows], rate)
        return found, usual

    def _daily(self, thing: str) -> Numbers:
        one = self.heard.get(thing)
        return one.daily if one is not None else np.zeros(self.days)

    def bursts(self) -> list[Burst]:
        """What is more than usual now, the most surprising first.

        All products are asked, those of which nothing was said, too: they tell what is usual.
        """
        if self.days <= LEAST_DAYS or not self.heard:
            return []
        things = sorted({*self.groups, *self.heard})
        surprise, usual = self._against(things)
        limits = np.array([threshold_for(float(rate)) for rate in usual])
        found = []
        for row, thing in enumerate(things):
            if thing in self.heard and (one := self._burst(thing, surprise[row], limits[row], usual[row])):
                found.append(one)
        return sorted(found, key=lambda one: (-one.surprise, one.thing))

    def _burst(self, thing: str, surprise: Numbers, limit: float, usual: float) -> Burst | None:
        days = np.flatnonzero(alarms(surprise[None, :], limit)[0])
        heard = self.heard[thing]
        recent = heard.since(self.today - (TOLD_DAYS - 1) * DAY)
        if not days.size or days[-1] < self.days - TOLD_DAYS or customers_of(heard, recent) < LEAST_VOICES:
            return None
        on = self.first + int(days[-1]) * DAY
        return Burst(heard, on, float(surprise[days[-1] :].max()), usual * TOLD_DAYS, recent)


def talk(store: Store, today: date, kind: str, *, days: int = HISTORY_DAYS) -> Talk:
    """What was said in one sense in the last ``days``, by product, thing asked for and category."""
    since = today - (days - 1) * DAY
    signals = store.said.signals(types=KINDS[kind], since=since, until=today)
    by_thing: dict[str, list[Signal]] = defaultdict(list)
    groups = {sku: product.category for sku, product in store.catalogue().products.items()}
    for one in signals:
        for thing in _things(one, groups):
            by_thing[thing].append(one)
    texts = _texts(store, {one.remark for one in signals})
    known = store.said.figures().first
    first = max(since, known or today)
    heard = {
        thing: _heard(thing, kind, (first, today), said, texts) for thing, said in sorted(by_thing.items())
    }
    groups |= {thing: thing.partition(":")[0] for thing in heard if ":" in thing and thing not in groups}
    return Talk(kind, first, today, heard, groups)


def _things(one: Signal, categories: Mapping[str, str]) -> tuple[str, ...]:
    """What a signal is about: its product and category, or the thing that is not carried."""
    if one.sku is not None:
        category = categories.get(one.sku)
        return (one.sku, f"{_CATEGORY}{category}") if category else (one.sku,)
    return (f"wish:{one.wish}",) if one.wish is not None else ()


def _texts(store: Store, numbers: set[int]) -> dict[int, Remark]:
    """The whole texts: copies are found by them, not by the clause that is quoted."""
    found = store.said.remarks(numbers=sorted(numbers), limit=len(numbers)) if numbers else []
    return {one.id: one for one in found}


def _heard(
    thing: str, kind: str, days: tuple[date, date], said: Sequence[Signal], texts: Mapping[int, Remark]
) -> Heard:
    """One remark speaks once of a thing, however often it says so."""
    once = tuple({one.remark: one for one in said}.values())
    spoken = [_spoken(one, texts.get(one.remark)) for one in once]
    return Heard(thing, kind, *days, once, tuple(voices(spoken)))


def _spoken(one: Signal, remark: Remark | None) -> Utterance:
    """What somebody of the shop noted counts as staff's, whichever chat it was noted in."""
    if remark is None:
        return Utterance(one.at, one.quote, one.person, one.channel)
    return Utterance(one.at, remark.text, one.person, NOTED if remark.source == "note" else one.channel)


def customers_of(heard: Heard, some: Sequence[Voice]) -> int:
    """Different customers behind some voices; those that nobody knows count one by one."""
    people = [heard.signals[one.members[0]].person for one in some]
    return len({person for person in people if person}) + people.count("")


def is_category(thing: str) -> bool:
    """Whether a thing is a whole category."""
    return thing.startswith(_CATEGORY)


def category_of(thing: str) -> str:
    """The category that a thing is; "" where it is none."""
    return thing.removeprefix(_CATEGORY) if is_category(thing) else ""
