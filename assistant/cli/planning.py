"""``quartermaster replan``: the forecast of the whole shop, now, and how good it has been."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from assistant.app import open_books, start_logging
from assistant.cli.main import Trouble
from assistant.jobs import Outcome, run
from assistant.jobs_schedule import launch
from assistant.settings import Settings
from tools.kit import Ask
from tools.kit.scorecard import Scorecard, scorecard
from tools.kit.words import money
from tools.store import Store, User
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


def show_scorecard(settings: Settings) -> None:
    """How good the forecasts were, what service was promised and reached, what lies in stock."""
    store = open_books(settings)
    ask = Ask(store, User(None, "terminal", "owner"), store.clock(), channel="terminal")
    if store.forecasts.latest() is None:
        raise Trouble("no forecast was made yet; quartermaster replan --wait makes one")
    card = scorecard(ask)
    print(f"Four weeks from {card.first} to {card.last}")  # noqa: T201
    console = Console()
    console.print(_accuracy(card), _service(card))
    for line in _figures(card, store.catalogue().currency):
        print(line)  # noqa: T201


def _accuracy(card: Scorecard) -> Table:
    table = Table("Demand", "Forecasts", "Off by", "As in the last 4 weeks", "Too high or low", "Range held")
    table.title = "Looked back at earlier days" if card.looked_back else "The week after each forecast"
    for name, row in card.accuracy.items():
        cells = (_share(row.get(key)) for key in ("wape", "usual", "bias", "inside"))
        table.add_row(name, str(row["series"]), *cells)
    return table


def _service(card: Scorecard) -> Table:
    table = Table("Class", "Products", "Promised", "Weeks without running out")
    for one in card.service:
        table.add_row(one.kind, str(one.products), _share(one.promised), _share(one.reached))
    return table


def _figures(card: Scorecard, currency: str) -> list[str]:
    missed, waste, held, asleep = (
        money(one, currency) for one in (card.missed, card.waste, card.in_stock, card.asleep)
    )
    methods = ", ".join(f"{name}: {method}" for name, method in card.methods.items())
    nearer = sum(one.helped for one in card.people)
    return [
        f"Out of stock now: {card.out_now}; {card.empty_days} product-days, about {missed} not sold",
        f"Written off: {waste}; in stock: {held}, of it {asleep} beyond half a year's demand",
        f"People's figures nearer than the model: {nearer} of {len(card.people)}",
        f"Demand left its forecast: {len(card.drifting)} products",
        f"Methods by class: {methods or 'the usual one everywhere'}",
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
