"""A small chart parser: named categories, rules over words, every reading of a category found once.

A rule's pattern is a row of elements: ``word``, ``one|of|these``, ``[handed|on|to|the|reader]``,
``<category>``; a ``?`` after an element makes it optional. The reader gets what bracketed words and
categories stand for (``None`` where they are absent) and returns the meaning, or None for nonsense.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Reader = Callable[..., Any]
R = TypeVar("R", bound=Reader)
Terminal = Callable[["Chart", int], Iterable[tuple[int, Any]]]
_DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters, digits or one sign.

    ``glued`` ones follow without a space, ``last`` ones end a word, ``definite`` ones had a "the".
    """

    text: str
    word: int
    glued: bool
    last: bool
    definite: bool = False


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str]
    category: str
    optional: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    elements: tuple[_Element, ...]
    reader: Reader
    not_after: frozenset[str]
    not_before: frozenset[str]
    only_after: frozenset[str]
    definite: bool


class Grammar:
    """The rules and terminals of one language of expressions."""

    def __init__(self, kinds: Callable[[str], frozenset[str]]) -> None:
        """``kinds`` names the terminals that a word may be; words stand for themselves, too."""
        self.kinds = kinds
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        self.terminals: dict[str, Terminal] = {}
        self._opened: dict[tuple[str, frozenset[str], str], tuple[_Rule, ...]] = {}
        self._starts: dict[str, frozenset[str]] = {}
        self.literals: set[str] = set()

    def rule(
        self,
        category: str,
        *patterns: str,
        not_after: str = "",
        not_before: str = "",
        only_after: str = "",
        definite: bool = False,
    ) -> Callable[[R], R]:
        """Read ``category`` where a pattern matches, with regard to the words beside it and to "the"."""

        def add(reader: R) -> R:
            for pattern in patterns:
                elements = tuple(map(_element, pattern.split()))
                self.literals.update(word for element in elements for word in element.words)
                self._rules[category].append(
                    _Rule(
                        elements,
                        reader,
                        frozenset(not_after.split()),
                        frozenset(not_before.split()),
                        frozenset(only_after.split()),
                        definite,
                    )
                )
            return reader

        return add

    def terminal(self, name: str) -> Callable[[Terminal], Terminal]:
        """Read category ``name`` by a function of the chart and a place."""

        def add(reader: Terminal) -> Terminal:
            self.terminals[name] = reader
            return reader

        return add

    def opening(self, category: str, text: str) -> tuple[_Rule, ...]:
        """The rules for a category that may start with a word."""
        kinds = self.kinds(text)
        literal = text if text in self.literals else ""
        key = category, kinds, literal
        if key not in self._opened:
            wanted = kinds | {literal}
            self._opened[key] = tuple(
                rule for rule in self._rules[category] if self._first(rule, frozenset()) & wanted
            )
        return self._opened[key]

    def _first(self, rule: _Rule, seen: frozenset[str]) -> frozenset[str]:
        out: set[str] = set()
        for element in rule.elements:
            out |= element.words or self._starts_of(element.category, seen)
            if not element.optional:
                break
        return frozenset(out)

    def _starts_of(self, category: str, seen: frozenset[str]) -> frozenset[str]:
        if category in self.terminals:
            return frozenset({category})
        if category in seen:
            return frozenset()
        if category not in self._starts or seen:
            parts = [self._first(rule, seen | {category}) for rule in self._rules[category]]
            found = frozenset().union(*parts)
            if seen:
                return found
            self._starts[category] = found
        return self._starts[category]


def _element(said: str) -> _Element:
    optional = said.endswith("?")
    said = said.removesuffix("?")
    if said.startswith("<"):
        return _Element(frozenset(), said[1:-1], optional, kept=True)
    kept = said.startswith("[")
    return _Element(frozenset(said.strip("[]").split("|")), "", optional, kept)


class Chart:
    """One message under one grammar."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token]) -> None:
        """Nothing is parsed before it is asked for."""
        self.grammar = grammar
        self.tokens = tokens
        self.texts = [token.text for token in tokens]
        self._memo: dict[tuple[str, int], dict[int, Any]] = {}
        self._depth = 0

    def low(self, at: int) -> str:
        """The word at a place, ``""`` outside of the message."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def parse(self, category: str, at: int) -> dict[int, Any]:
        """Every place where a ``category`` that starts ``at`` ends, with its meaning (first rule wins)."""
        if at >= len(self.texts):
            return {}
        key = category, at
        if key in self._memo:
            return self._memo[key]
        found: dict[int, Any] = {}
        self._memo[key] = found
        if self._depth >= _DEEPEST:
            return found
        self._depth += 1
        terminal = self.grammar.terminals.get(category)
        if terminal is not None:
            if category in self.grammar.kinds(self.texts[at]):
                found.update(terminal(self, at))
        else:
            for rule in self.grammar.opening(category, self.texts[at]):
                self._apply(rule, at, found)
        self._depth -= 1
        return found

    def _apply(self, rule: _Rule, at: int, found: dict[int, Any]) -> None:
        if rule.not_after and self.low(at - 1) in rule.not_after:
            return
        if rule.only_after and self.low(at - 1) not in rule.only_after:
            return
        if rule.definite and not self.tokens[at].definite:
            return
        for end, parts in self._match(rule.elements, at):
            if end in found or (rule.not_before and self.low(end) in rule.not_before):
                continue
            meaning = rule.reader(*parts)
            if meaning is not None:
                found[end] = meaning

    def _match(self, elements: Sequence[_Element], at: int) -> list[tuple[int, tuple[Any, ...]]]:
        out: list[tuple[int, tuple[Any, ...]]] = []
        open_ones: list[tuple[int, int, tuple[Any, ...]]] = [(0, at, ())]
        while open_ones:
            place, here, parts = open_ones.pop()
            if place == len(elements):
                out.append((here, parts))
                continue
            element = elements[place]
            if element.optional:
                open_ones.append((place + 1, here, (*parts, None) if element.kept else parts))
            if element.category:
                for end, meaning in list(self.parse(element.category, here).items()):
                    open_ones.append((place + 1, end, (*parts, meaning)))
            elif here < len(self.texts) and self.texts[here] in element.words:
                open_ones.append((place + 1, here + 1, (*parts, self.texts[here]) if element.kept else parts))
        return out
