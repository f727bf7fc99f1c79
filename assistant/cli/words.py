"""``quartermaster words`` and ``forget``: reading what customers said, and deleting what one of them said."""

from __future__ import annotations

import os

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from assistant.app import open_books, start_logging
from assistant.cli.main import Trouble
from assistant.jobs_mining import Outcome, read_new
from assistant.mining_reader import MinerReader, learn_from_corrections
from assistant.settings import Settings
from tools.kit.words import plural
from tools.store import Actor, Store

NICENESS = 15
ACTOR = Actor("terminal", "terminal")


def read_words(settings: Settings) -> None:
    """Read every text that was not read yet, here, with progress."""
    start_logging("ERROR")
    store = open_books(settings)
    if not store.said.figures().remarks:
        raise Trouble("no customers' words are on record yet; import reviews or a feedback.csv first")
    outcome = _with_progress(store)
    if outcome.busy:
        raise Trouble("another process is reading them already")
    figures = store.said.figures()
    doubts = f"; {plural(figures.doubtful, 'thing')} to look at on the page /said" if figures.doubtful else ""
    print(f"{plural(outcome.read, 'text')} read of {figures.remarks:,}{doubts}.")  # noqa: T201


def retrain_words(settings: Settings) -> None:
    """Train with what people put right on the page, and say whether the state was taken."""
    start_logging("ERROR")
    os.nice(NICENESS)
    verdict = learn_from_corrections(open_books(settings))
    before, after = verdict.own
    told = f", right on your own texts {before:.0%} before and {after:.0%} after" if verdict.held_out else ""
    outcome = "Taken" if verdict.accepted else "Not taken"
    print(f"{outcome}: {verdict.reason} ({plural(verdict.texts, 'corrected text')}{told}).")  # noqa: T201


def _with_progress(store: Store) -> Outcome:
    console = Console(stderr=True)
    columns = (TextColumn("Reading"), BarColumn(), TextColumn("{task.completed:,.0f} texts"))
    shown = Progress(*columns, console=console, transient=True)
    shown.disable = not console.is_terminal
    with shown as bars:
        bar = bars.add_task("", total=None)

        def told(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        return read_new(store, MinerReader.load(store), told)


def forget(settings: Settings, customer: str, *, yes: bool) -> None:
    """Delete everything that a customer said."""
    store = open_books(settings)
    found = store.said.of_customer(customer)
    if not found and not yes:
        raise Trouble(f"nothing is kept that {customer} said; --yes also keeps it out from now on")
    if not yes:
        first, last = found[0].at.date(), found[-1].at.date()
        told = f"{plural(len(found), 'text')} of {customer}, {first} to {last}"
        raise Trouble(f"{told}, would go for good; say --yes to delete them")
    gone = store.said.forget(customer, ACTOR, store.clock())
    print(  # noqa: T201
        f"{plural(gone, 'text')} deleted, with all that was read from them; what {customer} had said until "
        "now does not come in again. Orders, sales and the chat's own log are not touched."
    )
