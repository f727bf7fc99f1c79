"""Reading any table of products, stock or sales, once it is known what its columns are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.feeds.cells import BadCell
from connectors.feeds.headers import DATES, FIELDS, NUMBERS, REVIEWS
from connectors.feeds.intake import Intake, take
from connectors.feeds.layouts import layouts
from connectors.feeds.mapping import TableMapping, guess
from connectors.feeds.report import RefusedRow
from connectors.feeds.reviews import DEFAULTS, review
from connectors.feeds.sheets import Sheet, fail, open_csv
from connectors.feeds.shop import add_what_rows_mention
from connectors.feeds.values import Ambiguous, date_order, date_style, decimal_sign, number

LOOKED_AT = 20_000
SHOWN_TO_GUESS = 200
_NOT_CODE = re.compile(r"[^A-Z0-9]+")

Cells = dict[str, str]
Tidy = Callable[[Cells], Cells | None]


def read_mapped(
    intake: Intake, path: Path, wanted: Mapping[str, Any], tidy: Tidy = lambda cells: cells
) -> Mapping[str, Any]:
    """Read a table into the staging, as ``wanted`` declares or as its headers and values suggest.

    ``tidy`` sees the cells of each row by their header first; None leaves the row out, counted.

    Returns:
        The mapping that was used, for the report.
    """
    mapping = _with_styles(path, wanted)
    known = intake.known
    known.supplier_codes_are_new = not known.suppliers
    known.location_codes_are_new = not known.locations
    reader = _Reader(intake, path.name, mapping, tidy)
    with open_csv(path, intake.count_bad_row, encoding=mapping.encoding) as sheet:
        used = set(mapping.columns.values())
        unused = [cell for cell in sheet.header if cell and cell not in used]
        notes = [*sheet.notes, *([f"columns not used: {', '.join(unused)}"] if unused else [])]
        labels = {**mapping.columns, "sku": _what_column(mapping)}
        plain = Sheet(path.name, list(reader.header), reader.rows(sheet), notes, labels)
        take(intake, layouts(known)[mapping.kind], plain)
    reader.finish()
    add_what_rows_mention(intake)
    return mapping.to_json()


def _what_column(mapping: TableMapping) -> str:
    known = (mapping.columns[what] for what in ("sku", "barcode", "name") if what in mapping.columns)
    return next(known, "sku")


def _with_styles(path: Path, wanted: Mapping[str, Any]) -> TableMapping:
    """The mapping, with the order of dates and the decimal sign seen from the first rows."""
    encoding = str(wanted.get("encoding") or "utf-8")
    with open_csv(path, lambda _refused: None, encoding=encoding) as sheet:
        sample = [cells for _, cells in islice(sheet.rows, LOOKED_AT)]
        mapping = guess(path.name, sheet.header, sample[:SHOWN_TO_GUESS], wanted)
        more = DEFAULTS if mapping.kind == REVIEWS else {}
        return replace(
            mapping,
            defaults={**more, **mapping.defaults},
            decimal=mapping.decimal or _seen(path, sheet, sample, mapping, NUMBERS, decimal_sign),
            date_format=mapping.date_format or _seen(path, sheet, sample, mapping, DATES, date_order),
        )


def _seen(
    path: Path,
    sheet: Sheet,
    sample: Sequence[Sequence[str]],
    mapping: TableMapping,
    fields: frozenset[str],
    judge: Callable[[Iterator[str]], str],
) -> str:
    columns = [theirs for ours, theirs in mapping.columns.items() if ours in fields]
    places = [sheet.header.index(theirs) for theirs in columns]
    try:
        return judge(row[place].strip() for row in sample for place in places if row[place].strip())
    except Ambiguous as question:
        fail(path.name, str(question), column=", ".join(columns))


@dataclass
class _Reader:
    """Turns their rows into ours, and remembers the products that only they know."""

    intake: Intake
    file: str
    mapping: TableMapping
    tidy: Tidy
    new_products: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    left_out: int = 0

    def __post_init__(self) -> None:
        self._dates = date_style(self.mapping.date_format)
        own = tuple(name for name in self.mapping.defaults if name not in FIELDS[self.mapping.kind])
        fields = [name for name in (*FIELDS[self.mapping.kind], *own) if self._wanted(name)]
        self.header = ("sku", *(name for name in fields if name != "sku"))

    def _wanted(self, name: str) -> bool:
        if name in ("variant", "sold_time", "title") or (
            self.mapping.kind != "products" and name in ("name", "barcode", "category")
        ):
            return False
        return name in self.mapping.columns or name in self.mapping.defaults

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        """Each row in our columns; one that cannot be read goes to the refusals."""
        count = self.intake.file(self.file)
        for line, cells in sheet.rows:
            theirs = self.tidy(dict(zip(sheet.header, cells, strict=False)))
            if theirs is None or self._says_nothing(theirs):
                count.rows += 1
                self.left_out += 1
                continue
            ours = self._ours(line, theirs)
            if ours is None:
                count.rows, count.refused = count.rows + 1, count.refused + 1
            else:
                yield line, ours

    def _says_nothing(self, theirs: Cells) -> bool:
        """Whether it is a review of stars alone: there are no words to keep."""
        words = [self.mapping.columns[name] for name in ("text", "title") if name in self.mapping.columns]
        return self.mapping.kind == REVIEWS and not any(theirs.get(column, "").strip() for column in words)

    def finish(self) -> None:
        """Stage the products that the rows brought, and say what was left out."""
        notes = self.intake.file(self.file).notes
        if self.left_out:
            what = "have no words" if self.mapping.kind == REVIEWS else f"are no {self.mapping.kind}"
            notes.append(f"rows left out because they {what}: {self.left_out:,}")
        if not self.new_products:
            return
        notes.append(f"products that were not known, made from their names: {len(self.new_products):,}")
        self.intake.staging.create("products", ("sku", "name", "category", "barcode"))
        for line, (sku, told) in enumerate(self.new_products.items(), 1):
            self.intake.staging.add("products", (line, sku, *told))
        self.intake.tables["products"] = "products"
        self.intake.file("products").rows = len(self.new_products)

    def _ours(self, line: int, theirs: Cells) -> list[str] | None:
        row = {ours: theirs.get(column, "").strip() for ours, column in self.mapping.columns.items()}
        row = {**self.mapping.defaults, **{name: cell for name, cell in row.items() if cell}}
        faults = 0
        for name in row.keys() & (NUMBERS | DATES):
            try:
                row[name] = self._normal(name, row)
            except BadCell as bad:
                faults += 1
                column = self.mapping.columns.get(name, name)
                self.intake.refusals.add(RefusedRow(self.file, line, column, row[name], str(bad)))
        if faults:
            return None
        row = self._named(row)
        if self.mapping.kind == REVIEWS:
            row = review(row, self.intake.known)
        return [row.get(name, "") for name in self.header]

    def _normal(self, name: str, row: Mapping[str, str]) -> str:
        if name in NUMBERS:
            return number(row[name], self.mapping.decimal or ".")
        if name == "sold_at" and row.get("sold_time") and not self._dates.form:
            return self._dates.read(f"{row[name]} {row['sold_time']}")
        return self._dates.read(row[name])

    def _named(self, row: Cells) -> Cells:
        """With the code of the product, of the place and of the supplier instead of their names."""
        known = self.intake.known
        name = " ".join(
            part for part in (row.get("name", ""), row.get("variant", "")) if part and part != "Regular"
        )
        sku = (
            row.get("sku")
            or known.by_barcode.get(row.get("barcode", ""))
            or known.by_name.get(name.lower(), "")
        )
        if not sku and name and self.mapping.kind != REVIEWS:
            sku = _NOT_CODE.sub("-", name.upper()).strip("-")[:64]
        if self.mapping.kind in ("sales", "stock") and name and sku and sku not in known.skus:
            self.new_products[sku] = (name[:300], row.get("category", "")[:120], row.get("barcode", "")[:64])
            known.skus.add(sku)
        place = known.place_by_name.get(row.get("location", "").lower(), row.get("location", ""))
        supplier = known.supplier_by_name.get(row.get("supplier", "").lower(), row.get("supplier", ""))
        return {**row, "sku": sku, "name": name, "location": place, "supplier": supplier}
