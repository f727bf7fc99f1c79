"""``import``, ``export`` and ``train``: files in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from assistant.alerts import import_told
from assistant.app import open_books, start_logging
from assistant.cli.main import Trouble
from assistant.codec import plain_json
from assistant.settings import Settings
from tools.store import Actor, open_store

ACTOR = Actor("terminal", "terminal")


def import_data(settings: Settings, path: Path, options: dict[str, Any], *, as_json: bool) -> None:
    """Load files with a progress bar; print the report; fail when nothing could be loaded."""
    from connectors.feeds import ImportProgress, load

    start_logging("ERROR")
    store = open_books(settings)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("Reading", total=None)

        def show(progress: ImportProgress) -> None:
            bars.update(bar, description=progress.stage, completed=progress.rows, total=progress.total)

        report = load(store, path, actor=ACTOR, at=store.clock(), progress=show, **options)
    if not options.get("dry_run"):
        import_told(store, path.name, refused=report.state == "refused")
    if as_json:
        import json

        print(json.dumps(plain_json(report.to_json()), ensure_ascii=False))  # noqa: T201
    else:
        print(report.summary())  # noqa: T201
    if report.state == "refused":
        raise Trouble("nothing was imported; mend the rows above or load the good ones with --keep-good")


def undo_import_data(settings: Settings, import_id: int) -> None:
    """Take one import back and say what that did."""
    from connectors.feeds import undo_import

    clock = settings.clock()
    store = open_store(settings.url(), clock=clock)
    report = undo_import(store, import_id, ACTOR, clock())
    print(report.summary())  # noqa: T201
    if report.state != "undone":
        raise Trouble("nothing was changed")


def export_data(settings: Settings, folder: Path) -> None:
    """Write the shop folder and say what is in it."""
    from connectors.feeds import export_shop

    clock = settings.clock()
    store = open_store(settings.url(), clock=clock)
    print(export_shop(store, folder, clock().date()).summary())  # noqa: T201


def train_classifier(train: Path, evaluate: Path) -> dict[str, Any]:
    """Scores of the classifier trained on one file and asked about another."""
    from intents.evaluate import train_and_evaluate

    for path in (train, evaluate):
        if not path.is_file():
            raise Trouble(f"there is no file {path}")
    return train_and_evaluate(train, evaluate)
