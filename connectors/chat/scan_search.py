"""Looks for codes in a picture in stages, from the plain reader to blurred bars at any angle.

What one weak stage says is believed only if another says the same, or if the code is known to the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import PIL.Image
import zxingcpp
from numpy.typing import NDArray
from scipy import ndimage

from connectors.chat.scan_lines import LineRead, read_again, read_line, runs_of
from connectors.chat.scan_picture import Bytes
from connectors.chat.scan_regions import Floats, Region, glance, laid_out, regions

SEARCHED_PIXELS = 1_500_000
MOST_REGIONS = 7
MOST_READ = 6
LEAST_PART = 0.05  # of the bars of the code that was read: what is slighter is no code beside it
SURELY_BARS = 24
LIKE, SHORT_LIKE = 0.82, 0.92
MARGIN, SHORT_MARGIN = 0.045, 0.12
_KINDS = zxingcpp.BarcodeFormat
FORMATS = zxingcpp.BarcodeFormats((_KINDS.EANUPC, _KINDS.Code128, _KINDS.QRCode, _KINDS.DataMatrix))
MATRIX_FORMATS = zxingcpp.BarcodeFormats((_KINDS.QRCode, _KINDS.DataMatrix))
MATRIX = ("]Q", "]d")
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A code, where its middle is (x, y) and how long it is, in pixels of the picture."""

    symbology: str
    text: str
    x: float = 0.0
    y: float = 0.0
    length: float = 0.0

    @property
    def name(self) -> str:
        """Identifier and content in one."""
        return f"{self.symbology}{self.text}"


@dataclass(frozen=True, slots=True)
class Search:
    """What was found; ``bars`` is the width in pixels of bars that could not be read, 0 for none."""

    found: tuple[Found, ...]
    bars: float = 0.0


def search(grey: Bytes, known: Known) -> Search:
    """Every stage that is needed for this picture."""
    factor = int(np.ceil((grey.size / SEARCHED_PIXELS) ** 0.5))
    sharp, easy = np.asarray(grey, np.float32), _reduced(grey, factor)
    plain = list(_plain(easy, scale=factor))
    matrix = [one for one in plain if one.symbology.startswith(MATRIX)]
    lines, bars = _in_regions(sharp, np.asarray(easy, np.float32), factor, known)
    rest = _confirmed(easy, [one for one in plain if one not in matrix], lines, known)
    found = [*matrix, *lines, *rest]
    if not found and factor > 1:
        found = [*_plain(grey, MATRIX_FORMATS, thorough=False), *_in_regions(sharp, sharp, 1, known)[0]]
    found = found or _harder(easy, doubled=factor == 1)
    return Search(_each_once(found), 0.0 if found else bars)


def _plain(
    grey: Bytes, formats: zxingcpp.BarcodeFormats = FORMATS, scale: int = 1, *, thorough: bool = True
) -> Iterator[Found]:
    """What the plain reader sees; ``scale`` is how many pixels of the picture one of ``grey`` stands for."""
    for one in zxingcpp.read_barcodes(
        grey,
        formats=formats,
        text_mode=zxingcpp.TextMode.Plain,
        try_rotate=thorough,
        try_invert=thorough,
        try_downscale=thorough,
    ):
        place = one.position
        corners = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
        x, y = (scale * np.array([getattr(corner, axis) for corner in corners], float) for axis in "xy")
        length = float(np.hypot(x[1] - x[0], y[1] - y[0]))
        text = one.text[1:] if one.symbology_identifier == "]C1" and one.text[:1] == "\x1d" else one.text
        if text:
            yield Found(one.symbology_identifier, text, float(x.mean()), float(y.mean()), length)


# -- bars, averaged along their length ---------------------------------------------------------------


def _in_regions(sharp: Floats, small: Floats, factor: int, known: Known) -> tuple[list[Found], float]:
    """Codes read from averaged lines, and the width of the likeliest bars that could not be read."""
    found: list[Found] = []
    unread = heaviest = 0.0
    for region in regions(small, MOST_REGIONS):
        place = _enlarged(region, factor)
        if any(np.hypot(place.x - one.x, place.y - one.y) < 0.4 * one.length for one in found):
            continue
        if found and region.weight < LEAST_PART * heaviest:
            break
        read, width = _of_region(sharp, place, known)
        if read is not None:
            found.append(Found(read.symbology, read.text, place.x, place.y, 2 * place.across))
            heaviest = max(heaviest, region.weight)
        unread = unread or width
    return found, unread


def _reduced(grey: Bytes, factor: int) -> Bytes:
    return grey if factor == 1 else np.asarray(PIL.Image.fromarray(grey).reduce(factor), np.uint8)


def _enlarged(region: Region, factor: int) -> Region:
    x, y, across, along = (factor * side for side in (region.x, region.y, region.across, region.along))
    return Region(x, y, region.angle, across, along, region.weight)


def _of_region(grey: Floats, region: Region, known: Known) -> tuple[LineRead | None, float]:
    """What the region says, or how wide the bars are that say nothing (0: no bars)."""
    if not runs_of(-glance(grey, region).astype(float)):
        return None, 0.0
    rows = -laid_out(grey, region).astype(float)
    count = rows.shape[0]
    line = rows[count // 5 : -count // 5].mean(axis=0)
    halves = rows[count // 6 : count // 2].mean(axis=0), rows[count // 2 : -count // 6].mean(axis=0)
    runs = runs_of(line)
    for run in runs:
        for read in read_line(line, run):
            if _believed(read, halves, known):
                return read, 0.0
    return None, max((run.end - run.start for run in runs if run.edges >= SURELY_BARS), default=0.0)


def _believed(read: LineRead, halves: Iterable[NDArray[np.float64]], known: Known) -> bool:
    """Whether both halves of the bars say the same, clearly; what the shop knows needs less."""
    long = read.symbols > 4 or read.retail == 0
    if known(f"{read.symbology}{read.text}") and long:
        return True
    if read.likeness < (LIKE if long else SHORT_LIKE) or read.margin < (MARGIN if long else SHORT_MARGIN):
        return False
    return all(read_again(half, read) == read.text for half in halves)


def _confirmed(grey: Bytes, plain: list[Found], lines: list[Found], known: Known) -> list[Found]:
    """Linear codes of the plain reader that nothing contradicts and a second look confirms."""
    said = {one.text for one in lines}
    others = [*lines, *plain]
    open_ones = [
        one for one in plain if one.text not in said and not any(_contradicts(other, one) for other in others)
    ]
    if not open_ones:
        return []
    smooth = np.asarray(ndimage.uniform_filter(grey, 3), np.uint8)
    smaller = PIL.Image.fromarray(grey).resize((int(grey.shape[1] * 0.83), int(grey.shape[0] * 0.83)))
    again = {one.text for look in (smooth, np.asarray(smaller, np.uint8)) for one in _plain(look)}
    return [one for one in open_ones if one.text in again or known(one.name)]


def _contradicts(other: Found, one: Found) -> bool:
    """Whether something else was read at the same place."""
    return other.text != one.text and bool(np.hypot(one.x - other.x, one.y - other.y) < 0.4 * other.length)


# -- where all that found nothing ------------------------------------------------------------------


def _harder(grey: Bytes, *, doubled: bool) -> list[Found]:
    """Matrix codes out of focus: grain smoothed away, edges raised, then perhaps at double size."""
    fine = ndimage.gaussian_filter(np.asarray(grey, np.float32), 1.2)
    raised = fine + 3 * (fine - ndimage.gaussian_filter(fine, 3.0))
    low, high = np.quantile(raised[::4, ::4], (0.005, 0.995))
    sharp = np.clip((raised - low) * (255 / max(float(high - low), 1.0)), 0, 255).astype(np.uint8)
    found = list(_plain(sharp, MATRIX_FORMATS, thorough=False))
    if doubled and not found:
        double = (2 * sharp.shape[1], 2 * sharp.shape[0])
        large = PIL.Image.fromarray(sharp).resize(double, PIL.Image.Resampling.BICUBIC)
        found = list(_plain(np.asarray(large, np.uint8), MATRIX_FORMATS, thorough=False))
    return found


def _each_once(found: Iterable[Found]) -> tuple[Found, ...]:
    """Each content once, the largest first."""
    largest: dict[str, Found] = {}
    for one in sorted(found, key=lambda each: -each.length):
        largest.setdefault(one.text, one)
    return tuple(largest.values())[:MOST_READ]
