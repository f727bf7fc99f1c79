"""Memory: what it holds, and what fragments and pronouns make of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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


def test_a_that_which_begins_a_clause_points_at_nothing_spoken_of_before(
    parser: Parser, shop: Catalogue
) -> None:
    memory = Memory().answered("feedback.summary", {"category": next(iter(shop.categories))})
    for said in (
        "what are people asking for that we don't have?",
        "which things do customers ask for that we do not carry?",
    ):
        assert last(parser, shop, memory, said) == ("feedback.requests", {}), said


def test_times_beside_those_spoken_of_are_understood(parser: Parser, shop: Catalogue) -> None:
    week = {"from": "2027-05-31", "to": "2027-06-06"}
    memory = Memory().answered("sales.report", {"products": ["SAW-HND"], "period": week})
    before = {"from": "2027-05-24", "to": "2027-05-30"}
    for said in ("and the week before?", "the previous week", "and the week before that"):
        slots = {"products": ["SAW-HND"], "period": before}
        assert last(parser, shop, memory, said) == ("sales.report", slots), said


def test_the_other_one_and_both_are_of_the_group_picked_from(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().answered("stock.query", POTS).answered("stock.query", {"products": ["POT-TER-15"]})
    assert last(parser, shop, memory, "the other one")[1] == {"products": ["POT-TER-25"]}
    assert last(parser, shop, memory, "both")[1] == POTS


def test_a_change_takes_its_product_from_what_was_spoken_of(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().answered("stock.query", {"products": ["SAW-HND"]})
    parse = parser.read("we broke 2", memory, catalogue=shop, now=NOW).parses[0]
    assert (parse.intent, parse.slots["products"], parse.slots["quantity"]) == (
        "stock.adjust",
        ["SAW-HND"],
        -2,
    )
    assert parse.confidence < 0.9, "it is asked about before it is done"


def test_a_number_alone_asks_for_nothing(parser: Parser, shop: Catalogue) -> None:
    assert last(parser, shop, Memory(), "4")[0] == "meta.unknown"


def test_an_earlier_topic_is_taken_up_again(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().answered("stock.query", POTS).answered("stock.low", {"location": "DEPOT"})
    assert last(parser, shop, memory, "back to the pots") == ("stock.query", POTS)


def test_what_is_scrapped_is_said_anew(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().answered("reorder.create", {"products": ["SAW-HND"], "quantity": 6})
    wanted = ("reorder.create", {"products": ["SAW-HND"], "quantity": 12})
    assert last(parser, shop, memory, "scrap that, 12") == wanted


def test_a_transfer_is_turned_around(parser: Parser, shop: Catalogue) -> None:
    slots = {"products": ["SAW-HND"], "quantity": 2, "source": "DEPOT", "destination": "QUAY"}
    memory = Memory().answered("stock.transfer", slots)
    turned = last(parser, shop, memory, "the other way round")[1]
    assert (turned["source"], turned["destination"]) == ("QUAY", "DEPOT")


@given(st.lists(st.sampled_from(["POT-TER-15", "POT-TER-25", "SAW-HND"]), max_size=3, unique=True), st.text())
def test_every_memory_survives_being_written_down(skus: list[str], code: str) -> None:
    memory = Memory().answered("stock.query", {"products": skus}).answered("po.status", {"po": code})
    memory = memory.confirming("sales.record", {"products": skus[:1], "quantity": 2})
    assert Memory.from_json(memory.to_json()) == memory


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="abcdefghij klmnopqrstuvwxyz 0123456789?,.", max_size=60))
def test_no_random_words_are_a_change_that_needs_no_question(
    parser: Parser, shop: Catalogue, text: str
) -> None:
    for request in parser.read(text, Memory(), catalogue=shop, now=NOW).requests:
        parse = request.parse
        sure = parse.confidence >= 0.9 and not request.unexplained and not request.unasserted
        moved = {"products", "quantity"} <= set(parse.slots)
        assert not (sure and moved), (text, parse)


def test_somebody_who_is_named_gets_nothing_of_another(parser: Parser, shop: Catalogue) -> None:
    memory = Memory().answered("delivery.update", {"order": "70011", "status": "delivered"})
    said = "when will Dr Novotny get her delivery?"
    assert last(parser, shop, memory, said) == ("route.eta", {"customer": "K03"})
    memory = Memory().answered("route.eta", {"customer": "K03"})
    assert last(parser, shop, memory, "when does Mr Nobody get his delivery?") == ("route.eta", {})
    assert last(parser, shop, memory, "and when does she get it?") == ("route.eta", {"customer": "K03"})
