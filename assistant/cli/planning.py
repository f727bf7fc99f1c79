"""``quartermaster replan``: the forecast of the whole shop, now."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.app import open_books, start_logging
from assistant.cli.main import Trouble
from assistant.jobs import Outcome, run
from assistant.jobs_schedule import launch
from assistant.settings import Settings
from tools.store import Store
from tools.store.forecasts import SILENT

NICENESS = 15
LOOK_SECONDS = 1.0


def replan(settings: Settings, *, wait: bool, quick: bool) -> None:
    """Forecast every product, in the background or (``wait``) here with progress."""
    start_logging("ERROR")
    store = open_books(settings)
    if not wait:
        launch(store, quick=quick, apart=True)
        print("The forecast is under way in the background; quartermaster replan --wait follows it.")  # noqa: T201
        return
    os.nice(NICENESS)
    outcome = _with_progress(store, quick=quick)
    if outcome.state == "nothing":
        raise Trouble("there are no sales of a day that is over, so there is nothing to forecast from")
    print(_told(store, outcome))  # noqa: T201


def _with_progress(store: Store, *, quick: bool) -> Outcome:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} products"))
    shown = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
    shown.disable = not console.is_terminal
    with shown as bars:
        bar = bars.add_task("Forecasting", total=None)

        def show(done: int, total: int) -> None:
            last = "Looking back" if done == total and not quick else "Forecasting"
            bars.update(bar, completed=done, total=total, description=last)

        outcome = run(store, quick=quick, told=show)
        while outcome.state == "busy" and _under_way(store):
            time.sleep(LOOK_SECONDS)
            latest = store.forecasts.runs(1)[0]
            show(latest.done, latest.total)
    return outcome


def _under_way(store: Store) -> bool:
    latest = store.forecasts.runs(1)[0]
    silent = latest.seen_at is None or datetime.now(UTC) - latest.seen_at > SILENT
    return latest.state == "running" and not silent


def _told(store: Store, outcome: Outcome) -> str:
    latest = store.forecasts.runs(1)[0]
    if outcome.state == "busy" and latest.state != "done":
        return f"Another run ended as {latest.state}. {latest.error}".rstrip()
    seconds = (
        f" in {(latest.finished_at - latest.started_at).total_seconds():,.0f} s" if latest.finished_at else ""
    )
    return f"{latest.done:,} products forecast from sales up to {latest.cut_off}{seconds}."
