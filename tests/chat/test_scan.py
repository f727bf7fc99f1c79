"""What a photo of a bar code gives: its codes at any angle and in blur, and plain words where there are none."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from connectors.chat import scan
from connectors.chat.scan import read_codes
from connectors.chat.scan_picture import EMPTY, HEIC, INCOMPLETE, NOT_A_PICTURE, TINY, TOO_LARGE
from connectors.chat.scan_tables import CODE128, EAN_LEFT, EAN_PARITY, code128_text

MUG = "5012345678900"
KINDS = zxingcpp.BarcodeFormat


def code(content=MUG, kind=KINDS.EAN13, module=4, tall=150):
    """The printed code with quiet zones."""
    made = zxingcpp.create_barcode(content, kind)
    bars = Image.fromarray(
        np.array(zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False))
    ).convert("L")
    flat = kind not in (KINDS.QRCode, KINDS.DataMatrix)
    size = (bars.width * module, tall if flat else bars.height * module)
    label = Image.new("L", (size[0] + 24 * module, size[1] + 24 * module), 240)
    label.paste(
        bars.resize(size, Image.Resampling.NEAREST).point(lambda v: 25 if v < 128 else 240),
        (12 * module, 12 * module),
    )
    return label


def scene(*labels, size=(900, 700)):
    """Labels, each (picture, angle, x, y), on a table with boxes on it."""
    table = Image.new("L", size, 130)
    draw = ImageDraw.Draw(table)
    for step in range(6):
        draw.rectangle((60 + 130 * step, 30, 110 + 130 * step, 90), fill=40 * step)
        draw.line((0, 600 + 9 * step, 900, 500 + 20 * step), fill=70 + 20 * step, width=3)
    for label, angle, x, y in labels:
        turned = label.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        cover = Image.new("L", label.size, 255).rotate(angle, expand=True)
        table.paste(turned, (x - turned.width // 2, y - turned.height // 2), cover)
    return table


def as_file(picture, form="PNG", **how):
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def texts(picture, form="PNG", known=None):
    return [one.text for one in read_codes(as_file(picture, form), known).codes]


@pytest.mark.parametrize("angle", [0, 17, 45, 90, 137, 180, 291])
def test_an_ean_is_read_at_any_angle(angle):
    assert texts(scene((code(), angle, 450, 350))) == [MUG]


@pytest.mark.parametrize(
    ("content", "kind", "symbology"),
    [
        (MUG, KINDS.EAN13, "]E0"),
        ("96385074", KINDS.EAN8, "]E4"),
        ("036000291452", KINDS.UPCA, "]E0"),
        ("01234565", KINDS.UPCE, "]E0"),
        ("MUG-RED-350", KINDS.Code128, "]C0"),
        ("MUG-RED-350", KINDS.QRCode, "]Q1"),
        ("MUG-RED-350", KINDS.DataMatrix, "]d1"),
    ],
)
def test_every_kind_of_code_is_read_slanted(content, kind, symbology):
    found = read_codes(as_file(scene((code(content, kind, 3), 33, 450, 350)))).codes
    expected = {"036000291452": "0036000291452", "01234565": "0012345000065"}.get(content, content)
    assert [(one.symbology, one.text) for one in found] == [(symbology, expected)]


@pytest.mark.parametrize(("content", "kind"), [(MUG, KINDS.EAN13), ("MUG-RED-350", KINDS.Code128)])
def test_a_code_out_of_focus_is_read(content, kind):
    picture = scene((code(content, kind, 3), 20, 450, 350)).filter(ImageFilter.GaussianBlur(1.7))
    assert texts(picture, "JPEG") == [content]


def test_a_dim_grainy_photo_is_read():
    chance = np.random.default_rng(3)
    grey = np.asarray(scene((code(), 60, 450, 350)), float) * 0.25 + 20 + chance.normal(0, 6, (700, 900))
    assert texts(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))) == [MUG]


def test_two_codes_in_one_picture_are_both_read():
    picture = scene(
        (code(module=2, tall=90), 10, 230, 400), (code("4006381333931", module=2, tall=90), 70, 660, 380)
    )
    assert sorted(texts(picture)) == ["4006381333931", MUG]


def test_a_label_on_a_delivery_keeps_what_separates_its_fields():
    made = zxingcpp.create_barcode("(01)09506000134352(10)AB(17)260401", KINDS.Code128, gs1=True)
    bars = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(made, scale=3))).convert("L")
    (found,) = read_codes(as_file(scene((bars, 25, 450, 350)))).codes
    assert str(found) == "]C1010950600013435210AB\x1d17260401"


def test_no_code_is_made_up_where_there_is_none():
    reading = read_codes(as_file(scene()))
    assert reading.codes == ()
    assert reading.trouble == scan.NO_CODE


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Image.new("L", (600, 400), 12), scan.DARK),
        (Image.new("L", (600, 400), 252), scan.BRIGHT),
        (scene((code(), 20, 450, 350)).filter(ImageFilter.GaussianBlur(4.5)), scan.BLURRED),
        (scene((code(module=1, tall=40), 20, 450, 350)).filter(ImageFilter.GaussianBlur(1.4)), scan.SMALL),
        (Image.new("L", (20, 20)), TINY),
    ],
    ids=["dark", "bright", "blurred", "small", "tiny"],
)
def test_what_kept_a_code_from_being_read_is_said(picture, words):
    assert read_codes(as_file(picture)).trouble == words


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK", "1", "I;16", "LA", "F"])
def test_pictures_of_every_sort_are_read(mode):
    grey = scene((code(), 30, 450, 350))
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(grey, np.uint16) * 200)
    elif mode == "F":
        picture = Image.fromarray(np.asarray(grey, np.float32))
    else:
        picture = grey.convert("RGB").convert(mode)
    form = {"CMYK": "JPEG", "I;16": "PNG", "F": "TIFF"}.get(mode, "PNG")
    assert texts(picture, form) == [MUG]


def test_a_mirrored_photo_is_turned_round_and_an_animation_gives_its_first_picture():
    exif = Image.Exif()
    exif[0x0112] = 2
    mirrored = scene((code(), 30, 450, 350)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert [one.text for one in read_codes(as_file(mirrored, "JPEG", exif=exif)).codes] == [MUG]
    frames = [scene((code(), 0, 450, 350)), scene()]
    file = as_file(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert [one.text for one in read_codes(file).codes] == [MUG]


def test_a_large_photo_is_read():
    picture = scene((code(), 30, 450, 350)).resize((3600, 2800))
    assert texts(picture, "JPEG") == [MUG]


def bomb():
    """A small file that says it is 60,000 pixels wide and high."""
    data = bytearray(as_file(Image.new("1", (64, 64))))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", EMPTY),
        (b"not a picture at all", NOT_A_PICTURE),
        (b"%PDF-1.7 and so on", NOT_A_PICTURE),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", HEIC),
        (b"\xff\xd8\xff" + b"\x00" * 21_000_000, TOO_LARGE),
        (bomb(), TOO_LARGE),
        (as_file(scene((code(), 0, 450, 350)), "JPEG")[:9_000], INCOMPLETE),
    ],
    ids=["empty", "text", "pdf", "heic", "bytes", "bomb", "truncated"],
)
def test_a_file_that_cannot_be_opened_is_told(file, words):
    assert read_codes(file).trouble == words


def test_broken_files_never_raise():
    chance = np.random.default_rng(11)
    whole = [
        as_file(scene((code(), 12, 450, 350)).resize((300, 233)), form)
        for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
    ]
    for _ in range(10):
        for file in whole:
            broken = bytearray(file)
            for place in chance.integers(0, len(broken), 12):
                broken[place] = chance.integers(256)
            reading = read_codes(bytes(broken))
            assert bool(reading.codes) != bool(reading.trouble)


def test_what_is_hardly_legible_is_believed_if_the_shop_knows_it():
    picture = scene((code(), 20, 450, 350)).filter(ImageFilter.GaussianBlur(3.0))
    assert texts(picture, known=lambda name: name == f"]E0{MUG}") == [MUG]


def test_the_tables_of_bars_are_those_that_codes_are_printed_with():
    for first in range(10):
        number = f"{first}12345678901"
        number += str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number)) % 10)
        row = np.array(
            zxingcpp.write_barcode_to_image(
                zxingcpp.create_barcode(number, KINDS.EAN13), add_quiet_zones=False
            )
        )[0]
        bits = "".join("1" if value < 128 else "0" for value in row)
        parity = "".join(
            "0" if bits[3 + 7 * place : 10 + 7 * place] in EAN_LEFT else "1" for place in range(6)
        )
        assert EAN_PARITY[first] == parity
    assert len(set(CODE128)) == 106


def test_code_128_changes_sets_within_a_code():
    for content in ("ABC123456def", "98345678", "a1\tB", "MUG-RED-350", "0012abCD\x01"):
        made = zxingcpp.create_barcode(content, KINDS.Code128)
        row = np.array(zxingcpp.write_barcode_to_image(made, add_quiet_zones=False))[0]
        bits = "".join("1" if value < 128 else "0" for value in row)
        symbols = [CODE128.index(bits[at : at + 11]) for at in range(0, len(bits) - 13, 11)]
        assert code128_text(symbols) == ("]C0", content)


def test_a_code_around_a_can_is_read():
    label = np.asarray(code(tall=200))
    reach = np.deg2rad(40)
    seen = np.linspace(-np.sin(reach), np.sin(reach), int(label.shape[1] * np.sin(reach) / reach))
    columns = np.clip((np.arcsin(seen) / reach + 1) * label.shape[1] / 2, 0, label.shape[1] - 1).astype(int)
    can = scene((Image.fromarray(label[:, columns]), 20, 450, 350)).filter(ImageFilter.GaussianBlur(1.5))
    assert texts(can) == [MUG]


def test_a_matrix_code_out_of_focus_is_read():
    picture = scene((code("MUG-RED-350", KINDS.QRCode, 5), 20, 450, 350)).filter(
        ImageFilter.GaussianBlur(2.4)
    )
    assert texts(picture) == ["MUG-RED-350"]
