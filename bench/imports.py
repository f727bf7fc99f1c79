"""How long imports take and how much memory they need: the raw export of a real shop, a shop folder, the demo shop."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
EXPORT = SHARED / "data" / "online-retail" / "transactions.csv.gz"
FOLDER = SHARED / "eval" / "shop"
GOALS = {"raw export, 541,909 lines": "60 s, 1,000 MB", "shop folder": "10 s", "demo shop": "6 s"}


def measure(source: str) -> None:
    """Run in a process of its own, so that its peak of memory is this import's."""
    from connectors.feeds import export_shop, load, undo_import
    from connectors.feeds.sample_shop import make_sample_shop
    from tools.store import Actor, open_store

    actor, at = Actor("bench", "bench"), datetime(2026, 3, 16, 9, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as name:
        store = open_store(f"sqlite:///{name}/books.db")
        started = time.perf_counter()
        path = Path(source)
        if source == "demo":
            path = Path(name) / "demo"
            make_sample_shop(path, date(2026, 3, 16))
        report = load(store, path, actor=actor, at=at)
        loaded = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        export_shop(store, Path(name) / "out", at.date())
        exported = time.perf_counter()
        undone = undo_import(store, report.import_id or 0, actor, at)
        undo_seconds = time.perf_counter() - exported
        store.close()
    rows = sum(file.rows for file in report.files)
    told = {"state": report.state, "rows": rows, "seconds": loaded - started, "megabytes": peak}
    print(json.dumps({**told, "export": exported - loaded, "undo": undo_seconds, "undone": undone.state}))


def main() -> None:
    for name, source in (
        ("raw export, 541,909 lines", EXPORT),
        ("shop folder", FOLDER),
        ("demo shop", "demo"),
    ):
        if isinstance(source, Path) and not source.exists():
            print(f"{name}: {source} is not there; not measured")
            continue
        done = subprocess.run(
            [sys.executable, __file__, str(source)], capture_output=True, text=True, check=True
        )
        found = json.loads(done.stdout)
        print(
            f"{name}: {found['state']}, {found['rows']:,} rows in {found['seconds']:.1f} s, peak {found['megabytes']:.0f} MB"
            f" (goal {GOALS[name]}); export {found['export']:.1f} s, undo {found['undo']:.1f} s ({found['undone']})"
        )


if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
