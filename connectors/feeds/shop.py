"""Reading a shop folder: its CSV files in the order in which they refer to each other."""

from __future__ import annotations

from pathlib import Path

from connectors.feeds.intake import Intake, take
from connectors.feeds.layouts import layouts
from connectors.feeds.sheets import fail, open_csv
from tools.store.imports_known import MAIN, Known

SHOP_FILES = tuple(f"{name}.csv" for name in layouts(Known()))


def shop_files(folder: Path) -> list[Path]:
    """The files of a shop folder that are there."""
    return [folder / name for name in SHOP_FILES if (folder / name).is_file()]


def read_shop(intake: Intake, folder: Path, files: list[Path]) -> None:
    """Read ``files`` into the staging; what cannot be taken is refused, row by row.

    Raises:
        FeedError: a file cannot be read at all, or the shop has no products and none come.
    """
    names = {path.name for path in files}
    if not files:
        fail(folder.name, f"CSV files of a shop ({', '.join(SHOP_FILES[:5])} …)")
    if "products.csv" not in names and not intake.known.skus:
        fail("products.csv", "this file (the shop has no products yet)")
    note_other_files(intake, folder)
    known = intake.known
    known.supplier_codes_are_new = "suppliers.csv" not in names and not known.suppliers
    known.location_codes_are_new = "locations.csv" not in names and not known.locations
    for path in sorted(files, key=lambda path: SHOP_FILES.index(path.name)):
        table = path.stem
        # Layouts are made anew: what the files before this one brought is known by now.
        with open_csv(path, intake.count_bad_row, known=layouts(known)[table].names) as sheet:
            take(intake, layouts(known)[table], sheet)
    add_what_rows_mention(intake)


def note_other_files(intake: Intake, folder: Path) -> None:
    """Say which files of the folder are none of ours."""
    if not folder.is_dir():
        return
    others = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name not in SHOP_FILES)
    visible = [name for name in others if not name.startswith(".")]
    if visible:
        intake.file(folder.name).notes.append(f"files not used: {', '.join(visible[:10])}")


def add_what_rows_mention(intake: Intake) -> None:
    """Suppliers and places that no list names are taken from the rows; no place at all gives MAIN."""
    known, staging = intake.known, intake.staging
    if known.supplier_codes_are_new and known.suppliers:
        staging.create("suppliers", ("code", "name"))
        for line, code in enumerate(sorted(known.suppliers), 1):
            staging.add("suppliers", (line, code, code))
        intake.file("products.csv").notes.append(f"suppliers taken from the rows: {_some(known.suppliers)}")
    if "locations" in staging.tables and staging.count("locations"):
        return
    if known.location_codes_are_new or not known.locations:
        _add_places(intake)


def _add_places(intake: Intake) -> None:
    named = sorted(intake.known.locations - {MAIN})
    intake.staging.create("locations", ("code", "name", "kind"))
    codes = named + [MAIN] * (MAIN in intake.known.locations or not named)
    for line, code in enumerate(codes, 1):
        intake.staging.add("locations", (line, code, "Main shop" if code == MAIN else code, "shop"))
    made = "there were no locations: MAIN “Main shop” was made, so that stock can be kept"
    told = f"locations taken from the rows: {_some(set(codes))}" if named else made
    intake.file("locations.csv").notes.append(told)


def _some(codes: set[str]) -> str:
    shown = sorted(codes)
    return ", ".join(shown[:8]) + (f" and {len(shown) - 8} more" if len(shown) > 8 else "")
