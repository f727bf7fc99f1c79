"""Several products in one sentence, each with what is its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from intents import Parser
from intents.asserted import unasserted
from intents.context import Memory
from tools.store import Catalogue

NOW = datetime(2026, 3, 16, 9, 0)


def read(parser: Parser, shop: Catalogue, text: str) -> list[dict[str, object]]:
    return [parse.slots for parse in parser.read(text, Memory(), catalogue=shop, now=NOW).parses]


def test_a_question_for_a_deed_is_no_doubt_but_one_about_it_is() -> None:
    assert unasserted("can you move 3 lamps to the loft", question_mark=True) == ""
    assert unasserted("sold 3 lamps") == ""
    assert unasserted("did we sell 3 lamps") == "did"
    assert unasserted("i almost broke 3 lamps") == "almost"
    assert unasserted("3 lamps came in", question_mark=True) == "?"


def test_what_is_said_of_one_product_is_not_said_of_the_other(parser: Parser, shop: Catalogue) -> None:
    first, second = read(
        parser, shop, "broke 2 claw hammers at the depot and found 3 spelt loaves at mill lane"
    )
    assert (first["location"], first["quantity"]) == ("DEPOT", -2)
    assert (second["location"], second["quantity"]) == ("MILL", 3)


def test_what_is_said_once_is_said_of_both(parser: Parser, shop: Catalogue) -> None:
    first, second = read(parser, shop, "sold 2 claw hammers and 3 spelt loaves at the quayside")
    assert (first["location"], second["location"]) == ("QUAY", "QUAY")


def test_places_that_lead_belong_to_what_follows_them(parser: Parser, shop: Catalogue) -> None:
    first, second = read(parser, shop, "at the depot 2 claw hammers broken, at mill lane 3 spelt loaves")
    assert (first["location"], second["location"]) == ("DEPOT", "MILL")


def test_a_dozen_is_an_amount_and_no_dozen_eggs(parser: Parser, shop: Catalogue) -> None:
    eggs = replace(shop.products["EGG-DUC-6"], aliases=("half dozen eggs",))
    known = replace(shop, products={**shop.products, "EGG-DUC-6": eggs})
    assert read(parser, known, "sold a dozen carrot cakes") == [{"products": ["CAK-CAR"], "quantity": 12}]
    (half,) = read(parser, known, "move half a dozen eggs from the depot to the kiosk")
    assert half["products"] == ["EGG-DUC-6"]


def test_a_bare_number_behind_a_product_is_its_size_where_the_amount_is_told(
    parser: Parser, shop: Catalogue
) -> None:
    assert read(parser, shop, "sold 2 claw hammer 20") == [{"products": ["HAM-CLW-20"], "quantity": 2}]
    assert read(parser, shop, "sold a claw hammer 16") == [{"products": ["HAM-CLW-16"], "quantity": 1}]
    assert read(parser, shop, "counted carrot cakes 16")[0]["quantity"] == 16


def test_what_is_broken_falls_also_where_the_amount_follows_a_times_sign(
    parser: Parser, shop: Catalogue
) -> None:
    for said in (
        "carrot cake x 2 broken at the depot",
        "carrot cake x2 gone mouldy",
        "broke x2 carrot cakes",
    ):
        assert read(parser, shop, said)[0]["quantity"] == -2, said


def test_a_reading_that_is_picked_by_its_number_is_the_one_meant(parser: Parser, shop: Catalogue) -> None:
    readings = [
        ("Tell how many", {"intent": "stock.query", "products": ["CAK-CAR"]}),
        ("Tell what was sold", {"intent": "sales.report", "products": ["CAK-CAR"]}),
    ]
    asked = Memory().asked("stock.query", {"products": ["CAK-CAR"]}, "intent", readings)
    (parse,) = parser.read("2", asked, catalogue=shop, now=NOW).parses
    assert (parse.intent, parse.slots) == ("sales.report", {"products": ["CAK-CAR"]})
