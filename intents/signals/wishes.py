"""Words for things that are not carried, those for one thing put together: "oat milk", "oatly", "oat drink".

Each mention joins the first cluster that it fits, in the order given, so that clusters stay as they are
when newer mentions come after older ones.  Meaning alone is not enough ("oat milk" is as near to "oatcakes"
as to "oatly"): the words that two mentions share and those in which they differ say how near is near enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from intents.encoder import Encoder
from intents.signals.tokens import tokens_of, whole
from intents.signals.word_features import FUNCTION

SAME_KIND = 0.79
"""As alike have two to be that share all but the word for the kind ("oat milk", "oat drink")."""
LONGER = 0.755
"""The same where one has all words of the other and more ("tahini", "tahini paste")."""
NARROWER = 0.82
"""The same where one is a sort of the other ("vouchers", "gift vouchers")."""
OTHER_SORT = 0.92
"""The same where they are two sorts of a kind ("oat milk", "almond milk"); what differs less is one sort."""
UNLIKE = 0.86
"""The same where no word is shared."""
BRAND = 0.64
MISSPELT = 0.6
_LONG = 6
_BATCH = 64
_LONGEST = 80
_WEAK = frozenset({
    "some", "any", "more", "decent", "proper", "nice", "good", "real", "actual", "local", "please", "pls",
    "new", "few", "lot", "bit", "kind", "sort", "type", "stuff", "thing", "things", "bag", "bags", "jar",
    "jars", "tin", "tins", "box", "boxes", "pack", "packs", "packet", "packets", "bottle", "bottles",
    "carton", "cartons", "range", "selection", "choice", "options", "option", "small", "large", "big",
    "little", "tub",
})  # fmt: skip
_SHORT = {
    "gf": ("gluten", "free"), "df": ("dairy", "free"), "sf": ("sugar", "free"),
    "ff": ("fat", "free"), "glutenfree": ("gluten", "free"),
}  # fmt: skip

Cluster = tuple[str, tuple[str, ...]]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Words:
    """A mention as it is compared: its telling stems in order, and the last of them before "for" or "of"."""

    low: str
    stems: tuple[str, ...]
    head: str

    @classmethod
    def of(cls, mention: str) -> _Words:
        stems: list[str] = []
        head = ""
        for token in tokens_of(mention[:_LONGEST]):
            if token.low in ("for", "of", "with", "from", "against", "without") and stems and not head:
                head = stems[-1]
            if not token.low[0].isalnum() or token.low in FUNCTION or token.low in _WEAK:
                continue
            stems.extend(_SHORT.get(token.low, (token.stem,)))
        stems = stems or [token.stem for token in tokens_of(mention[:_LONGEST]) if token.is_word]
        return cls(
            " ".join(mention.lower().split()),
            tuple(dict.fromkeys(stems)),
            head or (stems[-1] if stems else ""),
        )

    @property
    def joined(self) -> str:
        return "".join(sorted(self.stems)) if len(self.stems) > 2 else "".join(self.stems)


def wishes(mentions: Sequence[str], encoder: Encoder | None) -> list[Cluster]:
    """Clusters with a name and all spellings of their mentions, in the order of their first mention.

    The name is the commonest spelling, the one nearest to all others where several are as common.
    Without the encoder only spellings of the same words come together.
    """
    counts = Counter(" ".join(whole(mention).lower().split()) for mention in mentions if mention.strip())
    words = [_Words.of(low) for low in counts]
    vectors = encoder.encode([one.low[:_LONGEST] for one in words], _BATCH) if encoder and words else None
    english = encoder.word_pieces() if encoder else frozenset()
    groups = _grouped(words, vectors, english)
    spelled: dict[str, list[str]] = {}
    for mention in dict.fromkeys(mentions):
        spelled.setdefault(" ".join(whole(mention).lower().split()), []).append(mention)
    return [
        (_name(group, words, counts, vectors), tuple(said for at in group for said in spelled[words[at].low]))
        for group in groups
    ]


def _grouped(words: Sequence[_Words], vectors: Floats | None, english: frozenset[str]) -> list[list[int]]:
    groups: list[list[int]] = []
    home: dict[int, int] = {}
    by_key: dict[str, int] = {}
    for at, one in enumerate(words):
        found = by_key.get(one.joined) if one.stems else None
        if found is None:
            found = _nearest(at, words, vectors, english, home)
        if found is None:
            found = len(groups)
            groups.append([])
        groups[found].append(at)
        home[at] = found
        by_key.setdefault(one.joined, found)
    return groups


def _nearest(
    at: int, words: Sequence[_Words], vectors: Floats | None, english: frozenset[str], home: dict[int, int]
) -> int | None:
    """The cluster of the likest mention before it that is like enough."""
    if vectors is None or not at:
        return None
    likeness = vectors[:at] @ vectors[at]
    for other in np.argsort(-likeness, kind="stable"):
        value = float(likeness[other])
        if value < min(BRAND, MISSPELT):
            return None
        if value >= _enough(words[at], words[other], english.__contains__):
            return home[int(other)]
    return None


def _enough(one: _Words, other: _Words, is_word: Callable[[str], bool]) -> float:
    """How alike two mentions have to be to be one thing."""
    mine, theirs = set(one.stems), set(other.stems)
    if mine == theirs:
        return 0.0
    if len(mine) == len(theirs) == 1:
        return MISSPELT if _misspelt(one.head, other.head) else UNLIKE
    if _brand(mine, theirs, is_word) or _brand(theirs, mine, is_word):
        return BRAND
    if mine < theirs or theirs < mine:
        return NARROWER if one.head == other.head and min(len(mine), len(theirs)) == 1 else LONGER
    if one.head == other.head:
        return OTHER_SORT
    return SAME_KIND if mine - {one.head} == theirs - {other.head} else UNLIKE


def _misspelt(one: str, other: str) -> bool:
    limit = 2 if min(len(one), len(other)) >= _LONG else 1
    return one[:1] == other[:1] and min(len(one), len(other)) > 3 and OSA.distance(one, other) <= limit


def _brand(mine: set[str], theirs: set[str], is_word: Callable[[str], bool]) -> bool:
    """As "oatly" is a make of what has "oat" in its name; "oatcake" is another thing."""
    if len(mine) != 1:
        return False
    (only,) = mine
    ends = [only.removeprefix(word) for word in theirs if len(word) > 2 and only.startswith(word)]
    return any(end and not is_word(end) and len(end) < 4 for end in ends)


def _name(group: Sequence[int], words: Sequence[_Words], counts: Counter[str], vectors: Floats | None) -> str:
    if vectors is None or len(group) < 2:
        return max((words[at].low for at in group), key=lambda low: (counts[low], -len(low)))
    middle = vectors[list(group)].mean(0)
    best = max(group, key=lambda at: (counts[words[at].low], float(vectors[at] @ middle), -at))
    return words[best].low
