"""The forecaster on real series, one configuration for all: its errors, its quantiles and its time.

    python bench/forecast.py [--sets carparts_monthly,m4_weekly] [--fresh] [--data FOLDER]

For each set the last windows are forecast from what came before them.  RMSSE as in M5 (from the first demand on; series
that never change are left out), WAPE over the set, SPL the mean pinball loss at eleven quantiles over the mean in-sample
step, cov95 and up95 the shares of what came within the 95 % interval and under the 95 % quantile; all averaged over the
windows.  Beside it: seasonal naive, the fixed-level rule (mean of the last 12 periods with a normal spread), AutoETS with its own
intervals, and the best single model of six in hindsight.  What was computed is kept in the temporary folder, by the
content of the forecaster's files: a second run only prints.  The goals were set for other series of the same sources.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from served import SHARED

import tools.maths.demand as demand
from tools.maths.demand import Grain, History, laws, members
from tools.maths.demand.engines import forecast_many

Numbers = NDArray[np.float64]
LEVELS = np.array([0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99])
CACHE = Path(tempfile.gettempdir()) / "quartermaster-bench-forecast"
FIGURES = ("RMSSE", "WAPE", "SPL", "cov95", "up95", "bias", "sMAPE", "MASE", "OWA")


@dataclass(frozen=True)
class Set:
    """A file of series and how it is tested; ``goals`` by figure: what must be reached, what is ambitious."""

    name: str
    file: str
    grain: Grain
    season: int
    horizon: int
    windows: int
    plans: tuple[str, ...] = ()
    goals: Mapping[str, tuple[float, float]] = field(default_factory=dict)


UP95 = {"up95": (0.92, 0.94)}
WEATHER = ("avg_max_temp", "price_regular", "price_actual", "discount", "easter_day", "good_friday", "new_year", "christmas",
           "labor_day", "independence_day", "revolution_day_memorial", "regional_games", "beer_capital", "music_fest")  # fmt: skip
SETS = (
    Set("online_retail_weekly", "online_retail_weekly", "W", 1, 8, 2, goals={"RMSSE": (1.14, 1.10), "WAPE": (0.665, 0.64), "SPL": (0.425, 0.40), **UP95}),
    Set("online_retail_daily", "online_retail_daily", "D", 7, 28, 2, goals={"RMSSE": (0.67, 0.65), "WAPE": (0.99, 0.92), **UP95}),
    Set("uci_sales_weekly", "uci_sales_weekly", "W", 1, 8, 2, goals={"RMSSE": (0.80, 0.78), "WAPE": (0.265, 0.255), "SPL": (0.218, 0.205), **UP95}),
    Set("carparts_monthly", "carparts_monthly", "M", 12, 12, 1, goals={"RMSSE": (0.59, 0.57), "SPL": (0.18, 0.17), **UP95}),
    Set("dominicks_oj_weekly", "dominicks_oj_weekly", "W", 1, 8, 2, goals=UP95),
    Set("dominicks_oj_weekly, plan", "dominicks_oj_weekly", "W", 1, 8, 2, ("price", "deal", "feat"), {"RMSSE": (0.36, 0.33), "WAPE": (0.53, 0.48), **UP95}),
    Set("stallion_monthly", "stallion_monthly", "M", 12, 6, 2, goals={"RMSSE": (0.95, 0.90), "WAPE": (0.155, 0.142), **UP95}),
    Set("stallion_monthly, plan", "stallion_monthly", "M", 12, 6, 2, WEATHER, {"RMSSE": (0.95, 0.90), "WAPE": (0.155, 0.142), **UP95}),
    Set("pharmacy_daily", "pharmacy_daily", "D", 7, 28, 4, goals=UP95),
    Set("m3_monthly", "m3_monthly", "M", 12, 18, 1, goals={"sMAPE": (13.6, 13.0), "MASE": (0.842, 0.815), **UP95}),
    Set("m4_weekly", "m4_weekly", "W", 1, 13, 1, goals={"OWA": (0.90, 0.80), **UP95}),
)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """What was known, and what came."""

    histories: list[History]
    actual: Numbers

    def past(self) -> list[Numbers]:
        """What was known of each series."""
        return [one.values for one in self.histories]


@dataclass(frozen=True)
class Answer:
    """Means (series x periods) and quantiles at LEVELS (series x periods x levels)."""

    mean: Numbers
    quantiles: Numbers


def windows_of(chosen: Set, data: Path) -> list[Window]:
    """The last windows, the latest first; rows are taken as consecutive periods."""
    frame = pd.read_csv(data / f"{chosen.file}.csv.gz", dtype={"unique_id": str})
    groups = list(frame.groupby("unique_id", sort=True))
    return [_window(groups, chosen, chosen.horizon * number) for number in range(1, chosen.windows + 1)]


def _window(groups: Sequence[tuple[str, pd.DataFrame]], chosen: Set, back: int) -> Window:
    histories, actual = [], []
    for key, rows in groups:
        values = rows["y"].to_numpy(float)
        end = len(values) - back
        plans = {name: rows[name].to_numpy(float)[: end + chosen.horizon] for name in chosen.plans}
        histories.append(History(key, values[:end], _first(str(rows["ds"].iloc[0])), plans))
        actual.append(values[end : end + chosen.horizon])
    return Window(histories, np.array(actual))


def _first(text: str) -> date:
    return date.fromisoformat(text[:10]) if "-" in text else date.min


def ours(chosen: Set, window: Window) -> Answer:
    found = forecast_many(window.histories, horizon=chosen.horizon, grain=chosen.grain)
    return Answer(
        np.array([one.mean for one in found]), np.array([one.quantiles(list(LEVELS)) for one in found])
    )


def seasonal_naive(chosen: Set, window: Window) -> Answer:
    def repeated(values: Numbers) -> Numbers:
        last = values[-chosen.season :]
        return last[np.arange(chosen.horizon) % len(last)]

    spread = [np.diff(values).std() for values in window.past()]
    return _normal(np.array([repeated(values) for values in window.past()]), np.array(spread))


def fixed_level(chosen: Set, window: Window) -> Answer:
    mean = np.array([np.full(chosen.horizon, values[-12:].mean()) for values in window.past()])
    return _normal(mean, np.array([values[-12:].std() for values in window.past()]))


def _normal(mean: Numbers, spread: Numbers) -> Answer:
    edges = laws.quantiles(mean[:, :, None], (spread**2)[:, None, None], LEVELS, "real")
    return Answer(mean, np.maximum(edges, 0))


def auto_ets(chosen: Set, window: Window) -> Answer:
    """AutoETS as the library makes it, intervals its own but held under five times the most ever seen."""
    from statsforecast.ets import ets_f, forecast_ets

    means, edges = [], []
    for values in window.past():
        tail = values[-members.LONGEST :]
        season = chosen.season if len(tail) > 2 * chosen.season else 1
        try:
            found = forecast_ets(ets_f(tail, m=season), chosen.horizon, level=[50, 80, 90, 95, 98])
        except (NotImplementedError, ValueError):
            found = {"mean": np.full(chosen.horizon, values.mean())}
            found |= {
                f"{side}-{level}": found["mean"] for side in ("lo", "hi") for level in (50, 80, 90, 95, 98)
            }
        columns = [*(found[f"lo-{level}"] for level in (98, 95, 90, 80, 50)), found["mean"]]
        columns += [found[f"hi-{level}"] for level in (50, 80, 90, 95, 98)]
        most = 5 * max(values.max(), 1)
        edges.append(np.clip(np.nan_to_num(np.array(columns).T), 0, most))
        means.append(np.clip(np.nan_to_num(found["mean"]), 0, most))
    return Answer(np.array(means), np.array(edges))


def single(name: str, chosen: Set, window: Window) -> Answer:
    if name in members.LEVELS:
        mean = members.level_forecasts(window.past(), chosen.horizon)[name]
    else:
        mean = np.array(
            [members.theta_forecast(values, chosen.season, chosen.horizon) for values in window.past()]
        )
        mean = np.where(np.isnan(mean), np.array([values.mean() for values in window.past()])[:, None], mean)
    return Answer(np.maximum(mean, 0), np.repeat(np.maximum(mean, 0)[:, :, None], len(LEVELS), axis=2))


MODELS: Mapping[str, Callable[[Set, Window], Answer]] = {
    "ours": ours, "seasonal naive": seasonal_naive, "fixed level": fixed_level, "AutoETS": auto_ets,
    **{name: partial(single, name) for name in ("SES", "ADIDA", "IMAPA", "mean", "theta")},
}  # fmt: skip
SINGLES = ("AutoETS", "SES", "ADIDA", "IMAPA", "mean", "theta")


def kept(chosen: Set, model: str, number: int, window: Window, *, fresh: bool) -> tuple[Answer, float]:
    """The answer and its CPU seconds, from the cache where its files have not changed."""
    sources = sorted(Path(demand.__file__).parent.glob("*.py")) if model == "ours" else [Path(__file__)]
    digest = hashlib.blake2b(b"".join(path.read_bytes() for path in sources), digest_size=8).hexdigest()
    path = (
        CACHE
        / f"{chosen.name.replace(', ', '-')}-{model.replace(' ', '-')}-{number}-{len(window.histories)}-{digest}.npz"
    )
    if path.is_file() and not fresh:
        found = np.load(path)
        return Answer(found["mean"], found["quantiles"]), float(found["seconds"])
    started = time.process_time()
    answer = MODELS[model](chosen, window)
    seconds = time.process_time() - started
    CACHE.mkdir(parents=True, exist_ok=True)
    np.savez(path, mean=answer.mean, quantiles=answer.quantiles, seconds=seconds)
    return answer, seconds


def from_first_demand(values: Numbers) -> Numbers:
    sold = np.flatnonzero(values)
    return values[sold[0] :] if sold.size else values[:0]


def figures(chosen: Set, answer: Answer, window: Window) -> dict[str, float]:
    error = answer.mean - window.actual
    steps = [np.diff(from_first_demand(values)) for values in window.past()]
    square = np.array([np.mean(step**2) if step.size else 0.0 for step in steps])
    plain = np.array([np.mean(np.abs(step)) if step.size else 0.0 for step in steps])
    moves = square > 0
    gap = window.actual[:, :, None] - answer.quantiles
    loss = np.maximum(LEVELS * gap, (LEVELS - 1) * gap).mean(axis=(1, 2))
    found = {
        "RMSSE": np.sqrt((error**2).mean(axis=1)[moves] / square[moves]).mean(),
        "WAPE": np.abs(error).sum() / window.actual.sum(),
        "SPL": (loss[moves] / plain[moves]).mean(),
        "cov95": (
            (window.actual >= answer.quantiles[:, :, 1]) & (window.actual <= answer.quantiles[:, :, 9])
        ).mean(),
        "up95": (window.actual <= answer.quantiles[:, :, 8]).mean(),
        "bias": answer.mean.sum() / window.actual.sum() - 1,
    }
    if chosen.name in {"m3_monthly", "m4_weekly"}:
        lag = chosen.season
        step = np.array([np.mean(np.abs(values[lag:] - values[:-lag])) for values in window.past()])
        total = np.maximum(np.abs(answer.mean) + np.abs(window.actual), 1e-9)
        found["sMAPE"] = 200 * (np.abs(error) / total).mean()
        found["MASE"] = (np.abs(error).mean(axis=1) / step).mean()
    return {name: float(value) for name, value in found.items()}


def measured(
    chosen: Set, model: str, windows: Sequence[Window], *, fresh: bool
) -> tuple[dict[str, float], float]:
    rows, seconds = [], 0.0
    for number, window in enumerate(windows):
        answer, spent = kept(chosen, model, number, window, fresh=fresh and model == "ours")
        rows.append(figures(chosen, answer, window))
        seconds += spent
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}, seconds / len(rows)


def shown(name: str, row: Mapping[str, float], seconds: float | None = None) -> str:
    cells = "".join(f"{row[one]:9.3f}" if one in row else " " * 9 for one in FIGURES)
    return f"  {name:<22}{cells}" + (f"{seconds:9.1f}" if seconds is not None else "")


def report(chosen: Set, data: Path, *, fresh: bool) -> None:
    windows = windows_of(chosen, data)
    count = len(windows[0].histories)
    print(f"\n{chosen.name}: {count} series, horizon {chosen.horizon}, {chosen.windows} window(s)")
    print(f"  {'':<22}" + "".join(f"{name:>9}" for name in FIGURES) + "    CPU s")
    rows = {name: measured(chosen, name, windows, fresh=fresh) for name in MODELS}
    base = rows["seasonal naive"][0]
    for row, _ in rows.values():
        if chosen.name == "m4_weekly":
            row["OWA"] = (row["sMAPE"] / base["sMAPE"] + row["MASE"] / base["MASE"]) / 2
    for name in ("ours", "seasonal naive", "fixed level", "AutoETS"):
        print(shown(name, *rows[name]), flush=True)
    best = min(SINGLES, key=lambda name: rows[name][0]["RMSSE"])
    print(
        shown(
            f"best single: {best}",
            {"RMSSE": rows[best][0]["RMSSE"], "WAPE": min(rows[name][0]["WAPE"] for name in SINGLES)},
        )
    )
    for number, name in enumerate(("must reach", "ambitious")):
        print(shown(name, {figure: goal[number] for figure, goal in chosen.goals.items()}))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", default=",".join(one.file for one in SETS), help="files, comma-separated")
    parser.add_argument("--fresh", action="store_true", help="compute ours again")
    parser.add_argument("--data", type=Path, default=SHARED / "data" / "forecast")
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.exit(f"{options.data} is not here: nothing to measure")
    for chosen in SETS:
        if chosen.file in options.sets.split(","):
            report(chosen, options.data, fresh=options.fresh)


if __name__ == "__main__":
    main()
