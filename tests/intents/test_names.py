"""Products, categories, places and people by the words that people use for them."""

from __future__ import annotations

from datetime import date

import pytest

from intents.spelling import Speller
from intents.tags import Names, Tags
from intents.templates import request_words
from intents.words import clean, words_of
from tools.kit import all_tools
from tools.kit.slots import Kind
from tools.store import Catalogue


@pytest.fixture(scope="module")
def names(shop: Catalogue) -> Names:
    return Names(shop, request_words(all_tools()))


def tags(names: Names, text: str) -> Tags:
    cleaned = clean(text)
    return names.tag(cleaned, words_of(cleaned), date(2027, 6, 9))


@pytest.mark.parametrize(("said", "skus"), [
    ("claw hammers", "HAM-CLW-16 HAM-CLW-20"),
    ("hammer", "HAM-CLW-16 HAM-CLW-20 HAM-SLD"),
    ("the big hammer", "HAM-SLD"),
    ("milk", "MLK-COW-1L MLK-GOA-1L"),
    ("milk frother", "MLK-FRT"),
    ("goat cheese", "CHS-GOA-200"),
    ("20oz hammer", "HAM-CLW-20"),
    ("25 cm terracotta pots", "POT-TER-25"),
    ("terracotta pots 15cm", "POT-TER-15"),
    ("small screwdriver", "SCR-PHL-S"),
    ("screwdriver set", "SCR-SET-6"),
    ("white paint 5l", "PNT-WHT-5L"),
    ("red and blue gloss", "PNT-BLU-1L PNT-RED-1L"),
    ("box of 6 duck eggs", "EGG-DUC-6"),
    ("lemon drizzle", "CAK-LEM"),
    ("ginger nuts", "BIS-GIN-200"),
    ("towels", "TWL-BCH-RED TWL-HND-WHT"),
    ("pot", "POT-BLU-20 POT-TER-15 POT-TER-25"),
    ("ham-clw-16", "HAM-CLW-16"),
    ("HAM-CLW", "HAM-CLW-16 HAM-CLW-20"),
    ("4000000000511", "PNT-WHT-5L"),
    ("hose pipe", "HOS-GRD-15"),
])  # fmt: skip
def test_words_denote_all_products_that_they_fit(names: Names, said: str, skus: str) -> None:
    found = {sku for mention in tags(names, f"stock of {said}").mentions for sku in mention.skus}
    assert found == set(skus.split())


@pytest.mark.parametrize(
    ("said", "category"),
    [("tools", "Tools"), ("the paint section", "Paint"), ("bakery", "Bakery"), ("garden products", "Garden")],
)
def test_a_category_is_named(names: Names, said: str, category: str) -> None:
    assert [mention.category for mention in tags(names, f"whats low in {said}").mentions] == [category]


@pytest.mark.parametrize(
    "said",
    ["how are you", "is it still open", "what can you do", "thank you", "the white ones", "a long time ago"],
)
def test_ordinary_words_name_no_product(names: Names, said: str) -> None:
    assert tags(names, said).mentions == ()


@pytest.mark.parametrize(("said", "kind", "code"), [
    ("at mill lane", Kind.PLACE, "MILL"),
    ("in the depot", Kind.PLACE, "DEPOT"),
    ("warehouse", Kind.PLACE, "DEPOT"),
    ("the fridge", Kind.PLACE, "COLD"),
    ("quayside kiosk", Kind.PLACE, "QUAY"),
    ("QUAY", Kind.PLACE, "QUAY"),
    ("from ironworks", Kind.SUPPLIER, "IRONWK"),
    ("C&M", Kind.SUPPLIER, "COLORM"),
    ("colour and mix", Kind.SUPPLIER, "COLORM"),
    ("meadow farm", Kind.SUPPLIER, "MEADOW"),
    ("old oven", Kind.SUPPLIER, "OVENS"),
    ("mrs baker", Kind.CUSTOMER, "K01"),
    ("tom baker", Kind.CUSTOMER, "K02"),
    ("novotny", Kind.CUSTOMER, "K03"),
    ("the anchor", Kind.CUSTOMER, "K04"),
    ("van 7", Kind.VEHICLE, "VAN7"),
    ("the truck", Kind.VEHICLE, "TRK1"),
    ("CR-T1", Kind.SENSOR, "CR-T1"),
])  # fmt: skip
def test_others_are_named(names: Names, said: str, kind: Kind, code: str) -> None:
    assert [(entity.kind, entity.codes) for entity in tags(names, said).entities] == [(kind, (code,))]


def test_a_shared_surname_leaves_the_choice_open(names: Names) -> None:
    (entity,) = tags(names, "where is the baker order").entities
    assert entity.codes == ("K01", "K02")
    assert entity.code == ""


def test_a_place_inside_a_product_name_belongs_to_the_product(names: Names) -> None:
    found = tags(names, "mill print cushions at mill lane")
    assert [mention.skus for mention in found.mentions] == [("CSH-MIL",)]
    assert [entity.code for entity in found.entities] == ["MILL"]


@pytest.mark.parametrize(("said", "kind", "code"), [
    ("po 301", Kind.PURCHASE_ORDER, "PO-301"),
    ("PO-302", Kind.PURCHASE_ORDER, "PO-302"),
    ("po#310", Kind.PURCHASE_ORDER, "PO-310"),
    ("301 is here", Kind.PURCHASE_ORDER, "PO-301"),
    ("purchase order no. 302", Kind.PURCHASE_ORDER, "PO-302"),
    ("po 9999", Kind.PURCHASE_ORDER, "PO-9999"),
    ("order 70011", Kind.ORDER, "70011"),
    ("70012 delivered", Kind.ORDER, "70012"),
    ("order 302", Kind.PURCHASE_ORDER, "PO-302"),
])  # fmt: skip
def test_a_number_is_known_by_the_books(names: Names, said: str, kind: Kind, code: str) -> None:
    assert [(number.kind, number.code) for number in tags(names, said).references] == [(kind, code)]


@pytest.mark.parametrize("said", ["order 1200 lamps", "sold 70 lamps", "12 cases", "order 20"])
def test_an_amount_is_no_order_number(names: Names, said: str) -> None:
    assert tags(names, said).references == ()


def speller() -> Speller:
    return Speller(
        {"many": 50, "left": 40, "order": 9, "warehouse": 3, "delivery": 5},
        {"terracotta", "varnish"},
        {"many", "harvest", "pots"},
    )


@pytest.mark.parametrize(("said", "meant"), [
    ("mnay", "many"), ("mny", "many"), ("teracota", "terracotta"), ("wharehouse", "warehouse"), ("delivrey",
    "delivery"), ("oder", "order"),
])  # fmt: skip
def test_a_slip_is_mended(said: str, meant: str) -> None:
    assert speller().better(said) == meant


@pytest.mark.parametrize("said", ["harvest", "pots", "orders", "X12", "zzzz", "ab", "1234", "many"])
def test_known_words_and_codes_are_left_alone(said: str) -> None:
    assert speller().better(said) is None


@pytest.fixture(scope="module")
def known(shop: Catalogue) -> Names:
    words = request_words(all_tools(), least=1)
    return Names(shop, request_words(all_tools()), words)


@pytest.mark.parametrize(("said", "skus"), [
    ("teracotta pots 15cm", "POT-TER-15"),
    ("screwdrivers phillips smal", "SCR-PHL-S"),
    ("gost cheese", "CHS-GOA-200"),
    ("claw hamer 20oz", "HAM-CLW-20"),
    ("gingernuts", "BIS-GIN-200"),
    ("hosepipe", "HOS-GRD-15"),
    ("ham clw 16", "HAM-CLW-16"),
    ("HAM CLW 16", "HAM-CLW-16"),
    ("4000000 000511", "PNT-WHT-5L"),
])  # fmt: skip
def test_slips_joined_words_and_codes_in_pieces_are_read(known: Names, said: str, skus: str) -> None:
    found = {sku for mention in tags(known, f"stock of {said}").mentions for sku in mention.skus}
    assert found == set(skus.split())


@pytest.mark.parametrize(("said", "skus"), [
    ("all hammers except the 16oz", "HAM-CLW-20 HAM-SLD"),
    ("every hammer but the sledge hammer", "HAM-CLW-16 HAM-CLW-20"),
    ("gloss paint apart from the red", "PNT-BLU-1L"),
    ("how many pots do we have other than blue", "POT-TER-15 POT-TER-25"),
])  # fmt: skip
def test_what_is_excepted_is_left_out(known: Names, said: str, skus: str) -> None:
    assert {sku for mention in tags(known, said).mentions for sku in mention.skus} == set(skus.split())


@pytest.mark.parametrize(("said", "unknown"), [
    ("how many xqz hammers", "xqz hammers"),
    ("do we have goat biscuits", "goat biscuits"),
    ("stock of claw hammer 24oz", "claw hammer 24 oz"),
    ("how many purple pots left", "purple pots"),
    ("claw hammers", ""),
    ("how many hammers and pots left at mill lane", ""),
    ("red and blue gloss", ""),
])  # fmt: skip
def test_words_that_no_product_has_are_told(known: Names, said: str, unknown: str) -> None:
    assert known.unknown(tags(known, said)) == unknown


def test_a_weight_of_what_is_sold_by_weight_is_an_amount(known: Names) -> None:
    found = tags(known, "sold 500g oranges")
    assert [str(amount.value) + amount.unit for amount in found.amounts] == ["500g"]
