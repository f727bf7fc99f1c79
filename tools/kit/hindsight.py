"""Forecasts held against what came: the week after each run, and people's own figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from tools.kit.ask import Ask
from tools.kit.outlook import DAY, outlook_of
from tools.kit.slots import Period
from tools.maths.forecast_errors import Outcomes, figures
from tools.store import Store
from tools.store.planning_facts import ForecastOverride, ForecastRun

WEEK = timedelta(days=7)
NAIVE_WEEKS = 4
MOST_RUNS = 13
RUNS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Past:
    """One product in the week after one run: what was said, and what came."""

    sku: str
    demand_class: str
    first: date
    said: float
    low: float
    high: float
    highest: float
    usual: float
    came: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A person's figure after its days: what the model said, what they said, what came."""

    figure: ForecastOverride
    came: float

    @property
    def helped(self) -> bool:
        """Whether it was nearer to what came than the model's figure."""
        return abs(float(self.figure.quantity) - self.came) < abs(
            float(self.figure.model_quantity) - self.came
        )


def known_until(ask: Ask) -> date | None:
    """The last day that is over and whose sales are known."""
    covered = ask.store.sales.coverage()
    return None if covered is None else min(covered[1], ask.today - DAY)


def past_weeks(ask: Ask, skus: Sequence[str] | None = None, period: Period | None = None) -> list[Past]:
    """Each product in the week after each run whose week is over; one run a week, the latest first.

    Weeks in which a product was out of stock are left out: what it sold then is not what was wanted.
    """
    last = known_until(ask)
    if last is None:
        return []
    found: list[Past] = []
    for run in _runs(ask.store, last, period)[:MOST_RUNS]:
        found += _week_after(ask.store, run, skus)
    return found


def _runs(store: Store, last: date, period: Period | None) -> list[ForecastRun]:
    by_week: dict[tuple[int, int], ForecastRun] = {}
    for run in store.forecasts.runs(RUNS_LOOKED_AT):
        first = run.cut_off + DAY
        inside = period is None or (first <= period.last and run.cut_off + WEEK >= period.first)
        if run.state == "done" and run.cut_off + WEEK <= last and inside:
            by_week.setdefault(first.isocalendar()[:2], run)
    return list(by_week.values())


def _week_after(store: Store, run: ForecastRun, skus: Sequence[str] | None) -> list[Past]:
    first, last = run.cut_off + DAY, run.cut_off + WEEK
    came = _sold(store, first, last)
    covered = store.sales.coverage()
    earliest = run.cut_off - NAIVE_WEEKS * WEEK + DAY
    since = max(earliest, covered[0]) if covered else earliest
    weeks = max(((run.cut_off - since).days + 1) / 7, 1.0)
    usual = _sold(store, since, run.cut_off)
    empty = {sku for sku, _place in store.demand.empty_days(first=first, last=last, skus=skus)}
    found = []
    for one in store.forecasts.of(skus, run_id=run.id):
        if one.sku in empty or one.periods == 0:
            continue
        law = outlook_of(one).between(first, last)
        low, high, highest = (law.quantile(level) for level in (0.1, 0.9, 0.95))
        before, then = usual.get(one.sku, 0.0) / weeks, came.get(one.sku, 0.0)
        found.append(Past(one.sku, one.demand_class, first, law.mean, low, high, highest, before, then))
    return found


def _sold(store: Store, first: date, last: date) -> dict[str, float]:
    totals = store.sales.totals(first=first, last=last, by="product")
    return {total.key: max(float(total.net), 0.0) for total in totals}


def by_class(past: Sequence[Past]) -> dict[str, dict[str, Any]]:
    """Figures of all of it and of each demand class; ``usual`` is the error of "as in the last 4 weeks"."""
    groups: dict[str, list[Past]] = {"all": list(past)}
    for one in past:
        groups.setdefault(one.demand_class, []).append(one)
    return {name: _figures(rows) for name, rows in groups.items() if rows}


def _figures(rows: Sequence[Past]) -> dict[str, Any]:
    outcomes = Outcomes(
        tuple(row.demand_class for row in rows),
        np.array([[row.said] for row in rows]),
        np.array([[row.came] for row in rows]),
        np.array([row.low for row in rows]),
        np.array([row.high for row in rows]),
        np.array([row.highest for row in rows]),
    )
    came = sum(row.came for row in rows)
    usual = sum(abs(row.usual - row.came) for row in rows)
    return {**figures(outcomes), "usual": round(usual / came, 4) if came > 0 else None}


def backtested(scores: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The same figures from a run's own look back at past origins; nothing where it made none."""
    methods = scores.get("methods", {})
    ours: Mapping[str, Any] = methods.get(scores.get("usual", ""), {})
    naive: Mapping[str, Any] = methods.get("as in the last 4 weeks", {})
    return {
        name: {**found, "usual": naive.get(name, {}).get("wape")} for name, found in ours.items() if found
    }


def last_scores(store: Store) -> Mapping[str, Any]:
    """The scores of the newest complete run that made any."""
    runs = store.forecasts.runs(60)
    return next((run.scores for run in runs if run.state == "done" and run.scores), {})


def judged(ask: Ask, skus: Sequence[str] | None = None, back: timedelta = 26 * WEEK) -> list[Judged]:
    """People's figures whose days are over, withdrawn ones too, the latest first."""
    last = known_until(ask)
    if last is None:
        return []
    found = []
    figures_ = ask.store.forecasts.overrides(skus, first=last - back, last=last, withdrawn=True)
    for figure in reversed(figures_):
        if figure.last > last or (figure.withdrawn_at and figure.withdrawn_at.date() <= figure.first):
            continue
        places = None if figure.location is None else (figure.location,)
        totals = ask.store.sales.totals(
            first=figure.first, last=figure.last, skus=(figure.sku,), locations=places, by="all"
        )
        found.append(Judged(figure, float(totals[0].net) if totals else 0.0))
    return found
