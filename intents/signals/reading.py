"""A text as everybody reads it: the encoder's outcome, the words' log-odds, clauses and things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.signals.clauses import Clause
from intents.signals.encoder import Outcome, SignalEncoder
from intents.signals.features import bag, cues, told
from intents.signals.known import HEAD, Known, known_words
from intents.signals.linear import Bag, Linear
from intents.signals.linking import Shelf, Thing
from intents.signals.tokens import MOST_LETTERS, whole
from intents.signals.types import COUNT, MENTION, PIECE_HIGH, chance
from tools.store.signal_facts import Said

WINDOW = 600
"""Longer texts are read in stretches of so many letters, clause by clause."""
HINT = 0.6
"""How much the encoder's log-odds of "part of a thing" count beside those of the tagger."""

Floats = NDArray[np.float32]
Wanted = Callable[[Clause, Thing | None, str], str | None]


@dataclass(frozen=True)
class Read:
    """One text and all that was read of it."""

    said: Said
    known: tuple[Known, ...]
    outcome: Outcome
    words: Floats
    clauses: tuple[Clause, ...]
    things: tuple[Thing, ...]
    wanted: Wanted
    """What a signal wishes of a thing, from its clause, the thing and its type."""

    def clause_at(self, start: int) -> Clause:
        """The clause in which a place lies; the whole text where none does."""
        for clause in self.clauses:
            if clause.start <= start < clause.end:
                return clause
        return Clause(0, len(self.said.text), self.said.text)

    def known_in(self, start: int, end: int) -> tuple[Known, ...]:
        """The catalogue words of a stretch, at their places in it."""
        return tuple((a - start, b - start, much) for a, b, much in self.known if start <= a and b <= end)


def text_bag(said: Said, known: tuple[Known, ...]) -> Bag:
    """The features of a whole text."""
    return bag(said.text, known, said.channel, said.rating)


def clause_bag(read: Read, clause: Clause) -> Bag:
    """The features of one clause."""
    return bag(clause.text, read.known_in(clause.start, clause.end), read.said.channel, read.said.rating)


def signal_bag(read: Read, clause: Clause, kind: str) -> Bag:
    """The features of a signal: its clause, the cues of the whole text, its type and the cues with it."""
    alone = len(read.clauses) < 2  # the same as the whole text, but for signs at its ends
    out = Counter(text_bag(read.said, read.known) if alone else clause_bag(read, clause))
    whole = {start for start, _, much in read.known if much >= HEAD}
    out.update(f"{name} somewhere" for name in told(read.said.text, whole))
    out.update(f"c:{kind}: {cue}" for cue in cues(clause.text))
    out.update(f"c:{kind}; {cue}" for cue in cues(read.said.text))
    out[f"c:of {kind}"] += 1
    return out


def read_all(
    texts: Sequence[Said], shelf: Shelf, encoder: SignalEncoder | None, words: Linear | None
) -> list[Read]:
    """Every text in one pass; without an encoder its part says nothing."""
    known = [tuple(known_words(said.text, shelf.index)) for said in texts]
    outcomes = _outcomes([whole(said.text[:MOST_LETTERS]) for said in texts], known, encoder)
    hints = [_hints(outcome) for outcome in outcomes]
    found = shelf.read([said.text for said in texts], hints)
    out = []
    for said, marks, outcome, one in zip(texts, known, outcomes, found, strict=True):
        odds = words.log_odds(text_bag(said, marks)) if words else np.zeros(COUNT, np.float32)
        out.append(Read(said, marks, outcome, odds, one.clauses, one.things, one.wanted))
    return out


def _outcomes(
    texts: Sequence[str], known: Sequence[Sequence[Known]], encoder: SignalEncoder | None
) -> list[Outcome]:
    if encoder is None:
        return [silence() for _ in texts]
    stretches = [(at, start, end) for at, text in enumerate(texts) for start, end in windows(text)]
    parts = encoder.read(
        [texts[at][start:end] for at, start, end in stretches],
        [_inside(known[at], start, end) for at, start, end in stretches],
    )
    gathered: list[list[Outcome]] = [[] for _ in texts]
    for (at, start, _), part in zip(stretches, parts, strict=True):
        gathered[at].append(Outcome(part.text, part.pieces, part.spans + start))
    return [_joined(parts) for parts in gathered]


def silence() -> Outcome:
    """What is said where there is no encoder: nothing for or against."""
    return Outcome(
        np.zeros(2 * COUNT + 2, np.float32),
        np.zeros((0, PIECE_HIGH + 1), np.float32),
        np.zeros((0, 2), np.int64),
    )


def _inside(known: Sequence[Known], start: int, end: int) -> list[Known]:
    return [(a - start, b - start, much) for a, b, much in known if start <= a < end]


def windows(text: str) -> list[tuple[int, int]]:
    """Stretches of a text that the encoder reads at once, cut at the ends of sentences or words.

    >>> windows("short")
    [(0, 5)]
    """
    out, start = [], 0
    while len(text) - start > WINDOW:
        piece = text[start : start + WINDOW]
        cut = max(piece.rfind(sign) for sign in (". ", "! ", "? ", "\n"))
        cut = cut if cut > WINDOW // 3 else piece.rfind(" ")
        end = start + (cut + 1 if cut > 0 else WINDOW)
        out.append((start, end))
        start = end
    return [*out, (start, len(text))]


def _joined(parts: list[Outcome]) -> Outcome:
    """Stretches together: a type that one of them has; quiet only where all are."""
    if len(parts) == 1:
        return parts[0]
    texts = np.stack([part.text for part in parts])
    text = texts.max(0)
    text[COUNT - 1] = texts[:, COUNT - 1].min()
    return Outcome(
        text, np.concatenate([part.pieces for part in parts]), np.concatenate([part.spans for part in parts])
    )


def _hints(outcome: Outcome) -> list[tuple[int, int, float]]:
    if not len(outcome.pieces):
        return []
    odds = (HINT * outcome.pieces[:, MENTION]).tolist()
    spans = outcome.spans.tolist()
    return [(start, end, chance(one)) for (start, end), one in zip(spans, odds, strict=True)]
