"""Memory: what it holds, and what fragments and pronouns make of it."""

from __future__ import annotations

import pytest
from moor_and_mill import NOW

from intents import Memory, Parser
from tools.store import Catalogue

POTS = {"products": ["POT-TER-15", "POT-TER-25"]}


def last(parser: Parser, shop: Catalogue, memory: Memory, text: str) -> tuple[str, dict[str, object]]:
    parse = parser.read(text, memory, catalogue=shop, now=NOW).parses[0]
    return parse.intent, dict(parse.slots)


def test_memory_survives_being_written_down() -> None:
    memory = Memory().asked(
        "sales.record", {**POTS, "quantity": 4}, "products", [("small", {"products": ["POT-TER-15"]})]
    )
    memory = memory.answered("stock.query", POTS, ["POT-TER-25"])
    assert Memory.from_json(memory.to_json()) == memory
    assert Memory.from_json("") == Memory()


@pytest.mark.parametrize("broken", ["nonsense", "[]", '{"last": 5}', '{"options": [1]}', "null"])
def test_a_broken_memory_is_an_empty_one(broken: str) -> None:
    assert Memory.from_json(broken) == Memory()


def test_what_was_talked_about_outlives_what_was_asked() -> None:
    memory = Memory().asked("stock.transfer", {**POTS, "destination": "QUAY"}, "quantity").cleared()
    assert memory.pending is None
    assert memory.topic["location"] == "QUAY"


@pytest.mark.parametrize(("said", "sku"), [
    ("the first one", "POT-TER-15"), ("second", "POT-TER-25"), ("the last one please", "POT-TER-25"),
    ("the small one", "POT-TER-15"),
    ("25cm", "POT-TER-25"), ("the larger ones", "POT-TER-25"), ("the cheaper one", "POT-TER-15"),
    ("the 15 one", "POT-TER-15"),
])  # fmt: skip
def test_a_choice_is_understood(parser: Parser, shop: Catalogue, said: str, sku: str) -> None:
    memory = Memory().asked("sales.record", {**POTS, "quantity": 4}, "products")
    assert last(parser, shop, memory, said) == ("sales.record", {"products": [sku], "quantity": 4})


def test_an_offered_option_is_picked_by_its_number(parser: Parser, shop: Catalogue) -> None:
    options = [("Small", {"products": ["POT-TER-15"]}), ("Large", {"products": ["POT-TER-25"]})]
    memory = Memory().asked("sales.record", {**POTS, "quantity": 4}, "products", options)
    for said in ("2", "large", "the second one"):
        assert last(parser, shop, memory, said) == (
            "sales.record",
            {"products": ["POT-TER-25"], "quantity": 4},
        )


def test_an_asked_slot_is_filled(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().asked("alert.create", {"products": ["BRD-SPL-600"]}, "threshold")
    assert last(parser, shop, memory, "10") == (
        "alert.create",
        {"products": ["BRD-SPL-600"], "threshold": 10},
    )
    memory = Memory().asked(
        "stock.transfer", {"products": ["SAW-HND"], "quantity": 2, "destination": "QUAY"}, "source"
    )
    assert last(parser, shop, memory, "from the depot")[1]["source"] == "DEPOT"


def test_a_new_request_is_not_taken_for_an_answer(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().asked("alert.create", {"products": ["BRD-SPL-600"]}, "threshold")
    assert last(parser, shop, memory, "what is running low at the kiosk")[0] == "stock.low"


@pytest.mark.parametrize(
    ("said", "intent"),
    [("yes", "meta.affirm"), ("no", "meta.deny"), ("cancel", "meta.cancel"), ("undo that", "meta.undo")],
)
def test_short_answers_stay_themselves(parser: Parser, shop: Catalogue, said: str, intent: str) -> None:
    memory = Memory().confirming("sales.record", {"products": ["SAW-HND"], "quantity": 2})
    assert last(parser, shop, memory, said)[0] == intent


def test_a_correction_of_a_loss_stays_a_loss(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().confirming("stock.adjust", {"products": ["SAW-HND"], "quantity": -2, "reason": "broke"})
    assert last(parser, shop, memory, "make it 5")[1]["quantity"] == -5


def test_there_and_it_are_what_was_said_before(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().answered("stock.query", {"products": ["SAW-HND"], "location": "DEPOT"})
    assert last(parser, shop, memory, "what else is low there") == ("stock.low", {"location": "DEPOT"})
    assert last(parser, shop, memory, "order 12 of them") == (
        "reorder.create",
        {"products": ["SAW-HND"], "quantity": 12},
    )
