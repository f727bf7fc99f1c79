"""A stock file is a snapshot: what it names is brought to the figures it gives, through the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from sqlalchemy import Connection, exists

from tools.store import imports_plain as p
from tools.store.imports_staging import Row
from tools.store.imports_tally import Tally
from tools.store.ledger import Header, Journal, Posting

OPENING, COUNT = "opening", "count"
_PLACES = 3

Place = tuple[int, int]
Lot = tuple[int, str, str | None]


class StockSnapshot:
    """Brings balances to a snapshot: from @opening the first time, against @adjustment later."""

    def __init__(self, connection: Connection, header: Header) -> None:
        self.connection = connection
        self.journal = Journal(connection, header)
        self._products = p.ids(connection, p.PRODUCT, "sku")
        self._places = p.ids(connection, p.LOCATION, "code")

    def apply(self, rows: Iterable[Row]) -> Tally:
        """Post the differences; rows are (line, sku, location, lot, expires_on, quantity), sorted by SKU."""
        tally = Tally()
        by_product = (list(group) for _, group in groupby(rows, key=lambda row: row[1]))
        for products in p.chunks(by_product):
            self._apply([row for group in products for row in group], tally)
        return tally

    def _apply(self, rows: list[Row], tally: Tally) -> None:
        lots = self._lots(rows)
        wanted: dict[Place, dict[int, int]] = defaultdict(dict)
        for _line, sku, location, code, expires_on, quantity in rows:
            product = self._products[sku]
            lot = lots[(product, code, expires_on)] if code or expires_on else 0
            wanted[(product, self._places[location])][lot] = quantity
        products = {product for product, _ in wanted}
        moved, balances = self._moved(products), self._balances(products)
        postings, empty = [], []
        for place, figures in wanted.items():
            current = balances.get(place, {})
            differences = list(_differences(figures, current))
            if place not in balances and not any(figures.values()):
                empty.append({"product_id": place[0], "location_id": place[1]})
                tally.added += len(figures)
                continue
            postings += [self._posting(place, lot, size, place in moved) for lot, size in differences]
            touched = {lot for lot, _ in differences}
            tally.added += len(touched & (figures.keys() - current.keys()))
            tally.changed += len(touched & figures.keys() & current.keys())
            tally.unchanged += len(figures.keys() - touched)
            tally.cleared += len(touched - figures.keys())
        self.journal.post(postings)
        # An empty place is a statement, too: this product belongs there.
        p.insert(
            self.connection, p.BALANCE, [{**row, "lot_id": 0, "quantity": 0, "last_seq": 0} for row in empty]
        )

    def _posting(self, place: Place, lot: int, difference: int, moved_before: bool) -> Posting:
        product, location = place
        kind, other = (COUNT, "@adjustment") if moved_before else (OPENING, "@opening")
        source, destination = self._places[other], location
        if difference < 0:
            source, destination = destination, source
        quantity = Decimal(abs(difference)).scaleb(-_PLACES)
        return Posting(product, lot, quantity, source, destination, kind, reason="imported stock figures")

    def _lots(self, rows: list[Row]) -> dict[Lot, int]:
        """The lot of each row, opened where it is new."""
        wanted = {(self._products[row[1]], row[3], row[4]) for row in rows if row[3] or row[4]}
        found = self._known_lots({product for product, _, _ in wanted})
        fresh = sorted(wanted - found.keys(), key=lambda lot: (lot[0], lot[1], lot[2] or ""))
        if not fresh:
            return found
        new = [
            {"product_id": product, "code": code, "expires_on": expires, "status": "good"}
            for product, code, expires in fresh
        ]
        p.insert(self.connection, p.LOT, new)
        return self._known_lots({product for product, _, _ in wanted})

    def _known_lots(self, products: set[int]) -> dict[Lot, int]:
        query = p.LOT.select().where(p.LOT.c.product_id.in_(list(products))).order_by(p.LOT.c.id.desc())
        rows = self.connection.execute(query).mappings()
        return {(row["product_id"], row["code"], p.plain(row["expires_on"])): row["id"] for row in rows}

    def _balances(self, products: set[int]) -> dict[Place, dict[int, int]]:
        found: dict[Place, dict[int, int]] = {}
        query = p.BALANCE.select().where(p.BALANCE.c.product_id.in_(list(products)))
        for row in self.connection.execute(query):
            lots = found.setdefault((row.product_id, row.location_id), {})
            if row.quantity:
                lots[row.lot_id] = row.quantity
        return found

    def _moved(self, products: set[int]) -> set[Place]:
        """Where something has happened that was not undone."""
        later = p.MOVE.alias("later")
        stands = p.MOVE.c.reverses.is_(None) & ~exists().where(later.c.reverses == p.MOVE.c.seq)
        of_these = p.MOVE.c.product_id.in_(list(products))
        ends = (p.MOVE.c.product_id, p.MOVE.c.from_location_id, p.MOVE.c.to_location_id)
        rows = self.connection.execute(
            p.MOVE.select().with_only_columns(*ends).where(of_these, stands).distinct()
        )
        return {(product, place) for product, *both in rows for place in both}


def _differences(wanted: dict[int, int], current: dict[int, int]) -> Iterator[tuple[int, int]]:
    """What has to move, per lot; lots that the snapshot does not name go to zero."""
    for lot in sorted(wanted.keys() | current.keys()):
        difference = wanted.get(lot, 0) - current.get(lot, 0)
        if difference:
            yield lot, difference
