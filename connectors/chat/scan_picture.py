"""Opens what people send as a picture: grey values of bounded size, or why it cannot be looked at."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

Bytes = NDArray[np.uint8]
MOST_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
LEAST_SIDE = 24
# A phone's photo is opened at about half its sides: a bar code is seldom so small that it takes all of it.
USUAL_PIXELS = 3_400_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MIRRORED = frozenset({2, 4, 5, 7})
_ORIENTATION = 0x0112
_HEIC = (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1")

EMPTY = "That file is empty. Please send the photo again."
NOT_A_PICTURE = "I can't open that as a picture. Please send a photo (JPEG or PNG) of the bar code."
TOO_LARGE = "That picture is too large for me (20 MB or 50 megapixels at most). Please send a smaller one."
HEIC = (
    "That is a HEIC file, which I can't open. Send it as a photo instead of a file, or set your camera to "
    "JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)."
)
INCOMPLETE = "That picture did not arrive whole. Please send it again."
TINY = "That picture is too small to hold a code that I could read. Please send the photo itself."
_BROKEN = (
    *(OSError, ValueError, SyntaxError, TypeError, EOFError, IndexError, KeyError, AttributeError),
    *(OverflowError, RuntimeError, MemoryError, struct.error, zlib.error),
)


def opened(picture: bytes, pixels: int = USUAL_PIXELS) -> Bytes | str:
    """Grey values of at most about ``pixels``; a sentence where it cannot be opened."""
    import PIL.Image

    if not picture:
        return EMPTY
    if len(picture) > MOST_BYTES:
        return TOO_LARGE
    if picture[4:16].startswith(_HEIC):
        return HEIC
    PIL.Image.init()  # names every format, which ``formats`` needs
    try:
        with PIL.Image.open(io.BytesIO(picture), formats=FORMATS) as image:
            return _grey(image, pixels)
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        return TOO_LARGE
    except _BROKEN as error:
        return INCOMPLETE if "truncated" in str(error) else NOT_A_PICTURE


def _grey(image: Image, pixels: int) -> Bytes | str:
    import PIL.Image

    if image.width * image.height > MOST_PIXELS:
        return TOO_LARGE
    if min(image.size) < LEAST_SIDE:
        return TINY
    parts = next((one for one in (1, 2, 4) if image.width * image.height <= pixels * one * one), 8)
    if image.format in ("JPEG", "MPO"):
        image.draft("L", (image.width // parts, image.height // parts))
    mirrored = image.getexif().get(_ORIENTATION) in MIRRORED
    grey = _levels(image)
    if grey.size > 2 * pixels:
        grey = np.asarray(PIL.Image.fromarray(grey).reduce(parts), np.uint8)
    return np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey


def _levels(image: Image) -> Bytes:
    """Eight bits of grey: what is see-through is white, more bits are spread over what is there."""
    import PIL.Image

    if image.mode[:1] in "IF":
        values = np.nan_to_num(np.asarray(image, np.float32))
        low, high = float(values.min()), float(values.max())
        return np.asarray((values - low) * (255 / max(high - low, 1e-9)), np.uint8)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        shown = image.convert("RGBA")
        white = PIL.Image.new("RGBA", shown.size, "white")
        return np.asarray(PIL.Image.alpha_composite(white, shown).convert("L"), np.uint8)
    return np.asarray(image.convert("L"), np.uint8)
