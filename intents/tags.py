"""Everything in a message that is the name of something, an amount or a time, without overlaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from intents.bare_sizes import with_bare_sizes
from intents.catalogue_index import CatalogueIndex
from intents.gazetteer import Entity, Gazetteer
from intents.masks import MASKS, mask_of, masked
from intents.mentions import Mention, find_codes, find_products
from intents.neighbours import Surroundings, excepted
from intents.numerals import AMOUNT_WORDS, ONES, TENS, figure
from intents.periods import TimeSpan, find_periods
from intents.pieces import Run
from intents.product_words import ADJECTIVES, COUNTED, HOLDERS, is_size
from intents.quantities import CONTAINERS, Amount, find_amounts
from intents.ranges import together
from intents.references import Numbers, Reference
from intents.taught import Taught
from intents.words import Word, lows
from tools.kit.slots import Kind
from tools.store import Catalogue

_TOWARDS = frozenset({"at", "in", "from", "to", "into", "for", "->"})
_POINTING = frozenset(
    {"the", "and", "or", ",", "both", "that", "this", "/", "&", "only", "just", "not", "about", "in"}
)
Tag = Mention | Entity | TimeSpan | Amount | Reference


@dataclass(frozen=True)
class Tags:
    """A message's words with all that was recognised in them."""

    text: str
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    periods: tuple[TimeSpan, ...] = ()
    amounts: tuple[Amount, ...] = ()
    references: tuple[Reference, ...] = ()

    def all(self) -> tuple[Tag, ...]:
        """Every tag, left to right."""
        tags: list[Tag] = [*self.mentions, *self.entities, *self.periods, *self.amounts, *self.references]
        return tuple(sorted(tags, key=lambda tag: tag.start))

    def covered(self) -> frozenset[int]:
        """The places of the words that some tag explains."""
        return _places(self.all()) | excepted(self.mentions)

    def within(self, start: int, end: int) -> Tags:
        """The tags of ``words[start:end]``, whose places stay those of the whole message."""

        def inside(tag: Tag) -> bool:
            return tag.start >= start and tag.end <= end

        return replace(
            self,
            mentions=tuple(filter(inside, self.mentions)),
            entities=tuple(filter(inside, self.entities)),
            periods=tuple(filter(inside, self.periods)),
            amounts=tuple(filter(inside, self.amounts)),
            references=tuple(filter(inside, self.references)),
        )

    def of(self, kind: Kind) -> tuple[Entity, ...]:
        """The named things of one kind."""
        return tuple(entity for entity in self.entities if entity.kind is kind)

    def low(self, at: int) -> str:
        """The word at a place in lower case, ``""`` outside of the message."""
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def masked(self, start: int = 0, end: int | None = None, thing: tuple[int, int] | None = None) -> str:
        """The words from ``start`` to ``end`` as they are compared; ``thing`` is masked as goods."""
        last = len(self.words) if end is None else end
        spans = [(*_reach(tag, start, last), _mask(tag)) for tag in self.within(start, last).all()]
        left_out = [mention.excepting for mention in self.mentions if mention.excepting]
        spans.extend(
            (first - start, end - start, " ") for first, end in left_out if start <= first < end <= last
        )
        if thing is not None:
            spans.append((thing[0] - start, thing[1] - start, MASKS[Kind.PRODUCTS]))
        return masked(self.words[start:last], spans)


class Names:
    """The indices over one version of the catalogue."""

    def __init__(self, catalogue: Catalogue, weak: Collection[str], spoken: Collection[str] = ()) -> None:
        """``weak`` words name no product by themselves; ``spoken`` are all words of requests, if known."""
        self._spoken = frozenset(spoken)
        self._requests = self._spoken | frozenset(weak)
        self.catalogue = catalogue
        self.products = CatalogueIndex(catalogue)
        self.weak = frozenset(weak) | ADJECTIVES | AMOUNT_WORDS
        self._ordinary = self._spoken | self.weak
        self.others = Gazetteer(catalogue, weak, self.products.vocabulary())
        self.numbers = Numbers(catalogue)
        self.taught = Taught(catalogue, self.products)

    def _of_something_else(self, mention: Mention, words: Sequence[Word], blocked: Collection[int]) -> bool:
        """Whether an unknown word beside it says that another thing is meant ("toy ducks": no eggs)."""
        if mention.how != "part" or len(mention.said) > 1 or not self._spoken:
            return False
        beside = [at for at in (mention.start - 1, mention.end) if 0 <= at < len(words) and at not in blocked]
        return any(self._strange(words[at]) for at in beside)

    def _strange(self, word: Word) -> bool:
        known = {word.low, word.stem} & self._ordinary or word.stem in self.products
        return word.low.isalpha() and len(word.low) > 2 and not known

    def _strange_here(self, word: Word) -> bool:
        known = {word.low, word.stem} & self._ordinary
        return bool(self._spoken) and word.low.isalpha() and len(word.low) > 2 and not known

    def _of_category(self, name: str) -> tuple[str, ...]:
        return tuple(sorted(self.catalogue.categories.get(name, ())))

    def unknown(self, tags: Tags) -> str:
        """The words for something like a product that the shop does not have, or ``""``."""
        for mention in tags.mentions:
            if mention.beside:
                return lows(tags.words[slice(*mention.reach)])
        return ""

    def strange_run(self, tags: Tags, span: tuple[int, int]) -> tuple[int, int] | None:
        """Where the only run of unknown words stands (three at most), if there is just one."""
        covered = tags.covered()
        strange = [at for at in range(*span) if at not in covered and self._strange(tags.words[at])]
        together = bool(strange) and strange[-1] - strange[0] < min(3, len(strange))
        return (strange[0], strange[-1] + 1) if together else None

    def code_places(self, words: Sequence[Word], text: str) -> frozenset[int]:
        """Where SKUs and barcodes stand, which no spelling rule may touch."""
        return _places(find_codes(words, text, self.products))

    def tag(self, text: str, words: tuple[Word, ...], today: date) -> Tags:
        """Recognise everything in a message."""
        codes = find_codes(words, text, self.products)
        references = self.numbers.find(words, _places(codes))
        fixed = _places(codes) | _places(references)
        taught = self.taught.find(words, fixed, lambda: self._named(words, fixed))
        codes = (*codes, *(tag for tag in taught if isinstance(tag, Mention)))
        fixed |= _places(taught)
        entities = (*self.others.find(words, fixed), *(tag for tag in taught if isinstance(tag, Entity)))
        periods = tuple(span for span in find_periods(words, today) if not _places((span,)) & fixed)
        found = find_products(Run(words, self.products, fixed, self.weak, self._requests))
        entities = tuple(entity for entity in entities if not _swallowed(entity, found, words))
        periods = tuple(
            span for span in periods
            if not _swallowed(span, found, words) and not _places((span,)) & _places(entities)
        )  # fmt: skip
        blocked = fixed | _places(entities) | _places(periods)
        if blocked & _places(found):
            found = find_products(Run(words, self.products, blocked, self.weak, self._requests))
        found = tuple(mention for mention in found if not self._of_something_else(mention, words, blocked))
        sized = with_bare_sizes(words, found, self.products)
        around = Surroundings(words, self.products, blocked, self._strange_here, self._of_category)
        in_order = sorted((*codes, *sized), key=lambda mention: mention.start)
        named = _goods(_in_the_size(in_order, words), words)
        mentions = around.told(_with_containers(named))
        taken = blocked | _places(mentions) | excepted(mentions)
        references = tuple(reference for reference in references if not _a_count(reference, mentions))
        return Tags(text, words, mentions, entities, periods, _amounts(words, taken), references)

    def _named(self, words: tuple[Word, ...], blocked: frozenset[int]) -> tuple[Mention | Entity, ...]:
        found = find_products(Run(words, self.products, blocked, self.weak, self._requests))
        return (*found, *self.others.find(words, blocked))


def _amounts(words: Sequence[Word], taken: Collection[int]) -> tuple[Amount, ...]:
    out = []
    for amount in find_amounts(words):
        inside = set(range(amount.start, amount.end)) & set(taken)
        if not inside:
            out.append(amount)
        elif amount.start not in inside and figure(words[amount.start].low) is not None:
            # "12 pack of …" where "pack of 6" belongs to the name
            out.append(replace(amount, end=min(inside), unit=""))
    return together(words, out)


def _a_count(reference: Reference, mentions: Sequence[Mention]) -> bool:
    starts = {mention.start for mention in mentions}
    return not reference.sure and reference.end in starts and reference.end - reference.start == 1


def _swallowed(tag: Entity | TimeSpan, mentions: Sequence[Mention], words: Sequence[Word]) -> bool:
    """Whether the words belong to a product's name rather ("harbour tea towel", "Easter egg")."""
    for mention in mentions:
        if (
            mention.start <= tag.start
            and tag.end <= mention.end
            and mention.end - mention.start > tag.end - tag.start
        ):
            trailing = tag.end == mention.end and mention.how != "exact"
            towards = tag.start > 0 and words[tag.start - 1].low in _TOWARDS and tag.start > mention.start
            leading = mention.how == "part" and tag.start == mention.start
            if (leading or mention.how in ("exact", "head", "category")) and not trailing and not towards:
                return True
    return False


_COUNTS = CONTAINERS | COUNTED | HOLDERS


def _goods(mentions: Sequence[Mention], words: Sequence[Word]) -> list[Mention]:
    """Less the words that only count or measure other goods ("twenty bags of rice", "write off 1 kg")."""
    kept = [mention for mention in mentions if not _only_counts(mention, words)]
    return kept or list(mentions)


def _in_the_size(mentions: Sequence[Mention], words: Sequence[Word]) -> list[Mention]:
    """As in "back to compost, order 20 of the 40 litre": the size tells which of those named before."""
    out: list[Mention] = []
    for mention in mentions:
        sized = mention.start > 0 and mention.how != "code" and all(map(is_size, mention.said))
        if sized and [word.low for word in words[: mention.start][-2:]] == ["of", "the"]:
            for place, earlier in enumerate(out):
                both = tuple(sku for sku in earlier.skus if sku in mention.skus)
                if both:
                    out[place] = replace(earlier, skus=both)
                    mention = replace(mention, skus=both)
        out.append(mention)
    return out


def _only_counts(mention: Mention, words: Sequence[Word]) -> bool:
    before = words[mention.start - 1].low if mention.start else ""
    if mention.how != "code" and mention.said and all(is_size(said) for said in mention.said):
        return before not in _POINTING
    if len(mention.said) != 1 or mention.said[0] not in _COUNTS:
        return False
    after = words[mention.end].low if mention.end < len(words) else ""
    return after == "of" or figure(before) is not None or before in ONES or before in TENS


def _with_containers(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """As in "house blend 1kg bags": a container right after a product is no product of its own."""
    out: list[Mention] = []
    for mention in mentions:
        previous = out[-1] if out else None
        if (
            previous is not None
            and previous.end == mention.start
            and len(mention.said) == 1
            and mention.said[0] in CONTAINERS | COUNTED | HOLDERS
        ):
            out[-1] = replace(previous, end=mention.end)
        else:
            out.append(mention)
    return tuple(out)


def _places(tags: Iterable[Tag]) -> frozenset[int]:
    return frozenset(place for tag in tags for place in range(tag.start, tag.end))


def _reach(tag: Tag, start: int, last: int) -> tuple[int, int]:
    first, end = tag.reach if isinstance(tag, Mention) else (tag.start, tag.end)
    return max(first, start) - start, min(end, last) - start


def _mask(tag: Tag) -> str:
    match tag:
        case Mention():
            return MASKS[Kind.PRODUCTS]
        case Entity() | Reference():
            return MASKS[tag.kind]
        case Amount():
            return mask_of(tag)
        case TimeSpan():
            return ""
