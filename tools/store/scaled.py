"""Whole numbers of smallest steps, as the database sums them, back to exact Decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, type_coerce

from tools.store.tables.types import MONEY_PLACES, QUANTITY_PLACES

ZERO = Decimal(0)


class Exact(dict[int, Decimal]):
    """Steps to Decimals, each worked out once: a stock list repeats few figures many times."""

    def __init__(self, places: int = QUANTITY_PLACES) -> None:
        super().__init__({0: ZERO})
        self._places = places

    def __missing__(self, value: int) -> Decimal:
        exact = self[value] = Decimal(int(value)).scaleb(-self._places)
        return exact


def steps(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A scaled column as the whole number that is kept, so that SQL sums it exactly."""
    return type_coerce(column, BigInteger)


def quantity(value: Any) -> Decimal:
    """A sum of quantity steps (None for no rows) in the product's base unit."""
    return Decimal(int(value)).scaleb(-QUANTITY_PLACES) if value else ZERO


def money(value: Any) -> Decimal:
    """A sum of money steps (None for no rows) in the shop's currency."""
    return Decimal(int(value)).scaleb(-MONEY_PLACES) if value else ZERO
