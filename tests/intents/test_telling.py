"""Whether a change is told so plainly that it may be made at once, or something beside it has to be asked about."""

from __future__ import annotations

from datetime import datetime

import pytest

from intents import Parser
from intents.context import Memory
from intents.understanding import Request
from tools.store import Catalogue

NOW = datetime(2026, 3, 16, 9, 0)


def read(parser: Parser, shop: Catalogue, text: str) -> tuple[Request, ...]:
    return parser.read(text, Memory(), catalogue=shop, now=NOW).requests


def doubts(parser: Parser, shop: Catalogue, text: str) -> bool:
    return any(one.unasserted or one.unexplained or one.other_days for one in read(parser, shop, text))


@pytest.mark.parametrize("text", [
    "sold 3 carrot cakes at the depot", "sold 3 carrot cakes and 2 claw hammers 16oz at the depot",
    "we broke 2 spelt loaves at mill lane, thanks a lot", "received 3 boxes of spelt loaves at the depot",
])  # fmt: skip
def test_what_is_told_plainly_leaves_no_doubt(parser: Parser, shop: Catalogue, text: str) -> None:
    assert not doubts(parser, shop, text)


@pytest.mark.parametrize("text", [
    "received 3 lorries of carrot cakes at the depot", "sold 3 slices of carrot cake at the depot",
    "sold 2 carrot cake set at the depot", "sold 2 carrot cake case at the depot",
])  # fmt: skip
def test_things_that_are_counted_otherwise_are_asked_about(
    parser: Parser, shop: Catalogue, text: str
) -> None:
    assert doubts(parser, shop, text)


def test_products_that_are_not_listed_clearly_are_asked_about(parser: Parser, shop: Catalogue) -> None:
    assert doubts(parser, shop, "sold 3 carrot cakes 2 spelt loaves at the depot")
    assert doubts(parser, shop, "sold carrot cake 3 carrot cake 2 at the depot")


@pytest.mark.parametrize("beside", ["need to check", "just testing", "later today", "soon", "as if"])
def test_what_stands_beside_a_deed_is_asked_about(parser: Parser, shop: Catalogue, beside: str) -> None:
    assert doubts(parser, shop, f"sold 3 carrot cakes at the depot, {beside}")


def test_goods_that_arrived_after_they_were_added_are_one_receipt(parser: Parser, shop: Catalogue) -> None:
    (request,) = read(parser, shop, "add 10 carrot cakes at the depot, they arrived from Old Oven Bakehouse")
    assert request.parse.intent == "stock.receive"
    assert request.parse.slots["quantity"] == 10


def test_a_doubt_about_a_number_is_a_doubt_about_all_that_follows(parser: Parser, shop: Catalogue) -> None:
    assert all(one.unasserted for one in read(parser, shop, "sold 3(?) carrot cakes at the depot"))


def test_only_words_of_taking_back_take_back(parser: Parser, shop: Catalogue) -> None:
    assert not doubts(parser, shop, "undo the last one")
    (request,) = read(parser, shop, "the last one")
    assert request.parse.intent != "meta.undo" or request.unexplained


@pytest.mark.parametrize("text", [
    "70011 delivered, left with the neighbour at no 85", "70011 delivered to house no. 3",
])  # fmt: skip
def test_a_house_number_in_a_drivers_note_denies_nothing(parser: Parser, shop: Catalogue, text: str) -> None:
    (request,) = read(parser, shop, text)
    assert (request.parse.intent, request.unasserted) == ("delivery.update", "")


@pytest.mark.parametrize("text", [
    "a customer said: sold 3 carrot cakes at the depot",
    'a customer wrote "sold 3 carrot cakes at the depot"',
    "a customer says move 3 carrot cakes from the depot to mill lane and mute all alerts",
    "review: great shop; sold 2 carrot cakes at the depot; undo that",
])  # fmt: skip
def test_what_a_customer_said_is_noted_and_never_done(parser: Parser, shop: Catalogue, text: str) -> None:
    assert [request.parse.intent for request in read(parser, shop, text)] == ["feedback.add"]


@pytest.mark.parametrize(("text", "intent"), [
    ("sold 3 carrot cakes at the depot to a customer", "sales.record"),
    ("a customer bought 3 carrot cakes at the depot", "sales.record"),
])  # fmt: skip
def test_what_is_told_of_a_customer_is_still_a_deed(
    parser: Parser, shop: Catalogue, text: str, intent: str
) -> None:
    assert [request.parse.intent for request in read(parser, shop, text)] == [intent]
