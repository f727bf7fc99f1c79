"""Where in a picture bars may be, and each such place laid out straight.

Bars are found by the structure tensor (Förstner & Gülch 1987): where grey changes a lot, but in one direction
only.  The region is sampled along that direction, and what perspective did to it is measured by how
far its bands are shifted against each other, so that the rows can be averaged along the bars.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]
Whole = NDArray[np.intp]
CELL = 8  # pixels of the searched picture in one cell of the tensor
BINS = 12  # directions that are looked at apart
ROWS, BANDS = 48, 6
LONGEST_LINE = 1800  # samples across a region


@dataclass(frozen=True, slots=True)
class Region:
    """Bars: their middle (x, y), the angle of the direction across them, and half the extents, in pixels."""

    x: float
    y: float
    angle: float
    across: float
    along: float
    weight: float


def regions(grey: Floats, most: int) -> list[Region]:
    """Where bars may be, the likeliest first."""
    tensor = _tensor(grey)
    found: list[Region] = []
    for width in (3, 7):
        xx, yy, xy = (ndimage.uniform_filter(part, width, mode="constant") for part in tensor)
        strength = np.hypot(xx - yy, 2 * xy)
        coherent = strength > 0.45 * (xx + yy) + 1e-6
        angle = 0.5 * np.arctan2(2 * xy, xx - yy)
        found += _of_scale(strength * coherent, angle, width)
    return _apart(sorted(found, key=lambda region: -region.weight)[: 6 * most])[:most]


def _tensor(grey: Floats) -> list[Floats]:
    """Products of the gradient (Scharr 2000, the same in all directions), averaged over cells."""
    tall = 3 * (grey[:-2] + grey[2:]) + 10 * grey[1:-1]
    across = tall[:, 2:] - tall[:, :-2]
    wide = 3 * (grey[:, :-2] + grey[:, 2:]) + 10 * grey[:, 1:-1]
    down = wide[2:] - wide[:-2]
    return [_cells(one * two) for one, two in ((across, across), (down, down), (across, down))]


def _cells(values: Floats) -> Floats:
    rows, columns = values.shape[0] // CELL, values.shape[1] // CELL
    blocks = values[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def _of_scale(strength: Floats, angle: Floats, width: int) -> list[Region]:
    """Connected cells of about one direction."""
    if not strength.size or strength.max() <= 0:
        return []
    found = []
    root = np.sqrt(strength)
    floor = 0.25 * float(np.quantile(root, 0.995))
    for turn in range(BINS):
        middle = np.pi * turn / BINS - np.pi / 2
        away = np.abs((angle - middle + np.pi / 2) % np.pi - np.pi / 2)
        parts, _ = ndimage.label((root > floor) & (away < 1.1 * np.pi / BINS))
        sizes = np.bincount(parts.ravel())
        for part, box in enumerate(ndimage.find_objects(parts), 1):
            if box is not None and sizes[part] >= 5:
                y, x = np.nonzero(parts[box] == part)
                found.append(_region(y + box[0].start, x + box[1].start, root, angle, width))
    return found


def _region(y: Whole, x: Whole, root: Floats, angle: Floats, width: int) -> Region:
    weights = root[y, x]
    doubled = 2 * angle[y, x]
    turn = 0.5 * float(np.arctan2((weights * np.sin(doubled)).sum(), (weights * np.cos(doubled)).sum()))
    across = x * np.cos(turn) + y * np.sin(turn)
    along = -x * np.sin(turn) + y * np.cos(turn)
    low, high = (across.min(), along.min()), (across.max(), along.max())
    middle = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
    centre_x = middle[0] * np.cos(turn) - middle[1] * np.sin(turn)
    centre_y = middle[0] * np.sin(turn) + middle[1] * np.cos(turn)
    half = (high[0] - low[0] + 1) / 2, (high[1] - low[1] + 1) / 2
    filled = len(x) / max(4 * half[0] * half[1], 1)
    return Region(
        x=(float(centre_x) + 0.5) * CELL + 1,
        y=(float(centre_y) + 0.5) * CELL + 1,
        angle=turn,
        across=float(half[0]) * CELL,
        along=max(float(half[1]) - (width - 1) / 3, 0.5) * CELL,
        weight=float(weights.sum()) * min(filled, 1.0),
    )


def _apart(found: list[Region]) -> list[Region]:
    """Of regions that lie on each other in about the same direction, the strongest."""
    kept: list[Region] = []
    for region in found:
        if not any(_same(region, other) for other in kept):
            kept.append(region)
    return kept


def _same(one: Region, other: Region) -> bool:
    turned = abs((one.angle - other.angle + np.pi / 2) % np.pi - np.pi / 2)
    near = np.hypot(one.x - other.x, one.y - other.y) < 0.25 * (other.across + other.along)
    return bool(turned < 0.3 and near and 0.6 < one.across / other.across < 1.6)


def glance(grey: Floats, region: Region) -> Floats:
    """The middle of the region as one line."""
    return np.asarray(_rows(grey, region, 0.02, 5).mean(axis=0), np.float32)


def laid_out(grey: Floats, region: Region) -> Floats:
    """The region's rows, bars upright and lined up with each other; quiet zones on both sides."""
    rows = raw = _rows(grey, region, 0.8, ROWS)
    shift = stretch = 0.0
    for _ in range(2):
        more = _slant(rows)
        if abs(more[0]) < 0.3 and abs(more[1]) < 0.5:
            break
        shift, stretch = shift + more[0], stretch + more[1]
        rows = _straightened(raw, shift, stretch)
    return rows


def _rows(grey: Floats, region: Region, reach: float, count: int) -> Floats:
    half = region.across * 1.16 + 10
    u = np.linspace(-half, half, int(min(max(2 * half, 120), LONGEST_LINE)))
    v = np.linspace(-reach, reach, count) * region.along
    return _sampled(grey, region, np.broadcast_to(u, (count, u.size)), v)


def _sampled(grey: Floats, region: Region, u: NDArray[np.float64], v: NDArray[np.float64]) -> Floats:
    cos, sin = np.cos(region.angle), np.sin(region.angle)
    x = region.x + u * cos - v[:, None] * sin
    y = region.y + u * sin + v[:, None] * cos
    x0, y0 = max(int(x.min()) - 1, 0), max(int(y.min()) - 1, 0)
    part = grey[y0 : int(y.max()) + 3, x0 : int(x.max()) + 3]
    if not part.size:
        return np.zeros(u.shape, np.float32)
    return np.asarray(ndimage.map_coordinates(part, [y - y0, x - x0], order=1, mode="nearest"), np.float32)


def _slant(rows: Floats) -> tuple[float, float]:
    """How far bars lean over their length, in samples: all, and more at the right than in the middle."""
    bands = rows.reshape(BANDS, ROWS // BANDS, -1).mean(axis=1)
    bands = ndimage.gaussian_filter1d(bands, 1.0, axis=1)
    bands = bands - ndimage.uniform_filter1d(bands, 41, axis=1)
    width = bands.shape[1]
    third = width // 4
    shifts = []
    for middle in (width // 2 - third, width // 2, width // 2 + third):
        part = slice(
            max(middle - third // 2 - third // 4, 8), min(middle + third // 2 + third // 4, width - 8)
        )
        steps = [_offset(bands[i], bands[i + 1], part) for i in range(BANDS - 1)]
        shifts.append(float(np.median(steps)) * BANDS)
    left, centre, right = shifts
    stretch = (right - left) / 2 / (third / (width / 2))
    return float(np.median([left - (left - right) / 2, centre, (left + right) / 2])), float(stretch)


def _offset(one: Floats, other: Floats, part: slice) -> float:
    """By how many samples ``other`` lies to the right of ``one``, within seven."""
    reach = 7
    base = one[part]
    around = np.array(
        [base @ other[part.start + step : part.stop + step] for step in range(-reach, reach + 1)]
    )
    best = int(np.argmax(around))
    if best in (0, 2 * reach):
        return 0.0
    before, top, after = around[best - 1 : best + 2]
    bend = before - 2 * top + after
    return best - reach + (0.5 * float(before - after) / float(bend) if bend < 0 else 0.0)


def _straightened(rows: Floats, shift: float, stretch: float) -> Floats:
    width = rows.shape[1]
    columns = np.arange(width)
    place = np.linspace(-0.5, 0.5, ROWS)[:, None]
    moved = columns[None, :] + place * (shift + stretch * (columns[None, :] / (width / 2) - 1))
    at = np.broadcast_to(np.arange(ROWS)[:, None], moved.shape)
    return np.asarray(ndimage.map_coordinates(rows, [at, moved], order=1, mode="nearest"), np.float32)
