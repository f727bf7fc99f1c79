"""Sentences about forecasts that several answers share: what they rest on, and when there is none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask
from tools.kit.outlook import Expected, Foreseen
from tools.kit.reply import Refused, Source
from tools.kit.slots import Period
from tools.kit.words import day, plural, quantity_of
from tools.kit.words import quantity as in_unit
from tools.maths.demand.laws import Numbers
from tools.store import Product

DAY = timedelta(days=1)
# Sales that ended so long before the days asked about say nothing of them.
TOO_OLD = timedelta(days=91)
# With less history than this a figure is a guess, and is said to be.
FEW_WEEKS = 4
FEWEST_WEEKS = 2
WEEKS_OF_YEAR = 52
PIECES = frozenset({"", "each", "unit", "piece", "item"})
WHOLE_FROM = 2.5


def no_forecast(ask: Ask) -> Refused | None:
    """Why nothing can be said yet; None where there is a forecast to answer from."""
    if ask.store.forecasts.latest() is not None:
        return None
    if ask.store.sales.coverage() is None:
        return Refused("No sales are on record yet, so there is nothing to forecast from. Import some first.")
    newest = next(iter(ask.store.forecasts.runs(1)), None)
    if newest is not None and newest.state == "running":
        done = f"{newest.done} of {plural(newest.total, 'product')}"
        return Refused(f"The forecast is being made right now ({done} done). Ask again in a moment.")
    return Refused(
        "No forecast was made yet. It is made by itself soon after data comes in and each night; "
        "“quartermaster replan” makes it now."
    )


def too_old(known_until: date, period: Period, today: date) -> Refused | None:
    """A refusal where the last sales known are too long before the days asked about."""
    if period.first - known_until <= TOO_OLD:
        return None
    last = day(known_until, today)
    return Refused(f"The last sales that I know are of {last}: too long before to say. Import newer ones.")


def rounded(product: Product | None, value: float) -> float:
    """A figure as it is said: whole pieces, one decimal where there are few or where it is weighed."""
    if product is not None and product.unit not in PIECES:
        return round(value, 1)
    return float(round(value)) if value >= WHOLE_FROM else round(value, 1)


def said(product: Product, value: float) -> str:
    """An amount of a product that is expected: "31 × Red Mug 350ml"."""
    return quantity_of(product, Decimal(str(rounded(product, value))))


def range_words(product: Product | None, found: Expected) -> str:
    """The range: "in 8 of 10 cases 22 to 41"."""
    low, high = (Decimal(str(rounded(product, value))) for value in (found.low, found.high))
    if product is None:
        return f"in 8 of 10 cases {low:,.0f} to {high:,.0f}"
    if low == high:
        return f"in 8 of 10 cases {in_unit(product, low)}"
    return f"in 8 of 10 cases {in_unit(product, low)} to {in_unit(product, high)}"


def history_words(found: Foreseen, period: Period) -> str:
    """What the history does not show, as a sentence; "" where nothing is missing."""
    stored = found.stored
    if stored.periods == 0:
        return "It never sold yet, so this is what similar products sell."
    if stored.periods < FEW_WEEKS:
        return f"Only {plural(stored.periods, 'week')} of its sales are known, so this is rough."
    unseen = unseen_words(found.known_from, stored.cut_off, period)
    return unseen or (f"{stored.note[:1].upper()}{stored.note[1:]}." if stored.note else "")


def unseen_words(known_from: date, cut_off: date, period: Period) -> str:
    """Says so where the same season was never seen before: "No December is in its history yet …"."""
    ago = period.first - timedelta(weeks=WEEKS_OF_YEAR)
    if known_from <= ago or period.first <= cut_off:
        return ""
    if period.first.month == cut_off.month and period.first.year == cut_off.year:
        return ""
    return f"No {period.first:%B} is in its history yet, so what is special about it is not in this."


def made_source(ask: Ask, found: Foreseen) -> Source:
    """Which model said so, from what, and how it did in the past."""
    stored = found.stored
    rows = [
        f"{stored.model}, for {stored.demand_class} demand",
        f"{plural(stored.periods, 'week')} of history, sales up to {day(stored.cut_off, ask.today)}",
        *own_rows(ask, found),
    ]
    if "rmsse" in stored.scores:
        rows.append(f"error in the past: {stored.scores['rmsse']:.2f} of that of “as the week before”")
    made = stored.made_at.astimezone(ask.now.tzinfo)
    return Source(f"Forecast of {found.product.name}", f"made {made:%Y-%m-%d %H:%M}", tuple(rows))


def own_rows(ask: Ask, found: Foreseen) -> list[str]:
    """People's figures that count here, as lines."""
    return [
        f"{one.actor} expects {in_unit(found.product, one.quantity)} from {day(one.first, ask.today)} to "
        f"{day(one.last, ask.today)} (the model said {one.model_quantity:.0f})"
        + (f": {one.reason}" if one.reason else "")
        for one in found.own
    ]


def figures(found: Expected) -> dict[str, Any]:
    """The three figures for ``data``, unrounded beyond two places."""
    return {"mean": round(found.mean, 2), "low": round(found.low, 2), "high": round(found.high, 2)}


def as_values(numbers: Numbers) -> tuple[float | None, ...]:
    """Numbers for a chart."""
    return tuple(round(float(value), 2) for value in numbers)
