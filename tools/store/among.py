"""Filters by many values in one parameter, and the two name lists that every reader needs."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from tools.store.tables import LocationRow, ProductRow, SQLModel

VIRTUAL_KINDS = ("supplier", "customer", "adjustment", "scrap", "transit", "opening")


def table_of(row: type[SQLModel]) -> Table:
    """The Core table under a row class."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


PRODUCT = table_of(ProductRow)
LOCATION = table_of(LocationRow)


def plain_text(text: str) -> str:
    """The text as both databases take it: without NUL, half characters replaced."""
    return text.replace("\0", "").encode(errors="replace").decode()


class Several(TypeDecorator[list[Any]]):
    """Any number of values as one parameter: JSON in SQLite, an array in PostgreSQL.

    Ten thousand SKUs make as short a statement as one, and the planner sees how many they are.
    """

    impl = String
    cache_ok = True

    def __init__(self, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that the database knows."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger() if self.numbers else Text()))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The values as the driver takes them; texts that no database can keep match nothing."""
        values = [one for one in value if self.numbers or plain_text(one) == one]
        return values if dialect.name == "postgresql" else json.dumps(values)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002
        """As it is: SQLAlchemy would write "= 1" behind it, and SQLite would use no index."""
        return self


def among(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """The column is one of the parameter's values, however many there are."""
    return _Among(column, bindparam(parameter, type_=Several(isinstance(column.type, Integer))))


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608 - both are compiled


@compiles(_Among, "postgresql")
def _among_in_postgresql(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} = ANY ({values}))"


def only(column: ColumnElement[Any], values: Collection[int | str] | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that the column is among the values; none at all where ``values`` is None."""
    if values is None:
        return ()
    kind = Several(isinstance(column.type, Integer))
    return (_Among(column, bindparam(None, list(values), type_=kind)),)


def product_skus(connection: Connection, skus: Collection[str] | None) -> dict[int, str]:
    """Product id to SKU: of these SKUs as far as they exist, or of all of them (hidden ones too)."""
    given = {} if skus is None else {"skus": list(skus)}
    rows = connection.execute(_skus(limited=skus is not None), given)
    return {key: sku for key, sku in rows}  # noqa: C416 - dict() would take the result for a mapping


def physical_places(connection: Connection, codes: Collection[str] | None = None) -> dict[int, str]:
    """Location id to code of the physical places: of these codes, or of all."""
    places = connection.execute(_PLACES)
    return {key: code for key, code in places if codes is None or code in codes}


@cache
def _skus(*, limited: bool) -> Select[int, str]:
    every = select(PRODUCT.c.id, PRODUCT.c.sku)
    return every.where(among(PRODUCT.c.sku, "skus")) if limited else every


_PLACES: Select[int, str] = select(LOCATION.c.id, LOCATION.c.code).where(
    LOCATION.c.kind.not_in(VIRTUAL_KINDS)
)
