"""Travel times that a shop has in a file: a way in each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from connectors.feeds.cells import BadCell, measure
from connectors.feeds.report import RefusedRow
from connectors.feeds.sheets import Sheet, fail, open_csv
from tools.maths.routing.travel import DRIVING, PROFILES
from tools.store.travel import Point, TravelLeg

COLUMNS = ("from", "to", "seconds", "minutes", "metres", "km", "profile")
FACTORS = {"seconds": 1, "minutes": 60, "metres": 1, "km": 1000}
_value = measure(0, 1e7)


def read_travel(path: Path, where: Mapping[str, Point]) -> dict[str, list[TravelLeg]]:
    """The ways of a CSV file by profile ("driving" where no column says more).

    Columns: ``from``, ``to`` (a code of a place or customer, or "latitude,longitude"), ``seconds`` or
    ``minutes``, ``metres`` or ``km``, perhaps ``profile``.  ``where`` tells where each code is.

    Raises:
        FeedError: a column is missing, or a cell is no place or no number; says where.
        OSError: there is no such file.
    """
    found: dict[str, list[TravelLeg]] = {}
    with open_csv(path, _refuse, known=COLUMNS) as sheet:
        for profile, leg in _ways(sheet, where):
            found.setdefault(profile, []).append(leg)
    return found


def _refuse(refused: RefusedRow) -> None:
    fail(refused.file, refused.expected, row=refused.row, column=refused.column, value=refused.value)


def _ways(sheet: Sheet, where: Mapping[str, Point]) -> Iterator[tuple[str, TravelLeg]]:
    at = {name: number for number, name in enumerate(sheet.header)}
    time = _one_of(sheet, at, "seconds", "minutes")
    far = _one_of(sheet, at, "metres", "km")
    _one_of(sheet, at, "from")
    _one_of(sheet, at, "to")
    for row, cells in sheet.rows:
        profile = cells[at["profile"]].strip() if "profile" in at else DRIVING
        if profile not in PROFILES:
            fail(sheet.name, f"one of {', '.join(PROFILES)}", row=row, column="profile", value=profile)
        yield (
            profile,
            TravelLeg(
                _place(sheet, row, "from", cells[at["from"]], where),
                _place(sheet, row, "to", cells[at["to"]], where),
                _whole(sheet, row, time, cells[at[time]]),
                _whole(sheet, row, far, cells[at[far]]),
            ),
        )


def _one_of(sheet: Sheet, at: Mapping[str, int], *names: str) -> str:
    for name in names:
        if name in at:
            return name
    return fail(sheet.name, f"a column {' or '.join(names)}", row=1)


def _whole(sheet: Sheet, row: int, column: str, cell: str) -> int:
    try:
        value = _value(cell)
    except BadCell as bad:
        return fail(sheet.name, str(bad), row=row, column=column, value=cell)
    if not isinstance(value, float):
        return fail(sheet.name, "a number", row=row, column=column, value=cell)
    return round(value * FACTORS[column])


def _place(sheet: Sheet, row: int, column: str, cell: str, where: Mapping[str, Point]) -> Point:
    known = where.get(cell.strip())
    if known is not None:
        return known
    latitude, comma, longitude = cell.partition(",")
    try:
        point = (float(latitude), float(longitude)) if comma else (999.0, 999.0)
    except ValueError:
        point = (999.0, 999.0)
    if abs(point[0]) > 90 or abs(point[1]) > 180:
        fail(
            sheet.name,
            "the code of a place or customer whose coordinates are known, or latitude,longitude",
            row=row,
            column=column,
            value=cell,
        )
    return point
