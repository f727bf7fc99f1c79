"""How long stock lasts at the pace at which it sells.

The plainest measures of stock control (see Silver, Pyke and Peterson, Inventory Management and
Production Planning and Scheduling, 1998, chapter 5): nothing here forecasts, it divides.
"""

from __future__ import annotations

from decimal import Decimal

# Stock that lasts longer than this at the present pace is called slow.
SLOW_DAYS = 180


def daily_rate(sold: Decimal, days: int) -> Decimal:
    """Units sold a day: what was sold (net of returns, never below 0) over the days looked at.

    >>> daily_rate(Decimal(56), 28)
    Decimal('2')
    """
    return max(sold, Decimal(0)) / days if days > 0 else Decimal(0)


def days_of_cover(stock: Decimal, rate: Decimal) -> Decimal | None:
    """Days until ``stock`` is gone at ``rate`` units a day; None where nothing sells.

    >>> days_of_cover(Decimal(10), Decimal(4))
    Decimal('2.5')
    """
    return max(stock, Decimal(0)) / rate if rate > 0 else None


def is_low(position: Decimal, rate: Decimal, lead_days: Decimal | int, reorder_point: Decimal | None) -> bool:
    """Whether stock that can be sold plus what is on order (``position``) is too little.

    At or under the reorder point where there is one; else it runs out before a delivery
    ordered now would come.

    >>> is_low(Decimal(10), Decimal(2), 7, None), is_low(Decimal(15), Decimal(2), 7, None)
    (True, False)
    >>> is_low(Decimal(20), Decimal(0), 7, Decimal(20))
    True
    """
    if reorder_point is not None:
        return position <= reorder_point
    cover = days_of_cover(position, rate)
    return cover is not None and cover < lead_days


def is_slow(stock: Decimal, rate: Decimal, most_days: int = SLOW_DAYS) -> bool:
    """Whether there is stock that does not sell, or would last longer than ``most_days``.

    >>> is_slow(Decimal(5), Decimal(0)), is_slow(Decimal(5), Decimal(1)), is_slow(Decimal(0), Decimal(0))
    (True, False, False)
    """
    if stock <= 0:
        return False
    cover = days_of_cover(stock, rate)
    return cover is None or cover > most_days
