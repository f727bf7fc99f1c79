"""Words that the shop taught: whole phrases that mean one product, place or supplier.

They are matched as phrases and lend their words to nothing else: "the big ones" does not make
every "ones" a mug.  A proper name that holds the phrase goes before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from intents.catalogue_index import CatalogueIndex, compact, core_key
from intents.gazetteer import Entity
from intents.mentions import Mention
from intents.product_words import read_name
from intents.words import Word, clean, words_of
from tools.kit.slots import Kind
from tools.store import Catalogue
from tools.store.facts import TaughtName

PRODUCT, PLACE, SUPPLIER = "product", "place", "supplier"
_KINDS = {PLACE: Kind.PLACE, SUPPLIER: Kind.SUPPLIER}
_ARTICLES = frozenset({"the", "a", "an", "our", "my", "some", "these", "those"})
Named = Mention | Entity


def key_of(words: str) -> str:
    """One spelling of a phrase: stems without articles in front and without signs."""
    stems = [word.stem for word in words_of(clean(words)) if any(letter.isalnum() for letter in word.low)]
    while len(stems) > 1 and stems[0] in _ARTICLES:
        stems.pop(0)
    return " ".join(stems)


def exact_names(key: str, catalogue: Catalogue, index: CatalogueIndex) -> Mapping[tuple[str, str], str]:
    """What is called exactly so already: (kind, code) to the name that it has."""
    found: dict[tuple[str, str], str] = {}
    number = index.codes.get(compact(key))
    if number is not None:
        found[PRODUCT, index.skus[number]] = index.skus[number]
    for sku in index.names(index.called(read_name(key)[0])):
        product = catalogue.products[sku]
        same = [name for name in (product.name, *product.aliases) if key_of(name) == key]
        if same:
            found[PRODUCT, sku] = same[0]
    if core_key(read_name(key)[0]) in index.categories:
        category = index.categories[core_key(read_name(key)[0])]
        found["category", category] = category
    for kind, code, name in other_names(catalogue):
        if key in (key_of(name), key_of(code)):
            found[kind, code] = name
    return found


def other_names(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """(kind, code, name) of everything that has a name and is no product."""
    return [
        *((PLACE, place.code, place.name) for place in catalogue.locations),
        *((SUPPLIER, supplier.code, supplier.name) for supplier in catalogue.suppliers),
        *(("customer", customer.code, customer.name) for customer in catalogue.customers),
        *(("vehicle", vehicle.code, vehicle.name) for vehicle in catalogue.vehicles),
        *(("sensor", sensor.code, sensor.name) for sensor in catalogue.sensors),
    ]


class Taught:
    """The taught words of one version of the catalogue."""

    def __init__(self, catalogue: Catalogue, index: CatalogueIndex) -> None:
        self._phrases: dict[tuple[str, ...], TaughtName] = {}
        for taught in catalogue.taught:
            others = set(exact_names(taught.words, catalogue, index))
            if _exists(taught, catalogue) and others <= {(taught.kind, taught.code)}:
                self._phrases[tuple(taught.words.split())] = taught
        self._longest = max(map(len, self._phrases), default=0)

    @property
    def spellings(self) -> frozenset[str]:
        """All words of them, for the spelling fixer."""
        return frozenset(word for phrase in self._phrases for word in phrase if word.isalpha())

    def called(self, words: str) -> TaughtName | None:
        """What exactly these words were taught to mean."""
        return self._phrases.get(tuple(key_of(words).split()))

    def said(self, words: Sequence[Word]) -> tuple[TaughtName, ...]:
        """All that occur in the words, the longer first where they overlap."""
        return tuple(taught for _, _, taught in self._found(words, ()))

    def find(
        self, words: Sequence[Word], blocked: Collection[int], named: Callable[[], Sequence[Named]]
    ) -> tuple[Named, ...]:
        """The taught words of a message as mentions; ``named`` finds the proper names in it."""
        found = self._found(words, blocked)
        if not found:
            return ()
        names = named()
        placed = (_among_names(_tag(start, end, taught), names) for start, end, taught in found)
        return tuple(tag for tag in placed if tag is not None)

    def _found(self, words: Sequence[Word], blocked: Collection[int]) -> list[tuple[int, int, TaughtName]]:
        out: list[tuple[int, int, TaughtName]] = []
        at = 0
        while self._longest and at < len(words):
            longest = min(self._longest, len(words) - at)
            ends = (end for end in range(at + longest, at, -1) if not set(range(at, end)) & set(blocked))
            hit = next((end for end in ends if _stems(words, at, end) in self._phrases), None)
            if hit is None:
                at += 1
            else:
                out.append((at, hit, self._phrases[_stems(words, at, hit)]))
                at = hit
        return out


def _stems(words: Sequence[Word], start: int, end: int) -> tuple[str, ...]:
    return tuple(word.stem for word in words[start:end])


def _exists(taught: TaughtName, catalogue: Catalogue) -> bool:
    if taught.kind == PRODUCT:
        return taught.code in catalogue.products
    if taught.kind == PLACE:
        return catalogue.location(taught.code) is not None
    return taught.kind == SUPPLIER and catalogue.supplier(taught.code) is not None


def _tag(start: int, end: int, taught: TaughtName) -> Named:
    if taught.kind in _KINDS:
        return Entity(_KINDS[taught.kind], start, end, (taught.code,), whole=True)
    return Mention(start, end, (taught.code,), "exact", tuple(taught.words.split()))


def _among_names(tag: Named, names: Sequence[Named]) -> Named | None:
    """The taught words beside the proper names of the message; None where a longer name holds them."""
    for name in names:
        meets = name.start < tag.end and tag.start < name.end
        if meets and (name.start < tag.start or name.end > tag.end):
            if not _refines(tag, name):
                return None
            tag = replace(tag, start=min(tag.start, name.start), end=max(tag.end, name.end))
        elif name.start == tag.end and isinstance(name, Mention) and isinstance(tag, Mention):
            if tag.skus[0] not in name.skus:  # "green top mugs" are no milk
                return None
            tag = replace(tag, end=name.end)
    return tag


def _refines(tag: Named, name: Named) -> bool:
    """Whether the name leaves open which thing is meant, and the taught words say it: "green top milk"."""
    if isinstance(tag, Mention):
        return isinstance(name, Mention) and name.ambiguous and tag.skus[0] in name.skus
    return (
        isinstance(name, Entity) and name.kind is tag.kind and len(name.codes) > 1 and tag.code in name.codes
    )
