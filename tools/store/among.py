"""Filters by many values in one parameter, and the two name lists that every reader needs."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    bindparam,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tools.store.tables import LocationRow, ProductRow, SQLModel

VIRTUAL_KINDS = ("supplier", "customer", "adjustment", "scrap", "transit", "opening")


def table_of(row: type[SQLModel]) -> Table:
    """The Core table under a row class."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


PRODUCT = table_of(ProductRow)
LOCATION = table_of(LocationRow)


class among(FunctionElement[bool]):  # noqa: N801 - reads as the SQL operator that it is
    """``among(column, packed(values))``: the column is one of the values, however many there are.

    One JSON parameter, so ten thousand SKUs are as short a statement as one.
    """

    type = Boolean()
    inherit_cache = True


def packed(values: Collection[int | str]) -> str:
    """The values as the one parameter that :class:`among` takes."""
    return json.dumps(list(values))


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both are compiled clauses


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    kind = "bigint" if isinstance(next(iter(element.clauses)).type, Integer | BigInteger) else "text"
    listed = f"SELECT CAST(json_array_elements_text(CAST({values} AS json)) AS {kind})"
    return f"{column} = ANY (ARRAY({listed}))"


def only(column: ColumnElement[Any], values: Collection[int | str] | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that the column is among the values; none at all where ``values`` is None."""
    return () if values is None else (among(column, bindparam(None, packed(values))),)


def product_skus(connection: Connection, skus: Collection[str] | None) -> dict[int, str]:
    """Product id to SKU: of these SKUs as far as they exist, or of all of them (hidden ones too)."""
    given = {} if skus is None else {"skus": packed(skus)}
    return dict(connection.execute(_skus(limited=skus is not None), given).tuples())


def physical_places(connection: Connection, codes: Collection[str] | None = None) -> dict[int, str]:
    """Location id to code of the physical places: of these codes, or of all."""
    places = connection.execute(_PLACES).tuples()
    return {key: code for key, code in places if codes is None or code in codes}


@cache
def _skus(*, limited: bool) -> Select[int, str]:
    every = select(PRODUCT.c.id, PRODUCT.c.sku)
    return every.where(among(PRODUCT.c.sku, bindparam("skus"))) if limited else every


_PLACES: Select[int, str] = select(LOCATION.c.id, LOCATION.c.code).where(
    LOCATION.c.kind.not_in(VIRTUAL_KINDS)
)
