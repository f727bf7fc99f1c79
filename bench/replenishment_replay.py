"""Policies replayed on real demand: what stock and money each needs for the same service.

At the start of each period the policy orders up to its level, knowing what was wanted until then; the goods come one
period later, so that a level must last two.  What cannot be sold is lost; the demand is what was really sold.  Cover is
the mean of stock at the start and at the end of each period over mean demand.  A policy's service knob is swept; stock
is compared where both reach the same fill rate.  Cost: a quarter of the unit cost (half of the price) a year for
holding, the margin (the other half) for each unit lost; each policy at its own best knob.  The first half year of Online
Retail, the first two years of car parts and all but the last half year of orange juice only teach.
"""

from __future__ import annotations

import csv
import gzip
import statistics
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import special
from served import SHARED

from tools.maths.demand import History, Settings, forecast
from tools.maths.demand.history import Grain
from tools.maths.demand.laws import quantiles

Numbers = NDArray[np.float64]
FOLDER = SHARED / "data" / "forecast"
EXPORT = SHARED / "data" / "online-retail" / "transactions.csv.gz"
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)
PROTECTION = 2
WINDOW = 12
HOLDING, COST_SHARE = 0.25, 0.5


@dataclass(frozen=True)
class Panel:
    """Series side by side: series x period, NaN where nothing was recorded."""

    name: str
    grain: Grain
    keys: Sequence[str]
    values: Numbers
    first: date
    start: int
    prices: Numbers
    plans: dict[str, Numbers] = field(default_factory=dict)

    def some_series(self, count: int) -> Panel:
        """The same with some of the series only, evenly spread over all of them."""
        rows = np.linspace(0, len(self.keys) - 1, min(count, len(self.keys))).round().astype(int)
        plans = {name: plan[rows] for name, plan in self.plans.items()}
        keys = [self.keys[row] for row in rows]
        return replace(self, keys=keys, values=self.values[rows], prices=self.prices[rows], plans=plans)

    @property
    def periods_a_year(self) -> float:
        """52 or 12."""
        return 12.0 if self.grain == "M" else 365 / 7

    def history(self, row: int, until: int, horizon: int) -> History | None:
        """What was known of a series before the period ``until``, with its plans for ``horizon`` more."""
        known = np.flatnonzero(~np.isnan(self.values[row, :until]))
        if known.size < WINDOW:
            return None
        begin = int(known[0])
        plans = {name: plan[row, begin : until + horizon] for name, plan in self.plans.items()}
        short = until + horizon - self.values.shape[1]
        if short > 0:
            plans = {name: np.append(plan, [plan[-1]] * short) for name, plan in plans.items()}
        first = self.first + timedelta(days=7 * begin)
        if self.grain == "M":
            months = self.first.month - 1 + begin
            first = date(self.first.year + months // 12, months % 12 + 1, 1)
        return History(self.keys[row], self.values[row, begin:until], first, plans)


@dataclass(frozen=True)
class Point:
    """One setting of a policy: share of demand sold, periods of demand in stock, cost a period."""

    fill: float
    cover: float
    cost: float
    cycles: float


def rows_of(path: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            found[row["unique_id"]].append(row)
    return found


def online_retail() -> Panel:
    """503 products of a wholesaler by week, weighted by their prices."""
    series = rows_of(FOLDER / "online_retail_weekly.csv.gz")
    return _dated("Online Retail", "W", series, start=26, prices=_prices(set(series)))


def car_parts() -> Panel:
    """1,268 spare parts by month."""
    return _dated("car parts", "M", rows_of(FOLDER / "carparts_monthly.csv.gz"), start=24)


def orange_juice() -> Panel:
    """462 juices at 42 stores by week, with the plan of prices and promotions; the last half year is replayed."""
    series = rows_of(FOLDER / "dominicks_oj_weekly.csv.gz")
    weeks = sorted({int(row["ds"]) for rows in series.values() for row in rows})
    span = range(weeks[0], weeks[-1] + 1)
    columns = {name: np.full((len(series), len(span)), np.nan) for name in ("y", "price", "deal", "feat")}
    for place, rows in enumerate(series.values()):
        for row in rows:
            for name, column in columns.items():
                column[place, int(row["ds"]) - weeks[0]] = float(row[name])
    plans = {name: _filled(columns[name]) for name in ("price", "deal", "feat")}
    first = date(1989, 9, 11) + timedelta(days=7 * (weeks[0] - 1))
    return Panel("orange juice", "W", list(series), columns["y"], first, 95, np.ones(len(series)), plans)


def _filled(plan: Numbers) -> Numbers:
    """The last known value goes on, and the first one before it."""
    for row in plan:
        known = np.flatnonzero(~np.isnan(row))
        places = np.clip(np.searchsorted(known, np.arange(row.size), side="right") - 1, 0, None)
        row[:] = row[known[places]]
    return plan


def _dated(
    name: str,
    grain: Grain,
    series: dict[str, list[dict[str, str]]],
    *,
    start: int,
    prices: dict[str, float] | None = None,
) -> Panel:
    dates = sorted({row["ds"] for rows in series.values() for row in rows})
    place = {day: at for at, day in enumerate(dates)}
    values = np.full((len(series), len(dates)), np.nan)
    for line, rows in enumerate(series.values()):
        for row in rows:
            values[line, place[row["ds"]]] = float(row["y"])
    last = date.fromisoformat(dates[0])
    first = last.replace(day=1) if grain == "M" else last - timedelta(days=6)
    worth = np.array([(prices or {}).get(key, 1.0) for key in series])
    return Panel(name, grain, list(series), values, first, start, worth)


def _prices(wanted: set[str]) -> dict[str, float]:
    """The usual price of each product, from the shop's own export; 1 for all where it is not there."""
    found: dict[str, list[float]] = defaultdict(list)
    if EXPORT.exists():
        with gzip.open(EXPORT, "rt", encoding="utf-8", errors="replace") as file:
            for row in csv.DictReader(file):
                code, price = row["StockCode"].upper(), float(row["UnitPrice"] or 0)
                if code in wanted and price > 0:
                    found[code].append(price)
    return {code: statistics.median(prices) for code, prices in found.items()}


def plain_levels(panel: Panel) -> Callable[[float], Numbers]:
    """The common rule: mean of the last 12 periods plus z standard deviations; period x series."""
    size = panel.values.shape
    means, spreads = np.full(size[::-1], np.nan), np.full(size[::-1], np.nan)
    for at in range(panel.start, size[1]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            window = panel.values[:, at - WINDOW : at]
            means[at], spreads[at] = np.nanmean(window, axis=1), np.nanstd(window, axis=1, ddof=1)
    return lambda level: PROTECTION * means + float(special.ndtri(level)) * PROTECTION**0.5 * spreads


def forecast_levels(
    panel: Panel, settings: Settings, said: Callable[[str], None]
) -> Callable[[float], Numbers]:
    """Quantiles of the forecaster's demand over the protection time, forecast anew each period."""
    size = panel.values.shape
    means, variances = np.full(size[::-1], np.nan), np.full(size[::-1], np.nan)
    kind = "counts"
    rows = {key: row for row, key in enumerate(panel.keys)}
    for at in range(panel.start, size[1]):
        known = [history for row in rows.values() if (history := panel.history(row, at, PROTECTION))]
        for one in forecast(known, horizon=PROTECTION, grain=panel.grain, settings=settings):
            means[at, rows[one.key]], variances[at, rows[one.key]] = one.sum_moments(PROTECTION)
            kind = one.kind
        said(f"{panel.name}: {at - panel.start + 1} of {size[1] - panel.start} origins")
    return lambda level: np.where(
        np.isnan(means), np.nan, quantiles(np.nan_to_num(means), np.nan_to_num(variances), level, kind)
    )


def replayed(panel: Panel, levels: Numbers, counted: NDArray[np.bool_]) -> Point:
    """One policy through all periods; ``counted`` (period x series) are those that are scored."""
    size = len(panel.keys)
    stock, coming = np.zeros(size), np.zeros(size)
    started = np.zeros(size, dtype=bool)
    wanted = sold = held = lasted = 0.0
    for at in range(panel.start, panel.values.shape[1]):
        live = counted[at]
        stock = np.where(live & ~started, levels[at], stock + coming)
        coming = np.where(live, np.maximum(levels[at] - stock, 0.0), 0.0)
        scored = live & started
        started |= live
        demand = np.where(live, panel.values[:, at], 0.0)
        given = np.minimum(stock, demand)
        worth = panel.prices * scored
        wanted, sold = wanted + float(worth @ demand), sold + float(worth @ given)
        held += float(worth @ (stock - given / 2))
        lasted += float((scored & (given >= demand)).sum())
        stock = stock - given
    cost = HOLDING / panel.periods_a_year * COST_SHARE * held + (1 - COST_SHARE) * (wanted - sold)
    scored_periods = float((np.cumsum(counted, axis=0)[counted] > 1).sum())
    return Point(sold / wanted, held / wanted, cost, lasted / scored_periods)


def cover_at(points: Sequence[Point], fill: float) -> float | None:
    """Cover at a fill rate, between the settings about it; None where the policy does not reach it."""
    known = sorted((point.fill, point.cover) for point in points)
    if known[-1][0] < fill:
        return None
    return float(np.interp(fill, [one for one, _ in known], [cover for _, cover in known]))


def compared(panel: Panel, settings: Settings, said: Callable[[str], None]) -> dict[str, list[Point]]:
    """Both policies over the same series and periods, all settings."""
    ours, plain = forecast_levels(panel, settings, said), plain_levels(panel)
    sample = ours(0.5) + plain(0.5) + panel.values.T
    counted = ~np.isnan(sample)
    return {
        "mean + z sigma": [replayed(panel, plain(level), counted) for level in LEVELS],
        "forecast": [replayed(panel, ours(level), counted) for level in LEVELS],
    }
