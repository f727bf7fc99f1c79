"""Files on Telegram: pictures of bar codes, tables to load, papers to keep."""

from __future__ import annotations

import io
import os

import zxingcpp
from PIL import Image

from tests.chat.telegram.conftest import ANNA, BEN, Shop
from tests.chat.telegram.people import Person, until
from tests.shop import RED

STOCK = "sku,location,quantity\nMUG-RED-350,HIGH,99\nMUG-BLU-350,HIGH,7\n"


def labels(message: dict) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def give(shop: Shop, person: Person, name: str, content: bytes, **more: object) -> None:
    shop.api.files[name] = content
    file = {"file_id": name, "file_unique_id": name, "file_name": name, "file_size": len(content)}
    person.send(document=file | more)


def on_hand(shop: Shop) -> int:
    levels = shop.house.store.stock.levels([RED], locations=["HIGH"], today=shop.house.now().date())
    return int(sum(level.on_hand for level in levels))


async def test_a_table_is_checked_shown_loaded_by_one_button_and_taken_back(shop: Shop) -> None:
    anna = shop.person(ANNA)
    give(shop, anna, "stock.csv", STOCK.encode())
    checked = dict(await anna.answer())
    assert "2 rows read" in checked["text"]
    assert "nothing is loaded yet" in checked["text"]
    assert labels(checked) == ["Load it", "Leave it"]
    assert on_hand(shop) == 12
    first, second = anna.press(checked, "Load it"), anna.press(checked, "Load it")
    loaded = await anna.answer()
    assert "stock.csv is loaded (import 1)" in loaded["text"]
    assert on_hand(shop) == 99
    await until(lambda: "answer" in anna.toast(second))
    assert anna.toast(second)["answer"].startswith("“Load it” was chosen already: stock.csv is loaded")
    assert anna.toast(first)["answer"] == ""
    await anna.pressed(loaded, "Undo")
    assert (await anna.answer())["text"] == "Import 1 is undone."
    assert on_hand(shop) == 12
    assert list((shop.files / "telegram").iterdir()) == []


async def test_faults_are_named_and_the_good_rows_can_be_loaded(shop: Shop) -> None:
    anna = shop.person(ANNA)
    give(shop, anna, "stock.csv", f"{STOCK}NO-SUCH,HIGH,3\nMUG-RED-500,HIGH,lots\n".encode())
    checked = await anna.answer()
    assert "2 rows refused" in checked["text"]
    assert "row 4, sku is “NO-SUCH”" in checked["text"]
    assert labels(checked)[0] == "Load the other 2 rows"
    await anna.pressed(checked, "Load the other")
    assert "without 2 rows that were refused" in (await anna.answer())["text"]
    assert on_hand(shop) == 99


async def test_a_file_left_alone_is_dropped(shop: Shop) -> None:
    anna = shop.person(ANNA)
    give(shop, anna, "stock.csv", STOCK.encode())
    await anna.pressed(await anna.answer(), "Leave it")
    assert "dropped the file" in (await anna.answer())["text"]
    assert list((shop.files / "telegram").iterdir()) == []


async def test_only_who_may_manage_loads_files_and_theirs_is_not_even_fetched(shop: Shop) -> None:
    ben, anna = shop.person(BEN), shop.person(ANNA)
    give(shop, ben, "stock.csv", STOCK.encode())
    assert "may not load files" in (await ben.answer())["text"]
    give(shop, anna, "stock.csv", STOCK.encode())
    checked = dict(await anna.answer())
    assert len(shop.api.called("getFile")) == 1
    ben.chat = anna.chat
    assert "may not load files" in (await ben.pressed(checked, "Load it"))["answer"]
    assert on_hand(shop) == 12


async def test_what_is_no_table_or_too_large_or_gone_is_said(shop: Shop) -> None:
    anna = shop.person(ANNA)
    give(shop, anna, "letter.docx", b"x")
    assert "I load CSV and Excel files" in (await anna.answer())["text"]
    give(shop, anna, "huge.csv", b"x", file_size=30_000_000)
    assert "larger than the 20 MB" in (await anna.answer())["text"]
    give(shop, anna, "bomb.zip", b"PK not a zip")
    assert "zip cannot be opened" in (await anna.answer())["text"]
    give(shop, anna, "what.csv", b"a,b\n1,2\n")
    assert "can't be loaded as it is" in (await anna.answer())["text"]
    assert list((shop.files / "telegram").iterdir()) == []


def picture_of(code: str) -> bytes:
    drawn = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.EAN13).to_image(
        scale=4, add_quiet_zones=True
    )
    out = io.BytesIO()
    Image.fromarray(drawn).save(out, "PNG")
    return out.getvalue()


async def test_a_photo_of_a_bar_code_opens_the_product_from_its_largest_picture(shop: Shop) -> None:
    anna = shop.person(ANNA)
    shop.api.files |= {"small": b"too small", "large": picture_of("5060417007202")}
    sizes = [("small", 90), ("large", 900)]
    anna.send(
        photo=[
            {"file_id": name, "file_unique_id": name, "width": dots, "height": dots} for name, dots in sizes
        ]
    )
    assert "Red Mug 350ml (MUG-RED-350)" in (await anna.answer())["text"]
    assert [call.given["file_id"] for call in shop.api.called("getFile")] == ["large"]


async def test_a_picture_sent_as_a_file_is_looked_at_too(shop: Shop) -> None:
    anna = shop.person(ANNA)
    give(shop, anna, "IMG.png", picture_of("5060417007202"), mime_type="image/png")
    assert "Red Mug 350ml (MUG-RED-350)" in (await anna.answer())["text"]
    give(shop, anna, "IMG2.png", b"no picture", mime_type="image/png")
    assert "can't open that as a picture" in (await anna.answer())["text"]


async def test_places_and_voices_are_answered_plainly(shop: Shop) -> None:
    anna = shop.person(ANNA)
    anna.send(location={"latitude": 51.5, "longitude": -0.1})
    assert "location" in (await anna.answer())["text"]
    anna.send(voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    assert "I read text" in (await anna.answer())["text"]


async def test_a_chart_comes_as_a_picture_and_a_paper_as_files(shop: Shop) -> None:
    anna = shop.person(ANNA)
    await anna.ask("how many small red mugs did we sell in the last 14 days")
    await anna.ask("approve PO 1042")
    kinds = await until(lambda: {kind for kind, _, _ in shop.api.sent_files} or None)
    assert kinds <= {"photo", "document"}


async def test_old_files_are_swept_away(shop: Shop) -> None:
    old = shop.files / "telegram" / "old"
    old.mkdir(parents=True)
    (old / "stock.csv").write_text("x")
    os.utime(old, (1, 1))
    anna = shop.person(ANNA)
    give(shop, anna, "stock.csv", STOCK.encode())
    await anna.answer()
    assert "old" not in [folder.name for folder in (shop.files / "telegram").iterdir()]


async def test_the_books_tell_that_a_file_came_by_telegram(shop: Shop) -> None:
    anna = shop.person(ANNA)
    give(shop, anna, "stock.csv", STOCK.encode())
    await anna.pressed(await anna.answer(), "Load it")
    await anna.answer()
    moves = shop.house.store.stock.movements([RED])
    assert "telegram" in {move.channel for move in moves}
