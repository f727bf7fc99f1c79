"""The forecaster held against what came: each night from past origins, method against method, class by class.

A challenger takes a demand class over where it was clearly better on two nights running; one lucky night
changes nothing (choosing by few errors is measured to lose).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

import numpy as np

from assistant.jobs_calendar import ShopDays
from assistant.jobs_forecasting import Method, horizon_for
from assistant.jobs_histories import Line, lines_of
from tools.maths.demand import Forecast, History, Settings, forecast
from tools.maths.forecast_errors import Outcomes, drifting, figures
from tools.maths.weeks import WEEK
from tools.store import Product, Store

METHODS: Mapping[str, Settings] = {
    "combination": Settings(boost=False),
    "boosted combination": Settings(boost=True),
    "combination without covariates": Settings(boost=False, covariates=False),
}
NAIVE = "as in the last 4 weeks"
ORIGINS = 2
AHEAD = 4
MOST_SCORED = 1000
# A series needs so many weeks before the earliest origin.
FEWEST_WEEKS = 8
CLEARLY = 0.97
FEWEST_SERIES = 30
MOST_FLAGS = 50

Alive = Callable[[], object]


def usual_method() -> str:
    """The method that holds a class which nothing else took over."""
    return "boosted combination" if find_spec("lightgbm") and find_spec("mlforecast") else "combination"


def scored(store: Store, shop: ShopDays, products: Sequence[Product], *, alive: Alive) -> dict[str, Any]:
    """The scores of a run: each method by class, who holds which class, which products drift."""
    step = -(-len(products) // MOST_SCORED) or 1
    lines = lines_of(store, shop, products[::step], horizon=horizon_for(shop), by_day=False)
    needed = FEWEST_WEEKS + ORIGINS * AHEAD
    lines = [line for line in lines if line.place is None and line.periods >= needed]
    if not lines:
        return {}
    horizon = horizon_for(shop)
    names = _methods(lines)
    alive()
    found: dict[str, Outcomes] = {}
    for name in names:
        found[name] = _outcomes(lines, horizon, METHODS[name])
        alive()
    found[NAIVE] = _naive(lines, found[names[0]])
    methods = {name: _by_class(outcomes) for name, outcomes in found.items()}
    return {
        "origins": [str(shop.cut_off - timedelta(days=WEEK * AHEAD * back)) for back in (1, 2)],
        "weeks": AHEAD,
        "methods": methods,
        **crowns(store, methods, names[0]),
        "drifting": _flags(lines, found[names[0]]),
    }


def held_method(store: Store) -> Method:
    """The method of each class, as the latest scores have it."""
    champions: Mapping[str, str] = last_scores(store).get("champions", {})
    by_class = {name: METHODS[method] for name, method in champions.items() if method in METHODS}
    return Method(METHODS[usual_method()], by_class)


def _methods(lines: Sequence[Line]) -> list[str]:
    """The usual method first, then those that can differ from it here."""
    names = [usual_method()]
    if names[0] != "combination":
        names.append("combination")
    if any(line.history.covariates for line in lines):
        names.append("combination without covariates")
    return names


def _outcomes(lines: Sequence[Line], horizon: int, settings: Settings) -> Outcomes:
    """What was said at each origin, and what came: one row for each series and origin."""
    parts = []
    for back in range(1, ORIGINS + 1):
        past = [_before(line.history, back * AHEAD, horizon) for line in lines]
        made = forecast(past, horizon=horizon, grain="W", settings=settings)
        came = np.array([_then(line.history, back * AHEAD) for line in lines])
        parts.append(_said(made, came))
    return Outcomes.together(parts)


def _before(history: History, back: int, horizon: int) -> History:
    values = history.values[:-back]
    kept = {name: numbers[: len(values) + horizon] for name, numbers in history.covariates.items()}
    return replace(history, values=values, covariates=kept)


def _then(history: History, back: int) -> Any:
    start = len(history.values) - back
    return history.values[start : start + AHEAD]


def _said(made: Sequence[Forecast], came: Any) -> Outcomes:
    return Outcomes(
        classes=tuple(one.demand_class for one in made),
        said=np.array([one.mean[:AHEAD] for one in made]),
        came=came,
        low=np.array([one.sum_quantile(0.1, AHEAD) for one in made]),
        high=np.array([one.sum_quantile(0.9, AHEAD) for one in made]),
        highest=np.array([one.sum_quantile(0.95, AHEAD) for one in made]),
    )


def _naive(lines: Sequence[Line], like: Outcomes) -> Outcomes:
    levels = [
        float(np.nanmean(part)) if (~np.isnan(part)).any() else 0.0
        for back in range(1, ORIGINS + 1)
        for line in lines
        for part in [line.history.values[: -back * AHEAD][-AHEAD:]]
    ]
    said = np.repeat(np.array(levels)[:, None], AHEAD, axis=1)
    nothing = np.full(len(levels), np.nan)
    return replace(like, said=said, low=nothing, high=nothing, highest=nothing)


def _by_class(outcomes: Outcomes) -> dict[str, Any]:
    names = sorted(set(outcomes.classes))
    return {"all": figures(outcomes)} | {name: figures(outcomes.of(name)) for name in names}


def crowns(store: Store, methods: Mapping[str, Any], usual: str) -> dict[str, Any]:
    """Who holds each class, and who was clearly better tonight."""
    last = last_scores(store)
    holders: dict[str, str] = dict(last.get("champions", {}))
    before: Mapping[str, str] = last.get("challengers", {})
    challengers = {}
    for name in (key for key in methods[usual] if key != "all"):
        holder = holders.get(name, usual)
        best = _better(methods, name, holder if holder in methods else usual)
        if best and before.get(name) == best:
            holders[name] = best
        elif best:
            challengers[name] = best
    champions = {name: method for name, method in holders.items() if method != usual and method in METHODS}
    return {"usual": usual, "champions": champions, "challengers": challengers}


def _better(methods: Mapping[str, Any], name: str, holder: str) -> str:
    now = methods[holder].get(name, {})
    if now.get("series", 0) < FEWEST_SERIES or not now.get("wape"):
        return ""
    rivals = {
        method: found[name]["wape"]
        for method, found in methods.items()
        if method not in (holder, NAIVE) and found.get(name, {}).get("wape") is not None
    }
    best = min(rivals, key=lambda method: float(rivals[method]), default="")
    return best if best and rivals[best] <= CLEARLY * now["wape"] else ""


def last_scores(store: Store) -> Mapping[str, Any]:
    """The scores of the newest complete run that made any."""
    done = (one for one in store.forecasts.runs(60) if one.state == "done" and one.scores)
    return next((one.scores for one in done), {})


def _flags(lines: Sequence[Line], outcomes: Outcomes) -> list[dict[str, Any]]:
    """Products of which clearly more or less is wanted than was said, those that weigh most first."""
    by_row = {row: way for row, way in enumerate(drifting(outcomes, len(lines))) if way}
    weight: dict[int, float] = defaultdict(float)
    for row in by_row:
        off = np.nansum(np.abs(outcomes.said[row :: len(lines)] - outcomes.came[row :: len(lines)]))
        weight[row] = float(off) * float(lines[row].product.price or 1)
    first = sorted(by_row, key=lambda row: -weight[row])[:MOST_FLAGS]
    return [{"sku": lines[row].product.sku, "way": by_row[row]} for row in first]
