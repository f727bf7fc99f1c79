"""From histories to the forecasts that are kept: weeks that agree with days, places with wholes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from math import isfinite

import numpy as np

from assistant.jobs_calendar import SHOP, ShopDays, open_share
from assistant.jobs_histories import DAY_WEEKS, Grain, Line
from tools.maths.demand import Forecast, Settings, forecast
from tools.maths.demand.agreement import agreed as add_up
from tools.maths.weeks import WEEK, Numbers, weekdays_of
from tools.store.planning_facts import StoredForecast

# Weeks that are forecast.
WEEKS = 13
# Beyond the horizon the spread of a sum grows between independent weeks (1) and one error that stays (2).
GROWTH = 1.5
# From so many weeks of history on they are forecast so far: each origin needs as much past as it looks ahead.
SHORT_HISTORY, SHORT_WEEKS = 40, 8
SHORTEST_HISTORY, SHORTEST_WEEKS = 20, 4


@dataclass(frozen=True)
class Blocks:
    """One series' forecast in 7-day blocks from the day after the cut-off."""

    line: Line
    mean: Numbers
    sum_variance: Numbers
    profile: Numbers
    made: Forecast


@dataclass(frozen=True)
class Stamp:
    """Which run made a forecast."""

    run_id: int
    version: str
    at: datetime


def horizon_for(shop: ShopDays) -> int:
    """How many weeks the models look ahead."""
    weeks = shop.days // WEEK
    if weeks < SHORTEST_HISTORY:
        return SHORTEST_WEEKS
    return SHORT_WEEKS if weeks < SHORT_HISTORY else WEEKS


@dataclass(frozen=True)
class Method:
    """How to forecast: the usual settings, and those of the demand classes that another method holds."""

    usual: Settings
    by_class: Mapping[str, Settings] = field(default_factory=dict)

    def made(self, lines: Sequence[Line], horizon: int, grain: Grain) -> list[Forecast]:
        """The forecasts of these series by the method that holds each one's class."""
        histories = [line.history for line in lines]
        found = forecast(histories, horizon=horizon, grain=grain, settings=self.usual)
        for settings in {id(one): one for one in self.by_class.values()}.values():
            theirs = {name for name, held in self.by_class.items() if held is settings}
            if any(one.demand_class in theirs for one in found):
                other = forecast(histories, horizon=horizon, grain=grain, settings=settings)
                found = [
                    new if old.demand_class in theirs else old for old, new in zip(found, other, strict=True)
                ]
        return found


def blocks_of(lines: Sequence[Line], shop: ShopDays, method: Method) -> list[Blocks]:
    """The forecasts of some series, in their order, not yet made to agree with one another."""
    found: dict[str, Blocks] = {}
    weeks = [line for line in lines if line.grain == "W"]
    days = [line for line in lines if line.grain == "D"]
    horizon = horizon_for(shop)
    for line, made in zip(weeks, method.made(weeks, horizon, "W"), strict=True):
        found[line.history.key] = _weekly(line, made)
    for line, made in zip(days, method.made(days, DAY_WEEKS * WEEK, "D"), strict=True):
        found[line.history.key] = _from_days(line, made, shop)
    return [found[line.history.key] for line in lines]


def _weekly(line: Line, made: Forecast) -> Blocks:
    return Blocks(line, *_extended(made.mean, made.sum_variance), line.profile, made)


def _extended(mean: Numbers, sums: Numbers) -> tuple[Numbers, Numbers]:
    """On to ``WEEKS`` weeks: the last rate stays, the spread of the sum grows on."""
    known = len(mean)
    more = np.arange(known + 1, WEEKS + 1)
    further = sums[-1] * (more / known) ** GROWTH
    return np.concatenate([mean, np.full(len(more), mean[-1])]), np.concatenate([sums, further])


def _from_days(line: Line, made: Forecast, shop: ShopDays) -> Blocks:
    """Days gathered into weeks; their weekday pattern is the model's own where it found one."""
    place = line.place or line.only or SHOP
    weekday = weekdays_of(len(made.mean), (shop.cut_off.weekday() + 1) % WEEK)
    days = made.mean * open_share(shop.closing_of(place).weekdays)[weekday]
    mean = days.reshape(-1, WEEK).sum(axis=1)
    plain = np.maximum(made.mean.reshape(-1, WEEK).sum(axis=1), 1e-12)
    sums = made.sum_variance[WEEK - 1 :: WEEK] * float((mean / plain).mean()) ** 2
    own = np.bincount(weekday, weights=days, minlength=WEEK)
    seasonal = made.demand_class == "seasonal" and own.sum() > 0
    profile = own / own.sum() if seasonal else line.profile
    return Blocks(line, *_extended(mean, sums), profile, made)


def agreed(blocks: Sequence[Blocks]) -> list[Blocks]:
    """Wholes and places made to agree, each moved in the measure of its variance; categories are sums."""
    found: list[Blocks] = []
    for _sku, group in groupby(blocks, key=lambda one: one.line.product.sku):
        family = list(group)
        found += family if len(family) == 1 else _agreed(family)
    return found


def _agreed(family: Sequence[Blocks]) -> list[Blocks]:
    """A whole, which stands first, and its places."""
    means = np.array([one.mean for one in family])
    variances = np.array([np.full(len(one.mean), one.sum_variance[0]) for one in family])
    together = add_up(means, variances, [-1, *([0] * (len(family) - 1))])
    return [replace(one, mean=mean) for one, mean in zip(family, together, strict=True)]


def stored(blocks: Sequence[Blocks], shop: ShopDays, stamp: Stamp) -> list[StoredForecast]:
    """As they are kept: the whole, and each known place."""
    found = []
    for one in blocks:
        place = one.line.place
        if place == SHOP:
            continue
        row = _row(one, place, shop, stamp)
        found.append(row)
        if one.line.only:
            found.append(replace(row, location=one.line.only))
    return found


def _row(one: Blocks, place: str | None, shop: ShopDays, stamp: Stamp) -> StoredForecast:
    made, line = one.made, one.line
    return StoredForecast(
        sku=line.product.sku,
        location=place,
        run_id=stamp.run_id,
        cut_off=shop.cut_off,
        version=stamp.version,
        made_at=stamp.at,
        model=made.model,
        demand_class=made.demand_class,
        law=made.kind,
        weekly=tuple(map(float, one.mean)),
        sum_variance=tuple(map(float, one.sum_variance)),
        profile=tuple(map(float, one.profile)),
        periods=line.periods,
        note=_note(line, made),
        scores=_scores(made),
    )


def _note(line: Line, made: Forecast) -> str:
    if line.periods == 0:
        return "never sold yet"
    if made.demand_class == "new":
        return f"{line.periods} week{'' if line.periods == 1 else 's'} of history"
    return "" if made.note.endswith("periods of history") else made.note


def _scores(made: Forecast) -> dict[str, float | int]:
    if made.errors is None:
        return {}
    figures = {"rmsse": made.errors.rmsse, "bias": made.errors.bias}
    kept = {name: round(value, 4) for name, value in figures.items() if isfinite(value)}
    return {**kept, "windows": made.errors.windows}
