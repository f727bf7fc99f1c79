"""Who spoke: one person, one signal, one week; copies of one text are one voice; campaigns are flagged.

All texts given are about one thing and of one type.  Near copies are texts whose sets of four-letter pieces
overlap (the resemblance of Broder, 1997), which a changed name, date or emoji does not hide.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

WEEK = timedelta(days=7)
# The same few words from nobody known are another voice after this long.
SAME_WORDS = timedelta(days=28)
# Staff who note the same words again within the hour pressed twice.
PRESSED_TWICE = timedelta(hours=1)
# From so many words on equal words are a copy, whoever sends them; alike ones from so many.
LONG_WORDS, LONG_ALIKE = 8, 14
# Resemblance from which two texts are one: a short text differs by a word, a long one in passages.
ALIKE = 0.6
# So many copies of one text are a campaign; so many nameless voices within six hours are a flood.
CAMPAIGN, FLOOD = 4, 8
FLOOD_HOURS = timedelta(hours=6)
# What staff themselves write down: each note is a customer who stood there.
STAFF = frozenset({"till_note", "in_store", "phone"})
_PIECE = 4


@dataclass(frozen=True, slots=True)
class Utterance:
    """One text about the thing.

    Attributes:
        at: When it was said.
        text: Its words.
        person: A key of who said it; "" where nobody knows.
        channel: Where ("review", "till_note" …).
    """

    at: datetime
    text: str
    person: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """One customer who counts.

    Attributes:
        at: When the voice was first heard.
        members: Places of its texts in the list that was given, the first one first.
        campaign: Whether it stands for many copies or for a flood of nameless texts.
    """

    at: datetime
    members: tuple[int, ...]
    campaign: bool = False


def voices(said: Sequence[Utterance]) -> list[Voice]:
    """The voices among some texts, in the order of time.

    The order of the texts does not matter, and a copy of one of them never adds a voice.
    """
    order = sorted(range(len(said)), key=lambda place: _order(said[place]))
    groups = [_Group([place]) for place in order]
    groups = _persons(said, groups)
    groups = _copies(said, groups)
    groups = _floods(said, groups)
    found = [Voice(said[one.places[0]].at, tuple(one.places), one.campaign) for one in groups]
    return sorted(found, key=lambda voice: (voice.at, _order(said[voice.members[0]])))


def plain(text: str) -> str:
    """A text as copies are compared: lower case, without marks and signs, one space between words.

    >>> plain("Sold OUT again!!  Café …")
    'sold out again cafe'
    """
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"\w+", bare.lower()))


def resemblance(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of pieces that two texts have in common (Broder, 1997): 0 to 1.

    >>> resemblance(pieces("red mugs"), pieces("Red mugs!")), resemblance(pieces("red mugs"), pieces("oat"))
    (1.0, 0.0)
    """
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def pieces(text: str) -> frozenset[str]:
    """The pieces of four letters of a text, spaces among them."""
    bare = plain(text)
    return frozenset(bare[at : at + _PIECE] for at in range(max(len(bare) - _PIECE + 1, 1)))


@dataclass
class _Group:
    """Texts that are one voice, by place, the earliest first."""

    places: list[int]
    campaign: bool = False


def _order(one: Utterance) -> tuple[datetime, str, str, str]:
    return one.at, one.person, one.channel, one.text


def _persons(said: Sequence[Utterance], groups: Sequence[_Group]) -> list[_Group]:
    """One person counts once in seven days from the day of the first word."""
    last: dict[str, _Group] = {}
    found = []
    for group in groups:
        one = said[group.places[0]]
        before = last.get(one.person) if one.person else None
        if before is not None and one.at - said[before.places[0]].at < WEEK:
            before.places += group.places
            continue
        if one.person:
            last[one.person] = group
        found.append(group)
    return found


def _copies(said: Sequence[Utterance], groups: Sequence[_Group]) -> list[_Group]:
    """Groups whose texts are copies of one another, joined; many copies are a campaign."""
    texts: dict[str, frozenset[str]] = {}
    by_text: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, group in enumerate(groups):
        for place in group.places:
            text = plain(said[place].text)
            by_text[text].append((number, place))
            texts.setdefault(text, pieces(text))
    joined = _Joined(len(groups))
    for text in sorted(texts):
        _join(said, joined, by_text[text], by_text[text])
    for text, other in alike(texts):
        _join(said, joined, by_text[text], by_text[other])
    return joined.merged(said, groups)


def alike(texts: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """All pairs of texts whose pieces resemble one another, in a fixed order.

    Two sets that resemble one another share one of their rarest pieces, so that only texts with such a piece
    in common are compared (the prefix filter of Bayardo, Ma and Srikant, 2007).
    """
    often = Counter(piece for some in texts.values() for piece in some)
    having: dict[str, list[str]] = defaultdict(list)
    found = []
    for text in sorted(texts, key=lambda text: (len(texts[text]), text)):
        rarest = sorted(texts[text], key=lambda piece: (often[piece], piece))
        first = rarest[: len(rarest) - ceil(ALIKE * len(rarest)) + 1]
        for other in sorted({other for piece in first for other in having[piece]}):
            near = ALIKE * len(texts[text]) <= len(texts[other])
            if near and resemblance(texts[text], texts[other]) >= ALIKE:
                found.append((other, text))
        for piece in first:
            having[piece].append(text)
    return found


def _join(
    said: Sequence[Utterance],
    joined: _Joined,
    ours: Sequence[tuple[int, int]],
    theirs: Sequence[tuple[int, int]],
) -> None:
    for group, place in ours:
        for other, there in theirs:
            if not joined.same(group, other) and _is_copy(said[place], said[there]):
                joined.join(group, other)


def _is_copy(one: Utterance, other: Utterance) -> bool:
    """Whether two texts that resemble one another are one voice."""
    texts = plain(one.text), plain(other.text)
    if min(len(text.split()) for text in texts) >= (LONG_WORDS if texts[0] == texts[1] else LONG_ALIKE):
        return True
    if one.person and other.person:
        return one.person == other.person and abs(one.at - other.at) < WEEK
    staff = one.channel in STAFF and other.channel in STAFF
    return abs(one.at - other.at) < (PRESSED_TWICE if staff else SAME_WORDS)


class _Joined:
    """Which groups have become one."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def _top(self, number: int) -> int:
        while self._up[number] != number:
            self._up[number] = self._up[self._up[number]]
            number = self._up[number]
        return number

    def same(self, one: int, other: int) -> bool:
        """Whether they are one already."""
        return self._top(one) == self._top(other)

    def join(self, one: int, other: int) -> None:
        """Make them one."""
        first, second = sorted((self._top(one), self._top(other)))
        self._up[second] = first

    def merged(self, said: Sequence[Utterance], groups: Sequence[_Group]) -> list[_Group]:
        """The groups as they are now."""
        together: dict[int, list[int]] = defaultdict(list)
        for number in range(len(groups)):
            together[self._top(number)].append(number)
        found = []
        for numbers in together.values():
            places = sorted(
                (place for number in numbers for place in groups[number].places),
                key=lambda place: _order(said[place]),
            )
            found.append(_Group(places, len(numbers) >= CAMPAIGN and _is_long(said, places)))
        return sorted(found, key=lambda group: _order(said[group.places[0]]))


def _is_long(said: Sequence[Utterance], places: Sequence[int]) -> bool:
    """Whether the copies are a text that nobody writes twice by chance."""
    return len(plain(said[places[0]].text).split()) >= LONG_WORDS


def _floods(said: Sequence[Utterance], groups: Sequence[_Group]) -> list[_Group]:
    """Many nameless voices of one open channel within hours are taken as one, and flagged."""
    nameless: dict[str, list[_Group]] = defaultdict(list)
    for group in groups:
        one = said[group.places[0]]
        if not one.person and one.channel not in STAFF:
            nameless[one.channel].append(group)
    gone: set[int] = set()
    for there in nameless.values():
        for run in _runs([(said[group.places[0]].at, group) for group in there]):
            first = run[0]
            first.places = sorted(
                (place for group in run for place in group.places), key=lambda place: _order(said[place])
            )
            first.campaign = True
            gone |= {id(group) for group in run[1:]}
    return [group for group in groups if id(group) not in gone]


def _runs(timed: Sequence[tuple[datetime, _Group]]) -> list[list[_Group]]:
    """Stretches in which every voice is one of ``FLOOD`` within ``FLOOD_HOURS``."""
    found: list[list[_Group]] = []
    caught: set[int] = set()
    for start in range(len(timed) - FLOOD + 1):
        if timed[start + FLOOD - 1][0] - timed[start][0] <= FLOOD_HOURS:
            numbers = range(start, start + FLOOD)
            if start in caught:
                found[-1] += [timed[number][1] for number in numbers if number not in caught]
            else:
                found.append([timed[number][1] for number in numbers])
            caught |= set(numbers)
    return found
