"""Places, suppliers, customers, vehicles and sensors by the names that people use for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from intents.words import Word, stem
from tools.kit.slots import Kind
from tools.store import Catalogue

_PART = re.compile(r"[^\W_]+(?:'[^\W_]+)*", re.UNICODE)
_SHORT = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane",
    "sq": "square",
    "whse": "warehouse", "wh": "warehouse", "wharehouse": "warehouse", "w/h": "warehouse",
    "harbor": "harbour",
    "mt": "mount", "ctr": "centre", "center": "centre", "bros": "brother", "ltd": "limited",
}  # fmt: skip
_GENERIC = {
    Kind.PLACE: frozenset({"shop", "store", "branch", "the", "street", "road", "room", "back", "high",
    "main", "van", "new", "old", "big", "small"}),
    Kind.SUPPLIER: frozenset({
        "the", "co", "company", "limited", "ltd", "trader", "trading", "supply", "supplier", "wholesale",
        "food", "ceramic",
        "bakery", "produce", "home", "dairy", "farm", "direct", "group", "brother", "son", "import", "and",
        "fresh", "green",
        "north", "south", "east", "west", "sea", "good", "house", "international", "uk", "foods",
    }),
    Kind.CUSTOMER: frozenset({
        "mr", "mrs", "ms", "miss", "dr", "the", "cafe", "hotel", "guest", "house", "kitchen", "pub",
        "restaurant", "school",
        "bar", "inn", "shop", "old", "new", "and", "of", "st", "street", "church", "club", "centre",
        "office", "tea", "room",
    }),
    Kind.VEHICLE: frozenset({"van", "the", "truck", "lorry", "car", "vehicle", "big", "small", "cargo"}),
    Kind.SENSOR: frozenset({"temperature", "humidity", "sensor", "the", "temp"}),
}  # fmt: skip
_KIND_NAMES = {
    "warehouse": ("warehouse", "depot", "godown", "storehouse"),
    "fridge": ("fridge", "refrigerator", "coldroom", "cold room", "chiller", "walk in"),
    "backroom": (
        "back room",
        "backroom",
        "stockroom",
        "stock room",
        "storeroom",
        "store room",
        "out back",
        "out the back",
        "the back",
    ),
    "van": ("the van",),
}
_PAST_A_PLACE = frozenset(
    {"to", "and", "for", "at", "please", "pls", "today", "now", "are", "is", "has", "have"}
)
_INSIDE = frozenset({"in", "into", "to", "from", "onto", "at"})
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lady", "rev", "mister", "missus"})
_TITLE_ALIKE = {"miss": ("ms", "miss"), "mister": ("mr",), "missus": ("mrs",), "ms": ("ms", "miss", "mrs")}


@dataclass(frozen=True, slots=True)
class Entity:
    """A named row of the shop that ``words[start:end]`` denote; several codes where it is open which."""

    kind: Kind
    start: int
    end: int
    codes: tuple[str, ...]
    whole: bool = False

    @property
    def code(self) -> str:
        """The only code, or ``""``."""
        return self.codes[0] if len(self.codes) == 1 else ""


@dataclass(slots=True)
class _Row:
    code: str
    tokens: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    """The rows of one kind with an index from word to rows."""

    kind: Kind
    rows: list[_Row] = field(default_factory=list)
    by_token: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    phrases: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    firsts: set[str] = field(default_factory=set)

    def add(self, code: str, name: str) -> None:
        tokens = tuple(_token(part) for part in _parts(name))
        self.rows.append(_Row(code, tokens))
        for token in tokens:
            self.by_token[token].add(len(self.rows) - 1)
        self.phrase(code, _parts(code))
        self.phrase(code, [code])
        self.phrase(code, _parts(name))
        joined = "".join(tokens[:2])
        if len(tokens) > 1 and len(joined) > 5:
            self.phrase(code, [joined])

    def phrase(self, code: str, parts: Iterable[str]) -> None:
        key = tuple(_token(part) for part in parts)
        if key and not (len(key) == 1 and len(key[0]) < 2):
            self.say(code, key)

    def say(self, code: str, key: tuple[str, ...]) -> None:
        self.phrases[key].add(code)
        self.firsts.add(key[0])


class Gazetteer:
    """All names that are not products, built once for each version of the catalogue."""

    def __init__(self, catalogue: Catalogue, common: Collection[str], goods: Collection[str] = ()) -> None:
        """``common`` words name nothing alone, ``goods`` (words of products) no supplier or customer."""
        self._common = frozenset(common)
        self._hardly = {
            kind: self._common if kind is Kind.PLACE else self._common | set(goods) for kind in _GENERIC
        }
        self.tables = {kind: _Table(kind) for kind in _GENERIC}
        for place in catalogue.locations:
            self.tables[Kind.PLACE].add(place.code, place.name)
        for supplier in catalogue.suppliers:
            self.tables[Kind.SUPPLIER].add(supplier.code, supplier.name)
            self._initials(supplier.code, supplier.name)
        for kind, rows in ((Kind.CUSTOMER, catalogue.customers), (Kind.VEHICLE, catalogue.vehicles)):
            for row in rows:
                self.tables[kind].add(row.code, row.name)
        for sensor in catalogue.sensors:
            self.tables[Kind.SENSOR].phrase(sensor.code, [sensor.code])
            self.tables[Kind.SENSOR].phrase(sensor.code, _parts(sensor.code))
            self.tables[Kind.SENSOR].phrase(sensor.code, _parts(sensor.name))
        self._kinds_of_place(catalogue)
        self._vehicle_words(catalogue)
        self.longest = max((len(key) for table in self.tables.values() for key in table.phrases), default=1)

    def _initials(self, code: str, name: str) -> None:
        parts = [part for part in re.findall(r"[^\W_]+|&", name) if part.lower() not in ("the", "and", "&")]
        for count in {2, len(parts)} & set(range(2, len(parts) + 1)):
            letters = [part[0].lower() for part in parts[:count]]
            if count > 2 or "&" in name:
                self.tables[Kind.SUPPLIER].phrase(code, ["".join(letters)])
            if "&" in name or " and " in name:
                self.tables[Kind.SUPPLIER].say(code, tuple(letters))

    def _kinds_of_place(self, catalogue: Catalogue) -> None:
        for kind, names in _KIND_NAMES.items():
            codes = [place.code for place in catalogue.locations if place.kind == kind]
            if len(codes) == 1:
                for name in names:
                    self.tables[Kind.PLACE].phrase(codes[0], name.split())

    def _vehicle_words(self, catalogue: Catalogue) -> None:
        table = self.tables[Kind.VEHICLE]
        for row in catalogue.vehicles:
            split = re.fullmatch(r"([A-Za-z]+)0*(\d+)", row.code)
            if split:
                table.phrase(row.code, [split[1], split[2]])
            last = _token(_parts(row.name)[-1]) if _parts(row.name) else ""
            if last and len(table.by_token[last]) == 1:
                table.phrase(row.code, [last])

    def spellings(self) -> frozenset[str]:
        """All words of all names, for the spelling fixer."""
        keys = (part for table in self.tables.values() for key in table.phrases for part in key)
        rows = (part for table in self.tables.values() for row in table.rows for part in row.tokens)
        return frozenset(part for part in (*keys, *rows) if part.isalpha() and len(part) > 2)

    def find(self, words: Sequence[Word], blocked: Collection[int]) -> tuple[Entity, ...]:
        """All names, the longest first where they overlap, in the order of the words."""
        found: list[Entity] = []
        for at in range(len(words)):
            if at not in blocked and not _measured(words, at):
                found.extend(
                    filter(None, (self._read(table, words, at, blocked) for table in self.tables.values()))
                )
        found = [entity for entity in found if not _rides(entity, words)]
        found.sort(key=lambda entity: (entity.start - entity.end, not entity.whole, entity.start))
        taken: set[int] = set()
        out = []
        for entity in found:
            span = set(range(entity.start, entity.end))
            if not span & taken:
                taken |= span
                out.append(entity)
        return tuple(sorted(out, key=lambda entity: entity.start))

    def _read(self, table: _Table, words: Sequence[Word], at: int, blocked: Collection[int]) -> Entity | None:
        whole = self._phrase(table, words, at, blocked)
        part = self._partial(table, words, at, blocked)
        if whole is None or (
            part is not None and part.end > whole.end and set(whole.codes) & set(part.codes)
        ):
            return part
        return whole

    def _phrase(
        self, table: _Table, words: Sequence[Word], at: int, blocked: Collection[int]
    ) -> Entity | None:
        best: Entity | None = None
        tokens: list[str] = []
        place = at
        if _said(words[at]) not in table.firsts:
            return None
        while place < len(words) and len(tokens) < self.longest and place not in blocked:
            low = words[place].low
            if low not in ("&", "and", "-", "'") or not tokens:
                tokens.append(_said(words[place]))
            elif place == at:
                return None
            codes = table.phrases.get(tuple(tokens))
            if (
                codes
                and low not in ("&", "and", "-")
                and not (place == at and self._ordinary(table, words, at))
            ):
                best = Entity(table.kind, at, place + 1, tuple(sorted(codes)), whole=True)
            place += 1
        return best

    def _ordinary(self, table: _Table, words: Sequence[Word], at: int) -> bool:
        """Whether a single word says nothing as a name; a code in capitals does ("9 BACK")."""
        low, text = words[at].low, words[at].text
        if low not in self._common or low in _known_kinds() or table.kind is Kind.VEHICLE:
            return False
        return not (text.isupper() and len(text) > 2 and any(word.text.islower() for word in words))

    def _partial(
        self, table: _Table, words: Sequence[Word], at: int, blocked: Collection[int]
    ) -> Entity | None:
        """Some words of a name, one of them telling enough."""
        rows: set[int] | None = None
        tokens: list[str] = []
        place, end = at, at
        while place < len(words) and place not in blocked:
            token = _said(words[place])
            if tokens and words[place].low in ("&", "and", "-"):
                place += 1
                continue
            having = self._rows(table, token, bool(tokens))
            left = having if rows is None else rows & having
            if not left:
                break
            rows, place = left, place + 1
            end = place
            tokens.append(token)
        if rows is None or not self._telling(table, tokens, rows):
            return None
        return Entity(table.kind, at, end, tuple(sorted({table.rows[row].code for row in rows})))

    def _rows(self, table: _Table, token: str, started: bool) -> set[int]:
        if token in _TITLE_ALIKE and not started:
            return set().union(*(table.by_token.get(title, set()) for title in _TITLE_ALIKE[token]))
        return table.by_token.get(token, set())

    def _telling(self, table: _Table, tokens: list[str], rows: set[int]) -> bool:
        generic = _GENERIC[table.kind]
        strong = [
            token
            for token in tokens
            if token not in generic and token not in self._hardly[table.kind] and len(token) > 2
        ]
        if table.kind is Kind.CUSTOMER and tokens[0] in _TITLES:
            return len(tokens) > 1
        if strong:
            return True
        in_order = any(_contains(table.rows[row].tokens, tokens) for row in rows)
        return (
            len(tokens) > 1
            and in_order
            and not all(token in _TITLES | {"the", "of", "and"} for token in tokens)
        )


def _rides(entity: Entity, words: Sequence[Word]) -> bool:
    """Whether "the van" is what drives, not where things are sold, and "the back" a part of other words."""
    said = [word.low for word in words[entity.start : entity.end]]
    before = words[entity.start - 1].low if entity.start else ""
    after = words[entity.end].low if entity.end < len(words) else ""
    if entity.kind is not Kind.PLACE:
        return False
    if said == ["the", "back"]:  # not the start of "the back room" or "the back door"
        return after.isalpha() and after not in _PAST_A_PLACE
    return said == ["the", "van"] and before not in _INSIDE


def _measured(words: Sequence[Word], at: int) -> bool:
    """Whether the word is the unit of a figure, as in "25cm"."""
    return at > 0 and words[at - 1].low[-1:].isdecimal() and words[at - 1].end == words[at].start


def _known_kinds() -> frozenset[str]:
    return frozenset(name for names in _KIND_NAMES.values() for name in names)


def _contains(name: Sequence[str], tokens: Sequence[str]) -> bool:
    width = len(tokens)
    return any(list(name[at : at + width]) == list(tokens) for at in range(len(name) - width + 1))


def _parts(name: str) -> list[str]:
    return [part for part in _PART.findall(name) if part.lower() != "and"]


def _said(word: Word) -> str:
    return _SHORT.get(word.stem, word.stem)


def _token(part: str) -> str:
    low = stem(part.lower())
    return _SHORT.get(low, low)
