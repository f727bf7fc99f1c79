"""What a person gets for a photo of a bar code: from the code that was read to the books and back."""

from __future__ import annotations

import io
from decimal import Decimal

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from sqlmodel import Session, select

from connectors.chat.message import Message
from connectors.chat.scan import NO_CODE, with_codes
from tests.shop import BLUE, MILK, NOW, RED
from tools.store.catalogue import bump
from tools.store.tables import ProductRow

BARCODES = {RED: "5012345678900", BLUE: "036000291452", MILK: "9506000134352"}
MILK_LOT = "]C101095060001343521017AB\x1d17260401"


@pytest.fixture
def scan(talk):
    """Show somebody's picture: ``scan(talk("Anna"), "]E05012345678900")``."""

    def label(store):
        with store.database.writing() as connection:
            with Session(connection) as session:
                for sku, barcode in BARCODES.items():
                    session.exec(select(ProductRow).where(ProductRow.sku == sku)).one().barcode = barcode
                session.commit()
            bump(connection)

    def show(person, *codes, text="", trouble="", event_id=""):
        if person.house.store.catalogue().products[RED].barcode != BARCODES[RED]:
            label(person.house.store)
        message = Message(
            person.name, person.user, "test", text, event_id=event_id, codes=codes, trouble=trouble
        )
        return person.house.answer_now(message)

    return show


def labels(answer):
    return [action.label for action in answer.actions]


def test_a_code_opens_the_card_with_stock_and_price(talk, scan):
    card = scan(talk(), "]E05012345678900")
    assert "Red Mug 350ml" in card.text
    assert "57 in stock: High Street 12, Harbour 5, Warehouse 40" in card.text
    assert "£9.50" in card.text
    assert card.data["rows"][0]["on_hand"] == 57
    assert labels(card) == ["Count", "Receive", "Move", "Reorder"]
    assert [parse.slots for parse in card.parses] == [{"products": [RED]}]


def test_counting_from_the_card_asks_how_many_and_where(talk, scan):
    anna = talk()
    card = scan(anna, "]E05012345678900")
    assert "How many" in anna.press("Count", card).text
    anna.say("11")
    assert "12 → 11" in anna.say("high street").text
    assert Decimal(anna.on_hand(RED, "HIGH")) == 11


def test_moving_from_the_card_asks_what_is_missing(talk, scan):
    anna = talk()
    anna.press("Move", scan(anna, "]E05012345678900"))
    anna.say("2")
    anna.say("from the warehouse")
    anna.say("to the harbour")
    assert Decimal(anna.on_hand(RED, "HARB")) == 7


def test_lot_and_date_of_the_label_go_into_the_delivery(talk, scan):
    anna = talk()
    card = scan(anna, MILK_LOT)
    assert "lot 17AB, use by Wed 1 Apr" in card.text
    anna.press("Receive", card)
    anna.say("24")
    done = anna.say("back room fridge")
    assert "lot 17AB, use by Wed 1 Apr" in done.text
    lots = {lot.lot: lot for lot in anna.house.store.stock.lots([MILK], today=NOW.date())}
    assert lots["17AB"].expires_on.isoformat() == "2026-04-01"


def test_who_may_not_change_stock_gets_no_such_buttons_and_no_costs(talk, scan):
    tom = talk("Tom", "c2")
    card = scan(tom, "]E05012345678900")
    assert labels(card) == ["Count", "Receive", "Move"]
    assert "Warehouse" not in card.text
    assert "£3.80" not in card.text
    assert "unit_cost" not in card.data["rows"][0]


def test_several_codes_are_told_and_one_is_chosen(talk, scan):
    anna = talk()
    asked = scan(anna, "]E05012345678900", "]E00036000291452")
    assert "5012345678900: Red Mug 350ml" in asked.text
    assert "0036000291452: Blue Mug 350ml" in asked.text
    chosen = anna.press("Blue", asked)
    assert chosen.text.startswith("Blue Mug 350ml (MUG-BLU-350)")
    assert labels(chosen) == ["Count", "Receive", "Move", "Reorder"]


def test_a_code_of_no_product_is_said_with_what_to_do(talk, scan):
    anna = talk()
    answer = scan(anna, "]E04006381333931")
    assert "No product has the code 4006381333931" in answer.text
    assert "when I say 4006381333931 I mean" in answer.text
    anna.say("when I say 4006381333931 I mean earl grey tea")
    assert "Earl Grey Tea" in scan(anna, "]E04006381333931").text


def test_a_picture_without_a_code_says_what_to_do(talk, scan):
    assert scan(talk(), trouble=NO_CODE).text == NO_CODE


def test_words_under_the_picture_are_about_its_product(talk, scan):
    anna = talk()
    answer = scan(anna, "]E05012345678900", text="we broke 2 of these at the harbour")
    assert labels(answer) == ["Undo"]
    assert Decimal(anna.on_hand(RED, "HARB")) == 3


def test_the_same_picture_delivered_twice_has_one_answer(talk, scan):
    anna = talk()
    first = scan(anna, "]E05012345678900", event_id="u1")
    assert scan(anna, "]E05012345678900", event_id="u1").actions == first.actions


def test_a_count_on_the_label_is_received_without_asking(talk, scan):
    anna = talk()
    card = scan(anna, "]C102095060001343523724\x1d10LOT7")
    assert "The code says lot LOT7, 24 pieces." in card.text
    anna.press("Receive", card)
    assert "24 × Whole Milk 1L (lot LOT7)" in anna.say("fridge").text


def test_lot_and_date_on_a_second_code_belong_to_the_product_of_the_first(talk, scan):
    assert "lot LL9, use by Wed 1 Apr" in scan(talk(), "]C11726040110LL9", "]E09506000134352").text


def test_what_else_is_in_the_picture_is_told(talk, scan):
    card = scan(talk(), "]Q1https://example.org/offer", "]E05012345678900")
    assert card.text.endswith("I also read https://example.org/offer, which no product has.")
    assert labels(card) == ["Count", "Receive", "Move", "Reorder"]


def test_reordering_from_the_card_goes_by_the_policy(talk, scan):
    anna = talk()
    assert "needs none by the policy" in anna.press("Reorder", scan(anna, "]E05012345678900")).text


def test_a_button_of_the_card_works_once_and_tells_its_outcome(talk, scan):
    anna = talk()
    card = scan(anna, "]E05012345678900")
    anna.press("Count", card)
    assert "How many?" in anna.press("Count", card).text


async def test_a_photo_goes_from_the_file_to_the_card(talk, scan):
    anna = talk()
    scan(anna, trouble=NO_CODE)
    bars = zxingcpp.create_barcode("036000291452", zxingcpp.BarcodeFormat.UPCA)
    file = io.BytesIO()
    Image.fromarray(np.array(zxingcpp.write_barcode_to_image(bars, scale=3))).save(file, "PNG")
    message = await with_codes(
        Message("c1", anna.user, "test", event_id="photo"), file.getvalue(), anna.house
    )
    assert message.codes == ("]E00036000291452",)
    assert "Blue Mug 350ml" in (await anna.house.answer(message)).text
    empty = await with_codes(Message("c1", anna.user, "test"), b"", anna.house)
    assert (await anna.house.answer(empty)).text.startswith("That file is empty")
