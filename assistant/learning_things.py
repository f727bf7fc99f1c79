"""What taught words may mean, and which words may not be taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.learning_words import LONGEST, MOST_WORDS
from intents.gazetteer import Entity
from intents.mentions import Mention
from intents.numerals import NUMBER_WORDS
from intents.parser import Parser
from intents.periods import TIME_WORDS
from intents.product_words import ADJECTIVES, SIZE_WORDS
from intents.quantities import UNITS
from intents.tags import Tags
from intents.taught import PLACE, PRODUCT, SUPPLIER, exact_names, key_of, other_names
from tools.kit.codes import is_gtin
from tools.kit.slots import Kind
from tools.store import Catalogue

_KINDS = {Kind.PLACE: PLACE, Kind.SUPPLIER: SUPPLIER}
_BESIDE = frozenset({"the", "a", "an", "our", "my", "some", "product", "one", "ones", "this", "that", ","})
# "Call Acme about the delivery" gives nobody a name.
_LINKING = frozenset({
    "about", "to", "for", "and", "or", "on", "at", "in", "if", "when", "now", "today", "tomorrow", "back",
    "me", "us", "them", "him", "her", "because", "with", "from", "before", "after", "again", "asap", "please",
    "is", "are", "not", "by", "of", "up", "off", "out", "over", "tonight", "later", "soon",
})  # fmt: skip
# Words that answer a question or steer the conversation; no template holds all of them.
_STEERING = frozenset(
    {"yes", "no", "undo", "cancel", "help", "why", "ok", "okay", "stop", "all", "both", "it"}
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A product, place or supplier of the shop."""

    kind: str
    code: str

    def name(self, catalogue: Catalogue) -> str:
        """How it is called in the shop; its code where it is gone."""
        if self.kind == PRODUCT:
            product = catalogue.products.get(self.code)
            return product.name if product else f"{self.code} (not in the catalogue now)"
        if self.kind == PLACE:
            return catalogue.location_name(self.code)
        supplier = catalogue.supplier(self.code)
        return supplier.name if supplier else self.code


def things_named(parser: Parser, text: str, catalogue: Catalogue, now: datetime) -> tuple[Thing, ...]:
    """What the whole text is the name of; several where it leaves a choice, none where it is no name."""
    tags, _ = parser.tagged(text, catalogue=catalogue, now=now)
    named = [tag for tag in tags.all() if isinstance(tag, Mention | Entity)]
    if len(named) != 1 or not _whole(tags, named[0]):
        return ()
    tag = named[0]
    if isinstance(tag, Mention):
        return () if tag.category else tuple(Thing(PRODUCT, sku) for sku in tag.skus)
    kind = _KINDS.get(tag.kind)
    return tuple(Thing(kind, code) for code in tag.codes) if kind else ()


def _whole(tags: Tags, tag: Mention | Entity) -> bool:
    rest = (word for at, word in enumerate(tags.words) if not tag.start <= at < tag.end)
    return all(word.low in _BESIDE for word in rest)


def split_call(
    parser: Parser, text: str, catalogue: Catalogue, now: datetime
) -> tuple[str, tuple[Thing, ...]] | None:
    """Split "MUG-RED-350 the little red" into the words and the thing that goes before them."""
    parts = text.split()[: 2 * MOST_WORDS]
    for at in range(len(parts) - 1, 0, -1):
        things = things_named(parser, " ".join(parts[:at]), catalogue, now)
        if things and not _LINKING & {part.lower() for part in parts[at:]}:
            return " ".join(parts[at:]), things
    return None


def objection(
    parser: Parser, words: str, things: Sequence[Thing], catalogue: Catalogue, now: datetime
) -> str:
    """Why the words cannot be taught to mean one of the things, as a sentence; "" where they can."""
    key, number = key_of(words), is_gtin(words)
    if len(words) > LONGEST or len(key.split()) > MOST_WORDS:
        return f"That is too long for a name: {MOST_WORDS} words and {LONGEST} letters at most."
    if not any(letter.isalpha() for letter in key) and not number:
        return f"“{words}” has no letters, and figures are amounts. Take a word."
    if not number and _of_requests(key, parser.request_words):
        return f"“{words}” is a word that I need to understand requests. Take another."
    tags, names = parser.tagged(words, catalogue=catalogue, now=now)
    others = {
        Thing(kind, code): name for (kind, code), name in exact_names(key, catalogue, names.products).items()
    }
    others = {thing: name for thing, name in others.items() if thing not in things}
    if not others and names.taught.called(words) is None:
        others = _named_elsewise(tags, things, catalogue)
    if others:
        thing, name = next(iter(others.items()))
        what = f"the {thing.kind} {name}" if thing.kind != PRODUCT else _product(thing, catalogue)
        return f"“{words}” is a name of {what}, and a name always means what it names. Take other words."
    return ""


def _named_elsewise(tags: Tags, things: Sequence[Thing], catalogue: Catalogue) -> dict[Thing, str]:
    """The place, customer or other (no goods) that the words mean without being its whole name."""
    whole = [tag for tag in tags.entities if tag.code and _whole(tags, tag)]
    meant = [Thing(_KINDS.get(tag.kind, tag.kind.value), tag.code) for tag in whole]
    names = {Thing(kind, code): name for kind, code, name in other_names(catalogue)}
    return {thing: names.get(thing, thing.code) for thing in meant if thing not in things}


def _product(thing: Thing, catalogue: Catalogue) -> str:
    return f"{thing.name(catalogue)} ({thing.code})"


def _of_requests(key: str, spoken: frozenset[str]) -> bool:
    """Whether nothing in the words is more than the language of requests, amounts and times."""
    common = spoken | TIME_WORDS | NUMBER_WORDS | set(UNITS) | _STEERING
    telling = (ADJECTIVES | set(SIZE_WORDS)) - TIME_WORDS
    return all((word in common and word not in telling) or not word.isalpha() for word in key.split())
