"""A photo of a bar code: which codes are in it, or why none could be read.

Pure and safe in threads; bounded in bytes and in pixels.  ``with_codes`` is what a door calls.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import anyio.to_thread

from connectors.chat.message import House, Message
from tools.kit.codes import known_to

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
NOT_A_PICTURE = "I can't open that as a picture. Please send a photo (JPEG or PNG) of the bar code."
TOO_LARGE = "That picture is too large for me (20 MB or 50 megapixels at most). Please send a smaller one."
NO_CODE = (
    "I see no bar code in that picture. Hold the camera straight above the code, 10 to 20 cm away, in "
    "good light, so that the code fills half of the picture."
)


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its AIM symbology identifier ("]E0" is EAN-13, "]C1" GS1-128) and its content."""

    symbology: str
    text: str

    def __str__(self) -> str:
        """As :class:`Message` carries it."""
        return f"{self.symbology}{self.text}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a picture; ``trouble`` says in words what to do where that is nothing."""

    codes: tuple[Code, ...]
    trouble: str = ""


def read_codes(picture: bytes, known: Callable[[str], bool] | None = None) -> Reading:
    """The codes in a picture (a file's bytes), the largest first.  Never raises.

    ``known`` tells whether a code is the shop's: what is only just legible is believed if it is.
    """
    import PIL.Image
    from PIL import ImageOps, UnidentifiedImageError

    if len(picture) > MOST_BYTES:
        return Reading((), TOO_LARGE)
    try:
        image = PIL.Image.open(io.BytesIO(picture))
        if image.width * image.height > MOST_PIXELS:
            return Reading((), TOO_LARGE)
        grey = ImageOps.exif_transpose(image).convert("L")
    except (UnidentifiedImageError, PIL.Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return Reading((), NOT_A_PICTURE)
    codes = _plain(grey)
    for angle in (22, 45, 67) if not codes else ():
        turned = _plain(grey.rotate(angle, expand=True, fillcolor=128))
        codes = codes or tuple(code for code in turned if known is not None and known(str(code)))
    return Reading(codes, "" if codes else NO_CODE)


def _plain(grey: Image) -> tuple[Code, ...]:
    import zxingcpp

    kinds = zxingcpp.BarcodeFormat
    formats = zxingcpp.BarcodeFormats((kinds.EANUPC, kinds.Code128, kinds.QRCode, kinds.DataMatrix))
    found = zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return tuple(dict.fromkeys(Code(one.symbology_identifier, one.text) for one in found))


async def with_codes(message: Message, picture: bytes, house: House) -> Message:
    """The message with what its picture shows; hand it to ``house.answer``."""

    def read() -> Reading:
        return read_codes(picture, known_to(house.store.catalogue()))

    reading = await anyio.to_thread.run_sync(read)
    return replace(message, codes=tuple(str(code) for code in reading.codes), trouble=reading.trouble)
