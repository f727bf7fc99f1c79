"""Bar codes in pictures of cluttered scenes: how many are read, how many wrongly, and how fast.

    python bench/barcodes.py [--pictures 100] [--seed 2] [--kinds EAN13,UPCA,Code128,QRCode] [--cells clean,phone]

Scenes of 1280 x 960 (and of 12 megapixels) are drawn with a label on them, at most 520 pixels wide: 4.6 pixels a module
for EAN-13, about 3 for Code 128.  What a condition does to it stands in ``CELLS``.  The scanner was tuned on seed 1;
the figures to report are those of another seed.  Each reading is alone in one process; seconds are of CPU.
"""

from __future__ import annotations

import argparse
import io
import json
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from connectors.chat.scan import read_codes

Grey = NDArray[np.float32]
SCENE, LARGE = (1280, 960), (4000, 3000)
WIDEST = 520
WORDS = (
    "fresh",
    "mug",
    "roast",
    "organic",
    "250g",
    "best",
    "before",
    "tea",
    "value",
    "pack",
    "12",
    "store",
    "cool",
    "new",
)
BACKGROUNDS = 24


@dataclass(frozen=True)
class Condition:
    """What is done to the picture; lengths in pixels, noise and grey values of 255.

    ``curve``: the label goes so many degrees around a can to either side.
    """

    angle: tuple[float, float] = (-4, 4)
    blur: float = 0.0
    motion: int = 0
    scale: float = 1.0
    noise: float = 3.0
    contrast: float = 1.0
    perspective: float = 0.0
    glare: bool = False
    curve: float = 0.0
    size: tuple[int, int] = SCENE
    codes: int = 1
    module: float = 0.0
    goal: Mapping[str, float] | None = None


EAN = {"EAN13": 0.99, "UPCA": 0.99}
CELLS = {
    "clean": Condition(goal=EAN),
    "15 degrees": Condition(angle=(15, 15), goal=EAN),
    "45 degrees": Condition(angle=(45, 45), goal=EAN),
    "90 degrees": Condition(angle=(90, 90), goal=EAN),
    "137 degrees": Condition(angle=(137, 137), goal=EAN),
    "180 degrees": Condition(angle=(180, 180), goal=EAN),
    "any angle": Condition(angle=(0, 360), goal=EAN),
    "any angle, 3 px a module": Condition(angle=(0, 360), module=3.0, goal=EAN),
    "blur 1": Condition(blur=1),
    "blur 2": Condition(blur=2, goal={"EAN13": 0.95, "UPCA": 0.95}),
    "blur 2, any angle": Condition(blur=2, angle=(0, 360)),
    "blur 3": Condition(blur=3),
    "blur 4": Condition(blur=4),
    "motion 5": Condition(motion=5),
    "motion 9": Condition(motion=9),
    "half size": Condition(scale=0.5),
    "0.3 of the size": Condition(scale=0.3),
    "noise 25": Condition(noise=25),
    "contrast 0.3, noise": Condition(contrast=0.3, noise=10),
    "perspective 8 %": Condition(perspective=0.08),
    "glare": Condition(glare=True),
    "phone": Condition(
        angle=(30, 30), blur=1.2, noise=8, perspective=0.05, goal={"EAN13": 0.85, "UPCA": 0.85}
    ),
    "phone, any angle": Condition(angle=(0, 360), blur=1.2, noise=8, perspective=0.05),
    "on a can": Condition(angle=(-30, 30), curve=35),
    "on a can, blur 1.5": Condition(angle=(-30, 30), curve=35, blur=1.5),
    "hard": Condition(angle=(30, 30), blur=2, noise=12, contrast=0.5, scale=0.7),
    "two codes": Condition(angle=(-20, 20), scale=0.75, codes=2),
    "12 MP": Condition(angle=(0, 360), size=LARGE, scale=2.2, blur=1.5, noise=6),
    "12 MP, small": Condition(angle=(0, 360), size=LARGE, scale=1.0, blur=1.2, noise=6),
    "12 MP, phone": Condition(angle=(0, 360), size=LARGE, scale=2.2, blur=3, noise=10, perspective=0.05),
    "no code": Condition(angle=(0, 360), noise=6, codes=0),
    "12 MP, no code": Condition(size=LARGE, noise=6, codes=0),
}
CONTENT: dict[str, Callable[[np.random.Generator], str]] = {
    "EAN13": lambda chance: _checked("".join(map(str, chance.integers(0, 10, 12)))),
    "UPCA": lambda chance: _checked("0" + "".join(map(str, chance.integers(0, 10, 11)))),
    "Code128": lambda chance: "-".join("".join(chance.choice(list("ABCDEFGHKLMNPRSTUVWXYZ0123456789"), 3)) for _ in range(3)),
    "QRCode": lambda chance: f"https://id.gs1.org/01/{_checked('0' + ''.join(map(str, chance.integers(0, 10, 12))))}/10/L{chance.integers(1000)}",
}  # fmt: skip


@dataclass
class Tally:
    """What came of one cell."""

    pictures: int = 0
    read: int = 0
    wrong: int = 0
    seconds: tuple[float, ...] = ()


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--pictures", type=int, default=100, help="in each cell")
    ask.add_argument("--seed", type=int, default=2)
    ask.add_argument("--kinds", default=",".join(CONTENT))
    ask.add_argument("--cells", default="all", help="names, separated by semicolons")
    ask.add_argument("--json", action="store_true", help="one line for each cell")
    asked = ask.parse_args()
    wrong = pictures = 0
    for kind in asked.kinds.split(","):
        for cell in _cells(asked.cells):
            tally = measured(kind, cell, asked.pictures, asked.seed)
            wrong, pictures = wrong + tally.wrong, pictures + tally.pictures
            print(_line(kind, cell, tally, as_json=asked.json), flush=True)
    print(f"wrong codes: {wrong} in {pictures:,} pictures")


def _cells(named: str) -> list[str]:
    """The cells asked for."""
    return list(CELLS) if named == "all" else named.split(";")


def measured(kind: str, cell: str, pictures: int, seed: int) -> Tally:
    """Read so many pictures of one cell."""
    tally, times = Tally(), []
    for truth, picture in scenes(kind, cell, pictures, seed):
        start = time.process_time()
        reading = read_codes(picture)
        times.append(time.process_time() - start)
        found = {code.text for code in reading.codes}
        tally.pictures += 1
        tally.read += truth <= found
        tally.wrong += bool(found - truth)
    tally.seconds = tuple(times)
    return tally


def scenes(kind: str, cell: str, pictures: int, seed: int) -> Iterator[tuple[set[str], bytes]]:
    """The codes and the JPEG of each picture; the same for the same seed, whatever else is drawn."""
    for number in range(pictures):
        chance = np.random.default_rng([seed, zlib.crc32(f"{kind} {cell}".encode()), number])
        yield scene(kind, CELLS[cell], chance)


def scene(kind: str, condition: Condition, chance: np.random.Generator) -> tuple[set[str], bytes]:
    """One cluttered scene with its codes, as a JPEG."""
    grey = _background(condition.size, int(chance.integers(BACKGROUNDS)), int(chance.integers(4)))
    truth: set[str] = set()
    for number in range(condition.codes):
        content = CONTENT[kind](chance)
        truth.add(content)
        _stick(
            grey,
            _curved(_label(kind, content), condition.curve),
            _corners(kind, condition, number, chance),
            condition,
        )
    grey = _spoiled(grey, condition, chance)
    file = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return truth, file.getvalue()


def _checked(body: str) -> str:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


@cache
def _painted(size: tuple[int, int], number: int) -> NDArray[np.uint8]:
    return np.clip(_clutter(size, np.random.default_rng([number, *size])), 0, 255).astype(np.uint8)


def _background(size: tuple[int, int], number: int, turn: int) -> Grey:
    """One of so many cluttered scenes, perhaps mirrored."""
    painted = _painted(size, number if size == SCENE else number % 4)
    return painted[:: 1 - 2 * (turn % 2), :: 1 - 2 * (turn // 2)].astype(np.float32)


@cache
def _noise(size: tuple[int, int]) -> Grey:
    return np.random.default_rng(7).standard_normal((size[1], size[0]), np.float32)


def _clutter(size: tuple[int, int], chance: np.random.Generator) -> Grey:
    """Boxes, stripes, rings and words in all greys: shelves, packets, leaflets."""
    zoom = size[0] / SCENE[0]
    picture = Image.new("L", size, int(chance.integers(60, 200)))
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(int(22 * zoom))
    for _ in range(60):
        x, y = chance.uniform(0, size[0]), chance.uniform(0, size[1])
        w, h = chance.uniform(20, 260, 2) * zoom
        shade, kind = int(chance.integers(0, 256)), chance.integers(0, 5)
        if kind == 0:
            draw.rectangle((x, y, x + w, y + h), fill=shade)
        elif kind == 1:
            draw.ellipse((x, y, x + w, y + h), fill=shade, outline=255 - shade, width=int(3 * zoom))
        elif kind == 2:
            draw.text((x, y), " ".join(chance.choice(WORDS, 4)), fill=shade, font=font)
        elif kind == 3:
            for step in range(int(chance.integers(3, 14))):
                draw.line(
                    (x + step * 9 * zoom, y, x + step * 9 * zoom + h / 3, y + h),
                    fill=shade,
                    width=int(4 * zoom),
                )
        else:
            draw.line((x, y, x + w, y + h - 130 * zoom), fill=shade, width=int(chance.integers(1, 9) * zoom))
    texture = chance.normal(0, 1, (size[1] // 8, size[0] // 8)).astype(np.float32)
    shade = ndimage.zoom(ndimage.gaussian_filter(texture, 3), 8, order=1) * 60
    grey = np.asarray(picture, np.float32)
    return grey + shade[: size[1], : size[0]] if shade.shape == grey.shape else grey.copy()


def _label(kind: str, content: str) -> Image.Image:
    """The printed label: code, quiet zones, a margin, and the number in print under it."""
    formats = {"EAN13": "EAN13", "UPCA": "EAN13", "Code128": "Code128", "QRCode": "QRCode"}
    made = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, formats[kind]))
    bars = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False)))
    bars = bars.convert("L")
    unit = 8
    width, height = bars.width * unit, bars.height * unit
    if kind != "QRCode":
        bars = bars.crop((0, bars.height // 2, bars.width, bars.height // 2 + 1))
        height = int(width * (0.5 if kind != "Code128" else 0.32))
    quiet = 9 * unit
    label = Image.new("L", (width + 2 * quiet, height + 2 * quiet), 245)
    label.paste(
        bars.resize((width, height), Image.Resampling.NEAREST).point(lambda v: 20 if v < 128 else 245),
        (quiet, quiet),
    )
    font = ImageFont.load_default(8 * unit)
    ImageDraw.Draw(label).text(
        (label.width // 2, label.height - quiet // 2), content[:24], fill=30, font=font, anchor="mm"
    )
    return label


def _curved(label: Image.Image, degrees: float) -> Image.Image:
    """The label as it looks around a can that stands upright."""
    if not degrees:
        return label
    half, reach = label.width / 2, np.deg2rad(degrees)
    seen = np.linspace(-np.sin(reach), np.sin(reach), int(2 * half * np.sin(reach) / reach))
    columns = np.clip(np.arcsin(seen) / reach * half + half, 0, label.width - 1).astype(int)
    return Image.fromarray(np.asarray(label)[:, columns])


def _corners(
    kind: str, condition: Condition, number: int, chance: np.random.Generator
) -> NDArray[np.float64]:
    """Where the label's corners lie in the picture: turned, seen aslant, somewhere."""
    label = _label(kind, CONTENT[kind](np.random.default_rng(0)))
    modules = label.width / 8
    shown = WIDEST * condition.scale
    module = condition.module or shown / modules
    width, height = modules * module, label.height / 8 * module
    box = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (width / 2, height / 2)
    slant = chance.uniform(-1, 1, (4, 2)) * condition.perspective * min(width, height)
    turn = np.deg2rad(chance.uniform(*condition.angle))
    turned = (box + slant) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    reach = np.abs(turned).max(0) + 8
    across = condition.size[0] / condition.codes
    low = np.minimum(reach, (across / 2, condition.size[1] / 2))
    high = np.maximum((across, condition.size[1]) - reach, low + 1e-6)
    return turned + chance.uniform(low, high) + (across * number, 0)


def _stick(grey: Grey, label: Image.Image, corners: NDArray[np.float64], condition: Condition) -> None:
    """Draw the label into the scene, each pixel the mean of what it covers."""
    low = np.maximum(np.floor(corners.min(0)).astype(int) - 1, 0)
    high = np.minimum(np.ceil(corners.max(0)).astype(int) + 2, condition.size)
    over = 3 if condition.size == SCENE else 2
    shape = tuple(int(side) for side in (high - low) * over)
    ends = np.array([(0, 0), (label.width, 0), (label.width, label.height), (0, label.height)], float)
    back = _homography((corners - low) * over, ends)
    bars = label.transform(shape, Image.Transform.PERSPECTIVE, back, Image.Resampling.BILINEAR)
    cover = Image.new("L", label.size, 255).transform(shape, Image.Transform.PERSPECTIVE, back)
    small, mask = (np.asarray(one.reduce(over), np.float32) for one in (bars, cover))
    part = grey[low[1] : high[1], low[0] : high[0]]
    part += (small / np.maximum(mask / 255, 0.01) - part) * (mask > 250)
    if condition.glare:
        _shine(grey, corners)


def _shine(grey: Grey, corners: NDArray[np.float64]) -> None:
    """A lamp's reflection between the middle and a corner of the label."""
    x, y = 0.5 * corners.mean(0) + 0.5 * corners[0]
    rows, columns = np.ogrid[0 : grey.shape[0], 0 : grey.shape[1]]
    grey += 230 * np.exp(-(((rows - y) / 45) ** 2) - ((columns - x) / 70) ** 2).astype(np.float32)
    np.clip(grey, 0, 255, out=grey)


def _homography(source: NDArray[np.float64], target: NDArray[np.float64]) -> list[float]:
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(values))]


def _spoiled(grey: Grey, condition: Condition, chance: np.random.Generator) -> Grey:
    """Light, lens, hand and sensor, in this order."""
    if condition.blur:
        grey = ndimage.gaussian_filter(grey, condition.blur, truncate=3)
    if condition.motion:
        grey = ndimage.uniform_filter1d(grey, condition.motion, axis=1)
    if condition.contrast != 1:
        grey = (grey - 128) * condition.contrast + 128
    by = int(chance.integers(grey.size))
    return grey + condition.noise * np.roll(_noise(condition.size).ravel(), by).reshape(grey.shape)


def _line(kind: str, cell: str, tally: Tally, *, as_json: bool) -> str:
    mean, late = float(np.mean(tally.seconds)), float(np.quantile(tally.seconds, 0.95))
    goal = (CELLS[cell].goal or {}).get(kind, 0.99 if kind == "QRCode" and CELLS[cell].codes else None)
    share = tally.read / tally.pictures
    if as_json:
        row = {"kind": kind, "cell": cell, "pictures": tally.pictures, "read": tally.read, "wrong": tally.wrong,
               "mean_seconds": round(mean, 3), "p95_seconds": round(late, 3), "goal": goal}  # fmt: skip
        return json.dumps(row)
    mark = "" if goal is None else f"  goal {goal:.2f} {'met' if share >= goal else 'NOT MET'}"
    return f"{kind:8} {cell:26} read {share:5.2f}  wrong {tally.wrong:2}  mean {mean:5.3f} s  95 % {late:5.3f} s{mark}"


if __name__ == "__main__":
    main()
