"""Expands the tools' example sentences into sentences that the classifier learns from.

The language: ``(a|b)`` is one of several, ``[x]`` may be left out, ``{slot}`` is a slot.
"""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from intents.masks import MASKS, mask_of, masked, plain
from intents.out_of_scope import FAMILIES
from intents.periods import find_periods
from intents.quantities import find_amounts
from intents.samples import AHEAD, CATEGORIES, FILLINGS, GOODS, PAST
from intents.words import clean, words_of
from tools.kit import Tool
from tools.kit.slots import Kind

UNKNOWN = "meta.unknown"
EACH = 4
LOOKS_AHEAD = frozenset({
    "stock.expiring", "forecast.demand", "forecast.stockout", "scenario.simulate", "reorder.suggest",
    "reorder.create",
    "route.plan", "route.eta", "shipment.consolidate", "pricing.markdown", "alert.mute", "alert.create",
    "po.status",
})  # fmt: skip
"""Intents whose ``period`` lies ahead; all others look back."""

COUNTS_GOODS = frozenset(
    {"stock.adjust", "stock.receive", "stock.transfer", "sales.record", "reorder.create"}
)
FEW_WORDS = (MASKS[Kind.QUANTITY], MASKS[Kind.QUANTITY], MASKS[Kind.QUANTITY], "a", "some")

_CHOICE = re.compile(r"[(\[]")
_TOKEN = re.compile(r"[()\[\]|]|\{\w+\}|[^()\[\]|{}]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence to learn from.  ``group`` is its template: variants stay together when testing."""

    text: str
    intent: str
    group: int


def sentences(tools: Mapping[str, Tool], each: int = EACH) -> list[Sentence]:
    """All sentences of all tools and of what is out of scope, always the same ones in the same order."""
    out: list[Sentence] = []
    group = 0
    for intent, tool in tools.items():
        for example in tool.examples:
            out.extend(Sentence(text, intent, group) for text in _variants(example, tool, each))
            group += 1
    for lines in FAMILIES.values():
        for line in lines:
            out.extend(
                Sentence(text, UNKNOWN, group)
                for text in dict.fromkeys((as_compared(line), _names_masked(line)))
            )
            group += 1
    return out


def _variants(example: str, tool: Tool, each: int) -> list[str]:
    """Different readings of an example: two, and more where it leaves choices."""
    each = min(each, 2 + len(_CHOICE.findall(example)))
    seen: dict[str, None] = {}
    for number in range(2 * each):
        chance = random.Random(zlib.crc32(f"{number} {example}".encode()))  # noqa: S311 - no secret
        text = expand(example, chance)
        seen.setdefault(_filled(text, tool, chance, masks=number % 3 != 2))
        if len(seen) == each:
            break
    return list(seen)


def expand(example: str, chance: random.Random) -> str:
    """One reading of an example: alternatives and optional parts chosen by ``chance``."""
    return re.sub(r"\s+", " ", _sequence(iter(_TOKEN.findall(example)), chance)[0]).strip()


def _sequence(tokens: Iterator[str], chance: random.Random) -> tuple[str, str]:
    """The text up to the bracket that closes this level, and that bracket."""
    branches: list[list[str]] = [[]]
    for token in tokens:
        if token == "|":  # noqa: S105 - no password
            branches.append([])
        elif token == "(":  # noqa: S105
            branches[-1].append(_sequence(tokens, chance)[0])
        elif token == "[":  # noqa: S105
            inner = _sequence(tokens, chance)[0]
            branches[-1].append(inner if chance.random() < 0.5 else "")
        elif token in (")", "]"):
            return "".join(chance.choice(branches)), token
        else:
            branches[-1].append(token)
    return "".join(chance.choice(branches)), ""


def _filled(text: str, tool: Tool, chance: random.Random, *, masks: bool) -> str:
    kinds = tool.slot_kinds

    def filling(found: re.Match[str]) -> str:
        said = _filling(kinds[found[1]], tool.intent, chance, masks=masks)
        before, after = text[: found.start()].rsplit(maxsplit=1), text[found.end() :]
        joined = bool(before) and before[-1] in _JOINING
        return _JOINED.sub("", said) if joined or after.startswith("'s") else said

    filled = re.sub(r"\{(\w+)\}", filling, text)
    named = Kind.TEXT in kinds.values() and masks
    return _names_masked(filled) if named else as_compared(filled)


_JOINING = frozenset(
    {"for", "of", "on", "in", "by", "before", "since", "until", "till", "within", "from", "to", "at", "was"}
)
_JOINED = re.compile(r"^(?:in|on|over|at|by|before|until|for|since|up to) ")


def _filling(kind: Kind, intent: str, chance: random.Random, *, masks: bool) -> str:
    if kind is Kind.PERIOD:
        return chance.choice(AHEAD if intent in LOOKS_AHEAD else PAST)
    if not masks and kind is Kind.PRODUCTS:
        return chance.choice(GOODS)
    if not masks and kind is Kind.CATEGORY:
        return chance.choice(CATEGORIES)
    if kind in (Kind.DAYS, *FILLINGS):
        return chance.choice(FILLINGS[kind])
    if kind is Kind.QUANTITY and intent in COUNTS_GOODS:
        return chance.choice(FEW_WORDS)
    return MASKS[kind]


_GOODS_WORDS = re.compile(
    r"\b(?:the |a |an |some )?(?:(?:red|blue|green|new|old|oat|dark|big|small|wine|tea|cheese|scented|"
    r"gift) )?(?:"
    + "|".join((
        "scar(?:f|ves)", "kettles?", "teapots?", "mugs?", "candles?", "bread", "cheeses?", "brie",
        "milk", "jams?", "honey", "soaps?", "lamps?", "vases?", "jumpers?", "hampers?", "glasses",
        "plates?", "bowls?", "cushions?", "towels?", "aprons?", "biscuits?", "chocolates?", "wines?",
        "beers?", "coffees?", "teas?", "olives", "ham", "cakes?", "scones?", "croissants?", "socks?",
        "toys?", "teddy bears?", "cards", "books?", "boots?", "shoes?", "shirts?", "hats?",
        "umbrellas?", "apples?", "bananas?", "strawberries", "salmon", "throws?", "rabbits?", "granola",
        "pesto", "sausages?", "crisps", "gin", "loo roll", "hummus", "quiche", "brownies",
        "peanut butter", "tins", "pans?", "jugs?", "blankets?", "scissors", "knives", "oat milk",
        "oat yoghurt", "olive oil", "french press", "teddy", "puzzles?", "flapjacks?", "coffee pods",
        "eggs?", "butter", "yoghurts?", "juice", "sourdough", "loaf", "loaves",
    ))
    + r")\b"
)  # fmt: skip


_PLACES = re.compile(r"\b(?:the |our )?(?:warehouse|back ?room|stock ?room|cellar|station shop)\b")
_SUPPLIERS = re.compile(
    r"\b(?:acme|brightwell|dairyland|hilltop farm|bluewater|north farm|(?:the )?millstone bakery)(?:'?s)?\b"
)


def _names_masked(line: str) -> str:
    """An out-of-scope sentence as it looks where the shop has the goods and places it speaks of."""
    return as_compared(_PLACES.sub(MASKS[Kind.PLACE], _GOODS_WORDS.sub(MASKS[Kind.PRODUCTS], line)))


_SOMEDAY = date(2030, 5, 15)
_PERSON = re.compile(r"\b(?:mr|mrs|ms|dr) (?!smith)[a-z]+\b", re.IGNORECASE)
_ORDER = re.compile(r"\border (?:no |number |#)?(?!5000)\d{3,}\b", re.IGNORECASE)
_MASKED_NUMBER = re.compile(r"(?:order|po) \d+$")


def as_compared(sentence: str) -> str:
    """A sentence with its amounts and numbers masked, as messages are when they are compared with it."""
    sentence = _SUPPLIERS.sub(MASKS[Kind.SUPPLIER], sentence)
    sentence = _ORDER.sub(MASKS[Kind.ORDER], _PERSON.sub(MASKS[Kind.CUSTOMER], sentence))
    words = words_of(clean(sentence))
    taken = {place for span in find_periods(words, _SOMEDAY) for place in range(span.start, span.end)}
    taken |= {
        at for at in range(1, len(words)) if _MASKED_NUMBER.fullmatch(f"{words[at - 1].low} {words[at].low}")
    }
    spans = [
        (amount.start, amount.end, mask_of(amount))
        for amount in find_amounts(words)
        if not taken & set(range(amount.start, amount.end))
    ]
    return masked(words, spans)


def request_words(tools: Mapping[str, Tool], least: int = 3) -> frozenset[str]:
    """The words that requests are made of, in ``least`` examples or more: they name no product."""
    counts: Counter[str] = Counter()
    for intent, tool in tools.items():
        if intent in ("feedback.add", "feedback.requests", "quality.inspect"):
            continue
        for example in tool.examples:
            counts.update(set(plain(re.sub(r"[()\[\]|]|\{\w+\}", " ", example)).split()))
    return frozenset(word for word, count in counts.items() if count >= least and word.isalpha())
