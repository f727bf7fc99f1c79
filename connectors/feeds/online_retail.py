"""The raw line export of an online wholesaler (the columns of UCI's Online Retail, Daqing Chen, 2015).

Every line becomes exactly one sales line; its kind says what it means:

* ``sale``: a product with a quantity above 0, also at price 0 to a known customer (free goods);
* ``return``: a cancellation (invoice ``C…``) of a product;
* ``adjustment``: a product at price 0 without a customer, up or down: somebody corrected stock, and
  the description is the reason;
* ``charge``: postage, fees, discounts, vouchers, bad debt: money, but nothing from a shelf.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.feeds.cells import MONEY_PLACES, QUANTITY_PLACES, BadCell, Moment, moment, number
from connectors.feeds.intake import FileCount, Intake
from connectors.feeds.report import RefusedRow
from connectors.feeds.rows import SALES_ROW, money_of
from connectors.feeds.sheets import Sheet, fail, open_csv
from connectors.feeds.shop import add_what_rows_mention
from connectors.feeds.titles import shop_title
from connectors.feeds.values import Ambiguous, DateStyle, date_order, date_style
from tools.store.imports_plain import digest_of

COLUMNS = ("invoiceno", "stockcode", "description", "quantity", "invoicedate", "unitprice", "customerid")
_ALSO = {"invoice": "invoiceno", "price": "unitprice"}
CHARGES = frozenset(("POST", "DOT", "M", "C2", "D", "S", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "B"))
LOOKED_AT = 20_000
_VOUCHER = "GIFT_"
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_ ]{0,63}")
_CLASSES = {
    "sale": "sales",
    "return": "returns (cancellations)",
    "adjustment": "stock adjustments",
    "charge": "charges (postage, fees, vouchers, bad debt)",
}


def is_online_retail(header: Sequence[str]) -> bool:
    """Whether these are the columns of this export."""
    return set(COLUMNS) <= set(_names(header))


def _names(header: Sequence[str]) -> list[str]:
    names = ["".join(cell.lower().split()) for cell in header]
    return [_ALSO.get(name, name) for name in names]


def read_online_retail(intake: Intake, path: Path, wanted: Mapping[str, Any]) -> None:
    """Read the export into the staging: its lines, and the products that the shop does not have yet.

    ``wanted`` may declare the ``encoding`` and the ``date_format``.
    """
    encoding = str(wanted.get("encoding") or "utf-8")
    style = _date_style(path, encoding, str(wanted.get("date_format") or ""))
    with open_csv(path, intake.count_bad_row, encoding=encoding) as sheet:
        names = _names(sheet.header)
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            fail(
                path.name,
                f"the column {' and '.join(missing)} in the header",
                row=1,
                value=", ".join(sheet.header),
            )
        places = [names.index(name) for name in COLUMNS]
        intake.tables["sales"] = path.name
        goods = _read_lines(intake, sheet, places, style)
    _stage_products(intake, goods)
    add_what_rows_mention(intake)
    notes = intake.file(path.name).notes
    notes.append("descriptions become one name per product; the country of a customer is not kept")


def _date_style(path: Path, encoding: str, form: str) -> DateStyle:
    """How the dates are written: as declared, or as the first lines show."""
    if form:
        return date_style(form)
    with open_csv(path, lambda _refused: None, encoding=encoding) as sheet:
        names = _names(sheet.header)
        place = names.index("invoicedate") if "invoicedate" in names else 0
        try:
            return DateStyle(date_order(cells[place].strip() for _, cells in islice(sheet.rows, LOOKED_AT)))
        except Ambiguous as question:
            fail(path.name, str(question), column=sheet.header[place])


def _read_lines(intake: Intake, sheet: Sheet, places: list[int], style: DateStyle) -> Goods:
    intake.staging.create("sales", SALES_ROW)
    count, goods, sums = intake.file(sheet.name), Goods(), Sums()
    read = _LineReader(intake, style)
    for line, cells in sheet.rows:
        count.rows += 1
        intake.tell(sheet.name, count.rows)
        try:
            row = read.line([cells[place].strip() for place in places], goods)
        except BadCell as bad:
            column, _, expected = str(bad).partition("|")
            place = places[COLUMNS.index(column)]
            count.refused += 1
            intake.refusals.add(RefusedRow(sheet.name, line, sheet.header[place], cells[place], expected))
            continue
        sums.add(row)
        intake.staging.add("sales", (line, *row))
    sums.tell(count)
    return goods


class _LineReader:
    """Turns the seven cells of a line into a sales line."""

    def __init__(self, intake: Intake, style: DateStyle) -> None:
        plain = moment(intake.known.zone)
        self._moment = lru_cache(maxsize=50_000)(lambda cell: plain(style.read(cell)))
        self._quantity = number(QUANTITY_PLACES, None)
        self._price = number(MONEY_PLACES, None)
        self._place = intake.known.only_place

    def line(self, cells: list[str], goods: Goods) -> tuple[Any, ...]:
        """The row to keep; what it tells about its product goes to ``goods``."""
        invoice, code, description, sold, date, cost, customer = cells
        quantity, price = _read(self._quantity, "quantity", sold), _read(self._price, "unitprice", cost)
        when: Moment = _read(self._moment, "invoicedate", date)
        sku = code.upper()
        if not _CODE.fullmatch(sku):
            raise BadCell("stockcode|a stock code of letters and digits")
        kind = kind_of(invoice, sku, quantity, price, customer)
        key = digest_of("\x1f".join(cells))
        note = description[:300] if kind == "adjustment" else ""
        if kind == "charge":
            sku, note = "", f"{sku}: {description}"[:300]
        else:
            goods.saw(sku, description, price, kind)
        money = (quantity, price, money_of(quantity, price))
        return (key, sku, self._place, kind, *when, *money, "", invoice[:64], customer[:64], note)


def _read(reader: Any, column: str, cell: str) -> Any:
    try:
        value = reader(cell)
    except BadCell as bad:
        raise BadCell(f"{column}|{bad}") from None
    if value is None:
        raise BadCell(f"{column}|something in this cell")
    return value


def kind_of(invoice: str, sku: str, quantity: int, price: int, customer: str) -> str:
    """What a line means."""
    if sku in CHARGES or sku.startswith(_VOUCHER) or invoice.startswith("A"):
        return "charge"
    if price == 0 and not (quantity > 0 and customer):
        return "adjustment"
    return "return" if quantity < 0 or invoice.startswith("C") else "sale"


class Goods:
    """What the lines tell about each product: what it is called, what it usually costs."""

    def __init__(self) -> None:
        self.names: dict[str, Counter[str]] = {}
        self.prices: dict[str, Counter[int]] = {}

    def saw(self, sku: str, description: str, price: int, kind: str) -> None:
        """Take one line into account."""
        names = self.names.get(sku)
        if names is None:
            names = self.names[sku] = Counter()
        if description and (price > 0 or _is_title(description)):
            # A name on a priced line outweighs any number of notes.
            names[description] += 1_000_000 if price > 0 else 1
        if kind == "sale" and price > 0:
            prices = self.prices.get(sku)
            if prices is None:
                prices = self.prices[sku] = Counter()
            prices[price] += 1

    def products(self) -> Iterator[tuple[str, str, int | None]]:
        """Each product: code, name, usual price."""
        for sku in sorted(self.names):
            names, prices = self.names[sku], self.prices.get(sku)
            title = shop_title(_most(names)) if names else f"Item {sku}"
            yield sku, title[:300], _most(prices) if prices else None


def _most(counted: Counter[Any]) -> Any:
    """The most frequent; of equals the smallest, so that the order of the file does not matter."""
    most = max(counted.values())
    return min(item for item, times in counted.items() if times == most)


def _is_title(description: str) -> bool:
    return description.isupper() and len(description.split()) > 1


def _stage_products(intake: Intake, goods: Goods) -> None:
    intake.staging.create("products", ("sku", "name", "price"))
    fresh = [product for product in goods.products() if product[0] not in intake.known.skus]
    for line, product in enumerate(fresh, 1):
        intake.staging.add("products", (line, *product))
    intake.known.skus.update(product[0] for product in fresh)
    products = intake.file("products")
    products.rows = len(fresh)
    intake.tables["products"] = "products"
    old = len(goods.names) - len(fresh)
    products.notes.append("made from the lines" + (f"; {old} known ones stay as they are" if old else ""))


class Sums:
    """Rows, quantity and money per class of line, to hold against the file's own totals."""

    def __init__(self) -> None:
        self._sums: dict[str, list[int]] = {}

    def add(self, row: Sequence[Any]) -> None:
        """Count one line in."""
        sums = self._sums.setdefault(row[3], [0, 0, 0])
        sums[0] += 1
        sums[1] += row[6]
        sums[2] += row[8]

    def tell(self, count: FileCount) -> None:
        """Write the classes and their total into the report."""
        for kind, name in _CLASSES.items():
            if kind in self._sums:
                count.classes[name] = _told(self._sums[kind])
        totals = [sum(column) for column in zip(*self._sums.values(), strict=True)] or [0, 0, 0]
        count.classes["all lines"] = _told(totals)


def _told(sums: Sequence[int]) -> dict[str, str]:
    rows, quantity, money = sums
    units, worth = Decimal(quantity).scaleb(-QUANTITY_PLACES), Decimal(money).scaleb(-MONEY_PLACES)
    return {"rows": f"{rows:,}", "units": f"{units.normalize():,f}", "money": f"{worth:,.2f}"}
