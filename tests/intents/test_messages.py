"""Whole messages and conversations at a shop of the tests' own."""

from __future__ import annotations

from itertools import chain

import pytest
from gold_lines import conversations, messages, plain, wanted
from moor_and_mill import NOW, moor_and_mill

from intents import Memory, Parser
from tools.kit import all_tools
from tools.store import Catalogue

# A floor against regressions; the proof is in bench/understanding.py.
LEAST_RIGHT = 0.95


def test_nearly_all_messages_are_understood_whole(parser: Parser, shop: Catalogue) -> None:
    lines = messages()
    wrong = [
        text
        for text, gold in lines
        if plain(parser.read(text, Memory(), catalogue=shop, now=NOW).parses, shop) != wanted(gold, shop)
    ]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(lines), wrong


def test_conversations_are_followed(parser: Parser, shop: Catalogue) -> None:
    wrong, count = [], 0
    for turns in conversations():
        memory = Memory()
        for text, gold in turns:
            understanding = parser.read(text, memory, catalogue=shop, now=NOW)
            memory = parser.remember(memory, understanding)
            count += 1
            if plain(understanding.parses, shop) != wanted(gold, shop):
                wrong.append(text)
    assert len(wrong) <= (1 - LEAST_RIGHT) * count, wrong


def test_parses_hold_only_slots_of_their_intent(parser: Parser, shop: Catalogue) -> None:
    tools = all_tools()
    for text, _ in messages():
        for parse in parser.read(text, Memory(), catalogue=shop, now=NOW).parses:
            known = set(tools[parse.intent].slot_kinds) if parse.intent in tools else set()
            assert set(parse.slots) <= known, (text, parse)
            assert 0 <= parse.confidence <= 1


def test_a_message_is_always_read_in_the_same_way(parser: Parser, shop: Catalogue) -> None:
    text = "how many claw hammers are left and when do they run out"
    first = parser.read(text, Memory(), catalogue=shop, now=NOW)
    assert first == parser.read(text, Memory(), catalogue=shop, now=NOW)


HOSTILE = (
    "", " ", "\x00\x01\x02", "\u202e\u200b\u200d", "a" * 100_000, "1" * 5_000, "9" * 40 + " mugs",
    "((((((" * 500, "and " * 2_000, "," * 3_000,
    "'; DROP TABLE product; --", "<script>alert(1)</script>", "{products}", "${jndi:ldap://x}", "%s%s%n",
    "\ud800", "🍺" * 500,
    "half a quarter of a dozen dozen cases of", "31/02/2026 30 feb 99th of march", "in 999999999 weeks",
    "x x x x x x -> -> ->",
    "0.0000001 kg of oranges", "-" * 300, "po po po po 1 2 3 4", "<@U1> <#C1|x> <http://a|b> :a: :b:",
    "1e309 lamps", "٣ lamps", "½ lamps",
    "not not not 5 not 6", "from from from to to to depot depot", "the the the one one one",
    "last next last next week week",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_survived(parser: Parser, shop: Catalogue, text: str) -> None:
    understanding = parser.read(text, Memory(), catalogue=shop, now=NOW)
    assert understanding.requests
    memory = Memory().asked(
        "stock.adjust", {"products": ["LMP-DSK-BLK"]}, "quantity", [("one", {"quantity": 1})]
    )
    assert parser.read(text, memory, catalogue=shop, now=NOW).requests


def test_an_empty_shop_understands_what_needs_no_names(parser: Parser) -> None:
    empty = Catalogue(7)
    assert (
        parser.read("what is running low", Memory(), catalogue=empty, now=NOW).parses[0].intent == "stock.low"
    )


def test_two_shops_do_not_mix_even_with_one_version(parser: Parser, shop: Catalogue) -> None:
    other = moor_and_mill()
    text = "stock of plum jam"
    assert parser.read(text, Memory(), catalogue=Catalogue(shop.version), now=NOW).parses[0].slots == {}
    for catalogue in (shop, other):
        parses = parser.read(text, Memory(), catalogue=catalogue, now=NOW).parses
        assert parses[0].slots == {"products": ["JAM-PLM-340"]}


def test_an_unknown_product_is_told_by_its_words(parser: Parser, shop: Catalogue) -> None:
    request = parser.read("how many pineapples have we got", Memory(), catalogue=shop, now=NOW).requests[0]
    assert request.parse.intent == "stock.query"
    assert "products" not in request.parse.slots
    assert request.unknown_product == "pineapples"


def test_mended_spelling_is_told(parser: Parser, shop: Catalogue) -> None:
    fixes = parser.read("how many hamers are left", Memory(), catalogue=shop, now=NOW).fixes
    assert [(fix.said, fix.read_as) for fix in fixes] == [("hamers", "hammers")]


def test_slots_say_what_they_were_read_from(parser: Parser, shop: Catalogue) -> None:
    request = parser.read("sold 2 claw hammers at the kiosk", Memory(), catalogue=shop, now=NOW).requests[0]
    assert request.mentions["products"].words == "claw hammers"
    assert len(request.mentions["products"].candidates) == 2
    assert request.mentions["location"].how == "name"


def test_all_words_of_the_messages_are_explained(parser: Parser, shop: Catalogue) -> None:
    found = chain.from_iterable(
        parser.read(text, Memory(), catalogue=shop, now=NOW).requests
        for text in ("sold 2 carrot cakes", "undo that")
    )
    assert all(not request.unexplained for request in found)
