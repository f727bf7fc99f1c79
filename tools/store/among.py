"""Filters by many values in one parameter, and the two name lists that every reader needs."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tools.store.tables import LocationRow, ProductRow, SQLModel

VIRTUAL_KINDS = ("supplier", "customer", "adjustment", "scrap", "transit", "opening")


def table_of(row: type[SQLModel]) -> Table:
    """The Core table under a row class."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


PRODUCT = table_of(ProductRow)
LOCATION = table_of(LocationRow)


class _Numbers(FunctionElement[int]):
    inherit_cache = True


class _Words(FunctionElement[str]):
    inherit_cache = True


def among(column: ColumnElement[Any], values: ColumnElement[str]) -> ColumnElement[bool]:
    """The column is one of the :func:`packed` values, however many there are.

    They are one JSON parameter, so ten thousand SKUs make as short a statement as one.
    """
    unpacked = _Numbers(values) if isinstance(column.type, Integer) else _Words(values)
    return column.bool_op("IN")(unpacked)


def packed(values: Collection[int | str]) -> str:
    """The values as the one parameter that :func:`among` takes."""
    return json.dumps(list(values))


@compiles(_Numbers, "sqlite")
@compiles(_Words, "sqlite")
def _unpack_in_sqlite(element: FunctionElement[Any], compiler: Any, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608


@compiles(_Numbers, "postgresql")
def _unpack_numbers(element: _Numbers, compiler: Any, **options: Any) -> str:
    values = compiler.process(element.clauses, **options)
    return f"(SELECT CAST(json_array_elements_text(CAST({values} AS json)) AS bigint))"


@compiles(_Words, "postgresql")
def _unpack_words(element: _Words, compiler: Any, **options: Any) -> str:
    return f"(SELECT json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS json)))"


def only(column: ColumnElement[Any], values: Collection[int | str] | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that the column is among the values; none at all where ``values`` is None."""
    return () if values is None else (among(column, bindparam(None, packed(values))),)


def product_skus(connection: Connection, skus: Collection[str] | None) -> dict[int, str]:
    """Product id to SKU: of these SKUs as far as they exist, or of all of them (hidden ones too)."""
    given = {} if skus is None else {"skus": packed(skus)}
    rows = connection.execute(_skus(limited=skus is not None), given)
    return {key: sku for key, sku in rows}  # noqa: C416 - dict() would take the result for a mapping


def physical_places(connection: Connection, codes: Collection[str] | None = None) -> dict[int, str]:
    """Location id to code of the physical places: of these codes, or of all."""
    places = connection.execute(_PLACES)
    return {key: code for key, code in places if codes is None or code in codes}


@cache
def _skus(*, limited: bool) -> Select[int, str]:
    every = select(PRODUCT.c.id, PRODUCT.c.sku)
    return every.where(among(PRODUCT.c.sku, bindparam("skus"))) if limited else every


_PLACES: Select[int, str] = select(LOCATION.c.id, LOCATION.c.code).where(
    LOCATION.c.kind.not_in(VIRTUAL_KINDS)
)
