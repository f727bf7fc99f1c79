"""Writers for customer orders (with what they hold back of the stock) and purchase orders."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import ClassVar

from sqlalchemy import Connection, TableClause

from tools.store import imports_plain as p
from tools.store.imports_names import Products, Writer, name_writers
from tools.store.imports_plain import Plain
from tools.store.tables import ReservationRow
from tools.store.tables.types import QUANTITY_PLACES

RESERVATIONS = ReservationRow.__table__  # type: ignore[attr-defined]
HOLDING = ("open", "packed")
FOR_ORDER = "sales_order"


class Documents(ABC):
    """Headed lists of lines.  A plain row is the heading with ``lines``: a list of plain lines."""

    table: str
    key: str
    header: TableClause
    lines: TableClause
    parent: str
    heading: ClassVar[Plain]
    blank_line: ClassVar[Plain]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.products = p.ids(connection, p.PRODUCT, "sku")
        self.locations = p.ids(connection, p.LOCATION, "code")
        self.suppliers = p.ids(connection, p.SUPPLIER, "code")
        self._skus = {number: sku for sku, number in self.products.items()}
        self._places = {number: code for code, number in self.locations.items()}
        self._vendors = {number: code for code, number in self.suppliers.items()}

    def blank(self) -> Plain:
        """A document with nothing in it."""
        return {**self.heading, "lines": []}

    def whole(self, row: Plain) -> Plain:
        """The document with every field of its lines, also those that the file leaves out."""
        return {**row, "lines": [{**self.blank_line, **line} for line in row["lines"]]}

    def read(self, keys: Collection[str]) -> dict[str, Plain]:
        """The documents that there are, by number."""
        headers = self._headers(keys)
        found = {row["id"]: self._outward(row) for row in headers}
        query = self.lines.select().where(self.lines.c[self.parent].in_(list(found)))
        for row in self.connection.execute(
            query.order_by(self.lines.c[self.parent], self.lines.c.line)
        ).mappings():
            found[row[self.parent]]["lines"].append(self._line_outward(dict(row)))
        return {row[self.key]: row for row in found.values()}

    def add(self, rows: Sequence[Plain]) -> None:
        """Write new documents with their lines."""
        p.insert(self.connection, self.header, [self._inward(row) for row in rows])
        self._write_lines(rows)

    def change(self, rows: Sequence[Plain]) -> None:
        """Write documents whole: the heading, and all lines anew."""
        for row in rows:
            values = {
                name: value for name, value in self._inward(row, fresh=False).items() if name != self.key
            }
            self.connection.execute(
                self.header.update().where(self.header.c[self.key] == row[self.key]).values(values)
            )
        self._drop_lines(rows)
        self._write_lines(rows)

    def remove(self, rows: Sequence[Plain]) -> None:
        """Take documents back that were new."""
        self._drop_lines(rows)
        self.connection.execute(
            self.header.delete().where(self.header.c[self.key].in_([row[self.key] for row in rows]))
        )

    def _headers(self, keys: Collection[str]) -> list[Plain]:
        query = self.header.select().where(self.header.c[self.key].in_(list(keys)))
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def _drop_lines(self, rows: Sequence[Plain]) -> None:
        numbers = [row["id"] for row in self._headers([row[self.key] for row in rows])]
        self.connection.execute(self.lines.delete().where(self.lines.c[self.parent].in_(numbers)))

    def _write_lines(self, rows: Sequence[Plain]) -> None:
        numbers = {row[self.key]: row["id"] for row in self._headers([row[self.key] for row in rows])}
        written = [
            {self.parent: numbers[row[self.key]], "line": number, **self._line_inward(line)}
            for row in rows
            for number, line in enumerate(row["lines"], 1)
        ]
        p.insert(self.connection, self.lines, written)

    @abstractmethod
    def _inward(self, row: Plain, *, fresh: bool = True) -> Plain: ...

    @abstractmethod
    def _outward(self, row: Plain) -> Plain: ...

    @abstractmethod
    def _line_inward(self, line: Plain) -> Plain: ...

    @abstractmethod
    def _line_outward(self, row: Plain) -> Plain: ...


class Orders(Documents):
    """Customer orders.  While one is open or packed, its lines are reserved at no fixed place."""

    table, key, parent = "orders", "order_no", "order_id"
    header, lines = p.ORDER, p.ORDER_LINE
    heading: ClassVar[Plain] = {
        "customer": "",
        "placed_at": None,
        "due_from": None,
        "due_to": None,
        "status": "open",
    }
    blank_line: ClassVar[Plain] = {"sku": "", "quantity": 0}

    def __init__(self, connection: Connection, at: datetime, actor: str) -> None:
        super().__init__(connection)
        self._at, self._actor = at, actor[:120]

    def add(self, rows: Sequence[Plain]) -> None:
        """Write new orders and hold what the open ones need."""
        super().add(rows)
        self._hold(rows)

    def change(self, rows: Sequence[Plain]) -> None:
        """Write orders whole, and hold exactly what they need now."""
        self._release(rows)
        super().change(rows)
        self._hold(rows)

    def remove(self, rows: Sequence[Plain]) -> None:
        """Take orders back and release what they held."""
        self._release(rows)
        super().remove(rows)

    def _release(self, rows: Sequence[Plain]) -> None:
        held = (p.RESERVATION.c.for_type == FOR_ORDER) & (p.RESERVATION.c.state == "held")
        of_these = p.RESERVATION.c.for_ref.in_([row["order_no"] for row in rows])
        self.connection.execute(p.RESERVATION.update().where(held & of_these).values(state="released"))

    def _hold(self, rows: Sequence[Plain]) -> None:
        reserved = [
            {
                "product_id": self.products[line["sku"]],
                "location_id": None,
                "quantity": Decimal(line["quantity"]).scaleb(-QUANTITY_PLACES),
                "for_type": FOR_ORDER,
                "for_ref": row["order_no"],
                "state": "held",
                "created_at": self._at,
                "actor": self._actor,
            }
            for row in rows
            if row["status"] in HOLDING
            for line in row["lines"]
        ]
        if reserved:
            self.connection.execute(RESERVATIONS.insert(), reserved)

    def _inward(self, row: Plain, *, fresh: bool = True) -> Plain:  # noqa: ARG002 - orders have nothing else
        return {name: row[name] for name in (self.key, *self.heading)}

    def _outward(self, row: Plain) -> Plain:
        return {**{name: p.plain(row[name]) for name in (self.key, *self.heading)}, "lines": []}

    def _line_inward(self, line: Plain) -> Plain:
        return {"product_id": self.products[line["sku"]], "quantity": line["quantity"]}

    def _line_outward(self, row: Plain) -> Plain:
        return {"sku": self._skus[row["product_id"]], "quantity": row["quantity"]}


class PurchaseOrders(Documents):
    """Purchase orders; the receipt of each line as the file tells it (no stock moves)."""

    table, key, parent = "purchase_orders", "po_no", "purchase_order_id"
    header, lines = p.PURCHASE, p.PURCHASE_LINE
    heading: ClassVar[Plain] = {"supplier": "", "status": "draft", "ordered_at": None, "expected_on": None}
    blank_line: ClassVar[Plain] = {
        "received_at": None,
        "location": "",
        "sku": "",
        "quantity": 0,
        "received_quantity": None,
        "defective_quantity": None,
        "unit_cost": None,
        "closed_short": False,
    }

    def remove(self, rows: Sequence[Plain]) -> None:
        """Take orders away, with what was done to them here and taken back again."""
        ours = self.header.select().with_only_columns(self.header.c.id)
        ours = ours.where(self.header.c[self.key].in_([row[self.key] for row in rows]))
        events = p.PURCHASE_EVENT
        self.connection.execute(events.delete().where(events.c.purchase_order_id.in_(ours)))
        super().remove(rows)

    def _inward(self, row: Plain, *, fresh: bool = True) -> Plain:
        kept = {name: row[name] for name in (self.key, *self.heading) if name != "supplier"}
        # Who approved an order is not in the file: a change leaves it as it is.
        approval = {"approved_by": ""} if fresh else {}
        return {**kept, **approval, "supplier_id": self.suppliers.get(row["supplier"])}

    def _outward(self, row: Plain) -> Plain:
        kept = {name: p.plain(row[name]) for name in (self.key, *self.heading) if name != "supplier"}
        return {**kept, "supplier": self._vendors.get(row["supplier_id"], ""), "lines": []}

    def _line_inward(self, line: Plain) -> Plain:
        kept = {name: value for name, value in line.items() if name not in ("sku", "location")}
        product = self.products[line["sku"]]
        return {**kept, "product_id": product, "location_id": self.locations.get(line["location"])}

    def _line_outward(self, row: Plain) -> Plain:
        kept = {name: p.plain(row[name]) for name in self.blank_line if name not in ("sku", "location")}
        place = self._places.get(row["location_id"], "")
        sku, short = self._skus[row["product_id"]], bool(row["closed_short"])
        return {**kept, "location": place, "sku": sku, "closed_short": short}


def writers(connection: Connection, at: datetime, actor: str) -> dict[str, Callable[[], Writer]]:
    """What makes the writer of each table, in the order in which tables refer to each other.

    A writer is made when its turn comes: it reads the numbers of what was written before it.
    """
    names: dict[str, Callable[[], Writer]] = {
        table: partial(_same, names) for table, names in name_writers(connection).items()
    }
    return {
        **names,
        "products": partial(Products, connection),
        "purchase_orders": partial(PurchaseOrders, connection),
        "orders": partial(Orders, connection, at, actor),
    }


def _same(writer: Writer) -> Writer:
    return writer
