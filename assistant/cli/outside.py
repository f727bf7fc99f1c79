"""``quartermaster outside``: weather and other numbers that may explain demand, in and out."""

from __future__ import annotations

from pathlib import Path

from assistant.app import open_books
from assistant.cli.main import Trouble
from assistant.settings import Settings
from tools.store import Actor, BooksError, Store

ACTOR = Actor("terminal", "terminal")


def outside_numbers(settings: Settings, path: Path | None, drop: str) -> None:
    """Load a file or folder, drop a series, or list what there is."""
    store = open_books(settings)
    if drop:
        gone = store.outside.drop(drop, actor=ACTOR, at=store.clock())
        if not gone:
            raise Trouble(f"there is no series called {drop!r}; quartermaster outside lists them")
        print(f"Dropped {drop}: {gone:,} numbers.")  # noqa: T201
    elif path is not None:
        _load(store, path)
    else:
        _list(store)


def _load(store: Store, path: Path) -> None:
    from connectors.feeds.outside import read_outside
    from connectors.feeds.report import FeedError

    try:
        found = read_outside(path)
        store.outside.keep(dict(found), actor=ACTOR, at=store.clock())
    except (FeedError, BooksError) as error:
        raise Trouble(f"nothing was kept: {error}") from error
    except OSError as error:
        raise Trouble(f"can't read {path}: {error.strerror or error}") from error
    for name, numbers in sorted(found.items()):
        days = [number[0] for number in numbers]
        print(f"{name}: {len(numbers):,} numbers, {min(days)} to {max(days)}")  # noqa: T201
    print("They are used where they win the backtest of the next forecast, and are known for its days.")  # noqa: T201


def _list(store: Store) -> None:
    found = store.outside.series()
    for one in found:
        print(f"{one.name}: {one.numbers:,} numbers, {one.first} to {one.last}")  # noqa: T201
    if not found:
        print("No series from outside. quartermaster outside FILE.csv loads some (docs/data-in.md).")  # noqa: T201
