"""Files in Slack: photos of bar codes, exports to load, and nobody who gets our token for them."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from tests.chat.slack.people import buttons_of, words_of
from tests.shop import NOW, RED

STOCK = "sku,location,quantity\nMUG-RED-350,HIGH,99\nMUG-BLU-350,HIGH,7\n"


def on_hand(slack):
    levels = slack.house.store.stock.levels([RED], locations=["HIGH"], today=NOW.date())
    return sum(level.on_hand for level in levels)


def shared(slack, name, content, kind, **more):
    slack.server.files[name] = content
    file = {"id": name, "name": name, "mimetype": kind, "size": len(content), "mode": "hosted"}
    return {**file, "url_private_download": f"{slack.server.url}/files/{name}", **more}


def photo(text="5060417007202"):
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.EAN13)
    image = Image.fromarray(code.to_image(scale=4))
    page = Image.new("L", (image.width + 200, image.height + 200), 255)
    page.paste(image, (100, 100))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


async def test_a_photo_of_a_bar_code_opens_the_products_card(slack, anna):
    file = shared(slack, "photo.png", photo(), "image/png")
    card = await anna.says("", subtype="file_share", files=[file])
    assert "Red Mug 350ml" in words_of(card)
    labels = [button["text"]["text"] for button in buttons_of(card)]
    assert {label.split()[0] for label in labels} >= {"Count", "Receive", "Move"}


async def test_a_picture_without_a_code_is_told_what_to_do(slack, anna):
    out = io.BytesIO()
    Image.new("L", (300, 300), 200).save(out, "PNG")
    file = shared(slack, "grey.png", out.getvalue(), "image/png")
    assert "no bar code" in words_of(await anna.says("", subtype="file_share", files=[file]))


async def test_an_export_is_checked_shown_loaded_by_one_button_and_taken_back(slack, anna):
    file = shared(slack, "stock.csv", STOCK.encode(), "text/csv")
    checked = dict(await anna.says("", subtype="file_share", files=[file]))
    assert "nothing is loaded yet" in words_of(checked)
    assert on_hand(slack) == 12
    await anna.presses("Load it", checked)
    assert on_hand(slack) == 99
    loaded = dict(slack.server.messages[checked["channel"], checked["ts"]])
    assert "Anna Bell" in words_of(loaded)
    await anna.presses("Load it", checked)
    assert "was chosen already" in slack.posts()[-1]["text"]
    await anna.presses("Undo the import", loaded)
    assert on_hand(slack) == 12


async def test_only_who_may_load_files_has_theirs_fetched(slack, tom, stranger):
    file = shared(slack, "stock.csv", STOCK.encode(), "text/csv")
    assert "may not load files" in words_of(await tom.says("", subtype="file_share", files=[file]))
    told = await stranger.says("", subtype="file_share", files=[file])
    assert told["text"].startswith("I don't know you yet")
    assert on_hand(slack) == 12


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/f",
        "https://slack.com.evil.example/f",
        "http://files.slack.com/f",
        "file:///etc/passwd",
        "http://127.0.0.1:1/f",
        "http://[::1",
        "",
    ],
)
async def test_our_token_is_shown_to_slack_and_to_nobody_else(slack, anna, url):
    file = shared(slack, "photo.png", photo(), "image/png", url_private_download=url, url_private=url)
    told = await anna.says("", subtype="file_share", files=[file])
    assert "could not get that file" in words_of(told)


async def test_several_files_are_several_answers(slack, anna):
    files = [shared(slack, f"{n}.png", photo(), "image/png") for n in range(2)]
    await anna.says("", subtype="file_share", files=files)
    assert sum("Red Mug 350ml" in words_of(post) for post in slack.posts()) == 2
