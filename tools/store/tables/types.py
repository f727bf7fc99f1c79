"""Column types that are exact and mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

QUANTITY_PLACES = 3
MONEY_PLACES = 4

# SQLite only auto-increments a column of exactly this type; PostgreSQL wants 64 bits.
Identity = BigInteger().with_variant(Integer(), "sqlite")


class Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as a whole number of its smallest step, so sums are exact everywhere."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Any, _dialect: Dialect) -> int | None:
        """Refuse what does not fit the step: rounding is the caller's, and told."""
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimal places")
        return int(scaled)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        """Back to a Decimal in the unit's own size."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> datetime | None:
        """Instants without a zone are a bug of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant: datetime = value.astimezone(UTC)
        return instant

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; put it back."""
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


class WallTime(TypeDecorator[datetime]):
    """A time as the shop's clock on the wall showed it: no zone, on either database."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> datetime | None:
        """An instant with a zone has to be turned into the shop's wall time first."""
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time has no time zone")
        return value  # type: ignore[no-any-return]
