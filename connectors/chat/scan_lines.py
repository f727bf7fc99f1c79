"""Reads an EAN, UPC or Code 128 from one averaged line, even where blur has run its bars into each other.

Each symbol is compared with how all possible symbols would look there; the likeliest is taken.  A code counts
only if its own check (check digit, pattern of the digits, check symbol) comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from connectors.chat import scan_tables as tables
from connectors.chat.scan_match import (
    Alphabet,
    Fit,
    Line,
    Score,
    around,
    as_row,
    best_of,
    likenesses,
    refined,
)
from tools.kit.codes import check_digit, expanded

LEFT = Alphabet(tables.EAN_LEFT + tables.EAN_MIRRORED, "1", "0")
RIGHT = Alphabet(tables.EAN_RIGHT, "0", "1")
BARS = Alphabet(tables.CODE128, "0", "1")
STOP = Alphabet((tables.CODE128_STOP,), "0", "0")
LEAST_LIKE = 0.80
FLAT = 0.78  # a likeness at which nothing is curved
MOST_SYMBOLS = 34
FEWEST_EDGES = 16
# How far, in modules, an end or (seen aslant) the middle may be off at first.
_ENDS = (-1.4, -0.7, 0.0, 0.7, 1.4)
_BENDS = (-2.4, -1.6, -0.8, 0.0, 0.8, 1.6, 2.4)
_CURLS = (0.9, 1.8, 2.7, 3.8)
_FEW_ENDS = (-0.5, 0.0, 0.5)


@dataclass(frozen=True)
class Retail:
    """One of the EAN/UPC family: its modules, where its digits start, and its guard bars."""

    symbology: str
    modules: int
    left: tuple[int, ...]
    right: tuple[int, ...]
    guards: tuple[tuple[int, Alphabet], ...]

    @property
    def edges(self) -> int:
        """From dark to light and back: four in a digit, two in a guard bar."""
        bars = sum(guard.patterns[0].count("1") for _, guard in self.guards)
        return 4 * (len(self.left) + len(self.right)) + 2 * bars


def _guards(*bars: tuple[int, str]) -> tuple[tuple[int, Alphabet], ...]:
    """A guard among light modules: quiet zones, and digits that start or end light."""
    return tuple((place, Alphabet((bits,), "01"[bits[0] == "0"], "0")) for place, bits in bars)


RETAIL = (
    Retail(
        "]E0",
        95,
        tuple(range(3, 45, 7)),
        tuple(range(50, 92, 7)),
        _guards((0, "101"), (45, "01010"), (92, "101")),
    ),
    Retail(
        "]E4",
        67,
        tuple(range(3, 31, 7)),
        tuple(range(36, 64, 7)),
        _guards((0, "101"), (31, "01010"), (64, "101")),
    ),
    Retail("]E0", 51, tuple(range(3, 45, 7)), (), _guards((0, "101"), (45, "010101"))),
)


@dataclass(frozen=True, slots=True)
class LineRead:
    """What a line says.

    ``likeness`` is the mean correlation (1: exactly these bars), ``margin`` by how much the weakest symbol is
    likelier than the next.  ``symbols`` is the number of symbols of Code 128, ``backwards`` if it was read
    from the right.
    """

    symbology: str
    text: str
    likeness: float
    margin: float
    fit: Fit
    symbols: int = 0
    retail: int = 0
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """So many edges from here to there, with quiet on both sides."""

    start: float
    end: float
    edges: int


def runs_of(line: Line) -> list[Run]:
    """Where codes may start and end: runs of edges between quiet zones, the likeliest first.

    In EAN and Code 128 an edge comes every 1.7 modules in the mean and every 4 at the latest; quiet
    zones have at least 7.
    """
    slope = np.abs(np.gradient(line))
    steep = float(np.quantile(slope, 0.95))
    found: list[Run] = []
    for share, widest in ((0.2, 3.0), (0.2, 4.2), (0.08, 4.2), (0.2, 8.0)):
        run = _run(slope, max(share * steep, 1e-6), widest)
        if run is not None and run not in found:
            found.append(run)
    return found


def _run(slope: Line, floor: float, widest: float) -> Run | None:
    """The most edges without a gap of so many usual distances between them."""
    inner = slope[1:-1]
    edges = 1 + np.flatnonzero((inner > floor) & (inner >= slope[:-2]) & (inner > slope[2:]))
    if edges.size < FEWEST_EDGES:
        return None
    usual = float(np.mean(np.sort(np.diff(edges))[: int(0.9 * edges.size)]))
    run = max(np.split(edges, np.flatnonzero(np.diff(edges) > widest * usual) + 1), key=len)
    return Run(float(run[0]), float(run[-1]), run.size) if run.size >= FEWEST_EDGES else None


def read_line(line: Line, run: Run) -> list[LineRead]:
    """What the line may say, from left or from right, likeliest first.  Dark is high in ``line``."""
    last = line.size - 1
    found: list[LineRead] = []
    for backwards in (False, True):
        along = line[::-1] if backwards else line
        near = Fit(last - run.end, last - run.start) if backwards else Fit(run.start, run.end)
        found += _every(along, near, run.edges, backwards=backwards)
    return sorted(found, key=lambda read: -read.likeness)


def read_again(line: Line, read: LineRead) -> str:
    """What other rows of the same code say with the fit that was found; "" where it does not come out."""
    along = line[::-1] if read.backwards else line
    if read.symbols:
        return _symbols(along, read.fit, read.symbols)[1]
    return _digits(along, RETAIL[read.retail], read.fit)[0]


def _every(line: Line, near: Fit, edges: int, *, backwards: bool) -> Iterator[LineRead]:
    for number, kind in enumerate(RETAIL):
        if not _may_have(kind.edges, edges):
            continue
        fit = _fitted(line, near, kind)
        if fit.likeness >= LEAST_LIKE:
            text, margin = _digits(line, kind, fit)
            if text:
                yield LineRead(
                    kind.symbology, text, fit.likeness, margin, fit, retail=number, backwards=backwards
                )
    for count, fit in _code128_fits(line, near, edges):
        identifier, text, margin = _symbols(line, fit, count)
        if text:
            yield LineRead(identifier, text, fit.likeness, margin, fit, symbols=count, backwards=backwards)


def _may_have(edges: int, seen: int) -> bool:
    """Whether so many edges may be seen of it: blur takes some away, dirt adds a few."""
    return 0.45 * edges - 2 <= seen <= 1.12 * edges + 4


# -- EAN and UPC -----------------------------------------------------------------------------------


def _fitted(line: Line, near: Fit, kind: Retail) -> Fit:
    module = (near.end - near.start) / kind.modules

    def score(fits: Line, blur: float) -> Line:
        parts = [likenesses(line, fits, kind.modules, kind.left, LEFT, blur).max(axis=2)]
        if kind.right:
            parts.append(likenesses(line, fits, kind.modules, kind.right, RIGHT, blur).max(axis=2))
        parts += [
            likenesses(line, fits, kind.modules, (at,), bars, blur)[:, :, 0] for at, bars in kind.guards
        ]
        return np.asarray(np.concatenate(parts, axis=1).mean(axis=1))

    fit = _first_fit(score, near, module, _ENDS)
    return refined(score, fit, module) if fit.likeness > LEAST_LIKE - 0.25 else fit


def _first_fit(score: Score, near: Fit, module: float, ends: Sequence[float]) -> Fit:
    """Where to start from: flat or seen aslant; where nothing fits so, curved."""
    wide, few, bends, curls = (
        [step * module for step in steps] for steps in (ends, _FEW_ENDS, _BENDS, _CURLS)
    )
    flat = best_of(score, around(near, wide, bends), 0.5)
    if flat.likeness > FLAT:
        return flat
    curved = best_of(score, around(near, few, bends[2:5], curls), 0.5)
    return curved if curved.likeness > flat.likeness else flat


def _digits(line: Line, kind: Retail, fit: Fit) -> tuple[str, float]:
    """The number with its least margin; "" where parity or check digit do not come out."""
    fits = np.array([as_row(fit)])
    left = likenesses(line, fits, kind.modules, kind.left, LEFT, fit.blur)[0]
    best = left.argmax(axis=1)
    margins = [_lead(row) for row in left]
    said, parity = "".join(str(digit % 10) for digit in best), "".join(str(digit // 10) for digit in best)
    if kind.right:
        right = likenesses(line, fits, kind.modules, kind.right, RIGHT, fit.blur)[0]
        margins += [_lead(row) for row in right]
        said += "".join(str(digit) for digit in right.argmax(axis=1))
    number = _number(kind, said, parity)
    return (number, min(margins)) if number else ("", 0.0)


def _number(kind: Retail, said: str, parity: str) -> str:
    if not kind.right:
        return _short(said, parity)
    if kind.modules == 67:
        first = "" if parity == "0000" else None
    else:
        first = str(tables.EAN_PARITY.index(parity)) if parity in tables.EAN_PARITY else None
    if first is None:
        return ""
    number = first + said
    return number if check_digit(number[:-1]) == number[-1] else ""


def _short(said: str, parity: str) -> str:
    """The thirteen digits of a UPC-E."""
    opposite = "".join("10"[int(bit)] for bit in parity)
    for system, pattern in (("0", parity), ("1", opposite)):
        if pattern in tables.UPC_E_PARITY:
            number = f"0{expanded(f'{system}{said}{tables.UPC_E_PARITY.index(pattern)}')}"
            return number if check_digit(number[:-1]) == number[-1] else ""
    return ""


# -- Code 128 --------------------------------------------------------------------------------------


def _code128_fits(line: Line, near: Fit, edges: int) -> list[tuple[int, Fit]]:
    """Numbers of symbols (start to check symbol) that fit, each with its best fit."""
    rough = []
    for count in range(4, MOST_SYMBOLS + 1):
        if not _may_have(6 * count + 8, edges):
            continue
        modules = 11 * count + 13
        fits = around(near, [step * (near.end - near.start) / modules for step in _ENDS])
        start = likenesses(line, fits, modules, (0,), BARS, 0.5)[:, 0, tables.START_A :].max(axis=1)
        stop = likenesses(line, fits, modules, (11 * count,), STOP, 0.5)[:, 0, 0]
        score = start + stop
        best = int(np.argmax(score))
        rough.append((float(score[best]), count, Fit(*map(float, fits[best]))))
    found = []
    for score, count, fit in sorted(rough, key=lambda each: -each[0])[:4]:
        if score > 2 * (LEAST_LIKE - 0.15):
            fit = _fitted128(line, fit, count)
            if fit.likeness >= LEAST_LIKE:
                found.append((count, fit))
    return found


def _fitted128(line: Line, near: Fit, count: int) -> Fit:
    modules, places = 11 * count + 13, [11 * place for place in range(count)]

    def score(fits: Line, blur: float) -> Line:
        parts = likenesses(line, fits, modules, places, BARS, blur).max(axis=2)
        stop = likenesses(line, fits, modules, (11 * count,), STOP, blur)[:, :, 0]
        return np.asarray(np.concatenate([parts, stop], axis=1).mean(axis=1))

    module = (near.end - near.start) / modules
    fit = _first_fit(score, near, module, _FEW_ENDS)
    return refined(score, fit, module) if fit.likeness > LEAST_LIKE - 0.2 else fit


def _symbols(line: Line, fit: Fit, count: int) -> tuple[str, str, float]:
    """Identifier, content and least margin; "" where start or check symbol do not come out."""
    fits, places = np.array([as_row(fit)]), [11 * place for place in range(count)]
    alike = likenesses(line, fits, 11 * count + 13, places, BARS, fit.blur)[0]
    read = tables.code128_text([int(symbol) for symbol in alike.argmax(axis=1)])
    return (*read, min(_lead(row) for row in alike)) if read else ("", "", 0.0)


def _lead(row: Line) -> float:
    """By how much the best is better than the next."""
    two = np.partition(row, -2)[-2:]
    return float(two[1] - two[0])
