"""The example sentences of every tool, and the families of things that no tool does."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from intents.out_of_scope import FAMILIES, FAMILY_ANSWERS
from tools.kit import all_tools

TOOLS = all_tools()
TOKEN = re.compile(r"\{\w+\}|[()\[\]|]|[^{}()\[\]|]+")
CLOSES = {"(": ")", "[": "]"}


def expansions(template: str) -> set[str]:
    """Every sentence that a template stands for, lower case, with single spaces."""
    tokens = TOKEN.findall(template)
    assert "".join(tokens) == template, f"stray brace in {template!r}"
    sentences = _choices(iter(tokens), closing="", template=template)
    return {" ".join(sentence.lower().split()) for sentence in sentences}


def _choices(tokens: Iterator[str], *, closing: str, template: str) -> set[str]:
    finished: set[str] = set()
    open_ends = {""}
    for token in tokens:
        if token == closing:
            return finished | open_ends
        assert token not in (")", "]"), f"unbalanced {token!r} in {template!r}"
        if token == "|":
            finished, open_ends = finished | open_ends, {""}
            continue
        parts = {token}
        if token in CLOSES:
            parts = _choices(tokens, closing=CLOSES[token], template=template)
            parts |= {""} if token == "[" else set()
        open_ends = {start + part for start in open_ends for part in parts}
    assert not closing, f"{closing!r} is missing in {template!r}"
    return finished | open_ends


def test_a_template_stands_for_all_of_its_sentences() -> None:
    found = expansions("how many {products} (are|do we have) [still] left[ (in|at) {location}]")
    assert len(found) == 12
    assert "how many {products} are left" in found
    assert "how many {products} do we have still left at {location}" in found


@pytest.mark.parametrize("broken", ["how (many", "how many]", "{products", "(a|b]", "a} b"])
def test_a_template_with_an_unbalanced_bracket_is_noticed(broken: str) -> None:
    with pytest.raises(AssertionError):
        expansions(broken)


@pytest.mark.parametrize("intent", TOOLS)
def test_every_template_can_be_read(intent: str) -> None:
    known = set(TOOLS[intent].slot_kinds)
    for template in TOOLS[intent].examples:
        sentences = expansions(template)
        assert "" not in sentences, f"{template!r} can be nothing at all"
        for sentence in sentences:
            slots = re.findall(r"\{(\w+)\}", sentence)
            assert set(slots) <= known, template
            assert len(slots) == len(set(slots)), f"{template!r} names a slot twice"


@pytest.mark.parametrize("intent", TOOLS)
def test_every_tool_has_enough_sentences(intent: str) -> None:
    examples = TOOLS[intent].examples
    assert len(examples) >= 25
    assert len(examples) == len(set(examples))


def test_no_two_tools_share_a_sentence() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for intent, tool in TOOLS.items():
        for template in tool.examples:
            for sentence in expansions(template):
                owners[_bare(sentence)].add(intent)
    assert {sentence: found for sentence, found in owners.items() if len(found) > 1} == {}


def test_nothing_out_of_scope_is_also_an_example() -> None:
    examples = {
        _bare(sentence)
        for intent, tool in TOOLS.items()
        for template in tool.examples
        for sentence in expansions(template)
        if intent != "meta.unknown"
    }
    assert examples.isdisjoint(_bare(sentence) for family in FAMILIES.values() for sentence in family)


def test_no_sentence_is_out_of_scope_twice() -> None:
    times = Counter(sentence for family in FAMILIES.values() for sentence in family)
    assert [sentence for sentence, count in times.items() if count > 1] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_sentences_and_an_answer(family: str) -> None:
    assert len(FAMILIES[family]) >= 20
    assert FAMILY_ANSWERS[family].endswith(".")


@pytest.mark.parametrize("intent", [name for name, tool in TOOLS.items() if not tool.built])
def test_a_tool_that_is_not_built_can_be_said_in_a_sentence(intent: str) -> None:
    description = TOOLS[intent].description
    assert re.fullmatch(r"[A-Z][a-z]+ .+\.", description), description


def _bare(sentence: str) -> str:
    return re.sub(r"[^\w{} %£+-]", "", sentence).strip()
