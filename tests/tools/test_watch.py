"""What a watch is, and that every watch of the assistant is a good one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.shop import NOW
from tools.kit import Ask, Reply, Right
from tools.kit.watch import THE_SHOP, Sighting, Urgency, Watch, all_watches, watch
from tools.store import Store


def _seen(subject: str, text: str, location: str = "") -> Sighting:
    return Sighting("test.rule", subject, location, Reply(text), Urgency.TODAY, Right.SEE_STOCK, Decimal(5))


def test_a_rule_a_thing_and_a_place_make_one_incident(shop: Store) -> None:
    def run(_ask: Ask) -> Iterator[Sighting]:
        yield _seen("MUG", "first")
        yield _seen("MUG", "again")
        yield _seen("MUG", "elsewhere", "HIGH")

    found = Watch("test.rule", "Test.", Right.SEE_STOCK, timedelta(hours=1), run).look(
        Ask(shop, THE_SHOP, NOW)
    )
    assert [(one.key, one.reply.text) for one in found] == [
        ("test.rule:MUG:", "first"),
        ("test.rule:MUG:HIGH", "elsewhere"),
    ]


def test_a_watch_without_a_description_is_refused() -> None:
    def nameless(_ask: Ask) -> Iterator[Sighting]:
        yield from ()

    with pytest.raises(TypeError, match="docstring"):
        watch(rule="test.nameless", right=Right.SEE_STOCK, every=timedelta(hours=1))(nameless)


def test_every_watch_looks_without_trouble_at_a_shop(shop: Store) -> None:
    ask = Ask(shop, THE_SHOP, NOW, position=shop.stock.position())
    for rule, each in all_watches().items():
        assert timedelta(minutes=1) <= each.every <= timedelta(days=1), rule
        for sighting in each.look(ask):
            assert sighting.rule == rule
            assert sighting.reply.text
            assert sighting.value >= 0
