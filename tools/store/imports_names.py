"""Writers for names (products, places, people): read as plain rows by key, add, change, take back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Integer, TableClause, bindparam, cast, select

from tools.store import imports_plain as p
from tools.store.audit import EVENTS
from tools.store.imports_plain import Plain
from tools.store.pairing import settled


class Writer(Protocol):
    """How one kind of thing is kept.  Rows are plain values; the key is one of them."""

    table: str
    key: str

    def read(self, keys: Collection[str]) -> dict[str, Plain]:
        """The rows that there are, by key."""
        ...

    def blank(self) -> Plain:
        """A row with nothing in it."""
        ...

    def whole(self, row: Plain) -> Plain:
        """The row with every field, also those inside that the file leaves out."""
        ...

    def add(self, rows: Sequence[Plain]) -> None:
        """Write rows that are new."""
        ...

    def change(self, rows: Sequence[Plain]) -> None:
        """Write rows that are there, whole."""
        ...

    def remove(self, rows: Sequence[Plain]) -> None:
        """Take rows back that were new; names stay, inactive, since the ledger may refer to them."""
        ...


class Names:
    """Names kept in one table with one row each."""

    def __init__(
        self, connection: Connection, source: TableClause, table: str, key: str, blank: Mapping[str, Any]
    ) -> None:
        self.connection, self.source = connection, source
        self.table, self.key = table, key
        self._blank = {**blank, "active": True}

    def blank(self) -> Plain:
        """A row with nothing in it."""
        return dict(self._blank)

    def whole(self, row: Plain) -> Plain:
        """A name's row has nothing inside."""
        return row

    def read(self, keys: Collection[str]) -> dict[str, Plain]:
        """The rows that there are, by key."""
        columns = [self.source.c[name] for name in (self.key, *self._blank)]
        query = (
            self.source.select().with_only_columns(*columns).where(self.source.c[self.key].in_(list(keys)))
        )
        rows = self.connection.execute(query).mappings()
        return {row[self.key]: {**row, "active": bool(row["active"])} for row in rows}

    def add(self, rows: Sequence[Plain]) -> None:
        """Write rows that are new."""
        p.insert(self.connection, self.source, rows)

    def change(self, rows: Sequence[Plain]) -> None:
        """Write rows that are there, whole."""
        if rows:
            names: dict[str, Any] = {name: bindparam(f"new_{name}") for name in self._blank}
            statement = (
                self.source.update().where(self.source.c[self.key] == bindparam("at_key")).values(**names)
            )
            bound = [
                {**{f"new_{name}": row[name] for name in self._blank}, "at_key": row[self.key]}
                for row in rows
            ]
            self.connection.execute(statement, bound)

    def remove(self, rows: Sequence[Plain]) -> None:
        """Names stay, inactive."""
        self.change([{**row, "active": False} for row in rows])


class Users(Names):
    """People.  Passwords, who was shut out, and who paired which chat are not an import's business."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            connection, p.USER, "users", "name", {"role": "staff", "slack_id": "", "telegram_id": ""}
        )
        self._shut_out = _shut_out(connection)
        self._settled = settled(connection)

    def whole(self, row: Plain) -> Plain:
        """The person; whoever lost their access, or unpaired a chat, does not get it back by an old file."""
        kept = {**row, **self._settled.get(row["name"], {})}
        return {**kept, "active": False} if row["name"] in self._shut_out else kept

    def add(self, rows: Sequence[Plain]) -> None:
        """Write new people, without a password."""
        super().add([{**row, "password_hash": ""} for row in rows])


def _shut_out(connection: Connection) -> frozenset[str]:
    """Whose access somebody took away (an import that was undone leaves names without it, too)."""
    gone = p.USER.select().where(cast(p.USER.c.active, Integer) == 0)
    names = {f"user {row.id}": str(row.name) for row in connection.execute(gone)}
    changes = select(EVENTS.c.subject, EVENTS.c.detail).where(
        EVENTS.c.action == "user changed", EVENTS.c.subject.in_(list(names))
    )
    last: dict[str, Any] = {}
    for subject, detail in connection.execute(changes.order_by(EVENTS.c.id)):
        last[subject] = json.loads(detail).get("active", last.get(subject))
    return frozenset(names[subject] for subject, active in last.items() if active is False)


class Products(Names):
    """Products, with their supplier by code and their aliases."""

    def __init__(self, connection: Connection) -> None:
        blank = {
            "name": "", "category": "", "unit": "each", "barcode": "", "price": None, "cost": None,
            "supplier_id": None, "pack_size": None, "moq": None, "lead_time_days": None,
            "shelf_life_days": None, "weight_kg": None, "volume_l": None, "reorder_point": None,
            "temperature": None,
        }  # fmt: skip
        super().__init__(connection, p.PRODUCT, "products", "sku", blank)
        self._suppliers = p.ids(connection, p.SUPPLIER, "code")
        self._codes = {number: code for code, number in self._suppliers.items()}

    def blank(self) -> Plain:
        """A product with nothing in it."""
        return self._outward({**super().blank(), "aliases": "[]"})

    def read(self, keys: Collection[str]) -> dict[str, Plain]:
        """The products that there are, by SKU."""
        rows = super().read(keys)
        aliases = self._aliases(keys)
        return {
            sku: self._outward({**row, "aliases": json.dumps(aliases.get(sku, []), ensure_ascii=False)})
            for sku, row in rows.items()
        }

    def add(self, rows: Sequence[Plain]) -> None:
        """Write new products and their aliases."""
        super().add([self._inward(row) for row in rows])
        self._write_aliases({row["sku"]: row["aliases"] for row in rows if row["aliases"] != "[]"})

    def change(self, rows: Sequence[Plain]) -> None:
        """Write products whole, their aliases too."""
        super().change([self._inward(row) for row in rows])
        self._write_aliases({row["sku"]: row["aliases"] for row in rows})

    def _outward(self, row: Plain) -> Plain:
        told = {name: value for name, value in row.items() if name != "supplier_id"}
        return {**told, "supplier": self._codes.get(row["supplier_id"], "")}

    def _inward(self, row: Plain) -> Plain:
        kept = {name: value for name, value in row.items() if name not in ("supplier", "aliases")}
        return {**kept, "supplier_id": self._suppliers.get(row["supplier"])}

    def _aliases(self, skus: Collection[str]) -> dict[str, list[str]]:
        joined = p.ALIAS.join(p.PRODUCT, p.ALIAS.c.product_id == p.PRODUCT.c.id)
        query = (
            joined.select()
            .with_only_columns(p.PRODUCT.c.sku, p.ALIAS.c.alias)
            .where(p.PRODUCT.c.sku.in_(list(skus)), p.ALIAS.c.learned_from == "")
            .order_by(p.ALIAS.c.product_id, p.ALIAS.c.position, p.ALIAS.c.id)
        )
        found: dict[str, list[str]] = {}
        for sku, alias in self.connection.execute(query):
            found.setdefault(sku, []).append(alias)
        return found

    def _write_aliases(self, aliases: Mapping[str, str]) -> None:
        """Replace the aliases that files gave; learned ones stay, and are not doubled."""
        query = (
            p.PRODUCT.select()
            .with_only_columns(p.PRODUCT.c.sku, p.PRODUCT.c.id)
            .where(p.PRODUCT.c.sku.in_(list(aliases)))
        )
        numbers = {row.sku: row.id for row in self.connection.execute(query)}
        of_these = p.ALIAS.c.product_id.in_(list(numbers.values()))
        self.connection.execute(p.ALIAS.delete().where(of_these, p.ALIAS.c.learned_from == ""))
        wanted = [
            {"product_id": numbers[sku], "alias": alias, "position": position, "learned_from": ""}
            for sku, names in aliases.items()
            for position, alias in enumerate(json.loads(names))
        ]
        learned = {
            (row.product_id, row.alias) for row in self.connection.execute(p.ALIAS.select().where(of_these))
        }
        for product_id, alias in learned & {(row["product_id"], row["alias"]) for row in wanted}:
            same = (p.ALIAS.c.product_id == product_id) & (p.ALIAS.c.alias == alias)
            self.connection.execute(p.ALIAS.delete().where(same))
        p.insert(self.connection, p.ALIAS, wanted)


def name_writers(connection: Connection) -> dict[str, Names]:
    """The writer of each kind of name, in the order in which they may refer to each other."""
    place = {"latitude": None, "longitude": None}
    found = (
        Names(connection, p.LOCATION, "locations", "code", {"name": "", "kind": "shop", **place}),
        Names(
            connection,
            p.SUPPLIER,
            "suppliers",
            "code",
            {"name": "", "email": "", "lead_time_days": None, "min_order_value": None},
        ),
        Names(connection, p.CUSTOMER, "customers", "code", {"name": "", "address": "", **place}),
        Names(
            connection,
            p.VEHICLE,
            "vehicles",
            "code",
            {
                "name": "",
                "capacity_kg": None,
                "capacity_l": None,
                "home": "",
                "shift_from": "",
                "shift_to": "",
                "odometer_km": None,
                "driver": None,
                "profile": None,
                "skills": None,
                "cost_fixed": None,
                "cost_per_km": None,
                "cost_per_hour": None,
                "break_minutes": None,
                "break_from": None,
                "break_to": None,
            },
        ),
        Names(
            connection,
            p.VEHICLE_PART,
            "vehicle_parts",
            "code",
            {
                "name": "",
                "every_km": None,
                "every_days": None,
                "life_km": None,
                "shape": None,
                "severity": "",
                "planned_cost": None,
                "failure_cost": None,
            },
        ),
        Users(connection),
        Names(
            connection,
            p.SENSOR,
            "sensors",
            "code",
            {"name": "", "kind": "", "location": "", "low": None, "high": None},
        ),
    )
    return {writer.table: writer for writer in found}
