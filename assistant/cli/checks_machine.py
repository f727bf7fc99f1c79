"""Doctor's look at the machine: folder, disk, clock, time zone."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from assistant.cli.faults import fault
from assistant.settings import Settings
from tools.store import Finding

FULL_BYTES = 100 * 1024**2
LOW_BYTES = 1024**3
# Slack refuses what is signed 5 minutes off; a minute is time enough to mend it.
MOST_SECONDS_OFF = 60


def check_machine(settings: Settings) -> Iterator[Finding]:
    """What can be told without the books and without a network."""
    yield _folder(settings.data)
    yield from _disk(settings)
    if settings.now is not None:
        yield fault("clock.frozen", at=settings.now.isoformat(timespec="minutes"))
    yield _zone(settings)


def check_clock(seconds: float | None, who: str) -> Iterator[Finding]:
    """Whether our clock is that of whoever dated an answer; ``seconds`` is how far ours is ahead."""
    if seconds is None:
        return
    if abs(seconds) <= MOST_SECONDS_OFF:
        yield Finding(True, f"The clock agrees with {who}'s")
    else:
        way = "ahead of" if seconds > 0 else "behind"
        yield fault("clock.off", seconds=f"{abs(seconds):.0f}", way=way, who=who)


def _folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
    except OSError as error:
        return fault("folder", folder=folder, why=error.strerror or error)
    return Finding(True, f"The folder {folder} can be written")


def _disk(settings: Settings) -> Iterator[Finding]:
    for folder in sorted({settings.data, *_books_folder(settings.database_url)}):
        if not folder.is_dir():
            continue
        free = shutil.disk_usage(folder).free
        told = f"{free / 1024**2:,.0f} MB" if free < LOW_BYTES else f"{free / 1024**3:,.0f} GB"
        if free < LOW_BYTES:
            yield fault("disk.full" if free < FULL_BYTES else "disk.low", free=told, folder=folder)
        else:
            yield Finding(True, f"{told} are free at {folder}")


def _books_folder(url: str) -> list[Path]:
    if not url.startswith("sqlite"):
        return []
    database = make_url(url).database
    return [Path(database).resolve().parent] if database else []


def _zone(settings: Settings) -> Finding:
    here = datetime.now().astimezone()
    shop = here.astimezone(settings.zone)
    guessed = "time_zone" not in settings.model_fields_set
    # A server that runs on UTC says nothing about where the shop is.
    if guessed and here.utcoffset() and here.utcoffset() != shop.utcoffset():
        machine = os.environ.get("TZ") or here.tzname()
        return fault("zone.guessed", zone=settings.time_zone, machine=machine)
    return Finding(True, f"Days begin and end by {settings.time_zone}")
