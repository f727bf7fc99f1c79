"""What stands beside a product's words: sizes of its own, exceptions, and words that it does not have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from intents.catalogue_index import CatalogueIndex, common
from intents.mentions import Mention
from intents.product_words import (
    ADJECTIVES,
    COLOURS,
    COUNTED,
    HOLDERS,
    MAKES,
    SIZE_WORDS,
    is_size,
    read_name,
    read_size,
    size_number,
)
from intents.quantities import CONTAINERS, MEASURES
from intents.words import Word

_BINDERS = frozenset({"of", "with", "the", "-", "/"})
_EXCEPT = tuple(tuple(words.split()) for words in (
    "except for", "apart from", "other than", "aside from", "bar the", "not the", "except", "excluding",
    "excl", "but", "minus the", "without the", "besides", "save for", "leaving out", "ignoring", "barring",
))  # fmt: skip
_EXCEPT_BEGINS = frozenset(said[0] for said in _EXCEPT)
_ARTICLES = frozenset({"the", "any", "our", "ones", "one", "those", "that", "are", "in"})
_LISTING = frozenset({"and", "or", ",", "&", "nor"}) | _ARTICLES
_AFTER = COLOURS | frozenset(SIZE_WORDS)
_PASSED = frozenset({"au", "de", "-"})
_HOLDING = HOLDERS | COUNTED | CONTAINERS | ADJECTIVES
MOST_STRANGE = 3


@dataclass(frozen=True)
class Surroundings:
    """The words of a message around its mentions; ``strange`` tells words that nothing explains."""

    words: Sequence[Word]
    index: CatalogueIndex
    blocked: Collection[int]
    strange: Callable[[Word], bool]
    categories: Callable[[str], Sequence[str]]

    def told(self, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """The mentions, less what is excepted, in the size told, with words beside that nothing has."""
        found = self._less_exceptions(mentions)
        found = [self._sized(mention) for mention in self._without_amounts(found)]
        return tuple(self._beside(found))

    # -- "all mugs except the 500ml" ---------------------------------------------------------------

    def _less_exceptions(self, mentions: Sequence[Mention]) -> list[Mention]:
        out = list(mentions)
        for start, end in self._exceptions():
            before = [mention for mention in out if mention.end <= start]
            after = next((mention for mention in out if mention.start == end), None)
            if not before:
                out = [
                    self._of_everything(mention, start) if mention is after else mention for mention in out
                ]
                continue
            whole = before[-1]
            excepted, last = self._named_from(end, out, set(self._skus(whole)))
            left = tuple(sku for sku in self._skus(whole) if sku not in excepted)
            if excepted and left:
                how = "head" if whole.how == "category" else whole.how
                out[out.index(whole)] = replace(
                    whole, skus=left, category="", how=how, excepting=(start, last)
                )
                out = [mention for mention in out if not start <= mention.start < last]
        return out

    def _named_from(
        self, start: int, mentions: Sequence[Mention], among: Collection[str]
    ) -> tuple[set[str], int]:
        """Those of some products that are named from a place on ("brie and feta"), and where that ends."""
        named: set[str] = set()
        at = end = start
        while at < len(self.words):
            here = next((mention for mention in mentions if mention.start == at), None)
            skus, after = (self._skus(here), here.end) if here else self._described(at)
            if not set(skus) & set(among):
                break
            named |= set(skus) & set(among)
            at = end = after
            while at < len(self.words) and self.words[at].low in _LISTING:
                at += 1
        return named, end

    def _exceptions(self) -> list[tuple[int, int]]:
        """Where the words for an exception stand, each with the place of what is excepted."""
        found = []
        for at in (at for at, word in enumerate(self.words) if word.low in _EXCEPT_BEGINS):
            for said in _EXCEPT:
                if tuple(word.low for word in self.words[at : at + len(said)]) == said:
                    end = at + len(said)
                    while end < len(self.words) and self.words[end].low in _ARTICLES:
                        end += 1
                    found.append((at, end))
                    break
        return found

    def _described(self, at: int) -> tuple[Sequence[str], int]:
        """The products that one describing word at a place tells of ("the green")."""
        word = self.words[at].stem if at < len(self.words) else ""
        if word not in ADJECTIVES | MAKES:
            return (), at
        return self.index.names(self.index.having(word)), at + 1

    def _of_everything(self, mention: Mention, start: int) -> Mention:
        """What is excepted from no named thing ("all but milk") is not what is meant."""
        whole = start > 0 and self.words[start - 1].low in ("everything", "all", "anything")
        return replace(mention, beside=(start - 1, start)) if whole else mention

    def _skus(self, mention: Mention) -> Sequence[str]:
        return mention.skus or self.categories(mention.category)

    # -- "500g bananas", "large milk" --------------------------------------------------------------

    def _without_amounts(self, mentions: Sequence[Mention]) -> list[Mention]:
        """A size alone beside a product is an amount of it, or a size that it does not come in."""
        out = list(mentions)
        for place, mention in enumerate(mentions):
            if not mention.said or not all(is_size(token) for token in mention.said) or mention.how == "code":
                continue
            for near in (place + 1, place - 1):
                if 0 <= near < len(out) and self._bound(*sorted((mention, out[near]), key=_start)):
                    out[near] = self._unless_weighed(out[near], mention)
                    out[place] = replace(mention, skus=(), said=())
                    break
        return [mention for mention in out if mention.said or mention.category or mention.how == "code"]

    def _unless_weighed(self, mention: Mention, size: Mention) -> Mention:
        units = {self.index.unit(sku) for sku in mention.skus}
        measured = size.end > size.start and self.words[size.end - 1].low in MEASURES
        if measured and units and units <= MEASURES:
            return mention
        return replace(mention, beside=(*mention.beside, *range(size.start, size.end)))

    def _bound(self, first: Mention, second: Mention) -> bool:
        """Whether both are one name's words: nothing but "of" and the like stands between."""
        return first.end <= second.start and all(
            word.low in _BINDERS for word in self.words[first.end : second.start]
        )

    def _sized(self, mention: Mention) -> Mention:
        """As in "large milk": the largest of each thing that comes in several sizes."""
        for at in (mention.start - 1, mention.end):
            wanted = SIZE_WORDS.get(self.words[at].low, "") if 0 <= at < len(self.words) else ""
            if wanted not in ("small", "large") or at in self.blocked or mention.how in ("code", "category"):
                continue
            if self._sized_in_words(mention, wanted):
                continue
            chosen = self._extremes(mention.skus, largest=wanted == "large")
            if chosen:
                start, end = min(at, mention.start), max(at + 1, mention.end)
                return replace(mention, start=start, end=end, skus=chosen, said=(*mention.said, wanted))
        return mention

    def _sized_in_words(self, mention: Mention, size: str) -> bool:
        """Whether things of the kind are named by that size ("candle large"): then it is none of these."""
        kinds = [word for word in mention.said if len(self.index.headed(word))]
        return any(len(common((self.index.headed(word), self.index.having(size)))) for word in kinds)

    def _extremes(self, skus: Iterable[str], *, largest: bool) -> tuple[str, ...]:
        kinds: defaultdict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
        for sku in skus:
            core, sizes, _ = read_name(self.index.name(sku))
            measured = [size for size in sizes if size[:1].isdecimal() or size.startswith("of")]
            if measured:
                kinds[tuple(sorted(core))].append((measured[-1], sku))
        best = max if largest else min
        several = [sizes for sizes in kinds.values() if len(sizes) > 1]
        return tuple(sorted(best(sizes, key=lambda pair: size_number(pair[0]))[1] for sizes in several))

    # -- words that nothing has --------------------------------------------------------------------

    def _beside(self, mentions: Sequence[Mention]) -> list[Mention]:
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        taken |= {*self.blocked, *excepted(mentions)}
        out = []
        for place, mention in enumerate(mentions):
            if mention.how == "code":
                out.append(mention)
                continue
            odd = [*mention.beside, *self._before(mention, taken), *self._after(mention, taken)]
            for other in mentions[max(0, place - 1) : place + 2]:
                if other is not mention and self._one_phrase(*sorted((mention, other), key=_start)):
                    odd.extend(range(other.start, other.end))
            out.append(replace(mention, beside=tuple(sorted(set(odd)))))
        return out

    def _one_phrase(self, first: Mention, second: Mention) -> bool:
        """Whether two mentions side by side are rather one name that no product has ("oat yoghurt")."""
        if "code" in (first.how, second.how) or not self._bound(first, second):
            return False
        return first.how != "exact" and not (self._several(first) and self._several(second))

    def _several(self, mention: Mention) -> bool:
        """Whether it is said in the plural, as things in a list are."""
        last = self.words[mention.end - 1]
        return last.low != last.stem and last.low.endswith("s")

    def _before(self, mention: Mention, taken: Collection[int]) -> list[int]:
        at, passed = mention.start - 1, 0
        odd: list[int] = []
        while at >= 0 and at not in taken and len(odd) < MOST_STRANGE:
            word = self.words[at]
            if self._odd(at, MAKES):
                odd.append(at)
            elif word.low in _PASSED or word.low in ADJECTIVES:  # "gluten-free", "pain au"
                passed += 1
            else:
                break
            if passed > 2:
                break
            at -= 1
        return odd

    def _after(self, mention: Mention, taken: Collection[int]) -> list[int]:
        at = mention.end
        odd: list[int] = [at] if self._boxed(at) else []
        while at < len(self.words) and at not in taken and len(odd) < MOST_STRANGE and self._odd(at, _AFTER):
            odd.append(at)
            at += 1
        return odd

    def _boxed(self, at: int) -> bool:
        """Whether "box of 12" follows, which none of the products is."""
        low = [word.low for word in self.words[at : at + 3]]
        return len(low) == 3 and self.words[at].stem in HOLDERS and low[1] == "of" and low[2].isdecimal()

    def _odd(self, at: int, telling: Collection[str]) -> bool:
        word = self.words[at]
        names_a_kind = (
            len(word.low) > 2 and word.stem not in _HOLDING and len(self.index.headed(word.stem)) > 0
        )
        if self.strange(word) or word.stem in telling or names_a_kind:
            return True
        return self._no_size_of_any(at) or (at > 0 and self._no_size_of_any(at - 1))

    def _no_size_of_any(self, at: int) -> bool:
        """Whether a size starts here, written in one ("1.5l"), that no product has."""
        two = self.words[at : at + 2]
        size, used = read_size([word.low for word in two], 0)
        glued = len(two) == 2 and two[0].end == two[1].start
        return used == 2 and glued and size not in self.index


def excepted(mentions: Iterable[Mention]) -> set[int]:
    """The places of the words that leave products out."""
    return {at for mention in mentions if mention.excepting for at in range(*mention.excepting)}


def _start(mention: Mention) -> int:
    return mention.start
