"""A paper as files: PDF to send or print, CSV for whoever types it in elsewhere.

The same paper gives the same bytes.  Letters come from DejaVu Sans, which matplotlib brings along.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tools.kit import Paper, Table, words
from tools.kit.driver_files import qr_png

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVu"
MARGIN = 18
LINE = 6
CODE, CODES_ABREAST = 44, 3
# A PDF carries the moment it was made; a fixed one keeps the bytes the same.
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
FORMULA = frozenset("=+-@\t\r")
# Subsetting fonts keeps shared state.
_ONE_AT_A_TIME = threading.Lock()


def pdf(paper: Paper) -> bytes:
    """The paper on A4 pages."""
    from fpdf import FPDF

    with _ONE_AT_A_TIME:
        page = FPDF(format="A4")
        page.set_creation_date(MADE_AT)
        page.set_margin(MARGIN)
        page.set_title(paper.title)
        _letters(page)
        page.add_page()
        _head(page, paper)
        _rows(page, paper.table)
        page.ln(LINE)
        page.set_font(FONT, size=10)
        for line in paper.foot:
            page.multi_cell(0, LINE, line, new_x="LMARGIN", new_y="NEXT")
        _codes(page, paper.codes)
        return bytes(page.output())


def comma_separated(paper: Paper) -> bytes:
    """The paper's table as CSV (UTF-8); text that a spreadsheet would run is quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(paper.table.columns)
    writer.writerows([[_cell(value) for value in row] for row in paper.table.rows])
    return out.getvalue().encode()


def _letters(page: FPDF) -> None:
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    page.add_font(FONT, "", folder / "DejaVuSans.ttf")
    page.add_font(FONT, "B", folder / "DejaVuSans-Bold.ttf")


def _head(page: FPDF, paper: Paper) -> None:
    page.set_font(FONT, "B", 16)
    page.multi_cell(0, LINE * 1.6, paper.title, new_x="LMARGIN", new_y="NEXT")
    page.ln(LINE / 2)
    for label, value in paper.head:
        page.set_font(FONT, "B", 10)
        page.cell(42, LINE, label)
        page.set_font(FONT, "", 10)
        page.multi_cell(0, LINE, value, new_x="LMARGIN", new_y="NEXT")
    page.ln(LINE)


def _rows(page: FPDF, table: Table) -> None:
    numbers = [_is_number(table, column) for column in range(len(table.columns))]
    page.set_font(FONT, "", 9)
    widths = tuple(1 if number else 3 for number in numbers)
    align = tuple("RIGHT" if number else "LEFT" for number in numbers)
    with page.table(col_widths=widths, text_align=align, line_height=LINE) as drawn:
        for row in (table.columns, *table.rows):
            line = drawn.row()
            for value in row:
                line.cell(_shown(value))


def _codes(page: FPDF, codes: Sequence[tuple[str, str]]) -> None:
    """Codes in rows of three, each over its words."""
    for start in range(0, len(codes), CODES_ABREAST):
        if page.will_page_break(CODE + 2 * LINE):
            page.add_page()
        top = page.get_y()
        for place, (label, address) in enumerate(codes[start : start + CODES_ABREAST]):
            left = MARGIN + place * (CODE + MARGIN)
            page.image(io.BytesIO(qr_png(address)), left, top, CODE, CODE)
            page.set_xy(left, top + CODE)
            page.set_font(FONT, size=8)
            page.multi_cell(CODE, LINE * 0.7, label, align="CENTER")
        page.set_xy(MARGIN, top + CODE + 2 * LINE)


def _is_number(table: Table, column: int) -> bool:
    return all(isinstance(row[column], int | float | Decimal | None) for row in table.rows)


def _shown(value: str | Decimal | float | None) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return words.amount(Decimal(str(value)))


def _cell(value: str | Decimal | float | None) -> str:
    if isinstance(value, str):
        return f"'{value}" if value[:1] in FORMULA else value
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"
